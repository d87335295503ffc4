//! Texts on their way to the detector: one is asked about at a time, and of those that come meanwhile only the newest waits.

use leptos::prelude::*;

use crate::{
    live::{
        self,
        detector::{Detector, Said},
    },
    view::playground::{self, Look},
};

/// After such a pause a reader is told what was found, milliseconds.
const SAY: u64 = 900;

/// Whether there is a detector.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum State {
    Loading,
    Ready,
    /// There is none, and why.
    Lost(String),
}

/// A text as looked at, and how long that took.
#[derive(Clone, Default, PartialEq)]
pub(super) struct Seen {
    pub look: Look,
    pub micros: u64,
}

/// The present text.
#[derive(Clone, Copy)]
pub(super) struct Asking {
    detector: Detector,
    pub state: RwSignal<State>,
    pub seen: RwSignal<Seen>,
    /// What a reader hears.
    pub said: RwSignal<String>,
    /// A text waits for the detector.
    pub waits: RwSignal<bool>,
    next: StoredValue<Option<String>>,
    /// The text that is being looked at, and its turn.
    asked: StoredValue<Option<(u32, String)>>,
    /// Of the newest text.
    turn: StoredValue<u32>,
}

impl Asking {
    pub(super) fn new(detector: Detector) -> Self {
        Self {
            detector,
            state: RwSignal::new(State::Loading),
            seen: RwSignal::new(Seen::default()),
            said: RwSignal::new(String::new()),
            waits: RwSignal::new(false),
            next: StoredValue::new(None),
            asked: StoredValue::new(None),
            turn: StoredValue::new(0),
        }
    }

    /// Looks at this text as soon as the detector is there and free.
    pub(super) fn about(self, text: String) {
        self.turn.update_value(|turn| *turn = turn.wrapping_add(1));
        self.waits.set(!text.is_empty());
        self.next.set_value(Some(text));
        self.send();
    }

    /// Takes what is about texts; gives back the rest, and what is about all.
    pub(super) fn hear(self, said: Said) -> Option<Said> {
        match said {
            Said::Ready => {
                self.state.try_set(State::Ready);
                self.send();
                None
            }
            Said::Text { turn, micros, trial, masked } => {
                let asked = self.asked.try_update_value(Option::take).flatten();
                let (_, text) = asked.filter(|(asked, _)| *asked == turn)?;
                let look = playground::look(&text, trial, masked);
                self.seen.try_set(Seen { look, micros });
                self.waits.try_set(false);
                self.send();
                self.say();
                None
            }
            Said::Lost(ref why) => {
                self.state.try_set(State::Lost(why.clone()));
                Some(said)
            }
            other => Some(other),
        }
    }

    fn send(self) {
        let free = self.state.with_untracked(|state| *state == State::Ready)
            && self.asked.with_value(Option::is_none);
        if let Some(text) = free.then(|| self.next.try_update_value(Option::take)).flatten().flatten() {
            let turn = self.turn.get_value();
            self.detector.text(turn, &text);
            self.asked.set_value(Some((turn, text)));
        }
    }

    /// Not with every key: a reader would hear nothing else.
    fn say(self) {
        let mine = self.turn.get_value();
        live::later(SAY, move || {
            if self.turn.try_get_value() == Some(mine) {
                let words =
                    self.seen.with_untracked(|seen| playground::summary(seen.look.found, seen.look.chars));
                self.said.set(words);
            }
        });
    }
}
