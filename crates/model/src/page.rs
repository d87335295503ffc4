//! Keyset paging: a page knows where the next one begins, never how many there are.

use serde::{Deserialize, Serialize};

/// One page of a list, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Page<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Opaque cursor of the next page; `None` on the last.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// No rows, no next page.
    pub const fn empty() -> Self {
        Self { rows: Vec::new(), next: None }
    }
}
