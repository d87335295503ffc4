//! What a stream amounted to: the masked text per channel, counts and endings.

use serde::{Deserialize, Serialize};

use super::StreamError;
use crate::{Media, Turn, TurnKind, Usage};

/// What was learnt from a stream. All text in it is masked.
#[derive(Debug, Clone, Default)]
pub struct StreamRecord {
    /// The text of every channel, in order of first appearance.
    pub texts: Vec<ChannelText>,
    /// Finish reasons as (choice, reason), in order.
    pub finish_reasons: Vec<(u64, String)>,
    /// The model that answered.
    pub model: Option<String>,
    /// What the upstream counted; the last word on it.
    pub usage: Option<Usage>,
    /// Events with data, `[DONE]` not counted.
    pub events: u64,
    /// The number (from 0) of the first event that brought text.
    pub first_text_event: Option<u64>,
    /// Bytes of text that went through the masker (decoded).
    pub bytes_inspected: u64,
    /// Media that was let be; at most 64 are listed.
    pub uninspected: Vec<Media>,
    /// `[DONE]` came.
    pub done: bool,
    /// The upstream sent an event with an `error` member.
    pub upstream_error: bool,
    /// The stream did not end as it should, or the upstream reported an error: text that was held back was dropped.
    pub broken: bool,
    /// Why it could not be read on. With [`super::Release::Original`] bytes went on to the client all the same, and
    /// what follows that point is not in the record.
    pub unreadable: Option<StreamError>,
}

/// The masked text of one channel.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ChannelText {
    /// The channel, such as `choices[0].delta.content`.
    pub place: String,
    /// The choice it belongs to, where the shape has choices.
    pub choice: Option<u64>,
    /// The masked text.
    pub text: String,
    /// The text was longer than the limit; only its beginning is kept.
    pub truncated: bool,
    /// It has ended: what comes at this place is another text, which was looked at by itself.
    #[serde(skip)]
    pub(super) ended: bool,
}

const MAX_LISTED: usize = 64;
/// Texts of a stream, for each that may be open at the same time.
const TEXTS_PER_CHANNEL: usize = 4;

impl StreamRecord {
    /// The text's number in the record; `None` when there are too many.
    pub(super) fn slot(&mut self, place: &str, choice: Option<u64>, channels: usize) -> Option<usize> {
        if let Some(slot) = self.texts.iter().position(|text| !text.ended && text.place == place) {
            return Some(slot);
        }
        if self.texts.len() >= channels.saturating_mul(TEXTS_PER_CHANNEL) {
            return None;
        }
        self.texts.push(ChannelText { place: place.to_owned(), choice, ..ChannelText::default() });
        Some(self.texts.len() - 1)
    }

    /// Notes that a text has ended.
    pub(super) fn end(&mut self, slot: usize) {
        if let Some(text) = self.texts.get_mut(slot) {
            text.ended = true;
        }
    }

    /// Adds released text to a channel.
    pub(super) fn add(&mut self, slot: usize, released: &str, limit: usize) {
        let Some(text) = self.texts.get_mut(slot) else {
            return;
        };
        if text.truncated {
            return;
        }
        let mut room = limit.saturating_sub(text.text.len()).min(released.len());
        text.truncated = room < released.len();
        while !released.is_char_boundary(room) {
            room -= 1;
        }
        text.text.push_str(&released[..room]);
    }

    /// Notes media, up to a limit.
    pub(super) fn media(&mut self, media: Media) {
        if self.uninspected.len() < MAX_LISTED {
            self.uninspected.push(media);
        }
    }

    /// Notes why a choice ended.
    pub(super) fn finished(&mut self, choice: u64, reason: &str) {
        if self.finish_reasons.len() < MAX_LISTED {
            self.finish_reasons.push((choice, reason.to_owned()));
        }
    }

    /// The answer as turns, in order of first appearance; a tool's name and arguments are one turn.
    pub fn turns(&self) -> Vec<Turn> {
        let mut turns = Vec::new();
        for (number, ChannelText { place, text, .. }) in self.texts.iter().enumerate() {
            if text.is_empty() {
                continue;
            }
            let kind = match place.rsplit('.').next().unwrap_or_default() {
                "reasoning" | "reasoning_content" | "thinking" => TurnKind::Reasoning,
                "refusal" => TurnKind::Refusal,
                "name" if place.contains("function") => {
                    let arguments = self.beside(number, "name", "arguments");
                    turns.push(Turn::new("assistant", TurnKind::ToolCall, arguments).named(text));
                    continue;
                }
                "arguments" | "partial_json" => {
                    if !self.beside(number, "arguments", "name").is_empty() {
                        continue;
                    }
                    TurnKind::ToolCall
                }
                "delta" if place.contains("reasoning") => TurnKind::Reasoning,
                "delta" if place.contains("refusal") => TurnKind::Refusal,
                "delta" if place.contains("arguments") => TurnKind::ToolCall,
                _ => TurnKind::Text,
            };
            turns.push(Turn::new("assistant", kind, text));
        }
        turns
    }

    /// Of the same call as the text of this number, the text whose place ends in `other` where its own ends in `own`: of
    /// several calls at one place the first belongs to the first, and so on.
    fn beside(&self, number: usize, own: &str, other: &str) -> &str {
        let place = self.texts[number].place.as_str();
        let calls_before = self.texts[..number].iter().filter(|text| text.place == place).count();
        let other = format!("{}{other}", place.strip_suffix(own).unwrap_or_default());
        let mut others = self.texts.iter().filter(|text| text.place == other);
        others.nth(calls_before).map_or("", |text| text.text.as_str())
    }
}
