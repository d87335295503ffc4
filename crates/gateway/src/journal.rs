//! Stage 7: on record before the model sees a byte. Takes [`Cleared`], gives a [`Permit`], which exists only after the
//! intent row is durable and which `forward` takes by value: *no byte reaches the model unrecorded* does not compile otherwise.
//!
//! Sending needs a permit:
//!
//! ```
//! use countersign_gateway::{Gateway, forward::{forward, NoAnswer, Relay}, journal::{Permit, Stamp}};
//! async fn send(gateway: &Gateway, permit: Permit) -> Result<Relay, (NoAnswer, Stamp)> {
//!     forward(gateway, permit).await
//! }
//! ```
//!
//! Nobody else can make one, whatever they have in hand:
//!
//! ```compile_fail
//! use countersign_gateway::{Gateway, forward::{forward, NoAnswer, Relay}, journal::{Permit, Stamp}};
//! async fn send(gateway: &Gateway, permit: Permit) -> Result<Relay, (NoAnswer, Stamp)> {
//!     forward(gateway, Permit { ..permit }).await
//! }
//! ```
//!
//! And one permit is good for one request:
//!
//! ```compile_fail
//! use countersign_gateway::{Gateway, forward::{forward, NoAnswer, Relay}, journal::{Permit, Stamp}};
//! async fn send(gateway: &Gateway, permit: Permit) -> Result<Relay, (NoAnswer, Stamp)> {
//!     let _once = forward(gateway, permit).await;
//!     forward(gateway, permit).await
//! }
//! ```

use std::{sync::Arc, time::Duration};

use countersign_model::{ExchangeId, connection::Recording, exchange::IntentFacts, reason::Reason};

use crate::{
    Gateway,
    clear::Cleared,
    close::{OpenExchange, json},
    ports::{Entry, EntryKind, JournalUnavailable, NotACaller, Receipt},
    redact::{ForModel, Masked},
    redeem::Taken,
    reply::Refusal,
    route::Routed,
};

/// Longest wait for the audit store, whatever it does. What it still writes afterwards is closed by whoever wrote it.
const WAIT: Duration = Duration::from_secs(2);

/// Leave to send one request to its upstream, once. Only this room makes one.
pub struct Permit {
    pub(crate) routed: Routed,
    pub(crate) for_model: ForModel,
    pub(crate) verdict: countersign_policy::Verdict,
    pub(crate) open: OpenExchange,
    pub(crate) stamp: Stamp,
    taken: Taken,
    sealed: Sealed,
}

struct Sealed;

/// A permit's parts, once it is used up.
pub(crate) struct Spent {
    pub routed: Routed,
    pub for_model: ForModel,
    pub verdict: countersign_policy::Verdict,
    pub open: OpenExchange,
    pub stamp: Stamp,
    pub taken: Taken,
}

/// What the response's headers say of the record.
#[derive(Debug, Clone, Copy)]
pub struct Stamp {
    pub exchange: ExchangeId,
    pub receipt: Receipt,
    /// Spans masked in the prompt.
    pub masked: u64,
}

/// Why there is no permit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotJournaled {
    /// The audit store did not confirm: nothing is sent.
    Unavailable,
    /// The token's last use was taken by another request a moment ago.
    NotRedeemed(NotACaller),
}

impl From<NotJournaled> for Refusal {
    fn from(no: NotJournaled) -> Self {
        match no {
            NotJournaled::Unavailable => Self::new(Reason::AuditUnavailable, None),
            NotJournaled::NotRedeemed(no) => Self::new(no.reason(), None),
        }
    }
}

/// Spends a use of a counted token and makes the intent durable.
pub async fn journal(gateway: &Gateway, cleared: Cleared) -> Result<Permit, NotJournaled> {
    let Masked { routed, verdict, for_model, for_record } = cleared.into_masked();
    let now = gateway.clock.now();
    let exchange = ExchangeId::from_uuid(gateway.mint.uuid(now));
    let settings = &routed.route.connection;
    let masked_micros = routed.visit.elapsed();
    let facts = IntentFacts {
        request: routed.visit.request,
        caller: routed.caller.clone(),
        connection: settings.id,
        connection_name: settings.settings.name.clone(),
        connection_version: settings.version,
        method: routed.visit.method.as_str().to_owned(),
        path: for_record.path,
        peer: routed.visit.peer.clone(),
        user_agent: routed.visit.user_agent.clone(),
        shape: for_record.shape.to_owned(),
        model: for_record.model,
        stream: for_record.stream,
        arrived_at: routed.visit.at,
        prepared_micros: masked_micros,
        masking: verdict.masking.as_ref().clone(),
        recording: verdict.recording,
        rules: verdict.rules.iter().map(|&rule| rule.to_owned()).collect(),
        coverage: for_record.coverage,
        risks: for_record.risks,
        preview: for_record.preview,
    };
    let with_content = verdict.recording == Recording::MaskedText;
    let entry = Entry {
        kind: EntryKind::Intent,
        session: Some(routed.session),
        exchange,
        policy: Some(routed.route.policy_digest),
        facts: json(&facts),
        request: (with_content && !for_record.turns.is_empty()).then(|| json(&for_record.turns)),
        response: None,
        findings: (!for_record.findings.is_empty()).then(|| json(&for_record.findings)),
    };

    // Both steps run in a task of their own: if the client leaves meanwhile, or the store takes too long, the row may be
    // committed all the same, and then the task's result is dropped, which writes the outcome (`not_forwarded`) and gives
    // the use back.
    let task = {
        let (callers, journal) = (Arc::clone(&gateway.callers), Arc::clone(&gateway.journal));
        let (tracker, proof) = (gateway.tracker.clone(), routed.caller.proof.clone());
        let (session, policy) = (routed.session, routed.route.policy_digest);
        let arrived = routed.visit.started;
        gateway.tracker.spawn(async move {
            let taken = Taken::take(callers, tracker.clone(), &proof, now)
                .await
                .map_err(NotJournaled::NotRedeemed)?;
            let receipt =
                journal.append(entry).await.map_err(|JournalUnavailable| NotJournaled::Unavailable)?;
            let open = OpenExchange::new(journal, tracker, exchange, session, policy, with_content, arrived);
            Ok::<_, NotJournaled>((receipt, open, taken))
        })
    };
    let (receipt, mut open, taken) = match tokio::time::timeout(WAIT, task).await {
        Ok(Ok(done)) => done?,
        Ok(Err(_)) | Err(_) => return Err(NotJournaled::Unavailable),
    };
    open.timings.received = Some(for_record.received_micros);
    open.timings.masked = Some(masked_micros);
    open.timings.recorded = Some(routed.visit.elapsed());
    let stamp = Stamp { exchange, receipt, masked: for_record.replaced };
    Ok(Permit { routed, for_model, verdict, open, stamp, taken, sealed: Sealed })
}

/// Waits for a row no longer than for an intent.
pub(crate) async fn in_time(
    append: impl Future<Output = Result<Receipt, JournalUnavailable>>,
) -> Result<Receipt, JournalUnavailable> {
    tokio::time::timeout(WAIT, append).await.unwrap_or(Err(JournalUnavailable))
}

impl Permit {
    /// Uses the permit up.
    pub(crate) fn spend(self) -> Spent {
        let Self { routed, for_model, verdict, open, stamp, taken, sealed: Sealed } = self;
        Spent { routed, for_model, verdict, open, stamp, taken }
    }
}
