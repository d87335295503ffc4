//! Use cases behind the pages and the command line: what people may do, and the record of their doing it.
//!
//! An [`Admin`] is built once. Signing in gives an [`Actor`]; an actor gets a handle by rank ([`Administrator`],
//! [`AuditorDesk`], [`UserDesk`]), and only the handle has the methods, so a missing role check does not compile.
//!
//! Promises: every change has its ledger row before it is applied, and is not applied without; a change that fails after
//! that gets a second row that says so. Secrets come in as [`countersign_model::Secret`] and leave sealed or hashed.
//!
//! To add a use case: put it on the handle of the lowest rank that may have it, check its input into
//! [`AdminError::Invalid`], and run it through `Admin::change`.
#![forbid(unsafe_code)]

mod actor;
mod administrator;
mod auditor;
mod context;
mod cursor;
mod error;
mod form_rules;
mod looks;
mod oidc;
mod overview;
mod password;
mod pulse;
mod reading;
mod record;
mod session_filter;
mod settings;
mod setup;
mod sign_in;
mod throttle;
mod user;

pub use actor::Actor;
pub use administrator::{Administrator, NewPerson, SecretChange, WantedEntity};
pub use auditor::AuditorDesk;
pub use context::{Admin, Parts};
pub use error::{AdminError, SignInError};
pub use oidc::OidcIdentity;
pub use pulse::Pulse;
pub use settings::{PasswordCost, Settings};
pub use setup::FirstAdministrator;
pub use user::UserDesk;
