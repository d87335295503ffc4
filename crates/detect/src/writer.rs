//! Writes what a connection's settings say, in one of the two views of a text: what is passed on, and what the record
//! keeps.

use std::sync::{Arc, Mutex, PoisonError};

use countersign_model::{
    action::{Action, Passage},
    connection::Masking,
    entity::{Direction, UndoneSet},
};

use crate::replace::{Replace, partial};
use crate::{ConversationKey, Entity, Issued};

/// Which view of a text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// What is passed on: values that the settings let stand do.
    PassedOn,
    /// What the record keeps: where readable text is passed on, a label.
    Record,
}

/// What holds for one side of an exchange: the settings, the conversation's key, and the tokens issued so far.
#[derive(Debug, Clone)]
pub struct Terms {
    pub masking: Arc<Masking>,
    pub direction: Direction,
    key: Arc<ConversationKey>,
    issued: Arc<Mutex<Issued>>,
}

impl Terms {
    pub fn new(masking: Arc<Masking>, direction: Direction, key: ConversationKey) -> Self {
        Self { masking, direction, key: Arc::new(key), issued: Arc::default() }
    }

    /// What is done with an entity in this kind of text.
    pub fn action(&self, passage: Passage, entity: Entity) -> Action {
        self.masking.action(self.direction, self.passage(passage), entity.name())
    }

    /// Where only the direction tells what a text is, callers send prompts and models give responses.
    fn passage(&self, passage: Passage) -> Passage {
        match passage {
            Passage::Prompt | Passage::Response => Passage::of(self.direction),
            other => other,
        }
    }

    /// The tokens issued so far; they are not known here any more.
    pub fn take_issued(&self) -> Issued {
        std::mem::take(&mut *self.issued.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What writes one text.
    pub fn writer(&self, passage: Passage, view: View) -> Writer {
        Writer { terms: self.clone(), passage, view }
    }
}

/// Writes one text.
#[derive(Debug, Clone)]
pub struct Writer {
    terms: Terms,
    passage: Passage,
    view: View,
}

impl Writer {
    pub fn passage(&self) -> Passage {
        self.passage
    }
}

impl Replace for Writer {
    fn action(&self, entity: Entity) -> Action {
        match (self.terms.action(self.passage, entity), self.view) {
            (Action::Allow, View::Record) => Action::Label,
            (action, _) => action,
        }
    }

    fn write(
        &mut self,
        action: Action,
        entity: Entity,
        value: &str,
        undone: UndoneSet,
        out: &mut String,
    ) -> bool {
        match action {
            Action::Partial if self.view == View::Record => {
                let shown = partial(value, undone, &mut String::new());
                if shown {
                    out.push_str(entity.label());
                }
                shown
            }
            Action::Partial => partial(value, undone, out),
            Action::Hash => {
                out.push_str(&self.terms.key.hash(entity, value));
                true
            }
            Action::Tokenize => {
                let token = self.terms.key.token(entity, value);
                let mut issued = self.terms.issued.lock().unwrap_or_else(PoisonError::into_inner);
                let is_its = issued.issue(&token, value);
                if is_its {
                    out.push_str(&token);
                }
                is_its
            }
            Action::Allow | Action::Label | Action::Redact => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use countersign_model::action::Actions;

    use super::*;
    use crate::MarkKey;

    fn terms(action: Action) -> Terms {
        let actions = Actions { prompt: action, ..Actions::default() };
        let masking = Masking { actions, ..Masking::default() };
        let key = MarkKey::derive(&[1; 32]).conversation(b"one");
        Terms::new(Arc::new(masking), Direction::Prompt, key)
    }

    fn written(terms: &Terms, view: View, value: &str) -> Option<String> {
        let mut writer = terms.writer(Passage::Prompt, view);
        let action = writer.action(Entity::UsSsn);
        let mut out = String::new();
        writer.write(action, Entity::UsSsn, value, UndoneSet::default(), &mut out).then_some(out)
    }

    #[test]
    fn a_token_that_stands_for_another_value_is_not_written() {
        let terms = terms(Action::Tokenize);
        let token = written(&terms, View::Record, "536-90-4399").unwrap();
        assert_eq!(written(&terms, View::PassedOn, "536-90-4399"), Some(token.clone()));
        let mut taken = terms.take_issued();
        assert_eq!(taken.len(), 1);
        taken = Issued::default();
        assert!(taken.issue(&token, "another value"));
        *terms.issued.lock().unwrap() = taken;
        assert_eq!(written(&terms, View::PassedOn, "536-90-4399"), None);
    }

    #[test]
    fn the_record_has_a_label_where_text_is_passed_on() {
        assert_eq!(
            terms(Action::Allow).writer(Passage::Prompt, View::Record).action(Entity::UsSsn),
            Action::Label
        );
        let part = terms(Action::Partial);
        assert_eq!(written(&part, View::PassedOn, "536-90-4399").as_deref(), Some("***-**-4399"));
        assert_eq!(written(&part, View::Record, "536-90-4399").as_deref(), Some("[US_SSN]"));
        assert_eq!(written(&part, View::Record, "536"), None);
    }
}
