//! Who calls the proxy, as established by the identify stage.

use serde::{Deserialize, Serialize};

use crate::{ConnectionId, PersonId, Timestamp, TokenId};

/// How the caller proved who they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Proof {
    /// An opaque gateway token.
    GatewayToken {
        token: TokenId,
        /// Whether uses are counted, so that the call must redeem one.
        counted: bool,
    },
    /// An access token of a trusted issuer (RFC 9068).
    AccessToken {
        issuer: String,
        subject: String,
        /// `client_id` or `azp`.
        client: Option<String>,
        /// `jti`.
        token: Option<String>,
    },
}

/// A caller whose proof was checked. Only identity code makes one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caller {
    /// The person behind the proof, when there is an account.
    pub person: Option<PersonId>,
    /// For people to read: login, e-mail or subject.
    pub label: String,
    pub groups: Vec<String>,
    /// Connections the proof is limited to; `None`: all that the groups grant.
    pub scope: Option<Vec<ConnectionId>>,
    pub proof: Proof,
    /// When the proof ends.
    pub expires_at: Timestamp,
}

impl Caller {
    /// A stable text that names the credential, for grouping exchanges into sessions. Not secret.
    pub fn credential_key(&self) -> String {
        match &self.proof {
            Proof::GatewayToken { token, .. } => token.to_string(),
            Proof::AccessToken { issuer, subject, client, .. } => {
                format!("{issuer}\u{1f}{subject}\u{1f}{}", client.as_deref().unwrap_or(""))
            }
        }
    }
}
