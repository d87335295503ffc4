//! The detector in its worker: texts and files go in, what was found comes out. Only pages that need it start one.
//!
//! Promises: the page never waits for it; of many texts only the newest waits; when it cannot be loaded, or stops, it says so
//! once. Never: sends anything to a server.

use std::sync::Arc;

use countersign_model::trial::{FileTrial, Trial};
use leptos::prelude::*;

#[cfg(feature = "hydrate")]
use self::browser::Worker;
#[cfg(not(feature = "hydrate"))]
use self::still::Worker;
use super::files;

/// What the worker says.
#[cfg_attr(not(feature = "hydrate"), expect(dead_code, reason = "only the browser has a worker"))]
pub(crate) enum Said {
    /// It listens.
    Ready,
    /// Of the text of this turn.
    Text { turn: u32, micros: u64, trial: Trial, masked: Option<String> },
    /// So many bytes of the file of this turn are done.
    Progress { turn: u32, done: u64 },
    /// Of the file of this turn: its masked text, up to some length, and all of it to save.
    File { turn: u32, micros: u64, trial: FileTrial, saved: Arc<files::Saved>, bytes: u64, text: String },
    /// The file of this turn has no outcome, and why.
    Refused { turn: u32, why: String },
    /// It could not be loaded, or it stopped; nothing more will come.
    Lost(String),
}

/// A worker; it ends with the page that started it.
#[derive(Clone, Copy)]
pub(crate) struct Detector(StoredValue<Option<Worker>, Storage>);

/// A browser's things stay in their thread; a server's page may be dropped by any.
#[cfg(feature = "hydrate")]
type Storage = LocalStorage;
#[cfg(not(feature = "hydrate"))]
type Storage = SyncStorage;

impl Detector {
    /// None yet.
    pub(crate) fn new() -> Self {
        Self(StoredValue::new_with_storage(None))
    }

    /// Starts it; what it says goes to `hear`. For effects, which only a browser runs.
    pub(crate) fn start(self, hear: impl Fn(Said) + Clone + 'static) {
        match Worker::start(hear.clone()) {
            Ok(worker) => self.0.set_value(Some(worker)),
            Err(why) => hear(Said::Lost(why)),
        }
    }

    /// Asks about a text.
    pub(crate) fn text(self, turn: u32, text: &str) {
        self.post(|worker| worker.text(turn, text));
    }

    /// Asks about a file; one that is under way is given up.
    pub(crate) fn file(self, turn: u32, chosen: &files::Chosen) {
        self.post(|worker| worker.file(turn, chosen));
    }

    /// Gives up the file that is under way.
    pub(crate) fn stop(self) {
        self.post(Worker::stop);
    }

    fn post(self, act: impl FnOnce(&Worker)) {
        let _ = self.0.try_with_value(|worker| worker.as_ref().map(act));
    }
}

/// There is none on the server.
#[cfg(not(feature = "hydrate"))]
mod still {
    use super::{Said, files};

    pub(super) enum Worker {}

    impl Worker {
        pub(super) fn start(hear: impl Fn(Said) + Clone + 'static) -> Result<Self, String> {
            drop(hear);
            Err("servers have none".to_owned())
        }

        pub(super) fn text(&self, _: u32, _: &str) {
            match *self {}
        }

        pub(super) fn file(&self, _: u32, _: &files::Chosen) {
            match *self {}
        }

        pub(super) fn stop(&self) {
            match *self {}
        }
    }
}

#[cfg(feature = "hydrate")]
mod browser {
    use std::{cell::RefCell, rc::Rc, sync::Arc};

    use countersign_model::trial::post;
    use js_sys::Array;
    use leptos::prelude::window;
    use serde_json::from_str;
    use wasm_bindgen::{JsCast, JsValue, closure::Closure};
    use wasm_bindgen_futures::JsFuture;

    use super::{Said, files};
    use crate::context::facts;

    /// A running worker. Dropping it ends it.
    pub(super) struct Worker {
        runs: web_sys::Worker,
        /// Messages that wait for the module, which is the first one; `None`: it was sent.
        waiting: Rc<RefCell<Option<Vec<Array>>>>,
        /// What it calls.
        _heard: Closure<dyn Fn(web_sys::MessageEvent)>,
        _failed: Closure<dyn Fn(web_sys::Event)>,
    }

    impl Worker {
        pub(super) fn start(hear: impl Fn(Said) + Clone + 'static) -> Result<Self, String> {
            let files = facts().detector.clone();
            if files.script.is_empty() {
                return Err("this server was built without it".to_owned());
            }
            let options = web_sys::WorkerOptions::new();
            options.set_type(web_sys::WorkerType::Module);
            let worker = web_sys::Worker::new_with_options(&files.script, &options)
                .map_err(|_| "this browser starts no module workers".to_owned())?;
            let says = hear.clone();
            let heard = Closure::<dyn Fn(_)>::new(move |event: web_sys::MessageEvent| {
                if let Some(said) = event.data().dyn_ref::<Array>().and_then(read) {
                    says(said);
                }
            });
            worker.set_onmessage(Some(heard.as_ref().unchecked_ref()));
            let says = hear.clone();
            let failed = Closure::<dyn Fn(_)>::new(move |event: web_sys::Event| {
                event.prevent_default();
                // A script that did not come has an event without words; the words of a fault may hold text.
                let ran = event.dyn_ref::<web_sys::ErrorEvent>().is_some();
                says(Said::Lost(if ran { "it stopped" } else { "its script did not come" }.to_owned()));
            });
            worker.set_onerror(Some(failed.as_ref().unchecked_ref()));
            let waiting = Rc::new(RefCell::new(Some(Vec::<Array>::new())));
            let (to, waited) = (worker.clone(), Rc::clone(&waiting));
            leptos::task::spawn_local(async move {
                let sent = match module(&files.module).await {
                    Ok(module) => to.post_message(&module).is_ok(),
                    Err(_) => false,
                };
                if !sent {
                    hear(Said::Lost("its module did not come".to_owned()));
                }
                for message in waited.take().into_iter().flatten() {
                    let _ = to.post_message(&message);
                }
            });
            Ok(Self { runs: worker, waiting, _heard: heard, _failed: failed })
        }

        pub(super) fn text(&self, turn: u32, text: &str) {
            self.post(post::TEXT, turn, &text.into());
        }

        pub(super) fn file(&self, turn: u32, chosen: &files::Chosen) {
            self.post(post::FILE, turn, chosen.file());
        }

        pub(super) fn stop(&self) {
            self.post(post::STOP, 0, &JsValue::NULL);
        }

        fn post(&self, kind: &str, turn: u32, what: &JsValue) {
            let message = Array::of3(&kind.into(), &turn.into(), what);
            match &mut *self.waiting.borrow_mut() {
                Some(waiting) => waiting.push(message),
                // Text and files can always be sent.
                None => drop(self.runs.post_message(&message)),
            }
        }
    }

    impl Drop for Worker {
        fn drop(&mut self) {
            self.runs.set_onmessage(None);
            self.runs.set_onerror(None);
            self.runs.terminate();
        }
    }

    /// Fetched and compiled here, because the worker may reach nothing.
    async fn module(path: &str) -> Result<JsValue, JsValue> {
        JsFuture::from(js_sys::WebAssembly::compile_streaming(&window().fetch_with_str(path))).await
    }

    fn read(message: &Array) -> Option<Said> {
        let number = |at: u32| message.get(at).as_f64();
        let whole = |at: u32| u64::try_from(number(at)? as i64).ok();
        let turn = u32::try_from(number(1)? as i64).ok()?;
        Some(match message.get(0).as_string()?.as_str() {
            post::READY => Said::Ready,
            post::TEXT => Said::Text {
                turn,
                micros: whole(2)?,
                trial: from_str(&message.get(3).as_string()?).ok()?,
                masked: message.get(4).as_string(),
            },
            post::PROGRESS => Said::Progress { turn, done: whole(2)? },
            post::FILE => Said::File {
                turn,
                micros: whole(2)?,
                trial: from_str(&message.get(3).as_string()?).ok()?,
                saved: Arc::new(files::Saved::new(message.get(4).dyn_ref::<web_sys::Blob>()?)?),
                bytes: whole(5)?,
                text: message.get(6).as_string()?,
            },
            post::REFUSED => Said::Refused { turn, why: message.get(2).as_string()? },
            _ => return None,
        })
    }
}
