//! The rows of the projected tables, as the fold works on them.
//!
//! One shape for both ways: written by `jsonb_populate_recordset`, read back by `to_jsonb`, so what a batch finds
//! in the tables is what the batch before it left there.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

use super::counts::Counts;

/// A row of `exchange`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct ExchangeRow {
    pub id: Uuid,
    pub session_id: Uuid,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    pub person_id: Option<Uuid>,
    pub caller: String,
    pub connection_name: String,
    pub method: String,
    pub path: String,
    pub shape: String,
    pub model: Option<String>,
    pub ended: String,
    pub reason: Option<String>,
    pub status: Option<i32>,
    pub preview: String,
    pub findings: i64,
    pub entities: Counts,
    pub prompt_tokens: Option<i64>,
    pub completion_tokens: Option<i64>,
    pub recorded_micros: Option<i64>,
    pub first_byte_micros: Option<i64>,
    pub duration_micros: Option<i64>,
    pub intent_seq: i64,
    pub outcome_seq: Option<i64>,
    pub segment_seqs: Vec<i64>,
}

/// A row of `session`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct SessionRow {
    pub id: Uuid,
    #[serde(with = "time::serde::rfc3339")]
    pub started_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    pub last_at: OffsetDateTime,
    pub person_id: Option<Uuid>,
    pub caller: String,
    pub connection_name: String,
    pub model: Option<String>,
    pub exchanges: i64,
    pub refused: i64,
    pub findings: i64,
    pub entities: Counts,
    pub ends: Counts,
    pub entity_names: Vec<String>,
    pub end_names: Vec<String>,
    pub last_exchange: Uuid,
    pub last_end: String,
    pub preview: String,
}

/// A row of `event`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct EventRow {
    pub seq: i64,
    pub kind: &'static str,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    pub facts: countersign_model::audit::EventFacts,
    /// `\x…`, as `bytea` reads it.
    pub leaf_hash: String,
}
