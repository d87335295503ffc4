//! A strict, byte-exact JSON reader: it finds where values are and never rewrites what it was not asked to.
//!
//! No tree of values is built. [`Tape`] lists kinds and byte ranges; an edit replaces one range; every other byte of
//! the document stays as it came, duplicate spacing, key order and number forms included (RFC 8259 leaves all of
//! these to the writer, and a gateway has no business changing them).

mod edit;
mod fault;
mod number;
mod parse;
mod tape;
mod text;

pub(crate) use edit::{Edit, Piece, apply};
pub use fault::{DecodeError, Fault};
pub(crate) use number::{is_number, long_digits};
pub(crate) use tape::{Document, Kind, Tape};
pub use tape::{MAX_DEPTH, MAX_VALUES};
pub(crate) use text::{escape_into, short_form, write_string};
