//! `POST /api/v1/detect`: what the command `detect` does with one line, for whoever has a token or is signed in.
//!
//! Promises: the caller is known before the body is read; a browser's request comes from our own pages; at most so many
//! texts are looked through at once. Never: keeps or logs a text, spends a use of a token, writes a row (nothing is sent
//! to a model).

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    body::{Body, Bytes},
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts},
    response::{IntoResponse as _, Response},
};
use countersign_detect::inquiry::{self, Code, Inquiry, Offsets};
use countersign_gateway::{
    directory::Directory,
    reply::{self, Refusal},
};
use countersign_model::{RequestId, reason::Reason};
use http_body_util::LengthLimitError;
use tokio::sync::Semaphore;
use tower_sessions::Session;

use super::{
    origin, peer,
    viewer::{self, StoreDown},
};
use crate::state::AppState;

/// Largest question, bytes.
const BODY_MAX: usize = 4 << 20;
/// Longest time a question may take to arrive.
const BODY_WAIT: Duration = Duration::from_secs(15);
/// Questions answered at once; one more is told to come back.
const AT_ONCE: usize = 32;

/// What is looked for, and room for so many who ask.
#[derive(Clone)]
pub struct Detector {
    directory: Arc<Directory>,
    room: Arc<Semaphore>,
}

impl Detector {
    pub fn new(directory: Arc<Directory>) -> Self {
        Self { directory, room: Arc::new(Semaphore::new(AT_ONCE)) }
    }
}

/// Why there is no answer.
enum No {
    /// For a reason that the proxy has, too.
    Reason(Refusal),
    Inquiry(inquiry::Refusal),
    /// Status, code, sentence.
    Http(StatusCode, &'static str, &'static str),
}

impl From<Reason> for No {
    fn from(reason: Reason) -> Self {
        Self::Reason(Refusal::new(reason, None))
    }
}

/// Any request to the path.
pub async fn answer(
    State(state): State<AppState>,
    ConnectInfo(socket): ConnectInfo<SocketAddr>,
    session: Session,
    request: Request,
) -> Response {
    let id = RequestId::from_uuid(state.mint.uuid(state.clock.now()));
    let (parts, body) = request.into_parts();
    let peer = peer::name(socket, &parts.headers, &state.trusted_proxies);
    let asked = async {
        if parts.method != Method::POST {
            let message = "This path takes POST only.";
            return Err(No::Http(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", message));
        }
        admit(&state, &session, &peer, &parts).await?;
        is_json(&parts.headers)?;
        let question = read(&parts.headers, body).await?;
        run(&state, question).await
    };
    match asked.await {
        Ok(json) => {
            let mut response = json_response(StatusCode::OK, json.into_bytes());
            stamp(&mut response, id);
            response
        }
        Err(no) => no.response(id),
    }
}

/// A token among the headers decides; without one, somebody who is signed in and sits at one of our own pages.
async fn admit(state: &AppState, session: &Session, peer: &str, parts: &Parts) -> Result<(), No> {
    match state.door.gateway.caller(&parts.headers, parts.uri.query()).await {
        Ok(_) => return Ok(()),
        Err(no) if no.reason == Reason::MissingCredential => {}
        Err(no) => return Err(No::Reason(no)),
    }
    if !origin::is_own(&parts.headers, &state.public_url) {
        let message = "This request came from another site and was refused.";
        return Err(No::Http(StatusCode::FORBIDDEN, "cross_site", message));
    }
    match viewer::who(state, session, peer).await {
        Ok(Some(_)) => Ok(()),
        Ok(None) => Err(Reason::MissingCredential.into()),
        Err(StoreDown) => Err(Reason::IdentityUnavailable.into()),
    }
}

fn is_json(headers: &HeaderMap) -> Result<(), No> {
    let refused = |message: &'static str| {
        Err(No::Http(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", message))
    };
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/json") {
        return refused("The body must be JSON, with the content type application/json.");
    }
    match headers.get(header::CONTENT_ENCODING) {
        Some(coding) if coding != "identity" => {
            refused("The body must come as it is, without a content encoding.")
        }
        _ => Ok(()),
    }
}

async fn read(headers: &HeaderMap, body: Body) -> Result<Bytes, No> {
    let too_large = || {
        No::Inquiry(inquiry::Refusal::new(
            Code::TooLarge,
            format!("The body is larger than {BODY_MAX} bytes."),
        ))
    };
    let announced =
        headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| length > BODY_MAX as u64) {
        return Err(too_large());
    }
    match tokio::time::timeout(BODY_WAIT, axum::body::to_bytes(body, BODY_MAX)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(error))
            if std::error::Error::source(&error)
                .is_some_and(<dyn std::error::Error>::is::<LengthLimitError>) =>
        {
            Err(too_large())
        }
        Ok(Err(_)) => {
            let message = "The body ended before it was complete.";
            Err(No::Http(StatusCode::BAD_REQUEST, "incomplete_body", message))
        }
        Err(_) => {
            let message = "The body did not arrive in time.";
            Err(No::Http(StatusCode::REQUEST_TIMEOUT, "request_timeout", message))
        }
    }
}

/// Looks through the text beside the runtime's own threads: a large one takes tens of milliseconds.
async fn run(state: &AppState, question: Bytes) -> Result<String, No> {
    let Detector { directory, room } = state.detector.clone();
    let engine = directory.engine();
    let place = room.try_acquire_owned().map_err(|_| No::from(Reason::Overloaded))?;
    let answered = state.tracker.spawn_blocking(move || {
        let _place = place;
        Inquiry::read(&question).map(|inquiry| inquiry.answer(&engine, Offsets::default()).json())
    });
    match answered.await {
        Ok(answer) => answer.map_err(No::Inquiry),
        Err(error) => {
            // A panic's text may hold some of what was looked at.
            tracing::error!(panicked = error.is_panic(), "a text could not be looked through");
            Err(Reason::Internal.into())
        }
    }
}

impl No {
    fn response(self, id: RequestId) -> Response {
        let (status, code, message, field, given) = match &self {
            Self::Reason(refusal) => return reply::refuse(id, refusal).map(Body::new).into_response(),
            Self::Inquiry(refusal) => {
                let status = match refusal.code {
                    Code::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
                    Code::InvalidUtf8 | Code::InvalidJson | Code::InvalidRequest => StatusCode::BAD_REQUEST,
                };
                (status, refusal.code.name(), refusal.message.as_str(), refusal.field, refusal.id())
            }
            Self::Http(status, code, message) => (*status, *code, *message, None, None),
        };
        let kind = if status == StatusCode::FORBIDDEN { "permission_error" } else { "invalid_request_error" };
        let mut body = countersign_wire::openai_error(message, kind, Some(code), field);
        if let Some(given) = given {
            body.splice(..1, format!("{{\"id\":{given},").into_bytes());
        }
        let mut response = json_response(status, body);
        stamp(&mut response, id);
        let map = response.headers_mut();
        map.insert(reply::SHOULD_RETRY, HeaderValue::from_static("false"));
        if status == StatusCode::METHOD_NOT_ALLOWED {
            map.insert(header::ALLOW, HeaderValue::from_static("POST"));
        }
        response
    }
}

fn json_response(status: StatusCode, body: Vec<u8>) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")], body)
        .into_response()
}

fn stamp(response: &mut Response, id: RequestId) {
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        response.headers_mut().insert(reply::REQUEST_ID, value);
    }
}
