//! How often each name occurred: findings by entity, exchanges by end.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Names with their counts; a name whose count is zero is not there. `{"name": count}` in the database.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Counts(BTreeMap<String, i64>);

impl Counts {
    /// Counts `by` more (or fewer) of a name.
    pub fn add(&mut self, name: &str, by: i64) {
        let count = self.0.get(name).copied().unwrap_or(0).saturating_add(by);
        if count > 0 {
            self.0.insert(name.to_owned(), count);
        } else {
            self.0.remove(name);
        }
    }

    /// Adds all of the other's.
    pub fn add_all(&mut self, other: &Self) {
        for (name, &count) in &other.0 {
            self.add(name, count);
        }
    }

    /// All of them together.
    pub fn total(&self) -> i64 {
        self.0.values().fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// The names, in order.
    pub fn names(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }

    /// The most frequent first, then by name; at most `most`.
    pub fn most_first(&self, most: usize) -> Vec<(String, i64)> {
        let mut pairs: Vec<_> = self.0.iter().map(|(name, &count)| (name.clone(), count)).collect();
        pairs.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        pairs.truncate(most);
        pairs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_went_to_zero_is_gone() {
        let mut counts = Counts::default();
        counts.add("open", 2);
        counts.add("completed", 1);
        counts.add("open", -2);
        counts.add("never", -1);
        assert_eq!(counts.names(), ["completed"]);
        assert_eq!(counts.total(), 1);
    }

    #[test]
    fn most_first_then_by_name() {
        let mut counts = Counts::default();
        for (name, by) in [("B", 2), ("A", 2), ("C", 9)] {
            counts.add(name, by);
        }
        assert_eq!(counts.most_first(2), [("C".to_owned(), 9), ("A".to_owned(), 2)]);
    }
}
