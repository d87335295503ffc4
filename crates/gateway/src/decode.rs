//! Stage 3: what is being asked. Takes [`Routed`], gives [`Decoded`]: the body read whole within the connection's limit,
//! its codings undone, every text in it shown to the detector, and a masked copy made beside the original.

use std::sync::Arc;

use bytes::Bytes;
use countersign_detect::{Issued, View};
use countersign_model::{
    entity::{Direction, Finding},
    exchange::{Coverage, Medium, Turn},
    reason::Reason,
    risk::Risk,
};
use countersign_wire::{DecodeError, Fault, Masker, Media, RewrittenForm, Shape, Summary};
use http::{Method, header};
use sha2::{Digest as _, Sha256};

use crate::{
    Gateway,
    analyzer::{Asked, Failure, Gathered},
    content::{self, Unreadable},
    headers,
    lens::Lens,
    reply::Refusal,
    route::Routed,
    speaker::Speakers,
    text, turns,
};

/// A request whose content is known.
pub struct Decoded {
    pub(crate) routed: Routed,
    pub(crate) shape: Shape,
    /// As received, after content decoding.
    pub(crate) original: Bytes,
    /// As it is passed on if it is masked; `None`: as received.
    pub(crate) masked: Option<Bytes>,
    pub(crate) url: UrlTexts,
    /// The path as the record has it.
    pub(crate) recorded_path: String,
    /// What the tokens stand for that the model will see.
    pub(crate) issued: Arc<Issued>,
    pub(crate) model: Option<String>,
    pub(crate) stream: bool,
    /// Made from the copy that is masked for the record.
    pub(crate) turns: Vec<Turn>,
    pub(crate) findings: Vec<Finding>,
    pub(crate) found: u64,
    /// How many of them do not stand in what is passed on.
    pub(crate) replaced: u64,
    pub(crate) coverage: Coverage,
    pub(crate) risks: Vec<Risk>,
    pub(crate) token_ids: bool,
    /// Microseconds from arrival to the body's last byte.
    pub(crate) received_micros: u64,
}

/// The texts in the URL, masked.
#[derive(Debug, Clone)]
pub struct UrlTexts {
    pub masked_path: String,
    pub masked_query: Option<String>,
}

impl UrlTexts {
    /// `mask` is given each text behind its place.
    fn through(mut mask: impl FnMut(&str, &str) -> Option<String>, path: &str, query: Option<&str>) -> Self {
        let masked_path = text::mask_path(path, &mut |text: &str| mask("url.path", text));
        let masked_query =
            query.map(|query| text::mask_query(query, &mut |text: &str| mask("url.query", text)));
        Self { masked_path, masked_query }
    }
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
    /// The connection's analyzer could not be asked, and without it the connection lets nothing pass.
    Unanalyzed(Failure),
}

impl From<Undecodable> for Refusal {
    fn from(no: Undecodable) -> Self {
        match no {
            Undecodable::Unanalyzed(failure) => failure.into(),
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
    let received_micros = routed.visit.elapsed();
    let shape = countersign_wire::shape_of(routed.visit.method.as_str(), &routed.visit.path);

    let engine = &routed.route.detection.engine;
    let secret = routed.route.secret.as_ref().map(|secret| secret.expose().as_str());
    let terms = gateway.terms(routed.route.policy.masking(), Direction::Prompt, routed.session);
    let content_type = headers::content_type(&routed.headers);
    let (path, query) = (routed.visit.path.as_str(), routed.visit.query.as_deref());
    let asked = match routed.route.policy.analyzer() {
        Some(settings) => {
            let mut gathered = Gathered::new(secret);
            UrlTexts::through(|place, text| gathered.text(place, text), path, query);
            inspect(&content_type, &original, shape, Direction::Prompt, &mut gathered)
                .map_err(Undecodable::Malformed)?;
            Asked::about(&gateway.upstreams, settings, gathered).await.map_err(Undecodable::Unanalyzed)?
        }
        None => Asked::Nobody,
    };
    let lens_for = |view| Lens::new(Arc::clone(engine), terms.clone(), view, secret).with(asked.clone());
    let mut lens = lens_for(View::Record);
    let mut url = UrlTexts::through(|place, text| lens.text(place, text), path, query);
    let recorded_path = text::percent_decode(&url.masked_path);
    let inspected = inspect(&content_type, &original, shape, Direction::Prompt, &mut lens)
        .map_err(Undecodable::Malformed)?;
    asked.goes_on(lens.unasked()).map_err(Undecodable::Unanalyzed)?;
    let recorded = inspected.masked.map(Bytes::from);
    let masked = if terms.masking.prompt && lens.shown() {
        // Some value may be read by the model and not in the record: two texts.
        let mut lens = lens_for(View::PassedOn);
        url = UrlTexts::through(|place, text| lens.text(place, text), path, query);
        inspect(&content_type, &original, shape, Direction::Prompt, &mut lens)
            .map_err(Undecodable::Malformed)?
            .masked
            .map(Bytes::from)
    } else {
        recorded.clone()
    };
    let turns = match inspected.kind {
        Kind::Form => turns::of_form(inspected.turns),
        Kind::Json => turns::of_body(recorded.as_ref().unwrap_or(&original), shape),
        Kind::Text => turns::of_text("user", recorded.as_ref().unwrap_or(&original)),
        Kind::Empty | Kind::Opaque => Vec::new(),
    };
    if let Some(agent) = routed.visit.user_agent.take() {
        routed.visit.user_agent = Some(engine.mask(&agent).text.unwrap_or(agent));
    }
    // From here on the body has no coding; what described the coded bytes would now be wrong.
    routed.headers.remove(header::CONTENT_ENCODING);
    routed.headers.remove(header::CONTENT_LENGTH);
    let risks = if lens.has_leads() {
        let speakers = Speakers::of(&original);
        lens.risks(|place| speakers.role(place))
    } else {
        Vec::new()
    };
    Ok(Decoded {
        shape,
        masked,
        url,
        recorded_path,
        issued: Arc::new(terms.take_issued()),
        model: inspected.summary.model,
        stream: inspected.summary.stream,
        turns,
        found: lens.found(),
        replaced: lens.masked(),
        coverage: Coverage {
            bytes: original.len() as u64,
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
        risks,
        findings: lens.take_findings(),
        token_ids: inspected.summary.token_ids,
        received_micros,
        original,
        routed,
    })
}

/// What a whole body turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Kind {
    #[default]
    Empty,
    Json,
    Text,
    /// Fields of a form, and files in it.
    Form,
    /// Not looked into.
    Opaque,
}

/// A whole body after the detector saw it.
#[derive(Default)]
pub(crate) struct Inspected {
    pub kind: Kind,
    pub masked: Option<Vec<u8>>,
    pub summary: Summary,
    pub uninspected: Vec<String>,
    /// Of what is uninspected, that which was there to be measured.
    pub media: Vec<Medium>,
    /// A form's fields, masked.
    pub turns: Vec<countersign_wire::Turn>,
}

/// Shows every text of a whole body to the detector.
///
/// The content type is a hint, not a promise: a body that is labelled `text/plain`, or not at all, is read as JSON when
/// it begins like JSON, because that is how the model server may read it, and must then be strict JSON.
pub(crate) fn inspect<M: Masker>(
    content_type: &headers::ContentType,
    body: &Bytes,
    shape: Shape,
    direction: Direction,
    lens: &mut M,
) -> Result<Inspected, DecodeError> {
    if body.is_empty() {
        return Ok(Inspected::default());
    }
    let media_type = content_type.media.as_str();
    if !content_type.readable {
        return Ok(opaque(media_type, body));
    }
    let says_json = media_type == "application/json" || media_type.ends_with("+json");
    let says_text =
        media_type.is_empty() || media_type.starts_with("text/") || media_type == "application/x-subrip";
    match (media_type, &content_type.boundary) {
        ("application/x-www-form-urlencoded", _) => {
            return countersign_wire::rewrite_form(body, lens).map(form);
        }
        ("multipart/form-data", Some(boundary)) => {
            return countersign_wire::rewrite_multipart(body, boundary, lens).map(form);
        }
        _ => {}
    }
    let looks_json = looks_json(body, says_json || says_text);
    if says_json || looks_json {
        match countersign_wire::rewrite(body, shape, direction, lens) {
            Ok(rewritten) => {
                return Ok(Inspected {
                    kind: Kind::Json,
                    masked: rewritten.body,
                    uninspected: rewritten.summary.uninspected.iter().map(media).collect(),
                    media: rewritten.summary.uninspected.iter().filter_map(medium).collect(),
                    summary: rewritten.summary,
                    turns: Vec::new(),
                });
            }
            // What a looser reader takes for JSON says more to it than its bytes say to us: escapes hide anything.
            Err(error) if says_json || direction == Direction::Prompt => return Err(error),
            Err(error) if media_type.is_empty() || error.fault == Fault::TrailingData => {
                return Ok(opaque(media_type, body));
            }
            Err(_) if body.windows(2).any(|pair| pair == b"\\u") => return Ok(opaque(media_type, body)),
            // A text that begins with a bracket, and says that it is text.
            Err(_) => {}
        }
    }
    // A wide encoding (UTF-16, UTF-32) reads as other characters than the bytes we see.
    if body.contains(&0) {
        return Ok(opaque(media_type, body));
    }
    if says_text && std::str::from_utf8(body).is_ok() {
        let rewritten = countersign_wire::rewrite_text(body, direction, lens)?;
        return Ok(Inspected {
            kind: Kind::Text,
            masked: rewritten.body,
            summary: rewritten.summary,
            ..Inspected::default()
        });
    }
    Ok(opaque(media_type, body))
}

/// Whether some reader may take it for JSON: after white space it begins like JSON. A text may have a byte order mark
/// in front (RFC 8259 §8.1 forbids it; readers are kinder than that).
fn looks_json(body: &[u8], textual: bool) -> bool {
    const MARKS: [&[u8]; 3] = [b"\xEF\xBB\xBF", b"\xFE\xFF", b"\xFF\xFE"];
    if textual && MARKS.iter().any(|mark| body.starts_with(mark)) {
        return true;
    }
    body.iter().find(|byte| !byte.is_ascii_whitespace()).is_some_and(|byte| b"{[\"".contains(byte))
}

fn opaque(media_type: &str, body: &Bytes) -> Inspected {
    let named = if media_type.is_empty() { "unknown type" } else { media_type };
    Inspected {
        kind: Kind::Opaque,
        uninspected: vec![format!("body: {named} ({} bytes)", body.len())],
        media: vec![Medium {
            place: "body".to_owned(),
            media_type: named.to_owned(),
            bytes: body.len() as u64,
            sha256: hex(&Sha256::digest(body)),
        }],
        ..Inspected::default()
    }
}

fn form(form: RewrittenForm) -> Inspected {
    let RewrittenForm { rewritten, turns } = form;
    Inspected {
        kind: Kind::Form,
        masked: rewritten.body,
        uninspected: rewritten.summary.uninspected.iter().map(media).collect(),
        media: rewritten.summary.uninspected.iter().filter_map(medium).collect(),
        summary: rewritten.summary,
        turns,
    }
}

/// Lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// What can be said of media that was there, not only linked to.
pub(crate) fn medium(media: &Media) -> Option<Medium> {
    Some(Medium {
        place: media.place.clone(),
        media_type: kind_of(media),
        bytes: media.bytes?,
        sha256: media.sha256.clone()?,
    })
}

fn kind_of(media: &Media) -> String {
    media.media_type.clone().unwrap_or_else(|| format!("{:?}", media.kind).to_ascii_lowercase())
}

pub(crate) fn media(media: &Media) -> String {
    let kind = kind_of(media);
    match media.bytes {
        Some(bytes) => format!("{}: {kind} ({bytes} bytes)", media.place),
        None => format!("{}: {kind} (by link)", media.place),
    }
}

#[cfg(test)]
mod tests {
    use countersign_detect::{Engine, MarkKey, Terms};
    use countersign_model::connection::Masking;
    use http::{HeaderMap, HeaderValue};

    use super::*;

    fn looked_at(
        content_type: &str,
        body: &[u8],
        shape: Shape,
        direction: Direction,
    ) -> Result<Inspected, DecodeError> {
        let mut headers = HeaderMap::new();
        for value in content_type.split('|').filter(|value| !value.is_empty()) {
            headers.append(header::CONTENT_TYPE, HeaderValue::from_str(value).unwrap());
        }
        let key = MarkKey::derive(&[1; 32]).conversation(b"one");
        let terms = Terms::new(Arc::new(Masking::default()), direction, key);
        let mut lens = Lens::new(Arc::new(Engine::standard()), terms, View::Record, None);
        inspect(&headers::content_type(&headers), &Bytes::copy_from_slice(body), shape, direction, &mut lens)
    }

    const ESCAPED: &[u8] = br#"{"a":1,"a":2,"prompt":"ana\u0040example.com"}"#;

    #[test]
    fn what_a_looser_reader_takes_for_json_is_not_scanned_as_text() {
        let wide: Vec<u8> =
            r#"{"prompt":"ana@example.com"}"#.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let marked = [b"\xEF\xBB\xBF".as_slice(), br#"{"prompt":"ana\u0040example.com"}"#].concat();
        for body in [ESCAPED, &wide, &marked, b"{\"n\":NaN}", br#""ana\u0040example.com" x"#] {
            for label in ["", "text/plain", "application/json"] {
                for shape in [Shape::ChatCompletions, Shape::Other] {
                    let seen = looked_at(label, body, shape, Direction::Prompt);
                    let unread = seen.is_err() || seen.is_ok_and(|seen| seen.kind == Kind::Opaque);
                    assert!(unread, "{label} {shape:?} {:?}", String::from_utf8_lossy(body));
                }
            }
        }
    }

    #[test]
    fn an_answer_that_only_looks_like_json_is_not_inspected() {
        for label in ["", "text/plain"] {
            let seen = looked_at(label, ESCAPED, Shape::Other, Direction::Response).unwrap();
            assert_eq!(seen.kind, Kind::Opaque, "{label}");
        }
        let note =
            looked_at("text/plain", b"[Music] ana@example.com", Shape::Other, Direction::Response).unwrap();
        assert_eq!(note.masked.as_deref(), Some(b"[Music] [EMAIL_ADDRESS]".as_slice()));
    }

    #[test]
    fn another_charset_or_two_content_types_make_a_body_unreadable() {
        for label in [
            "text/plain; charset=utf-16le",
            "application/json; charset=utf-7",
            "application/json; charset=\"UTF-7\"",
            "application/json|text/plain",
        ] {
            let seen = looked_at(label, b"{}", Shape::Other, Direction::Prompt).unwrap();
            assert_eq!(seen.kind, Kind::Opaque, "{label}");
        }
        let plain =
            looked_at("application/json; charset=\"UTF-8\"", b"{}", Shape::Other, Direction::Prompt).unwrap();
        assert_eq!(plain.kind, Kind::Json);
    }
}
