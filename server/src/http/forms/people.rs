//! People: new, roles and groups, disabled, password, tokens.

use axum::{
    extract::{Path, Request, State},
    response::Response,
};
use countersign_admin::{AdminError, NewPerson};
use countersign_model::{PersonId, form::FieldError, person::Role};

use super::{Posted, to};
use crate::state::AppState;

/// POST `/people/new`.
pub async fn new(State(state): State<AppState>, request: Request) -> Response {
    let posted = match Posted::read(state, request).await {
        Ok(posted) => posted,
        Err(response) => return response,
    };
    let created = async {
        let actor = posted.actor()?;
        let new = NewPerson {
            login: posted.text("login").to_owned(),
            display_name: posted.text("display_name").to_owned(),
            email: posted.text("email").to_owned(),
            password: posted.secret("password"),
            roles: roles(&posted)?,
            groups: posted.list("groups"),
        };
        posted.state.admin.administrator(&actor)?.create_person(new).await
    };
    match created.await {
        Ok(person) => to(&format!("/people/{}?done=person-created", person.id)),
        Err(error) => posted.refuse(error).await,
    }
}

/// POST `/people/{id}`.
pub async fn change(State(state): State<AppState>, Path(id): Path<String>, request: Request) -> Response {
    let posted = match Posted::read(state, request).await {
        Ok(posted) => posted,
        Err(response) => return response,
    };
    let changed = async {
        let actor = posted.actor()?;
        let id: PersonId = id.parse().map_err(|_| AdminError::NotFound)?;
        let desk = posted.state.admin.administrator(&actor)?;
        match posted.text("action") {
            "roles" => {
                // What somebody else changed since the form was made is not taken back unseen.
                let person = desk.person(id).await?.ok_or(AdminError::NotFound)?;
                if posted.all("seen").first().is_some_and(|seen| *seen != person.rights()) {
                    return Err(AdminError::Stale);
                }
                desk.set_roles_and_groups(id, &roles(&posted)?, &posted.list("groups")).await?;
                Ok("roles-saved")
            }
            "disable" => desk.set_disabled(id, true).await.map(|_| "person-disabled"),
            "enable" => desk.set_disabled(id, false).await.map(|_| "person-enabled"),
            "password" => {
                desk.reset_password(id, &posted.secret("password")).await.map(|()| "password-reset")
            }
            "revoke-token" => {
                let token = posted.text("token_id").parse().map_err(|_| AdminError::NotFound)?;
                desk.revoke_token(token).await.map(|()| "token-revoked")
            }
            _ => Err(AdminError::Invalid(vec![FieldError::new("action", "Unknown action.")])),
        }
    };
    match changed.await {
        Ok(done) => to(&format!("/people/{id}?done={done}")),
        Err(error) => posted.refuse(error).await,
    }
}

fn roles(posted: &Posted) -> Result<Vec<Role>, AdminError> {
    posted
        .all("roles")
        .into_iter()
        .map(|name| {
            name.parse()
                .map_err(|()| AdminError::Invalid(vec![FieldError::new("roles", "Choose from the list.")]))
        })
        .collect()
}
