//! The one table from a refusal to what the caller reads: OpenAI's error shape, a stable code, the request id, and
//! `x-should-retry`, which the OpenAI SDKs obey.

use bytes::Bytes;
use countersign_model::{RequestId, reason::Reason};
use http::{HeaderName, Response, StatusCode, header};
use http_body::Frame;
use http_body_util::{BodyExt as _, Full, StreamBody};

use crate::{headers, visit::Body};

/// Names the request in every response.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// `<sequence>:<leaf hash in hex>` of the intent row.
pub const RECEIPT: HeaderName = HeaderName::from_static("x-countersign-receipt");
/// The session the exchange belongs to.
pub const SESSION: HeaderName = HeaderName::from_static("x-countersign-session");
/// The exchange's id.
pub const EXCHANGE: HeaderName = HeaderName::from_static("x-countersign-exchange");
/// How many spans of the prompt were masked.
pub const MASKED: HeaderName = HeaderName::from_static("x-countersign-masked");
/// Whether the SDK should repeat the request by itself.
pub const SHOULD_RETRY: HeaderName = HeaderName::from_static("x-should-retry");

/// An expected "no": a stable reason and a detail that is safe to record, never content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub reason: Reason,
    /// For the record, and for the caller where it helps to mend the request.
    pub detail: Option<String>,
    /// Whether the caller is told the detail.
    pub tell: bool,
}

impl Refusal {
    /// A refusal whose detail only the record keeps.
    pub const fn new(reason: Reason, detail: Option<String>) -> Self {
        Self { reason, detail, tell: false }
    }

    /// A refusal whose detail the caller reads too.
    pub const fn telling(reason: Reason, detail: Option<String>) -> Self {
        Self { reason, detail, tell: true }
    }

    /// The sentence for the caller.
    pub fn sentence(&self) -> String {
        match (&self.detail, self.tell) {
            (Some(detail), true) => format!("{} ({detail})", self.reason.sentence()),
            _ => self.reason.sentence().to_owned(),
        }
    }
}

/// The `type` member of OpenAI's error object.
pub const fn error_type(reason: Reason) -> &'static str {
    match reason.status() {
        401 => "authentication_error",
        403 => "permission_error",
        400..=499 => "invalid_request_error",
        _ => "server_error",
    }
}

/// The whole response for a refusal.
pub fn refuse(request: RequestId, refusal: &Refusal) -> Response<Body> {
    let reason = refusal.reason;
    let body =
        countersign_wire::openai_error(&refusal.sentence(), error_type(reason), Some(reason.code()), None);
    let mut response = Response::new(full(Bytes::from(body)));
    *response.status_mut() =
        StatusCode::from_u16(reason.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let map = response.headers_mut();
    map.insert(header::CONTENT_TYPE, headers::value("application/json"));
    map.insert(header::CACHE_CONTROL, headers::value("no-store"));
    map.insert(SHOULD_RETRY, headers::value(if reason.retry() { "true" } else { "false" }));
    map.insert(REQUEST_ID, headers::value(&request.to_string()));
    if reason.status() == 401 {
        map.insert(header::WWW_AUTHENTICATE, headers::value("Bearer realm=\"countersign\""));
    }
    if reason.status() == 503 {
        map.insert(header::RETRY_AFTER, headers::value("1"));
    }
    response
}

/// The body of an answer to HEAD: none, of which the length is not told (RFC 9110, 9.3.2).
pub fn of_unknown_length() -> Body {
    StreamBody::new(futures::stream::empty::<Result<Frame<Bytes>, _>>()).boxed_unsync()
}

/// A body that is there at once.
pub fn full(bytes: Bytes) -> Body {
    Full::new(bytes).map_err(|never| match never {}).boxed_unsync()
}
