//! From cookie to actor: every page request looks the person up again, so a disabled account or a changed role counts
//! at once. Pages that need somebody send strangers to the sign-in page before anything is rendered.

use std::net::SocketAddr;

use axum::{
    extract::{ConnectInfo, Request, State},
    http::{Method, StatusCode},
    middleware::Next,
    response::{IntoResponse as _, Redirect, Response},
};
use countersign_admin::Actor;
use tower_sessions::Session;

use super::{peer, session};
use crate::state::AppState;

/// The actor of a request, put into its extensions; `None`: nobody is signed in.
#[derive(Clone)]
pub struct Viewer(pub Option<Actor>);

/// The peer of a request, put into its extensions.
#[derive(Clone)]
pub struct Peer(pub String);

/// Paths that strangers may see.
const OPEN: [&str; 3] = ["/sign-in", "/setup", "/theme"];

/// Establishes the actor and guards the pages.
pub async fn resolve(
    State(state): State<AppState>,
    ConnectInfo(socket): ConnectInfo<SocketAddr>,
    session: Session,
    mut request: Request,
    next: Next,
) -> Response {
    let peer = peer::name(socket, request.headers(), &state.trusted_proxies);
    let signed_in = match session.get::<session::SignedIn>(session::SIGNED_IN).await {
        Ok(found) => found,
        Err(error) => {
            tracing::error!(%error, "the session store cannot be read");
            return (StatusCode::SERVICE_UNAVAILABLE, "The database does not answer. Try again shortly.\n")
                .into_response();
        }
    };
    let actor = match signed_in {
        None => None,
        Some(signed_in) => match state.admin.resume(signed_in.person, &peer).await {
            Ok(Some(actor)) => Some(actor),
            Ok(None) => {
                let _ = session.flush().await;
                None
            }
            Err(error) => {
                tracing::error!(?error, "the person behind a session cannot be read");
                return (
                    StatusCode::SERVICE_UNAVAILABLE,
                    "The database does not answer. Try again shortly.\n",
                )
                    .into_response();
            }
        },
    };
    let path = request.uri().path();
    let open = OPEN.contains(&path) || path.starts_with("/sign-in/oidc/") || path.starts_with("/api/");
    if actor.is_none() && !open {
        if *request.method() != Method::GET {
            return (StatusCode::UNAUTHORIZED, "Sign in first.\n").into_response();
        }
        if path == "/live" {
            return StatusCode::UNAUTHORIZED.into_response();
        }
        let wanted = request.uri().path_and_query().map_or("/", |path| path.as_str());
        let first_run = wanted == "/" && state.admin.needs_setup().await.unwrap_or(false);
        let target = if first_run {
            "/setup".to_owned()
        } else {
            format!("/sign-in?next={}", super::forms::encode(wanted))
        };
        return Redirect::to(&target).into_response();
    }
    request.extensions_mut().insert(Viewer(actor));
    request.extensions_mut().insert(Peer(peer));
    next.run(request).await
}
