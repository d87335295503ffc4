//! An OpenID Connect issuer in the settings file.

use std::{collections::BTreeMap, path::PathBuf};

use serde::Deserialize;

/// One `[[oidc]]` table.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issuer {
    /// Short name, used in URLs: letters, digits and `-`.
    pub name: String,
    /// What the sign-in button says. Default: the name.
    #[serde(default)]
    pub label: Option<String>,
    /// The issuer, exactly as in its tokens.
    pub issuer: String,
    pub client_id: String,
    /// File with the client secret; a public client has none.
    #[serde(default)]
    pub client_secret_file: Option<PathBuf>,
    /// Scopes beside `openid`.
    #[serde(default = "default_scopes")]
    pub scopes: Vec<String>,
    /// JSON pointer (RFC 6901) to the groups in the claims.
    #[serde(default = "default_groups")]
    pub groups_claim: String,
    /// Group to role: `admin`, `approver`, `auditor`, `user`. Everyone who signs in is a `user`.
    #[serde(default)]
    pub roles: BTreeMap<String, Vec<String>>,
    /// Whether people sign in here.
    #[serde(default = "yes")]
    pub sign_in: bool,
    /// The audience that access tokens presented to the proxy must have; without it none are accepted.
    #[serde(default)]
    pub audience: Option<String>,
    /// Accept access tokens whose `typ` is not `at+jwt` (RFC 9068 wants it; some issuers send `JWT`).
    #[serde(default)]
    pub relaxed_typ: bool,
}

fn default_scopes() -> Vec<String> {
    ["profile", "email"].map(str::to_owned).to_vec()
}

fn default_groups() -> String {
    "/groups".to_owned()
}

const fn yes() -> bool {
    true
}
