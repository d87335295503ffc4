//! The state of the chain, and events that are no exchanges. For auditors and administrators.

use countersign_model::{
    audit::{ChainState, EventView},
    page::Page,
};
use leptos::prelude::*;

use crate::error::UiError;

/// What is known about the chain. Does not check it: that is a form of its own.
#[server]
pub async fn load_chain_state() -> Result<ChainState, UiError> {
    let (admin, actor) = super::visit::signed_in()?;
    Ok(admin.auditor(&actor)?.chain_state().await?)
}

/// A page of events, newest first.
#[server]
pub async fn load_events(cursor: Option<String>) -> Result<Page<EventView>, UiError> {
    let (admin, actor) = super::visit::signed_in()?;
    Ok(admin.auditor(&actor)?.events(cursor.as_deref()).await?)
}
