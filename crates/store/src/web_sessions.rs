//! Browser sessions behind the cookie. The cookie's value is never stored, only its SHA-256, so a copy of the table
//! opens no session.
//!
//! What is inside `data` is the server's business. Who it belongs to is in columns, so that disabling a person or a
//! back-channel logout ends sessions in one statement.

use countersign_model::{PersonId, Timestamp};
use sqlx::{PgConnection, Row as _};
use uuid::Uuid;

use crate::{
    error::StoreError,
    moment::{from_db, to_db},
};

/// A stored session.
#[derive(Clone, PartialEq, Eq)]
pub struct WebSession {
    /// SHA-256 of the cookie's value.
    pub id_hash: [u8; 32],
    /// Opaque to the store.
    pub data: Vec<u8>,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    /// Who is signed in, once somebody is.
    pub person: Option<PersonId>,
    /// The issuer, subject and session id (`sid`) of an OpenID Connect sign-in.
    pub issuer: Option<String>,
    pub subject: Option<String>,
    pub sid: Option<String>,
}

/// Writes a new session. `false`: the id is in use, take another.
pub async fn create(conn: &mut PgConnection, session: &WebSession) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "INSERT INTO web_session (id_hash, data, created_at, expires_at, person_id, issuer, subject, sid)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (id_hash) DO NOTHING",
    )
    .bind(session.id_hash.as_slice())
    .bind(&session.data)
    .bind(to_db(session.created_at))
    .bind(to_db(session.expires_at))
    .bind(session.person.map(PersonId::uuid))
    .bind(&session.issuer)
    .bind(&session.subject)
    .bind(&session.sid)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Writes a session that exists. `false`: it does not any more; it was ended, and saving must not bring it back.
pub async fn save(conn: &mut PgConnection, session: &WebSession) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "UPDATE web_session
         SET data = $2, expires_at = $3, person_id = $4, issuer = $5, subject = $6, sid = $7
         WHERE id_hash = $1",
    )
    .bind(session.id_hash.as_slice())
    .bind(&session.data)
    .bind(to_db(session.expires_at))
    .bind(session.person.map(PersonId::uuid))
    .bind(&session.issuer)
    .bind(&session.subject)
    .bind(&session.sid)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The session behind a cookie, unless it has expired or its person is disabled.
pub async fn load(
    conn: &mut PgConnection,
    id_hash: &[u8; 32],
    now: Timestamp,
) -> Result<Option<WebSession>, StoreError> {
    let row = sqlx::query(
        "SELECT data, created_at, expires_at, person_id, issuer, subject, sid FROM web_session
         WHERE id_hash = $1
           AND expires_at > $2
           AND NOT EXISTS (SELECT FROM person p WHERE p.id = person_id AND p.disabled_at IS NOT NULL)",
    )
    .bind(id_hash.as_slice())
    .bind(to_db(now))
    .fetch_optional(conn)
    .await?;
    row.map(|row| {
        Ok(WebSession {
            id_hash: *id_hash,
            data: row.try_get("data")?,
            created_at: from_db(row.try_get("created_at")?),
            expires_at: from_db(row.try_get("expires_at")?),
            person: row.try_get::<Option<Uuid>, _>("person_id")?.map(PersonId::from_uuid),
            issuer: row.try_get("issuer")?,
            subject: row.try_get("subject")?,
            sid: row.try_get("sid")?,
        })
    })
    .transpose()
}

/// Leaves `data` at a place, a hash as a session's, until somebody takes it; what was there is replaced. No session: only
/// [`take`] is meant to find it.
pub async fn leave(
    conn: &mut PgConnection,
    place: &[u8; 32],
    data: &[u8],
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO web_session (id_hash, data, created_at, expires_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (id_hash) DO UPDATE
         SET data = excluded.data, created_at = excluded.created_at, expires_at = excluded.expires_at",
    )
    .bind(place.as_slice())
    .bind(data)
    .bind(to_db(now))
    .bind(to_db(expires_at))
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes what was left at a place. Of two who ask, one gets it.
pub async fn take(
    conn: &mut PgConnection,
    place: &[u8; 32],
    now: Timestamp,
) -> Result<Option<Vec<u8>>, StoreError> {
    let data =
        sqlx::query_scalar("DELETE FROM web_session WHERE id_hash = $1 AND expires_at > $2 RETURNING data")
            .bind(place.as_slice())
            .bind(to_db(now))
            .fetch_optional(conn)
            .await?;
    Ok(data)
}

/// Ends one session.
pub async fn delete(conn: &mut PgConnection, id_hash: &[u8; 32]) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM web_session WHERE id_hash = $1").bind(id_hash.as_slice()).execute(conn).await?;
    Ok(())
}

/// Ends all sessions of a person; returns how many that were.
pub async fn delete_of_person(conn: &mut PgConnection, person: PersonId) -> Result<u64, StoreError> {
    let done =
        sqlx::query("DELETE FROM web_session WHERE person_id = $1").bind(person.uuid()).execute(conn).await?;
    Ok(done.rows_affected())
}

/// Ends all sessions of a person but one: after a change of the own password.
pub async fn delete_others_of_person(
    conn: &mut PgConnection,
    person: PersonId,
    keep: &[u8; 32],
) -> Result<u64, StoreError> {
    let done = sqlx::query("DELETE FROM web_session WHERE person_id = $1 AND id_hash <> $2")
        .bind(person.uuid())
        .bind(keep.as_slice())
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}

/// Ends the sessions an issuer names in a back-channel logout: by `sid` (OpenID Connect Back-Channel Logout 1.0).
pub async fn delete_of_sid(conn: &mut PgConnection, issuer: &str, sid: &str) -> Result<u64, StoreError> {
    let done = sqlx::query("DELETE FROM web_session WHERE issuer = $1 AND sid = $2")
        .bind(issuer)
        .bind(sid)
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}

/// Ends all sessions of an issuer's subject: a back-channel logout without `sid`.
pub async fn delete_of_subject(
    conn: &mut PgConnection,
    issuer: &str,
    subject: &str,
) -> Result<u64, StoreError> {
    let done = sqlx::query("DELETE FROM web_session WHERE issuer = $1 AND subject = $2")
        .bind(issuer)
        .bind(subject)
        .execute(conn)
        .await?;
    Ok(done.rows_affected())
}

/// Removes what has expired; returns how many that were. A job calls it; loading never depends on it.
pub async fn expire(conn: &mut PgConnection, now: Timestamp) -> Result<u64, StoreError> {
    let done =
        sqlx::query("DELETE FROM web_session WHERE expires_at <= $1").bind(to_db(now)).execute(conn).await?;
    Ok(done.rows_affected())
}
