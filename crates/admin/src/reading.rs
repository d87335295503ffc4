//! From ledger rows to a whole exchange, as the session page shows it.
//!
//! Everything but the list fields comes from the ledger's own payloads. The rows are shown as they are stored, so the
//! reader's browser can recompute their hashes; content that was erased or altered is simply not there.

use std::collections::HashMap;

use countersign_ledger::Group;
use countersign_model::{
    ExchangeId, Timestamp,
    connection::{Masking, Recording},
    entity::Finding,
    exchange::{
        AnswerPart, Coverage, ExchangeDetail, ExchangeSummary, IntentFacts, OutcomeFacts, RefusedFacts,
        RowView, Timings, Turn, assemble,
    },
};
use countersign_store::{
    LedgerReader, StoreError,
    ledger::{Contents, RawRecord},
};
use serde::{Deserialize, de::DeserializeOwned};

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
    summary: ExchangeSummary,
    seqs: &Seqs,
    rows: &HashMap<u64, RawRecord>,
    contents: &Contents,
) -> ExchangeDetail {
    let first = seqs.first;
    let intent: Option<IntentFacts> = content(contents, first, Group::Facts);
    let refused: Option<RefusedFacts> = content(contents, first, Group::Facts);
    let outcome: Option<OutcomeFacts> = seqs.last.and_then(|last| content(contents, last, Group::Facts));
    let (request_id, peer, user_agent) = match (&intent, &refused) {
        (Some(facts), _) => (Some(facts.request), facts.peer.clone(), facts.user_agent.clone()),
        (None, Some(facts)) => (Some(facts.request), facts.peer.clone(), facts.user_agent.clone()),
        (None, None) => (None, String::new(), None),
    };
    let answer = seqs.answer().map(|seq| {
        let Parts { parts, offsets } = content(contents, seq, Group::Facts).unwrap_or_default();
        let turns = content::<Vec<Turn>>(contents, seq, Group::Response).unwrap_or_default();
        AnswerPart { parts, offsets, turns }
    });
    ExchangeDetail {
        request_id,
        peer,
        user_agent,
        recording: intent.as_ref().map_or(Recording::MetadataOnly, |facts| facts.recording),
        masking: intent.as_ref().map_or(Masking { prompt: false, response: false }, |facts| facts.masking),
        rules: intent.as_ref().map(|facts| facts.rules.clone()).unwrap_or_default(),
        request: content::<Vec<Turn>>(contents, first, Group::Request).unwrap_or_default(),
        response: assemble(answer),
        truncated: outcome.as_ref().is_some_and(|facts| facts.truncated),
        findings: seqs
            .all()
            .flat_map(|seq| content::<Vec<Finding>>(contents, seq, Group::Findings).unwrap_or_default())
            .collect(),
        prompt_coverage: intent.map_or_else(Coverage::default, |facts| facts.coverage),
        response_coverage: outcome.as_ref().map_or_else(Coverage::default, |facts| facts.coverage.clone()),
        timings: outcome.as_ref().map_or_else(Timings::default, |facts| facts.timings),
        finish_reasons: outcome.map(|facts| facts.finish_reasons).unwrap_or_default(),
        rows: seqs.all().filter_map(|seq| rows.get(&seq)).map(view).collect(),
        summary,
    }
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
