//! Stage 8: to the model. Takes a [`Permit`] by value, gives a [`Relay`]: the upstream's response head and a body not
//! yet read.

use std::sync::Arc;

use bytes::Bytes;
use countersign_detect::Issued;
use countersign_model::{connection::CredentialKind, exchange::End, reason::Reason};
use http::{HeaderMap, HeaderName, Method, Request, Response, Uri, header};
use http_body_util::{BodyExt as _, Full};

use crate::{
    Gateway,
    close::{OpenExchange, Outcome},
    directory::Route,
    headers,
    journal::{Permit, Spent, Stamp},
    redact::ForModel,
    reply::Refusal,
    route::Routed,
    visit::Body,
};

/// An answer that has begun.
pub struct Relay {
    pub(crate) routed: Routed,
    pub(crate) verdict: countersign_policy::Verdict,
    pub(crate) open: OpenExchange,
    pub(crate) stamp: Stamp,
    pub(crate) shape: countersign_wire::Shape,
    /// A stream was asked for.
    pub(crate) stream: bool,
    /// What the tokens stand for that the model has seen.
    pub(crate) issued: Arc<Issued>,
    pub(crate) head: http::response::Parts,
    pub(crate) body: Body,
}

/// Why no answer began. The outcome is already on its way to the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoAnswer {
    Unreachable,
    /// The request was sent, and what came back is not the head of an answer, or nothing came.
    Broken,
    Timeout,
    /// The connection's settings do not make a request.
    Misconfigured,
}

impl NoAnswer {
    const fn reason(self) -> Reason {
        match self {
            Self::Unreachable => Reason::UpstreamUnreachable,
            Self::Broken => Reason::UpstreamBroken,
            Self::Timeout => Reason::UpstreamTimeout,
            Self::Misconfigured => Reason::Internal,
        }
    }
}

impl From<NoAnswer> for Refusal {
    fn from(no: NoAnswer) -> Self {
        Self::new(no.reason(), None)
    }
}

/// Sends the request and waits for the head of the answer.
pub async fn forward(gateway: &Gateway, permit: Permit) -> Result<Relay, (NoAnswer, Stamp)> {
    let Spent { routed, for_model, verdict, mut open, stamp, mut taken } = permit.spend();
    let (shape, stream, issued) = (for_model.shape, for_model.stream, Arc::clone(&for_model.issued));
    let limits = routed.route.connection.settings.limits;
    let Some(request) = build(&routed, for_model) else {
        return Err((end(&routed, open, NoAnswer::Misconfigured), stamp));
    };
    open.sent();
    taken.sent();
    let sending = gateway.upstreams.send(limits.connect_ms, request);
    let response = match tokio::time::timeout(limits.first_byte(), sending).await {
        Ok(Ok(response)) => response,
        Ok(Err(unreachable)) => {
            let no = if unreachable.not_sent {
                taken.give_back();
                NoAnswer::Unreachable
            } else {
                NoAnswer::Broken
            };
            return Err((end(&routed, open, no), stamp));
        }
        Err(_) => return Err((end(&routed, open, NoAnswer::Timeout), stamp)),
    };
    open.timings.head = Some(routed.visit.elapsed());
    let (mut head, body) = response.into_parts();
    if verdict.masking.response {
        let engine = &routed.route.detection.engine;
        headers::keep_clean(&mut head.headers, |value| !engine.scan(value).is_empty());
    }
    let body = body.map_err(Into::into).boxed_unsync();
    Ok(Relay { routed, verdict, open, stamp, shape, stream, issued, head, body })
}

fn end(routed: &Routed, mut open: OpenExchange, no: NoAnswer) -> NoAnswer {
    open.timings.last_byte = Some(routed.visit.elapsed());
    let timings = open.timings;
    drop(open.close(Outcome {
        end: Some(End::Failed),
        reason: Some(no.reason()),
        timings,
        ..Outcome::default()
    }));
    no
}

fn build(routed: &Routed, for_model: ForModel) -> Option<Request<Full<Bytes>>> {
    let uri = target(&routed.route, &for_model.path, for_model.query.as_deref())?;
    let engine = &routed.route.detection.engine;
    let mut sent = headers::for_upstream(&routed.headers, |value| !engine.scan(value).is_empty());
    sent.insert(header::ACCEPT_ENCODING, headers::value("identity"));
    // As a UUID without our prefix: servers check it (starlette's request id plug-in answers 400 to anything else).
    let request_id = routed.visit.request.uuid().hyphenated().to_string();
    sent.insert(HeaderName::from_static("x-request-id"), headers::value(&request_id));
    authenticate(&routed.route, &mut sent)?;
    let mut request = Request::new(Full::new(for_model.body.clone()));
    *request.method_mut() = routed.visit.method.clone();
    *request.uri_mut() = uri;
    // hyper frames the body; a GET without one gets no content-length.
    if for_model.body.is_empty() && matches!(routed.visit.method, Method::GET | Method::HEAD) {
        sent.remove(header::CONTENT_TYPE);
    }
    *request.headers_mut() = sent;
    Some(request)
}

/// The upstream's base path, then the path below the connection.
pub(crate) fn target(route: &Route, path: &str, query: Option<&str>) -> Option<Uri> {
    let base = route.connection.settings.base_url.trim_end_matches('/');
    let mut text = String::with_capacity(base.len() + path.len() + 1);
    text.push_str(base);
    if !path.is_empty() {
        text.push('/');
        text.push_str(path);
    }
    if let Some(query) = query {
        text.push('?');
        text.push_str(query);
    }
    text.parse().ok()
}

/// Adds the model's own credential, which the caller never sees.
pub(crate) fn authenticate(route: &Route, sent: &mut HeaderMap) -> Option<()> {
    let secret = route.secret.as_ref().map(|secret| secret.expose().as_str());
    let (name, text) = match &route.connection.settings.credential {
        CredentialKind::None => return Some(()),
        CredentialKind::Bearer => (header::AUTHORIZATION, format!("Bearer {}", secret?)),
        CredentialKind::Header { name } => {
            (HeaderName::from_bytes(name.as_bytes()).ok()?, secret?.to_owned())
        }
    };
    let mut value = http::HeaderValue::from_str(&text).ok()?;
    value.set_sensitive(true);
    sent.insert(name, value);
    Some(())
}

/// Status and end of an answer the upstream itself marks as an error.
pub(crate) fn end_of(response: &http::response::Parts) -> End {
    if response.status.is_client_error() || response.status.is_server_error() {
        End::UpstreamError
    } else {
        End::Completed
    }
}

/// Puts the record's stamp on a response.
pub(crate) fn stamp<B>(response: &mut Response<B>, routed: &Routed, stamp: Stamp) {
    stamp_headers(response.headers_mut(), routed.visit.request, Some(routed.session), stamp);
}

/// The headers that name the record.
pub(crate) fn stamp_headers(
    map: &mut HeaderMap,
    request: countersign_model::RequestId,
    session: Option<countersign_model::SessionId>,
    stamp: Stamp,
) {
    use crate::reply::{EXCHANGE, MASKED, RECEIPT, REQUEST_ID, SESSION};
    map.insert(REQUEST_ID, headers::value(&request.to_string()));
    map.insert(EXCHANGE, headers::value(&stamp.exchange.to_string()));
    map.insert(MASKED, headers::value(&stamp.masked.to_string()));
    let mut receipt = format!("{}:", stamp.receipt.seq);
    for byte in stamp.receipt.leaf_hash {
        use std::fmt::Write as _;
        let _ = write!(receipt, "{byte:02x}");
    }
    map.insert(RECEIPT, headers::value(&receipt));
    if let Some(session) = session {
        map.insert(SESSION, headers::value(&session.to_string()));
    }
}
