//! Which labels in a recorded text are masks and which somebody typed.
//!
//! A label is a mask where a finding says that one begins at this byte of a text. Findings name their text by its place in
//! the body, which turns do not keep; where more labels of a kind begin at a byte than were found there, they cannot be told
//! apart, and that is said. Never: a typed label shown as a value that was masked.

use std::collections::{BTreeMap, BTreeSet};

use countersign_model::{
    action::Action,
    entity::{Direction, Finding},
    exchange::Turn,
};

use super::text::{self, Label};

/// The data path lists at most this many findings of one direction; beyond, places are not known.
const LISTED: usize = 1_000;
/// Turns whose text is JSON: places there are counted within its strings.
const NESTED: &str = "tool_call";
/// What stands in the text for something redacted.
const REDACTED: &str = "REDACTED";

/// The findings of one direction of an exchange, beside the labels that stand in its turns.
#[derive(Debug, Clone, Default)]
pub struct Masks {
    entities: BTreeSet<String>,
    /// How many were found, and how many labels stand, by entity and byte.
    found: BTreeMap<(String, u64), usize>,
    standing: BTreeMap<(String, u64), usize>,
    /// The same for turns whose text is JSON, by entity.
    nested_found: BTreeMap<String, usize>,
    nested_standing: BTreeMap<String, usize>,
    listed_all: bool,
    /// Tokens of the prompt's.
    returned: BTreeSet<String>,
}

impl Masks {
    /// Of these turns, all of one direction.
    pub fn of(turns: &[Turn], findings: &[Finding], direction: Direction) -> Self {
        let findings: Vec<&Finding> =
            findings.iter().filter(|finding| finding.direction == direction).collect();
        let mut masks = Self { listed_all: findings.len() < LISTED, ..Self::default() };
        for finding in findings {
            // What is redacted does not tell its kind.
            let redacted = finding.action == Action::Redact;
            let entity = if redacted { REDACTED.to_owned() } else { finding.entity.clone() };
            masks.entities.insert(entity.clone());
            if finding.place.contains("arguments") {
                *masks.nested_found.entry(entity).or_default() += 1;
            } else {
                *masks.found.entry((entity, finding.at)).or_default() += 1;
            }
        }
        for turn in turns {
            for (at, label) in text::labels(&turn.text) {
                let entity = text::entity_of(label).to_owned();
                if turn.kind == NESTED {
                    *masks.nested_standing.entry(entity).or_default() += 1;
                } else {
                    *masks.standing.entry((entity, at)).or_default() += 1;
                }
            }
        }
        masks
    }

    /// Of an answer, to a prompt of these turns and findings: its tokens became values again for the caller.
    pub fn to_prompt(self, turns: &[Turn], findings: &[Finding]) -> Self {
        let prompt = Self::of(turns, findings, Direction::Prompt);
        let issued = |label: &&str| text::is_token(label) && prompt.entities.contains(text::entity_of(label));
        let labels = turns.iter().flat_map(|turn| text::labels(&turn.text).map(|(_, label)| label));
        Self { returned: labels.filter(issued).map(str::to_owned).collect(), ..self }
    }

    /// What a label is that begins at this byte of a turn of this kind.
    pub fn judge(&self, kind: &str, at: u64, label: &str) -> Label {
        let entity = text::entity_of(label);
        if self.returned.contains(label) {
            return Label::Returned;
        }
        if !self.entities.contains(entity) {
            return Label::Words;
        }
        let key = (entity.to_owned(), at);
        let (found, standing) = if kind == NESTED {
            (self.nested_found.get(entity), self.nested_standing.get(entity))
        } else {
            (self.found.get(&key), self.standing.get(&key))
        };
        match found.copied().unwrap_or(0) {
            _ if !self.listed_all => Label::Unsure,
            0 => Label::Typed,
            found if standing.copied().unwrap_or(0) <= found => Label::Mask,
            _ => Label::Unsure,
        }
    }
}

#[cfg(test)]
mod tests {
    use countersign_model::entity::{Evidence, UndoneSet};

    use super::*;

    fn turn(kind: &str, text: &str) -> Turn {
        Turn { role: "user".into(), kind: kind.into(), name: String::new(), text: text.into() }
    }

    fn finding(place: &str, at: u64) -> Finding {
        Finding {
            entity: "EMAIL_ADDRESS".into(),
            direction: Direction::Prompt,
            place: place.into(),
            at,
            score: 1.0,
            evidence: Evidence::Pattern,
            undone: UndoneSet::default(),
            action: Action::Label,
        }
    }

    #[test]
    fn a_typed_label_is_no_mask_though_its_kind_was_found() {
        let turns = [turn("text", "[EMAIL_ADDRESS] and [EMAIL_ADDRESS] and [IBAN_CODE]")];
        let masks = Masks::of(&turns, &[finding("messages[0].content", 20)], Direction::Prompt);
        assert_eq!(masks.judge("text", 0, "EMAIL_ADDRESS"), Label::Typed);
        assert_eq!(masks.judge("text", 20, "EMAIL_ADDRESS_2"), Label::Mask);
        assert_eq!(masks.judge("text", 40, "IBAN_CODE"), Label::Words);
        let answer = Masks::of(&turns, &[finding("messages[0].content", 20)], Direction::Response);
        assert_eq!(answer.judge("text", 20, "EMAIL_ADDRESS"), Label::Words);
    }

    #[test]
    fn what_is_redacted_and_what_has_a_token_are_masks() {
        let turns = [turn("text", "[REDACTED] [EMAIL_ADDRESS_7K2M9QXD4T] [REDACTED]")];
        let redacted = Finding { action: Action::Redact, ..finding("messages[0].content", 0) };
        let token = Finding { action: Action::Tokenize, ..finding("messages[0].content", 11) };
        let masks = Masks::of(&turns, &[redacted, token], Direction::Prompt);
        assert_eq!(masks.judge("text", 0, "REDACTED"), Label::Mask);
        assert_eq!(masks.judge("text", 11, "EMAIL_ADDRESS_7K2M9QXD4T"), Label::Mask);
        assert_eq!(masks.judge("text", 38, "REDACTED"), Label::Typed);
        assert_eq!(Masks::of(&turns, &[], Direction::Prompt).judge("text", 0, "REDACTED"), Label::Words);
    }

    #[test]
    fn labels_that_cannot_be_told_apart_are_said_to_be() {
        let turns = [turn("text", "[EMAIL_ADDRESS]"), turn("text", "[EMAIL_ADDRESS]")];
        let one = Masks::of(&turns, &[finding("messages[1].content", 0)], Direction::Prompt);
        assert_eq!(one.judge("text", 0, "EMAIL_ADDRESS"), Label::Unsure);
        let both = [finding("messages[0].content", 0), finding("messages[1].content", 0)];
        let both = Masks::of(&turns, &both, Direction::Prompt);
        assert_eq!(both.judge("text", 0, "EMAIL_ADDRESS"), Label::Mask);
    }

    #[test]
    fn tool_arguments_are_counted_within_their_strings() {
        let turns = [turn("tool_call", r#"{"to":"[EMAIL_ADDRESS]"}"#)];
        let place = "messages[0].tool_calls[0].function.arguments.to";
        let masks = Masks::of(&turns, &[finding(place, 0)], Direction::Prompt);
        assert_eq!(masks.judge("tool_call", 7, "EMAIL_ADDRESS"), Label::Mask);
        assert_eq!(
            Masks::of(&turns, &[finding("x", 0)], Direction::Prompt).judge("tool_call", 7, "EMAIL_ADDRESS"),
            Label::Typed
        );
    }

    #[test]
    fn a_token_of_the_prompt_in_the_answer_was_a_value_for_the_caller() {
        let prompt = [turn("text", "[EMAIL_ADDRESS_7K2M9QXD4T]")];
        let token = Finding { action: Action::Tokenize, ..finding("messages[0].content", 0) };
        let answer = [turn("text", "[EMAIL_ADDRESS_7K2M9QXD4T] [EMAIL_ADDRESS_8K2M9QXD4T]")];
        let found = [token];
        let masks = Masks::of(&answer, &found, Direction::Response).to_prompt(&prompt, &found);
        assert_eq!(masks.judge("text", 0, "EMAIL_ADDRESS_7K2M9QXD4T"), Label::Returned);
        assert_eq!(
            masks.judge("text", 27, "EMAIL_ADDRESS_8K2M9QXD4T"),
            Label::Words,
            "of another conversation"
        );
    }
}
