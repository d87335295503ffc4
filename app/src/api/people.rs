//! People, and the tokens of one of them. For administrators.

use countersign_model::{ConnectionId, PersonId, person::Person, token::Token};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::UiError;

/// A person with their tokens, and the names of all connections: tokens know them by their ids.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonWithTokens {
    pub person: Person,
    pub tokens: Vec<Token>,
    pub names: Vec<(ConnectionId, String)>,
}

/// Everybody.
#[server]
pub async fn load_people() -> Result<Vec<Person>, UiError> {
    let (admin, actor) = super::visit::signed_in()?;
    Ok(admin.administrator(&actor)?.people().await?)
}

/// One person and the tokens they made.
#[server]
pub async fn load_person(id: PersonId) -> Result<PersonWithTokens, UiError> {
    let (admin, actor) = super::visit::signed_in()?;
    let desk = admin.administrator(&actor)?;
    let person = desk.person(id).await?.ok_or(UiError::NotFound)?;
    let tokens = desk.tokens_of(id).await?;
    let connections =
        if tokens.iter().any(|token| token.scope.is_some()) { desk.connections().await? } else { Vec::new() };
    let names = connections.into_iter().map(|connection| (connection.id, connection.settings.name)).collect();
    Ok(PersonWithTokens { person, tokens, names })
}
