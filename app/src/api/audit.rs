//! The state of the chain, and events that are no exchanges. For auditors and administrators.

use countersign_model::{
    audit::{ChainState, EventView},
    page::Page,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::UiError;

/// The command that checks this installation's ledger without this server.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckCommand {
    /// To be pasted into a shell, in any folder.
    pub text: String,
    /// The database is not in the data folder: its address is left to fill in.
    pub needs_database: bool,
}

/// What is known about the chain, and how to check it without this server, which names a folder of this machine: for
/// auditors and administrators. Checks nothing: that is a form of its own.
#[server]
pub async fn load_chain() -> Result<(ChainState, CheckCommand), UiError> {
    let (admin, actor) = super::visit::signed_in()?;
    let state = admin.auditor(&actor)?.chain_state().await?;
    Ok((state, super::visit::site()?.check.clone()))
}

/// A page of events, newest first.
#[server]
pub async fn load_events(cursor: Option<String>) -> Result<Page<EventView>, UiError> {
    let (admin, actor) = super::visit::signed_in()?;
    Ok(admin.auditor(&actor)?.events(cursor.as_deref()).await?)
}
