//! The first run: the first administrator, the first connection, the first hello.

use axum::{
    extract::{Request, State},
    http::StatusCode,
    response::Response,
};
use countersign_admin::{AdminError, FirstAdministrator};
use countersign_model::form::FormState;
use tower_sessions::Session;

use super::{Posted, connections, encode, sign_in, to};
use crate::{hello, state::AppState};

/// POST `/setup`.
pub async fn administrator(State(state): State<AppState>, session: Session, request: Request) -> Response {
    let posted = match Posted::read(state, request).await {
        Ok(posted) => posted,
        Err(response) => return response,
    };
    let token = posted.text("token").to_owned();
    let form = FirstAdministrator {
        login: posted.text("login").to_owned(),
        display_name: posted.text("display_name").to_owned(),
        password: posted.secret("password"),
        password_again: posted.secret("password_again"),
    };
    match posted.state.admin.create_first_administrator(&token, form, &posted.peer).await {
        Ok(actor) => match sign_in::begin(&posted.state, &session, &actor, None).await {
            Ok(()) => to("/setup/connection"),
            // The account is there; only this browser is not signed in yet.
            Err(_) => to("/sign-in?next=%2Fsetup%2Fconnection"),
        },
        Err(AdminError::Forbidden) => {
            let form = FormState {
                sentence: Some(
                    "This set-up link does not hold: it was used, is older than a day, or there is an administrator \
                     already. While there is none, every start of the server prints a new link."
                        .into(),
                ),
                ..posted.typed()
            };
            posted.again(StatusCode::FORBIDDEN, form).await
        }
        Err(error) => {
            let path = format!("/setup?token={}", encode(&token));
            let mut form = posted.typed();
            match error {
                AdminError::Invalid(errors) => form.errors = errors,
                other => form.sentence = Some(other.to_string()),
            }
            posted.again_at(&path, StatusCode::UNPROCESSABLE_ENTITY, form).await
        }
    }
}

/// POST `/setup/connection`.
pub async fn connection(State(state): State<AppState>, request: Request) -> Response {
    let posted = match Posted::read(state, request).await {
        Ok(posted) => posted,
        Err(response) => return response,
    };
    match connections::create(&posted).await {
        Ok(connection) => to(&format!("/setup/hello?connection={}", encode(&connection.settings.name))),
        Err(error) => posted.refuse(error).await,
    }
}

/// POST `/setup/hello`: a real request through the proxy's own door, as the signed-in administrator.
pub async fn hello(State(state): State<AppState>, session: Session, request: Request) -> Response {
    let posted = match Posted::read(state, request).await {
        Ok(posted) => posted,
        Err(response) => return response,
    };
    let actor = match posted.actor() {
        Ok(actor) => actor,
        Err(error) => return posted.refuse(error).await,
    };
    let connection = posted.text("connection").to_owned();
    match hello::send(&posted.state, &actor, &connection).await {
        Ok(hello) => {
            let form = FormState { hello: Some(hello), ..posted.typed() };
            let query = format!("connection={}&done=heard", encode(&connection));
            posted.show(&session, "/setup/hello", &query, form).await
        }
        Err(sentence) => {
            let form = FormState { sentence: Some(sentence), ..posted.typed() };
            posted.again(StatusCode::BAD_GATEWAY, form).await
        }
    }
}
