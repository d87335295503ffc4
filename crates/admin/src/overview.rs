//! The chain's state and the day's numbers, for the Overview and Audit pages.

use countersign_ledger::Digest;
use countersign_model::{ExchangeId, SessionId};
use countersign_model::{
    PersonId,
    audit::{ChainState, Head, Overview},
    exchange::{SessionDetail, SessionFilter, SessionSummary},
    page::Page,
};
use countersign_store::{
    exchanges,
    overview::{self, DayNumbers},
    sessions,
};

use crate::{Admin, AdminError, cursor, reading, session_filter};

/// Most sessions on a page.
const SESSIONS_MAX: u32 = 200;
/// Exchanges on a page of a session.
const EXCHANGES: u32 = 20;

impl Admin {
    /// The head as the database has it.
    pub(crate) async fn head(&self) -> Result<Head, AdminError> {
        let tree = self.reader.head().await.map_err(|error| self.fault(error))?;
        let last_leaf = match tree.size.checked_sub(1) {
            None => Digest::ZERO.to_string(),
            Some(last) => {
                let rows = self.reader.raw_records(&[last]).await.map_err(|error| self.fault(error))?;
                rows.first().map(|row| reading::hex(&row.leaf_hash)).unwrap_or_default()
            }
        };
        Ok(Head { size: tree.size.cast_signed(), last_leaf, root: tree.root.to_string() })
    }

    /// What is known of the chain: checked, and how it came out, or not checked yet.
    pub(crate) async fn chain_state(&self) -> Result<ChainState, AdminError> {
        let head = self.head().await?;
        Ok(match self.verification.read().await.clone() {
            None => ChainState::NotChecked { head },
            Some(verification) if verification.broken.is_some() => ChainState::Broken { verification, head },
            Some(verification) => ChainState::VerifiedByServer { verification, head },
        })
    }

    pub(crate) async fn day_numbers(&self, person: Option<PersonId>) -> Result<DayNumbers, AdminError> {
        let mut conn = self.conn().await?;
        overview::last_day(&mut conn, self.now(), person).await.map_err(|error| self.fault(error))
    }

    pub(crate) async fn overview_of(
        &self,
        numbers: DayNumbers,
        connections: i64,
    ) -> Result<Overview, AdminError> {
        Ok(Overview {
            exchanges: numbers.exchanges,
            refused: numbers.refused,
            findings: numbers.findings,
            callers: numbers.callers,
            open: numbers.open,
            hourly: numbers.hourly,
            entities: numbers.entities,
            added_p50_micros: numbers.added_p50_micros,
            added_p99_micros: numbers.added_p99_micros,
            connections,
            chain: self.chain_state().await?,
        })
    }

    /// A page of sessions; with `person`, only theirs.
    pub(crate) async fn session_page(
        &self,
        filter: &SessionFilter,
        person: Option<PersonId>,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Page<SessionSummary>, AdminError> {
        let limit = limit.clamp(1, SESSIONS_MAX);
        let query = session_filter::query(filter, person, cursor::read(cursor)?)?;
        let mut conn = self.conn().await?;
        let mut rows =
            sessions::page(&mut conn, &query, limit + 1).await.map_err(|error| self.fault(error))?;
        let next = cut(&mut rows, limit, |row| cursor::write(row.last_at, row.id));
        Ok(Page { rows, next })
    }

    /// A session with a page of its exchanges, oldest first; with `person`, only if it is theirs, and only their
    /// exchanges.
    pub(crate) async fn session_detail(
        &self,
        id: SessionId,
        person: Option<PersonId>,
        cursor: Option<&str>,
    ) -> Result<Option<SessionDetail>, AdminError> {
        let after = cursor::read::<ExchangeId>(cursor)?;
        let mut conn = self.conn().await?;
        let summary = sessions::by_id(&mut conn, id, person).await.map_err(|error| self.fault(error))?;
        let Some(summary) = summary else { return Ok(None) };
        let mut rows = exchanges::of_session(&mut conn, id, person, after, EXCHANGES + 1)
            .await
            .map_err(|error| self.fault(error))?;
        let next = cut(&mut rows, EXCHANGES, |row| cursor::write(row.at, row.id));
        let ids: Vec<ExchangeId> = rows.iter().map(|row| row.id).collect();
        let segments = exchanges::segments(&mut conn, &ids).await.map_err(|error| self.fault(error))?;
        drop(conn);
        let rows = reading::details(&self.reader, rows, segments).await.map_err(|error| self.fault(error))?;
        let (newest, whole) = (next.is_none(), next.is_none() && after.is_none());
        let (summary, disagrees) = reading::session(summary, &rows, whole, newest);
        Ok(Some(SessionDetail { summary, disagrees, exchanges: Page { rows, next } }))
    }
}

/// Cuts the one row too many that says whether there is a next page, and names where that begins.
fn cut<T>(rows: &mut Vec<T>, limit: u32, cursor: impl FnOnce(&T) -> String) -> Option<String> {
    let limit = limit as usize;
    let more = rows.len() > limit;
    rows.truncate(limit);
    if more { rows.last().map(cursor) } else { None }
}
