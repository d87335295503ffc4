//! The way to the issuer.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use countersign_model::{Mint, Timestamp};
use openidconnect::{
    AuthUrl, ClientId, CsrfToken, IssuerUrl, JsonWebKeySet, Nonce, PkceCodeChallenge, PkceCodeVerifier,
    RedirectUrl, Scope,
    core::{CoreAuthPrompt, CoreAuthenticationFlow, CoreClient},
};
use serde::{Deserialize, Serialize};
use url::Url;

use super::SignInError;
use crate::Issuers;

/// A sign-in that has begun. Holds secrets: it belongs into the server's short-lived session store, or into a cookie
/// only when encrypted there.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flow {
    /// The name of the issuer in our settings.
    pub issuer: String,
    pub(super) state: String,
    pub(super) nonce: String,
    pub(super) pkce_verifier: String,
    pub(super) redirect_uri: Url,
    /// Where in our own site the person wanted to go: always a path.
    pub return_to: String,
    pub started_at: Timestamp,
    /// Whether the person must prove who they are even if the issuer still knows them.
    pub fresh: bool,
}

impl std::fmt::Debug for Flow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Flow").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

impl Issuers {
    /// Begins a sign-in: the address to send the browser to, and what to keep until it comes back.
    ///
    /// `return_to` is where to go afterwards; anything but a path of our own site becomes `/`. With `fresh` the issuer
    /// is told to ask again (`prompt=login`, `max_age=0`) and `finish` checks that it did: the step-up for approvals.
    pub async fn begin(
        &self,
        name: &str,
        redirect_uri: &Url,
        return_to: &str,
        fresh: bool,
        mint: &dyn Mint,
    ) -> Result<(Url, Flow), SignInError> {
        let provider = self
            .named(name)
            .filter(|provider| provider.settings.sign_in)
            .ok_or(SignInError::UnknownIssuer)?;
        let known = provider.known().await.map_err(|_| SignInError::IssuerUnavailable)?;
        let endpoint = known.metadata.authorization_endpoint.clone().ok_or(SignInError::NotOffered)?;
        let secret = || URL_SAFE_NO_PAD.encode(mint.bytes32());
        let flow = Flow {
            issuer: name.to_owned(),
            state: secret(),
            nonce: secret(),
            pkce_verifier: secret(),
            redirect_uri: redirect_uri.clone(),
            return_to: local_path(return_to).to_owned(),
            started_at: provider.now(),
            fresh,
        };
        let settings = &provider.settings;
        let issuer = IssuerUrl::new(settings.issuer.clone()).map_err(|_| SignInError::UnknownIssuer)?;
        let client =
            CoreClient::new(ClientId::new(settings.client_id.clone()), issuer, JsonWebKeySet::default())
                .set_auth_uri(AuthUrl::from_url(endpoint))
                .set_redirect_uri(RedirectUrl::from_url(redirect_uri.clone()));
        let state = CsrfToken::new(flow.state.clone());
        let nonce = Nonce::new(flow.nonce.clone());
        let verifier = PkceCodeVerifier::new(flow.pkce_verifier.clone());
        let mut request = client
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, || state, || nonce)
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .add_scopes(settings.scopes.iter().filter(|s| *s != "openid").cloned().map(Scope::new));
        if fresh {
            request = request.add_prompt(CoreAuthPrompt::Login).set_max_age(std::time::Duration::ZERO);
        }
        let (url, _, _) = request.url();
        Ok((url, flow))
    }
}

/// The path itself, or `/` when it would lead a browser elsewhere.
fn local_path(path: &str) -> &str {
    let odd = |c: char| c == '\\' || c.is_control();
    if path.starts_with('/') && !path.starts_with("//") && !path.contains(odd) { path } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn return_to_stays_on_our_site() {
        assert_eq!(local_path("/sessions?page=2#top"), "/sessions?page=2#top");
        for elsewhere in [
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "javascript:x",
            "",
            "x",
        ] {
            assert_eq!(local_path(elsewhere), "/", "{elsewhere}");
        }
    }
}
