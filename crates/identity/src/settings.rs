//! What an administrator says about an issuer, checked once at start.
//!
//! Promises: settings that passed [`IssuerSettings::check`] name an issuer that may be asked over the network
//! (https, or http on a loopback host only) and allow at least one algorithm. Never reads the environment or a file.

use std::{fmt, str::FromStr};

use countersign_model::{Secret, person::Role};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use url::{Host, Url};

/// A trusted issuer.
#[derive(Debug, Clone)]
pub struct IssuerSettings {
    /// A short name for URLs and buttons: letters, digits, `-`; unique.
    pub name: String,
    /// The issuer identifier exactly as its tokens write it. Text, not a URL type: `https://idp.example` and
    /// `https://idp.example/` are two issuers (OpenID Connect Core, 2).
    pub issuer: String,
    /// Our client at the issuer; also the audience of its ID tokens.
    pub client_id: String,
    /// `None` for a public client.
    pub client_secret: Option<Secret<String>>,
    /// Asked for at sign-in; `openid` is always added.
    pub scopes: Vec<String>,
    /// JSON Pointer (RFC 6901) to the groups within the claims, for example `/groups` or `/realm_access/roles`.
    pub groups_claim: String,
    /// Which group gives which role; a group may appear several times.
    pub role_map: Vec<(String, Role)>,
    /// The claim that is the person's login; `None`: `preferred_username`, then `email`, then `sub`.
    pub login_claim: Option<String>,
    /// Whether people sign in here.
    pub sign_in: bool,
    /// Set when access tokens of this issuer are accepted directly.
    pub access_tokens: Option<AccessTokenSettings>,
    /// Accepted signature algorithms, for ID tokens and access tokens alike.
    pub algorithms: Vec<SigningAlgorithm>,
}

/// How access tokens of an issuer are told from its other tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessTokenSettings {
    /// The value that `aud` must contain: our resource identifier.
    pub audience: String,
    /// Whether the header must say `typ: at+jwt` and the claims `client_id`, `iat` and `jti` must be there (RFC 9068,
    /// 2.2). Relax it for issuers that send plain `JWT`: Microsoft Entra v1, Keycloak, Kubernetes.
    pub typ_strict: bool,
}

/// A signature algorithm with a public key. There is no way to write `none` or `HS256` here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SigningAlgorithm {
    RS256,
    RS384,
    RS512,
    PS256,
    PS384,
    PS512,
    ES256,
    ES384,
    /// Ed25519, whether the header says `EdDSA` (RFC 8037) or `Ed25519` (RFC 9864).
    EdDSA,
}

/// How long things are kept and waited for, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timing {
    /// The shortest and the longest time keys count as fresh, whatever `Cache-Control` says.
    pub fresh_min: i64,
    pub fresh_max: i64,
    /// When the issuer says nothing.
    pub fresh_default: i64,
    /// How long after its fetch the last good set may still be used while the issuer cannot be reached.
    pub stale_max: i64,
    /// After a key id was asked for in vain, how long unknown key ids cause no further request.
    pub unknown_key_cooldown: i64,
    /// After a failed fetch, how long until the next.
    pub retry_after: i64,
    /// Allowed difference between the issuer's clock and ours.
    pub skew: i64,
    /// How long a person may take at the issuer.
    pub flow_max: i64,
}

/// Why settings are refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SettingsError {
    #[error("issuer name '{0}' must be 1 to 64 letters, digits or '-'")]
    Name(String),
    #[error("issuer name '{0}' is used twice")]
    NameTwice(String),
    #[error("issuer {0} is trusted for access tokens twice")]
    AccessTokensTwice(String),
    #[error("issuer URL '{0}' must be https without query or fragment; http is for loopback hosts only")]
    Issuer(String),
    #[error("issuer {0}: client_id is empty")]
    ClientId(String),
    #[error("issuer {0}: access-token audience is empty")]
    Audience(String),
    #[error("issuer {0}: groups_claim '{1}' is not a JSON Pointer (it starts with '/')")]
    GroupsClaim(String, String),
    #[error("issuer {0}: no signature algorithm is allowed")]
    NoAlgorithm(String),
}

/// `name` is not an algorithm that may be allowed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("'{0}' is not a supported signature algorithm")]
pub struct UnknownAlgorithm(pub String);

impl IssuerSettings {
    /// An issuer for sign-in with everything else as usual.
    pub fn new(name: &str, issuer: &str, client_id: &str) -> Self {
        Self {
            name: name.to_owned(),
            issuer: issuer.to_owned(),
            client_id: client_id.to_owned(),
            client_secret: None,
            scopes: ["profile", "email"].map(str::to_owned).to_vec(),
            groups_claim: "/groups".to_owned(),
            role_map: Vec::new(),
            login_claim: None,
            sign_in: true,
            access_tokens: None,
            algorithms: SigningAlgorithm::ALL.to_vec(),
        }
    }

    /// Refuses what could not work or would be unsafe.
    pub fn check(&self) -> Result<(), SettingsError> {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        if self.name.is_empty() || self.name.len() > 64 || !self.name.chars().all(plain) {
            return Err(SettingsError::Name(self.name.clone()));
        }
        let url = Url::parse(&self.issuer).ok().filter(|url| may_ask(url, true));
        if url.is_none_or(|url| url.query().is_some() || url.fragment().is_some()) {
            return Err(SettingsError::Issuer(self.issuer.clone()));
        }
        if self.sign_in && self.client_id.is_empty() {
            return Err(SettingsError::ClientId(self.name.clone()));
        }
        if self.access_tokens.as_ref().is_some_and(|settings| settings.audience.is_empty()) {
            return Err(SettingsError::Audience(self.name.clone()));
        }
        if !self.groups_claim.starts_with('/') {
            return Err(SettingsError::GroupsClaim(self.name.clone(), self.groups_claim.clone()));
        }
        if self.algorithms.is_empty() {
            return Err(SettingsError::NoAlgorithm(self.name.clone()));
        }
        Ok(())
    }

    /// Whether endpoints of this issuer may be plain http on loopback: only when the issuer itself is.
    pub(crate) fn is_loopback(&self) -> bool {
        self.issuer.starts_with("http://")
    }

    /// The roles that the groups give, each once, in the order of [`Role`].
    pub fn roles_of(&self, groups: &[String]) -> Vec<Role> {
        let mut roles: Vec<Role> =
            self.role_map.iter().filter(|(group, _)| groups.contains(group)).map(|(_, role)| *role).collect();
        roles.sort_unstable();
        roles.dedup();
        roles
    }
}

/// Whether a request may go to this URL: https, or http on a loopback host when `loopback` allows it. Never with
/// credentials in the URL.
pub(crate) fn may_ask(url: &Url, loopback: bool) -> bool {
    let host = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => return false,
    };
    let scheme = url.scheme() == "https" || (url.scheme() == "http" && host && loopback);
    scheme && url.username().is_empty() && url.password().is_none()
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            fresh_min: 5 * 60,
            fresh_max: 24 * 3600,
            fresh_default: 3600,
            stale_max: 48 * 3600,
            unknown_key_cooldown: 30,
            retry_after: 5,
            skew: 60,
            flow_max: 10 * 60,
        }
    }
}

impl SigningAlgorithm {
    /// Every algorithm there is.
    pub const ALL: [Self; 9] = [
        Self::RS256,
        Self::RS384,
        Self::RS512,
        Self::PS256,
        Self::PS384,
        Self::PS512,
        Self::ES256,
        Self::ES384,
        Self::EdDSA,
    ];

    /// The name in a header's `alg` (RFC 7518, RFC 8037).
    pub const fn name(self) -> &'static str {
        match self {
            Self::RS256 => "RS256",
            Self::RS384 => "RS384",
            Self::RS512 => "RS512",
            Self::PS256 => "PS256",
            Self::PS384 => "PS384",
            Self::PS512 => "PS512",
            Self::ES256 => "ES256",
            Self::ES384 => "ES384",
            Self::EdDSA => "EdDSA",
        }
    }
}

impl fmt::Display for SigningAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for SigningAlgorithm {
    type Err = UnknownAlgorithm;

    fn from_str(text: &str) -> Result<Self, UnknownAlgorithm> {
        if text == "Ed25519" {
            return Ok(Self::EdDSA);
        }
        Self::ALL
            .into_iter()
            .find(|known| known.name() == text)
            .ok_or_else(|| UnknownAlgorithm(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_loopback_only() {
        let checked = |issuer: &str| IssuerSettings::new("a", issuer, "c").check().is_ok();
        assert!(checked("https://idp.example/realms/one"));
        assert!(checked("http://127.0.0.1:4000"));
        assert!(checked("http://localhost:4000"));
        assert!(checked("http://[::1]:4000"));
        assert!(!checked("http://idp.example"));
        assert!(!checked("http://localhost.example"));
        assert!(!checked("http://10.0.0.1"));
        assert!(!checked("https://user:pass@idp.example"));
        assert!(!checked("https://idp.example?x=1"));
        assert!(!checked("https://idp.example#x"));
        assert!(!checked("ftp://localhost"));
        assert!(!checked("idp.example"));
    }

    #[test]
    fn shared_secret_and_unsigned_algorithms_cannot_be_named() {
        for name in ["none", "None", "HS256", "HS384", "HS512", "rs256", "ES256K", ""] {
            assert!(name.parse::<SigningAlgorithm>().is_err(), "{name}");
        }
        for known in SigningAlgorithm::ALL {
            assert_eq!(known.name().parse(), Ok(known));
        }
        assert_eq!("Ed25519".parse(), Ok(SigningAlgorithm::EdDSA));
    }

    #[test]
    fn groups_give_each_role_once() {
        let mut settings = IssuerSettings::new("a", "https://idp.example", "c");
        settings.role_map = vec![
            ("ops".into(), Role::Auditor),
            ("admins".into(), Role::Admin),
            ("root".into(), Role::Admin),
            ("other".into(), Role::Approver),
        ];
        let groups = ["admins", "ops", "root"].map(str::to_owned);
        assert_eq!(settings.roles_of(&groups), [Role::Admin, Role::Auditor]);
        assert!(settings.roles_of(&[]).is_empty());
    }
}
