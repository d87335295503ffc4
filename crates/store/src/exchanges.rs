//! Projected exchanges: the rows of a session page, and the newest one for the live page.
//!
//! Only what lists and filters need is projected. What was said is read from the ledger's own payloads, so erasing it
//! there erases it everywhere.

use std::collections::HashMap;

use countersign_model::{
    ExchangeId, PersonId, SessionId, Timestamp,
    exchange::{End, ExchangeSummary, Usage},
    reason::Reason,
};
use sqlx::{
    PgConnection, Row as _,
    postgres::PgRow,
    types::{Json, time::OffsetDateTime},
};
use uuid::Uuid;

use crate::{
    error::StoreError,
    moment::{from_db, to_db},
    projection::Counts,
};

/// A page of a session's exchanges, oldest first; with `person`, only theirs.
pub async fn of_session(
    conn: &mut PgConnection,
    session: SessionId,
    person: Option<PersonId>,
    after: Option<(Timestamp, ExchangeId)>,
    limit: u32,
) -> Result<Vec<ExchangeSummary>, StoreError> {
    let rows = sqlx::query(
        "SELECT * FROM exchange
         WHERE session_id = $1
           AND ($2::uuid IS NULL OR person_id = $2)
           AND ($3::timestamptz IS NULL OR (at, id) > ($3, $4::uuid))
         ORDER BY at, id
         LIMIT $5",
    )
    .bind(session.uuid())
    .bind(person.map(PersonId::uuid))
    .bind(after.map(|(at, _)| to_db(at)))
    .bind(after.map(|(_, id)| id.uuid()))
    .bind(i64::from(limit))
    .persistent(false)
    .fetch_all(conn)
    .await?;
    rows.iter().map(summary).collect()
}

/// The row numbers of the segments of these exchanges, in order; exchanges without are not there.
pub async fn segments(
    conn: &mut PgConnection,
    ids: &[ExchangeId],
) -> Result<HashMap<ExchangeId, Vec<u64>>, StoreError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let rows: Vec<(Uuid, Vec<i64>)> = sqlx::query_as(
        "SELECT id, segment_seqs FROM exchange WHERE id = ANY ($1) AND cardinality(segment_seqs) > 0",
    )
    .bind(ids)
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|(id, seqs)| (ExchangeId::from_uuid(id), seqs.into_iter().map(i64::cast_unsigned).collect()))
        .collect())
}

/// One exchange.
pub async fn by_id(conn: &mut PgConnection, id: ExchangeId) -> Result<Option<ExchangeSummary>, StoreError> {
    let row =
        sqlx::query("SELECT * FROM exchange WHERE id = $1").bind(id.uuid()).fetch_optional(conn).await?;
    row.as_ref().map(summary).transpose()
}

/// The exchange this ledger row is part of: its session, itself, and when it arrived. Reads the whole table: for the one
/// row that a verification found, not for pages.
pub async fn holding(
    conn: &mut PgConnection,
    seq: i64,
) -> Result<Option<(SessionId, ExchangeId, Timestamp)>, StoreError> {
    let row: Option<(Uuid, Uuid, OffsetDateTime)> = sqlx::query_as(
        "SELECT session_id, id, at FROM exchange
         WHERE intent_seq = $1 OR outcome_seq = $1 OR $1 = ANY (segment_seqs)
         LIMIT 1",
    )
    .bind(seq)
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|(session, id, at)| (SessionId::from_uuid(session), ExchangeId::from_uuid(id), from_db(at))))
}

/// When the newest exchange arrived.
pub async fn newest_at(conn: &mut PgConnection) -> Result<Option<Timestamp>, StoreError> {
    let at: Option<OffsetDateTime> =
        sqlx::query_scalar("SELECT at FROM exchange ORDER BY at DESC, id DESC LIMIT 1")
            .fetch_optional(conn)
            .await?;
    Ok(at.map(from_db))
}

fn summary(row: &PgRow) -> Result<ExchangeSummary, StoreError> {
    let wrong = StoreError::Corrupt;
    let count = |column| -> Result<Option<u64>, StoreError> {
        Ok(row.try_get::<Option<i64>, _>(column)?.and_then(|n| u64::try_from(n).ok()))
    };
    let Json(entities): Json<Counts> = row.try_get("entities")?;
    let reason: Option<&str> = row.try_get("reason")?;
    Ok(ExchangeSummary {
        id: ExchangeId::from_uuid(row.try_get("id")?),
        session: SessionId::from_uuid(row.try_get("session_id")?),
        at: from_db(row.try_get("at")?),
        person: row.try_get::<Option<Uuid>, _>("person_id")?.map(PersonId::from_uuid),
        caller: row.try_get("caller")?,
        connection_name: row.try_get("connection_name")?,
        method: row.try_get("method")?,
        path: row.try_get("path")?,
        shape: row.try_get("shape")?,
        model: row.try_get("model")?,
        end: End::parse(row.try_get("ended")?).ok_or_else(|| wrong("exchange.ended"))?,
        reason: reason
            .map(|code| {
                Reason::ALL
                    .iter()
                    .copied()
                    .find(|known| known.code() == code)
                    .ok_or_else(|| wrong("exchange.reason"))
            })
            .transpose()?,
        status: row
            .try_get::<Option<i32>, _>("status")?
            .map(|status| u16::try_from(status).map_err(|_| wrong("exchange.status")))
            .transpose()?,
        preview: row.try_get("preview")?,
        entities: entities.most_first(usize::MAX),
        usage: Usage {
            prompt_tokens: count("prompt_tokens")?,
            completion_tokens: count("completion_tokens")?,
        },
        duration_micros: count("duration_micros")?,
        first_byte_micros: count("first_byte_micros")?,
        intent_seq: row.try_get("intent_seq")?,
        outcome_seq: row.try_get("outcome_seq")?,
    })
}
