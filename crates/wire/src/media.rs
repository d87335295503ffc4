//! Parts of a body that are not text: images, sound, files. They are listed, never searched.

use serde::{Deserialize, Serialize};

use crate::{digest, walk::Leaf};

/// Something the gateway let be because it is not text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Media {
    /// Where it stands, such as `messages[0].content[1].image_url.url`.
    pub place: String,
    /// What it is said to be.
    pub kind: MediaKind,
    /// Its media type when the body states one, such as `image/png`; `base64` for a text that is nothing else.
    pub media_type: Option<String>,
    /// Size in bytes after decoding; `None` when the body only links to it.
    pub bytes: Option<u64>,
    /// SHA-256 of those bytes, lower-case hex.
    #[serde(default)]
    pub sha256: Option<String>,
}

/// Kinds of media in the content parts of the known protocols.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MediaKind {
    /// `image_url`, `b64_json`, Ollama's `images`.
    Image,
    /// `input_audio`, `audio`.
    Audio,
    /// `video_url`.
    Video,
    /// `file.file_data`, Anthropic's `source`, Gemini's `inlineData`, and base64 where text is expected.
    File,
    /// `prompt_embeds`, or an embedding in base64.
    Tensor,
}

/// Media found in a string.
#[derive(Debug)]
pub(crate) struct Found {
    pub media: Media,
    /// Nothing but well-formed base64 (and a plain header): masking could only break it. All else is masked as well.
    pub is_opaque: bool,
}

/// Least base64 characters of a text that is listed wherever it stands in a request.
const LEAST_ANYWHERE: usize = 256;
/// Least base64 characters that are left alone without a `data:` scheme: fewer may be a name or a number.
const LEAST_OPAQUE: usize = 64;
/// Shortest line of base64 that is broken over lines (MIME breaks at 76, PEM at 64).
const LEAST_LINE: usize = 32;

/// How sure a place is to hold media.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rule {
    /// Nothing else stands there.
    Always,
    /// Text may stand there too: only a `data:` value or long base64 is media.
    ByLooks,
    /// As `ByLooks`, and a link is media elsewhere.
    Linked,
}

/// What the string is, if it stands in a known media place and is media rather than text.
pub(crate) fn media_at(leaf: &Leaf<'_>) -> Option<Found> {
    let (kind, rule) = place(leaf.parent, leaf.key)?;
    let text = leaf.text.trim();
    let found = |media_type, bytes, sha256, is_opaque| {
        Some(Found {
            media: Media { place: leaf.place.to_owned(), kind, media_type, bytes, sha256 },
            is_opaque,
        })
    };
    if let Some(data) = DataUrl::read(text) {
        let is_opaque = data.is_opaque() && text.len() == leaf.text.len();
        let length = if data.is_base64 { base64_len(data.payload) } else { None };
        return found(data.media_type(), Some(data.bytes()), Some(sha256(data.payload, length)), is_opaque);
    }
    let length = base64_len(text);
    if length.is_some_and(|length| length >= LEAST_OPAQUE) || (rule == Rule::Always && !text.is_empty()) {
        let is_opaque = length.is_some_and(|length| length >= LEAST_OPAQUE) && is_unbroken(text);
        let bytes = length.map_or(text.len() as u64, decoded_len);
        return found(None, Some(bytes), Some(sha256(text, length)), is_opaque);
    }
    (rule == Rule::Linked && is_link(text)).then(|| found(None, None, None, false)).flatten()
}

/// A text anywhere in a request that is nothing but base64, with or without a `data:` scheme before it.
///
/// Blanks do not hide it. What lacks the mixture that base64 of anything has (prose, one letter many times, a long number
/// in hex) is text like any other.
pub(crate) fn base64_at(place: &str, text: &str) -> Option<Media> {
    if text.len() < LEAST_ANYWHERE {
        return None;
    }
    let text = text.trim();
    let data = DataUrl::read(text);
    let payload = data.as_ref().map_or(text, |data| data.payload);
    let length = base64_len(payload).filter(|&length| length >= LEAST_ANYWHERE)?;
    if if is_unbroken(payload) { is_plain(payload) } else { is_prose(payload) } {
        return None;
    }
    let media_type = data.and_then(|data| data.media_type()).unwrap_or_else(|| "base64".to_owned());
    Some(Media {
        place: place.to_owned(),
        kind: MediaKind::File,
        media_type: Some(media_type),
        bytes: Some(decoded_len(length)),
        sha256: Some(digest::of_base64(payload)),
    })
}

/// Of what the text stands for if it is base64 (`length`), else of its own bytes.
fn sha256(text: &str, length: Option<usize>) -> String {
    length.map_or_else(|| digest::of_bytes(text.as_bytes()), |_| digest::of_base64(text))
}

fn place(parent: &str, key: &str) -> Option<(MediaKind, Rule)> {
    Some(match (parent, key) {
        ("image_url", "url") | (_, "image_url") => (MediaKind::Image, Rule::Linked),
        ("video_url", "url") | (_, "video_url") => (MediaKind::Video, Rule::Linked),
        ("audio_url", "url") | (_, "audio_url") => (MediaKind::Audio, Rule::Linked),
        ("source", "url") | (_, "file_url" | "fileUri" | "file_uri") => (MediaKind::File, Rule::Linked),
        ("input_audio" | "audio", "data") => (MediaKind::Audio, Rule::Always),
        // Ollama: beside the prompt, or in a message. Elsewhere (a tool's argument) it is a name like any other.
        ("" | "messages", "images") | (_, "b64_json" | "partial_image_b64") => {
            (MediaKind::Image, Rule::Always)
        }
        // Speech: a piece of sound.
        ("", "audio") => (MediaKind::Audio, Rule::ByLooks),
        // Responses: an image that was made.
        (_, "images") | ("output" | "item", "result") => (MediaKind::Image, Rule::ByLooks),
        ("inlineData" | "inline_data", "data") | (_, "file_data") => (MediaKind::File, Rule::Always),
        // Anthropic: a document's source may be plain text.
        ("source", "data") => (MediaKind::File, Rule::ByLooks),
        (_, "prompt_embeds" | "embedding") => (MediaKind::Tensor, Rule::ByLooks),
        _ => return None,
    })
}

/// A `data:` URL (RFC 2397), however loosely written.
#[derive(Debug)]
struct DataUrl<'a> {
    /// What stands before the comma, without `;base64`.
    header: &'a str,
    is_base64: bool,
    payload: &'a str,
}

impl<'a> DataUrl<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let scheme = text.get(..5)?;
        let rest = scheme.eq_ignore_ascii_case("data:").then(|| &text[5..])?;
        let (header, payload) = rest.split_once(',').unwrap_or((rest, ""));
        let header = header.trim();
        let plain = header.rsplit_once(';').filter(|(_, last)| last.trim().eq_ignore_ascii_case("base64"));
        Some(Self { header: plain.map_or(header, |(head, _)| head), is_base64: plain.is_some(), payload })
    }

    /// The stated media type, unless a value could hide in it.
    fn media_type(&self) -> Option<String> {
        let stated = self.header.split(';').next().unwrap_or_default();
        (!stated.is_empty() && is_plain_header(self.header)).then(|| stated.to_owned())
    }

    fn bytes(&self) -> u64 {
        let length = if self.is_base64 { base64_len(self.payload) } else { None };
        length.map_or(self.payload.len() as u64, decoded_len)
    }

    fn is_opaque(&self) -> bool {
        self.is_base64
            && is_plain_header(self.header)
            && base64_len(self.payload).is_some_and(|length| length > 0)
            && is_unbroken(self.payload)
    }
}

/// A link to media elsewhere, whatever its scheme: its address is inspected as text, what it leads to is not.
fn is_link(text: &str) -> bool {
    text.split_once("://").is_some_and(|(scheme, _)| {
        !scheme.is_empty()
            && scheme.len() <= 16
            && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
    })
}

/// A media type and parameters that cannot hide a value: short, plain characters, no long run of digits.
fn is_plain_header(header: &str) -> bool {
    header.len() <= 64
        && header.bytes().all(|b| b.is_ascii_alphanumeric() || b"/.+-;=".contains(&b))
        && header.bytes().filter(u8::is_ascii_digit).count() < 8
}

/// Characters of base64 (either alphabet, RFC 4648) in a text that holds nothing else but blanks and padding.
fn base64_len(data: &str) -> Option<usize> {
    let mut length = 0;
    let mut padding = 0;
    for byte in data.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' | b'-' | b'_' if padding == 0 => {
                length += 1;
            }
            b'=' if padding < 2 => padding += 1,
            b' ' | b'\t' | b'\r' | b'\n' => {}
            _ => return None,
        }
    }
    Some(length)
}

/// Base64 in one piece, or in lines as base64 is broken: nothing a person would write in words.
fn is_unbroken(data: &str) -> bool {
    let mut lines = data.split_ascii_whitespace().rev().skip(1);
    lines.all(|line| line.len() >= LEAST_LINE)
}

/// Text of letters and blanks: base64 of anything has capitals, small letters and digits throughout.
fn is_prose(data: &str) -> bool {
    let count = |wanted: fn(&u8) -> bool| data.bytes().filter(wanted).count();
    let all = count(|b| !b.is_ascii_whitespace());
    let few = |wanted, share| count(wanted) * share < all;
    few(u8::is_ascii_uppercase, 8) || few(u8::is_ascii_lowercase, 8) || few(u8::is_ascii_digit, 32)
}

/// One piece without the mixture of base64, whatever it was made of: at least a sixteenth capitals, and small letters.
fn is_plain(data: &str) -> bool {
    let count = |wanted: fn(&u8) -> bool| data.bytes().filter(wanted).count();
    let few = |wanted| count(wanted) * 16 < data.len();
    few(u8::is_ascii_uppercase) || few(u8::is_ascii_lowercase)
}

fn decoded_len(characters: usize) -> u64 {
    characters as u64 * 3 / 4
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(parent: &str, key: &str, text: &str) -> Option<Found> {
        media_at(&Leaf {
            place: "p",
            key,
            parent,
            passage: countersign_model::action::Passage::Prompt,
            text,
            range: 0..0,
        })
    }

    #[test]
    fn data_urls_are_media_whatever_they_look_like() {
        let found = at("image_url", "url", "data:image/png;base64,iVBORw0KGgo=").unwrap();
        assert_eq!((found.media.kind, found.media.bytes), (MediaKind::Image, Some(8)));
        assert_eq!(found.media.media_type.as_deref(), Some("image/png"));
        assert!(found.is_opaque);
        let lines = format!("DATA:image/png;BASE64,{}\n{}\r\niVBORw0KGgo=", "A".repeat(64), "B".repeat(64));
        assert!(at("image_url", "url", &lines).unwrap().is_opaque);
        // Where a text could hide, it is listed and masked.
        for loose in [
            "data:image/png;base64,alice@example.com",
            "data:image/png;base64,my name is alice",
            "data:a=4111111111111111;base64,AAAA",
            " \n data:image/png;base64,AAAA",
            "data:text/plain,alice",
            "data:image/png;base64",
            "DaTa:,",
        ] {
            assert!(!at("image_url", "url", loose).unwrap().is_opaque, "{loose}");
        }
        let hidden = at("image_url", "url", "data:a=4111111111111111;base64,AAAA").unwrap();
        assert_eq!(hidden.media.media_type, None);
        assert!(at("", "content", "data:image/png;base64,iVBORw0KGgo=").is_none());
    }

    #[test]
    fn places_of_every_protocol() {
        let long = "iVBORw0KGgo".repeat(8);
        for (parent, key) in [
            ("source", "data"),
            ("messages", "images"),
            ("inlineData", "data"),
            ("inline_data", "data"),
            ("input_audio", "data"),
            ("file", "file_data"),
            ("data", "b64_json"),
        ] {
            assert!(at(parent, key, &long).unwrap().is_opaque, "{parent}.{key}");
        }
        // Short or broken where only media stands: listed, and masked too.
        for text in ["short", "AAAA AAAA", "not.base64!"] {
            assert!(!at("messages", "images", text).unwrap().is_opaque, "{text}");
        }
        assert!(at("source", "data", "A plain text document.").is_none());
        assert!(!at("source", "data", &"my name is alice ".repeat(9)).unwrap().is_opaque);
        assert!(at("input_audio", "data", "").is_none());
        assert!(at("arguments", "images", "a cat").is_none());
    }

    #[test]
    fn links_count_in_any_spelling() {
        for link in
            ["https://a.example/x", "HTTPS://A.example/x", " http://a.example", "gs://b/x", "file:///x"]
        {
            let found = at("image_url", "url", link).unwrap();
            assert_eq!((found.media.bytes, found.is_opaque), (None, false), "{link}");
        }
        assert!(at("", "image_url", "HtTpS://a.example/x").is_some());
        assert!(at("source", "url", "https://a.example/x").is_some());
        assert!(at("image_url", "url", "no link").is_none());
        assert!(at("input_audio", "format", "https://a.example").is_none());
    }

    #[test]
    fn long_base64_is_listed_anywhere() {
        let long = "iVBORw0KGgoAAAANSUhEUgAA".repeat(11);
        assert_eq!(base64_at("p", &long).unwrap().bytes, Some(198));
        assert_eq!(base64_at("p", &long).unwrap().media_type.as_deref(), Some("base64"));
        let apart: String = long.chars().flat_map(|c| [c, ' ']).collect();
        let lines = long.replace("SUh", "SUh\r\n");
        for text in [apart, lines, format!(" {long}==\n"), format!("data:x/y;base64,{long}")] {
            assert!(base64_at("p", &text).is_some(), "{text}");
        }
        assert!(base64_at("p", &long[..255]).is_none());
        assert!(base64_at("p", &"tell me a story about a cat and 2 dogs ".repeat(20)).is_none());
        assert!(base64_at("p", &"Tell Me A Story About A Cat And Two Dogs ".repeat(20)).is_none());
        assert!(base64_at("p", &format!("{long}.")).is_none());
        for plain in
            ["x".repeat(5_000), "0123456789abcdef".repeat(40), "/usr/share".repeat(40), "-".repeat(300)]
        {
            assert!(base64_at("p", &plain).is_none(), "{plain}");
        }
    }
}
