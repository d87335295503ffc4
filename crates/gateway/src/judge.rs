//! Stage 4: what the connection's policy says. Takes [`Decoded`], gives [`Judged`]. Pure: the policy decides, this room
//! only asks it.

use countersign_model::{reason::Reason, risk::RiskScores};
use countersign_policy::{Denial, Effect, Question, Verdict};

use crate::{decode::Decoded, reply::Refusal};

/// A request with its verdict.
pub struct Judged {
    decoded: Decoded,
    verdict: Verdict,
}

impl Judged {
    pub(crate) fn into_parts(self) -> (Decoded, Verdict) {
        (self.decoded, self.verdict)
    }
}

/// The policy says no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denied {
    denial: Denial,
    rule: &'static str,
}

impl From<Denied> for Refusal {
    fn from(no: Denied) -> Self {
        let reason = match no.denial {
            Denial::Uninspectable => Reason::Uninspectable,
            Denial::TokenIds => Reason::TokenIds,
        };
        Self::new(reason, Some(format!("rule {}", no.rule)))
    }
}

/// Asks the policy.
pub fn judge(decoded: Decoded) -> Result<Judged, Denied> {
    let question = Question {
        uninspected: !decoded.coverage.uninspected.is_empty(),
        token_ids: decoded.token_ids,
        risks: RiskScores::of(&decoded.risks),
        findings: usize::try_from(decoded.found).unwrap_or(usize::MAX),
    };
    let verdict = decoded.routed.route.policy.judge(question);
    match verdict.effect {
        Effect::Allow => Ok(Judged { decoded, verdict }),
        Effect::Deny(denial) => Err(Denied { denial, rule: verdict.rules.last().copied().unwrap_or("") }),
    }
}
