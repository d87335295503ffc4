//! What happens to a value that was found: which text it stands in, what is put in its place, and who says so.

use serde::{Deserialize, Serialize};

use crate::entity::Direction;

/// What is done with a value.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// It stands, and the finding is noted. The record has a label all the same.
    Allow,
    /// `[EMAIL_ADDRESS]`.
    #[default]
    Label,
    /// The last four letters or digits stand. The record has a label.
    Partial,
    /// `[REDACTED]`: not even the kind is told.
    Redact,
    /// `[EMAIL_ADDRESS:7K2M9QXD4T]`: one value, one hash, in all conversations.
    Hash,
    /// `[EMAIL_ADDRESS_7K2M9QXD4T]`: one value, one token, in one conversation; the caller's answer gets the value back.
    Tokenize,
}

impl Action {
    pub const ALL: [Self; 6] =
        [Self::Allow, Self::Label, Self::Partial, Self::Redact, Self::Hash, Self::Tokenize];

    /// As it is stored and posted.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Label => "label",
            Self::Partial => "partial",
            Self::Redact => "redact",
            Self::Hash => "hash",
            Self::Tokenize => "tokenize",
        }
    }

    /// The action of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.name() == name)
    }

    /// What the record has: never text that can be read, whatever is passed on.
    pub const fn on_record(self) -> Self {
        match self {
            Self::Allow | Self::Partial => Self::Label,
            other => other,
        }
    }

    /// Whether it is what was done before there was a choice.
    pub const fn is_usual(&self) -> bool {
        matches!(self, Self::Label)
    }
}

/// Which kind of text of a conversation a value stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Passage {
    /// What callers send: messages, and everything around them.
    Prompt,
    /// What the model says.
    Response,
    /// What the model hands to a tool: in its answer, and when that is sent again.
    ToolArguments,
    /// What a tool gave back.
    ToolResult,
}

impl Passage {
    pub const ALL: [Self; 4] = [Self::Prompt, Self::Response, Self::ToolArguments, Self::ToolResult];

    /// As it is stored and posted.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Prompt => "prompt",
            Self::Response => "response",
            Self::ToolArguments => "tool_arguments",
            Self::ToolResult => "tool_result",
        }
    }

    /// The passage of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|passage| passage.name() == name)
    }

    /// Of a text of which only the direction is known.
    pub const fn of(direction: Direction) -> Self {
        match direction {
            Direction::Prompt => Self::Prompt,
            Direction::Response => Self::Response,
        }
    }
}

/// Another action for one entity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exception {
    /// Presidio-style name, such as `EMAIL_ADDRESS`.
    pub entity: String,
    /// `None`: everywhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passage: Option<Passage>,
    pub action: Action,
}

/// What is done with each entity in each passage. Settings of before there was a choice read as a label everywhere.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Actions {
    pub prompt: Action,
    pub response: Action,
    pub tool_arguments: Action,
    pub tool_result: Action,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exceptions: Vec<Exception>,
}

impl Actions {
    /// Most exceptions of a connection.
    pub const EXCEPTIONS_MAX: usize = 100;
    /// Rows for them that a form may have: some stay empty, and one too many is told.
    pub const ROWS_MAX: usize = 128;

    /// What is done with this entity there: what is said of both, else of the entity, else of the passage.
    pub fn of(&self, passage: Passage, entity: &str) -> Action {
        let said = |of: Option<Passage>| {
            self.exceptions.iter().find(|said| said.passage == of && said.entity == entity)
        };
        said(Some(passage))
            .or_else(|| said(None))
            .map_or_else(|| self.default_of(passage), |said| said.action)
    }

    /// What is done with what no exception speaks of.
    pub const fn default_of(&self, passage: Passage) -> Action {
        match passage {
            Passage::Prompt => self.prompt,
            Passage::Response => self.response,
            Passage::ToolArguments => self.tool_arguments,
            Passage::ToolResult => self.tool_result,
        }
    }

    /// The same, to be set.
    pub const fn default_mut(&mut self, passage: Passage) -> &mut Action {
        match passage {
            Passage::Prompt => &mut self.prompt,
            Passage::Response => &mut self.response,
            Passage::ToolArguments => &mut self.tool_arguments,
            Passage::ToolResult => &mut self.tool_result,
        }
    }

    /// Whether everything is labelled everywhere.
    pub fn are_usual(&self) -> bool {
        *self == Self::default()
    }

    /// One line for each default and exception, in one fixed order: `prompt label`, `prompt US_SSN redact`.
    pub fn lines(&self) -> Vec<String> {
        let defaults =
            Passage::ALL.map(|passage| format!("{} {}", passage.name(), self.default_of(passage).name()));
        let mut exceptions: Vec<String> = self
            .exceptions
            .iter()
            .map(|said| {
                let passage = said.passage.map_or("everywhere", Passage::name);
                format!("{passage} {} {}", said.entity, said.action.name())
            })
            .collect();
        exceptions.sort();
        defaults.into_iter().chain(exceptions).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exception(entity: &str, passage: Option<Passage>, action: Action) -> Exception {
        Exception { entity: entity.into(), passage, action }
    }

    #[test]
    fn the_nearest_word_counts() {
        let actions = Actions {
            prompt: Action::Tokenize,
            exceptions: vec![
                exception("US_SSN", None, Action::Redact),
                exception("US_SSN", Some(Passage::ToolResult), Action::Partial),
            ],
            ..Actions::default()
        };
        assert_eq!(actions.of(Passage::Prompt, "EMAIL_ADDRESS"), Action::Tokenize);
        assert_eq!(actions.of(Passage::Response, "EMAIL_ADDRESS"), Action::Label);
        assert_eq!(actions.of(Passage::Prompt, "US_SSN"), Action::Redact);
        assert_eq!(actions.of(Passage::ToolResult, "US_SSN"), Action::Partial);
    }

    #[test]
    fn names_are_those_of_the_stored_form() {
        for action in Action::ALL {
            assert_eq!(serde_json::to_string(&action).unwrap(), format!("\"{}\"", action.name()));
            assert_eq!(Action::named(action.name()), Some(action));
        }
        for passage in Passage::ALL {
            assert_eq!(serde_json::to_string(&passage).unwrap(), format!("\"{}\"", passage.name()));
            assert_eq!(Passage::named(passage.name()), Some(passage));
        }
    }

    #[test]
    fn nothing_stored_is_a_label_everywhere() {
        assert_eq!(serde_json::from_str::<Actions>("{}").unwrap(), Actions::default());
        let set = Actions {
            tool_result: Action::Hash,
            exceptions: vec![exception("US_SSN", Some(Passage::Prompt), Action::Allow)],
            ..Actions::default()
        };
        let stored = serde_json::to_string(&set).unwrap();
        assert_eq!(serde_json::from_str::<Actions>(&stored).unwrap(), set);
        assert_eq!(
            set.lines(),
            [
                "prompt label",
                "response label",
                "tool_arguments label",
                "tool_result hash",
                "prompt US_SSN allow"
            ]
        );
    }

    #[test]
    fn no_action_leaves_readable_text_on_record() {
        for action in Action::ALL {
            assert!(!matches!(action.on_record(), Action::Allow | Action::Partial), "{action:?}");
        }
    }
}
