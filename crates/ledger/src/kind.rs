//! What a record is about, and which groups of content it can commit to. The codes are for ever: they are hashed.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Kind {
    /// A gateway process started writing.
    Boot = 1,
    /// A request is about to be sent to a model; opens the exchange.
    Intent = 2,
    /// A part of a running answer.
    Segment = 3,
    /// How an exchange ended; closes it. Exactly one for each intent.
    Outcome = 4,
    /// A request was refused before anything went to a model.
    Refused = 5,
    /// Somebody signed in, or failed to.
    SignIn = 6,
    /// A setting, person, connection or policy was changed.
    AdminChange = 7,
    /// Somebody looked at recorded content.
    AuditorRead = 8,
    /// An approval was asked for, given, declined or ran out.
    Approval = 9,
    /// A signing key came into use.
    Key = 10,
    /// The log continues from an older state than this node had seen (a restore).
    Gap = 11,
}

/// Content a record commits to; each can be disclosed without the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Group {
    /// JSON: caller, connection, model, path, timings.
    Facts = 1,
    /// The request as it was let through.
    Request = 2,
    /// The answer as it was let through.
    Response = 3,
    /// What detectors and policy found.
    Findings = 4,
}

impl Kind {
    /// Every kind, by code.
    pub const ALL: [Self; 11] = [
        Self::Boot,
        Self::Intent,
        Self::Segment,
        Self::Outcome,
        Self::Refused,
        Self::SignIn,
        Self::AdminChange,
        Self::AuditorRead,
        Self::Approval,
        Self::Key,
        Self::Gap,
    ];

    /// The code in a record and in the database.
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// The kind with this code.
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Short name, as in exports and in the interface.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Boot => "boot",
            Self::Intent => "intent",
            Self::Segment => "segment",
            Self::Outcome => "outcome",
            Self::Refused => "refused",
            Self::SignIn => "sign_in",
            Self::AdminChange => "admin_change",
            Self::AuditorRead => "auditor_read",
            Self::Approval => "approval",
            Self::Key => "key",
            Self::Gap => "gap",
        }
    }

    /// Whether a record of this kind is malformed without an exchange id.
    pub const fn needs_exchange(self) -> bool {
        matches!(self, Self::Intent | Self::Segment | Self::Outcome)
    }
}

impl Group {
    /// Every group, by tag.
    pub const ALL: [Self; 4] = [Self::Facts, Self::Request, Self::Response, Self::Findings];

    /// The tag in a record and in the database.
    pub const fn tag(self) -> u8 {
        self as u8
    }

    /// The group with this tag.
    pub fn from_tag(tag: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|group| group.tag() == tag)
    }

    /// Short name, as in exports and in the interface.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Facts => "facts",
            Self::Request => "request",
            Self::Response => "response",
            Self::Findings => "findings",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A renumbered code would make every existing log read differently.
    #[test]
    fn codes_are_the_published_ones() {
        let kinds: Vec<_> = (0..=u8::MAX).filter_map(Kind::from_code).map(|k| (k.code(), k.name())).collect();
        assert_eq!(
            kinds,
            [
                (1, "boot"),
                (2, "intent"),
                (3, "segment"),
                (4, "outcome"),
                (5, "refused"),
                (6, "sign_in"),
                (7, "admin_change"),
                (8, "auditor_read"),
                (9, "approval"),
                (10, "key"),
                (11, "gap")
            ]
        );
        let groups: Vec<_> = (0..=u8::MAX).filter_map(Group::from_tag).map(|g| (g.tag(), g.name())).collect();
        assert_eq!(groups, [(1, "facts"), (2, "request"), (3, "response"), (4, "findings")]);
    }
}
