//! Signing in with a local account, and signing out (at the issuer too, after an OpenID Connect sign-in).

use axum::{
    extract::{Request, State},
    http::{StatusCode, header},
    response::{Html, IntoResponse as _, Response},
};
use countersign_admin::{Actor, SignInError};
use tower_sessions::Session;

use super::{Posted, encode, own_path, to};
use crate::{
    http::session::{OidcSession, SIGNED_IN, SignedIn},
    state::AppState,
};

/// POST `/sign-in`.
pub async fn sign_in(State(state): State<AppState>, session: Session, request: Request) -> Response {
    let posted = match Posted::read(state, request).await {
        Ok(posted) => posted,
        Err(response) => return response,
    };
    let login = posted.text("login").to_owned();
    let password = posted.secret("password");
    match posted.state.admin.sign_in_local(&login, password.expose(), &posted.peer).await {
        Ok(actor) => {
            let next = own_path(posted.raw("next")).to_owned();
            match begin(&posted.state, &session, &actor, None).await {
                Ok(()) => to(&next),
                Err(_) => posted.without_store(),
            }
        }
        Err(error) => {
            let (status, sentence) = explain(&error);
            let mut form = posted.typed();
            form.sentence = Some(sentence);
            posted.again(status, form).await
        }
    }
}

/// POST `/sign-out`.
pub async fn sign_out(State(state): State<AppState>, session: Session, request: Request) -> Response {
    let posted = match Posted::read(state, request).await {
        Ok(posted) => posted,
        Err(response) => return response,
    };
    if let Some(actor) = &posted.actor {
        posted.state.admin.signed_out(actor).await;
    }
    let oidc = session.get::<SignedIn>(SIGNED_IN).await.ok().flatten().and_then(|signed_in| signed_in.oidc);
    if let Err(error) = session.flush().await {
        tracing::error!(%error, "a session could not be ended");
        return posted.without_store();
    }
    if let Some(oidc) = oidc
        && let Some(target) = issuer_exit(&posted.state, &oidc).await
    {
        return onward(&target);
    }
    to("/sign-in?done=signed-out")
}

/// Leads to the issuer by itself. No redirect: browsers hold those that follow a form to the page's `form-action`, which
/// names only us, and issuers may redirect further.
fn onward(target: &url::Url) -> Response {
    let href = target.as_str().replace('&', "&amp;").replace('"', "&quot;");
    let page = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Signed out · Countersign</title>\
         <h1>You are signed out here</h1><p><a href=\"{href}\">Sign out at the identity provider too</a></p>"
    );
    ([(header::REFRESH, format!("0; url={target}"))], Html(page)).into_response()
}

/// Puts the actor into the session, under a new id (session fixation).
pub async fn begin(
    state: &AppState,
    session: &Session,
    actor: &Actor,
    oidc: Option<OidcSession>,
) -> Result<(), tower_sessions::session::Error> {
    let signed_in = SignedIn { person: actor.person, at: state.clock.now(), oidc };
    let begun = async {
        session.cycle_id().await?;
        session.insert(SIGNED_IN, signed_in).await
    };
    begun.await.inspect_err(|error| tracing::error!(%error, "a session could not be begun"))
}

/// What the person is told; the same for an unknown account and a wrong password.
pub fn explain(error: &SignInError) -> (StatusCode, String) {
    match error {
        SignInError::Refused => {
            (StatusCode::UNPROCESSABLE_ENTITY, "The sign-in name or the password is wrong.".into())
        }
        SignInError::Locked { until } => (
            StatusCode::TOO_MANY_REQUESTS,
            format!("Too many failed attempts. Try again after {} UTC.", &until.rfc3339()[11..16]),
        ),
        SignInError::Disabled => (StatusCode::FORBIDDEN, "This account is disabled.".into()),
        SignInError::AuditUnavailable => (
            StatusCode::SERVICE_UNAVAILABLE,
            "The audit store did not confirm the record, so nobody can sign in at the moment.".into(),
        ),
        SignInError::Internal(report) => {
            tracing::error!(report, "a sign-in failed");
            (StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong on our side.".into())
        }
    }
}

async fn issuer_exit(state: &AppState, oidc: &OidcSession) -> Option<url::Url> {
    let back = state.public_url.join("/sign-in?done=signed-out").ok()?;
    let token = countersign_model::Secret::new(oidc.id_token.clone());
    let mark = encode(&oidc.issuer_name);
    match state.issuers.end_session(&oidc.issuer_name, &token, &back, &mark).await {
        Ok(target) => target,
        Err(error) => {
            tracing::warn!(%error, "the issuer cannot be told of the sign-out");
            None
        }
    }
}
