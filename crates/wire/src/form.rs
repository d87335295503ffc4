//! Forms: `application/x-www-form-urlencoded` (WHATWG URL, section 5), and what is common with multipart forms.

use std::fmt::Write as _;

use countersign_model::{action::Passage, entity::Direction};

use crate::{
    DecodeError, Fault, Masker, Media, MediaKind, Rewritten, Shape, Summary, Turn, TurnKind, body::rewrite,
    digest, media::base64_at,
};

/// A form that went through the masker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RewrittenForm {
    /// The masked form and what it was about; `model` and `stream` are read off its fields.
    pub rewritten: Rewritten,
    /// Its masked texts and its files, by field.
    pub turns: Vec<Turn>,
}

/// Masks a urlencoded form: each name and each value is a text. Pairs in which nothing is masked keep their bytes.
///
/// # Errors
/// [`DecodeError`] when an escape is malformed or what it stands for is not UTF-8.
pub fn rewrite_form<M: Masker>(body: &[u8], masker: &mut M) -> Result<RewrittenForm, DecodeError> {
    let text =
        std::str::from_utf8(body).map_err(|e| DecodeError { at: e.valid_up_to(), fault: Fault::NotUtf8 })?;
    let mut fields = Fields::default();
    let mut out = String::with_capacity(text.len());
    let (mut at, mut changed) = (0, false);
    for pair in text.split('&') {
        if at > 0 {
            out.push('&');
        }
        let (name, value) = pair.split_once('=').map_or((pair, None), |(name, value)| (name, Some(value)));
        let bad = DecodeError { at, fault: Fault::BadForm };
        at += pair.len() + 1;
        let plain_name = decode(name).ok_or(bad)?;
        fields.summary.count(&plain_name);
        let masked_name = masker.whole("form", Passage::Prompt, &plain_name);
        changed |= masked_name.is_some();
        out.push_str(&masked_name.as_deref().map_or_else(|| name.to_owned(), encode));
        if let Some(value) = value {
            let shown = masked_name.as_deref().unwrap_or(&plain_name);
            let masked = fields.text(shown, &decode(value).ok_or(bad)?, masker);
            changed |= masked.is_some();
            out.push('=');
            out.push_str(&masked.as_deref().map_or_else(|| value.to_owned(), encode));
        }
    }
    Ok(fields.done(changed.then(|| out.into_bytes())))
}

/// What the fields of a form amount to.
#[derive(Debug, Default)]
pub(crate) struct Fields {
    pub summary: Summary,
    turns: Vec<Turn>,
}

impl Fields {
    /// Masks the text of a field. A text that reads as JSON is masked as JSON, because that is how it will be read.
    pub fn text<M: Masker>(&mut self, name: &str, text: &str, masker: &mut M) -> Option<String> {
        let place = place(name);
        let looks_json = text.trim_start().starts_with(['{', '[', '"']);
        let json = if looks_json {
            rewrite(text.as_bytes(), Shape::Other, Direction::Prompt, &mut Under { place: &place, masker })
                .ok()
        } else {
            None
        };
        let masked = if let Some(json) = json {
            self.summary.bytes_inspected += json.summary.bytes_inspected;
            self.summary.texts_inspected += json.summary.texts_inspected;
            self.summary.token_ids |= json.summary.token_ids;
            self.summary.uninspected.extend(json.summary.uninspected);
            json.body.and_then(|body| String::from_utf8(body).ok())
        } else {
            self.summary.count(text);
            self.summary.uninspected.extend(base64_at(&place, text));
            if looks_json && text.contains("\\u") {
                // Not JSON to us; whoever is less strict reads other characters than we did.
                self.file(name, Some("text/plain"), text.as_bytes());
            }
            masker.whole(&place, Passage::Prompt, text)
        };
        let shown = masked.as_deref().unwrap_or(text);
        match name {
            "model" => self.summary.model = Some(shown.to_owned()),
            "stream" => self.summary.stream = matches!(shown, "true" | "True" | "1"),
            _ => {}
        }
        if !shown.is_empty() {
            self.turns.push(Turn::new("user", TurnKind::Text, shown).named(name));
        }
        masked
    }

    /// Lists what is not looked into.
    pub fn file(&mut self, name: &str, media_type: Option<&str>, bytes: &[u8]) {
        let media_type =
            media_type.map(|stated| stated.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
        let kind = match media_type.as_deref().and_then(|stated| stated.split('/').next()) {
            Some("image") => MediaKind::Image,
            Some("audio") => MediaKind::Audio,
            Some("video") => MediaKind::Video,
            _ => MediaKind::File,
        };
        let turn = match kind {
            MediaKind::Image => TurnKind::Image,
            MediaKind::Audio => TurnKind::Audio,
            _ => TurnKind::File,
        };
        self.turns.push(Turn::new("user", turn, media_type.as_deref().unwrap_or_default()).named(name));
        self.summary.uninspected.push(Media {
            place: place(name),
            kind,
            media_type,
            bytes: Some(bytes.len() as u64),
            sha256: Some(digest::of_bytes(bytes)),
        });
    }

    /// The form, with its new body if it has one.
    pub fn done(self, body: Option<Vec<u8>>) -> RewrittenForm {
        RewrittenForm { rewritten: Rewritten { body, summary: self.summary }, turns: self.turns }
    }
}

/// Masks texts at places below a field.
struct Under<'a, M> {
    place: &'a str,
    masker: &'a mut M,
}

impl<M: Masker> Masker for Under<'_, M> {
    type Text = M::Text;

    fn whole(&mut self, place: &str, passage: Passage, text: &str) -> Option<String> {
        self.masker.whole(&format!("{}.{place}", self.place), passage, text)
    }

    fn open(&mut self, place: &str, passage: Passage) -> M::Text {
        self.masker.open(&format!("{}.{place}", self.place), passage)
    }

    fn close(&mut self, place: &str, text: M::Text) {
        self.masker.close(&format!("{}.{place}", self.place), text);
    }
}

/// Where a field stands; its name is masked already.
fn place(name: &str) -> String {
    format!("form.{}", name.chars().take(64).collect::<String>())
}

/// `None` for a malformed escape or what is not UTF-8.
fn decode(text: &str) -> Option<String> {
    if !text.contains(['%', '+']) {
        return Some(text.to_owned());
    }
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        out.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
                let (high, low) = (digit(bytes.next())?, digit(bytes.next())?);
                (high << 4 | low) as u8
            }
            other => other,
        });
    }
    String::from_utf8(out).ok()
}

fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for byte in text.bytes() {
        match byte {
            b' ' => out.push('+'),
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'*' | b'-' | b'.' | b'_' => out.push(char::from(byte)),
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}
