//! The one place where the model's [`Timestamp`] becomes a `timestamptz` and back.
//!
//! Postgres keeps microseconds: a moment that went through the database has lost what was below.

use countersign_model::Timestamp;
use time::OffsetDateTime;

/// For a bind parameter.
pub(crate) fn to_db(at: Timestamp) -> OffsetDateTime {
    // Every i64 of nanoseconds lies between the years 1677 and 2262, which `time` can hold.
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(at.micros()) * 1_000)
        .unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

/// From a column. Moments beyond what [`Timestamp`] can hold (the year 2262) stop at its end.
pub(crate) fn from_db(at: OffsetDateTime) -> Timestamp {
    let nanos = at.unix_timestamp_nanos();
    let end = if nanos < 0 { i64::MIN } else { i64::MAX };
    Timestamp(i64::try_from(nanos).unwrap_or(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_microseconds_survive_and_the_rest_is_cut() {
        let at = Timestamp(1_764_000_000_123_456_789);
        assert_eq!(from_db(to_db(at)), Timestamp(1_764_000_000_123_456_000));
        let before_1970 = Timestamp(-1_500);
        assert_eq!(from_db(to_db(before_1970)), Timestamp(-2_000));
    }
}
