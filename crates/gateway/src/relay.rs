//! Stage 9: the answer, on its way back. Takes a [`Relay`], gives the response: a stream masked as it flows, or a whole
//! body masked at once. What cannot be looked into does not pass, unless the connection says so.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use countersign_detect::{View, risk::Role};
use countersign_model::{
    connection::CredentialKind,
    entity::Direction,
    exchange::{Coverage, End, Usage},
    reason::Reason,
};
use countersign_wire::Framing;
use http::{HeaderMap, Method, Response, StatusCode, header};
use http_body_util::BodyExt as _;

use crate::{
    Gateway,
    analyzer::{Asked, Failure, Gathered},
    close::Outcome,
    content::{Decoding, Unreadable},
    decode::{self, Kind},
    forward::{self, Relay},
    headers,
    journal::Stamp,
    lens::Lens,
    reply::{self, Refusal},
    scrub::Scrubber,
    stages::Restorer,
    stream, turns,
    visit::Body,
};

/// Sends the answer on.
pub async fn relay(gateway: &Gateway, relay: Relay) -> Result<Response<Body>, (Refusal, Stamp)> {
    let has_credential = relay.routed.route.connection.settings.credential != CredentialKind::None;
    if relay.head.status == StatusCode::UNAUTHORIZED && has_credential {
        // Its body may quote our credential, and the caller can do nothing with it.
        return Err(fail(relay, Reason::UpstreamRejectedCredential));
    }
    if relay.head.status.is_redirection() && relay.head.status != StatusCode::NOT_MODIFIED {
        // Followed, it could carry our credential elsewhere. Passed on, the client would repeat its unmasked prompt there.
        return Err(fail(relay, Reason::UpstreamRedirected));
    }
    if relay.head.status == StatusCode::SWITCHING_PROTOCOLS || relay.head.status.as_u16() >= 600 {
        // No request asks for another protocol; a status beyond 599 has no meaning (RFC 9110 §15).
        return Err(fail(relay, Reason::UpstreamBroken));
    }
    let bodiless = relay.routed.visit.method == Method::HEAD
        || matches!(relay.head.status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
    if bodiless {
        return Ok(whole(relay, Bytes::new(), Outcome::default()));
    }
    let Ok(decoding) = Decoding::of(&relay.head.headers) else {
        return if relay.verdict.pass_uninspected {
            Ok(stream::opaque(gateway, relay, "body: unknown content coding"))
        } else {
            Err(fail(relay, Reason::UpstreamUninspectable))
        };
    };
    let content_type = headers::content_type(&relay.head.headers);
    let media = content_type.media.clone();
    if media == "text/event-stream" && content_type.readable {
        return Ok(stream::masked(gateway, relay, decoding, Framing::Events));
    }
    // Ollama streams unless told not to; what stands in front of it may call its lines plain JSON.
    let asked_for_lines = relay.shape.streams_by_default()
        && relay.stream
        && media == "application/json"
        && relay.head.status.is_success()
        && !relay.head.headers.contains_key(header::CONTENT_LENGTH);
    if (is_lines(&media) || asked_for_lines) && content_type.readable {
        return Ok(stream::masked(gateway, relay, decoding, Framing::Lines));
    }
    let textual = media.is_empty()
        || media == "application/json"
        || media.ends_with("+json")
        || media.starts_with("text/")
        || matches!(media.as_str(), "application/x-www-form-urlencoded" | "application/x-subrip");
    let readable = content_type.readable && textual;
    if !readable && relay.verdict.pass_uninspected {
        return Ok(stream::opaque(gateway, relay, &format!("body: {media}")));
    }
    if !readable && relay.head.headers.get(header::CONTENT_LENGTH).is_none_or(|length| length != "0") {
        return Err(fail(relay, Reason::UpstreamUninspectable));
    }
    buffered(gateway, relay, decoding, &content_type).await
}

/// Content types of JSON lines.
fn is_lines(media: &str) -> bool {
    matches!(
        media,
        "application/x-ndjson"
            | "application/ndjson"
            | "application/jsonl"
            | "application/x-jsonl"
            | "application/jsonlines"
            | "application/x-jsonlines"
            | "application/json-lines"
    )
}

/// Reads the whole answer, masks it, and sends it.
async fn buffered(
    gateway: &Gateway,
    mut relay: Relay,
    decoding: Decoding,
    content_type: &headers::ContentType,
) -> Result<Response<Body>, (Refusal, Stamp)> {
    let body = match read(&mut relay, decoding).await {
        Ok(body) => body,
        Err(reason) => return Err(fail(relay, reason)),
    };
    if countersign_wire::is_event_stream(&body) {
        // Events under another label: their texts go on from event to event, which only the events' own reader sees.
        relay.body = reply::full(body);
        return Ok(stream::masked(gateway, relay, Decoding::Identity, Framing::Events));
    }
    if countersign_wire::is_json_lines(&body) {
        relay.body = reply::full(body);
        return Ok(stream::masked(gateway, relay, Decoding::Identity, Framing::Lines));
    }
    let secret = relay.routed.route.secret.as_ref().map(|secret| secret.expose().clone());
    let terms = gateway.terms(&relay.verdict.masking, Direction::Response, relay.routed.session);
    let engine = &relay.routed.route.detection.engine;
    let asked = match relay.routed.route.policy.analyzer() {
        Some(settings) => {
            let mut gathered = Gathered::new(secret.as_deref());
            // What cannot be read has no texts, and is refused below.
            let _ = decode::inspect(content_type, &body, relay.shape, Direction::Response, &mut gathered);
            match Asked::about(&gateway.upstreams, settings, gathered).await {
                Ok(asked) => asked,
                Err(failure) => return Err(unanalyzed(relay, &failure)),
            }
        }
        None => Asked::Nobody,
    };
    let lens_for =
        |view| Lens::new(Arc::clone(engine), terms.clone(), view, secret.as_deref()).with(asked.clone());
    let mut lens = lens_for(View::Record);
    let inspected = match decode::inspect(content_type, &body, relay.shape, Direction::Response, &mut lens) {
        Ok(inspected) if inspected.kind == Kind::Opaque && !relay.verdict.pass_uninspected => None,
        Ok(inspected) => Some(inspected),
        Err(_) => None,
    };
    let Some(inspected) = inspected else { return Err(fail(relay, Reason::UpstreamUninspectable)) };
    if let Err(failure) = asked.goes_on(lens.unasked()) {
        return Err(unanalyzed(relay, &failure));
    }
    let masked = inspected.masked.map_or_else(|| body.clone(), Bytes::from);
    let released = match (terms.masking.response, lens.shown()) {
        (false, _) => body.clone(),
        (true, false) => masked.clone(),
        // It was read a moment ago; if it cannot be now, what the record has is what goes out.
        (true, true) => {
            let mut lens = lens_for(View::PassedOn);
            match decode::inspect(content_type, &body, relay.shape, Direction::Response, &mut lens) {
                Ok(passed) => passed.masked.map_or_else(|| body.clone(), Bytes::from),
                Err(_) => masked.clone(),
            }
        }
    };
    let released = restored(&relay, content_type, released);
    let released = scrubbed(Scrubber::new(secret.as_deref()), &released);
    let usage = inspected.summary.usage.map_or_else(Usage::default, |usage| Usage {
        prompt_tokens: usage.prompt_tokens,
        completion_tokens: usage.completion_tokens,
    });
    let outcome = Outcome {
        coverage: Coverage {
            bytes: body.len() as u64,
            inspected_bytes: lens.inspected_bytes(),
            texts: lens.texts(),
            uninspected: inspected.uninspected,
            held_max: 0,
            media: inspected.media,
            found: lens.found_by_entity(),
            rules_run: lens.rules_run(),
            analyzer: lens.analyzer_run(),
            not_run: lens.not_run(),
        },
        usage,
        finish_reasons: inspected.summary.finish_reasons,
        released_bytes: released.len() as u64,
        turns: match inspected.kind {
            Kind::Form => turns::of_form(inspected.turns),
            Kind::Json => turns::of_body(&masked, relay.shape),
            Kind::Text => turns::of_text("assistant", &masked),
            Kind::Empty | Kind::Opaque => Vec::new(),
        },
        risks: lens.risks(|_| Role::Answer),
        findings: lens.take_findings(),
        ..Outcome::default()
    };
    Ok(whole(relay, released, outcome))
}

/// Reads the upstream's body within the connection's size limit, with its idle time-out between any two pieces.
async fn read(relay: &mut Relay, mut decoding: Decoding) -> Result<Bytes, Reason> {
    let limits = relay.routed.route.connection.settings.limits;
    let reason = |unreadable| match unreadable {
        Unreadable::TooLarge => Reason::UpstreamTooLarge,
        Unreadable::UnknownCoding => Reason::UpstreamUninspectable,
        Unreadable::BadCoding | Unreadable::Broken => Reason::UpstreamBroken,
    };
    let mut whole = BytesMut::new();
    loop {
        let frame = match tokio::time::timeout(limits.idle(), relay.body.frame()).await {
            Err(_) => return Err(Reason::UpstreamTimeout),
            Ok(None) => break,
            Ok(Some(Err(_))) => return Err(Reason::UpstreamBroken),
            Ok(Some(Ok(frame))) => frame,
        };
        let Ok(piece) = frame.into_data() else { continue };
        let room = limits.response_bytes.saturating_sub(whole.len() as u64);
        whole.extend_from_slice(&decoding.push(piece, room).map_err(reason)?);
    }
    let rest = decoding.finish().map_err(reason)?;
    whole.extend_from_slice(&rest);
    if whole.len() as u64 > limits.response_bytes {
        return Err(Reason::UpstreamTooLarge);
    }
    Ok(whole.freeze())
}

/// Ends an exchange whose answer is complete in memory, and makes the response.
fn whole(relay: Relay, released: Bytes, outcome: Outcome) -> Response<Body> {
    let head_only = relay.routed.visit.method == Method::HEAD;
    let length = relay.head.headers.get(header::CONTENT_LENGTH).cloned();
    let (mut response, mut open) = begin(relay);
    let elapsed = open.visit.elapsed();
    open.open.timings.first_byte = (!released.is_empty()).then_some(elapsed);
    open.open.timings.last_byte = Some(elapsed);
    let timings = open.open.timings;
    let status = response.status().as_u16();
    drop(open.open.close(Outcome { end: Some(open.end), status: Some(status), timings, ..outcome }));
    if let (true, Some(length)) = (head_only, length) {
        response.headers_mut().insert(header::CONTENT_LENGTH, length);
    }
    let body = if head_only { reply::of_unknown_length() } else { reply::full(released) };
    response.map(|()| body)
}

/// The exchange while its answer is under way.
pub(crate) struct Begun {
    pub open: crate::close::OpenExchange,
    pub visit: crate::visit::Visit,
    /// How it ends if nothing goes wrong from here on.
    pub end: End,
    pub body: Body,
}

/// The response's head, stamped; and what is needed to end the exchange.
pub(crate) fn begin(relay: Relay) -> (Response<()>, Begun) {
    let Relay { routed, open, stamp, head, body, .. } = relay;
    let secret = routed.route.secret.as_ref().map(|secret| secret.expose().as_str());
    let mut response = Response::new(());
    *response.status_mut() = head.status;
    *response.headers_mut() = headers::for_client(&head.headers, secret);
    forward::stamp(&mut response, &routed, stamp);
    let end = forward::end_of(&head);
    (response, Begun { open, visit: routed.visit, end, body })
}

/// Ends an exchange whose answer the connection's analyzer could not be asked about, and without it nothing passes.
fn unanalyzed(relay: Relay, failure: &Failure) -> (Refusal, Stamp) {
    let coverage = Coverage { not_run: vec![failure.not_run()], ..Coverage::default() };
    fail_with(relay, failure.reason(), coverage)
}

/// Ends an exchange whose answer cannot be sent on.
fn fail(relay: Relay, reason: Reason) -> (Refusal, Stamp) {
    fail_with(relay, reason, Coverage::default())
}

fn fail_with(relay: Relay, reason: Reason, coverage: Coverage) -> (Refusal, Stamp) {
    let Relay { routed, mut open, stamp, head, .. } = relay;
    open.timings.last_byte = Some(routed.visit.elapsed());
    let timings = open.timings;
    let status = Some(head.status.as_u16());
    drop(open.close(Outcome {
        end: Some(End::Failed),
        reason: Some(reason),
        status,
        timings,
        coverage,
        ..Outcome::default()
    }));
    (Refusal::new(reason, None), stamp)
}

/// The answer with the caller's own values back in their places; as it is where it cannot be read.
fn restored(relay: &Relay, content_type: &headers::ContentType, released: Bytes) -> Bytes {
    if relay.issued.is_empty() {
        return released;
    }
    let mut restorer = Restorer::new(Arc::clone(&relay.issued));
    let put = decode::inspect(content_type, &released, relay.shape, Direction::Response, &mut restorer);
    put.ok().and_then(|put| put.masked).map_or(released, Bytes::from)
}

fn scrubbed(mut exit: Scrubber, body: &Bytes) -> Bytes {
    if exit.is_open() {
        return body.clone();
    }
    let mut out = Vec::with_capacity(body.len());
    exit.push(body, &mut out);
    exit.finish(&mut out);
    Bytes::from(out)
}

/// Response headers of a stream: never buffered by what stands in front of us.
pub(crate) fn unbuffered(map: &mut HeaderMap) {
    map.insert(header::CACHE_CONTROL, headers::value("no-store"));
    map.insert(header::HeaderName::from_static("x-accel-buffering"), headers::value("no"));
}
