//! Gateway tokens as people see them; never the secret, never its hash.

use serde::{Deserialize, Serialize};

use crate::{ConnectionId, PersonId, Timestamp, TokenId};

/// A gateway token's row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    pub id: TokenId,
    pub person: PersonId,
    /// Login of the person, for lists.
    pub person_label: String,
    pub label: String,
    /// The first characters of the token, to recognise it by.
    pub hint: String,
    /// Connections it opens; `None`: all that its owner's groups grant.
    pub scope: Option<Vec<ConnectionId>>,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub max_uses: Option<i32>,
    pub uses: i32,
    pub last_used_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
}

/// What a token's owner asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewToken {
    pub label: String,
    pub scope: Option<Vec<ConnectionId>>,
    /// Seconds from now, 60 to 30 days.
    pub lifetime_seconds: i64,
    pub max_uses: Option<i32>,
}
