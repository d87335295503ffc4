//! Renders a page: the Leptos application with everything a request knows put into its context, and the content
//! security policy with the request's nonce.

use std::sync::Arc;

use app::{
    context::{Theme, Visit},
    error::UiError,
    routes::Route,
};
use axum::{
    Extension,
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse as _, Redirect, Response},
};
use countersign_admin::Actor;
use countersign_model::form::FormState;
use leptos::{nonce::Nonce, prelude::use_context};
use tower_sessions::Session;

use super::{security, viewer::Viewer};
use crate::state::AppState;

/// The cookie with the chosen theme.
pub const THEME_COOKIE: &str = "countersign-theme";
/// Largest error of a server function, bytes.
const ERROR_MAX: usize = 64 << 10;

/// Renders a GET, with what a form left to be shown on this page once.
pub async fn page(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    session: Session,
    request: Request,
) -> Response {
    if let Some(tidy) = tidy_address(request.uri()) {
        return Redirect::to(&tidy).into_response();
    }
    let left = if *request.method() == Method::GET && viewer.0.is_some() {
        state.flashes.take(&session, request.uri()).await
    } else {
        None
    };
    render(&state, viewer.0, left.unwrap_or_default(), StatusCode::OK, request).await
}

/// Where a filter form without a script leads to: the same address without the fields that were left empty. `None`: it
/// is tidy.
fn tidy_address(uri: &Uri) -> Option<String> {
    let query = uri.query().filter(|_| uri.path() == Route::Sessions.path())?;
    let kept: Vec<&str> = query
        .split('&')
        .filter(|pair| pair.split_once('=').is_some_and(|(_, value)| !value.is_empty() && value != "+"))
        .collect();
    let kept = kept.join("&");
    if kept == query {
        return None;
    }
    Some(if kept.is_empty() { uri.path().to_owned() } else { format!("{}?{kept}", uri.path()) })
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
    let response = leptos_axum::handle_server_fns_with_context(move || visit.clone().provide(), request)
        .await
        .into_response();
    if response.status() == StatusCode::INTERNAL_SERVER_ERROR { told(response).await } else { response }
}

/// Every error of a server function comes as 500; one that is ours gets the status of what it says.
async fn told(response: Response) -> Response {
    let (mut head, body) = response.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, ERROR_MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let status = serde_json::from_slice::<UiError>(&bytes).map(|error| error.status());
    if let Some(status) = status.ok().and_then(|status| StatusCode::from_u16(status).ok()) {
        head.status = status;
    }
    Response::from_parts(head, Body::from(bytes))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_left_empty_leave_the_address() {
        let tidy = |text: &str| tidy_address(&text.parse().unwrap());
        assert_eq!(
            tidy("/sessions?caller=bob&connection=&entity=&end=&since=&until="),
            Some("/sessions?caller=bob".to_owned())
        );
        assert_eq!(tidy("/sessions?caller=&end="), Some("/sessions".to_owned()));
        for good in ["/sessions", "/sessions?caller=bob&end=open", "/setup?token=", "/connect?connection="] {
            assert_eq!(tidy(good), None, "{good}");
        }
    }
}
