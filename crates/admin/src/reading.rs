//! From ledger rows to a whole exchange, as the session page shows it.
//!
//! The search tables only find: what is shown comes from the ledger's own payloads, and where the tables say something else
//! that is said. The rows are shown as they are stored, so the reader's browser can recompute their hashes; a row whose
//! record or content is not what was committed to is named as unreadable, never filled in.

mod told;

use std::collections::HashMap;

use countersign_ledger::{Digest, Group, Kind};
use countersign_model::{
    ExchangeId, Timestamp,
    entity::Finding,
    exchange::{
        AnswerPart, Coverage, ExchangeDetail, ExchangeSummary, IntentFacts, OutcomeFacts, RefusedFacts,
        RiskShown, RowView, Timings, Turn, assemble,
    },
};
use countersign_store::{
    LedgerReader, StoreError,
    ledger::{Contents, RawRecord},
};
use serde::{Deserialize, de::DeserializeOwned};

pub(crate) use self::told::session;

/// The exchanges with all that was recorded of them; `segments` names the rows of answers recorded in parts.
pub(crate) async fn details(
    reader: &LedgerReader,
    summaries: Vec<ExchangeSummary>,
    mut segments: HashMap<ExchangeId, Vec<u64>>,
) -> Result<Vec<ExchangeDetail>, StoreError> {
    let exchanges: Vec<(ExchangeSummary, Seqs)> = summaries
        .into_iter()
        .map(|summary| {
            let seqs = Seqs {
                first: summary.intent_seq.cast_unsigned(),
                segments: segments.remove(&summary.id).unwrap_or_default(),
                last: summary.outcome_seq.map(i64::cast_unsigned),
            };
            (summary, seqs)
        })
        .collect();
    let seqs: Vec<u64> = exchanges.iter().flat_map(|(_, seqs)| seqs.all()).collect();
    let rows = reader.raw_records(&seqs).await?;
    let records: Vec<_> = rows.iter().filter_map(|row| row.record.as_ref()).collect();
    let contents = reader.contents(&records, &Group::ALL).await?;
    let rows: HashMap<u64, RawRecord> = rows.into_iter().map(|row| (row.seq, row)).collect();
    Ok(exchanges.into_iter().map(|(summary, seqs)| detail(summary, &seqs, &rows, &contents)).collect())
}

/// The row numbers of one exchange.
struct Seqs {
    first: u64,
    segments: Vec<u64>,
    last: Option<u64>,
}

impl Seqs {
    /// The answer's rows, in order.
    fn answer(&self) -> impl Iterator<Item = u64> {
        self.segments.iter().copied().chain(self.last)
    }

    fn all(&self) -> impl Iterator<Item = u64> {
        std::iter::once(self.first).chain(self.answer())
    }
}

/// What segments' and outcomes' facts have in common.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Parts {
    parts: Vec<u32>,
    offsets: Vec<u64>,
}

fn detail(
    listed: ExchangeSummary,
    seqs: &Seqs,
    rows: &HashMap<u64, RawRecord>,
    contents: &Contents,
) -> ExchangeDetail {
    let held = |seq: u64| rows.get(&seq).filter(|row| holds(row, &listed, contents));
    let unreadable: Vec<i64> = seqs.all().filter(|seq| held(*seq).is_none()).map(u64::cast_signed).collect();
    // A row that is another exchange's tells nothing of this one.
    let first = held(seqs.first).or_else(|| rows.get(&seqs.first).filter(|row| belongs(row, &listed)));
    let facts = Facts {
        intent: of_kind(first, Kind::Intent).and_then(|seq| content(contents, seq, Group::Facts)),
        refused: of_kind(first, Kind::Refused).and_then(|seq| content(contents, seq, Group::Facts)),
        outcome: seqs
            .last
            .and_then(|last| of_kind(rows.get(&last).filter(|row| belongs(row, &listed)), Kind::Outcome))
            .and_then(|seq| content(contents, seq, Group::Facts)),
    };
    let mine = |seq: &u64| rows.get(seq).is_some_and(|row| belongs(row, &listed));
    let answer = seqs.answer().filter(mine).map(|seq| {
        let Parts { parts, offsets } = content(contents, seq, Group::Facts).unwrap_or_default();
        let turns = content::<Vec<Turn>>(contents, seq, Group::Response).unwrap_or_default();
        AnswerPart { parts, offsets, turns }
    });
    let response = assemble(answer);
    let request = match first {
        Some(row) => content::<Vec<Turn>>(contents, row.seq, Group::Request).unwrap_or_default(),
        None => Vec::new(),
    };
    let findings: Vec<Finding> = seqs
        .all()
        .filter(mine)
        .flat_map(|seq| content::<Vec<Finding>>(contents, seq, Group::Findings).unwrap_or_default())
        .collect();
    let (summary, disagrees) = told::exchange(listed, &facts, &findings, seqs.last.is_some());
    let Facts { intent, refused, outcome } = facts;
    let (request_id, peer, user_agent) = match (&intent, &refused) {
        (Some(facts), _) => (Some(facts.request), facts.peer.clone(), facts.user_agent.clone()),
        (None, Some(facts)) => (Some(facts.request), facts.peer.clone(), facts.user_agent.clone()),
        (None, None) => (None, String::new(), None),
    };
    ExchangeDetail {
        request_id,
        peer,
        user_agent,
        recording: intent.as_ref().map(|facts| facts.recording),
        masking: intent.as_ref().map(|facts| facts.masking.clone()),
        detail: refused.and_then(|facts| facts.detail),
        rules: intent.as_ref().map(|facts| facts.rules.clone()).unwrap_or_default(),
        request,
        response,
        truncated: outcome.as_ref().is_some_and(|facts| facts.truncated),
        risks: intent
            .iter()
            .flat_map(|facts| facts.risks.clone())
            .chain(outcome.iter().flat_map(|facts| facts.risks.clone()))
            .map(|risk| {
                let why = countersign_detect::risk::why(&risk.rule).map(str::to_owned);
                RiskShown { risk, why }
            })
            .collect(),
        findings,
        prompt_coverage: intent.map_or_else(Coverage::default, |facts| facts.coverage),
        response_coverage: outcome.as_ref().map_or_else(Coverage::default, |facts| facts.coverage.clone()),
        timings: outcome.as_ref().map_or_else(Timings::default, |facts| facts.timings),
        finish_reasons: outcome.map(|facts| facts.finish_reasons).unwrap_or_default(),
        rows: seqs.all().filter_map(|seq| rows.get(&seq)).map(view).collect(),
        unreadable,
        disagrees,
        summary,
    }
}

/// What the rows of an exchange say, as far as they can be read.
#[derive(Default)]
struct Facts {
    intent: Option<IntentFacts>,
    refused: Option<RefusedFacts>,
    outcome: Option<OutcomeFacts>,
}

/// Whether the row's own bytes say it is this exchange's.
fn belongs(row: &RawRecord, listed: &ExchangeSummary) -> bool {
    row.record
        .as_ref()
        .is_some_and(|record| record.exchange == Some(listed.id) && record.session == Some(listed.session))
}

/// Whether the row is this exchange's and all it committed to is at hand. Content that was never stored is not missing.
fn holds(row: &RawRecord, listed: &ExchangeSummary, contents: &Contents) -> bool {
    let Some(record) = row.record.as_ref().filter(|_| belongs(row, listed)) else { return false };
    record.commitments.iter().all(|promised| {
        promised.ciphertext == Digest::ZERO || contents.contains_key(&(row.seq, promised.group))
    })
}

/// The row's number, if it is of this kind.
fn of_kind(row: Option<&RawRecord>, kind: Kind) -> Option<u64> {
    row.filter(|row| row.kind == Some(kind)).map(|row| row.seq)
}

/// A row as stored, right or wrong.
fn view(row: &RawRecord) -> RowView {
    RowView {
        seq: row.seq.cast_signed(),
        kind: row.kind.map_or("unreadable", |kind| kind.name()).to_owned(),
        at: row.record.as_ref().map_or(Timestamp(0), |record| record.at),
        leaf_hash: hex(&row.leaf_hash),
        prev: row.record.as_ref().map(|record| record.prev.to_string()).unwrap_or_default(),
        record: hex(&row.bytes),
    }
}

fn content<T: DeserializeOwned>(contents: &Contents, seq: u64, group: Group) -> Option<T> {
    serde_json::from_slice(contents.get(&(seq, group))?).ok()
}

/// Lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 0x0f)]).collect()
}
