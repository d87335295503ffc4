//! The auditor's desk: everybody's sessions, the events, and the proof that the ledger holds. Looking leaves a row.

mod verify;

use countersign_ledger::Kind;
use countersign_model::{
    SessionId,
    audit::{EventView, Overview},
    exchange::{SessionDetail, SessionFilter, SessionSummary},
    page::Page,
};
use countersign_store::{connections, events};

use crate::{Actor, Admin, AdminError, cursor, record::Fact, session_filter};

/// Events on a page.
const EVENTS: u32 = 50;
/// How long the installation's numbers are reused, seconds: every open Overview page asks at every exchange.
const OVERVIEW_FRESH_S: i64 = 3;

/// What auditors and administrators may read. Only [`Admin::auditor`] gives one out.
pub struct AuditorDesk<'a> {
    admin: &'a Admin,
    actor: Actor,
}

impl<'a> AuditorDesk<'a> {
    pub(crate) const fn new(admin: &'a Admin, actor: Actor) -> Self {
        Self { admin, actor }
    }

    /// The installation's last 24 hours, at most three seconds old.
    pub async fn overview(&self) -> Result<Overview, AdminError> {
        let now = self.admin.now();
        // Held while reading: many pages at once make one query.
        let mut kept = self.admin.overview.lock().await;
        if let Some((at, overview)) = kept.as_ref()
            && now.since(*at) < (OVERVIEW_FRESH_S * 1_000_000_000).cast_unsigned()
            && now >= *at
        {
            return Ok(Overview { chain: self.admin.chain_state().await?, ..overview.clone() });
        }
        let connections = {
            let mut conn = self.admin.conn().await?;
            connections::count(&mut conn).await.map_err(|error| self.admin.fault(error))?
        };
        let numbers = self.admin.day_numbers(None).await?;
        let overview = self.admin.overview_of(numbers, connections).await?;
        *kept = Some((now, overview.clone()));
        Ok(overview)
    }

    /// Sessions, last active first. Recorded before they are shown: each search once in ten minutes, with its filter.
    pub async fn sessions(
        &self,
        filter: &SessionFilter,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Page<SessionSummary>, AdminError> {
        let found = self.admin.session_page(filter, None, cursor, limit).await?;
        self.looked("sessions.searched", session_filter::words(filter, !found.rows.is_empty()), cursor)
            .await?;
        Ok(found)
    }

    /// A session with a page of its exchanges. Recorded before it is shown.
    pub async fn session(
        &self,
        id: SessionId,
        cursor: Option<&str>,
    ) -> Result<Option<SessionDetail>, AdminError> {
        let Some(found) = self.admin.session_detail(id, None, cursor).await? else { return Ok(None) };
        let fact = Fact::by(&self.actor, "session.read", id.to_string())
            .with("caller", found.summary.caller.as_str())
            .with("from", cursor.filter(|cursor| !cursor.is_empty()).unwrap_or("first exchange"));
        self.admin.record(Kind::AuditorRead, fact).await?;
        Ok(Some(found))
    }

    /// Everything that is not an exchange, newest first. Recorded before it is shown, once in ten minutes.
    pub async fn events(&self, cursor: Option<&str>) -> Result<Page<EventView>, AdminError> {
        let before = cursor::read_seq(cursor)?;
        let mut conn = self.admin.conn().await?;
        let mut rows =
            events::page(&mut conn, before, EVENTS + 1).await.map_err(|error| self.admin.fault(error))?;
        let more = rows.len() > EVENTS as usize;
        rows.truncate(EVENTS as usize);
        let next = if more { rows.last().map(|row| row.seq.to_string()) } else { None };
        self.looked("events.read", Vec::new(), cursor).await?;
        Ok(Page { rows, next })
    }

    /// Records that a list is about to be shown, unless a row of the last ten minutes says the same.
    async fn looked(
        &self,
        event: &str,
        filter: Vec<(&'static str, String)>,
        cursor: Option<&str>,
    ) -> Result<(), AdminError> {
        let page = if cursor.is_some_and(|cursor| !cursor.is_empty()) { "later" } else { "first" };
        let list = format!("{event} {filter:?} {page} {}", cursor.unwrap_or_default());
        let now = self.admin.now();
        if self.admin.looks.covers(self.actor.person, &list, now) {
            return Ok(());
        }
        let fact = Fact::by(&self.actor, event, "").with("page", page);
        let fact = filter.into_iter().fold(fact, |fact, (name, value)| fact.with(name, value));
        self.admin.record(Kind::AuditorRead, fact).await?;
        self.admin.looks.note(self.actor.person, list, now);
        Ok(())
    }
}
