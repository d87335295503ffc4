//! The projector: turns ledger rows into the tables that pages search.
//!
//! It runs behind the ledger with a cursor of its own, in transactions of its own; the data path never waits for it.
//! Each batch moves the tables and the cursor together, so a stop at any point neither loses nor repeats a row, and
//! the tables can be made again from row 0 at any time. One projector works at a time in a cluster; the others wait.

mod counts;
mod fold;
mod rows;
mod source;
mod tables;

use std::{sync::Arc, time::Duration};

use countersign_ledger::Kind;
use countersign_model::{ExchangeId, SessionId};
use sqlx::{Acquire as _, PgConnection};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

pub use counts::Counts;
use fold::Taken;

use crate::{Database, LedgerReader, StoreError};

/// Longest sleep: rows of other nodes come without a call.
const POLL: Duration = Duration::from_millis(500);
/// After a call, how long more rows may gather: under load one pass takes in what would have been dozens, and the ledger's
/// own commits have the database to themselves for so long.
const GATHER: Duration = Duration::from_millis(100);
/// Pause after a fault, so that a database that is down is not hammered.
const PAUSE: Duration = Duration::from_secs(2);

/// Keeps the projected tables up to date.
#[derive(Debug, Clone)]
pub struct Projector {
    database: Database,
    reader: LedgerReader,
    wake: Arc<Notify>,
}

impl Projector {
    /// `wake` is rung by whoever just appended; without it new rows are found by asking twice a second.
    /// The reader needs the master key: without it nothing can be projected.
    pub const fn new(database: Database, reader: LedgerReader, wake: Arc<Notify>) -> Self {
        Self { database, reader, wake }
    }

    /// Runs until cancelled. Faults are logged and tried again.
    pub async fn run(&self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            let pause = match self.catch_up(&stop).await {
                Ok(_) => POLL,
                Err(error) => {
                    tracing::warn!(%error, "the search tables cannot be brought up to date; trying again");
                    PAUSE
                }
            };
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.wake.notified() => tokio::select! {
                    () = stop.cancelled() => {}
                    () = tokio::time::sleep(GATHER) => {}
                },
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Takes in all rows that are there when it begins; returns the new cursor. Rows that come meanwhile are for the next
    /// time: under load there would always be a few, and a pass costs the same for a few as for hundreds.
    pub async fn catch_up(&self, stop: &CancellationToken) -> Result<i64, StoreError> {
        let mut conn = self.database.pages().acquire().await?;
        let mut next = tables::cursor(&mut conn).await?;
        let end = source::end(&mut conn).await?;
        while next < end && !stop.is_cancelled() {
            let rows = source::next(&self.reader, next).await?;
            if rows.is_empty() {
                break;
            }
            next = take_in(&mut conn, &rows).await?;
        }
        Ok(next)
    }
}

/// Takes in the given rows, in order; returns the new cursor. Rows before the cursor are skipped: another projector has
/// taken them. A hole becomes an event: rows are committed in order, so what is missing was removed.
async fn take_in(conn: &mut PgConnection, rows: &[Taken]) -> Result<i64, StoreError> {
    let mut tx = conn.begin().await?;
    let mut next = tables::lock_cursor(&mut tx).await?;
    let fresh: Vec<&Taken> = rows.iter().filter(|row| row.seq >= next).collect();
    let of_exchanges: Vec<&Taken> = fresh
        .iter()
        .copied()
        .filter(|row| matches!(row.kind, Some(Kind::Intent | Kind::Segment | Kind::Outcome | Kind::Refused)))
        .collect();
    let exchanges: Vec<_> =
        of_exchanges.iter().filter_map(|row| row.exchange.map(ExchangeId::uuid)).collect();
    let sessions: Vec<_> = of_exchanges.iter().filter_map(|row| row.session.map(SessionId::uuid)).collect();
    let mut touched = tables::load(&mut tx, &exchanges, &sessions).await?;
    for row in fresh {
        if row.seq > next {
            touched.miss(next, row);
        }
        touched.take(row);
        next = row.seq + 1;
    }
    tables::save(&mut tx, &touched).await?;
    tables::move_cursor(&mut tx, next).await?;
    tx.commit().await?;
    Ok(next)
}

/// The first ledger row that is not taken in yet; the lag is the ledger's size minus this.
pub async fn cursor(conn: &mut PgConnection) -> Result<i64, StoreError> {
    tables::cursor(conn).await
}

/// Empties the projected tables; the projector makes them again from row 0.
pub async fn reset(conn: &mut PgConnection) -> Result<(), StoreError> {
    let mut tx = conn.begin().await?;
    tables::reset(&mut tx).await?;
    tx.commit().await?;
    Ok(())
}
