//! The projected session list: filters, keyset pages, nothing that grows with the table.
//!
//! Cost: every filter has an index, a page reads about as many rows as it shows, and nothing is ever counted whole.

use countersign_model::{
    PersonId, SessionId, Timestamp,
    exchange::{End, SessionSummary},
};
use sqlx::{PgConnection, Row as _, postgres::PgRow, types::Json};

use crate::{
    error::StoreError,
    moment::{from_db, to_db},
    projection::Counts,
};

/// What a page of sessions is narrowed to; `None`: not at all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SessionQuery {
    /// Only this person's.
    pub person: Option<PersonId>,
    /// Substring of the caller's label; upper and lower case alike.
    pub caller: Option<String>,
    /// Exact connection name.
    pub connection: Option<String>,
    /// An entity that was found in it.
    pub entity: Option<String>,
    /// How any of its exchanges ended.
    pub end: Option<End>,
    /// Last active at or after.
    pub since: Option<Timestamp>,
    /// Last active before.
    pub until: Option<Timestamp>,
    /// Where the page begins: after this session of the page before.
    pub after: Option<(Timestamp, SessionId)>,
}

/// The list's only statement. Parameters that are NULL fold away when the statement is planned with its values,
/// which is why it is run unnamed: a plan kept for all values would suit none.
macro_rules! session_page {
    ($prefix:literal) => {
        concat!(
            $prefix,
            "SELECT id, started_at, last_at, person_id, caller, connection_name, model, exchanges, refused, findings,
                    entities, last_end, preview
             FROM session
             WHERE ($1::uuid IS NULL OR person_id = $1)
               AND ($2::text IS NULL OR lower(caller) LIKE $2)
               AND ($3::text IS NULL OR connection_name = $3)
               AND ($4::text[] IS NULL OR entity_names @> $4)
               AND ($5::text[] IS NULL OR end_names @> $5)
               AND ($6::timestamptz IS NULL OR last_at >= $6)
               AND ($7::timestamptz IS NULL OR last_at < $7)
               AND ($8::timestamptz IS NULL OR (last_at, id) < ($8, $9::uuid))
             ORDER BY last_at DESC, id DESC
             LIMIT $10"
        )
    };
}

/// A page of sessions, last active first.
pub async fn page(
    conn: &mut PgConnection,
    query: &SessionQuery,
    limit: u32,
) -> Result<Vec<SessionSummary>, StoreError> {
    let rows = bound(session_page!(""), query, limit).fetch_all(conn).await?;
    rows.iter().map(summary).collect()
}

/// How Postgres would run [`page`]: its `EXPLAIN` in text form, for operators and for the test that holds the plan.
pub async fn explain(
    conn: &mut PgConnection,
    query: &SessionQuery,
    limit: u32,
) -> Result<String, StoreError> {
    let rows = bound(session_page!("EXPLAIN (ANALYZE, BUFFERS) "), query, limit).fetch_all(conn).await?;
    let lines = rows.iter().map(|row| row.try_get(0)).collect::<Result<Vec<String>, _>>()?;
    Ok(lines.join("\n"))
}

/// One session; with `person`, only if it is theirs.
pub async fn by_id(
    conn: &mut PgConnection,
    id: SessionId,
    person: Option<PersonId>,
) -> Result<Option<SessionSummary>, StoreError> {
    let row = sqlx::query("SELECT * FROM session WHERE id = $1 AND ($2::uuid IS NULL OR person_id = $2)")
        .bind(id.uuid())
        .bind(person.map(PersonId::uuid))
        .fetch_optional(conn)
        .await?;
    row.as_ref().map(summary).transpose()
}

fn bound<'q>(
    sql: &'static str,
    query: &'q SessionQuery,
    limit: u32,
) -> sqlx::query::Query<'q, sqlx::Postgres, sqlx::postgres::PgArguments> {
    sqlx::query(sql)
        .bind(query.person.map(PersonId::uuid))
        .bind(query.caller.as_deref().map(like_pattern))
        .bind(query.connection.as_deref())
        .bind(query.entity.as_deref().map(|entity| vec![entity.to_owned()]))
        .bind(query.end.map(|end| vec![end.name().to_owned()]))
        .bind(query.since.map(to_db))
        .bind(query.until.map(to_db))
        .bind(query.after.map(|(at, _)| to_db(at)))
        .bind(query.after.map(|(_, id)| id.uuid()))
        .bind(i64::from(limit))
        .persistent(false)
}

/// `%text%` with LIKE's own signs taken literally.
fn like_pattern(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for c in text.to_lowercase().chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

fn summary(row: &PgRow) -> Result<SessionSummary, StoreError> {
    let Json(entities): Json<Counts> = row.try_get("entities")?;
    Ok(SessionSummary {
        id: SessionId::from_uuid(row.try_get("id")?),
        started_at: from_db(row.try_get("started_at")?),
        last_at: from_db(row.try_get("last_at")?),
        person: row.try_get::<Option<uuid::Uuid>, _>("person_id")?.map(PersonId::from_uuid),
        caller: row.try_get("caller")?,
        connection_name: row.try_get("connection_name")?,
        model: row.try_get("model")?,
        exchanges: row.try_get("exchanges")?,
        refused: row.try_get("refused")?,
        findings: row.try_get("findings")?,
        entities: entities.most_first(usize::MAX),
        last_end: End::parse(row.try_get("last_end")?)
            .ok_or_else(|| StoreError::Corrupt("session.last_end"))?,
        preview: row.try_get("preview")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_of_like_are_taken_literally() {
        assert_eq!(like_pattern("50%_A\\b"), "%50\\%\\_a\\\\b%");
    }
}
