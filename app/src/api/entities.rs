//! The administrators' own patterns and dictionaries. For administrators.

use countersign_model::{
    OwnEntityId,
    own_entity::{CustomText, OwnEntitySummary},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::UiError;

/// A rule as a page shows it: a dictionary may have more terms than a page can.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EntityShown {
    pub summary: OwnEntitySummary,
    pub ignore_case: bool,
    /// `None`: a dictionary.
    pub pattern: Option<CustomText>,
    /// The first terms of a dictionary.
    pub first_terms: Vec<String>,
}

/// Terms of a dictionary that its page shows.
#[cfg(feature = "ssr")]
const FIRST: usize = 20;

/// All of them.
#[server]
pub async fn load_entities() -> Result<Vec<OwnEntitySummary>, UiError> {
    let (admin, actor) = super::visit::signed_in()?;
    Ok(admin.administrator(&actor)?.own_entities().await?)
}

/// One of them.
#[server]
pub async fn load_entity(id: OwnEntityId) -> Result<EntityShown, UiError> {
    use countersign_model::own_entity::{OwnEntity, OwnRule};

    let (admin, actor) = super::visit::signed_in()?;
    let found = admin.administrator(&actor)?.own_entity(id).await?.ok_or(UiError::NotFound)?;
    let OwnEntity { summary, rule } = found;
    Ok(match rule {
        OwnRule::Pattern(text) => EntityShown {
            summary,
            ignore_case: text.ignore_case,
            pattern: Some(text),
            first_terms: Vec::new(),
        },
        OwnRule::Dictionary(text) => EntityShown {
            summary,
            ignore_case: text.ignore_case,
            pattern: None,
            first_terms: text.terms.into_iter().take(FIRST).collect(),
        },
    })
}
