//! Stage 2: which connection, and may this caller use it. Takes [`Identified`], gives [`Routed`].
//!
//! Unknown, switched off, out of scope and not granted answer alike, so nobody can list connections by trying names;
//! the record keeps them apart.

use std::sync::Arc;

use countersign_model::{SessionId, caller::Caller, reason::Reason};
use http::HeaderMap;

use crate::{
    Gateway,
    directory::Route,
    identify::Identified,
    reply::Refusal,
    visit::{Body, Visit},
};

/// A request with its connection, as configured at this moment, for its whole life.
pub struct Routed {
    pub(crate) visit: Visit,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Body,
    pub(crate) caller: Caller,
    pub(crate) route: Arc<Route>,
    pub(crate) session: SessionId,
    _sealed: Sealed,
}

/// Keeps every other room from putting a [`Routed`] together.
struct Sealed;

/// Why there is no connection for this caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoRoute {
    Unknown,
    SwitchedOff,
    OutOfScope,
    NotGranted,
    /// The path has a dot segment, a backslash or a control character in it, encoded or not.
    BadPath,
}

impl From<NoRoute> for Refusal {
    fn from(no: NoRoute) -> Self {
        let (reason, detail) = match no {
            NoRoute::Unknown => (Reason::UnknownConnection, "unknown"),
            NoRoute::SwitchedOff => (Reason::UnknownConnection, "switched off"),
            NoRoute::OutOfScope => (Reason::UnknownConnection, "outside the token's scope"),
            NoRoute::NotGranted => (Reason::UnknownConnection, "no group of the caller is granted"),
            NoRoute::BadPath => {
                (Reason::UnsupportedRoute, "the path has a dot segment, backslash or control character")
            }
        };
        Self::new(reason, Some(detail.to_owned()))
    }
}

/// Finds the connection and checks scope and grant.
pub fn route(gateway: &Gateway, identified: Identified) -> Result<Routed, NoRoute> {
    let (visit, headers, body, caller) = identified.into_parts();
    let snapshot = gateway.directory.load();
    let route = snapshot.routes.get(&visit.connection).ok_or(NoRoute::Unknown)?;
    let connection = &route.connection;
    if !connection.settings.enabled {
        return Err(NoRoute::SwitchedOff);
    }
    if caller.scope.as_ref().is_some_and(|scope| !scope.contains(&connection.id)) {
        return Err(NoRoute::OutOfScope);
    }
    if !connection.settings.grants(&caller.groups) {
        return Err(NoRoute::NotGranted);
    }
    if !path_is_plain(&visit.path) {
        return Err(NoRoute::BadPath);
    }
    let label = headers.get("x-countersign-session").and_then(|value| value.to_str().ok()).unwrap_or("");
    let session = gateway.sessions.of(&*gateway.clock, &*gateway.mint, &caller, connection.id, label);
    Ok(Routed { visit, headers, body, caller, route: Arc::clone(route), session, _sealed: Sealed })
}

/// Whether a path can be put below the base path without climbing out of it (RFC 3986 §5.2.4).
fn path_is_plain(path: &str) -> bool {
    let decoded = crate::text::percent_decode(path);
    // Some servers take what follows a semicolon for a parameter of the segment (RFC 3986 §3.3) and drop it first.
    let bare = |segment: &str| segment.split(';').next().unwrap_or("").to_owned();
    !decoded.chars().any(|c| c.is_control() || c == '\\')
        && !decoded.split('/').map(bare).any(|segment| segment == "." || segment == "..")
        && !crate::text::percent_decode(&decoded).split('/').map(bare).any(|segment| segment == "..")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_cannot_climb() {
        assert!(path_is_plain("v1/chat/completions"));
        assert!(path_is_plain("v1/models/org%2Fmodel"));
        assert!(path_is_plain("v1/models/a;b/c"));
        for bad in ["v1/..;/admin", "v1/%2e%2e%3bx/admin", "v1/%252e%252e;x/admin", ".;x/a"] {
            assert!(!path_is_plain(bad), "{bad}");
        }
        for bad in ["../admin", "v1/../../x", "v1/%2e%2e/x", "v1/%252e%252e/x", "v1\\x", "v1/%0d%0ax", "."] {
            assert!(!path_is_plain(bad), "{bad}");
        }
    }
}
