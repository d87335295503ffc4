//! One's own sessions: the auditor's pages, narrowed to one person in every statement.

use countersign_model::{
    SessionId,
    exchange::{SessionDetail, SessionFilter, SessionSummary},
    page::Page,
};

use super::UserDesk;
use crate::AdminError;

impl UserDesk<'_> {
    /// One's own sessions, last active first.
    pub async fn my_sessions(
        &self,
        filter: &SessionFilter,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Page<SessionSummary>, AdminError> {
        self.admin.session_page(filter, Some(self.actor.person), cursor, limit).await
    }

    /// One of one's own sessions; somebody else's is not found.
    pub async fn my_session(
        &self,
        id: SessionId,
        cursor: Option<&str>,
    ) -> Result<Option<SessionDetail>, AdminError> {
        self.admin.session_detail(id, Some(self.actor.person), cursor).await
    }
}
