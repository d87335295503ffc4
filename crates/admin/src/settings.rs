//! What an installation sets for its use cases. The server reads it from its configuration.

use url::Url;

/// Limits and times of the administrative side.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where browsers reach the gateway.
    pub public_url: Url,
    /// A browser session ends after this much silence, seconds (AC-11).
    pub idle_timeout_s: i64,
    /// A browser session ends after this long, whatever happens, seconds (AC-12).
    pub absolute_timeout_s: i64,
    /// Longest life of a gateway token, seconds.
    pub max_token_lifetime_s: i64,
    /// Failed sign-ins in a row that lock an account (AC-7).
    pub lockout_after: u32,
    /// How long it is locked, seconds.
    pub lockout_s: i64,
    /// What checking one password costs.
    pub password_cost: PasswordCost,
}

/// argon2id parameters (RFC 9106).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordCost {
    /// KiB.
    pub memory_kib: u32,
    pub passes: u32,
    pub lanes: u32,
}

impl Settings {
    /// The defaults: 15 minutes idle, 12 hours at most, tokens for up to 30 days, five failures lock for 15 minutes.
    pub fn new(public_url: Url) -> Self {
        Self {
            public_url,
            idle_timeout_s: 900,
            absolute_timeout_s: 43_200,
            max_token_lifetime_s: 30 * 86_400,
            lockout_after: 5,
            lockout_s: 900,
            password_cost: PasswordCost::default(),
        }
    }
}

impl Default for PasswordCost {
    /// OWASP Password Storage Cheat Sheet: 19 MiB, two passes, one lane.
    fn default() -> Self {
        Self { memory_kib: 19_456, passes: 2, lanes: 1 }
    }
}
