//! Names of what the detector finds, and what a finding says. Presidio's names where they exist.

mod names;

use std::ops::BitOr;

use serde::{Deserialize, Serialize};

use crate::action::Action;

pub use names::NAMES;

/// Why a span was taken for what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// The form alone.
    Pattern,
    /// The form, and a checksum or structural check.
    Validator,
    /// The form, and a word before it that says what it is.
    Context,
    /// The connection's analyzer said so.
    Analyzer,
}

/// A disguise that was taken off before a value was recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Undone {
    /// Invisible characters, full-width and other forms of ASCII ones, look-alikes.
    Folded,
    /// `%40`.
    Percent,
    /// `\u0040`, `\n`.
    JsonEscape,
    /// `&#64;`.
    Html,
    Base64,
    Hex,
}

impl Undone {
    pub const ALL: &[Self] =
        &[Self::Folded, Self::Percent, Self::JsonEscape, Self::Html, Self::Base64, Self::Hex];

    /// For people.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Folded => "folded characters",
            Self::Percent => "percent encoding",
            Self::JsonEscape => "escapes",
            Self::Html => "HTML references",
            Self::Base64 => "base64",
            Self::Hex => "hex",
        }
    }
}

/// Several disguises, in no order. As JSON a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "Vec<Undone>", into = "Vec<Undone>")]
pub struct UndoneSet(u8);

impl UndoneSet {
    pub const fn of(undone: Undone) -> Self {
        Self(1 << undone as u8)
    }

    pub const fn is_empty(&self) -> bool {
        self.0 == 0
    }

    pub const fn contains(self, undone: Undone) -> bool {
        self.0 & Self::of(undone).0 != 0
    }

    pub fn iter(self) -> impl Iterator<Item = Undone> {
        Undone::ALL.iter().copied().filter(move |undone| self.contains(*undone))
    }
}

impl BitOr for UndoneSet {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl From<Vec<Undone>> for UndoneSet {
    fn from(list: Vec<Undone>) -> Self {
        list.into_iter().fold(Self::default(), |set, undone| set | Self::of(undone))
    }
}

impl From<UndoneSet> for Vec<Undone> {
    fn from(set: UndoneSet) -> Self {
        set.iter().collect()
    }
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
    /// How the value was disguised. Older records do not say.
    #[serde(default, skip_serializing_if = "UndoneSet::is_empty")]
    pub undone: UndoneSet,
    /// What was done with it. Older records do not say: a label.
    #[serde(default, skip_serializing_if = "Action::is_usual")]
    pub action: Action,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_stored_before_disguises_were_noted_are_read_and_written_alike() {
        let stored =
            r#"{"entity":"US_SSN","direction":"prompt","place":"x","at":3,"score":0.5,"evidence":"pattern"}"#;
        let mut finding: Finding = serde_json::from_str(stored).unwrap();
        assert!(finding.undone.is_empty() && finding.action == Action::Label);
        assert_eq!(serde_json::to_string(&finding).unwrap(), stored);
        finding.undone = UndoneSet::of(Undone::Base64) | UndoneSet::of(Undone::JsonEscape);
        let written = serde_json::to_string(&finding).unwrap();
        assert!(written.ends_with(r#""undone":["json_escape","base64"]}"#), "{written}");
        assert_eq!(serde_json::from_str::<Finding>(&written).unwrap(), finding);
        finding.action = Action::Tokenize;
        let written = serde_json::to_string(&finding).unwrap();
        assert!(written.ends_with(r#","action":"tokenize"}"#), "{written}");
    }
}
