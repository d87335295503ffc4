//! The way back from the issuer.
//!
//! The ID token is verified twice, by code that shares nothing: the signature and the times here (aws-lc-rs), then
//! everything again by `openidconnect`, which is given only the key that was found. Both must agree.

use chrono::DateTime;
use countersign_model::{Secret, Timestamp};
use openidconnect::{
    AccessToken, AccessTokenHash, AuthType, AuthorizationCode, ClaimsVerificationError, ClientId,
    ClientSecret, IdTokenVerifier, IssuerUrl, JsonWebKeySet, Nonce, OAuth2TokenResponse, PkceCodeVerifier,
    RedirectUrl, RequestTokenError, TokenResponse, TokenUrl,
    core::{CoreClient, CoreIdToken, CoreJwsSigningAlgorithm, CoreTokenResponse},
};
use sha2::{Digest, Sha256};

use super::{Callback, Flow, IdTokenFault, Identity, SignInError, callback::CallbackError, identity};
use crate::{
    Issuers, claims,
    jws::{Jws, JwsError},
    metadata::Metadata,
    provider::{KeyRefusal, Opened, Provider},
    strict::{self, Object},
};

impl Issuers {
    /// Finishes a sign-in with what the browser brought back. The caller has removed `flow` from its store before, so
    /// that it is used once, and has found it by the browser's own cookie.
    pub async fn finish(&self, flow: &Flow, callback: &Callback) -> Result<Identity, SignInError> {
        let provider = self
            .named(&flow.issuer)
            .filter(|provider| provider.settings.sign_in)
            .ok_or(SignInError::UnknownIssuer)?;
        let state = callback.state.as_deref().unwrap_or_default();
        if Sha256::digest(state) != Sha256::digest(&flow.state) {
            return Err(SignInError::State);
        }
        if provider.now() >= flow.started_at.plus_seconds(provider.timing.flow_max) {
            return Err(SignInError::FlowExpired);
        }
        let known = provider.known().await.map_err(|_| SignInError::IssuerUnavailable)?;
        let code = code_of(callback, provider, &known.metadata)?;
        let answer = exchange(provider, &known.metadata, flow, code).await?;
        let token = answer.id_token().ok_or(SignInError::IdToken(IdTokenFault::Missing))?;
        let raw = token.to_string();
        let jws = Jws::parse(&raw).map_err(IdTokenFault::from)?;
        let opened = provider.open(jws).await?;
        check(&opened.claims, provider, flow, provider.now())?;
        second_opinion(token, &opened, provider, flow, answer.access_token())?;
        let user_info = if identity::is_incomplete(&opened.claims, &provider.settings)? {
            user_info(provider, &known.metadata, &opened.claims, answer.access_token()).await?
        } else {
            None
        };
        Ok(Identity::read(&opened.claims, user_info, &provider.settings, Secret::new(raw))?)
    }
}

fn code_of<'c>(
    callback: &'c Callback,
    provider: &Provider,
    metadata: &Metadata,
) -> Result<&'c str, SignInError> {
    match &callback.iss {
        Some(issuer) if *issuer != provider.settings.issuer => return Err(SignInError::IssuerMixUp),
        None if metadata.authorization_response_iss_parameter_supported => {
            return Err(SignInError::IssuerMixUp);
        }
        _ => {}
    }
    if let Some(error) = &callback.error {
        return Err(SignInError::Refused(shown(error)));
    }
    callback.code.as_deref().ok_or(SignInError::Callback(CallbackError::Empty))
}

/// An error code of another party, cut to what may be shown.
fn shown(code: &str) -> String {
    code.chars().filter(|c| c.is_ascii_lowercase() || *c == '_').take(64).collect()
}

async fn exchange(
    provider: &Provider,
    metadata: &Metadata,
    flow: &Flow,
    code: &str,
) -> Result<CoreTokenResponse, SignInError> {
    let settings = &provider.settings;
    let endpoint = metadata.token_endpoint.clone().ok_or(SignInError::NotOffered)?;
    let issuer = IssuerUrl::new(settings.issuer.clone()).map_err(|_| SignInError::UnknownIssuer)?;
    let mut client =
        CoreClient::new(ClientId::new(settings.client_id.clone()), issuer, JsonWebKeySet::default())
            .set_token_uri(TokenUrl::from_url(endpoint))
            .set_redirect_uri(RedirectUrl::from_url(flow.redirect_uri.clone()));
    if let Some(secret) = &settings.client_secret {
        client = client.set_client_secret(ClientSecret::new(secret.expose().clone()));
    }
    if metadata.secret_in_body() {
        client = client.set_auth_type(AuthType::RequestBody);
    }
    client
        .exchange_code(AuthorizationCode::new(code.to_owned()))
        .set_pkce_verifier(PkceCodeVerifier::new(flow.pkce_verifier.clone()))
        .request_async(&provider.outbound)
        .await
        .map_err(|error| match error {
            RequestTokenError::ServerResponse(told) => SignInError::CodeRefused(shown(told.error().as_ref())),
            RequestTokenError::Request(error) => {
                tracing::warn!(issuer = settings.name, %error, "the code could not be exchanged");
                SignInError::IssuerUnavailable
            }
            RequestTokenError::Parse(error, _) => {
                // The path only: the body holds tokens.
                tracing::warn!(issuer = settings.name, at = %error.path(), "the token answer is unreadable");
                SignInError::TokenAnswer
            }
            RequestTokenError::Other(_) => SignInError::TokenAnswer,
        })
}

/// What must hold of the claims (OpenID Connect Core, 3.1.3.7), as far as the second opinion does not ask.
fn check(claims: &Object, provider: &Provider, flow: &Flow, now: Timestamp) -> Result<(), SignInError> {
    let fault = |fault| Err(SignInError::IdToken(fault));
    let settings = &provider.settings;
    if claims::text(claims, "iss") != Some(&settings.issuer) {
        return fault(IdTokenFault::Issuer);
    }
    let audiences = claims.get("aud").and_then(claims::texts).unwrap_or_default();
    if !audiences.contains(&settings.client_id) {
        return fault(IdTokenFault::Audience);
    }
    // With several audiences the token must name us as the party it was given to; if it names one, it is us.
    match claims.get("azp") {
        None if audiences.len() == 1 => {}
        Some(party) if *party == settings.client_id.as_str() => {}
        _ => return fault(IdTokenFault::AuthorizedParty),
    }
    let timely = claims::check_times(claims, now, provider.timing.skew);
    if timely.is_err() || !claims.contains_key("iat") {
        return fault(IdTokenFault::Time);
    }
    if claims::subject(claims).is_none() {
        return fault(IdTokenFault::Malformed);
    }
    let proven =
        claims::moment(claims, "auth_time").map_err(|_| SignInError::IdToken(IdTokenFault::Malformed))?;
    if flow.fresh && proven.is_none_or(|at| at.plus_seconds(provider.timing.skew) < flow.started_at) {
        return Err(SignInError::NotFresh);
    }
    Ok(())
}

/// Has `openidconnect` verify issuer, audience, nonce, expiry and signature, then the bond to the access token.
fn second_opinion(
    token: &CoreIdToken,
    opened: &Opened,
    provider: &Provider,
    flow: &Flow,
    access_token: &AccessToken,
) -> Result<(), SignInError> {
    let settings = &provider.settings;
    let differs = SignInError::IdToken(IdTokenFault::SecondOpinion);
    let key = opened.key.for_openidconnect().ok_or_else(|| differs.clone())?;
    let algorithm: CoreJwsSigningAlgorithm =
        serde_json::from_value(opened.algorithm.name().into()).map_err(|_| differs.clone())?;
    let issuer = IssuerUrl::new(settings.issuer.clone()).map_err(|_| differs.clone())?;
    let now = provider.now().seconds().saturating_sub(provider.timing.skew);
    let now = DateTime::from_timestamp(now, 0).ok_or(differs)?;
    let client = ClientId::new(settings.client_id.clone());
    let verifier = IdTokenVerifier::new_public_client(client, issuer, JsonWebKeySet::new(vec![key.clone()]))
        .set_allowed_algs([algorithm.clone()])
        // Further audiences are allowed because `azp` was checked.
        .set_other_audience_verifier_fn(|_| true)
        .set_time_fn(move || now);
    let claims = token.claims(&verifier, &Nonce::new(flow.nonce.clone())).map_err(|error| {
        tracing::warn!(issuer = settings.name, %error, "the ID token is refused");
        SignInError::IdToken(match error {
            ClaimsVerificationError::InvalidNonce(_) => IdTokenFault::Nonce,
            ClaimsVerificationError::InvalidIssuer(_) => IdTokenFault::Issuer,
            ClaimsVerificationError::InvalidAudience(_) => IdTokenFault::Audience,
            ClaimsVerificationError::Expired(_) => IdTokenFault::Time,
            _ => IdTokenFault::SecondOpinion,
        })
    })?;
    if let Some(told) = claims.access_token_hash() {
        let computed = AccessTokenHash::from_token(access_token, &algorithm, &key);
        if computed.as_ref() != Ok(told) {
            return Err(SignInError::IdToken(IdTokenFault::AccessTokenHash));
        }
    }
    Ok(())
}

/// What the issuer says about the person beyond the ID token (OpenID Connect Core, 5.3).
async fn user_info(
    provider: &Provider,
    metadata: &Metadata,
    token: &Object,
    access_token: &AccessToken,
) -> Result<Option<Object>, SignInError> {
    let Some(endpoint) = &metadata.userinfo_endpoint else { return Ok(None) };
    let answer =
        provider.outbound.document(endpoint, Some(access_token.secret())).await.map_err(|error| {
            tracing::warn!(issuer = provider.settings.name, %error, "user information could not be read");
            SignInError::UserInfo
        })?;
    let told = strict::object(answer.body()).ok_or(SignInError::UserInfo)?;
    // Another subject means that the answer was put in place of the right one (OpenID Connect Core, 5.3.2).
    if claims::text(&told, "sub") == claims::text(token, "sub") {
        Ok(Some(told))
    } else {
        Err(SignInError::UserInfoSubject)
    }
}

impl From<JwsError> for IdTokenFault {
    fn from(error: JwsError) -> Self {
        match error {
            JwsError::NotOne | JwsError::Malformed => Self::Malformed,
            JwsError::AlgorithmRefused => Self::Algorithm,
        }
    }
}

impl From<IdTokenFault> for SignInError {
    fn from(fault: IdTokenFault) -> Self {
        Self::IdToken(fault)
    }
}

impl From<KeyRefusal> for SignInError {
    fn from(refusal: KeyRefusal) -> Self {
        match refusal {
            KeyRefusal::Unavailable => Self::IssuerUnavailable,
            KeyRefusal::AlgorithmRefused => Self::IdToken(IdTokenFault::Algorithm),
            KeyRefusal::UnknownKey => Self::IdToken(IdTokenFault::UnknownKey),
            KeyRefusal::BadSignature => Self::IdToken(IdTokenFault::Signature),
        }
    }
}
