//! Connections: new, changed, tested, deleted.

use axum::{
    extract::{Path, Request, State},
    response::Response,
};
use countersign_admin::{AdminError, Administrator, SecretChange};
use countersign_gateway::{
    directory::{Detection, Route},
    probe,
};
use countersign_model::{
    Secret,
    action::{Action, Actions, Exception, Passage},
    connection::{Connection, ConnectionSettings, CredentialKind, Limits, Masking, Recording, Uninspected},
    form::{FieldError, FormState},
};

use tower_sessions::Session;

use super::{Posted, analyzer::analyzer, encode, to};
use crate::state::AppState;

/// POST `/connections/new`.
pub async fn new(State(state): State<AppState>, request: Request) -> Response {
    let posted = match Posted::read(state, request).await {
        Ok(posted) => posted,
        Err(response) => return response,
    };
    match create(&posted).await {
        Ok(connection) => {
            to(&format!("/connections/{}?done=connection-created", encode(&connection.settings.name)))
        }
        Err(error) => posted.refuse(error).await,
    }
}

/// POST `/connections/{name}`.
pub async fn save(State(state): State<AppState>, Path(name): Path<String>, request: Request) -> Response {
    let posted = match Posted::read(state, request).await {
        Ok(posted) => posted,
        Err(response) => return response,
    };
    let saved = async {
        let actor = posted.actor()?;
        let version = posted.number("version").map_err(|error| AdminError::Invalid(vec![error]))?;
        let secret = match posted.text("secret_change") {
            "set" => SecretChange::Set(posted.secret("secret")),
            "remove" => SecretChange::Remove,
            _ => SecretChange::Keep,
        };
        let desk = posted.state.admin.administrator(&actor)?;
        let settings = readable(&desk, Some(&name), settings(&posted), &secret).await?;
        desk.update_connection(&name, version, settings, secret).await
    };
    match saved.await {
        Ok(connection) => {
            to(&format!("/connections/{}?done=connection-saved", encode(&connection.settings.name)))
        }
        Err(error) => posted.refuse(error).await,
    }
}

/// POST `/connections/{name}/test`.
pub async fn test(
    State(state): State<AppState>,
    Path(name): Path<String>,
    session: Session,
    request: Request,
) -> Response {
    let posted = match Posted::read(state, request).await {
        Ok(posted) => posted,
        Err(response) => return response,
    };
    let path = format!("/connections/{}", encode(&name));
    let report = async {
        let actor = posted.actor()?;
        let connection =
            posted.state.admin.administrator(&actor)?.connection(&name).await?.ok_or(AdminError::NotFound)?;
        // The data path's snapshot holds the unsealed credential; a connection that was just saved may not be there yet.
        let known = posted.state.directory.load().routes.get(&name).cloned();
        let route = known.filter(|route| route.connection.version == connection.version);
        match route {
            Some(route) => Ok(probe::probe(&route, &posted.state.tls).await),
            None if connection.has_secret => Err(AdminError::Conflict(
                "The new settings are not in use yet. Try again in a second.".into(),
            )),
            None => {
                Ok(probe::probe(&Route::new(connection, None, Detection::standard()), &posted.state.tls)
                    .await)
            }
        }
    };
    match report.await {
        Ok(report) => {
            let form = FormState { report: Some(report), ..FormState::default() };
            posted.show(&session, &path, "done=tested", form).await
        }
        Err(error) => posted.refuse(error).await,
    }
}

/// POST `/connections/{name}/delete`.
pub async fn delete(State(state): State<AppState>, Path(name): Path<String>, request: Request) -> Response {
    let posted = match Posted::read(state, request).await {
        Ok(posted) => posted,
        Err(response) => return response,
    };
    let deleted = async {
        let actor = posted.actor()?;
        let version = posted.number("version").map_err(|error| AdminError::Invalid(vec![error]))?;
        posted.state.admin.administrator(&actor)?.delete_connection(&name, version).await
    };
    match deleted.await {
        Ok(()) => to("/connections?done=connection-deleted"),
        Err(error) => posted.refuse(error).await,
    }
}

/// Makes a connection from a form.
pub async fn create(posted: &Posted) -> Result<Connection, AdminError> {
    let actor = posted.actor()?;
    let secret = Some(posted.secret("secret")).filter(|secret: &Secret<String>| !secret.expose().is_empty());
    let desk = posted.state.admin.administrator(&actor)?;
    let change = secret.clone().map_or(SecretChange::Keep, SecretChange::Set);
    let settings = readable(&desk, None, settings(posted), &change).await?;
    desk.create_connection(settings, secret).await
}

/// The settings, when every field could be read; else everything that is wrong with the form, in one go.
async fn readable(
    desk: &Administrator<'_>,
    name: Option<&str>,
    (settings, mut errors): (ConnectionSettings, Vec<FieldError>),
    secret: &SecretChange,
) -> Result<ConnectionSettings, AdminError> {
    if errors.is_empty() {
        return Ok(settings);
    }
    errors.extend(desk.complaints(name, &settings, secret).await?);
    Err(AdminError::Invalid(errors))
}

/// Reads the settings, with what could not be read; fields a short form leaves out have their defaults.
fn settings(posted: &Posted) -> (ConnectionSettings, Vec<FieldError>) {
    let mut errors = Vec::new();
    let defaults = Limits::default();
    let credential = match posted.text("credential_kind") {
        "bearer" => CredentialKind::Bearer,
        "header" => CredentialKind::Header { name: posted.text("credential_header").to_ascii_lowercase() },
        "" | "none" => CredentialKind::None,
        _ => {
            errors.push(FieldError::new("credential_kind", "Choose one of the kinds."));
            CredentialKind::None
        }
    };
    let mut number = |name: &str, default: u64| {
        if posted.text(name).is_empty() {
            return default;
        }
        posted.number(name).unwrap_or_else(|error| {
            errors.push(error);
            default
        })
    };
    let wide = [
        number("connect_ms", u64::from(defaults.connect_ms)),
        number("first_byte_ms", u64::from(defaults.first_byte_ms)),
        number("idle_ms", u64::from(defaults.idle_ms)),
    ];
    let limits = Limits {
        connect_ms: u32::try_from(wide[0]).unwrap_or(u32::MAX),
        first_byte_ms: u32::try_from(wide[1]).unwrap_or(u32::MAX),
        idle_ms: u32::try_from(wide[2]).unwrap_or(u32::MAX),
        request_bytes: number("request_bytes", defaults.request_bytes),
        response_bytes: number("response_bytes", defaults.response_bytes),
    };
    // A word that is not known is not taken for the setting that keeps more.
    let recording = match posted.text("recording") {
        "metadata_only" => Recording::MetadataOnly,
        "masked_text" | "" => Recording::MaskedText,
        _ => {
            errors.push(FieldError::new("recording", "Choose what is recorded."));
            Recording::MetadataOnly
        }
    };
    let uninspected = match posted.text("uninspected") {
        "pass" => Uninspected::Pass,
        "refuse" | "" => Uninspected::Refuse,
        _ => {
            errors.push(FieldError::new("uninspected", "Choose what happens to it."));
            Uninspected::Refuse
        }
    };
    let settings = ConnectionSettings {
        name: posted.text("name").to_owned(),
        description: posted.text("description").to_owned(),
        base_url: posted.text("base_url").to_owned(),
        credential,
        groups: posted.list("groups"),
        limits,
        recording,
        masking: Masking {
            prompt: posted.ticked("mask_prompt"),
            response: posted.ticked("mask_response"),
            actions: actions(posted, &mut errors),
        },
        uninspected,
        analyzer: analyzer(posted, &mut errors),
        enabled: posted.ticked("enabled"),
    };
    (settings, errors)
}

/// Reads what is done with what is found. A word that is not known is taken for none that shows more.
fn actions(posted: &Posted, errors: &mut Vec<FieldError>) -> Actions {
    let mut named = |field: &str| match (posted.text(field), Action::named(posted.text(field))) {
        (_, Some(action)) => action,
        ("", None) => Action::default(),
        (_, None) => {
            errors.push(FieldError::new(field, "Choose one of the actions."));
            Action::default()
        }
    };
    let mut actions = Actions::default();
    for passage in Passage::ALL {
        *actions.default_mut(passage) = named(&format!("action_{}", passage.name()));
    }
    let mut unknown = false;
    for row in 0..Actions::ROWS_MAX {
        let entity = posted.text(&format!("exception_entity_{row}"));
        if entity.is_empty() {
            continue;
        }
        let passage = match posted.text(&format!("exception_passage_{row}")) {
            "" | "everywhere" => None,
            name => {
                let passage = Passage::named(name);
                unknown |= passage.is_none();
                passage
            }
        };
        let action = Action::named(posted.text(&format!("exception_action_{row}")));
        unknown |= action.is_none();
        actions.exceptions.push(Exception {
            entity: entity.to_owned(),
            passage,
            action: action.unwrap_or_default(),
        });
    }
    if unknown {
        errors.push(FieldError::new("exceptions", "Choose a text and an action for each exception."));
    }
    actions
}
