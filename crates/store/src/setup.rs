//! The one-time link by which the first administrator is made. Only its SHA-256 is stored.

use countersign_model::Timestamp;
use sqlx::PgConnection;

use crate::{error::StoreError, moment::to_db};

/// Stores a new link; earlier links stop working.
pub async fn issue(
    conn: &mut PgConnection,
    hash: &[u8; 32],
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM setup_link").execute(&mut *conn).await?;
    sqlx::query("INSERT INTO setup_link (hash, created_at, expires_at) VALUES ($1, $2, $3)")
        .bind(hash.as_slice())
        .bind(to_db(now))
        .bind(to_db(expires_at))
        .execute(conn)
        .await?;
    Ok(())
}

/// Whether the link would work now. Redeeming asks again.
pub async fn holds(conn: &mut PgConnection, hash: &[u8; 32], now: Timestamp) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM setup_link WHERE hash = $1 AND used_at IS NULL AND expires_at > $2)",
    )
    .bind(hash.as_slice())
    .bind(to_db(now))
    .fetch_one(conn)
    .await?)
}

/// Uses the link up. Of two racing for it exactly one gets `true`; nobody does once an administrator exists.
pub async fn redeem(conn: &mut PgConnection, hash: &[u8; 32], now: Timestamp) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "UPDATE setup_link SET used_at = $2
         WHERE hash = $1
           AND used_at IS NULL
           AND expires_at > $2
           AND NOT EXISTS (SELECT FROM person WHERE 'admin' = ANY (roles) AND disabled_at IS NULL)",
    )
    .bind(hash.as_slice())
    .bind(to_db(now))
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
