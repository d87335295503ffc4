//! Verifying the chain.

use axum::{
    extract::{Request, State},
    response::Response,
};

use super::{Posted, to};
use crate::state::AppState;

/// POST `/audit/verify`.
pub async fn verify(State(state): State<AppState>, request: Request) -> Response {
    let posted = match Posted::read(state, request).await {
        Ok(posted) => posted,
        Err(response) => return response,
    };
    let verified = async {
        let actor = posted.actor()?;
        posted.state.admin.auditor(&actor)?.verify().await
    };
    match verified.await {
        Ok(_) => to("/audit?done=verified"),
        Err(error) => posted.refuse(error).await,
    }
}
