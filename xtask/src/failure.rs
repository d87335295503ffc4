//! Why a step failed: one sentence, with the remedy where there is one.

use std::fmt;
use std::path::Path;

pub type Done<T = ()> = Result<T, Failure>;

#[derive(Debug)]
pub struct Failure(String);

impl Failure {
    pub fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }

    /// For `map_err` on file operations: `cannot <doing> <path>: …`.
    pub fn file<E: fmt::Display>(doing: &str, path: &Path) -> impl FnOnce(E) -> Self {
        let what = format!("cannot {doing} {}", path.display());
        move |error| Self(format!("{what}: {error}"))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
