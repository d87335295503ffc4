//! Streamed answers: server-sent events whose text is masked while it flows.
//!
//! # What a client sees
//! - Texts that grow over events (deltas) are *channels*, each with its own incremental masker: in chat and completion
//!   chunks every string in `choices[i].delta` (content, reasoning, refusal, tool arguments, …) and `choices[i].text`;
//!   in other shapes the strings named `delta`, `text`, `content`, `partial_json`, `thinking` and `response`. All
//!   other strings are masked whole within their event.
//! - Text that is held back comes in a later delta of the same channel. Before a channel's end (its choice's
//!   `finish_reason`, the final usage event, `[DONE]`, a clean end of the stream) the rest is released: in that event's
//!   own delta if it has one, else in an event made for it.
//! - An event whose text is all held back is still sent, with an empty string, so the cadence stays.
//! - A tool's name comes whole, in the event it began in: that event waits for the next one of its choice.
//! - `logprobs` and other members that repeat the text in fragments become null.
//!
//! # Ends
//! A stream is complete after `[DONE]` (chat, completions) or its transport's clean end (others). On anything else
//! nothing undecided is released: text that is held back then may be the head of a value whose tail never came, so
//! it is dropped, and the caller says so to the client with [`crate::error_event`]. `[DONE]` is never made up. An
//! `error` event of the upstream's own drops it as well, `[DONE]` after it or not.
//!
//! # Limits
//! - A value that the upstream cuts over events in a field that is neither in a choice's delta nor in the list above
//!   is seen in pieces only.
//! - In shapes that are not understood an event with more than 16 growing strings is read as a listing: each whole.
//! - Texts are told apart by choice, field and index, so a value that a model spreads over two fields is two texts.

mod channel;
mod cutter;
mod dialect;
mod outbox;
mod record;
mod render;
mod rewriter;
mod skeleton;
mod visit;

use crate::DecodeError;

pub use record::{ChannelText, StreamRecord};
pub use rewriter::StreamRewriter;

/// How a stream is cut into events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Framing {
    /// Server-sent events (`text/event-stream`).
    #[default]
    Events,
    /// One JSON document to a line (`application/x-ndjson`).
    Lines,
}

/// What the client gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Release {
    /// The masked stream.
    #[default]
    Masked,
    /// The upstream's bytes, untouched and at once; the masked text is still collected for the record.
    Original,
}

/// How to rewrite a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// What the client gets.
    pub release: Release,
    /// Largest single event, bytes. Default 1 MiB.
    pub max_event: usize,
    /// Most text collected per channel for the record, bytes. Default 256 KiB.
    pub max_text: usize,
    /// Most channels at the same time, and in the record. Default 1024.
    pub max_channels: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { release: Release::Masked, max_event: 1 << 20, max_text: 256 << 10, max_channels: 1024 }
    }
}

/// How the upstream's bytes ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The transport says the answer is complete.
    Clean,
    /// The connection broke, a time limit passed, or the client left.
    Broken,
}

/// Why a stream cannot go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StreamError {
    /// An event's data is not strict JSON.
    #[error("An event of the upstream cannot be read: {0}")]
    Decode(#[from] DecodeError),
    /// A line other than data is not UTF-8.
    #[error("An event of the upstream is not valid UTF-8")]
    NotUtf8,
    /// One event is larger than [`Options::max_event`].
    #[error("An event of the upstream is too large")]
    EventTooLarge,
    /// More channels at once than [`Options::max_channels`].
    #[error("The upstream's answer has too many parts")]
    TooManyChannels,
    /// The transport ended cleanly, but the protocol's `[DONE]` never came.
    #[error("The upstream's answer ended without its end mark")]
    MissingDone,
}

impl StreamError {
    /// A stable code for error bodies and records.
    pub fn code(self) -> &'static str {
        match self {
            Self::Decode(_) | Self::NotUtf8 => "stream_malformed",
            Self::EventTooLarge => "event_too_large",
            Self::TooManyChannels => "too_many_channels",
            Self::MissingDone => "missing_done",
        }
    }
}
