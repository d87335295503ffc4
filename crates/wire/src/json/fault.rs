//! Why a body could not be read. Offsets and sentences only: no content of the body ever gets into an error.

use std::fmt;

/// A body that is not strict JSON, and where it stops being so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{fault} (byte {at})")]
pub struct DecodeError {
    /// Bytes from the start of the body (or of the event's data) to the fault.
    pub at: usize,
    /// What is wrong there.
    pub fault: Fault,
}

/// What is wrong with a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The bytes are not UTF-8.
    NotUtf8,
    /// The document ends inside a value.
    Unfinished,
    /// A byte that JSON does not allow here.
    Unexpected,
    /// A control character stands unescaped in a string.
    ControlCharacter,
    /// A backslash is followed by something that is no escape.
    BadEscape,
    /// A `\u` escape names half of a surrogate pair.
    LoneSurrogate,
    /// A number is not written as JSON requires.
    BadNumber,
    /// One object has the same key twice.
    DuplicateKey,
    /// Values are nested deeper than [`crate::MAX_DEPTH`].
    TooDeep,
    /// The document holds more than [`crate::MAX_VALUES`] values, or is larger than 4 GiB.
    TooManyValues,
    /// Something follows the document's end.
    TrailingData,
    /// A form (urlencoded or multipart) is not written as its standard requires.
    BadForm,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotUtf8 => "The body is not valid UTF-8",
            Self::Unfinished => "The JSON document ends before it is complete",
            Self::Unexpected => "The body is not valid JSON",
            Self::ControlCharacter => "A JSON string holds an unescaped control character",
            Self::BadEscape => "A JSON string holds an invalid escape",
            Self::LoneSurrogate => "A JSON string holds half of a surrogate pair",
            Self::BadNumber => "A JSON number is malformed",
            Self::DuplicateKey => "A JSON object has the same key twice",
            Self::TooDeep => "The JSON document is nested too deeply",
            Self::TooManyValues => "The JSON document holds too many values",
            Self::BadForm => "The form is malformed",
            Self::TrailingData => "Data follows the end of the JSON document",
        })
    }
}
