//! How a use case can end other than well. Refusals carry what may be shown; faults only a report id.

use countersign_model::{Timestamp, form::FieldError};

/// Why a use case did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AdminError {
    /// The actor's roles do not allow it.
    #[error("not allowed")]
    Forbidden,
    /// There is no such thing, or none the actor may know of.
    #[error("not found")]
    NotFound,
    /// It was changed by somebody else since it was read.
    #[error("changed in the meantime")]
    Stale,
    /// Some fields cannot be accepted.
    #[error("{} field(s) not accepted", .0.len())]
    Invalid(Vec<FieldError>),
    /// It would break a rule that is not about one field; the sentence may be shown.
    #[error("{0}")]
    Conflict(String),
    /// The ledger did not confirm the record, so nothing was done.
    #[error("the audit store is unavailable")]
    AuditUnavailable,
    /// Our fault; the log names the cause under this report id.
    #[error("internal error, report {0}")]
    Internal(String),
}

/// Why somebody could not sign in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignInError {
    /// Unknown login or wrong password: one answer for both.
    #[error("the sign-in name or the password is wrong")]
    Refused,
    /// Too many failures of this account or from this address (AC-7).
    #[error("locked until {until}")]
    Locked {
        /// When the next attempt is allowed.
        until: Timestamp,
    },
    /// The account is disabled. Told only to somebody who proved to be its owner.
    #[error("the account is disabled")]
    Disabled,
    /// The ledger did not confirm the record, so nobody was signed in.
    #[error("the audit store is unavailable")]
    AuditUnavailable,
    /// Our fault; the log names the cause under this report id.
    #[error("internal error, report {0}")]
    Internal(String),
}

impl AdminError {
    /// One field that cannot be accepted.
    pub(crate) fn field(field: &str, sentence: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError::new(field, sentence)])
    }

    /// A stable word for the `.failed` row of the ledger; never inner text.
    pub(crate) const fn code(&self) -> &'static str {
        match self {
            Self::Forbidden => "forbidden",
            Self::NotFound => "not_found",
            Self::Stale => "stale",
            Self::Invalid(_) => "invalid",
            Self::Conflict(_) => "conflict",
            Self::AuditUnavailable => "audit_unavailable",
            Self::Internal(_) => "internal",
        }
    }
}

impl From<AdminError> for SignInError {
    fn from(error: AdminError) -> Self {
        match error {
            AdminError::AuditUnavailable => Self::AuditUnavailable,
            AdminError::Internal(report) => Self::Internal(report),
            AdminError::Forbidden
            | AdminError::NotFound
            | AdminError::Stale
            | AdminError::Invalid(_)
            | AdminError::Conflict(_) => Self::Refused,
        }
    }
}
