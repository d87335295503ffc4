//! The feed of news, one for all tabs of a browser: the visible tab that holds the lock has the stream open and passes on
//! what it hears. A browser has six connections to a host that speaks HTTP/1.1, and each open stream takes one for good.
//!
//! A tab that is hidden hears nothing and holds nothing; shown again, it takes everything as news. Browsers without locks
//! (pages over plain HTTP from another machine) have a stream for each visible tab.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use js_sys::{Function, Promise, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{AbortController, BroadcastChannel, EventSource, MessageEvent};

use super::{Feed, Live};

/// The name of the lock and of the channel between tabs.
const NAME: &str = "countersign.live";
/// How long after a stream that the browser gave up on the next one is tried, milliseconds.
const AGAIN_MS: u64 = 2_000;
/// Shortest time between two refreshes by news, milliseconds.
const PACE_MS: u64 = 1_000;
/// The events of the stream that are news.
const NEWS: [&str; 3] = ["head", "exchange", "config"];

/// This tab's part in it.
struct Tab {
    live: Live,
    channel: Option<BroadcastChannel>,
    /// The stream, while this tab has it.
    source: RefCell<Option<EventSource>>,
    /// Withdraws from the queue for the lock.
    queued: RefCell<Option<AbortController>>,
    /// Gives the lock back.
    release: RefCell<Option<Function>>,
    /// A refresh of everything, and of what exchanges change, is under way.
    pending: Cell<bool>,
    pending_exchange: Cell<bool>,
}

/// Listens for as long as the page lives.
pub(super) fn open(live: Live) {
    let tab = Rc::new(Tab {
        live,
        channel: BroadcastChannel::new(NAME).ok(),
        source: RefCell::default(),
        queued: RefCell::default(),
        release: RefCell::default(),
        pending: Cell::new(false),
        pending_exchange: Cell::new(false),
    });
    if let Some(channel) = &tab.channel {
        let hears = Rc::clone(&tab);
        let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(text) = event.data().as_string() {
                hears.told(&text);
            }
        });
        channel.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        on_message.forget();
    }
    let turns = Rc::clone(&tab);
    let on_turn = Closure::<dyn Fn()>::new(move || {
        if document().hidden() {
            turns.leave();
        } else {
            turns.enter();
            turns.bump(true);
        }
    });
    let _ = document().add_event_listener_with_callback("visibilitychange", on_turn.as_ref().unchecked_ref());
    on_turn.forget();
    if !document().hidden() {
        tab.enter();
    }
}

impl Tab {
    /// Gets in line for the stream, and asks who has it.
    fn enter(self: &Rc<Self>) {
        if self.queued.borrow().is_some() || self.source.borrow().is_some() {
            return;
        }
        if self.wait_for_lock().is_none() {
            self.listen();
        } else {
            self.tell("ask");
        }
    }

    /// Gives up the stream, or the place in line.
    fn leave(&self) {
        if let Some(source) = self.source.take() {
            source.close();
        }
        if let Some(release) = self.release.take() {
            let _ = release.call0(&JsValue::NULL);
        }
        if let Some(queued) = self.queued.take() {
            queued.abort();
        }
    }

    /// `None`: this browser has no locks here.
    fn wait_for_lock(self: &Rc<Self>) -> Option<()> {
        let locks = Reflect::get(&window().navigator(), &"locks".into()).ok().filter(JsValue::is_object)?;
        let request: Function = Reflect::get(&locks, &"request".into()).ok()?.dyn_into().ok()?;
        let abort = AbortController::new().ok()?;
        let options = js_sys::Object::new();
        Reflect::set(&options, &"signal".into(), &abort.signal()).ok()?;
        let tab = Rc::clone(self);
        let granted = Closure::once_into_js(move |_lock: JsValue| -> JsValue {
            if document().hidden() {
                return JsValue::UNDEFINED;
            }
            tab.listen();
            // Held until it is released, or the page goes.
            Promise::new(&mut |resolve, _| {
                tab.release.replace(Some(resolve.unchecked_into()));
            })
            .into()
        });
        let asked =
            Reflect::apply(&request, &locks, &js_sys::Array::of3(&NAME.into(), &options, &granted)).ok()?;
        // Withdrawing is no error.
        let catch: Function = Reflect::get(&asked, &"catch".into()).ok()?.dyn_into().ok()?;
        let withdrawn = Closure::once_into_js(|_: JsValue| ());
        let _ = Reflect::apply(&catch, &asked, &js_sys::Array::of1(&withdrawn));
        self.queued.replace(Some(abort));
        Some(())
    }

    /// Opens the stream.
    fn listen(self: &Rc<Self>) {
        let Ok(source) = EventSource::new("/live") else { return };
        for name in NEWS {
            let tab = Rc::clone(self);
            on(&source, name, move || tab.say(name));
        }
        let tab = Rc::clone(self);
        on(&source, "hello", move || {
            // Taken over from another tab: what came in between was heard by nobody.
            let took_over = tab.live.feed.get_untracked() == Feed::Open;
            tab.say("open");
            if took_over {
                tab.say("exchange");
            }
        });
        let tab = Rc::clone(self);
        on(&source, "bye", move || tab.say("out"));
        let tab = Rc::clone(self);
        let failing = source.clone();
        on(&source, "error", move || {
            let is_ours = tab.source.borrow().as_ref() == Some(&failing);
            if !is_ours {
                return;
            }
            tab.say("lost");
            if failing.ready_state() == EventSource::CLOSED {
                let (tab, failed) = (Rc::clone(&tab), failing.clone());
                super::later(AGAIN_MS, move || {
                    let is_ours = tab.source.borrow().as_ref() == Some(&failed);
                    if is_ours {
                        tab.listen();
                    }
                });
            }
        });
        if let Some(old) = self.source.replace(Some(source)) {
            old.close();
        }
    }

    /// Takes something from the stream for this tab and all others.
    fn say(self: &Rc<Self>, text: &str) {
        self.tell(text);
        self.told(text);
    }

    fn tell(&self, text: &str) {
        if let Some(channel) = &self.channel {
            let _ = channel.post_message(&text.into());
        }
    }

    fn told(self: &Rc<Self>, text: &str) {
        let before = self.live.feed.get_untracked();
        match text {
            "ask" => {
                let has_it =
                    self.source.borrow().as_ref().is_some_and(|s| s.ready_state() == EventSource::OPEN);
                if has_it && before == Feed::Open {
                    self.tell("open");
                }
            }
            "open" => {
                self.live.feed.set(Feed::Open);
                // What came while nobody listened.
                if matches!(before, Feed::Lost | Feed::Out) {
                    self.bump(true);
                }
                if !document().hidden() {
                    self.enter();
                }
            }
            "lost" if before != Feed::Out => self.live.feed.set(Feed::Lost),
            "out" => {
                self.live.feed.set(Feed::Out);
                self.leave();
            }
            "exchange" => self.bump(true),
            "head" | "config" => self.bump(false),
            _ => {}
        }
    }

    /// Counts news, at most once a second; `exchange`: exchanges are among them.
    fn bump(self: &Rc<Self>, exchange: bool) {
        self.pending_exchange.set(self.pending_exchange.get() || exchange);
        if self.pending.replace(true) {
            return;
        }
        let tab = Rc::clone(self);
        super::later(PACE_MS, move || {
            tab.pending.set(false);
            // Whoever is signed out has nothing to ask for.
            if tab.live.feed.get_untracked() == Feed::Out {
                return;
            }
            if tab.pending_exchange.replace(false) {
                tab.live.exchanges.update(|count| *count = count.wrapping_add(1));
            }
            tab.live.news.update(|count| *count = count.wrapping_add(1));
        });
    }
}

fn on(source: &EventSource, name: &str, act: impl Fn() + 'static) {
    let act = Closure::<dyn Fn()>::new(act);
    let _ = source.add_event_listener_with_callback(name, act.as_ref().unchecked_ref());
    // A stream lives as long as its page, or is reopened a few times: what is kept is small.
    act.forget();
}
