//! One's own gateway tokens: made (and shown once), revoked.

use axum::{
    extract::{Request, State},
    response::Response,
};
use countersign_admin::AdminError;
use countersign_model::{
    form::{FieldError, FormState, IssuedToken},
    token::NewToken,
};

use tower_sessions::Session;

use super::{Posted, encode, to};
use crate::state::AppState;

/// POST `/connect`.
pub async fn issue(State(state): State<AppState>, session: Session, request: Request) -> Response {
    let posted = match Posted::read(state, request).await {
        Ok(posted) => posted,
        Err(response) => return response,
    };
    let issued = async {
        let actor = posted.actor()?;
        posted.state.admin.user(&actor).issue_token(new_token(&posted)?).await
    };
    match issued.await {
        Ok((token, secret)) => {
            let issued = IssuedToken { token, secret: secret.expose().clone() };
            let form = FormState { issued: Some(issued), ..FormState::default() };
            let query = match posted.text("connection") {
                "" => "done=token-made".to_owned(),
                chosen => format!("connection={}&done=token-made", encode(chosen)),
            };
            posted.show(&session, "/connect", &query, form).await
        }
        Err(error) => posted.refuse(error).await,
    }
}

/// POST `/connect/revoke`.
pub async fn revoke(State(state): State<AppState>, request: Request) -> Response {
    let posted = match Posted::read(state, request).await {
        Ok(posted) => posted,
        Err(response) => return response,
    };
    let revoked = async {
        let actor = posted.actor()?;
        let id = posted.text("id").parse().map_err(|_| AdminError::NotFound)?;
        posted.state.admin.user(&actor).revoke_my_token(id).await
    };
    match revoked.await {
        Ok(()) => to("/connect?done=token-revoked"),
        Err(error) => posted.again_at_refuse("/connect", error).await,
    }
}

fn new_token(posted: &Posted) -> Result<NewToken, AdminError> {
    let invalid = |error: FieldError| AdminError::Invalid(vec![error]);
    let scope = posted.all("scope");
    let scope = scope
        .iter()
        .map(|id| id.parse().map_err(|_| invalid(FieldError::new("scope", "Choose from the list."))))
        .collect::<Result<Vec<_>, _>>()?;
    let max_uses = match posted.text("max_uses") {
        "" => None,
        _ => Some(posted.number("max_uses").map_err(invalid)?),
    };
    Ok(NewToken {
        label: posted.text("label").to_owned(),
        scope: (!scope.is_empty()).then_some(scope),
        lifetime_seconds: posted.number("lifetime_seconds").map_err(invalid)?,
        max_uses,
    })
}

impl Posted {
    /// Shows a refusal on another page than the one posted to.
    async fn again_at_refuse(mut self, path: &str, error: AdminError) -> Response {
        if let Ok(uri) = path.parse() {
            self.head.uri = uri;
        }
        self.refuse(error).await
    }
}
