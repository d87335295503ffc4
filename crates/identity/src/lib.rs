//! Who people and callers are, by the word of OpenID Connect issuers.
//!
//! Two doors: [`Issuers::begin`]/[`Issuers::finish`] sign a person in (authorization code with PKCE), and
//! [`AccessTokens::verify`] checks an access token that a client sends directly (RFC 9068). Both stand on one cache
//! of issuer metadata and signing keys.
//!
//! Promises: an issuer that is down at start or for a while stops nobody whose keys are still known; a forged key id
//! causes at most one request per cool-down; only asymmetric algorithms from the configured list are accepted; no key
//! comes from the token itself. Never holds sessions, accounts or roles of its own: that is the server's part.
#![forbid(unsafe_code)]

pub mod access;
mod claims;
mod freshness;
mod groups;
mod issuers;
mod jws;
mod keys;
mod logout;
mod metadata;
pub mod outbound;
mod provider;
pub mod settings;
pub mod signin;
mod strict;
#[cfg(feature = "testing")]
pub mod testing;
mod verified;

pub use access::{AccessIdentity, AccessTokenError, AccessTokens};
pub use groups::GroupsError;
pub use issuers::{Issuers, Standing};
pub use outbound::Outbound;
pub use settings::{AccessTokenSettings, IssuerSettings, SettingsError, SigningAlgorithm, Timing};
pub use signin::{Callback, Flow, Identity, SignInError};
