//! One request through the proxy and its answer: the facts the ledger commits to, and the views made from them.
//!
//! The `*Facts` types are the JSON bytes of a ledger row's `Facts` group. They are part of the audit format:
//! fields are only ever added, and a reader ignores those it does not know.

use serde::{Deserialize, Serialize};

pub use crate::coverage::{AnalyzerRun, Coverage, Medium, NotRun, RulesRun};
use crate::{
    ConnectionId, ExchangeId, PersonId, RequestId, SessionId, Timestamp,
    caller::Caller,
    connection::{Masking, Recording},
    entity::Finding,
    reason::Reason,
    risk::Risk,
};

/// What is known when the intent is written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IntentFacts {
    pub request: RequestId,
    pub caller: Caller,
    pub connection: ConnectionId,
    pub connection_name: String,
    pub connection_version: i64,
    pub method: String,
    /// Path below the connection, as sent; the query is not recorded.
    pub path: String,
    /// `ip:port` of the TCP peer.
    pub peer: String,
    pub user_agent: Option<String>,
    /// Protocol shape, such as `openai.chat`.
    pub shape: String,
    pub model: Option<String>,
    pub stream: bool,
    pub arrived_at: Timestamp,
    /// Microseconds from arrival until the row was handed to the ledger.
    pub prepared_micros: u64,
    pub masking: Masking,
    pub recording: Recording,
    /// Rules that led to the verdict, by name.
    pub rules: Vec<String>,
    pub coverage: Coverage,
    /// Prompt-risk signals, the gravest of each rule and text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub risks: Vec<Risk>,
    /// First words of the masked prompt's last message, at most 160 characters; empty when only metadata is recorded.
    pub preview: String,
}

/// A request that was refused before it could be sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RefusedFacts {
    pub request: RequestId,
    pub reason: Reason,
    /// `None` when the caller could not be established.
    pub caller: Option<Caller>,
    pub connection: Option<ConnectionId>,
    /// As it stood in the path.
    pub connection_name: String,
    pub method: String,
    pub path: String,
    pub peer: String,
    pub user_agent: Option<String>,
    pub arrived_at: Timestamp,
    /// Safe detail, such as a byte offset; never content.
    pub detail: Option<String>,
}

/// How an exchange ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// The whole answer was relayed.
    Completed,
    /// The upstream answered with an error status, which was relayed.
    UpstreamError,
    /// The client left before the end; the upstream was cancelled.
    ClientGone,
    /// The gateway ended it: see the reason.
    Failed,
    /// The gateway stopped before it could say; found by the sweep.
    Unknown,
    /// The intent was committed, but nothing was sent to the upstream.
    NotForwarded,
    /// Refused before an intent was written.
    Refused,
    /// Still under way.
    Open,
}

impl End {
    /// All, in display order.
    pub const ALL: [Self; 8] = [
        Self::Open,
        Self::Completed,
        Self::UpstreamError,
        Self::ClientGone,
        Self::Failed,
        Self::NotForwarded,
        Self::Refused,
        Self::Unknown,
    ];

    /// The stable name, as stored and in URLs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::UpstreamError => "upstream_error",
            Self::ClientGone => "client_gone",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::NotForwarded => "not_forwarded",
            Self::Refused => "refused",
            Self::Open => "open",
        }
    }

    /// Reads the stable name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|end| end.name() == name)
    }
}

/// Offsets in microseconds from arrival; `None`: that point was not reached.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Timings {
    /// Caller known and body read.
    pub received: Option<u64>,
    /// Policy judged and prompt masked.
    pub masked: Option<u64>,
    /// Intent row committed.
    pub recorded: Option<u64>,
    /// Upstream's response head arrived.
    pub head: Option<u64>,
    /// First body bytes released to the caller.
    pub first_byte: Option<u64>,
    /// Last body bytes released to the caller.
    pub last_byte: Option<u64>,
    /// The exchange was over: all was relayed, the client had left, or it was given up. `None` in rows written before this
    /// was kept.
    pub ended: Option<u64>,
}

impl Timings {
    /// How long the exchange took.
    pub fn end(&self) -> Option<u64> {
        self.ended.or(self.last_byte)
    }
}

/// Tokens as the upstream counted them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Usage {
    pub prompt_tokens: Option<u64>,
    pub completion_tokens: Option<u64>,
}

/// What is known when the outcome is written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OutcomeFacts {
    pub end: End,
    /// Set when the gateway ended it.
    pub reason: Option<Reason>,
    /// The upstream's HTTP status.
    pub status: Option<u16>,
    pub timings: Timings,
    pub coverage: Coverage,
    pub usage: Usage,
    pub finish_reasons: Vec<String>,
    /// Server-sent events relayed; zero for a whole body.
    pub events: u64,
    /// Bytes of the answer released to the caller.
    pub released_bytes: u64,
    /// The recorded answer was cut at the recording limit.
    pub truncated: bool,
    /// For each turn of this row's answer, which turn of the whole answer it begins or continues, after the segments
    /// before it. Empty: this row's turns are the whole answer.
    #[serde(default)]
    pub parts: Vec<u32>,
    /// For each of `parts`, the byte of its turn's text at which this row's text begins: a row written after one that was
    /// not confirmed in time repeats that one's text. Empty: each begins where the rows before it end.
    #[serde(default)]
    pub offsets: Vec<u64>,
    /// Signals in the answer, as in [`IntentFacts::risks`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub risks: Vec<Risk>,
}

/// A part of a long streamed answer, on record before it was released.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentFacts {
    /// Bytes of masked text in this row.
    pub bytes: u64,
    /// As in [`OutcomeFacts::parts`].
    #[serde(default)]
    pub parts: Vec<u32>,
    /// As in [`OutcomeFacts::offsets`].
    #[serde(default)]
    pub offsets: Vec<u64>,
}

/// One turn of a conversation, as recorded (masked).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// `system`, `user`, `assistant`, `tool`, … or the JSON path for other shapes.
    pub role: String,
    /// `text`, `reasoning`, `refusal`, `tool_call`, `tool_result`, `image`, …
    pub kind: String,
    /// Tool name, choice index and the like; may be empty.
    pub name: String,
    pub text: String,
}

/// What one segment or outcome row holds of an answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AnswerPart {
    /// As in [`OutcomeFacts::parts`].
    pub parts: Vec<u32>,
    /// As in [`OutcomeFacts::offsets`].
    pub offsets: Vec<u64>,
    pub turns: Vec<Turn>,
}

/// The whole answer, from its segment and outcome rows in order. Text that two rows hold shows once.
pub fn assemble(rows: impl IntoIterator<Item = AnswerPart>) -> Vec<Turn> {
    let mut whole: Vec<Turn> = Vec::new();
    for AnswerPart { parts, offsets, turns } in rows {
        for (at, turn) in turns.into_iter().enumerate() {
            match parts.get(at).and_then(|&part| whole.get_mut(part as usize)) {
                Some(begun) => begun.text.push_str(fresh(&begun.text, offsets.get(at).copied(), &turn.text)),
                None => whole.push(turn),
            }
        }
    }
    whole
}

/// What of `text`, which begins at `offset` of its turn, does not stand in `held` yet. What is missing in between cannot
/// be shown and keeps nothing else from being shown.
fn fresh<'a>(held: &str, offset: Option<u64>, text: &'a str) -> &'a str {
    let held = held.len();
    let offset = offset.map_or(held, |offset| usize::try_from(offset).unwrap_or(held));
    let known = held.saturating_sub(offset).min(text.len());
    // Within a character only if the two rows tell different texts: then both are shown.
    text.get(known..).unwrap_or(text)
}

/// A ledger row as the pages show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowView {
    pub seq: i64,
    /// Kind name, such as `intent`.
    pub kind: String,
    pub at: Timestamp,
    /// Hex of the 32-byte leaf hash.
    pub leaf_hash: String,
    /// Hex of the previous row's leaf hash.
    pub prev: String,
    /// Hex of the record's bytes, so a browser can recompute the hash.
    pub record: String,
}

/// An exchange in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExchangeSummary {
    pub id: ExchangeId,
    pub session: SessionId,
    pub at: Timestamp,
    pub person: Option<PersonId>,
    pub caller: String,
    pub connection_name: String,
    pub method: String,
    pub path: String,
    pub shape: String,
    pub model: Option<String>,
    pub end: End,
    pub reason: Option<Reason>,
    pub status: Option<u16>,
    pub preview: String,
    /// Findings by entity, most first.
    pub entities: Vec<(String, i64)>,
    pub usage: Usage,
    /// Arrival to last byte, microseconds.
    pub duration_micros: Option<u64>,
    pub first_byte_micros: Option<u64>,
    pub intent_seq: i64,
    pub outcome_seq: Option<i64>,
}

/// An exchange, whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExchangeDetail {
    pub summary: ExchangeSummary,
    pub request_id: Option<RequestId>,
    pub peer: String,
    pub user_agent: Option<String>,
    /// `None`: refused before it was settled, or the row that says so cannot be read.
    pub recording: Option<Recording>,
    /// As `recording`.
    pub masking: Option<Masking>,
    /// Safe words on a refusal, such as the place that could not be inspected.
    pub detail: Option<String>,
    pub rules: Vec<String>,
    pub request: Vec<Turn>,
    pub response: Vec<Turn>,
    pub truncated: bool,
    pub findings: Vec<Finding>,
    /// Signals in the prompt and in the answer.
    #[serde(default)]
    pub risks: Vec<RiskShown>,
    pub prompt_coverage: Coverage,
    pub response_coverage: Coverage,
    pub timings: Timings,
    pub finish_reasons: Vec<String>,
    pub rows: Vec<RowView>,
    /// Rows of this exchange that are missing, or whose record or content is not what was committed to. What they held is
    /// not shown, and nothing stands in for it.
    pub unreadable: Vec<i64>,
    /// What the search tables say of it that the ledger does not, by name. The ledger's is what is shown.
    pub disagrees: Vec<String>,
}

/// A signal on record, and why its rule saw one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RiskShown {
    pub risk: Risk,
    /// For people. `None`: a rule that this version does not have.
    pub why: Option<String>,
}

/// A session in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SessionSummary {
    pub id: SessionId,
    pub started_at: Timestamp,
    pub last_at: Timestamp,
    pub person: Option<PersonId>,
    pub caller: String,
    pub connection_name: String,
    pub model: Option<String>,
    pub exchanges: i64,
    pub refused: i64,
    pub findings: i64,
    /// Findings by entity, most first.
    pub entities: Vec<(String, i64)>,
    /// How the newest exchange ended.
    pub last_end: End,
    pub preview: String,
}

/// Filters of the session list; all of them are in the URL.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SessionFilter {
    /// Substring of the caller's label, case-insensitive.
    pub caller: Option<String>,
    /// Exact connection name.
    pub connection: Option<String>,
    /// Entity name that must have been found.
    pub entity: Option<String>,
    /// End of any exchange in it.
    pub end: Option<String>,
    /// RFC 3339, inclusive.
    pub since: Option<String>,
    /// RFC 3339, exclusive.
    pub until: Option<String>,
}

/// A session, with a page of its exchanges, oldest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SessionDetail {
    /// As the ledger tells it, as far as the exchanges of this page do; only the numbers of a session that is longer than
    /// the page are the search tables'.
    pub summary: SessionSummary,
    /// What the search tables say of the session that the ledger does not, by name.
    pub disagrees: Vec<String>,
    pub exchanges: crate::page::Page<ExchangeDetail>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(parts: &[u32], offsets: &[u64], texts: &[&str]) -> AnswerPart {
        let turn = |text: &&str| Turn {
            role: "assistant".into(),
            kind: "text".into(),
            name: String::new(),
            text: (*text).to_owned(),
        };
        AnswerPart {
            parts: parts.to_vec(),
            offsets: offsets.to_vec(),
            turns: texts.iter().map(turn).collect(),
        }
    }

    fn texts(rows: Vec<AnswerPart>) -> Vec<String> {
        assemble(rows).into_iter().map(|turn| turn.text).collect()
    }

    #[test]
    fn rows_without_offsets_are_appended() {
        let rows = vec![row(&[0], &[], &["ab"]), row(&[0, 1], &[], &["ab", "x"]), row(&[1], &[], &["y"])];
        assert_eq!(texts(rows), ["abab", "xy"]);
        assert_eq!(texts(vec![row(&[], &[], &["a", "b"])]), ["a", "b"]);
    }

    #[test]
    fn text_that_two_rows_hold_shows_once() {
        let first = row(&[0], &[0], &["caf\u{e9} "]);
        let again = row(&[0, 1], &[0, 0], &["caf\u{e9} noir", "x"]);
        assert_eq!(texts(vec![first.clone(), again.clone()]), ["caf\u{e9} noir", "x"]);
        assert_eq!(texts(vec![again.clone()]), ["caf\u{e9} noir", "x"]);
        assert_eq!(texts(vec![again, first]), ["caf\u{e9} noir", "x"], "also when it came late");
        let on = row(&[0], &[6], &["noir"]);
        assert_eq!(texts(vec![row(&[0], &[0], &["caf\u{e9} "]), on]), ["caf\u{e9} noir"]);
    }

    #[test]
    fn a_gap_hides_nothing_of_what_follows() {
        assert_eq!(texts(vec![row(&[0], &[0], &["ab"]), row(&[0], &[9], &["cd"])]), ["abcd"]);
        assert_eq!(texts(vec![row(&[0], &[0], &["\u{e9}"]), row(&[0], &[1], &["\u{e9}"])]), ["\u{e9}\u{e9}"]);
    }
}
