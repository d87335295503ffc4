//! A change that was begun is finished, even when the browser goes away in the middle: its ledger row is written before
//! it is applied, and a row for what never happened would be a lie.

use axum::{
    extract::{Request, State},
    http::{Method, StatusCode},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use tokio_util::task::TaskTracker;

/// Runs everything but reads in a task of its own.
pub async fn finish(State(tracker): State<TaskTracker>, request: Request, next: Next) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    match tracker.spawn(next.run(request)).await {
        Ok(response) => response,
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
