//! LLM protocols as sans-IO state machines: bytes in, bytes out, no clock, no socket.
//!
//! Three doors:
//! - [`rewrite`] for a whole JSON body (a request, or an answer that is not streamed);
//! - [`StreamRewriter`] for a streamed answer;
//! - [`openai_error`] and [`error_event`] for what the gateway itself has to say.
//!
//! What is promised:
//! - Every string value, every object key and every long number goes through the [`Masker`], known field or not.
//!   What cannot be read as text (inline images, audio) is listed in the summary, never passed in silence.
//! - Bytes the masker did not change stay the bytes they were: order, spacing and number forms are kept.
//! - A streamed answer reads the same however the upstream cut it, by byte, by event or inside an escape: the text a
//!   client puts together equals masking the whole text at once.
//! - What cannot be read strictly is refused with a byte offset and a sentence, and never with content.
//!
//! This crate does not know what is sensitive. Detection comes in through [`Masker`] and [`TextStream`].
#![forbid(unsafe_code)]

mod arguments;
mod body;
mod digest;
mod echo;
mod error;
mod form;
mod json;
mod lines;
mod mask;
mod media;
mod multipart;
mod names;
mod shape;
mod sse;
mod stream;
mod summary;
mod tokens;
mod transcript;
mod transcription;
mod walk;

pub use body::{Rewritten, rewrite, rewrite_text};
pub use error::{error_event, error_line, openai_error};
pub use form::{RewrittenForm, rewrite_form};
pub use json::{DecodeError, Fault, MAX_DEPTH, MAX_VALUES};
pub use lines::is_json_lines;
pub use mask::{Masker, TextStream};
pub use media::{Media, MediaKind};
pub use multipart::rewrite_multipart;
pub use shape::{Shape, shape_of};
pub use sse::is_event_stream;
pub use stream::{ChannelText, End, Framing, Options, Release, StreamError, StreamRecord, StreamRewriter};
pub use summary::{Summary, Usage};
pub use transcript::{Turn, TurnKind, transcript};
