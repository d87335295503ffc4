//! Gateway tokens: found by keyed hash, used up in one statement, revoked at once.
//!
//! The secret and the key of its hash are never here. Whether a token may call a connection is the data path's
//! decision; this module only says what is stored.

use countersign_model::{ConnectionId, PersonId, Timestamp, TokenId, token::Token};
use sqlx::{PgConnection, Row as _, postgres::PgRow, types::time::OffsetDateTime};
use uuid::Uuid;

use crate::{
    error::StoreError,
    moment::{from_db, to_db},
};

/// Most tokens a list returns, newest first.
pub const LIST_MAX: i64 = 1_000;

/// A token about to be written.
#[derive(Debug)]
pub struct InsertToken<'a> {
    pub id: TokenId,
    pub person: PersonId,
    /// HMAC-SHA256 of the token.
    pub hash: &'a [u8; 32],
    pub hint: &'a str,
    pub label: &'a str,
    pub scope: Option<&'a [ConnectionId]>,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub max_uses: Option<i32>,
}

/// A token with what the data path needs to know of its owner. Revoked, expired and spent ones are found too:
/// the caller is told which it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRow {
    pub token: Token,
    pub person_disabled: bool,
    /// The owner's roles now hold `user` or `admin`, one of which calling a model takes.
    pub may_call: bool,
    /// The owner's groups now, not when the token was made.
    pub groups: Vec<String>,
}

macro_rules! select_token {
    ($($rest:literal)?) => {
        concat!(
            "SELECT t.id, t.person_id, p.login, t.label, t.hint, t.scope, t.created_at, t.expires_at, t.max_uses,
                    t.uses, t.last_used_at, t.revoked_at, p.disabled_at IS NOT NULL AS person_disabled,
                    p.roles && ARRAY['admin', 'user'] AS may_call, p.groups
             FROM gateway_token t JOIN person p ON p.id = t.person_id ",
            $($rest)?
        )
    };
}

/// Writes a token. `false`: its owner is disabled or gone; being disabled at the same moment counts.
pub async fn insert(conn: &mut PgConnection, new: &InsertToken<'_>) -> Result<bool, StoreError> {
    let scope: Option<Vec<Uuid>> = new.scope.map(|ids| ids.iter().map(|id| id.uuid()).collect());
    let done = sqlx::query(
        "INSERT INTO gateway_token (id, person_id, hash, hint, label, scope, created_at, expires_at, max_uses)
         SELECT $1, owner.id, $3, $4, $5, $6, $7, $8, $9
         FROM (SELECT id FROM person WHERE id = $2 AND disabled_at IS NULL FOR SHARE) owner",
    )
    .bind(new.id.uuid())
    .bind(new.person.uuid())
    .bind(new.hash.as_slice())
    .bind(new.hint)
    .bind(new.label)
    .bind(scope)
    .bind(to_db(new.created_at))
    .bind(to_db(new.expires_at))
    .bind(new.max_uses)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The token with this keyed hash, whatever its state.
pub async fn find_by_hash(conn: &mut PgConnection, hash: &[u8; 32]) -> Result<Option<TokenRow>, StoreError> {
    let row =
        sqlx::query(select_token!("WHERE t.hash = $1")).bind(hash.as_slice()).fetch_optional(conn).await?;
    row.as_ref().map(token_row).transpose()
}

/// The same, by its id: for a request that began with it.
pub async fn find_by_id(conn: &mut PgConnection, id: TokenId) -> Result<Option<TokenRow>, StoreError> {
    let row = sqlx::query(select_token!("WHERE t.id = $1")).bind(id.uuid()).fetch_optional(conn).await?;
    row.as_ref().map(token_row).transpose()
}

/// One token.
pub async fn by_id(conn: &mut PgConnection, id: TokenId) -> Result<Option<Token>, StoreError> {
    let row = sqlx::query(select_token!("WHERE t.id = $1")).bind(id.uuid()).fetch_optional(conn).await?;
    row.as_ref().map(token).transpose()
}

/// Everyone's tokens, newest first; at most [`LIST_MAX`].
pub async fn all(conn: &mut PgConnection) -> Result<Vec<Token>, StoreError> {
    let rows = sqlx::query(select_token!("ORDER BY t.created_at DESC, t.id DESC LIMIT $1"))
        .bind(LIST_MAX)
        .fetch_all(conn)
        .await?;
    rows.iter().map(token).collect()
}

/// One person's tokens, newest first; at most [`LIST_MAX`].
pub async fn of_person(conn: &mut PgConnection, person: PersonId) -> Result<Vec<Token>, StoreError> {
    let rows =
        sqlx::query(select_token!("WHERE t.person_id = $2 ORDER BY t.created_at DESC, t.id DESC LIMIT $1"))
            .bind(LIST_MAX)
            .bind(person.uuid())
            .fetch_all(conn)
            .await?;
    rows.iter().map(token).collect()
}

/// Takes one use, if there is one: of two requests racing for the last use exactly one gets `true`.
///
/// Everything that could have changed since the token was looked up is asked again in the same statement.
pub async fn redeem(conn: &mut PgConnection, id: TokenId, now: Timestamp) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "UPDATE gateway_token
         SET uses = uses + 1, last_used_at = $2
         WHERE id = $1
           AND revoked_at IS NULL
           AND expires_at > $2
           AND (max_uses IS NULL OR uses < max_uses)
           AND EXISTS (SELECT FROM person p
                       WHERE p.id = gateway_token.person_id
                         AND p.disabled_at IS NULL
                         AND p.roles && ARRAY['admin', 'user'])",
    )
    .bind(id.uuid())
    .bind(to_db(now))
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Gives a redeemed use back: the request was refused before it went to a model.
pub async fn refund(conn: &mut PgConnection, id: TokenId) -> Result<(), StoreError> {
    sqlx::query("UPDATE gateway_token SET uses = uses - 1 WHERE id = $1 AND uses > 0")
        .bind(id.uuid())
        .execute(conn)
        .await?;
    Ok(())
}

/// How a token was used since that was last written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Used {
    pub token: TokenId,
    /// Last.
    pub at: Timestamp,
    /// Calls that went on to a model.
    pub calls: i32,
}

/// Notes how tokens were used; one statement for many. Never moves a moment back, and counts no call of a token whose
/// uses are limited: [`redeem`] did.
pub async fn touch(conn: &mut PgConnection, used: &[Used]) -> Result<(), StoreError> {
    let ids: Vec<Uuid> = used.iter().map(|used| used.token.uuid()).collect();
    let moments: Vec<OffsetDateTime> = used.iter().map(|used| to_db(used.at)).collect();
    let calls: Vec<i32> = used.iter().map(|used| used.calls).collect();
    sqlx::query(
        "UPDATE gateway_token t
         SET last_used_at = greatest(t.last_used_at, u.at),
             uses = CASE WHEN t.max_uses IS NULL
                         THEN least(greatest(t.uses + u.calls, 0), 2147483647)::integer
                         ELSE t.uses END
         FROM (SELECT id, max(at) AS at, sum(calls) AS calls
               FROM unnest($1::uuid[], $2::timestamptz[], $3::integer[]) AS n (id, at, calls) GROUP BY id) u
         WHERE t.id = u.id",
    )
    .bind(ids)
    .bind(moments)
    .bind(calls)
    .execute(conn)
    .await?;
    Ok(())
}

/// Revokes a token. `false`: there is none, or it is revoked already.
pub async fn revoke(
    conn: &mut PgConnection,
    id: TokenId,
    by: PersonId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "UPDATE gateway_token SET revoked_at = $2, revoked_by = $3 WHERE id = $1 AND revoked_at IS NULL",
    )
    .bind(id.uuid())
    .bind(to_db(now))
    .bind(by.uuid())
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Revokes a person's own token. `false`: it is not theirs, not there, or revoked already.
pub async fn revoke_own(
    conn: &mut PgConnection,
    id: TokenId,
    owner: PersonId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "UPDATE gateway_token SET revoked_at = $2, revoked_by = $3
         WHERE id = $1 AND person_id = $3 AND revoked_at IS NULL",
    )
    .bind(id.uuid())
    .bind(to_db(now))
    .bind(owner.uuid())
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Revokes whatever a person still holds; returns how many that were.
pub async fn revoke_all_of(
    conn: &mut PgConnection,
    person: PersonId,
    by: PersonId,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let done = sqlx::query(
        "UPDATE gateway_token SET revoked_at = $2, revoked_by = $3 WHERE person_id = $1 AND revoked_at IS NULL",
    )
    .bind(person.uuid())
    .bind(to_db(now))
    .bind(by.uuid())
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

fn token(row: &PgRow) -> Result<Token, StoreError> {
    let moment = |column| -> Result<Option<Timestamp>, StoreError> {
        Ok(row.try_get::<Option<OffsetDateTime>, _>(column)?.map(from_db))
    };
    let scope: Option<Vec<Uuid>> = row.try_get("scope")?;
    Ok(Token {
        id: TokenId::from_uuid(row.try_get("id")?),
        person: PersonId::from_uuid(row.try_get("person_id")?),
        person_label: row.try_get("login")?,
        label: row.try_get("label")?,
        hint: row.try_get("hint")?,
        scope: scope.map(|ids| ids.into_iter().map(ConnectionId::from_uuid).collect()),
        created_at: from_db(row.try_get("created_at")?),
        expires_at: from_db(row.try_get("expires_at")?),
        max_uses: row.try_get("max_uses")?,
        uses: row.try_get("uses")?,
        last_used_at: moment("last_used_at")?,
        revoked_at: moment("revoked_at")?,
    })
}

fn token_row(row: &PgRow) -> Result<TokenRow, StoreError> {
    Ok(TokenRow {
        token: token(row)?,
        person_disabled: row.try_get("person_disabled")?,
        may_call: row.try_get("may_call")?,
        groups: row.try_get("groups")?,
    })
}
