//! Reading and writing the fixed-order, length-prefixed fields that records and batch statements are made of.
//!
//! Big-endian, no padding, no optional spelling: one value has exactly one encoding. Reading never allocates
//! more than it was given and never panics.

/// The bytes are not a record (or statement) of this format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// The bytes end inside a field.
    #[error("ends inside {0}")]
    Short(&'static str),
    /// Bytes are left after the last field.
    #[error("has bytes after its end")]
    Trailing,
    /// Longer than any record can be.
    #[error("is longer than any record")]
    TooLong,
    /// A field holds a value the format does not have.
    #[error("has an invalid {0}")]
    Invalid(&'static str),
}

/// What is left to read.
pub struct Cursor<'a> {
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub fn take(&mut self, len: usize, field: &'static str) -> Result<&'a [u8], Malformed> {
        let (head, rest) = self.rest.split_at_checked(len).ok_or(Malformed::Short(field))?;
        self.rest = rest;
        Ok(head)
    }

    pub fn array<const N: usize>(&mut self, field: &'static str) -> Result<[u8; N], Malformed> {
        self.take(N, field)?.try_into().map_err(|_| Malformed::Short(field))
    }

    pub fn byte(&mut self, field: &'static str) -> Result<u8, Malformed> {
        self.array::<1>(field).map(|[byte]| byte)
    }

    /// A length byte that is zero (absent) or `N`, then as many bytes.
    pub fn optional<const N: usize>(&mut self, field: &'static str) -> Result<Option<[u8; N]>, Malformed> {
        match usize::from(self.byte(field)?) {
            0 => Ok(None),
            len if len == N => self.array(field).map(Some),
            _ => Err(Malformed::Invalid(field)),
        }
    }

    pub const fn end(self) -> Result<(), Malformed> {
        if self.rest.is_empty() { Ok(()) } else { Err(Malformed::Trailing) }
    }
}

/// Writes what [`Cursor::optional`] reads.
pub fn put_optional<const N: usize>(out: &mut Vec<u8>, value: Option<&[u8; N]>) {
    match value {
        None => out.push(0),
        Some(bytes) => {
            out.push(const { if N < 256 { N as u8 } else { 0 } });
            out.extend_from_slice(bytes);
        }
    }
}
