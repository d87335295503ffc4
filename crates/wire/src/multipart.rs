//! Multipart forms (RFC 7578, RFC 2046 section 5.1): text fields are masked, files are listed by type, size and digest.
//!
//! Read strictly: no preamble, no epilogue, CRLF line ends. What another reader could take apart in another way is
//! refused. Parts in which nothing is masked keep their bytes.

use std::ops::Range;

use countersign_model::action::Passage;

use crate::{DecodeError, Fault, Masker, RewrittenForm, form::Fields};

/// Most parts of one form.
const MAX_PARTS: usize = 1024;
/// Longest head of one part, bytes.
const MAX_HEAD: usize = 8 << 10;

/// Masks a multipart form. `boundary` is the parameter of its content type.
///
/// # Errors
/// [`DecodeError`] with [`Fault::BadForm`] when it is not well formed.
pub fn rewrite_multipart<M: Masker>(
    body: &[u8],
    boundary: &str,
    masker: &mut M,
) -> Result<RewrittenForm, DecodeError> {
    let mut fields = Fields::default();
    let mut out = Vec::with_capacity(body.len());
    let (mut at, mut changed) = (0, false);
    for part in split(body, boundary)? {
        let head = Head::read(body, &part)?;
        out.extend_from_slice(&body[at..part.head.start]);
        changed |= head.write(masker, &mut fields, &mut out);
        out.extend_from_slice(b"\r\n");
        at = part.content.start;
        let content = &body[part.content.clone()];
        let text = std::str::from_utf8(content).ok().filter(|text| head.is_text() && !text.contains('\0'));
        let name = masker.whole("form", Passage::Prompt, &head.name).unwrap_or_else(|| head.name.clone());
        if let Some(text) = text {
            if let Some(masked) = fields.text(&name, text, masker) {
                changed = true;
                out.extend_from_slice(masked.as_bytes());
                at = part.content.end;
            }
        } else {
            let stated = head.media_type.as_deref().filter(|stated| is_plain_type(stated));
            fields.file(&name, stated, content);
        }
    }
    out.extend_from_slice(&body[at..]);
    Ok(fields.done(changed.then_some(out)))
}

/// One part: its head without the blank line, and its content.
#[derive(Debug)]
struct Part {
    head: Range<usize>,
    content: Range<usize>,
}

fn split(body: &[u8], boundary: &str) -> Result<Vec<Part>, DecodeError> {
    let bad = |at| DecodeError { at, fault: Fault::BadForm };
    if boundary.is_empty() || boundary.len() > 70 || !boundary.is_ascii() {
        return Err(bad(0));
    }
    let delimiter = format!("\r\n--{boundary}").into_bytes();
    // The first delimiter has no line before it.
    if !body.starts_with(&delimiter[2..]) {
        return Err(bad(0));
    }
    let mut at = delimiter.len() - 2;
    let mut parts = Vec::new();
    loop {
        let rest = &body[at..];
        if let Some(end) = rest.strip_prefix(b"--") {
            return if end.trim_ascii().is_empty() { Ok(parts) } else { Err(bad(at)) };
        }
        if !rest.starts_with(b"\r\n") || parts.len() >= MAX_PARTS {
            return Err(bad(at));
        }
        let head = at + 2;
        let window = &body[head..body.len().min(head + MAX_HEAD)];
        let length = find(window, b"\r\n\r\n").ok_or(bad(head))?;
        let content = head + length + 4;
        let end = content + find(&body[content..], &delimiter).ok_or(bad(content))?;
        if let Some(place) = other_delimiter(&body[content..end], &delimiter[2..]) {
            return Err(bad(content + place));
        }
        parts.push(Part { head: head..head + length + 2, content: content..end });
        at = end + delimiter.len();
    }
}

/// Where a part's content has a line that begins as a delimiter does. It is none here, for it has no CRLF before it; but
/// to a reader for whom any line end will do it is one, and so it is to one that takes a part for empty whose head is
/// followed by a delimiter at once (RFC 2046 allows a part without a body).
fn other_delimiter(content: &[u8], dashed: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += find(content.get(at..)?, dashed)?;
        if at.checked_sub(1).is_none_or(|before| matches!(content[before], b'\r' | b'\n')) {
            return Some(at);
        }
        at += 1;
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    let first = *wanted.first()?;
    let mut at = 0;
    loop {
        at += bytes.get(at..)?.iter().position(|&byte| byte == first)?;
        if bytes[at..].starts_with(wanted) {
            return Some(at);
        }
        at += 1;
    }
}

/// The head of one part.
#[derive(Debug)]
struct Head<'a> {
    lines: Vec<&'a str>,
    name: String,
    is_file: bool,
    media_type: Option<String>,
    is_coded: bool,
}

impl<'a> Head<'a> {
    fn read(body: &'a [u8], part: &Part) -> Result<Self, DecodeError> {
        let bad = DecodeError { at: part.head.start, fault: Fault::BadForm };
        let text = std::str::from_utf8(&body[part.head.clone()]).map_err(|_| bad)?;
        let mut head = Head {
            lines: Vec::new(),
            name: String::new(),
            is_file: false,
            media_type: None,
            is_coded: false,
        };
        let mut is_form = false;
        for line in text.split_terminator("\r\n") {
            let (name, value) = line.split_once(':').ok_or(bad)?;
            if line.starts_with([' ', '\t']) || line.contains(['\r', '\n', '\0']) {
                return Err(bad);
            }
            let value = value.trim();
            match name.to_ascii_lowercase().as_str() {
                "content-disposition" => {
                    is_form = value.to_ascii_lowercase().starts_with("form-data");
                    head.name = parameter(value, "name").unwrap_or_default();
                    let value = value.to_ascii_lowercase();
                    head.is_file = value.contains("filename=") || value.contains("filename*=");
                }
                "content-type" => head.media_type = Some(value.to_ascii_lowercase()),
                "content-transfer-encoding" => {
                    head.is_coded =
                        !["7bit", "8bit", "binary"].contains(&value.to_ascii_lowercase().as_str());
                }
                _ => {}
            }
            head.lines.push(line);
        }
        if is_form { Ok(head) } else { Err(bad) }
    }

    /// A field, not a file, in words we can read.
    fn is_text(&self) -> bool {
        let stated = self.media_type.as_deref();
        let textual = stated.is_none_or(|stated| {
            let charset = stated.split_once("charset").map_or("", |(_, charset)| charset);
            let readable = charset.is_empty() || charset.contains("utf-8") || charset.contains("ascii");
            (stated.starts_with("text/") || stated.starts_with("application/json")) && readable
        });
        !self.is_file && !self.is_coded && textual
    }

    /// Writes the lines, each masked as a text; true when one was changed.
    fn write<M: Masker>(&self, masker: &mut M, fields: &mut Fields, out: &mut Vec<u8>) -> bool {
        let mut changed = false;
        for line in &self.lines {
            fields.summary.count(line);
            let masked = masker.whole("form.head", Passage::Prompt, line);
            changed |= masked.is_some();
            let masked = masked.map(|masked| masked.replace(['\r', '\n'], " "));
            out.extend_from_slice(masked.as_deref().unwrap_or(line).as_bytes());
            out.extend_from_slice(b"\r\n");
        }
        changed
    }
}

/// The value of `name="…"`; a quote in it is escaped, or percent-encoded by browsers.
fn parameter(value: &str, name: &str) -> Option<String> {
    value.split(';').skip(1).find_map(|parameter| {
        let (key, value) = parameter.split_once('=')?;
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"').to_owned())
    })
}

fn is_plain_type(stated: &str) -> bool {
    stated.len() <= 64 && stated.bytes().all(|b| b.is_ascii_alphanumeric() || b"/.+-;= ".contains(&b))
}
