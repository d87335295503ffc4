//! Who acts. Made by signing in or resuming, never from what a browser says of itself.

use countersign_model::{
    PersonId,
    person::{Person, Role},
};
use serde::{Deserialize, Serialize};

/// Somebody who is signed in, as of this request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    pub person: PersonId,
    pub login: String,
    pub display_name: String,
    pub roles: Vec<Role>,
    pub groups: Vec<String>,
    /// `ip:port` of the TCP peer.
    pub peer: String,
}

impl Actor {
    /// The person, acting from this address.
    pub(crate) fn of(person: Person, peer: &str) -> Self {
        Self {
            person: person.id,
            login: person.login,
            display_name: person.display_name,
            roles: person.roles,
            groups: person.groups,
            peer: peer.to_owned(),
        }
    }

    /// Whether they hold the role.
    pub fn is(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }
}
