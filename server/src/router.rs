//! Every path and every layer of the listening port, in order.

use std::sync::Arc;

use axum::{
    Router, middleware,
    routing::{any, get, post},
};
use leptos_axum::LeptosRoutes as _;
use tower_http::compression::CompressionLayer;
use tower_sessions::SessionManagerLayer;

use crate::{
    http::{
        assets, detect, forms, health, linger, live, oidc, origin, pages, proxy, security,
        session::PostgresSessions, viewer, whole,
    },
    state::AppState,
};

/// The proxy, and the pages with all that protects them.
pub fn router(state: &AppState, sessions: SessionManagerLayer<PostgresSessions>) -> Router {
    // The data path: no cookies, no sessions, no compression, nothing but the gateway.
    let proxy = Router::new()
        .route("/c/{connection}", any(proxy::enter))
        .route("/c/{connection}/", any(proxy::enter))
        .route("/c/{connection}/{*path}", any(proxy::enter))
        .with_state(state.door.clone());

    let open = Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/pkg/{name}", get(assets::package))
        .route("/favicon.svg", get(assets::favicon))
        .layer(middleware::from_fn(security::headers))
        .with_state(state.clone());

    // Asked by programs with a token as well as by our own pages: it says who is asking, and refuses other sites, itself.
    let api = Router::new()
        .route("/api/v1/detect", any(detect::answer))
        .layer(sessions.clone())
        .layer(middleware::from_fn(security::headers))
        .layer(middleware::from_fn(linger::layer))
        .layer(CompressionLayer::new())
        .with_state(state.clone());

    let forms = Router::new()
        .route("/sign-in", post(forms::sign_in::sign_in))
        .route("/sign-out", post(forms::sign_in::sign_out))
        .route("/setup", post(forms::setup::administrator))
        .route("/setup/connection", post(forms::setup::connection))
        .route("/setup/hello", post(forms::setup::hello))
        .route("/connections/new", post(forms::connections::new))
        .route("/connections/{name}", post(forms::connections::save))
        .route("/connections/{name}/test", post(forms::connections::test))
        .route("/connections/{name}/delete", post(forms::connections::delete))
        .route("/entities/new/{kind}", post(forms::entities::new))
        .route("/entities/{id}", post(forms::entities::save))
        .route("/entities/{id}/delete", post(forms::entities::delete))
        .route("/entities/{id}/terms.txt", get(forms::entities::terms))
        .route("/connect", post(forms::connect::issue))
        .route("/connect/revoke", post(forms::connect::revoke))
        .route("/people/new", post(forms::people::new))
        .route("/people/{id}", post(forms::people::change))
        .route("/audit/verify", post(forms::audit::verify))
        .route("/account", post(forms::account::change_password))
        .route("/theme", post(forms::theme::choose));

    let pages = Router::new()
        .route("/live", get(live::events))
        .route("/sign-in/oidc/{issuer}", get(oidc::begin))
        .route("/sign-in/oidc/{issuer}/callback", get(oidc::callback))
        .route("/api/{*function}", post(pages::server_function))
        .merge(forms)
        .leptos_routes_with_handler(state.routes.as_ref().clone(), get(pages::page))
        .fallback(pages::page)
        // Innermost first: a change that was begun is finished …
        .layer(middleware::from_fn_with_state(state.tracker.clone(), whole::finish))
        // … the actor is known before any handler runs …
        .layer(middleware::from_fn_with_state(state.clone(), viewer::resolve))
        // … from the session the cookie names …
        .layer(sessions)
        // … after requests that another site caused were refused …
        .layer(middleware::from_fn_with_state(Arc::clone(&state.public_url), origin::guard))
        // … and every answer carries the security headers, reaches who is still sending, and is compressed.
        .layer(middleware::from_fn(security::headers))
        .layer(middleware::from_fn(linger::layer))
        .layer(CompressionLayer::new())
        .with_state(state.clone());

    Router::new().merge(proxy).merge(open).merge(api).merge(pages)
}
