//! Parts of a body that are not text: images, sound, files. They are listed, never searched.

use serde::{Deserialize, Serialize};

/// Something the gateway let be because it is not text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Media {
    /// Where it stands, such as `messages[0].content[1].image_url.url`.
    pub place: String,
    /// What it is said to be.
    pub kind: MediaKind,
    /// Its media type when the body states one, such as `image/png`.
    pub media_type: Option<String>,
    /// Size in bytes after decoding; `None` when the body only links to it.
    pub bytes: Option<u64>,
}

/// Kinds of media in OpenAI's content parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MediaKind {
    /// `image_url`, `b64_json`.
    Image,
    /// `input_audio`, `audio`.
    Audio,
    /// `video_url`.
    Video,
    /// `file.file_data`.
    File,
    /// `prompt_embeds`, or an embedding in base64.
    Tensor,
}

/// What the string at `key` inside member `parent` is, if it is media rather than text.
///
/// Only strings in the known places count, and only when they hold nothing but base64: text that stands in a media
/// place is still inspected.
pub(crate) fn media_at(place: &str, parent: &str, key: &str, text: &str) -> Option<Media> {
    let kind = match (parent, key) {
        ("image_url", "url") | (_, "image_url" | "b64_json") => MediaKind::Image,
        ("video_url", "url") | (_, "video_url") => MediaKind::Video,
        ("audio_url", "url") | ("input_audio" | "audio", "data") | (_, "audio_url") => MediaKind::Audio,
        (_, "file_data") => MediaKind::File,
        (_, "prompt_embeds" | "embedding") => MediaKind::Tensor,
        _ => return None,
    };
    let media = |media_type: Option<&str>, bytes| {
        Some(Media { place: place.to_owned(), kind, media_type: media_type.map(str::to_owned), bytes })
    };
    if let Some((header, data)) = text.strip_prefix("data:").and_then(|rest| rest.split_once(',')) {
        let header = header.strip_suffix(";base64")?;
        return if is_plain_header(header) && is_base64(data) {
            media(header.split(';').next().filter(|t| !t.is_empty()), Some(decoded_len(data)))
        } else {
            None
        };
    }
    if is_base64(text) && text.len() >= 64 {
        return media(None, Some(decoded_len(text)));
    }
    None
}

/// A link to media elsewhere: its address is inspected as text, what it leads to is not.
pub(crate) fn linked_media(place: &str, parent: &str, key: &str, text: &str) -> Option<Media> {
    let kind = match (parent, key) {
        ("image_url", "url") | (_, "image_url") => MediaKind::Image,
        ("video_url", "url") | (_, "video_url") => MediaKind::Video,
        ("audio_url", "url") | (_, "audio_url") => MediaKind::Audio,
        _ => return None,
    };
    (text.starts_with("http://") || text.starts_with("https://")).then(|| Media {
        place: place.to_owned(),
        kind,
        media_type: None,
        bytes: None,
    })
}

/// A media type and parameters that cannot hide a value: short, plain characters, no long run of digits.
fn is_plain_header(header: &str) -> bool {
    header.len() <= 64
        && header.bytes().all(|b| b.is_ascii_alphanumeric() || b"/.+-;=".contains(&b))
        && header.bytes().filter(u8::is_ascii_digit).count() < 8
}

fn is_base64(data: &str) -> bool {
    let body = data.trim_end_matches('=');
    data.len() - body.len() <= 2
        && body.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'-' | b'_'))
}

fn decoded_len(data: &str) -> u64 {
    data.trim_end_matches('=').len() as u64 * 3 / 4
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_urls_are_media_and_text_is_not() {
        let found = media_at("p", "image_url", "url", "data:image/png;base64,iVBORw0KGgo=").unwrap();
        assert_eq!((found.kind, found.bytes), (MediaKind::Image, Some(8)));
        assert_eq!(found.media_type.as_deref(), Some("image/png"));
        assert!(media_at("p", "image_url", "url", "data:image/png;base64,alice@example.com").is_none());
        assert!(media_at("p", "image_url", "url", "data:a=4111111111111111;base64,AAAA").is_none());
        assert!(media_at("p", "", "content", "data:image/png;base64,iVBORw0KGgo=").is_none());
        assert!(media_at("p", "input_audio", "data", &"A".repeat(64)).is_some());
        assert!(media_at("p", "input_audio", "data", "short").is_none());
        assert!(linked_media("p", "image_url", "url", "https://example.org/a.png").is_some());
    }
}
