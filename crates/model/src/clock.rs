//! Time, and the two sources the process passes in: the clock and the mint of fresh randomness.

use std::fmt;

use serde::{Deserialize, Serialize};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use uuid::Uuid;

/// Nanoseconds since 1970-01-01T00:00:00 UTC.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// From whole microseconds, as Postgres keeps them.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros.saturating_mul(1_000))
    }

    /// Whole microseconds since the epoch.
    pub const fn micros(self) -> i64 {
        self.0.div_euclid(1_000)
    }

    /// Whole milliseconds since the epoch.
    pub const fn millis(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// Whole seconds since the epoch.
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1_000_000_000)
    }

    /// This moment plus whole seconds.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1_000_000_000)))
    }

    /// Nanoseconds from `earlier` to here; zero when the clock went backwards.
    pub const fn since(self, earlier: Self) -> u64 {
        let gap = self.0.saturating_sub(earlier.0);
        if gap < 0 { 0 } else { gap.cast_unsigned() }
    }

    /// RFC 3339 in UTC with milliseconds, for `<time datetime>` and exports.
    pub fn rfc3339(self) -> String {
        let rounded = i128::from(self.millis()) * 1_000_000;
        OffsetDateTime::from_unix_timestamp_nanos(rounded)
            .ok()
            .and_then(|at| at.format(&Rfc3339).ok())
            .unwrap_or_else(|| "invalid-time".to_owned())
    }

    /// Parses RFC 3339.
    pub fn parse_rfc3339(text: &str) -> Option<Self> {
        let at = OffsetDateTime::parse(text, &Rfc3339).ok()?;
        i64::try_from(at.unix_timestamp_nanos()).ok().map(Self)
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.rfc3339())
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.rfc3339())
    }
}

/// Where the present comes from. The process implements it once; tests hold it still.
pub trait Clock: Send + Sync {
    /// The present, UTC.
    fn now(&self) -> Timestamp;
}

/// Where fresh randomness comes from: ids, salts, nonces, token secrets.
pub trait Mint: Send + Sync {
    /// Fills the buffer from a cryptographically secure source.
    fn fill(&self, bytes: &mut [u8]);

    /// A fresh UUIDv7 (RFC 9562) for the given moment.
    fn uuid(&self, at: Timestamp) -> Uuid {
        let mut random = [0; 10];
        self.fill(&mut random);
        uuid::Builder::from_unix_timestamp_millis(at.millis().max(0).cast_unsigned(), &random).into_uuid()
    }

    /// 32 random bytes.
    fn bytes32(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        self.fill(&mut bytes);
        bytes
    }
}
