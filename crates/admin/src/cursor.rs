//! Where the next page begins, as an opaque text in the URL: the moment and id of the last row shown.

use countersign_model::{ExchangeId, SessionId, Timestamp};

use crate::AdminError;

/// An id that pages can be keyed by.
pub(crate) trait Key: Sized + std::fmt::Display + std::str::FromStr {}

impl Key for SessionId {}
impl Key for ExchangeId {}

/// The cursor after a row.
pub(crate) fn write<K: Key>(at: Timestamp, id: K) -> String {
    format!("{}.{id}", at.micros())
}

/// Reads what [`write`] wrote.
pub(crate) fn read<K: Key>(cursor: Option<&str>) -> Result<Option<(Timestamp, K)>, AdminError> {
    let Some(cursor) = cursor.filter(|cursor| !cursor.is_empty()) else { return Ok(None) };
    let parsed = cursor.split_once('.').and_then(|(micros, id)| {
        let micros: i64 = micros.parse().ok()?;
        // What Postgres can hold as a timestamptz and we as nanoseconds.
        (micros.unsigned_abs() <= i64::MAX.unsigned_abs() / 1_000)
            .then_some((Timestamp::from_micros(micros), id.parse().ok()?))
    });
    parsed.map(Some).ok_or_else(bad)
}

/// The cursor of a list that is keyed by row number.
pub(crate) fn read_seq(cursor: Option<&str>) -> Result<Option<i64>, AdminError> {
    cursor
        .filter(|cursor| !cursor.is_empty())
        .map(|cursor| cursor.parse().ok().filter(|seq| *seq >= 0).ok_or_else(bad))
        .transpose()
}

fn bad() -> AdminError {
    AdminError::field("cursor", "This page does not exist; begin at the first one.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trip_and_nonsense() {
        let id: SessionId = "ses_01930000000070008000000000000001".parse().unwrap();
        let at = Timestamp::from_micros(1_764_000_000_123_456);
        assert_eq!(read(Some(&write(at, id))).unwrap(), Some((at, id)));
        assert_eq!(read::<SessionId>(None).unwrap(), None);
        assert_eq!(read::<SessionId>(Some("")).unwrap(), None);
        for bad in [
            "x",
            "1.",
            "1.exc_01930000000070008000000000000001",
            "9223372036854775807.ses_01930000000070008000000000000001",
        ] {
            assert!(read::<SessionId>(Some(bad)).is_err(), "{bad}");
        }
        assert!(read_seq(Some("-1")).is_err());
        assert!(read_seq(Some("1'")).is_err());
        assert_eq!(read_seq(Some("12")).unwrap(), Some(12));
    }
}
