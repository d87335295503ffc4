//! One's own password.

use axum::{
    extract::{Request, State},
    response::Response,
};
use countersign_admin::AdminError;
use countersign_model::form::FieldError;

use tower_sessions::Session;

use super::{Posted, to};
use crate::{http::session::hash, state::AppState};

/// POST `/account`.
pub async fn change_password(State(state): State<AppState>, session: Session, request: Request) -> Response {
    let keep = session.id().map(hash);
    let posted = match Posted::read(state, request).await {
        Ok(posted) => posted,
        Err(response) => return response,
    };
    let changed = async {
        let actor = posted.actor()?;
        let (old, new) = (posted.secret("old"), posted.secret("new"));
        if new != posted.secret("new_again") {
            return Err(AdminError::Invalid(vec![FieldError::new(
                "new_again",
                "The two new passwords differ.",
            )]));
        }
        posted.state.admin.user(&actor).change_my_password(&old, &new, keep).await
    };
    match changed.await {
        Ok(()) => to("/account?done=password-changed"),
        Err(error) => posted.refuse(error).await,
    }
}
