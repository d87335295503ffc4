//! What happens when a form is posted. Plain HTML forms, so that every page works without a script: success redirects
//! (303) to a page, failure renders the same page again with what was wrong (422).

pub mod account;
mod analyzer;
pub mod audit;
pub mod connect;
pub mod connections;
pub mod entities;
pub mod people;
pub mod setup;
pub mod sign_in;
pub mod theme;

use axum::{
    body::Body,
    extract::Request,
    http::{StatusCode, header, request::Parts},
    response::{IntoResponse as _, Redirect, Response},
};
use countersign_admin::{Actor, AdminError};
use countersign_model::{
    Secret,
    form::{FieldError, FormState},
};
use tower_sessions::Session;
use url::form_urlencoded;

use super::{
    bare, pages,
    viewer::{Peer, Viewer},
};
use crate::state::AppState;

/// Largest form, bytes.
pub const FORM_MAX: usize = 64 << 10;
/// Fields whose value is never shown again.
pub const SECRET_FIELDS: [&str; 7] =
    ["password", "password_again", "secret", "old", "new", "new_again", "token"];

/// A posted form, with who posted it.
pub struct Posted {
    pub state: AppState,
    pub actor: Option<Actor>,
    pub peer: String,
    pairs: Vec<(String, String)>,
    /// The request's head, for rendering its page again.
    head: Parts,
}

impl Posted {
    /// Reads a form.
    pub async fn read(state: AppState, request: Request) -> Result<Self, Response> {
        Self::read_up_to(FORM_MAX, state, request).await
    }

    /// Reads a form of at most so many bytes.
    pub async fn read_up_to(most: usize, state: AppState, request: Request) -> Result<Self, Response> {
        let (parts, body) = request.into_parts();
        let is_form = parts
            .headers
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| value.starts_with("application/x-www-form-urlencoded"));
        if !is_form {
            return Err((StatusCode::UNSUPPORTED_MEDIA_TYPE, "Post a form.\n").into_response());
        }
        let bytes = axum::body::to_bytes(body, most)
            .await
            .map_err(|_| (StatusCode::PAYLOAD_TOO_LARGE, "The form is too large.\n").into_response())?;
        let pairs = form_urlencoded::parse(&bytes).into_owned().collect();
        let actor = parts.extensions.get::<Viewer>().and_then(|viewer| viewer.0.clone());
        let peer = parts.extensions.get::<Peer>().map(|peer| peer.0.clone()).unwrap_or_default();
        Ok(Self { state, actor, peer, pairs, head: parts })
    }

    /// A field's text, without surrounding space; empty when absent.
    pub fn text(&self, name: &str) -> &str {
        self.raw(name).trim()
    }

    /// A field's text as typed.
    pub fn raw(&self, name: &str) -> &str {
        self.pairs.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// A secret field.
    pub fn secret(&self, name: &str) -> Secret<String> {
        Secret::new(self.raw(name).to_owned())
    }

    /// All values of a repeated field.
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.pairs
            .iter()
            .filter(|(key, _)| key == name)
            .map(|(_, value)| value.trim())
            .filter(|value| !value.is_empty())
            .collect()
    }

    /// Whether a box is ticked.
    pub fn ticked(&self, name: &str) -> bool {
        self.pairs.iter().any(|(key, _)| key == name)
    }

    /// A number, or a complaint about the field.
    pub fn number<T: std::str::FromStr>(&self, name: &str) -> Result<T, FieldError> {
        self.text(name).parse().map_err(|_| FieldError::new(name, "Enter a whole number."))
    }

    /// The lines of a text that are not empty, as typed.
    pub fn lines(&self, name: &str) -> Vec<String> {
        self.raw(name).lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect()
    }

    /// Names separated by commas or spaces.
    pub fn list(&self, name: &str) -> Vec<String> {
        self.text(name)
            .split([',', ' ', '\n'])
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect()
    }

    /// What was typed, without secrets, and without texts that no page could show.
    pub fn typed(&self) -> FormState {
        let shown = |(name, value): &&(String, String)| {
            !SECRET_FIELDS.contains(&name.as_str()) && value.len() <= FORM_MAX
        };
        let values = self.pairs.iter().filter(shown).cloned().collect();
        FormState { values, ..FormState::default() }
    }

    /// Renders the page again.
    pub async fn again(self, status: StatusCode, form: FormState) -> Response {
        let mut head = self.head;
        head.method = axum::http::Method::GET;
        head.headers.remove(header::CONTENT_LENGTH);
        head.headers.remove(header::CONTENT_TYPE);
        let request = Request::from_parts(head, Body::empty());
        pages::render(&self.state, self.actor, form, status, request).await
    }

    /// Renders the page again as seen from another path.
    pub async fn again_at(mut self, path: &str, status: StatusCode, form: FormState) -> Response {
        if let Ok(uri) = path.parse() {
            self.head.uri = uri;
        }
        self.again(status, form).await
    }

    /// The page that needs no database, with what was typed.
    pub fn without_store(&self) -> Response {
        let path = self.head.uri.path_and_query().map_or("/", |path| path.as_str());
        bare::page(&self.state, bare::Why::StoreDown, &self.head.headers, path, Some(&self.pairs))
    }

    /// Leaves a result to be shown once, and leads to its page; 303, so that reloading the page repeats nothing.
    /// `page` has no query of its own but `query`, such as `done=tested`.
    pub async fn show(self, session: &Session, page: &str, query: &str, form: FormState) -> Response {
        match self.state.flashes.keep(session, page, &form).await {
            Ok(()) => to(&format!("{page}?{query}")),
            Err(error) => {
                // Shown all the same: what was made would be lost otherwise.
                tracing::error!(%error, "a result could not be kept for its page");
                self.again_at(page, StatusCode::OK, form).await
            }
        }
    }

    /// Answers a use case that did not do what was asked.
    pub async fn refuse(self, error: AdminError) -> Response {
        let mut form = self.typed();
        let status = match error {
            AdminError::Invalid(errors) => {
                form.errors = errors;
                StatusCode::UNPROCESSABLE_ENTITY
            }
            AdminError::Conflict(sentence) => {
                form.sentence = Some(sentence);
                StatusCode::CONFLICT
            }
            AdminError::Stale => {
                form.sentence = Some(
                    "Somebody else changed this in the meantime. Your input is below; reload the page to see theirs.".into(),
                );
                StatusCode::CONFLICT
            }
            AdminError::AuditUnavailable => {
                form.sentence = Some(
                    "The audit store did not confirm the record, so nothing was changed. Try again shortly."
                        .into(),
                );
                StatusCode::SERVICE_UNAVAILABLE
            }
            AdminError::Forbidden => {
                form.sentence = Some("You may not do this.".into());
                StatusCode::FORBIDDEN
            }
            AdminError::NotFound => {
                form.sentence = Some("It does not exist any more.".into());
                StatusCode::NOT_FOUND
            }
            AdminError::Internal(report) => {
                form.sentence = Some(format!("Something went wrong on our side. Report id: {report}"));
                StatusCode::INTERNAL_SERVER_ERROR
            }
        };
        self.again(status, form).await
    }

    /// The actor.
    pub fn actor(&self) -> Result<Actor, AdminError> {
        self.actor.clone().ok_or(AdminError::Forbidden)
    }
}

/// 303 to a page.
pub fn to(path: &str) -> Response {
    Redirect::to(path).into_response()
}

/// Percent-encodes a query value.
pub fn encode(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// A path of our own to go to next; anything else becomes `/`.
pub fn own_path(next: &str) -> &str {
    let own = next.starts_with('/')
        && !next.starts_with("//")
        && !next.starts_with("/\\")
        && !next.chars().any(|c| c.is_control() || c == '\\');
    if own { next } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_own_paths_are_gone_to() {
        assert_eq!(own_path("/sessions?caller=a"), "/sessions?caller=a");
        for bad in ["//evil.example", "https://evil.example", "/\\evil", "", "javascript:1", "/a\r\nb"] {
            assert_eq!(own_path(bad), "/", "{bad}");
        }
    }
}
