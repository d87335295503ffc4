//! Whose a text of a body is, by its place: the caller's, who runs the model, a tool's, the model's own.
//!
//! Promises: reads no more of a body than the roles of its messages and the kinds of their parts, and only when asked,
//! which is when some rule saw something. A role that is not known is the user's, which is judged the most plainly.

use std::borrow::Cow;

use countersign_detect::risk::Role;
use serde::Deserialize;
use serde_json::value::RawValue;

/// The roles of a body's messages.
#[derive(Debug, Default)]
pub(crate) struct Speakers<'a> {
    messages: Vec<Message<'a>>,
    input: Vec<Message<'a>>,
}

#[derive(Deserialize)]
struct Body<'a> {
    #[serde(borrow, default)]
    messages: Option<&'a RawValue>,
    #[serde(borrow, default)]
    input: Option<&'a RawValue>,
}

#[derive(Debug, Deserialize)]
struct Message<'a> {
    #[serde(borrow, default)]
    role: Option<Cow<'a, str>>,
    #[serde(borrow, default, rename = "type")]
    kind: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    content: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Part<'a> {
    #[serde(borrow, default, rename = "type")]
    kind: Option<Cow<'a, str>>,
}

impl<'a> Speakers<'a> {
    /// Of a request's body. One that is not understood has none.
    pub fn of(body: &'a [u8]) -> Self {
        let Ok(body) = serde_json::from_slice::<Body<'a>>(body) else { return Self::default() };
        let list = |list: Option<&'a RawValue>| {
            list.and_then(|list| serde_json::from_str(list.get()).ok()).unwrap_or_default()
        };
        Self { messages: list(body.messages), input: list(body.input) }
    }

    /// Whose the text at this place is.
    pub fn role(&self, place: &str) -> Role {
        for (name, list) in [("messages[", &self.messages), ("input[", &self.input)] {
            let Some(rest) = place.strip_prefix(name) else { continue };
            let Some((number, rest)) = rest.split_once(']') else { break };
            let Some(message) = number.parse().ok().and_then(|number: usize| list.get(number)) else { break };
            return message.role_of(rest);
        }
        match place.split(['.', '[']).next() {
            Some("system" | "instructions" | "tools" | "functions") => Role::System,
            Some("documents" | "text_2") => Role::Tool,
            _ => Role::User,
        }
    }
}

impl Message<'_> {
    /// `rest` is the place within the message, such as `.content[0].text`.
    fn role_of(&self, rest: &str) -> Role {
        if self.kind.as_deref().is_some_and(|kind| kind.ends_with("_output")) {
            return Role::Tool;
        }
        // Anthropic has tools' results as parts of a user's message.
        let part = rest
            .strip_prefix(".content[")
            .and_then(|rest| rest.split_once(']')?.0.parse::<usize>().ok())
            .and_then(|part| self.part(part));
        if part.is_some_and(|kind| matches!(&*kind, "tool_result" | "document" | "search_result")) {
            return Role::Tool;
        }
        match self.role.as_deref() {
            Some("system" | "developer") => Role::System,
            Some("tool" | "function" | "ipython") => Role::Tool,
            Some("assistant" | "model") => Role::Answer,
            _ => Role::User,
        }
    }

    fn part(&self, number: usize) -> Option<Cow<'_, str>> {
        let parts: Vec<Part<'_>> = serde_json::from_str(self.content?.get()).ok()?;
        parts.into_iter().nth(number)?.kind
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_tell_whose_a_text_is() {
        let body = br#"{"system":"s","messages":[{"role":"system","content":"a"},{"role":"user","content":
            [{"type":"text","text":"b"},{"type":"tool_result","content":"c"}]},{"role":"assistant","content":"d"},
            {"role":"tool","content":"e"}],"input":[{"type":"function_call_output","output":"f"},{"role":"user"}]}"#;
        let speakers = Speakers::of(body);
        for (place, role) in [
            ("system", Role::System),
            ("messages[0].content", Role::System),
            ("messages[1].content[0].text", Role::User),
            ("messages[1].content[1].content", Role::Tool),
            ("messages[2].content", Role::Answer),
            ("messages[3].content", Role::Tool),
            ("messages[9].content", Role::User),
            ("input[0].output", Role::Tool),
            ("input[1].content", Role::User),
            ("documents[0]", Role::Tool),
            ("prompt", Role::User),
        ] {
            assert_eq!(speakers.role(place), role, "{place}");
        }
        assert_eq!(Speakers::of(b"not JSON").role("messages[0].content"), Role::User);
    }
}
