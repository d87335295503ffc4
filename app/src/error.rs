//! Why a page has no data, in terms that are safe to show. The table from use-case errors is here and nowhere else.

use countersign_model::form::FieldError;
use leptos::{
    prelude::{FromServerFnError, ServerFnErrorErr},
    server_fn::codec::JsonEncoding,
};
use serde::{Deserialize, Serialize};

/// What went wrong with a page's data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum UiError {
    /// Nobody is signed in, or the session ended.
    SignedOut,
    /// Signed in, but not for this.
    Forbidden,
    NotFound,
    /// Someone else changed it first.
    Stale,
    Invalid(Vec<FieldError>),
    /// A safe sentence.
    Conflict(String),
    /// The audit store could not confirm the record this act needs.
    AuditUnavailable,
    /// Ours; the report id finds it in the log.
    Fault(String),
    /// The browser could not reach the gateway.
    Unreachable,
}

impl UiError {
    /// The HTTP status of a page that shows it.
    pub const fn status(&self) -> u16 {
        match self {
            Self::SignedOut => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::Stale | Self::Conflict(_) => 409,
            Self::Invalid(_) => 422,
            Self::AuditUnavailable | Self::Unreachable => 503,
            Self::Fault(_) => 500,
        }
    }

    /// Whether the same call may well go through in a moment.
    pub const fn passes(&self) -> bool {
        matches!(self, Self::AuditUnavailable | Self::Unreachable)
    }

    /// A heading and a sentence.
    pub fn words(&self) -> (&'static str, String) {
        match self {
            Self::SignedOut => {
                ("You are signed out", "Your session ended. Sign in again to go on where you were.".to_owned())
            }
            Self::Forbidden => (
                "Not yours to see",
                "Your roles do not include this page. An administrator can change them.".to_owned(),
            ),
            Self::NotFound => (
                "Nothing here",
                "There is no such page or record, or it is not yours to see.".to_owned(),
            ),
            Self::Stale => {
                ("Changed by someone else", "Reload the page and make your change again.".to_owned())
            }
            Self::Invalid(errors) => (
                "Not accepted",
                errors.first().map_or_else(|| "A value was not accepted.".to_owned(), |e| e.sentence.clone()),
            ),
            Self::Conflict(sentence) => ("Not possible now", sentence.clone()),
            Self::AuditUnavailable => (
                "The audit store does not answer",
                "Reading this page is itself recorded, and the record could not be written. Nothing was shown or changed; try again shortly."
                    .to_owned(),
            ),
            Self::Fault(report) => (
                "The gateway failed",
                format!("This is our fault, not yours. Report id {report} finds it in the log."),
            ),
            Self::Unreachable => {
                ("The gateway does not answer", "Check the network, then try again.".to_owned())
            }
        }
    }
}

impl FromServerFnError for UiError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(value: ServerFnErrorErr) -> Self {
        match value {
            // An answer that is none of ours comes from something in between, or from a gateway that is going down.
            ServerFnErrorErr::Request(_)
            | ServerFnErrorErr::Response(_)
            | ServerFnErrorErr::Deserialization(_) => Self::Unreachable,
            // The inner text may name internals: only its kind is kept.
            _ => Self::Fault("none (the call itself failed)".to_owned()),
        }
    }
}

#[cfg(feature = "ssr")]
impl From<countersign_admin::AdminError> for UiError {
    fn from(error: countersign_admin::AdminError) -> Self {
        use countersign_admin::AdminError as E;
        match error {
            E::Forbidden => Self::Forbidden,
            E::NotFound => Self::NotFound,
            E::Stale => Self::Stale,
            E::Invalid(errors) => Self::Invalid(errors),
            E::Conflict(sentence) => Self::Conflict(sentence),
            E::AuditUnavailable => Self::AuditUnavailable,
            E::Internal(report) => Self::Fault(report),
        }
    }
}
