//! Patterns and dictionaries of administrators. Whether one can be used, the detector has said before it comes here.

use countersign_model::{
    OwnEntityId, Timestamp,
    own_entity::{OwnEntity, OwnEntitySummary, OwnKind, OwnRule},
};
use sqlx::{Connection as _, PgConnection, Row as _, postgres::PgRow, types::Json};

use crate::{
    error::StoreError,
    moment::{from_db, to_db},
};

/// How much of them there may be, in use or not.
#[derive(Debug, Clone, Copy)]
pub struct Most {
    /// Of patterns, and of dictionaries.
    pub each: usize,
    /// Terms of all dictionaries.
    pub terms: usize,
    /// Bytes of those terms.
    pub bytes: usize,
}

/// What is written of a rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Written<'a> {
    pub description: &'a str,
    pub enabled: bool,
    pub rule: &'a OwnRule,
}

/// Whether a rule could be written.
#[derive(Debug, Clone, PartialEq)]
pub enum Saved {
    /// As it now stands.
    Done(OwnEntitySummary),
    /// Another rule has this name.
    NameTaken,
    /// Not there any more, or not in this version.
    Stale,
    /// With it there would be too much.
    TooMuch,
}

/// All, by name, without their rules.
pub async fn list(conn: &mut PgConnection) -> Result<Vec<OwnEntitySummary>, StoreError> {
    let rows = sqlx::query(
        "SELECT id, name, kind, description, enabled, terms, version, created_at, updated_at
         FROM own_entity ORDER BY name",
    )
    .fetch_all(conn)
    .await?;
    rows.iter().map(summary).collect()
}

/// One, whole.
pub async fn by_id(conn: &mut PgConnection, id: OwnEntityId) -> Result<Option<OwnEntity>, StoreError> {
    let row =
        sqlx::query("SELECT * FROM own_entity WHERE id = $1").bind(id.uuid()).fetch_optional(conn).await?;
    row.as_ref().map(whole).transpose()
}

/// Which are in use, each with its version: what a snapshot is made of.
pub async fn versions(conn: &mut PgConnection) -> Result<Vec<(OwnEntityId, i64)>, StoreError> {
    let rows =
        sqlx::query("SELECT id, version FROM own_entity WHERE enabled ORDER BY id").fetch_all(conn).await?;
    rows.iter().map(|row| Ok((OwnEntityId::from_uuid(row.try_get("id")?), row.try_get("version")?))).collect()
}

/// All that are in use, whole, in the order of [`versions`].
pub async fn in_use(conn: &mut PgConnection) -> Result<Vec<OwnEntity>, StoreError> {
    let rows = sqlx::query("SELECT * FROM own_entity WHERE enabled ORDER BY id").fetch_all(conn).await?;
    rows.iter().map(whole).collect()
}

/// Writes a new rule in version 1.
pub async fn insert(
    conn: &mut PgConnection,
    id: OwnEntityId,
    written: &Written<'_>,
    most: Most,
    now: Timestamp,
) -> Result<Saved, StoreError> {
    let (terms, bytes) = size(written.rule);
    let mut transaction = conn.begin().await?;
    one_at_a_time(&mut transaction).await?;
    let row = sqlx::query(
        "INSERT INTO own_entity (id, name, kind, description, enabled, rule, terms, bytes, version, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $9)
         ON CONFLICT (name) DO NOTHING
         RETURNING *",
    )
    .bind(id.uuid())
    .bind(written.rule.name())
    .bind(written.rule.kind().name())
    .bind(written.description)
    .bind(written.enabled)
    .bind(Json(written.rule))
    .bind(terms)
    .bind(bytes)
    .bind(to_db(now))
    .fetch_optional(&mut *transaction)
    .await?;
    let Some(row) = row else { return Ok(Saved::NameTaken) };
    if !fits(&mut transaction, most).await? {
        return Ok(Saved::TooMuch);
    }
    transaction.commit().await?;
    Ok(Saved::Done(summary(&row)?))
}

/// Changes a rule if it still is in `version`; it may get a new name.
pub async fn update(
    conn: &mut PgConnection,
    id: OwnEntityId,
    version: i64,
    written: &Written<'_>,
    most: Most,
    now: Timestamp,
) -> Result<Saved, StoreError> {
    let (terms, bytes) = size(written.rule);
    let mut transaction = conn.begin().await?;
    one_at_a_time(&mut transaction).await?;
    let row = sqlx::query(
        "UPDATE own_entity
         SET name = $3, kind = $4, description = $5, enabled = $6, rule = $7, terms = $8, bytes = $9,
             version = version + 1, updated_at = $10
         WHERE id = $1 AND version = $2
         RETURNING *",
    )
    .bind(id.uuid())
    .bind(version)
    .bind(written.rule.name())
    .bind(written.rule.kind().name())
    .bind(written.description)
    .bind(written.enabled)
    .bind(Json(written.rule))
    .bind(terms)
    .bind(bytes)
    .bind(to_db(now))
    .fetch_optional(&mut *transaction)
    .await;
    let row = match row {
        Ok(Some(row)) => row,
        Ok(None) => return Ok(Saved::Stale),
        Err(sqlx::Error::Database(error)) if error.constraint() == Some("own_entity_name_key") => {
            return Ok(Saved::NameTaken);
        }
        Err(error) => return Err(error.into()),
    };
    if !fits(&mut transaction, most).await? {
        return Ok(Saved::TooMuch);
    }
    transaction.commit().await?;
    Ok(Saved::Done(summary(&row)?))
}

/// Deletes a rule if it still is in `version`. `false`: it is not.
pub async fn delete(conn: &mut PgConnection, id: OwnEntityId, version: i64) -> Result<bool, StoreError> {
    let done = sqlx::query("DELETE FROM own_entity WHERE id = $1 AND version = $2")
        .bind(id.uuid())
        .bind(version)
        .execute(conn)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Two changes at once could be too much together where each alone is not.
async fn one_at_a_time(conn: &mut PgConnection) -> Result<(), StoreError> {
    sqlx::query("LOCK TABLE own_entity IN SHARE ROW EXCLUSIVE MODE").execute(conn).await?;
    Ok(())
}

async fn fits(conn: &mut PgConnection, most: Most) -> Result<bool, StoreError> {
    let row = sqlx::query(
        "SELECT count(*) FILTER (WHERE kind = 'pattern') <= $1
                AND count(*) FILTER (WHERE kind = 'dictionary') <= $1
                AND coalesce(sum(terms) FILTER (WHERE kind = 'dictionary'), 0) <= $2
                AND coalesce(sum(bytes) FILTER (WHERE kind = 'dictionary'), 0) <= $3
         FROM own_entity",
    )
    .bind(signed(most.each))
    .bind(signed(most.terms))
    .bind(signed(most.bytes))
    .fetch_one(conn)
    .await?;
    Ok(row.try_get(0)?)
}

/// Terms, and bytes.
fn size(rule: &OwnRule) -> (i64, i64) {
    match rule {
        OwnRule::Pattern(text) => (1, signed(text.pattern.len())),
        OwnRule::Dictionary(text) => {
            (signed(text.terms.len()), signed(text.terms.iter().map(String::len).sum()))
        }
    }
}

fn signed(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

fn summary(row: &PgRow) -> Result<OwnEntitySummary, StoreError> {
    Ok(OwnEntitySummary {
        id: OwnEntityId::from_uuid(row.try_get("id")?),
        name: row.try_get("name")?,
        kind: OwnKind::parse(row.try_get("kind")?).ok_or(StoreError::Corrupt("own_entity.kind"))?,
        description: row.try_get("description")?,
        enabled: row.try_get("enabled")?,
        terms: row.try_get("terms")?,
        version: row.try_get("version")?,
        created_at: from_db(row.try_get("created_at")?),
        updated_at: from_db(row.try_get("updated_at")?),
    })
}

fn whole(row: &PgRow) -> Result<OwnEntity, StoreError> {
    let Json(rule) = row.try_get("rule")?;
    Ok(OwnEntity { summary: summary(row)?, rule })
}
