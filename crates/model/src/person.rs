//! People who sign in, and what they may do.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{PersonId, Timestamp};

/// What a person may do. One person may hold several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Changes connections, people and settings.
    Admin,
    /// Decides held requests.
    Approver,
    /// Reads sessions and the ledger, verifies.
    Auditor,
    /// Makes own tokens and calls the models granted to their groups.
    User,
}

impl Role {
    /// All, in display order.
    pub const ALL: [Self; 4] = [Self::Admin, Self::Approver, Self::Auditor, Self::User];

    /// The stable name, as stored and shown.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Approver => "approver",
            Self::Auditor => "auditor",
            Self::User => "user",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Role {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|role| role.name() == text).ok_or(())
    }
}

/// Where a person's identity is proven.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Origin {
    /// A local account with a password.
    Local,
    /// An OpenID Connect issuer.
    Oidc {
        /// The issuer's URL, exactly as in its tokens.
        issuer: String,
        /// The `sub` claim there.
        subject: String,
    },
}

/// A person as the pages show them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub id: PersonId,
    /// Sign-in name of a local account; the e-mail or preferred name of an OIDC one.
    pub login: String,
    pub display_name: String,
    pub email: Option<String>,
    pub origin: Origin,
    pub roles: Vec<Role>,
    /// Groups, which connections are granted to.
    pub groups: Vec<String>,
    pub disabled: bool,
    pub created_at: Timestamp,
    pub last_seen_at: Option<Timestamp>,
    /// Locked out until then after failed sign-ins (AC-7).
    pub locked_until: Option<Timestamp>,
}

impl Person {
    /// Roles and groups as one text, so that a form can say which it was made from.
    pub fn rights(&self) -> String {
        let roles: Vec<_> = self.roles.iter().map(|role| role.name()).collect();
        format!("{}|{}", roles.join(","), self.groups.join(","))
    }
}

impl Person {
    /// Whether this person holds the role.
    pub fn is(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }
}
