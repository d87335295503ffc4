//! The projected tables' SQL: load what a batch touches, write back what it changed, move the cursor.

use serde::{Serialize, de::DeserializeOwned};
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

use super::{
    fold::Tables,
    rows::{ExchangeRow, SessionRow},
};
use crate::error::StoreError;

/// Locks the cursor until the transaction ends, so only one projector in the cluster works at a time.
/// Returns the first row number that is not taken in yet.
///
/// The transaction's commit does not wait for the disk: what a power cut takes back, tables and cursor together, is taken
/// in again, and the disk is the ledger's.
pub(crate) async fn lock_cursor(conn: &mut PgConnection) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar(
        "SELECT next_seq, set_config('synchronous_commit', 'off', true) \
         FROM projection_cursor WHERE name = 'search' FOR UPDATE",
    )
    .fetch_one(conn)
    .await?)
}

/// Moves the cursor.
pub(crate) async fn move_cursor(conn: &mut PgConnection, next: i64) -> Result<(), StoreError> {
    sqlx::query("UPDATE projection_cursor SET next_seq = $1 WHERE name = 'search'")
        .bind(next)
        .execute(conn)
        .await?;
    Ok(())
}

/// The first row number that is not taken in yet; the lag is the ledger's size minus this.
pub(crate) async fn cursor(conn: &mut PgConnection) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar("SELECT next_seq FROM projection_cursor WHERE name = 'search'")
        .fetch_one(conn)
        .await?)
}

/// Empties the tables and begins again at row 0.
pub(crate) async fn reset(conn: &mut PgConnection) -> Result<(), StoreError> {
    lock_cursor(conn).await?;
    sqlx::query("TRUNCATE exchange, session, event").execute(&mut *conn).await?;
    move_cursor(conn, 0).await
}

/// The exchanges with these ids and the sessions with these or of those exchanges.
pub(crate) async fn load(
    conn: &mut PgConnection,
    exchanges: &[Uuid],
    sessions: &[Uuid],
) -> Result<Tables, StoreError> {
    let mut tables = Tables::default();
    let rows: Vec<ExchangeRow> = loaded(
        sqlx::query_scalar("SELECT to_jsonb(e) FROM exchange e WHERE id = ANY ($1)")
            .bind(exchanges)
            .fetch_all(&mut *conn)
            .await?,
    );
    let mut wanted = sessions.to_vec();
    wanted.extend(rows.iter().map(|row| row.session_id));
    tables.exchanges = rows.into_iter().map(|row| (row.id, row)).collect();
    let rows: Vec<SessionRow> = loaded(
        sqlx::query_scalar("SELECT to_jsonb(s) FROM session s WHERE id = ANY ($1)")
            .bind(&wanted)
            .fetch_all(conn)
            .await?,
    );
    tables.sessions = rows.into_iter().map(|row| (row.id, row)).collect();
    Ok(tables)
}

/// Writes back what the batch changed.
pub(crate) async fn save(conn: &mut PgConnection, tables: &Tables) -> Result<(), StoreError> {
    let exchanges: Vec<_> =
        tables.changed_exchanges.iter().filter_map(|id| tables.exchanges.get(id)).collect();
    write(
        conn,
        "INSERT INTO exchange SELECT * FROM jsonb_populate_recordset(NULL::exchange, $1)
         ON CONFLICT (id) DO UPDATE
         SET ended = excluded.ended, reason = excluded.reason, status = excluded.status,
             findings = excluded.findings, entities = excluded.entities,
             prompt_tokens = excluded.prompt_tokens, completion_tokens = excluded.completion_tokens,
             recorded_micros = excluded.recorded_micros, first_byte_micros = excluded.first_byte_micros,
             duration_micros = excluded.duration_micros, outcome_seq = excluded.outcome_seq,
             segment_seqs = excluded.segment_seqs",
        &exchanges,
    )
    .await?;
    let sessions: Vec<_> = tables.changed_sessions.iter().filter_map(|id| tables.sessions.get(id)).collect();
    write(
        conn,
        "INSERT INTO session SELECT * FROM jsonb_populate_recordset(NULL::session, $1)
         ON CONFLICT (id) DO UPDATE
         SET started_at = excluded.started_at, last_at = excluded.last_at, model = excluded.model,
             exchanges = excluded.exchanges, refused = excluded.refused, findings = excluded.findings,
             entities = excluded.entities, ends = excluded.ends, entity_names = excluded.entity_names,
             end_names = excluded.end_names, last_exchange = excluded.last_exchange,
             last_end = excluded.last_end, preview = excluded.preview",
        &sessions,
    )
    .await?;
    write(
        conn,
        "INSERT INTO event SELECT * FROM jsonb_populate_recordset(NULL::event, $1)
         ON CONFLICT (seq) DO NOTHING",
        &tables.events,
    )
    .await
}

async fn write<T: Serialize>(
    conn: &mut PgConnection,
    sql: &'static str,
    rows: &[T],
) -> Result<(), StoreError> {
    if !rows.is_empty() {
        sqlx::query(sql).bind(Json(rows)).execute(conn).await?;
    }
    Ok(())
}

fn loaded<T: DeserializeOwned>(rows: Vec<Json<T>>) -> Vec<T> {
    rows.into_iter().map(|Json(row)| row).collect()
}
