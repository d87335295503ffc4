//! Typed identifiers: UUIDv7 inside, a short prefix outside (`ses_…`), so the wrong kind neither compiles nor parses.
//!
//! ```compile_fail
//! use countersign_model::{ExchangeId, SessionId};
//! fn open(_: SessionId) {}
//! fn wrong(exchange: ExchangeId) { open(exchange) }
//! ```

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The text is not an identifier of the expected kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {expected}… identifier")]
pub struct ParseIdError {
    /// The prefix that was expected, with its underscore.
    pub expected: &'static str,
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// What its text begins with.
            pub const PREFIX: &'static str = concat!($prefix, "_");

            /// Wraps a UUID that is known to be of this kind: a database column, or a fresh one from the [`crate::Mint`].
            pub const fn from_uuid(uuid: Uuid) -> Self { Self(uuid) }

            /// The bare UUID, for a database column or a record's bytes.
            pub const fn uuid(self) -> Uuid { self.0 }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "_{}"), self.0.simple())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { fmt::Display::fmt(self, f) }
        }

        impl FromStr for $name {
            type Err = ParseIdError;
            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                text.strip_prefix(Self::PREFIX)
                    .filter(|rest| rest.len() == 32)
                    .and_then(|rest| Uuid::try_parse(rest).ok())
                    .map(Self)
                    .ok_or(ParseIdError { expected: Self::PREFIX })
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

ids! {
    /// One start of one gateway process.
    BootId = "boot";
    /// A model endpoint behind the gateway.
    ConnectionId = "con";
    /// One request through the proxy and its answer.
    ExchangeId = "exc";
    /// One gateway installation (survives restarts).
    NodeId = "node";
    /// A pattern or dictionary of an administrator.
    OwnEntityId = "ent";
    /// A person who signs in.
    PersonId = "per";
    /// One HTTP request to the gateway, echoed as `x-request-id`.
    RequestId = "req";
    /// Exchanges of one caller with one connection that belong together.
    SessionId = "ses";
    /// A gateway token.
    TokenId = "tok";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_form_round_trips_and_wrong_prefix_is_refused() {
        let id = SessionId::from_uuid(Uuid::from_u128(0x0193_0000_0000_7000_8000_0000_0000_0001));
        assert_eq!(id.to_string().parse::<SessionId>(), Ok(id));
        assert_eq!(id.to_string().parse::<ExchangeId>(), Err(ParseIdError { expected: "exc_" }));
        assert!("ses_12".parse::<SessionId>().is_err());
        assert!("ses_01930000-0000-7000-8000-00000000000".parse::<SessionId>().is_err());
    }
}
