//! The administrators' own patterns and dictionaries: new, changed, deleted; and a dictionary's terms as a file.

use axum::{
    extract::{Extension, Path, Request, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use countersign_admin::{AdminError, WantedEntity};
use countersign_model::{
    OwnEntityId,
    form::FieldError,
    own_entity::{CustomText, DictionaryText, OwnEntity, OwnKind, OwnRule},
};

use super::{Posted, to};
use crate::{http::viewer::Viewer, state::AppState};

/// Largest form: all terms there may be, when each byte is written as `%xx`, and what is around them.
pub const MOST: usize = (8 << 20) * 3 + (1 << 20);

/// POST `/entities/new/{kind}`.
pub async fn new(State(state): State<AppState>, Path(kind): Path<String>, request: Request) -> Response {
    let posted = match Posted::read_up_to(MOST, state, request).await {
        Ok(posted) => posted,
        Err(response) => return response,
    };
    let created = async {
        let actor = posted.actor()?;
        let desk = posted.state.admin.administrator(&actor)?;
        let kind = OwnKind::parse(&kind).ok_or(AdminError::NotFound)?;
        desk.create_own_entity(wanted(&posted, kind, None)?).await
    };
    match created.await {
        Ok(entity) => to(&format!("/entities/{}?done=entity-created", entity.id)),
        Err(error) => posted.refuse(error).await,
    }
}

/// POST `/entities/{id}`.
pub async fn save(State(state): State<AppState>, Path(id): Path<String>, request: Request) -> Response {
    let posted = match Posted::read_up_to(MOST, state, request).await {
        Ok(posted) => posted,
        Err(response) => return response,
    };
    let saved = async {
        let actor = posted.actor()?;
        let desk = posted.state.admin.administrator(&actor)?;
        let id: OwnEntityId = id.parse().map_err(|_| AdminError::NotFound)?;
        let version = posted.number("version").map_err(|error| AdminError::Invalid(vec![error]))?;
        let old = desk.own_entity(id).await?.ok_or(AdminError::NotFound)?;
        let wanted = wanted(&posted, old.summary.kind, Some(old))?;
        desk.update_own_entity(id, version, wanted).await
    };
    match saved.await {
        Ok(entity) => to(&format!("/entities/{}?done=entity-saved", entity.id)),
        Err(error) => posted.refuse(error).await,
    }
}

/// POST `/entities/{id}/delete`.
pub async fn delete(State(state): State<AppState>, Path(id): Path<String>, request: Request) -> Response {
    let posted = match Posted::read(state, request).await {
        Ok(posted) => posted,
        Err(response) => return response,
    };
    let deleted = async {
        let actor = posted.actor()?;
        let desk = posted.state.admin.administrator(&actor)?;
        let id: OwnEntityId = id.parse().map_err(|_| AdminError::NotFound)?;
        let version = posted.number("version").map_err(|error| AdminError::Invalid(vec![error]))?;
        desk.delete_own_entity(id, version).await
    };
    match deleted.await {
        Ok(()) => to("/entities?done=entity-deleted"),
        Err(error) => posted.refuse(error).await,
    }
}

/// GET `/entities/{id}/terms.txt`: one term a line.
pub async fn terms(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
) -> Response {
    let read = async {
        let actor = viewer.0.ok_or(AdminError::Forbidden)?;
        let id: OwnEntityId = id.parse().map_err(|_| AdminError::NotFound)?;
        state.admin.administrator(&actor)?.own_entity(id).await?.ok_or(AdminError::NotFound)
    };
    match read.await {
        Ok(OwnEntity { rule: OwnRule::Dictionary(text), .. }) => {
            let mut lines = text.terms.join("\n");
            lines.push('\n');
            let mut response = lines.into_response();
            let headers = response.headers_mut();
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            // The name holds capitals, digits and underscores only.
            let name = format!("attachment; filename=\"{}.txt\"", text.name);
            if let Ok(name) = HeaderValue::from_str(&name) {
                headers.insert(header::CONTENT_DISPOSITION, name);
            }
            response
        }
        Ok(_) | Err(AdminError::NotFound) => {
            (StatusCode::NOT_FOUND, "There is no such dictionary.\n").into_response()
        }
        Err(AdminError::Forbidden) => (StatusCode::FORBIDDEN, "You may not read this.\n").into_response(),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "It cannot be read now.\n").into_response(),
    }
}

/// Reads the rule. Terms that are left empty stay as they are.
fn wanted(posted: &Posted, kind: OwnKind, old: Option<OwnEntity>) -> Result<WantedEntity, AdminError> {
    let name = posted.text("name").to_ascii_uppercase();
    let ignore_case = posted.ticked("ignore_case");
    let rule = match kind {
        OwnKind::Pattern => {
            let score = posted.text("score").parse().map_err(|_| {
                AdminError::Invalid(vec![FieldError::new("score", "A score is from 0 to 1, such as 0.8.")])
            })?;
            let words = posted.lines("words").iter().map(|word| word.trim().to_owned()).collect();
            let (hits, misses) = (posted.lines("hits"), posted.lines("misses"));
            let pattern = posted.text("pattern").to_owned();
            OwnRule::Pattern(CustomText { name, pattern, ignore_case, words, score, hits, misses })
        }
        OwnKind::Dictionary => {
            let typed = posted.lines("terms");
            let terms = match old.map(|old| old.rule) {
                Some(OwnRule::Dictionary(old)) if typed.is_empty() => old.terms,
                _ => typed.iter().map(|term| term.trim().to_owned()).collect(),
            };
            OwnRule::Dictionary(DictionaryText { name, terms, ignore_case })
        }
    };
    Ok(WantedEntity {
        description: posted.text("description").to_owned(),
        enabled: posted.ticked("enabled"),
        rule,
    })
}
