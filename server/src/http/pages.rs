//! Renders a page: the Leptos application with everything a request knows put into its context, and the content
//! security policy with the request's nonce.

use std::sync::Arc;

use app::context::{Theme, Visit};
use axum::{
    Extension,
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use countersign_admin::Actor;
use countersign_model::form::FormState;
use leptos::{nonce::Nonce, prelude::use_context};

use super::{security, viewer::Viewer};
use crate::state::AppState;

/// The cookie with the chosen theme.
pub const THEME_COOKIE: &str = "countersign-theme";

/// Renders a GET.
pub async fn page(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    request: Request,
) -> Response {
    render(&state, viewer.0, FormState::default(), StatusCode::OK, request).await
}

/// Renders the page at the request's path, with what a form on it led to.
pub async fn render(
    state: &AppState,
    actor: Option<Actor>,
    form: FormState,
    status: StatusCode,
    request: Request,
) -> Response {
    let visit = visit(state, actor, form, request.headers());
    let nonce: Arc<std::sync::Mutex<Option<String>>> = Arc::default();
    let seen = Arc::clone(&nonce);
    let context = move || {
        if let (Some(given), Ok(mut seen)) = (use_context::<Nonce>(), seen.lock()) {
            *seen = Some(given.to_string());
        }
        visit.clone().provide();
    };
    // Every route renders completely before its first byte, and so do paths that are no route.
    let handler = leptos_axum::render_app_async_stream_with_context(context, app::shell);
    let mut response = handler(request).await;
    if response.status() == StatusCode::OK {
        *response.status_mut() = status;
    }
    let given = nonce.lock().ok().and_then(|given| given.clone()).unwrap_or_default();
    if let Ok(policy) = HeaderValue::from_str(&security::page_policy(&given)) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// A server function called by the browser.
pub async fn server_function(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    request: Request,
) -> Response {
    let visit = visit(&state, viewer.0, FormState::default(), request.headers());
    let request = request.map(Body::new);
    leptos_axum::handle_server_fns_with_context(move || visit.clone().provide(), request)
        .await
        .into_response()
}

fn visit(state: &AppState, actor: Option<Actor>, form: FormState, headers: &HeaderMap) -> Visit {
    Visit {
        admin: Arc::clone(&state.admin),
        actor,
        form,
        theme: cookie(headers, THEME_COOKIE).map_or(Theme::System, |name| Theme::parse(&name)),
        site: Arc::clone(&state.site),
        now: state.clock.now(),
    }
}

/// A cookie's value.
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .find_map(|pair| {
            let (key, value) = pair.trim().split_once('=')?;
            (key == name).then(|| value.to_owned())
        })
}
