//! The crate from outside: against an issuer of our own that can be made to misbehave, and against `oidc-provider`.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on ends")]

mod access_tokens;
mod issuer;
mod key_cache;
mod oidc_provider;
mod peer;
mod scene;
mod sign_in;
mod signer;
mod tls;
