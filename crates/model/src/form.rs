//! What a page is told about the form that was just posted to it.

use serde::{Deserialize, Serialize};

use crate::{connection::TestReport, token::Token};

/// One field that was not accepted, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The field's name in the form.
    pub field: String,
    pub sentence: String,
}

impl FieldError {
    /// A field and what is wrong with it.
    pub fn new(field: &str, sentence: impl Into<String>) -> Self {
        Self { field: field.to_owned(), sentence: sentence.into() }
    }
}

/// A token just made: the only time its secret is shown.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssuedToken {
    pub token: Token,
    pub secret: String,
}

impl std::fmt::Debug for IssuedToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IssuedToken").field("token", &self.token).finish_non_exhaustive()
    }
}

/// The answer of the built-in hello of the first-run pages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// What was said to the gateway.
    #[serde(default)]
    pub said: String,
    /// What was sent, as the model saw it.
    pub sent: String,
    /// What came back, as the caller saw it.
    pub answer: String,
    /// Receipt: ledger row number and hex leaf hash of the intent.
    pub receipt: String,
    /// The session to look at.
    pub session: Option<crate::SessionId>,
}

/// The state of a posted form, for rendering its page again. Never holds what was typed into a secret field.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FormState {
    /// What was typed, to be shown again.
    pub values: Vec<(String, String)>,
    pub errors: Vec<FieldError>,
    /// What is wrong with the form as a whole.
    pub sentence: Option<String>,
    pub issued: Option<IssuedToken>,
    pub report: Option<TestReport>,
    pub hello: Option<Hello>,
}

impl FormState {
    /// What was typed into a field, if the form was posted.
    pub fn value(&self, field: &str) -> Option<&str> {
        self.values.iter().find(|(name, _)| name == field).map(|(_, value)| value.as_str())
    }

    /// What is wrong with a field.
    pub fn error(&self, field: &str) -> Option<&str> {
        self.errors.iter().find(|error| error.field == field).map(|error| error.sentence.as_str())
    }
}
