//! Access tokens of trusted issuers, sent directly by a client (RFC 9068, with the advice of RFC 8725).
//!
//! Promises: an ID token is never an access token; the issuer, the audience, the times and the signature are checked
//! before anything is believed; a token bound to a key (`cnf`) is not accepted from a mere bearer. A token seen within
//! the last minute costs one SHA-256 and one map look-up.

use std::{num::NonZeroUsize, sync::Arc};

use countersign_model::{Timestamp, unseen::seen};
use thiserror::Error;

use crate::{
    claims::{self, Untimely},
    groups::{self, GroupsError},
    issuers::Issuers,
    jws::{self, Jws, JwsError, TOKEN_MAX},
    provider::{KeyRefusal, Provider},
    settings::{AccessTokenSettings, IssuerSettings},
    strict::Object,
    verified::Verified,
};

/// Verified tokens remembered; each takes about a kilobyte.
const REMEMBERED: NonZeroUsize = NonZeroUsize::MIN.saturating_add(4095);

/// Verifies access tokens against the trusted issuers.
pub struct AccessTokens {
    issuers: Arc<Issuers>,
    verified: Verified,
}

/// Who an access token speaks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessIdentity {
    pub issuer: String,
    /// The name of the issuer in our settings.
    pub issuer_name: String,
    /// `sub`.
    pub subject: String,
    /// `client_id`, else `azp`. Always there when `typ_strict`.
    pub client: Option<String>,
    /// `jti`. Always there when `typ_strict`.
    pub token_id: Option<String>,
    /// `scope` or `scp`.
    pub scope: Vec<String>,
    pub groups: Vec<String>,
    /// For people to read: login, e-mail or subject.
    pub label: String,
    pub expires_at: Timestamp,
}

/// Why a token is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum AccessTokenError {
    /// Not a signed token at all: it may be another kind of credential.
    #[error("this is no signed token")]
    NotAJwtOfOurs,
    #[error("the token's issuer is not trusted for access tokens")]
    UnknownIssuer,
    #[error("the token has expired")]
    Expired,
    #[error("the token is not valid yet")]
    NotYetValid,
    #[error("the token is for another audience")]
    WrongAudience,
    /// An ID token, a logout token, or a plain JWT where `at+jwt` is demanded.
    #[error("this is not an access token")]
    WrongType,
    #[error("the token's signature does not hold")]
    BadSignature,
    #[error("the token is signed with a key the issuer does not publish")]
    UnknownKey,
    #[error("the token's algorithm is refused")]
    AlgorithmRefused,
    #[error("the token is malformed or lacks a required claim")]
    Malformed,
    /// DPoP or mutual TLS (RFC 9449, RFC 8705): the proof of possession is not checked here, so it is not a bearer's.
    #[error("the token is bound to a key and cannot be used as a bearer token")]
    SenderConstrained,
    #[error(transparent)]
    Groups(#[from] GroupsError),
    #[error("the issuer cannot be reached and its keys are not known")]
    IssuerUnavailable,
}

impl AccessTokens {
    pub fn new(issuers: Arc<Issuers>) -> Self {
        Self { issuers, verified: Verified::new(REMEMBERED) }
    }

    /// Whether the text has the shape of a signed token, and so belongs here rather than to the gateway's own tokens.
    pub fn looks_like_one(text: &str) -> bool {
        jws::looks_like_one(text)
    }

    /// Verifies a token at the moment `now`. Waits only when the issuer has to be asked.
    pub async fn verify(&self, jwt: &str, now: Timestamp) -> Result<Arc<AccessIdentity>, AccessTokenError> {
        if jwt.len() > TOKEN_MAX {
            return Err(AccessTokenError::Malformed);
        }
        let digest = Verified::digest(jwt);
        if let Some(identity) = self.verified.get(&digest, now) {
            return Ok(identity);
        }
        let identity = Arc::new(self.verify_afresh(jwt, now).await?);
        self.verified.put(digest, Arc::clone(&identity), now);
        Ok(identity)
    }

    async fn verify_afresh(&self, jwt: &str, now: Timestamp) -> Result<AccessIdentity, AccessTokenError> {
        let jws = Jws::parse(jwt)?;
        let issuer = jws.unproven_issuer().ok_or(AccessTokenError::Malformed)?;
        let provider = self.issuers.for_access_tokens(issuer).ok_or(AccessTokenError::UnknownIssuer)?;
        let settings = &provider.settings;
        let expected = settings.access_tokens.as_ref().ok_or(AccessTokenError::UnknownIssuer)?;
        match (jws.kind().as_deref(), expected.typ_strict) {
            (Some("at+jwt"), _) | (Some("jwt") | None, false) => {}
            _ => return Err(AccessTokenError::WrongType),
        }
        let claims = provider.open(jws).await?.claims;
        check(&claims, provider, expected, now)?;
        identity(&claims, settings)
    }
}

/// What must hold of the claims besides the signature.
fn check(
    claims: &Object,
    provider: &Provider,
    expected: &AccessTokenSettings,
    now: Timestamp,
) -> Result<(), AccessTokenError> {
    // Marks of an ID token (OpenID Connect Core, 2) and of a logout token, where `typ` alone does not tell.
    if ["nonce", "at_hash", "c_hash", "s_hash", "events"].iter().any(|mark| claims.contains_key(*mark)) {
        return Err(AccessTokenError::WrongType);
    }
    let audiences = claims.get("aud").and_then(claims::texts).ok_or(AccessTokenError::WrongAudience)?;
    if !audiences.contains(&expected.audience) {
        return Err(AccessTokenError::WrongAudience);
    }
    claims::check_times(claims, now, provider.timing.skew)?;
    if claims.contains_key("cnf") {
        return Err(AccessTokenError::SenderConstrained);
    }
    let missing = |name: &str| claims::text(claims, name).is_none();
    let anonymous = missing("client_id") && missing("azp");
    if expected.typ_strict && (anonymous || missing("jti") || !claims.contains_key("iat")) {
        return Err(AccessTokenError::Malformed);
    }
    Ok(())
}

fn identity(claims: &Object, settings: &IssuerSettings) -> Result<AccessIdentity, AccessTokenError> {
    let text = |name: &str| claims::text(claims, name).map(str::to_owned);
    let subject = claims::subject(claims).ok_or(AccessTokenError::Malformed)?.to_owned();
    let login = settings.login_claim.as_deref().and_then(text);
    let label = login.or_else(|| text("preferred_username")).or_else(|| text("email"));
    Ok(AccessIdentity {
        issuer: settings.issuer.clone(),
        issuer_name: settings.name.clone(),
        client: text("client_id").or_else(|| text("azp")),
        token_id: text("jti"),
        scope: claims::scope(claims),
        groups: groups::read(claims, &settings.groups_claim)?.unwrap_or_default(),
        label: label
            .map(|label| seen(&label, 200))
            .filter(|label| !label.is_empty())
            .unwrap_or_else(|| subject.clone()),
        expires_at: claims::moment(claims, "exp")?.ok_or(AccessTokenError::Malformed)?,
        subject,
    })
}

impl From<JwsError> for AccessTokenError {
    fn from(error: JwsError) -> Self {
        match error {
            JwsError::NotOne => Self::NotAJwtOfOurs,
            JwsError::Malformed => Self::Malformed,
            JwsError::AlgorithmRefused => Self::AlgorithmRefused,
        }
    }
}

impl From<KeyRefusal> for AccessTokenError {
    fn from(refusal: KeyRefusal) -> Self {
        match refusal {
            KeyRefusal::Unavailable => Self::IssuerUnavailable,
            KeyRefusal::AlgorithmRefused => Self::AlgorithmRefused,
            KeyRefusal::UnknownKey => Self::UnknownKey,
            KeyRefusal::BadSignature => Self::BadSignature,
        }
    }
}

impl From<Untimely> for AccessTokenError {
    fn from(untimely: Untimely) -> Self {
        match untimely {
            Untimely::Expired => Self::Expired,
            Untimely::NotYetValid => Self::NotYetValid,
            Untimely::Unreadable => Self::Malformed,
        }
    }
}
