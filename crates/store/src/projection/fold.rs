//! Ledger rows in, table rows out: what the projection says, without a database.
//!
//! Promise: taking the same ledger rows in the same order gives the same tables, wherever the batches were cut.
//! A row that cannot be read never stops the projection: it becomes an event that says so.

use std::collections::{HashMap, HashSet};

use countersign_ledger::Kind;
use countersign_model::{
    ExchangeId, SessionId, Timestamp,
    audit::EventFacts,
    exchange::{Coverage, End, IntentFacts, OutcomeFacts, RefusedFacts},
};
use serde::{Deserialize, de::DeserializeOwned};
use uuid::Uuid;

use super::{
    counts::Counts,
    rows::{EventRow, ExchangeRow, SessionRow},
};
use crate::moment::to_db;

/// A ledger row as the projection needs it; payloads are `None` when erased or never stored.
#[derive(Debug, Clone)]
pub(crate) struct Taken {
    pub seq: i64,
    /// `None`: the row cannot be read.
    pub kind: Option<Kind>,
    pub at: Timestamp,
    pub session: Option<SessionId>,
    pub exchange: Option<ExchangeId>,
    /// As stored.
    pub leaf_hash: Vec<u8>,
    pub facts: Option<Vec<u8>>,
    pub findings: Option<Vec<u8>>,
}

/// The part of the tables a batch touches.
#[derive(Debug, Default)]
pub(crate) struct Tables {
    pub exchanges: HashMap<Uuid, ExchangeRow>,
    pub sessions: HashMap<Uuid, SessionRow>,
    pub events: Vec<EventRow>,
    /// Which of the loaded rows the batch changed.
    pub changed_exchanges: HashSet<Uuid>,
    pub changed_sessions: HashSet<Uuid>,
}

/// Why a row became an event instead of what it should have been.
const UNREADABLE: &str = "projection.unreadable";
const MISSING: &str = "projection.rows_missing";
const WITHOUT_INTENT: &str = "projection.without_intent";
/// Longest detail taken over from facts of another form, characters.
const DETAIL_MAX: usize = 500;
const REPEATED: &str = "projection.repeated";

#[derive(Deserialize)]
struct Found {
    entity: String,
}

impl Tables {
    /// Takes one ledger row in. Exchanges and sessions it concerns must have been loaded, where they exist.
    pub(crate) fn take(&mut self, row: &Taken) {
        match row.kind {
            Some(Kind::Segment) => self.take_segment(row),
            Some(Kind::Intent) => self.take_intent(row),
            Some(Kind::Outcome) => self.take_outcome(row),
            Some(Kind::Refused) => self.take_refused(row),
            Some(kind) => {
                let facts = read::<EventFacts>(row.facts.as_deref())
                    .unwrap_or_else(|| other_facts(kind, row.facts.as_deref()));
                self.add_event(row, facts);
            }
            None => self.add_event(row, bare(UNREADABLE)),
        }
    }

    /// Notes that rows are missing from `first` to just before `found`.
    pub(crate) fn miss(&mut self, first: i64, found: &Taken) {
        let mut facts = bare(MISSING);
        facts.detail.push(("rows".to_owned(), format!("{first} to {}", found.seq - 1)));
        let (kind, leaf_hash) = (None, Vec::new());
        self.add_event(&Taken { seq: first, kind, leaf_hash, ..found.clone() }, facts);
    }

    fn take_intent(&mut self, row: &Taken) {
        let (Some(facts), Some(session), Some(exchange)) =
            (read::<IntentFacts>(row.facts.as_deref()), row.session, row.exchange)
        else {
            return self.add_event(row, bare(UNREADABLE));
        };
        self.open_exchange(
            row,
            ExchangeRow {
                id: exchange.uuid(),
                session_id: session.uuid(),
                at: to_db(facts.arrived_at),
                person_id: facts.caller.person.map(countersign_model::PersonId::uuid),
                caller: clean(facts.caller.label),
                connection_name: clean(facts.connection_name),
                method: clean(facts.method),
                path: clean(facts.path),
                shape: clean(facts.shape),
                model: facts.model.map(clean),
                ended: End::Open.name().to_owned(),
                reason: None,
                status: None,
                preview: clean(facts.preview),
                findings: 0,
                entities: entities(&facts.coverage, row.findings.as_deref()),
                prompt_tokens: None,
                completion_tokens: None,
                recorded_micros: None,
                first_byte_micros: None,
                duration_micros: None,
                intent_seq: row.seq,
                outcome_seq: None,
                segment_seqs: Vec::new(),
            },
        );
    }

    fn take_refused(&mut self, row: &Taken) {
        let Some(facts) = read::<RefusedFacts>(row.facts.as_deref()) else {
            return self.add_event(row, bare(UNREADABLE));
        };
        let (Some(session), Some(exchange)) = (row.session, row.exchange) else {
            // Nobody's session, such as a call with an unknown token: it is shown among the events.
            return self.add_event(row, refusal_event(facts));
        };
        let caller = facts.caller;
        self.open_exchange(
            row,
            ExchangeRow {
                id: exchange.uuid(),
                session_id: session.uuid(),
                at: to_db(facts.arrived_at),
                person_id: caller.as_ref().and_then(|c| c.person).map(countersign_model::PersonId::uuid),
                caller: clean(caller.map(|c| c.label).unwrap_or_default()),
                connection_name: clean(facts.connection_name),
                method: clean(facts.method),
                path: clean(facts.path),
                shape: String::new(),
                model: None,
                ended: End::Refused.name().to_owned(),
                reason: Some(facts.reason.code().to_owned()),
                status: None,
                preview: String::new(),
                findings: 0,
                entities: Counts::default(),
                prompt_tokens: None,
                completion_tokens: None,
                recorded_micros: None,
                first_byte_micros: None,
                duration_micros: None,
                intent_seq: row.seq,
                outcome_seq: None,
                segment_seqs: Vec::new(),
            },
        );
    }

    fn take_segment(&mut self, row: &Taken) {
        let exchange = row.exchange.and_then(|id| self.exchanges.get_mut(&id.uuid()));
        let Some(exchange) = exchange.filter(|exchange| exchange.outcome_seq.is_none()) else {
            return self.add_event(row, bare(WITHOUT_INTENT));
        };
        exchange.segment_seqs.push(row.seq);
        let id = exchange.id;
        self.changed_exchanges.insert(id);
        self.count_found(id, &entities(&Coverage::default(), row.findings.as_deref()));
    }

    /// Adds an exchange and counts it in its session.
    fn open_exchange(&mut self, row: &Taken, mut exchange: ExchangeRow) {
        if self.exchanges.contains_key(&exchange.id) {
            return self.add_event(row, bare(REPEATED));
        }
        exchange.findings = exchange.entities.total();
        let session = self.sessions.entry(exchange.session_id).or_insert_with(|| SessionRow {
            id: exchange.session_id,
            started_at: exchange.at,
            last_at: exchange.at,
            person_id: exchange.person_id,
            caller: exchange.caller.clone(),
            connection_name: exchange.connection_name.clone(),
            model: None,
            exchanges: 0,
            refused: 0,
            findings: 0,
            entities: Counts::default(),
            ends: Counts::default(),
            entity_names: Vec::new(),
            end_names: Vec::new(),
            last_exchange: exchange.id,
            last_end: exchange.ended.clone(),
            preview: String::new(),
        });
        session.exchanges = session.exchanges.saturating_add(1);
        if exchange.ended == End::Refused.name() {
            session.refused = session.refused.saturating_add(1);
        }
        session.started_at = session.started_at.min(exchange.at);
        // Rows arrive in commit order, which is not always arrival order.
        if (exchange.at, exchange.id) >= (session.last_at, session.last_exchange) {
            session.last_at = exchange.at;
            session.last_exchange = exchange.id;
            session.last_end.clone_from(&exchange.ended);
            if exchange.model.is_some() {
                session.model.clone_from(&exchange.model);
            }
            if !exchange.preview.is_empty() {
                session.preview.clone_from(&exchange.preview);
            }
        }
        session.count_end(&exchange.ended, 1);
        session.count_findings(&exchange.entities);
        self.changed_sessions.insert(exchange.session_id);
        self.changed_exchanges.insert(exchange.id);
        self.exchanges.insert(exchange.id, exchange);
    }

    fn take_outcome(&mut self, row: &Taken) {
        let Some(id) = row.exchange else { return self.add_event(row, bare(UNREADABLE)) };
        let Some(exchange) = self.exchanges.get_mut(&id.uuid()) else {
            return self.add_event(row, bare(WITHOUT_INTENT));
        };
        if exchange.outcome_seq.is_some() || exchange.ended != End::Open.name() {
            return self.add_event(row, bare(REPEATED));
        }
        let facts = read::<OutcomeFacts>(row.facts.as_deref());
        let coverage = facts.as_ref().map(|facts| &facts.coverage);
        let found = entities(coverage.unwrap_or(&Coverage::default()), row.findings.as_deref());
        exchange.outcome_seq = Some(row.seq);
        // Erased or unreadable facts still close the exchange: that it ended is in the record itself.
        let end = facts.as_ref().map_or(End::Unknown, |facts| facts.end);
        end.name().clone_into(&mut exchange.ended);
        if let Some(facts) = facts {
            exchange.reason = facts.reason.map(|reason| reason.code().to_owned());
            exchange.status = facts.status.map(i32::from);
            exchange.prompt_tokens = facts.usage.prompt_tokens.map(signed);
            exchange.completion_tokens = facts.usage.completion_tokens.map(signed);
            exchange.recorded_micros = facts.timings.recorded.map(signed);
            exchange.first_byte_micros = facts.timings.first_byte.map(signed);
            exchange.duration_micros = facts.timings.end().map(signed);
        }
        self.changed_exchanges.insert(exchange.id);
        if let Some(session) = self.sessions.get_mut(&exchange.session_id) {
            session.count_end(End::Open.name(), -1);
            session.count_end(&exchange.ended, 1);
            if session.last_exchange == exchange.id {
                session.last_end.clone_from(&exchange.ended);
            }
            self.changed_sessions.insert(session.id);
        }
        self.count_found(id.uuid(), &found);
    }

    /// Counts findings that came after the intent, in the exchange and in its session.
    fn count_found(&mut self, exchange: Uuid, found: &Counts) {
        let Some(exchange) = self.exchanges.get_mut(&exchange).filter(|_| found.total() > 0) else { return };
        exchange.entities.add_all(found);
        exchange.findings = exchange.entities.total();
        if let Some(session) = self.sessions.get_mut(&exchange.session_id) {
            session.count_findings(found);
            self.changed_sessions.insert(session.id);
        }
    }

    fn add_event(&mut self, row: &Taken, facts: EventFacts) {
        self.events.push(EventRow {
            seq: row.seq,
            kind: row.kind.map_or("unreadable", Kind::name),
            at: to_db(row.at),
            facts: EventFacts {
                event: clean(facts.event),
                actor: clean(facts.actor),
                subject: clean(facts.subject),
                detail: facts.detail.into_iter().map(|(k, v)| (clean(k), clean(v))).collect(),
                peer: clean(facts.peer),
            },
            leaf_hash: bytea(&row.leaf_hash),
        });
    }
}

impl SessionRow {
    fn count_end(&mut self, end: &str, by: i64) {
        self.ends.add(end, by);
        self.end_names = self.ends.names();
    }

    fn count_findings(&mut self, found: &Counts) {
        self.entities.add_all(found);
        self.findings = self.entities.total();
        self.entity_names = self.entities.names();
    }
}

fn read<T: DeserializeOwned>(bytes: Option<&[u8]>) -> Option<T> {
    serde_json::from_slice(bytes?).ok()
}

/// The row's own count, or else that of the findings it lists.
fn entities(coverage: &Coverage, findings: Option<&[u8]>) -> Counts {
    let listed = read::<Vec<Found>>(findings).unwrap_or_default();
    let mut counts = Counts::default();
    for (entity, count) in coverage.counted(listed.iter().map(|found| &*found.entity)) {
        counts.add(&clean(entity.to_owned()), signed(count));
    }
    counts
}

/// Facts of another form, such as a boot's: what stands at the top of the object becomes the details.
fn other_facts(kind: Kind, facts: Option<&[u8]>) -> EventFacts {
    let mut event = bare(kind.name());
    for (name, value) in read::<serde_json::Map<String, serde_json::Value>>(facts).unwrap_or_default() {
        match value {
            // One level down, a detail each: nobody reads JSON.
            serde_json::Value::Object(inner) => {
                event.detail.extend(
                    inner.into_iter().map(|(inner, value)| (format!("{name}.{inner}"), plain(value))),
                );
            }
            value => event.detail.push((name, plain(value))),
        }
    }
    event
}

/// A value as text: strings without their quotes.
fn plain(value: serde_json::Value) -> String {
    let text = match value {
        serde_json::Value::String(text) => text,
        value => value.to_string(),
    };
    text.chars().take(DETAIL_MAX).collect()
}

/// An event of which nothing more is known than that it happened.
fn bare(event: &str) -> EventFacts {
    EventFacts {
        event: event.to_owned(),
        actor: "system".to_owned(),
        subject: String::new(),
        detail: Vec::new(),
        peer: String::new(),
    }
}

fn refusal_event(facts: RefusedFacts) -> EventFacts {
    EventFacts {
        event: "request.refused".to_owned(),
        actor: facts.caller.map(|caller| caller.label).unwrap_or_default(),
        subject: facts.connection_name,
        detail: vec![
            ("reason".to_owned(), facts.reason.code().to_owned()),
            ("request".to_owned(), format!("{} {}", facts.method, facts.path)),
        ],
        peer: facts.peer,
    }
}

/// Postgres text cannot hold U+0000, which JSON can: one such character must not stop the projection.
fn clean(text: String) -> String {
    if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text }
}

/// The text form that `bytea` reads.
fn bytea(bytes: &[u8]) -> String {
    bytes.iter().fold("\\x".to_owned(), |mut text, byte| {
        let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
        text.push(digit(byte >> 4));
        text.push(digit(byte & 0x0f));
        text
    })
}

fn signed(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
