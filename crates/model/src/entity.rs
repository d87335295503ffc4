//! Names of what the detector finds, and what a finding says. Presidio's names where they exist.

use serde::{Deserialize, Serialize};

/// Why a span was taken for what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// The form alone.
    Pattern,
    /// The form, and a checksum or structural check.
    Validator,
}

/// Which text of an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// To the model.
    Prompt,
    /// From the model.
    Response,
}

/// Something found in one text, and where.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Presidio-style name, such as `EMAIL_ADDRESS`.
    pub entity: String,
    pub direction: Direction,
    /// Which text: a JSON path such as `messages[1].content` or `choices[0].delta.content`.
    pub place: String,
    /// Bytes from the beginning of that text *as masked* to where the label begins.
    pub at: u64,
    /// 0 to 1.
    pub score: f32,
    pub evidence: Evidence,
}
