//! Keys and tokens that vendors give a form of their own, so that they can be told from other text. A file a field.
//!
//! The samples are made up, and parted in the source so that nobody's scanner takes them for real.

mod forms;

pub mod cloud;
pub mod code_hosting;
pub mod messaging;
pub mod models;
pub mod operations;
pub mod payments;
pub mod work;

use crate::definition::Prefix;

/// Definitions, one after another: what it is called, its form and source, its rules, samples of both kinds.
macro_rules! keys {
    ($($constant:ident: $entity:ident, $about:literal, [$($rule:expr),+ $(,)?], hits $hits:expr, misses $misses:expr;)*) => {
        $(pub static $constant: Definition = Definition {
            entity: Entity::$entity,
            about: $about,
            rules: &[$($rule),+],
            hits: &$hits,
            misses: &$misses,
            ..Definition::BLANK
        };)*
    };
}

use keys;

const fn key(prefix: &'static [u8], body: u16, least: usize) -> Prefix {
    Prefix::new(prefix, body, least)
}

const fn with_digits(prefix: Prefix, digits: usize) -> Prefix {
    Prefix { digits, ..prefix }
}
