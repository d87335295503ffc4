//! Names that administrators give to what they look for.
//!
//! Promises: a name keeps its place as long as the process runs, so it can be passed on like those of standard entities.
//! There is room for [`MOST`] different names in a process; a name given again takes none.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{Fault, Place};
use crate::Entity;

/// Most different names in the life of a process.
const MOST: usize = 1024;
/// Of which analyzers can give no more than this, so that one that makes names up leaves room for administrators'.
const FOREIGN_MOST: usize = 256;
/// Longest name.
const LONGEST: usize = 48;

/// A name given by an administrator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OwnName(u16);

/// The names as labels, such as `[PROJECT_NAME]`.
static LABELS: [OnceLock<Box<str>>; MOST] = [const { OnceLock::new() }; MOST];

impl OwnName {
    pub fn label(self) -> &'static str {
        LABELS[usize::from(self.0)].get().map_or("[]", |label| label)
    }

    pub fn name(self) -> &'static str {
        let label = self.label();
        &label[1..label.len() - 1]
    }
}

/// The entity of that name: a standard one, or one's own.
pub fn entity(name: &str) -> Result<Entity, Fault> {
    let fault = |message: &str| Fault { place: Place::Name, message: message.to_owned() };
    let sign = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    let fits = (3..=LONGEST).contains(&name.len())
        && name.starts_with(|first: char| first.is_ascii_uppercase())
        && name.bytes().all(sign);
    if !fits {
        return Err(fault("A name has 3 to 48 capitals, digits and underscores, and begins with a capital."));
    }
    if let Some(standard) = Entity::named(name) {
        return Ok(standard);
    }
    let full = "Too many different names were given since the start. Start again to give more.";
    place(&format!("[{name}]")).ok_or_else(|| fault(full))
}

/// The entity that an analyzer calls so: a standard one, one that was given before, or a new one. `None`: there is no room
/// for more. Whether it is a proper name was looked at before.
pub fn foreign(name: &str) -> Option<Entity> {
    static TAKEN: AtomicUsize = AtomicUsize::new(0);
    if let Some(standard) = Entity::named(name) {
        return Some(standard);
    }
    let label = format!("[{name}]");
    let given = LABELS.iter().map_while(OnceLock::get).position(|given| **given == *label);
    if let Some(number) = given {
        return Some(Entity::Own(OwnName(number as u16)));
    }
    let room = |taken: usize| (taken < FOREIGN_MOST).then_some(taken + 1);
    TAKEN.fetch_update(Ordering::Relaxed, Ordering::Relaxed, room).ok()?;
    place(&label)
}

/// The place of a label, which is taken if it is new.
fn place(label: &str) -> Option<Entity> {
    let mut places = LABELS.iter().enumerate();
    let number = places.find(|(_, place)| **place.get_or_init(|| label.into()) == *label)?.0;
    Some(Entity::Own(OwnName(number as u16)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_given_twice_is_one_and_standard_ones_stay() {
        let one = entity("PROJECT_NAME").unwrap();
        assert_eq!(entity("PROJECT_NAME").unwrap(), one);
        assert_ne!(entity("STAFF_NUMBER").unwrap(), one);
        assert_eq!((one.name(), one.label()), ("PROJECT_NAME", "[PROJECT_NAME]"));
        assert_eq!(entity("PERSON").unwrap(), Entity::Person);
        for wrong in ["", "AB", "project", "_NAME", "A B", "É_NAME", &"A".repeat(49)] {
            assert!(entity(wrong).is_err(), "{wrong}");
        }
    }
}
