//! Verifying the whole chain on the auditor's word, once at a time.

use countersign_ledger::{Finding, Kind, Reason, leaf_hash};
use countersign_model::{
    Timestamp,
    audit::{Broken, ChainState, Hashes, Head, Holder, Verification},
};
use countersign_store::{
    events, exchanges,
    ledger::{Verdict, VerifyOptions},
};
use tokio_util::sync::CancellationToken;

use super::AuditorDesk;
use crate::{Admin, AdminError, cursor, reading::hex, record::Fact};

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
                broken: Some(broken(admin, finding).await?),
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

/// The finding as the pages show it: with the two hashes that differ, and what the row belongs to.
async fn broken(admin: &Admin, finding: Finding) -> Result<Broken, AdminError> {
    let fault = |error| admin.fault(error);
    let seqs: Vec<u64> = finding.seq.checked_sub(1).into_iter().chain([finding.seq]).collect();
    let rows = admin.reader.raw_records(&seqs).await.map_err(fault)?;
    let row = |seq: u64| rows.iter().find(|row| row.seq == seq);
    let bad = row(finding.seq);
    let before = finding.seq.checked_sub(1).and_then(row);
    let hashes = match finding.reason {
        Reason::BadLeaf => {
            bad.map(|bad| Hashes { expected: hex(&bad.leaf_hash), found: leaf_hash(&bad.bytes).to_string() })
        }
        Reason::BrokenLink => before
            .zip(bad.and_then(|bad| bad.record.as_ref()))
            .map(|(before, bad)| Hashes { expected: hex(&before.leaf_hash), found: bad.prev.to_string() }),
        _ => None,
    };
    let seq = finding.seq.cast_signed();
    let mut conn = admin.conn().await?;
    let holder = match exchanges::holding(&mut conn, seq).await.map_err(fault)? {
        Some((session, exchange, at)) => {
            // Keyset pages begin after their cursor: one microsecond before is a page that begins with it.
            let cursor = cursor::write(Timestamp::from_micros(at.micros() - 1), exchange);
            Some(Holder::Exchange { session, exchange, cursor })
        }
        None => events::exists(&mut conn, seq).await.map_err(fault)?.then_some(Holder::Event),
    };
    let sentence = sentence(&finding.reason.to_string());
    Ok(Broken { seq, code: code(finding.reason), sentence, hashes, holder })
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
