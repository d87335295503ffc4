//! From cookie to actor: every page request looks the person up again, so a disabled account or a changed role counts
//! at once. Pages that need somebody send strangers to the sign-in page before anything is rendered.

use std::{net::SocketAddr, time::Duration};

use app::error::UiError;
use axum::{
    Json,
    extract::{ConnectInfo, Request, State},
    http::{Method, StatusCode},
    middleware::Next,
    response::{IntoResponse as _, Redirect, Response},
};
use countersign_admin::Actor;
use tower_sessions::Session;

use super::{bare, live, peer, session};
use crate::state::AppState;

/// The actor of a request, put into its extensions; `None`: nobody is signed in.
#[derive(Clone)]
pub struct Viewer(pub Option<Actor>);

/// The peer of a request, put into its extensions.
#[derive(Clone)]
pub struct Peer(pub String);

/// Paths that strangers may see; signing out is for those whose session ended elsewhere, too.
const OPEN: [&str; 4] = ["/sign-in", "/setup", "/theme", "/sign-out"];
/// Longest time the database may take to say who somebody is. A page that says so is better than one that never comes.
const WHO: Duration = Duration::from_secs(3);

/// The database cannot say who somebody is.
#[derive(Debug)]
pub struct StoreDown;

/// Establishes the actor and guards the pages.
pub async fn resolve(
    State(state): State<AppState>,
    ConnectInfo(socket): ConnectInfo<SocketAddr>,
    session: Session,
    mut request: Request,
    next: Next,
) -> Response {
    let peer = peer::name(socket, request.headers(), &state.trusted_proxies);
    let Ok(actor) = who(&state, &session, &peer).await else { return without_store(&state, request).await };
    let path = request.uri().path();
    let open = OPEN.contains(&path) || path.starts_with("/sign-in/oidc/") || path.starts_with("/api/");
    if actor.is_none() && !open {
        if *request.method() != Method::GET {
            return bare::answer(&state, bare::Why::SignedOut, request).await;
        }
        if path == "/live" {
            return live::signed_out(request.headers());
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

/// Who is signed in now; a session whose person may no longer enter is ended.
pub async fn who(state: &AppState, session: &Session, peer: &str) -> Result<Option<Actor>, StoreDown> {
    let asked = async {
        let found = session.get::<session::SignedIn>(session::SIGNED_IN).await.map_err(|error| {
            tracing::error!(%error, "the session store cannot be read");
            StoreDown
        })?;
        let Some(signed_in) = found else { return Ok(None) };
        let resumed = state.admin.resume(signed_in.person, peer).await.map_err(|error| {
            tracing::error!(?error, "the person behind a session cannot be read");
            StoreDown
        })?;
        if resumed.is_none() {
            let _ = session.flush().await;
        }
        Ok(resumed)
    };
    tokio::time::timeout(WHO, asked).await.unwrap_or_else(|_| {
        tracing::error!("the database does not say who somebody is");
        Err(StoreDown)
    })
}

/// What a browser, a page's script or the feed is told when the database is away.
async fn without_store(state: &AppState, request: Request) -> Response {
    let path = request.uri().path();
    if path.starts_with("/api/") {
        return (StatusCode::SERVICE_UNAVAILABLE, Json(UiError::AuditUnavailable)).into_response();
    }
    if path == "/live" {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    bare::answer(state, bare::Why::StoreDown, request).await
}
