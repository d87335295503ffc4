//! Closing exchanges whose end nobody recorded. Start-up, late receipts and the long-running sweep all come here.

use std::time::Duration;

use countersign_ledger::{Group, Kind};
use countersign_model::{ExchangeId, SessionId};
use serde_json::json;
use sqlx::Row as _;

use super::{
    entry::{AppendError, Entry},
    open::Ledger,
};
use crate::StoreError;

/// How many are closed at a time: well below the queue's bound.
const PAGE: u16 = 500;

/// Which open intents nobody will close any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Orphans {
    /// Those of this node's earlier runs: it crashed or was killed.
    EarlierBoots,
    /// Those of any other run, opened longer ago than any exchange may last: that node is gone.
    OlderThan(Duration),
    /// This one: its intent was committed after its caller had given up.
    Exchange(ExchangeId),
}

/// Why a sweep ended early. What it had closed stays closed.
#[derive(Debug, thiserror::Error)]
pub enum SweepError {
    /// The open intents could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An outcome could not be written.
    #[error(transparent)]
    Append(#[from] AppendError),
}

impl Orphans {
    const fn reason(self) -> &'static str {
        match self {
            Self::EarlierBoots => "gateway_restarted",
            Self::OlderThan(_) => "gateway_gone",
            Self::Exchange(_) => "receipt_late",
        }
    }
}

impl Ledger {
    /// Gives every such intent an outcome `unknown`, and returns how many it closed. Safe to run on several nodes at
    /// once: an exchange that somebody else closes first is left alone.
    pub async fn close_orphans(&self, which: Orphans) -> Result<u64, SweepError> {
        let mut closed = 0;
        loop {
            let orphans = self.find_orphans(which).await?;
            let before = closed;
            let entries = orphans.iter().map(|(exchange, session)| unknown(*exchange, *session, which));
            let tickets = entries.map(|entry| self.enqueue(entry)).collect::<Result<Vec<_>, _>>()?;
            for ticket in tickets {
                match ticket.wait(self.deadline()).await {
                    Ok(_) => closed += 1,
                    Err(AppendError::NotOpen) => {}
                    Err(error) => return Err(error.into()),
                }
            }
            // A page in which nothing could be closed would come again for ever.
            if orphans.len() < usize::from(PAGE) || closed == before {
                return Ok(closed);
            }
        }
    }

    async fn find_orphans(&self, which: Orphans) -> Result<Vec<(ExchangeId, Option<SessionId>)>, StoreError> {
        let query = match which {
            Orphans::EarlierBoots => sqlx::query(
                "SELECT exchange, session FROM ledger_open_intent WHERE boot <> $1 AND node = $2 \
                 ORDER BY seq LIMIT $3",
            )
            .bind(self.boot().uuid())
            .bind(self.node().uuid()),
            Orphans::OlderThan(age) => sqlx::query(
                "SELECT exchange, session FROM ledger_open_intent WHERE boot <> $1 \
                 AND opened < clock_timestamp() - $2 * interval '1 microsecond' ORDER BY seq LIMIT $3",
            )
            .bind(self.boot().uuid())
            .bind(i64::try_from(age.as_micros()).unwrap_or(i64::MAX)),
            Orphans::Exchange(exchange) => {
                sqlx::query("SELECT exchange, session FROM ledger_open_intent WHERE exchange = $1 LIMIT $2")
                    .bind(exchange.uuid())
            }
        };
        let rows = query.bind(i64::from(PAGE)).fetch_all(self.shared.database.pages()).await?;
        let read = |row: &sqlx::postgres::PgRow| {
            let session: Option<uuid::Uuid> = row.try_get(1)?;
            Ok((ExchangeId::from_uuid(row.try_get(0)?), session.map(SessionId::from_uuid)))
        };
        rows.iter().map(read).collect()
    }
}

/// The outcome of an exchange about which nothing more is known than that it was begun.
fn unknown(exchange: ExchangeId, session: Option<SessionId>, which: Orphans) -> Entry {
    let facts = json!({ "outcome": "unknown", "reason": which.reason() });
    Entry {
        kind: Kind::Outcome,
        session,
        exchange: Some(exchange),
        policy: None,
        contents: vec![(Group::Facts, facts.to_string().into_bytes())],
    }
}
