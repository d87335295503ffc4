//! `/healthz`: the process runs. `/readyz`: it can do its work, which means write the ledger.

use axum::{Json, extract::State, http::StatusCode};
use serde_json::{Value, json};

use crate::state::AppState;

/// Alive.
pub async fn alive() -> &'static str {
    "ok\n"
}

/// Ready: 200 when the audit store takes records, 503 with the reason when it does not.
pub async fn ready(State(state): State<AppState>) -> (StatusCode, Json<Value>) {
    let problem = state.readiness.problem();
    match problem {
        None => (StatusCode::OK, Json(json!({"ready": true}))),
        Some(sentence) => {
            (StatusCode::SERVICE_UNAVAILABLE, Json(json!({"ready": false, "reason": sentence})))
        }
    }
}
