//! Signing in at an OpenID Connect issuer: there and back.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{Path, RawQuery, Request, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use countersign_admin::OidcIdentity;
use countersign_identity::{Callback, Flow, SignInError};
use countersign_model::{form::FormState, person::Role};
use serde::Deserialize;
use tower_sessions::Session;

use super::{forms::sign_in, pages, session::OidcSession, viewer::Peer};
use crate::state::AppState;

/// Key of the flow in the session's data.
const FLOW: &str = "oidc_flow";
const STORE_DOWN: &str = "The database does not answer. Try again shortly.";

/// The paths of this module, which are also pages: the sign-in page with what went wrong.
pub fn paths() -> Vec<String> {
    ["/sign-in/oidc/{issuer}", "/sign-in/oidc/{issuer}/callback"].map(str::to_owned).to_vec()
}

/// Where to go afterwards.
#[derive(Deserialize)]
pub struct Next {
    #[serde(default)]
    next: String,
}

/// GET `/sign-in/oidc/{issuer}`.
pub async fn begin(
    State(state): State<AppState>,
    Path(name): Path<String>,
    axum::extract::Query(Next { next }): axum::extract::Query<Next>,
    session: Session,
    request: Request,
) -> Response {
    let Ok(redirect) = state.public_url.join(&format!("/sign-in/oidc/{name}/callback")) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let begun = state.issuers.begin(&name, &redirect, &next, false, &*state.mint).await;
    match begun {
        Ok((target, flow)) => match session.insert(FLOW, flow).await {
            Ok(()) => Redirect::to(target.as_str()).into_response(),
            Err(error) => {
                tracing::error!(%error, "a sign-in could not be kept");
                fail(state, request, StatusCode::SERVICE_UNAVAILABLE, STORE_DOWN.into()).await
            }
        },
        Err(error) => {
            tracing::warn!(issuer = name, %error, "a sign-in could not begin");
            let status = match error {
                SignInError::UnknownIssuer => StatusCode::NOT_FOUND,
                _ => StatusCode::BAD_GATEWAY,
            };
            fail(state, request, status, error.to_string()).await
        }
    }
}

/// GET `/sign-in/oidc/{issuer}/callback`.
pub async fn callback(
    State(state): State<AppState>,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
    Extension(peer): Extension<Peer>,
    session: Session,
    request: Request,
) -> Response {
    let flow = session.remove::<Flow>(FLOW).await.ok().flatten().filter(|flow| flow.issuer == name);
    let Some(flow) = flow else {
        let sentence = "This sign-in was not begun in this browser, or took too long. Begin again.";
        return fail(state, request, StatusCode::BAD_REQUEST, sentence.into()).await;
    };
    let callback = match Callback::from_query(query.as_deref().unwrap_or("")) {
        Ok(callback) => callback,
        Err(error) => return fail(state, request, StatusCode::BAD_REQUEST, error.to_string()).await,
    };
    let identity = match state.issuers.finish(&flow, &callback).await {
        Ok(identity) => identity,
        Err(error) => {
            tracing::warn!(issuer = name, %error, "a sign-in was refused");
            return fail(state, request, StatusCode::FORBIDDEN, error.to_string()).await;
        }
    };
    let oidc = OidcSession {
        issuer_name: identity.issuer_name.clone(),
        issuer: identity.issuer.clone(),
        subject: identity.subject.clone(),
        sid: identity.sid.clone(),
        id_token: identity.id_token.expose().clone(),
    };
    // Everyone who may sign in may ask for tokens; what they open is for the connections' groups to say.
    let mut roles = identity.roles;
    if !roles.contains(&Role::User) {
        roles.push(Role::User);
    }
    let known = OidcIdentity {
        issuer: identity.issuer,
        subject: identity.subject,
        login: identity.login,
        display_name: identity.display_name,
        email: identity.email,
        groups: identity.groups,
        roles,
    };
    match state.admin.sign_in_oidc(known, &peer.0).await {
        Ok(actor) => match sign_in::begin(&state, &session, &actor, Some(oidc)).await {
            Ok(()) => Redirect::to(super::forms::own_path(&flow.return_to)).into_response(),
            Err(_) => fail(state, request, StatusCode::SERVICE_UNAVAILABLE, STORE_DOWN.into()).await,
        },
        Err(error) => {
            let (status, sentence) = sign_in::explain(&error);
            fail(state, request, status, sentence).await
        }
    }
}

/// The sign-in page with what went wrong.
async fn fail(state: AppState, request: Request, status: StatusCode, sentence: String) -> Response {
    let (mut parts, _) = request.into_parts();
    parts.uri = axum::http::Uri::from_static("/sign-in");
    let request = Request::from_parts(parts, axum::body::Body::empty());
    let form = FormState { sentence: Some(sentence), ..FormState::default() };
    pages::render(&Arc::new(state), None, form, status, request).await
}
