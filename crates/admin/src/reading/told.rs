//! What the ledger tells of an exchange and of a session, beside what the search tables say.
//!
//! The tables are written from the ledger but guarded by nothing: whoever may write to the database may write to them. So a
//! fact the ledger holds always wins, and a table that says otherwise is named, by the name of the fact.

use std::collections::BTreeMap;

use countersign_model::{
    PersonId,
    caller::Caller,
    entity::{Direction, Finding},
    exchange::{Coverage, End, ExchangeDetail, ExchangeSummary, SessionSummary, Usage},
};

use super::Facts;

/// Notes which facts differed, each once.
#[derive(Default)]
struct Differences(Vec<String>);

impl Differences {
    /// Puts the ledger's word in the place of the table's.
    fn settle<T: PartialEq>(&mut self, name: &str, listed: &mut T, told: T) {
        if *listed != told {
            if !self.0.iter().any(|known| known == name) {
                self.0.push(name.to_owned());
            }
            *listed = told;
        }
    }
}

/// The exchange as the ledger tells it. Facts whose row cannot be read stay the table's: the page marks them.
pub(super) fn exchange(
    mut shown: ExchangeSummary,
    facts: &Facts,
    findings: &[Finding],
    ended: bool,
) -> (ExchangeSummary, Vec<String>) {
    let mut found = Differences::default();
    if let Some(intent) = &facts.intent {
        caller(&mut found, &mut shown, Some(&intent.caller));
        found.settle("connection", &mut shown.connection_name, clean(&intent.connection_name));
        found.settle("method", &mut shown.method, clean(&intent.method));
        found.settle("path", &mut shown.path, clean(&intent.path));
        found.settle("shape", &mut shown.shape, clean(&intent.shape));
        found.settle("model", &mut shown.model, intent.model.as_deref().map(clean));
        // The tables keep microseconds.
        if shown.at.micros() != intent.arrived_at.micros() {
            found.settle("time", &mut shown.at, intent.arrived_at);
        }
        if !ended {
            found.settle("end", &mut shown.end, End::Open);
        }
    }
    if let Some(refused) = &facts.refused {
        caller(&mut found, &mut shown, refused.caller.as_ref());
        found.settle("connection", &mut shown.connection_name, clean(&refused.connection_name));
        found.settle("method", &mut shown.method, clean(&refused.method));
        found.settle("path", &mut shown.path, clean(&refused.path));
        found.settle("end", &mut shown.end, End::Refused);
        found.settle("reason", &mut shown.reason, Some(refused.reason));
        if shown.at.micros() != refused.arrived_at.micros() {
            found.settle("time", &mut shown.at, refused.arrived_at);
        }
    }
    if let Some(outcome) = &facts.outcome {
        found.settle("end", &mut shown.end, outcome.end);
        found.settle("reason", &mut shown.reason, outcome.reason);
        found.settle("status", &mut shown.status, outcome.status);
        found.settle("duration", &mut shown.duration_micros, outcome.timings.end());
        found.settle("first byte", &mut shown.first_byte_micros, outcome.timings.first_byte);
        let usage = Usage {
            prompt_tokens: outcome.usage.prompt_tokens.map(storable),
            completion_tokens: outcome.usage.completion_tokens.map(storable),
        };
        found.settle("tokens", &mut shown.usage, usage);
    }
    let known = facts.intent.is_some() || facts.refused.is_some();
    if known && (!ended || facts.outcome.is_some()) {
        let none = Coverage::default();
        let counted = [
            (Direction::Prompt, facts.intent.as_ref().map_or(&none, |intent| &intent.coverage)),
            (Direction::Response, facts.outcome.as_ref().map_or(&none, |outcome| &outcome.coverage)),
        ]
        .into_iter()
        .flat_map(|(direction, coverage)| {
            let listed = findings.iter().filter(|finding| finding.direction == direction);
            coverage.counted(listed.map(|finding| &*finding.entity))
        });
        let counted = most_first(counted.map(|(entity, count)| (entity, storable(count).cast_signed())));
        found.settle("findings", &mut shown.entities, counted);
    }
    (shown, found.0)
}

/// The session as the exchanges of this page tell it; `whole`: they are all it has.
pub(crate) fn session(
    mut shown: SessionSummary,
    exchanges: &[ExchangeDetail],
    whole: bool,
    newest: bool,
) -> (SessionSummary, Vec<String>) {
    let mut found = Differences::default();
    let unread = |exchange: &&ExchangeDetail| exchange.request_id.is_some();
    if let Some(first) = exchanges.iter().find(unread) {
        found.settle("person", &mut shown.person, first.summary.person);
        found.settle("caller", &mut shown.caller, first.summary.caller.clone());
        found.settle("connection", &mut shown.connection_name, first.summary.connection_name.clone());
    }
    if let Some(last) = exchanges.last().filter(|_| newest) {
        found.settle("end", &mut shown.last_end, last.summary.end);
        if let Some(model) = exchanges.iter().rev().find_map(|exchange| exchange.summary.model.clone()) {
            found.settle("model", &mut shown.model, Some(model));
        }
    }
    if whole && exchanges.iter().all(|exchange| exchange.unreadable.is_empty()) {
        let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let refused = exchanges.iter().filter(|exchange| exchange.summary.end == End::Refused).count();
        found.settle("exchanges", &mut shown.exchanges, count(exchanges.len()));
        found.settle("refused", &mut shown.refused, count(refused));
        let entities = most_first(
            exchanges.iter().flat_map(|exchange| &exchange.summary.entities).map(|(e, n)| (e.as_str(), *n)),
        );
        found.settle("findings", &mut shown.findings, entities.iter().map(|(_, count)| count).sum());
        found.settle("findings", &mut shown.entities, entities);
    }
    (shown, found.0)
}

fn caller(found: &mut Differences, shown: &mut ExchangeSummary, told: Option<&Caller>) {
    let label = told.map(|caller| clean(&caller.label)).unwrap_or_default();
    let person: Option<PersonId> = told.and_then(|caller| caller.person);
    found.settle("caller", &mut shown.caller, label);
    found.settle("person", &mut shown.person, person);
}

/// As the tables order them: the most frequent first, then by name.
fn most_first<'a>(names: impl Iterator<Item = (&'a str, i64)>) -> Vec<(String, i64)> {
    let mut counts: BTreeMap<&str, i64> = BTreeMap::new();
    for (name, count) in names {
        *counts.entry(name).or_default() += count;
    }
    let mut pairs: Vec<_> = counts.into_iter().map(|(name, count)| (name.to_owned(), count)).collect();
    pairs.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    pairs
}

/// Postgres text cannot hold U+0000: the tables have another sign there, which is no disagreement.
fn clean(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

/// The tables hold at most what a signed number does.
fn storable(count: u64) -> u64 {
    count.min(i64::MAX.unsigned_abs())
}
