//! The crate from outside: golden fixtures, properties over every cutting, endings.
#![expect(
    clippy::unwrap_used,
    clippy::format_push_string,
    clippy::format_collect,
    reason = "helpers of tests: they fail loudly and write text the plain way"
)]

mod bodies;
mod cuttings;
mod endings;
mod golden;
mod hostile;
mod media;
mod passages;
mod protocols;
mod streams;
mod tokens;
mod toy;
