//! Why a request was refused or failed: one stable code each, its HTTP status, and whether a client may try again.
//!
//! `docs/errors.md` lists them; a test keeps the page and this list equal.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! reasons {
    ($($variant:ident = $code:literal, $status:literal, $retry:literal, $sentence:literal;)*) => {
        /// A stable reason code of the proxy.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Reason {
            $(#[doc = $sentence] #[serde(rename = $code)] $variant,)*
        }

        impl Reason {
            /// Every reason there is.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The code in the error body's `code` and in the record.
            pub const fn code(self) -> &'static str { match self { $(Self::$variant => $code,)* } }

            /// The HTTP status it is answered with, when the head has not been sent yet.
            pub const fn status(self) -> u16 { match self { $(Self::$variant => $status,)* } }

            /// What `x-should-retry` says: whether the same request may succeed a moment later.
            pub const fn retry(self) -> bool { match self { $(Self::$variant => $retry,)* } }

            /// One sentence for the caller. Never holds content.
            pub const fn sentence(self) -> &'static str { match self { $(Self::$variant => $sentence,)* } }
        }
    };
}

reasons! {
    MissingCredential = "missing_api_key", 401, false, "No gateway token or access token was sent; use Authorization: Bearer, x-api-key or api-key.";
    InvalidCredential = "invalid_api_key", 401, false, "The token is not known to this gateway, or its signature or claims do not hold.";
    ExpiredCredential = "expired_api_key", 401, false, "The token has expired; make a new one on the Connect page.";
    RevokedCredential = "revoked_api_key", 401, false, "The token was revoked.";
    SpentCredential = "spent_api_key", 401, false, "The token's number of uses is used up.";
    AccountDisabled = "account_disabled", 403, false, "The account behind this token is disabled, or may not call models.";
    CredentialInUrl = "credential_in_url", 400, false, "A credential was sent in the URL; send it in a header. Treat it as leaked and replace it.";
    UnknownConnection = "unknown_connection", 404, false, "There is no such connection, or it is switched off, or it is not granted to you.";
    UnsupportedRoute = "unsupported_route", 404, false, "The path is not one that can be forwarded.";
    Malformed = "malformed_body", 400, false, "The body is not valid for its content type.";
    TooLarge = "body_too_large", 413, false, "The body is larger than this connection allows.";
    UnsupportedEncoding = "unsupported_content_encoding", 415, false, "The body's content encoding cannot be inspected; send it plain, gzip or deflate.";
    Uninspectable = "uninspectable_body", 415, false, "The body is of a kind that cannot be inspected, and this connection does not let such bodies pass.";
    TokenIds = "token_ids_refused", 400, false, "The prompt is given as token numbers, which hide its text; send text.";
    Denied = "denied_by_policy", 403, false, "A policy of this connection denies the request.";
    AnalyzerUnavailable = "analyzer_unavailable", 503, true, "The connection's analyzer could not be asked about every text, so nothing was passed on.";
    AnalyzerTooLarge = "analyzer_too_large", 422, false, "There is more text than the connection's analyzer can be asked about, so nothing was passed on.";
    AuditUnavailable = "audit_unavailable", 503, true, "The audit store did not confirm the record in time, so nothing was sent to the model.";
    AuditLost = "audit_lost", 503, true, "The audit store stopped confirming records, so the answer was cut off.";
    AccessEnded = "access_ended", 403, false, "Access ended while the answer was under way.";
    IdentityUnavailable = "identity_unavailable", 503, true, "The identity store or issuer could not be asked in time.";
    Overloaded = "overloaded", 503, true, "The gateway is handling as many requests as it may; try again shortly.";
    UpstreamUnreachable = "upstream_unreachable", 502, true, "The model server could not be reached.";
    UpstreamTimeout = "upstream_timeout", 504, true, "The model server did not answer in time.";
    UpstreamBroken = "upstream_broken", 502, true, "The model server's answer ended before it was complete.";
    UpstreamUninspectable = "upstream_uninspectable", 502, false, "The model server's answer is of a kind that cannot be inspected.";
    UpstreamTooLarge = "upstream_too_large", 502, false, "The model server's answer is larger than this connection allows.";
    UpstreamRejectedCredential = "upstream_credential_rejected", 502, false, "The model server refused the gateway's own credential; an administrator has to renew it.";
    UpstreamRedirected = "upstream_redirected", 502, false, "The model server answered with a redirect, which is neither followed nor passed on; an administrator has to correct the base URL.";
    Internal = "internal_error", 500, true, "The gateway failed; the report id finds it in the log.";
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
