//! Signals that a text may be meant to misuse a model, for policy to weigh. A signal is a reason to look, never a proof.

use serde::{Deserialize, Serialize};

use crate::entity::Direction;

/// What a text may be after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RiskKind {
    /// Instructions that stand where only data should, or put themselves above those that were given.
    PromptInjection,
    /// Talks the model out of its rules.
    Jailbreak,
    /// Carries off what the model was given: its instructions, the conversation, secrets.
    Exfiltration,
    /// Asks somebody for what he must not give away.
    CredentialPhishing,
}

impl RiskKind {
    pub const ALL: [Self; 4] =
        [Self::PromptInjection, Self::Jailbreak, Self::Exfiltration, Self::CredentialPhishing];

    /// The stable name, as stored.
    pub const fn name(self) -> &'static str {
        match self {
            Self::PromptInjection => "prompt_injection",
            Self::Jailbreak => "jailbreak",
            Self::Exfiltration => "exfiltration",
            Self::CredentialPhishing => "credential_phishing",
        }
    }

    /// For people.
    pub const fn words(self) -> &'static str {
        match self {
            Self::PromptInjection => "prompt injection",
            Self::Jailbreak => "jailbreak",
            Self::Exfiltration => "exfiltration",
            Self::CredentialPhishing => "credential phishing",
        }
    }
}

/// How much a score says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RiskLevel {
    /// 0.30 and more: worth a line in the record. Ordinary texts reach it.
    Low,
    /// 0.50 and more: ordinary texts seldom reach it.
    Medium,
    /// 0.80 and more: hardly to be read otherwise.
    High,
}

impl RiskLevel {
    /// Scores below are not reported at all.
    pub const LOW: f32 = 0.30;
    pub const MEDIUM: f32 = 0.50;
    pub const HIGH: f32 = 0.80;

    /// The level of a score; `None`: nothing worth reporting.
    pub fn of(score: f32) -> Option<Self> {
        if score >= Self::HIGH {
            Some(Self::High)
        } else if score >= Self::MEDIUM {
            Some(Self::Medium)
        } else if score >= Self::LOW {
            Some(Self::Low)
        } else {
            None
        }
    }

    /// For people and stored alike.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// One signal of an exchange. Holds no content.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Risk {
    pub kind: RiskKind,
    pub direction: Direction,
    /// Which rule saw it, such as `override_instructions`.
    pub rule: String,
    /// Which text: a path as in [`crate::entity::Finding::place`].
    pub place: String,
    /// 0 to 1.
    pub score: f32,
}

/// The highest score of each kind; 0 where there is no signal.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct RiskScores([f32; RiskKind::ALL.len()]);

impl RiskScores {
    /// Of these signals.
    pub fn of(risks: &[Risk]) -> Self {
        let mut scores = Self::default();
        for risk in risks {
            let highest = &mut scores.0[risk.kind as usize];
            *highest = highest.max(risk.score);
        }
        scores
    }

    pub const fn of_kind(&self, kind: RiskKind) -> f32 {
        self.0[kind as usize]
    }

    /// The highest of all.
    pub fn highest(&self) -> f32 {
        self.0.iter().copied().fold(0.0, f32::max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn risk(kind: RiskKind, score: f32) -> Risk {
        Risk {
            kind,
            direction: Direction::Prompt,
            rule: "r".into(),
            place: "messages[0].content".into(),
            score,
        }
    }

    #[test]
    fn the_highest_of_each_kind_counts() {
        let scores = RiskScores::of(&[
            risk(RiskKind::Jailbreak, 0.4),
            risk(RiskKind::Jailbreak, 0.7),
            risk(RiskKind::Exfiltration, 0.5),
        ]);
        let levels = RiskKind::ALL.map(|kind| RiskLevel::of(scores.of_kind(kind)));
        assert_eq!(levels, [None, Some(RiskLevel::Medium), Some(RiskLevel::Medium), None]);
        assert!(scores.highest() > 0.6);
        assert_eq!(RiskLevel::of(scores.highest()), Some(RiskLevel::Medium));
        assert_eq!(RiskLevel::of(0.29), None);
    }

    #[test]
    fn stored_names_are_those_of_the_kinds() {
        for kind in RiskKind::ALL {
            assert_eq!(serde_json::to_string(&kind).unwrap(), format!("\"{}\"", kind.name()));
            assert_eq!(RiskKind::ALL[kind as usize], kind);
        }
    }
}
