//! Sessions: everybody's for auditors and administrators, one's own for everybody else.

use countersign_model::{
    SessionId,
    exchange::{SessionDetail, SessionSummary},
    page::Page,
};
use leptos::prelude::*;

use crate::error::UiError;

/// Rows of a page of the list.
#[cfg(feature = "ssr")]
const ROWS: u32 = 50;

/// A page of sessions. The filter and the cursor come as the page's own query text.
#[server]
pub async fn load_sessions(query: String) -> Result<Page<SessionSummary>, UiError> {
    use super::visit;
    let (admin, actor) = visit::signed_in()?;
    let (filter, cursor) = crate::view::filter::parse(&query);
    if visit::audits(&actor) {
        Ok(admin.auditor(&actor)?.sessions(&filter, cursor.as_deref(), ROWS).await?)
    } else {
        Ok(admin.user(&actor).my_sessions(&filter, cursor.as_deref(), ROWS).await?)
    }
}

/// A session and a page of its exchanges, oldest first. An auditor's reading is itself recorded.
#[server]
pub async fn load_session(id: SessionId, cursor: Option<String>) -> Result<SessionDetail, UiError> {
    use super::visit;
    let (admin, actor) = visit::signed_in()?;
    let found = if visit::audits(&actor) {
        admin.auditor(&actor)?.session(id, cursor.as_deref()).await?
    } else {
        admin.user(&actor).my_session(id, cursor.as_deref()).await?
    };
    found.ok_or(UiError::NotFound)
}
