//! What an administrator has looked for besides the standard entities: a pattern, or the terms of a dictionary.
//!
//! This is what is written down; whether it can be used, the detector says.

use serde::{Deserialize, Serialize};

use crate::{OwnEntityId, Timestamp};

/// A pattern as it is written down.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomText {
    /// What stands in place of a match, such as `STAFF_NUMBER`.
    pub name: String,
    pub pattern: String,
    #[serde(default)]
    pub ignore_case: bool,
    /// If there are any, one of them must stand closely before.
    #[serde(default)]
    pub words: Vec<String>,
    /// 0 to 1.
    #[serde(default = "usual_score")]
    pub score: f32,
    /// Texts that hold a match.
    pub hits: Vec<String>,
    /// Texts that hold none.
    #[serde(default)]
    pub misses: Vec<String>,
}

fn usual_score() -> f32 {
    0.8
}

/// A dictionary as it is written down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DictionaryText {
    /// What stands in place of a term, such as `PROJECT_NAME`.
    pub name: String,
    pub terms: Vec<String>,
    #[serde(default)]
    pub ignore_case: bool,
}

/// One of the two.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum OwnRule {
    Pattern(CustomText),
    Dictionary(DictionaryText),
}

impl OwnRule {
    /// What stands in place of what is found.
    pub fn name(&self) -> &str {
        match self {
            Self::Pattern(text) => &text.name,
            Self::Dictionary(text) => &text.name,
        }
    }

    /// The stable name of its kind.
    pub const fn kind(&self) -> OwnKind {
        match self {
            Self::Pattern(_) => OwnKind::Pattern,
            Self::Dictionary(_) => OwnKind::Dictionary,
        }
    }
}

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OwnKind {
    Pattern,
    Dictionary,
}

impl OwnKind {
    /// The stable name, as stored and in URLs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pattern => "pattern",
            Self::Dictionary => "dictionary",
        }
    }

    /// Reads the stable name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Pattern, Self::Dictionary].into_iter().find(|kind| kind.name() == name)
    }
}

/// A rule as it is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OwnEntity {
    pub summary: OwnEntitySummary,
    pub rule: OwnRule,
}

/// A rule in a list, without its terms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnEntitySummary {
    pub id: OwnEntityId,
    pub name: String,
    pub kind: OwnKind,
    /// For people.
    pub description: String,
    pub enabled: bool,
    /// Terms of a dictionary; 1 for a pattern.
    pub terms: i64,
    /// Grows with each change.
    pub version: i64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}
