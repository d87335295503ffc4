//! The administrator's desk: connections, patterns and dictionaries, people, everybody's tokens.

mod analyzer_rules;
mod connection_rules;
mod connections;
mod own_entities;
mod people;
mod tokens;

use countersign_model::Secret;

use crate::{Actor, Admin};

pub use own_entities::WantedEntity;
pub use people::NewPerson;

/// What administrators may do. Only [`Admin::administrator`] gives one out.
pub struct Administrator<'a> {
    admin: &'a Admin,
    actor: Actor,
}

/// What happens to a connection's stored secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretChange {
    Keep,
    Remove,
    Set(Secret<String>),
}

impl<'a> Administrator<'a> {
    pub(crate) const fn new(admin: &'a Admin, actor: Actor) -> Self {
        Self { admin, actor }
    }
}
