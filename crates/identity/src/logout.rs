//! Leaving at the issuer too (OpenID Connect RP-Initiated Logout 1.0).

use countersign_model::Secret;
use openidconnect::{
    ClientId, CsrfToken, EndSessionUrl, LogoutRequest, PostLogoutRedirectUrl, core::CoreIdToken,
};
use url::Url;

use crate::{Issuers, SignInError};

impl Issuers {
    /// Where to send the browser after our own session has ended, so that the issuer ends its session as well;
    /// `None` when the issuer offers no such address. `id_token` is the one from sign-in; `state` comes back to
    /// `back_to`, which must be registered at the issuer.
    pub async fn end_session(
        &self,
        name: &str,
        id_token: &Secret<String>,
        back_to: &Url,
        state: &str,
    ) -> Result<Option<Url>, SignInError> {
        let provider = self.named(name).ok_or(SignInError::UnknownIssuer)?;
        let known = provider.known().await.map_err(|_| SignInError::IssuerUnavailable)?;
        let Some(endpoint) = known.metadata.end_session_endpoint.clone() else { return Ok(None) };
        let mut request = LogoutRequest::from(EndSessionUrl::from_url(endpoint))
            .set_client_id(ClientId::new(provider.settings.client_id.clone()))
            .set_post_logout_redirect_uri(PostLogoutRedirectUrl::from_url(back_to.clone()))
            .set_state(CsrfToken::new(state.to_owned()));
        // A hint that cannot be read is left out: then the issuer asks the person.
        if let Ok(hint) = id_token.expose().parse::<CoreIdToken>() {
            request = request.set_id_token_hint(&hint);
        }
        Ok(Some(request.http_get_url()))
    }
}
