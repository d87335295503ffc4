//! What one durable commit costs here, measured three ways: the disk's own flush, the smallest transaction PostgreSQL can
//! make durable, and the gateway's own record of when its intent rows were durable.

use std::{
    fs::{File, read_to_string},
    io::Write as _,
    path::Path,
    time::{Duration, Instant},
};

use serde::Serialize;
use sqlx::{Connection as _, Executor as _, PgConnection, Row as _};

use crate::{
    Fault,
    figures::Points,
    lane::{self, Kind, Lane},
    options::Options,
    plain, prompts,
};

/// Single commits measured one after the other.
const QUIET: i64 = 500;
/// Between two single commits under load: few enough not to be a load themselves.
const PAUSE: Duration = Duration::from_millis(40);
/// How long.
const BESIDE: Duration = Duration::from_secs(5);
/// Bytes of the row.
const ROW: usize = 1_024;

/// Settings that decide whether a commit is durable, as the server that is measured has them.
#[derive(Debug, Clone, Serialize)]
pub struct Durable {
    pub server_version: String,
    pub settings: Vec<(String, String)>,
}

/// Microseconds.
#[derive(Debug, Clone, Serialize)]
pub struct Quiet {
    /// Append 8 KB to a file and flush it (fdatasync).
    pub flush: Points,
    /// One INSERT of one 1 KB row, committed by itself, on a connection of its own, nothing else running.
    pub insert: Points,
}

/// When intent rows were durable, from the requests' arrival; whole answers only; microseconds.
#[derive(Debug, Clone, Serialize)]
pub struct Recorded {
    pub connection: String,
    pub model: String,
    pub exchanges: i64,
    pub p50: f64,
    pub p99: f64,
}

/// The log at the end.
#[derive(Debug, Clone, Serialize)]
pub struct Ledger {
    pub rows: i64,
    pub batches: i64,
    pub recorded: Vec<Recorded>,
}

/// Connects to the gateway's own PostgreSQL.
pub async fn open(data: &Path) -> Result<PgConnection, Fault> {
    let url = read_to_string(data.join("postgres.url"))?;
    let mut database = PgConnection::connect(url.trim()).await?;
    database.execute("CREATE SCHEMA load_bench").await?;
    database.execute("CREATE TABLE load_bench.commits (n bigint, body bytea)").await?;
    Ok(database)
}

/// Reads the settings, and refuses a server that only pretends.
pub async fn settings(database: &mut PgConnection) -> Result<Durable, Fault> {
    let mut settings = Vec::new();
    for name in ["fsync", "synchronous_commit", "full_page_writes", "wal_sync_method"] {
        let row = database.fetch_one(sqlx::query("SELECT current_setting($1)").bind(name)).await?;
        settings.push((name.to_owned(), row.try_get::<String, _>(0)?));
    }
    if settings.iter().any(|(name, value)| name != "wal_sync_method" && value != "on") {
        return Err(format!("PostgreSQL does not make commits durable: {settings:?}").into());
    }
    let row = database.fetch_one("SELECT current_setting('server_version')").await?;
    Ok(Durable { server_version: row.try_get(0)?, settings })
}

/// With nothing else running.
pub async fn measure(database: &mut PgConnection, folder: &Path) -> Result<Quiet, Fault> {
    let mut file = File::create(folder.join("flush"))?;
    let mut flushes = Vec::new();
    for _ in 0..QUIET {
        let began = Instant::now();
        file.write_all(&[0x61; 8 << 10])?;
        file.sync_data()?;
        flushes.push(began.elapsed());
    }
    let mut inserts = Vec::new();
    for n in 0..QUIET {
        inserts.push(insert(database, n).await?);
    }
    let none = "nothing was measured";
    Ok(Quiet { flush: Points::of(&mut flushes).ok_or(none)?, insert: Points::of(&mut inserts).ok_or(none)? })
}

/// Beside the lane with everything on, at the usual rate.
pub async fn under_load(
    options: &Options,
    database: &mut PgConnection,
    lanes: &[Lane],
) -> Result<Points, Fault> {
    let lane = lanes.iter().find(|lane| lane.kind == Kind::EverythingOn).ok_or("no lane to load")?;
    let body = prompts::ask(prompts::WHOLE);
    let sender = lane::sender();
    let load = plain::round(lane, &sender, &body, options.rate, BESIDE);
    let mut inserts = Vec::new();
    let commits = async {
        for n in 0_i64.. {
            tokio::time::sleep(PAUSE).await;
            inserts.push(insert(database, n).await?);
        }
        Ok::<(), Fault>(())
    };
    tokio::select! {
        loaded = load => { loaded?; }
        failed = commits => failed?,
    }
    Points::of(&mut inserts).ok_or_else(|| "nothing was measured".into())
}

async fn insert(database: &mut PgConnection, n: i64) -> Result<Duration, Fault> {
    let began = Instant::now();
    sqlx::query("INSERT INTO load_bench.commits (n, body) VALUES ($1, $2)")
        .bind(n)
        .bind([0x61_u8; ROW].as_slice())
        .execute(database)
        .await?;
    Ok(began.elapsed())
}

/// Counts, and the gateway's own times.
pub async fn ledger(database: &mut PgConnection) -> Result<Ledger, Fault> {
    let counts = database
        .fetch_one("SELECT (SELECT count(*) FROM ledger_record), (SELECT count(*) FROM ledger_batch)")
        .await?;
    let rows = database
        .fetch_all(
            sqlx::query(
                "SELECT connection_name, model, count(*), \
                   percentile_cont(0.50) WITHIN GROUP (ORDER BY recorded_micros), \
                   percentile_cont(0.99) WITHIN GROUP (ORDER BY recorded_micros) \
                 FROM exchange WHERE model = ANY ($1) AND recorded_micros IS NOT NULL GROUP BY 1, 2 ORDER BY 1 DESC, min(at)",
            )
            .bind(prompts::sizes().map(|prompt| prompt.model.to_owned()).to_vec()),
        )
        .await?;
    let recorded = rows
        .iter()
        .map(|row| {
            Ok(Recorded {
                connection: row.try_get(0)?,
                model: row.try_get(1)?,
                exchanges: row.try_get(2)?,
                p50: row.try_get(3)?,
                p99: row.try_get(4)?,
            })
        })
        .collect::<Result<_, sqlx::Error>>()?;
    Ok(Ledger { rows: counts.try_get(0)?, batches: counts.try_get(1)?, recorded })
}
