//! People, and the tokens of one of them. For administrators.

use countersign_model::{PersonId, person::Person, token::Token};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::UiError;

/// A person with their tokens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonWithTokens {
    pub person: Person,
    pub tokens: Vec<Token>,
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
    let tokens = desk.tokens().await?.into_iter().filter(|token| token.person == id).collect();
    Ok(PersonWithTokens { person, tokens })
}
