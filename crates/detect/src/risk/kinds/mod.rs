//! The kinds of risk, one file each: its rules, and samples that must and must not be flagged.

mod exfiltration;
mod hidden;
mod injection;
mod jailbreak;
mod phishing;

pub use hidden::{ENCODED, INVISIBLE, TAGS};

use super::rule::Definition;

/// All of them.
pub static KINDS: &[&Definition] =
    &[&injection::DEFINITION, &jailbreak::DEFINITION, &exfiltration::DEFINITION, &phishing::DEFINITION];
