//! A change that was begun is finished, even when the browser goes away in the middle: its ledger row is written before
//! it is applied, and a row for what never happened would be a lie.

use std::time::Duration;

use axum::{
    body::Body,
    extract::{Request, State},
    http::{Method, StatusCode},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use countersign_model::person::Role;
use tokio_util::task::TaskTracker;

use super::{forms::entities, viewer::Viewer};

/// Longest time a form, or a server function's arguments, may take to arrive.
const BODY: Duration = Duration::from_secs(15);
/// Largest of them, bytes; but for the terms of a dictionary, from an administrator.
const BODY_MAX: usize = 256 << 10;

/// Runs everything but reads in a task of its own, once all of it has arrived.
pub async fn finish(State(tracker): State<TaskTracker>, request: Request, next: Next) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let actor = parts.extensions.get::<Viewer>().and_then(|viewer| viewer.0.as_ref());
    let has_terms = parts.uri.path().starts_with("/entities/");
    let most = if has_terms && actor.is_some_and(|actor| actor.roles.contains(&Role::Admin)) {
        entities::MOST
    } else {
        BODY_MAX
    };
    let Ok(read) = tokio::time::timeout(BODY, axum::body::to_bytes(body, most)).await else {
        return (StatusCode::REQUEST_TIMEOUT, "The form did not arrive in time.\n").into_response();
    };
    let Ok(bytes) = read else {
        return (StatusCode::PAYLOAD_TOO_LARGE, "The form is too large.\n").into_response();
    };
    let request = Request::from_parts(parts, Body::from(bytes));
    match tracker.spawn(next.run(request)).await {
        Ok(response) => response,
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
