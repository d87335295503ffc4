//! Connections, and the tokens that open them.

use countersign_model::{
    connection::{Connection, Granted},
    token::Token,
};
use leptos::prelude::*;

use crate::error::UiError;

/// All connections, for administrators.
#[server]
pub async fn load_connections() -> Result<Vec<Connection>, UiError> {
    let (admin, actor) = super::visit::signed_in()?;
    Ok(admin.administrator(&actor)?.connections().await?)
}

/// One connection, for administrators.
#[server]
pub async fn load_connection(name: String) -> Result<Connection, UiError> {
    let (admin, actor) = super::visit::signed_in()?;
    admin.administrator(&actor)?.connection(&name).await?.ok_or(UiError::NotFound)
}

/// The connections granted to whoever asks.
#[server]
pub async fn load_my_connections() -> Result<Vec<Granted>, UiError> {
    let (admin, actor) = super::visit::signed_in()?;
    let site = super::visit::site()?;
    let sample = site.sample.as_ref().map(|sample| sample.base_url.as_str());
    Ok(admin.user(&actor).my_connections(sample).await?)
}

/// The tokens of whoever asks, newest first.
#[server]
pub async fn load_my_tokens() -> Result<Vec<Token>, UiError> {
    let (admin, actor) = super::visit::signed_in()?;
    Ok(admin.user(&actor).my_tokens().await?)
}
