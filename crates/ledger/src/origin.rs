//! The name of a log, chosen at install; part of every record, so records cannot be carried into another log.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A schema-less URL such as `audit.example.org/countersign` (C2SP tlog-checkpoint "origin").
///
/// 1 to 255 bytes of printable ASCII without space and `+`, so that it can name a signed-note key as it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Origin(String);

/// The text cannot name a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a log name has 1 to 255 printable ASCII characters, without space and plus sign")]
pub struct InvalidOrigin;

impl Origin {
    /// Longest name, in bytes.
    pub const MAX_LEN: usize = 255;

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Origin {
    type Err = InvalidOrigin;
    fn from_str(text: &str) -> Result<Self, InvalidOrigin> {
        let fits = (1..=Self::MAX_LEN).contains(&text.len());
        if fits && text.bytes().all(|c| c.is_ascii_graphic() && c != b'+') {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidOrigin)
        }
    }
}

impl TryFrom<String> for Origin {
    type Error = InvalidOrigin;
    fn try_from(text: String) -> Result<Self, InvalidOrigin> {
        text.parse()
    }
}

impl From<Origin> for String {
    fn from(origin: Origin) -> Self {
        origin.0
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
