//! The steps that were taken, as they are shown.

use std::time::Instant;

use countersign_model::connection::{StepReport, TestStep};

use super::{Step, trouble::Trouble};

/// Up to and with the first that failed.
pub(super) struct Steps {
    list: Vec<StepReport>,
    /// What the form calls the address that is tested.
    called: &'static str,
}

impl Steps {
    pub const fn of(called: &'static str) -> Self {
        Self { list: Vec::new(), called }
    }

    pub fn list(self) -> Vec<StepReport> {
        self.list
    }

    pub fn pass(&mut self, step: TestStep, began: Instant, detail: String, advice: String) {
        self.list.push(StepReport { step, ok: true, detail, advice, micros: micros(began) });
    }

    pub fn fail(&mut self, trouble: &Trouble, began: Instant) {
        let (detail, advice) = trouble.words_about(self.called);
        let step = trouble.step();
        self.list.push(StepReport { step, ok: false, detail, advice, micros: micros(began) });
    }

    pub fn step<T>(&mut self, step: TestStep, began: Instant, came: Step<T>) -> Option<T> {
        match came {
            Ok((next, detail)) => {
                self.pass(step, began, detail, String::new());
                Some(next)
            }
            Err(trouble) => {
                // It may be a later step's: without an answer nothing is known of the credential.
                self.fail(&trouble, began);
                None
            }
        }
    }
}

fn micros(began: Instant) -> u64 {
    u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX)
}
