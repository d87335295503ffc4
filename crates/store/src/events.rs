//! The projected list of everything in the ledger that is not an exchange: sign-ins, changes, reads, boots.

use countersign_model::audit::{EventFacts, EventView};
use sqlx::{PgConnection, Row as _, postgres::PgRow, types::Json};

use crate::{error::StoreError, moment::from_db};

/// A page of events, newest first, older than `before`.
pub async fn page(
    conn: &mut PgConnection,
    before: Option<i64>,
    limit: u32,
) -> Result<Vec<EventView>, StoreError> {
    let rows = sqlx::query(
        "SELECT seq, kind, at, facts, encode(leaf_hash, 'hex') AS leaf_hash FROM event
         WHERE seq < $1
         ORDER BY seq DESC
         LIMIT $2",
    )
    .bind(before.unwrap_or(i64::MAX))
    .bind(i64::from(limit))
    .fetch_all(conn)
    .await?;
    rows.iter().map(event).collect()
}

/// Whether this ledger row is shown as an event.
pub async fn exists(conn: &mut PgConnection, seq: i64) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar("SELECT EXISTS (SELECT FROM event WHERE seq = $1)")
        .bind(seq)
        .fetch_one(conn)
        .await?)
}

fn event(row: &PgRow) -> Result<EventView, StoreError> {
    let Json(facts): Json<EventFacts> = row.try_get("facts")?;
    Ok(EventView {
        seq: row.try_get("seq")?,
        kind: row.try_get("kind")?,
        at: from_db(row.try_get("at")?),
        facts,
        leaf_hash: row.try_get("leaf_hash")?,
    })
}
