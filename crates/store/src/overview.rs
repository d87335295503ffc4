//! Numbers of the Overview page over the last 24 hours, from the projection.
//!
//! They read a day of the exchange index, so callers keep the result for a few seconds.

use countersign_model::{PersonId, Timestamp};
use sqlx::{PgConnection, Row as _};

use crate::{error::StoreError, moment::to_db};

const HOURS: usize = 24;

/// The counts; `person` narrows them to one caller's own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DayNumbers {
    pub exchanges: i64,
    pub refused: i64,
    pub findings: i64,
    pub callers: i64,
    pub open: i64,
    /// Exchanges per hour, oldest first, 24 numbers; the last one ends now.
    pub hourly: Vec<i64>,
    /// Findings by entity, most first, at most eight.
    pub entities: Vec<(String, i64)>,
    /// Arrival to intent committed, microseconds.
    pub added_p50_micros: Option<i64>,
    pub added_p99_micros: Option<i64>,
}

/// The 24 hours that end at `now`.
pub async fn last_day(
    conn: &mut PgConnection,
    now: Timestamp,
    person: Option<PersonId>,
) -> Result<DayNumbers, StoreError> {
    let since = to_db(now.plus_seconds(-86_400));
    let person = person.map(PersonId::uuid);
    let totals = sqlx::query(
        "SELECT count(*) AS exchanges,
                count(*) FILTER (WHERE ended = 'refused') AS refused,
                coalesce(sum(findings), 0)::bigint AS findings,
                count(DISTINCT caller) AS callers,
                count(*) FILTER (WHERE ended = 'open') AS open,
                percentile_disc(0.5) WITHIN GROUP (ORDER BY recorded_micros) AS p50,
                percentile_disc(0.99) WITHIN GROUP (ORDER BY recorded_micros) AS p99
         FROM exchange
         WHERE at > $1 AND ($2::uuid IS NULL OR person_id = $2)",
    )
    .bind(since)
    .bind(person)
    .persistent(false)
    .fetch_one(&mut *conn)
    .await?;

    let by_hour: Vec<(i32, i64)> = sqlx::query_as(
        "SELECT least(floor(extract(epoch FROM at - $1) / 3600), 23)::integer, count(*)
         FROM exchange
         WHERE at > $1 AND ($2::uuid IS NULL OR person_id = $2)
         GROUP BY 1",
    )
    .bind(since)
    .bind(person)
    .persistent(false)
    .fetch_all(&mut *conn)
    .await?;
    let mut hourly = vec![0; HOURS];
    for (hour, count) in by_hour {
        if let Some(slot) = usize::try_from(hour).ok().and_then(|hour| hourly.get_mut(hour)) {
            *slot = count;
        }
    }

    let entities: Vec<(String, i64)> = sqlx::query_as(
        "SELECT found.key, sum(found.value::bigint)::bigint
         FROM exchange, jsonb_each_text(entities) AS found
         WHERE at > $1 AND ($2::uuid IS NULL OR person_id = $2) AND findings > 0
         GROUP BY 1
         ORDER BY 2 DESC, 1
         LIMIT 8",
    )
    .bind(since)
    .bind(person)
    .persistent(false)
    .fetch_all(conn)
    .await?;

    Ok(DayNumbers {
        exchanges: totals.try_get("exchanges")?,
        refused: totals.try_get("refused")?,
        findings: totals.try_get("findings")?,
        callers: totals.try_get("callers")?,
        open: totals.try_get("open")?,
        hourly,
        entities,
        added_p50_micros: totals.try_get("p50")?,
        added_p99_micros: totals.try_get("p99")?,
    })
}
