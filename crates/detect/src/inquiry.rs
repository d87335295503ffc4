//! One question to the detector and its answer, as JSON: the shape that the command, the API and the playground share.
//!
//! A question is an object: `text` (a string) or `chunks` (a list of strings, given to a [`crate::Stream`] in exactly
//! these cuts), and if wanted `offsets`, `role` and `id`. The answer has `spans` and `masked`, and `risks` where there are any. Promises: chunks in any cutting
//! get the answer of the whole text; an `id` of any type comes back as it was written; a refusal names what is wrong
//! with the question and never repeats a value of it.

use std::{borrow::Cow, fmt, sync::Arc};

use countersign_model::{
    entity::{Evidence, UndoneSet},
    risk::{RiskKind, RiskLevel},
};
use serde::{
    Deserialize, Serialize,
    de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

use crate::risk::{Role, Signal, leads};
use crate::{Engine, Entity, Span};

/// What offsets count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Offsets {
    /// Unicode scalar values.
    #[default]
    Char,
    /// Bytes of UTF-8.
    Byte,
    /// Code units of UTF-16, as JavaScript, Java and C# count.
    Utf16,
}

/// A question that makes sense.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inquiry {
    /// All of the text, also of one that came in chunks.
    text: String,
    /// Where each chunk ends, in bytes; `None`: the text came whole.
    ends: Option<Vec<usize>>,
    offsets: Option<Offsets>,
    role: Role,
    id: Option<Box<str>>,
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// The bytes are not UTF-8.
    InvalidUtf8,
    /// The text is not JSON.
    InvalidJson,
    /// JSON, but no question: neither or both of `text` and `chunks`, a wrong type, a field that is not known.
    InvalidRequest,
    /// Larger than the place it was sent to takes.
    TooLarge,
}

/// No answer, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub code: Code,
    /// A sentence for people.
    pub message: String,
    /// The field it is about.
    pub field: Option<&'static str>,
    id: Option<Box<str>>,
}

/// What was found, and the text with labels in its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub spans: Vec<Found>,
    pub masked: String,
    /// Signals of risk, the gravest first.
    pub risks: Vec<Risky>,
    id: Option<Box<str>>,
}

/// One risk signal of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Risky {
    /// In the text as given, in the units that were asked for.
    pub start: usize,
    /// Exclusive.
    pub end: usize,
    pub kind: RiskKind,
    /// 0 to 1.
    pub score: f32,
    pub level: RiskLevel,
    /// Which rule saw it.
    pub rule: &'static str,
    /// For people.
    pub why: &'static str,
}

/// One span of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Found {
    /// In the text as given, in the units that were asked for.
    pub start: usize,
    /// Exclusive.
    pub end: usize,
    pub entity: Entity,
    /// 0 to 1.
    pub score: f32,
    /// Why it was taken for what it is.
    pub evidence: Evidence,
    /// The disguises it was found under.
    #[serde(skip_serializing_if = "UndoneSet::is_empty")]
    pub undone: UndoneSet,
}

impl Offsets {
    pub const ALL: [Self; 3] = [Self::Char, Self::Byte, Self::Utf16];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Char => "char",
            Self::Byte => "byte",
            Self::Utf16 => "utf16",
        }
    }

    /// The units of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|offsets| offsets.name() == name)
    }

    /// How many units bytes of UTF-8 are. Bytes that begin no character count nothing.
    pub fn count(self, bytes: &[u8]) -> usize {
        // A character has one byte that is no continuation; one of four bytes is a surrogate pair.
        let begin = |byte: &&u8| **byte & 0xc0 != 0x80;
        match self {
            Self::Byte => bytes.len(),
            Self::Char => bytes.iter().filter(begin).count(),
            Self::Utf16 => {
                bytes.iter().filter(begin).count() + bytes.iter().filter(|byte| **byte >= 0xf0).count()
            }
        }
    }

    /// Spans of `text` in these units. They must be by start and not overlap, as the engine gives them.
    pub fn convert(self, text: &str, spans: &[Span]) -> Vec<Found> {
        let (mut byte, mut unit) = (0, 0);
        let mut to = |end: usize| {
            unit += self.count(text.as_bytes().get(byte..end).unwrap_or_default());
            byte = end;
            unit
        };
        let found = |span: &Span| Found {
            start: to(span.start),
            end: to(span.end),
            entity: span.entity,
            score: span.score,
            evidence: span.evidence,
            undone: span.undone,
        };
        spans.iter().map(found).collect()
    }
}

impl Code {
    pub const ALL: [Self; 4] = [Self::InvalidUtf8, Self::InvalidJson, Self::InvalidRequest, Self::TooLarge];

    pub const fn name(self) -> &'static str {
        match self {
            Self::InvalidUtf8 => "invalid_utf8",
            Self::InvalidJson => "invalid_json",
            Self::InvalidRequest => "invalid_request",
            Self::TooLarge => "too_large",
        }
    }
}

impl Inquiry {
    /// Reads a question.
    pub fn read(bytes: &[u8]) -> Result<Self, Refusal> {
        let json = std::str::from_utf8(bytes).map_err(|error| {
            let at = error.valid_up_to();
            Refusal::new(Code::InvalidUtf8, format!("This is not UTF-8: byte {at} begins no character."))
        })?;
        let fields: Fields<'_> = serde_json::from_str(json).map_err(|error| not_json(json, &error))?;
        fields.inquiry().map_err(|refusal| Refusal { id: fields.id.map(echo), ..refusal })
    }

    /// The answer, with offsets in the units asked for, else in these.
    pub fn answer(self, engine: &Arc<Engine>, offsets: Offsets) -> Answer {
        let Self { text, ends, offsets: asked, role, id } = self;
        let offsets = asked.unwrap_or(offsets);
        // Chunks in any cutting have the signals of the whole.
        let risks = leads(&text).signals(role);
        let risks = risks.iter().filter_map(|signal| Risky::of(signal, &text, offsets)).collect();
        let (spans, masked) = match &ends {
            None => {
                let masked = engine.mask(&text);
                (masked.spans, masked.text)
            }
            Some(ends) => {
                let mut stream = engine.stream();
                let mut out = String::with_capacity(text.len());
                let mut begin = 0;
                for &end in ends {
                    stream.push(&text[begin..end], &mut out);
                    begin = end;
                }
                stream.finish(&mut out);
                (stream.spans().to_vec(), Some(out))
            }
        };
        let spans = offsets.convert(&text, &spans);
        Answer { spans, masked: masked.unwrap_or(text), risks, id }
    }
}

impl Risky {
    fn of(signal: &Signal, text: &str, offsets: Offsets) -> Option<Self> {
        let place = |byte: usize| offsets.count(text.as_bytes().get(..byte).unwrap_or_default());
        Some(Self {
            start: place(signal.start),
            end: place(signal.end),
            kind: signal.kind,
            score: signal.score,
            level: RiskLevel::of(signal.score)?,
            rule: signal.rule,
            why: signal.why,
        })
    }
}

impl Answer {
    /// One line of JSON, without its end.
    pub fn json(&self) -> String {
        #[derive(Serialize)]
        struct Line<'a> {
            #[serde(skip_serializing_if = "Option::is_none")]
            id: Option<&'a RawValue>,
            spans: &'a [Found],
            masked: &'a str,
            #[serde(skip_serializing_if = "<[_]>::is_empty")]
            risks: &'a [Risky],
        }
        let id = self.id.as_deref().and_then(raw);
        written(&Line { id, spans: &self.spans, masked: &self.masked, risks: &self.risks })
    }
}

impl Refusal {
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), field: None, id: None }
    }

    fn of(field: &'static str, message: impl Into<String>) -> Self {
        Self { field: Some(field), ..Self::new(Code::InvalidRequest, message) }
    }

    /// The question's id, as JSON.
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// One line of JSON, without its end.
    pub fn json(&self) -> String {
        #[derive(Serialize)]
        struct Line<'a> {
            #[serde(skip_serializing_if = "Option::is_none")]
            id: Option<&'a RawValue>,
            error: Error<'a>,
        }
        #[derive(Serialize)]
        struct Error<'a> {
            code: Code,
            message: &'a str,
        }
        let id = self.id.as_deref().and_then(raw);
        written(&Line { id, error: Error { code: self.code, message: &self.message } })
    }
}

fn written(line: &impl Serialize) -> String {
    // Nothing here can fail to be written: strings, numbers, and JSON that was read before.
    serde_json::to_string(line).unwrap_or_default()
}

fn raw(json: &str) -> Option<&RawValue> {
    serde_json::from_str(json).ok()
}

/// An id as it was written, without line ends between its parts: strings hold none.
fn echo(id: &RawValue) -> Box<str> {
    id.get().replace(['\n', '\r'], " ").into()
}

fn not_json(json: &str, error: &serde_json::Error) -> Refusal {
    if error.is_data() {
        return Refusal::new(Code::InvalidRequest, "The question must be a JSON object.");
    }
    if json.trim_ascii().is_empty() {
        return Refusal::new(Code::InvalidJson, "There is nothing here; a JSON object was expected.");
    }
    // Where, and never what: serde_json's own words may repeat some of it.
    let place = format!("line {}, column {}", error.line(), error.column());
    Refusal::new(Code::InvalidJson, format!("This is not JSON: it breaks at {place}."))
}

/// The parts of a JSON object as they were written, and the first that should not be there.
#[derive(Default)]
struct Fields<'a> {
    text: Option<&'a RawValue>,
    chunks: Option<&'a RawValue>,
    offsets: Option<&'a RawValue>,
    role: Option<&'a RawValue>,
    id: Option<&'a RawValue>,
    wrong: Option<Refusal>,
}

impl Fields<'_> {
    fn inquiry(&self) -> Result<Inquiry, Refusal> {
        if let Some(wrong) = &self.wrong {
            return Err(wrong.clone());
        }
        let offsets = self.offsets.map(offsets).transpose()?;
        let role = self.role.map(role).transpose()?.unwrap_or_default();
        let (text, ends) = match (self.text, self.chunks) {
            (Some(text), None) => (whole(text)?, None),
            (None, Some(chunks)) => {
                let Chunks { text, ends } = serde_json::from_str(chunks.get())
                    .map_err(|error| unreadable("chunks", "a list of strings", &error))?;
                (text, Some(ends))
            }
            (None, None) => {
                let message = "Either `text` or `chunks` is needed.";
                return Err(Refusal::new(Code::InvalidRequest, message));
            }
            (Some(_), Some(_)) => {
                let message = "Only one of `text` and `chunks` can be given.";
                return Err(Refusal::new(Code::InvalidRequest, message));
            }
        };
        Ok(Inquiry { text, ends, offsets, role, id: self.id.map(echo) })
    }
}

fn whole(text: &RawValue) -> Result<String, Refusal> {
    serde_json::from_str(text.get()).map_err(|error| unreadable("text", "a string", &error))
}

fn offsets(named: &RawValue) -> Result<Offsets, Refusal> {
    let name: Option<Cow<'_, str>> = serde_json::from_str(named.get()).ok();
    name.and_then(|name| Offsets::named(&name))
        .ok_or_else(|| Refusal::of("offsets", "`offsets` must be \"char\", \"byte\" or \"utf16\"."))
}

fn role(named: &RawValue) -> Result<Role, Refusal> {
    let name: Option<Cow<'_, str>> = serde_json::from_str(named.get()).ok();
    name.and_then(|name| Role::ALL.into_iter().find(|role| role.name() == name))
        .ok_or_else(|| Refusal::of("role", "`role` must be \"user\", \"system\", \"tool\" or \"answer\"."))
}

fn unreadable(field: &'static str, wanted: &str, error: &serde_json::Error) -> Refusal {
    if error.is_data() {
        Refusal::of(field, format!("`{field}` must be {wanted}."))
    } else {
        // The JSON was read once before; what is left to go wrong is `\ud800` without its other half.
        Refusal::of(field, format!("`{field}` holds half of a surrogate pair, which is no text."))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Fields<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(Reading)
    }
}

struct Reading;

impl<'de> Visitor<'de> for Reading {
    type Value = Fields<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields = Fields::default();
        while let Some(name) = map.next_key::<Cow<'_, str>>()? {
            let (field, place) = match &*name {
                "text" => ("text", &mut fields.text),
                "chunks" => ("chunks", &mut fields.chunks),
                "offsets" => ("offsets", &mut fields.offsets),
                "role" => ("role", &mut fields.role),
                "id" => ("id", &mut fields.id),
                other => {
                    let _ = map.next_value::<IgnoredAny>()?;
                    let message = format!(
                        "`{}` is not known; there are `text`, `chunks`, `offsets`, `role` and `id`.",
                        shortened(other)
                    );
                    let _ = fields.wrong.get_or_insert(Refusal::new(Code::InvalidRequest, message));
                    continue;
                }
            };
            let given = map.next_value()?;
            if place.is_some() {
                let message = format!("`{field}` is given twice.");
                let _ = fields.wrong.get_or_insert(Refusal::of(field, message));
            }
            *place = Some(given);
        }
        Ok(fields)
    }
}

/// A name for a message: it may be anything, and of any length.
fn shortened(name: &str) -> String {
    let mut shown: String = name.chars().take(32).flat_map(char::escape_debug).collect();
    if name.chars().nth(32).is_some() {
        shown.push('…');
    }
    shown
}

/// A list of strings as one text: many small strings would take many times its size.
struct Chunks {
    text: String,
    ends: Vec<usize>,
}

impl<'de> Deserialize<'de> for Chunks {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Joining;
        impl<'de> Visitor<'de> for Joining {
            type Value = Chunks;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of strings")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Chunks, A::Error> {
                let mut chunks = Chunks { text: String::new(), ends: Vec::new() };
                while let Some(chunk) = list.next_element::<Cow<'_, str>>()? {
                    chunks.text.push_str(&chunk);
                    chunks.ends.push(chunks.text.len());
                }
                Ok(chunks)
            }
        }
        from.deserialize_seq(Joining)
    }
}
