//! Which lists somebody has looked at a moment ago: a page opened again, or refreshed by itself, is one reading and not
//! a row every second. In memory and bounded: what is forgotten is recorded once more, never once less.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use countersign_model::{PersonId, Timestamp};

/// How long one row stands for looking at the same list, seconds.
const REPEAT_S: i64 = 600;
/// Most readings remembered.
const CAPACITY: usize = 4_096;

/// Readings on record, by reader and list.
#[derive(Default)]
pub(crate) struct Looks {
    recorded: Mutex<HashMap<(PersonId, String), Timestamp>>,
}

impl Looks {
    /// Whether a row of the last ten minutes covers this reading.
    pub(crate) fn covers(&self, person: PersonId, list: &str, now: Timestamp) -> bool {
        let recorded = self.recorded.lock().unwrap_or_else(PoisonError::into_inner);
        recorded.get(&(person, list.to_owned())).is_some_and(|&at| is_fresh(at, now))
    }

    /// A row was written.
    pub(crate) fn note(&self, person: PersonId, list: String, now: Timestamp) {
        let mut recorded = self.recorded.lock().unwrap_or_else(PoisonError::into_inner);
        if recorded.len() >= CAPACITY {
            recorded.retain(|_, &mut at| is_fresh(at, now));
        }
        if recorded.len() >= CAPACITY {
            recorded.clear();
        }
        recorded.insert((person, list), now);
    }
}

/// A clock that was set back makes nothing fresh.
fn is_fresh(at: Timestamp, now: Timestamp) -> bool {
    at <= now && now < at.plus_seconds(REPEAT_S)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_000_000_000_000_000_000);

    fn person(n: u128) -> PersonId {
        PersonId::from_uuid(uuid::Uuid::from_u128(n))
    }

    #[test]
    fn one_row_stands_for_one_reader_one_list_and_ten_minutes() {
        let looks = Looks::default();
        assert!(!looks.covers(person(1), "a", NOW));
        looks.note(person(1), "a".into(), NOW);
        assert!(looks.covers(person(1), "a", NOW.plus_seconds(599)));
        assert!(!looks.covers(person(1), "a", NOW.plus_seconds(600)));
        assert!(!looks.covers(person(1), "a", NOW.plus_seconds(-1)));
        assert!(!looks.covers(person(1), "b", NOW));
        assert!(!looks.covers(person(2), "a", NOW));
    }

    #[test]
    fn memory_is_bounded() {
        let looks = Looks::default();
        for n in 0..10_000 {
            looks.note(person(1), n.to_string(), NOW);
        }
        assert!(looks.recorded.lock().unwrap().len() <= CAPACITY);
    }
}
