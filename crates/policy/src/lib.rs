//! What a connection allows: settings compiled once into a [`Policy`], which judges each request.
//!
//! Promises: judging is pure and total, names the rules that led to the verdict, and the text given by
//! [`Policy::canonical`] changes whenever a verdict could. Never: I/O, clock, randomness.
//!
//! Today a policy has the rules an administrator sets on the connection itself. The policy language grows here.
#![forbid(unsafe_code)]

use std::sync::Arc;

use countersign_model::{
    analyzer::AnalyzerSettings,
    connection::{ConnectionSettings, Masking, Recording, Uninspected},
    risk::RiskScores,
};

/// What is asked about: the request as decoded.
#[derive(Debug, Clone, Copy, Default)]
pub struct Question {
    /// Something in the body could not be looked into.
    pub uninspected: bool,
    /// The prompt is, or has in it, token numbers.
    pub token_ids: bool,
    /// Findings in the prompt.
    pub findings: usize,
    /// The highest score of each kind of risk signal in the prompt. No rule asks for it yet: a signal never blocks by
    /// itself.
    pub risks: RiskScores,
}

/// Why a request is denied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denial {
    /// A part could not be inspected and the connection does not let such parts pass.
    Uninspectable,
    /// Token numbers hide the text, and the connection does not let uninspected parts pass.
    TokenIds,
}

/// What shall happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Send it on.
    Allow,
    /// Refuse it.
    Deny(Denial),
}

/// The decision and the rules that led to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    pub effect: Effect,
    /// Directions whose released text is masked, and what is done with what is found.
    pub masking: Arc<Masking>,
    pub recording: Recording,
    /// Whether an answer that cannot be inspected may pass.
    pub pass_uninspected: bool,
    /// Names of the deciding rules, in the order they applied.
    pub rules: Vec<&'static str>,
}

/// A connection's rules, compiled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    masking: Arc<Masking>,
    recording: Recording,
    uninspected: Uninspected,
    analyzer: Option<Arc<AnalyzerSettings>>,
}

impl Policy {
    /// Compiles the rules that a connection's settings express.
    pub fn of(settings: &ConnectionSettings) -> Self {
        let masking = Arc::new(settings.masking.clone());
        let analyzer = settings.analyzer.clone().map(Arc::new);
        Self { masking, recording: settings.recording, uninspected: settings.uninspected, analyzer }
    }

    /// What is asked about each text besides what is built in.
    pub const fn analyzer(&self) -> Option<&Arc<AnalyzerSettings>> {
        self.analyzer.as_ref()
    }

    /// What is done with what is found, whatever the verdict will be.
    pub const fn masking(&self) -> &Arc<Masking> {
        &self.masking
    }

    /// The policy's text in one fixed form. Its SHA-256 is the policy digest in the ledger.
    ///
    /// Actions are in it where they are other than a label for everything, and an analyzer where there is one, so that
    /// settings of before there was a choice keep their digest.
    pub fn canonical(&self) -> String {
        let mut text = format!(
            "countersign-policy/1\nmask.prompt={}\nmask.response={}\nrecord={}\nuninspected={}\n",
            self.masking.prompt,
            self.masking.response,
            match self.recording {
                Recording::MaskedText => "masked_text",
                Recording::MetadataOnly => "metadata_only",
            },
            match self.uninspected {
                Uninspected::Refuse => "refuse",
                Uninspected::Pass => "pass",
            },
        );
        if !self.masking.actions.are_usual() {
            for line in self.masking.actions.lines() {
                text.push_str("action=");
                text.push_str(&line);
                text.push('\n');
            }
        }
        if let Some(analyzer) = &self.analyzer {
            text.push_str("analyzer=");
            text.push_str(&analyzer.line());
            text.push('\n');
        }
        text
    }

    /// Judges one request.
    pub fn judge(&self, question: Question) -> Verdict {
        let pass_uninspected = self.uninspected == Uninspected::Pass;
        let mut rules = Vec::new();
        let denial = if pass_uninspected {
            if question.uninspected || question.token_ids {
                rules.push("connection/pass-uninspected");
            }
            None
        } else if question.token_ids {
            rules.push("connection/refuse-token-ids");
            Some(Denial::TokenIds)
        } else if question.uninspected {
            rules.push("connection/refuse-uninspected");
            Some(Denial::Uninspectable)
        } else {
            None
        };
        if denial.is_none() {
            if self.masking.prompt && question.findings > 0 {
                rules.push("connection/mask-prompt");
            }
            if self.masking.response {
                rules.push("connection/mask-response");
            }
        }
        Verdict {
            effect: denial.map_or(Effect::Allow, Effect::Deny),
            masking: Arc::clone(&self.masking),
            recording: self.recording,
            pass_uninspected,
            rules,
        }
    }
}

#[cfg(test)]
mod tests {
    use countersign_model::action::{Action, Exception};

    use super::*;

    fn settings(uninspected: Uninspected, masking: Masking) -> ConnectionSettings {
        ConnectionSettings {
            name: "m".into(),
            description: String::new(),
            base_url: "http://127.0.0.1:1".into(),
            credential: countersign_model::connection::CredentialKind::None,
            groups: vec![],
            limits: countersign_model::connection::Limits::default(),
            recording: Recording::MaskedText,
            masking,
            uninspected,
            analyzer: None,
            enabled: true,
        }
    }

    #[test]
    fn uninspected_parts_are_denied_unless_the_connection_lets_them_pass() {
        let question = Question { uninspected: true, ..Question::default() };
        let strict = Policy::of(&settings(Uninspected::Refuse, Masking::default()));
        assert_eq!(strict.judge(question).effect, Effect::Deny(Denial::Uninspectable));
        let open = Policy::of(&settings(Uninspected::Pass, Masking::default()));
        let verdict = open.judge(question);
        assert_eq!(verdict.effect, Effect::Allow);
        assert!(verdict.rules.contains(&"connection/pass-uninspected"));
    }

    #[test]
    fn token_numbers_hide_text_and_are_denied_first() {
        let strict = Policy::of(&settings(Uninspected::Refuse, Masking::default()));
        let verdict =
            strict.judge(Question { uninspected: true, token_ids: true, findings: 3, ..Question::default() });
        assert_eq!(verdict.effect, Effect::Deny(Denial::TokenIds));
        assert_eq!(verdict.rules, ["connection/refuse-token-ids"]);
    }

    #[test]
    fn the_canonical_text_tells_policies_apart() {
        let of = |masking| Policy::of(&settings(Uninspected::Refuse, masking)).canonical();
        let usual = of(Masking::default());
        assert_ne!(usual, of(Masking { response: false, ..Masking::default() }));
        assert!(usual.ends_with("uninspected=refuse\n"), "{usual}");
        let mut masking = Masking::default();
        masking.actions.prompt = Action::Tokenize;
        let tokens = of(masking.clone());
        assert!(tokens.contains("\naction=prompt tokenize\n"), "{tokens}");
        masking.actions.exceptions.push(Exception {
            entity: "US_SSN".into(),
            passage: None,
            action: Action::Redact,
        });
        assert!(of(masking.clone()).ends_with("\naction=everywhere US_SSN redact\n"));
        assert_ne!(of(masking), tokens);
    }
}
