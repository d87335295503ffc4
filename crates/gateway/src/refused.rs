//! Refusals are rows. Those of known callers are on record before they are answered; those of strangers are recorded
//! too, but at most so many a second, so that knocking at the door cannot fill the ledger.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use countersign_model::{
    ConnectionId, ExchangeId, SessionId, caller::Caller, exchange::RefusedFacts, reason::Reason,
};
use http::Response;

use crate::{
    Gateway,
    close::json,
    journal::in_time,
    ports::{Entry, EntryKind},
    reply::{self, Refusal},
    text,
    visit::{Body, Visit},
};

/// Rows a second for refusals of unknown callers.
const STRANGERS_PER_SECOND: f64 = 20.0;
/// And this many at once.
const STRANGERS_BURST: f64 = 100.0;

/// What was established before the request was refused.
#[derive(Default)]
pub(crate) struct Known {
    pub caller: Option<Caller>,
    pub session: Option<SessionId>,
    pub connection: Option<ConnectionId>,
    pub policy: Option<[u8; 32]>,
    /// Its intent is on record: how it ends is said in an outcome, not in a refusal.
    pub intended: bool,
}

/// A token bucket, and how many rows it kept back.
#[derive(Default)]
pub(crate) struct RefusedRate(Mutex<Option<Bucket>>);

struct Bucket {
    level: f64,
    filled: Instant,
    kept_back: u64,
}

impl RefusedRate {
    /// `Some(n)`: write a row, and say that n before it were kept back. `None`: write none.
    fn admit(&self, now: Instant) -> Option<u64> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let bucket = held.get_or_insert(Bucket { level: STRANGERS_BURST, filled: now, kept_back: 0 });
        let gained = now.saturating_duration_since(bucket.filled).as_secs_f64() * STRANGERS_PER_SECOND;
        bucket.level = (bucket.level + gained).min(STRANGERS_BURST);
        bucket.filled = now;
        if bucket.level < 1.0 {
            bucket.kept_back += 1;
            return None;
        }
        bucket.level -= 1.0;
        Some(std::mem::take(&mut bucket.kept_back))
    }
}

/// Writes the row and makes the answer. If the row of a known caller cannot be written, that is the answer.
pub(crate) async fn record_and_refuse(
    gateway: &Gateway,
    visit: &Visit,
    known: Known,
    refusal: Refusal,
) -> Response<Body> {
    if refusal.reason == Reason::AuditUnavailable {
        return reply::refuse(visit.request, &refusal);
    }
    let stranger = known.caller.is_none();
    let kept_back = if stranger {
        match gateway.refused_rate.admit(Instant::now()) {
            Some(kept_back) => kept_back,
            None => return reply::refuse(visit.request, &refusal),
        }
    } else {
        0
    };
    let engine = gateway.directory.engine();
    let mask = |text: &str| engine.mask(text).text.unwrap_or_else(|| text.to_owned());
    let mut detail = refusal.detail.clone();
    if kept_back > 0 {
        let note = format!("{kept_back} refusals of unknown callers before this one were not recorded");
        detail = Some(detail.map_or(note.clone(), |detail| format!("{detail}; {note}")));
    }
    let now = gateway.clock.now();
    let facts = RefusedFacts {
        request: visit.request,
        reason: refusal.reason,
        caller: known.caller,
        connection: known.connection,
        connection_name: cut(&mask(&visit.connection), 64),
        method: visit.method.as_str().to_owned(),
        path: if refusal.reason == Reason::CredentialInUrl {
            String::new()
        } else {
            cut(&mask(&text::percent_decode(&visit.path)), 1024)
        },
        peer: visit.peer.clone(),
        user_agent: visit.user_agent.as_deref().map(mask),
        arrived_at: visit.at,
        detail,
    };
    let entry = Entry {
        kind: EntryKind::Refused,
        session: known.session,
        exchange: ExchangeId::from_uuid(gateway.mint.uuid(now)),
        policy: known.policy,
        facts: json(&facts),
        request: None,
        response: None,
        findings: None,
    };
    if refusal.reason == Reason::IdentityUnavailable {
        // The caller has waited for one store already, and this row hangs on the same one.
        let journal = Arc::clone(&gateway.journal);
        gateway.tracker.spawn(async move { journal.append(entry).await });
        return reply::refuse(visit.request, &refusal);
    }
    match in_time(gateway.journal.append(entry)).await {
        Ok(_) => reply::refuse(visit.request, &refusal),
        Err(_) if stranger => reply::refuse(visit.request, &refusal),
        Err(_) => reply::refuse(visit.request, &Refusal::new(Reason::AuditUnavailable, None)),
    }
}

fn cut(text: &str, chars: usize) -> String {
    text.chars().take(chars).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn strangers_cannot_fill_the_ledger_and_nothing_is_hidden() {
        let rate = RefusedRate::default();
        let start = Instant::now();
        let admitted = (0..1_000).filter(|_| rate.admit(start).is_some()).count();
        assert_eq!(admitted, 100);
        assert_eq!(rate.admit(start + Duration::from_secs(1)), Some(900));
        assert_eq!(rate.admit(start + Duration::from_secs(1)), Some(0));
    }
}
