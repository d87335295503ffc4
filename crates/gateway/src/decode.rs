//! Stage 3: what is being asked. Takes [`Routed`], gives [`Decoded`]: the body read whole within the connection's limit,
//! its codings undone, every text in it shown to the detector, and a masked copy made beside the original.

use bytes::Bytes;
use countersign_model::{
    entity::{Direction, Finding},
    exchange::{Coverage, Turn},
    reason::Reason,
};
use countersign_wire::{DecodeError, Fault, Media, Shape, Summary};
use http::{Method, header};

use crate::{
    Gateway,
    content::{self, Unreadable},
    headers,
    lens::Lens,
    reply::Refusal,
    route::Routed,
    text, turns,
};

/// A request whose content is known.
pub struct Decoded {
    pub(crate) routed: Routed,
    pub(crate) shape: Shape,
    /// As received, after content decoding.
    pub(crate) original: Bytes,
    /// `None`: nothing was found.
    pub(crate) masked: Option<Bytes>,
    pub(crate) url: UrlTexts,
    pub(crate) model: Option<String>,
    pub(crate) stream: bool,
    /// Made from the masked copy.
    pub(crate) turns: Vec<Turn>,
    pub(crate) findings: Vec<Finding>,
    pub(crate) found: u64,
    pub(crate) coverage: Coverage,
    pub(crate) token_ids: bool,
}

/// The texts in the URL, masked.
#[derive(Debug, Clone)]
pub struct UrlTexts {
    pub masked_path: String,
    pub masked_query: Option<String>,
}

/// Why the content is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Undecodable {
    TooLarge,
    /// Content codings that cannot be undone.
    Coding,
    /// The coding's bytes, or the request's framing, are broken.
    Broken,
    /// Not what its content type says; the offset and a sentence, no content.
    Malformed(DecodeError),
    /// A method that can carry no meaning here.
    Method,
}

impl From<Undecodable> for Refusal {
    fn from(no: Undecodable) -> Self {
        match no {
            Undecodable::TooLarge => Self::new(Reason::TooLarge, None),
            Undecodable::Coding => Self::new(Reason::UnsupportedEncoding, None),
            Undecodable::Broken => Self::telling(
                Reason::Malformed,
                Some("the content coding's bytes are broken or end early".into()),
            ),
            Undecodable::Malformed(error) => Self::telling(Reason::Malformed, Some(error.to_string())),
            Undecodable::Method => {
                Self::telling(Reason::UnsupportedRoute, Some("CONNECT and TRACE are not forwarded".into()))
            }
        }
    }
}

impl From<Unreadable> for Undecodable {
    fn from(no: Unreadable) -> Self {
        match no {
            Unreadable::TooLarge => Self::TooLarge,
            Unreadable::UnknownCoding => Self::Coding,
            Unreadable::BadCoding | Unreadable::Broken => Self::Broken,
        }
    }
}

/// Reads and inspects the request.
pub async fn decode(gateway: &Gateway, mut routed: Routed) -> Result<Decoded, Undecodable> {
    if matches!(routed.visit.method, Method::CONNECT | Method::TRACE) {
        return Err(Undecodable::Method);
    }
    let limits = routed.route.connection.settings.limits;
    let body = std::mem::take(&mut routed.body);
    let original = content::read_whole(&routed.headers, body, limits.request_bytes, limits.idle()).await?;
    let shape = countersign_wire::shape_of(routed.visit.method.as_str(), &routed.visit.path);

    let secret = routed.route.secret.as_ref().map(|secret| secret.expose().as_str());
    let mut lens = Lens::new(std::sync::Arc::clone(&gateway.engine), Direction::Prompt, secret);
    let masked_path = text::mask_path(&routed.visit.path, &mut |text: &str| lens.text("url.path", text));
    let masked_query = routed
        .visit
        .query
        .as_deref()
        .map(|query| text::mask_query(query, &mut |text: &str| lens.text("url.query", text)));

    let inspected =
        inspect(&headers::media_type(&routed.headers), &original, shape, Direction::Prompt, &mut lens)
            .map_err(Undecodable::Malformed)?;
    let masked = inspected.masked.map(Bytes::from);
    let turns = match inspected.kind {
        Kind::Json => turns::of_body(masked.as_ref().unwrap_or(&original), shape),
        Kind::Text => turns::of_text("user", masked.as_ref().unwrap_or(&original)),
        Kind::Empty | Kind::Opaque => Vec::new(),
    };
    if let Some(agent) = routed.visit.user_agent.take() {
        routed.visit.user_agent = Some(gateway.engine.mask(&agent).text.unwrap_or(agent));
    }
    // From here on the body has no coding; what described the coded bytes would now be wrong.
    routed.headers.remove(header::CONTENT_ENCODING);
    routed.headers.remove(header::CONTENT_LENGTH);
    Ok(Decoded {
        shape,
        masked,
        url: UrlTexts { masked_path, masked_query },
        model: inspected.summary.model,
        stream: inspected.summary.stream,
        turns,
        found: lens.found(),
        coverage: Coverage {
            bytes: original.len() as u64,
            inspected_bytes: lens.inspected_bytes(),
            texts: lens.texts(),
            uninspected: inspected.uninspected,
            held_max: 0,
        },
        findings: lens.take_findings(),
        token_ids: inspected.summary.token_ids,
        original,
        routed,
    })
}

/// What a whole body turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Empty,
    Json,
    Text,
    /// Not looked into.
    Opaque,
}

/// A whole body after the detector saw it.
pub(crate) struct Inspected {
    pub kind: Kind,
    pub masked: Option<Vec<u8>>,
    pub summary: Summary,
    pub uninspected: Vec<String>,
}

/// Shows every text of a whole body to the detector.
///
/// The content type is a hint, not a promise: a body that is labelled `text/plain`, or not at all, is read as JSON when
/// it is JSON, because that is how the model server may read it.
pub(crate) fn inspect(
    media_type: &str,
    body: &Bytes,
    shape: Shape,
    direction: Direction,
    lens: &mut Lens,
) -> Result<Inspected, DecodeError> {
    if body.is_empty() {
        return Ok(Inspected {
            kind: Kind::Empty,
            masked: None,
            summary: Summary::default(),
            uninspected: Vec::new(),
        });
    }
    let says_json = media_type == "application/json" || media_type.ends_with("+json");
    let says_text = media_type.is_empty() || media_type.starts_with("text/");
    let looks_json =
        || body.iter().find(|byte| !byte.is_ascii_whitespace()).is_some_and(|byte| b"{[".contains(byte));
    if says_json || looks_json() {
        match countersign_wire::rewrite(body, shape, direction, lens) {
            Ok(rewritten) => {
                let uninspected = rewritten.summary.uninspected.iter().map(media).collect();
                return Ok(Inspected {
                    kind: Kind::Json,
                    masked: rewritten.body,
                    summary: rewritten.summary,
                    uninspected,
                });
            }
            Err(error) if says_json || (direction == Direction::Prompt && shape != Shape::Other) => {
                return Err(error);
            }
            // JSON documents one after the other: a stream whose texts go on from one to the next, so that no single one
            // shows what they say together.
            Err(error) if direction == Direction::Response && error.fault == Fault::TrailingData => {
                return Ok(opaque(media_type, body));
            }
            // Looks like JSON, is not, and does not claim to be: text, if it says so.
            Err(_) => {}
        }
    }
    if says_text && std::str::from_utf8(body).is_ok() {
        let rewritten = countersign_wire::rewrite_text(body, lens)?;
        return Ok(Inspected {
            kind: Kind::Text,
            masked: rewritten.body,
            summary: rewritten.summary,
            uninspected: Vec::new(),
        });
    }
    Ok(opaque(media_type, body))
}

fn opaque(media_type: &str, body: &Bytes) -> Inspected {
    let named = if media_type.is_empty() { "unknown type" } else { media_type };
    Inspected {
        kind: Kind::Opaque,
        masked: None,
        summary: Summary::default(),
        uninspected: vec![format!("body: {named} ({} bytes)", body.len())],
    }
}

pub(crate) fn media(media: &Media) -> String {
    let kind = media.media_type.clone().unwrap_or_else(|| format!("{:?}", media.kind).to_ascii_lowercase());
    match media.bytes {
        Some(bytes) => format!("{}: {kind} ({bytes} bytes)", media.place),
        None => format!("{}: {kind} (by link)", media.place),
    }
}
