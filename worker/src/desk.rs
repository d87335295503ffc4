//! Takes the page's messages and posts answers.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use countersign_detect::{Engine, trial};
use countersign_model::trial::post;
use js_sys::Array;
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use crate::file;

/// What a page lists and shows of a text.
const ROOM: trial::Room = trial::Room { rows: post::ROWS, bytes: post::SHOWN };

/// Shared by all that the worker does.
pub struct Desk {
    pub engine: Arc<Engine>,
    scope: DedicatedWorkerGlobalScope,
    /// Whose turn the file is that is being looked through; 0: none.
    file: Cell<u32>,
}

/// Begins to listen, and says so.
pub fn attach() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let desk =
        Rc::new(Desk { engine: Arc::new(Engine::standard()), scope: scope.clone(), file: Cell::new(0) });
    let hears = Rc::clone(&desk);
    let listen = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        if let Ok(message) = event.data().dyn_into::<Array>() {
            hears.take(&message);
        }
    });
    scope.set_onmessage(Some(listen.as_ref().unchecked_ref()));
    // For as long as the worker lives.
    listen.forget();
    desk.post(post::READY, 0, &[]);
}

impl Desk {
    /// `[kind, turn, what]`; what is not understood is left alone.
    fn take(self: &Rc<Self>, message: &Array) {
        let turn = message.get(1).as_f64().map_or(0, |turn| u32::try_from(turn as i64).unwrap_or(0));
        match message.get(0).as_string().as_deref() {
            Some(post::TEXT) => self.text(turn, &message.get(2).as_string().unwrap_or_default()),
            Some(post::FILE) => {
                if let Ok(file) = message.get(2).dyn_into::<web_sys::File>() {
                    self.file.set(turn);
                    wasm_bindgen_futures::spawn_local(file::look_through(Rc::clone(self), turn, file));
                }
            }
            Some(post::STOP) => self.file.set(0),
            _ => {}
        }
    }

    fn text(&self, turn: u32, text: &str) {
        let began = self.micros();
        let (trial, masked) = trial::text(&self.engine, text, ROOM);
        let micros = self.micros() - began;
        let masked = masked.map_or(JsValue::NULL, |masked| JsValue::from_str(&masked));
        self.post(post::TEXT, turn, &[micros.into(), json(&trial), masked]);
    }

    /// Whether this file is still wanted.
    pub fn is_at(&self, turn: u32) -> bool {
        self.file.get() == turn
    }

    /// Since the worker began, for durations.
    pub fn micros(&self) -> f64 {
        self.scope.performance().map_or(0.0, |clock| clock.now() * 1_000.0)
    }

    pub fn post(&self, kind: &str, turn: u32, rest: &[JsValue]) {
        let message = Array::of2(&kind.into(), &turn.into());
        for part in rest {
            message.push(part);
        }
        // Text, numbers and blobs can always be sent.
        let _ = self.scope.post_message(&message);
    }
}

/// As JSON: the page reads JSON anyhow.
pub fn json(trial: &impl serde::Serialize) -> JsValue {
    JsValue::from_str(&serde_json::to_string(trial).unwrap_or_default())
}
