//! The tokens of one request and what each stands for.
//!
//! Promises: a token stands for one value; two that only letters and digits tell apart do too. Never: shown, written
//! down, or kept longer than the request.

use std::collections::BTreeMap;
use std::ops::Bound;

/// Tokens by their letters and digits, which is what a model leaves of them at least.
#[derive(Default)]
pub struct Issued {
    values: BTreeMap<String, String>,
}

impl Issued {
    /// Notes that `token` stands for `value`. False: it stands for another one already.
    pub fn issue(&mut self, token: &str, value: &str) -> bool {
        let letters: String = token.chars().filter(char::is_ascii_alphanumeric).collect();
        self.values.entry(letters).or_insert_with(|| value.to_owned()) == value
    }

    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Values that have a token.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// What the token of these letters and digits stands for.
    pub(crate) fn value(&self, letters: &str) -> Option<&str> {
        self.values.get(letters).map(String::as_str)
    }

    /// Whether the letters and digits of a token begin so.
    pub(crate) fn may_begin(&self, letters: &str) -> bool {
        let from = (Bound::Included(letters), Bound::Unbounded);
        self.values.range::<str, _>(from).next().is_some_and(|(token, _)| token.starts_with(letters))
    }
}

impl std::fmt::Debug for Issued {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Issued").field("tokens", &self.values.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_stands_for_one_value_and_shows_none() {
        let mut issued = Issued::default();
        assert!(issued.issue("[US_SSN_7K2M9QXD4T]", "536-90-4399"));
        assert!(issued.issue("[US_SSN_7K2M9QXD4T]", "536-90-4399"));
        assert!(!issued.issue("[US_SSN_7K2M9QXD4T]", "536-90-4398"));
        assert!(!issued.issue("[USSSN_7K2M9QXD4T]", "536-90-4398"), "letters alone do not tell them apart");
        assert_eq!((issued.len(), issued.value("USSSN7K2M9QXD4T")), (1, Some("536-90-4399")));
        assert!(issued.may_begin("USS") && issued.may_begin("") && !issued.may_begin("UST"));
        assert!(!format!("{issued:?}").contains("536"));
    }
}
