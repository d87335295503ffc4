//! What is written for a value: the choice between actions, and the words each of them has.

use countersign_model::{action::Action, entity::UndoneSet};

use crate::Entity;

/// Longest value an action is given to work on, bytes. A longer one becomes a label: its end may be far away.
pub const VALUE_MAX: usize = 8 << 10;

/// What stands for a value whose kind is not told either.
pub const REDACTED: &str = "[REDACTED]";

/// Chooses what is written for what is found.
///
/// Promise asked of it: `action` says the same of an entity for as long as a text lasts.
pub trait Replace {
    /// What is done with a value of this kind.
    fn action(&self, entity: Entity) -> Action;

    /// Appends what stands for `value`, for an action that depends on it: partial, hash or tokenize. False: it cannot
    /// be done with this value; nothing is appended, and a label is written.
    fn write(
        &mut self,
        action: Action,
        entity: Entity,
        value: &str,
        undone: UndoneSet,
        out: &mut String,
    ) -> bool;
}

/// A label for everything.
#[derive(Debug, Clone, Copy, Default)]
pub struct Labels;

impl Replace for Labels {
    fn action(&self, _: Entity) -> Action {
        Action::Label
    }

    fn write(&mut self, _: Action, _: Entity, _: &str, _: UndoneSet, _: &mut String) -> bool {
        false
    }
}

/// Letters and digits that stand at a partly shown value's end.
const SHOWN: usize = 4;
/// Fewest that must be hidden for it.
const HIDDEN: usize = 4;

/// Appends `value` with all but its last four letters and digits hidden. False: too few would be hidden, or the value
/// is written in a coding, where a star in the middle of an escape would be none of the coding's.
pub fn partial(value: &str, undone: UndoneSet, out: &mut String) -> bool {
    let letters = value.chars().filter(|c| c.is_alphanumeric()).count();
    if letters < SHOWN + HIDDEN || !undone.is_empty() {
        return false;
    }
    let mut hidden = letters - SHOWN;
    for c in value.chars() {
        let shown = if c.is_alphanumeric() {
            let shows = hidden == 0;
            hidden = hidden.saturating_sub(1);
            shows
        } else {
            matches!(c, ' ' | '-' | '.' | '/' | ':' | '@' | '(' | ')' | '+' | '_')
        };
        out.push(if shown { c } else { '*' });
    }
    true
}

#[cfg(test)]
mod tests {
    use countersign_model::entity::Undone;

    use super::*;

    fn part(value: &str) -> Option<String> {
        let mut out = String::new();
        partial(value, UndoneSet::default(), &mut out).then_some(out)
    }

    #[test]
    fn the_last_four_stand_and_what_separates() {
        assert_eq!(part("4111 1111 1111 1234").as_deref(), Some("**** **** **** 1234"));
        assert_eq!(part("ana.example@example.com").as_deref(), Some("***.*******@******e.com"));
        assert_eq!(part("p4$$\"w\\rdlong!").as_deref(), Some("*********long*"), "signs are part of a secret");
        assert_eq!(part("1234567"), None);
        assert_eq!(part("äöüß1234").as_deref(), Some("****1234"));
    }

    #[test]
    fn a_value_in_a_coding_is_never_shown_in_part() {
        let mut out = String::new();
        assert!(!partial("ana%2eexample%40example.com", UndoneSet::of(Undone::Percent), &mut out));
        assert!(out.is_empty());
    }
}
