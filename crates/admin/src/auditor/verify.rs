//! Verifying the whole chain on the auditor's word, once at a time.

use countersign_ledger::Kind;
use countersign_model::audit::{Broken, ChainState, Head, Verification};
use countersign_store::ledger::{Verdict, VerifyOptions};
use tokio_util::sync::CancellationToken;

use super::AuditorDesk;
use crate::{AdminError, record::Fact};

impl AuditorDesk<'_> {
    /// Whether the chain was checked since this process started, and how it came out.
    pub async fn chain_state(&self) -> Result<ChainState, AdminError> {
        self.admin.chain_state().await
    }

    /// Checks every row from the first to the head, against what this process itself has seen committed. While one check
    /// runs the others wait for it and take its result.
    pub async fn verify(&self) -> Result<Verification, AdminError> {
        let admin = self.admin;
        let asked = admin.now();
        let _turn = admin.verifying.lock().await;
        if let Some(fresh) = admin.verification.read().await.clone().filter(|kept| kept.at > asked) {
            return Ok(fresh);
        }
        admin.record(Kind::AuditorRead, Fact::by(&self.actor, "ledger.verification_started", "")).await?;
        let begun = admin.now();
        let options = VerifyOptions { milestones: vec![admin.ledger.seen()], trusted_keys: None };
        let verdict = admin
            .reader
            .verify(admin.ledger.origin(), options, &CancellationToken::new(), |_| {})
            .await
            .map_err(|error| admin.fault(error))?;
        let ended = admin.now();
        let micros = ended.since(begun) / 1_000;
        let verification = match verdict {
            Verdict::Sound(report) => Verification {
                at: ended,
                rows: report.rows.cast_signed(),
                head: Head {
                    size: report.head.size.cast_signed(),
                    last_leaf: report.last_leaf.to_string(),
                    root: report.head.root.to_string(),
                },
                open_intents: report.open.cast_signed(),
                broken: None,
                micros,
            },
            Verdict::Tampered(finding) => Verification {
                at: ended,
                rows: finding.seq.cast_signed(),
                head: admin.head().await?,
                open_intents: 0,
                broken: Some(Broken {
                    seq: finding.seq.cast_signed(),
                    code: code(finding.reason),
                    sentence: sentence(&finding.reason.to_string()),
                }),
                micros,
            },
            Verdict::Cancelled => return Err(admin.fault("a verification was cancelled by nobody")),
        };
        let fact = Fact::by(&self.actor, "ledger.verified", "")
            .with("rows", verification.rows.to_string())
            .with("result", verification.broken.as_ref().map_or("sound", |broken| broken.code.as_str()));
        // Kept before it is recorded: a chain found broken must show even if the ledger takes no more rows.
        *admin.verification.write().await = Some(verification.clone());
        admin.record(Kind::AuditorRead, fact).await?;
        Ok(verification)
    }
}

/// The stable code of a reason, as in exports.
fn code(reason: countersign_ledger::Reason) -> String {
    serde_json::to_value(reason)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_else(|| "unknown".to_owned())
}

/// With a capital letter and a full stop.
fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| format!("{}{}.", first.to_uppercase(), chars.as_str())).unwrap_or_default()
}
