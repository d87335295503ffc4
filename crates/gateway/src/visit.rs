//! One HTTP request to the proxy, as it arrived: what every later room needs to know of it and nothing they may change.

use std::time::Instant;

use bytes::Bytes;
use countersign_model::{RequestId, Timestamp};
use http::{HeaderMap, Method};
use http_body_util::combinators::UnsyncBoxBody;

/// Whatever went wrong while moving bytes.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A body on its way in or out.
pub type Body = UnsyncBoxBody<Bytes, BoxError>;

/// What is known from the request line and the socket.
#[derive(Debug, Clone)]
pub struct Visit {
    pub request: RequestId,
    /// Wall clock of the arrival.
    pub at: Timestamp,
    /// Monotonic clock of the arrival, for durations.
    pub started: Instant,
    /// `ip:port` of the TCP peer.
    pub peer: String,
    pub method: Method,
    /// The connection's name, as it stands in the path.
    pub connection: String,
    /// Path below the connection, without a leading slash, still percent-encoded.
    pub path: String,
    pub query: Option<String>,
    /// The URL named a user, as in `http://user@host/` (RFC 9110, 4.2.4).
    pub userinfo: bool,
    pub user_agent: Option<String>,
}

impl Visit {
    /// Microseconds since arrival.
    pub fn elapsed(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_micros()).unwrap_or(u64::MAX)
    }
}

/// A request at the door.
pub struct Arrival {
    pub visit: Visit,
    pub headers: HeaderMap,
    pub body: Body,
}
