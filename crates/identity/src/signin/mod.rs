//! Signing a person in: authorization code with PKCE (OpenID Connect Core, 3.1; RFC 7636; RFC 9700).
//!
//! [`Issuers::begin`](crate::Issuers::begin) gives the address for the browser and a [`Flow`] that the server keeps in
//! a short-lived session of its own, bound to that browser; [`Issuers::finish`](crate::Issuers::finish) takes the flow
//! and what came back. The server gives each flow to `finish` once: it removes it first.

mod begin;
mod callback;
mod error;
mod finish;
mod identity;

pub use begin::Flow;
pub use callback::{Callback, CallbackError};
pub use error::{IdTokenFault, SignInError};
pub use identity::Identity;
