//! A text tried out: what the detector says of it, on its way from the browser's worker to the page that shows it.
//!
//! Never: stored, or sent to a server.

use serde::{Deserialize, Serialize};

use crate::{
    entity::{Evidence, UndoneSet},
    risk::{RiskKind, RiskLevel},
};

/// A text that was looked through whole.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Trial {
    /// In the order of the text; the first ones, when there are very many.
    pub found: Vec<Found>,
    /// All that was found.
    pub total: usize,
    pub counts: Vec<Count>,
    /// The gravest first.
    pub risks: Vec<RiskFound>,
    /// Unicode scalar values of the text.
    pub chars: usize,
}

/// A file that was looked through slice by slice.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct FileTrial {
    /// All that was found.
    pub total: usize,
    pub counts: Vec<Count>,
    /// The gravest first.
    pub risks: Vec<RiskFound>,
}

/// One thing found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// Such as `EMAIL_ADDRESS`.
    pub entity: String,
    /// In the text as given, bytes.
    pub start: usize,
    /// Exclusive.
    pub end: usize,
    /// The same two in Unicode scalar values.
    pub chars: (usize, usize),
    /// Where its label begins in the text as masked, bytes.
    pub at: usize,
    /// 0 to 1.
    pub score: f32,
    pub evidence: Evidence,
    #[serde(default, skip_serializing_if = "UndoneSet::is_empty")]
    pub undone: UndoneSet,
}

/// How often a kind was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// Such as `EMAIL_ADDRESS`.
    pub entity: String,
    pub times: usize,
}

/// One risk signal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RiskFound {
    pub kind: RiskKind,
    pub level: RiskLevel,
    /// 0 to 1.
    pub score: f32,
    /// Which rule saw it.
    pub rule: String,
    /// For people.
    pub why: String,
    /// In the text as given, bytes.
    pub start: usize,
    /// Exclusive.
    pub end: usize,
}

/// Messages between a page and the worker: lists of a kind, a turn, and what is said. Whoever asks numbers the turns
/// from 1; an answer has its question's.
pub mod post {
    /// To the worker: a text. From it: microseconds, a [`super::Trial`] as JSON, the masked text or null if it is as given.
    pub const TEXT: &str = "text";
    /// To the worker: a file, which takes the place of one that is under way. From it: microseconds, a
    /// [`super::FileTrial`] as JSON, the masked text as a blob, its bytes, and itself up to [`COPY_MAX`], else its beginning.
    pub const FILE: &str = "file";
    /// To the worker: no file is wanted any more.
    pub const STOP: &str = "stop";
    /// From the worker: it listens.
    pub const READY: &str = "ready";
    /// From the worker: bytes of the file that are done.
    pub const PROGRESS: &str = "progress";
    /// From the worker: why there is no outcome for a file, words for people.
    pub const REFUSED: &str = "refused";

    /// Most of a text that is shown, bytes; what is copied is all of it.
    pub const SHOWN: usize = 20_000;
    /// Most rows of what was found.
    pub const ROWS: usize = 200;
    /// What is shown of a file's masked text, bytes.
    pub const PREVIEW: usize = 4_000;
    /// Largest masked text of a file that goes to the clipboard, bytes.
    pub const COPY_MAX: usize = 4 << 20;
}
