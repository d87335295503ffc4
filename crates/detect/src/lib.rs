//! Finds sensitive data in text and puts something else in its place, in whole texts and in streams: a label, or what
//! an action says ([`Replace`]). Tokens are turned into their values again by [`Restore`].
//!
//! Promises:
//! - **One scanner.** [`Engine::mask`] is one push and a finish of the same scanner a [`Stream`] drives, so for
//!   every way of cutting a text the concatenated output is the mask of the whole.
//! - **Linear.** Every rule reads a bounded stretch from a start; nothing backtracks over the text.
//! - **Fails closed.** What outgrows a rule's cap is masked, and swallowed until its alphabet ends.
//! - **Pure.** No I/O, no clock, no randomness; builds for wasm32.
//!
//! - **Sees through disguises.** Invisible characters, forms and look-alikes of ASCII ones, percent, JSON and HTML
//!   escapes are undone for a second reading; offsets stay those of the text as given, and so does all text that is
//!   not masked. A span never begins inside an escape. Text without any pays one look at its bytes.
//! - **Decodes.** Runs of base64 and hex that hold text are looked through like any other, two deep, and masked as a
//!   whole if something is found in them.
//! - **Listens.** Words before a value that name it ("passport", `"nhs_number":`, 身份证号码), at most 128 bytes back and
//!   in many languages, decide what a number is, and whether it is one at all.
//! - **Reads tables.** The head of a column names the cells below it.
//!
//! Never: composes characters, finds names in prose that no label or title introduces, or looks behind a value for what
//! it is called, but for units of age.
//!
//! Boundaries: ASCII letters and digits and the Latin letters U+00C0–U+027F are word characters; every other
//! non-ASCII character is a boundary, so `邮箱a@b.com谢谢` is found, and `é4111…` is not a card.
#![forbid(unsafe_code)]

mod alphabet;
mod assignment;
mod definition;
mod encoded;
mod endings;
mod engine;
mod entities;
mod entity;
mod escape;
mod fold;
mod foreign;
mod hashed;
mod heads;
mod index;
pub mod inquiry;
mod issued;
mod labelled;
mod latch;
mod leads;
#[cfg(test)]
mod linearity;
mod mark;
mod merge;
mod names;
mod output;
mod own;
mod places;
mod plain;
mod plain_word;
mod probe;
mod reader;
mod replace;
mod restore;
pub mod risk;
mod scanner;
mod shapes;
mod span;
mod stream;
mod tables;
mod topics;
pub mod trial;
mod utf8;
mod version;
mod view;
mod watch;
mod writer;
mod zone;

pub use definition::Definition;
pub use engine::Engine;
pub use entity::Entity;
pub use foreign::{Foreign, NotSpans, Said};
pub use issued::Issued;
pub use mark::{ConversationKey, MarkKey};
pub use own::{BYTES as OWN_BYTES_MAX, MOST as OWN_MAX, TERMS as OWN_TERMS_MAX};
pub use own::{Custom, CustomText, Dictionary, DictionaryText, Fault, OwnName, Place};
pub use replace::{Labels, REDACTED, Replace, VALUE_MAX};
pub use restore::Restore;
pub use span::{Masked, Span};
pub use stream::Stream;
pub use utf8::{NotUtf8, Utf8};
pub use version::{Version, version};
pub use writer::{Terms, View, Writer};
