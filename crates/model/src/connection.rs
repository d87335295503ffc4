//! A model endpoint behind the gateway and the rules it is reached under.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{
    ConnectionId, Timestamp,
    action::{Action, Actions, Passage},
    analyzer::AnalyzerSettings,
    entity::Direction,
};

/// How the gateway proves itself to the upstream. The secret itself lives sealed in the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum CredentialKind {
    /// No credential.
    None,
    /// `Authorization: Bearer <secret>`.
    Bearer,
    /// A header of this name carries the secret as it is.
    Header {
        /// The header's name, lower case.
        name: String,
    },
}

/// What of an exchange's content is stored. Metadata, findings and digests always are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recording {
    /// The masked prompt and the masked answer.
    MaskedText,
    /// No content.
    MetadataOnly,
}

/// What happens to a body that cannot be inspected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Uninspected {
    /// Refused; the default.
    Refuse,
    /// Passed on, and the record says it was not inspected.
    Pass,
}

/// Time and size limits of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// TCP and TLS set-up, milliseconds.
    pub connect_ms: u32,
    /// From the request's last byte to the response's head, milliseconds.
    pub first_byte_ms: u32,
    /// Longest silence inside a response body, milliseconds.
    pub idle_ms: u32,
    /// Largest request body, bytes (after content decoding).
    pub request_bytes: u64,
    /// Largest buffered (not streamed) response body, bytes (after content decoding).
    pub response_bytes: u64,
}

impl Limits {
    /// The connect time-out.
    pub fn connect(&self) -> Duration {
        Duration::from_millis(u64::from(self.connect_ms))
    }
    /// The first-byte time-out.
    pub fn first_byte(&self) -> Duration {
        Duration::from_millis(u64::from(self.first_byte_ms))
    }
    /// The idle time-out.
    pub fn idle(&self) -> Duration {
        Duration::from_millis(u64::from(self.idle_ms))
    }
}

impl Default for Limits {
    /// 5 s to connect, 120 s to the first byte, 60 s of silence, 16 MiB in and 64 MiB out.
    fn default() -> Self {
        Self {
            connect_ms: 5_000,
            first_byte_ms: 120_000,
            idle_ms: 60_000,
            request_bytes: 16 << 20,
            response_bytes: 64 << 20,
        }
    }
}

/// Which directions are masked before they leave the gateway, and how. What is stored is masked always.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Masking {
    /// Mask what goes to the model.
    pub prompt: bool,
    /// Mask what comes back to the caller.
    pub response: bool,
    /// What is done with what is found where it is masked. Older records and settings do not say: a label.
    #[serde(default, skip_serializing_if = "Actions::are_usual")]
    pub actions: Actions,
}

impl Default for Masking {
    fn default() -> Self {
        Self { prompt: true, response: true, actions: Actions::default() }
    }
}

impl Masking {
    /// What is done with this entity: nothing in a direction that is not masked.
    pub fn action(&self, direction: Direction, passage: Passage, entity: &str) -> Action {
        let masked = match direction {
            Direction::Prompt => self.prompt,
            Direction::Response => self.response,
        };
        if masked { self.actions.of(passage, entity) } else { Action::Allow }
    }

    /// Whether some action leaves text that can be read: then the record is another text than what is passed on.
    pub fn may_show(&self) -> bool {
        let shows = |action: Action| action.on_record() != action;
        Passage::ALL.iter().any(|passage| shows(self.actions.default_of(*passage)))
            || self.actions.exceptions.iter().any(|said| shows(said.action))
    }
}

/// Everything an administrator sets, except the secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionSettings {
    /// The path segment callers use: lower-case letters, digits and `-`, 1 to 63 long, not starting or ending with `-`.
    pub name: String,
    /// One line for people.
    pub description: String,
    /// `http(s)://host[:port][/path]`, no query, no user info.
    pub base_url: String,
    pub credential: CredentialKind,
    /// Groups whose members may call it. Empty: nobody. `*`: everyone who is signed in.
    pub groups: Vec<String>,
    pub limits: Limits,
    pub recording: Recording,
    pub masking: Masking,
    pub uninspected: Uninspected,
    /// Asked about each text besides what is built in. Older settings have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub analyzer: Option<AnalyzerSettings>,
    pub enabled: bool,
}

/// A connection as pages and the data path see it; never the secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    pub id: ConnectionId,
    #[serde(flatten)]
    pub settings: ConnectionSettings,
    /// Grows by one with every change.
    pub version: i64,
    /// Whether a secret is stored.
    pub has_secret: bool,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// A connection as those see it who may call it: never where it leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Granted {
    pub id: ConnectionId,
    pub name: String,
    pub description: String,
    /// See [`ConnectionSettings::client_root`].
    pub root: String,
    /// Whether it leads to the built-in sample model.
    pub is_sample: bool,
}

impl ConnectionSettings {
    /// Whether a caller with these groups may use it.
    pub fn grants(&self, groups: &[String]) -> bool {
        self.groups.iter().any(|granted| granted == "*" || groups.contains(granted))
    }

    /// What an OpenAI client's base URL needs after the connection's name: `/v1` when ours is a bare host, which has the
    /// interface there; nothing when ours has a path, which is taken as it is.
    pub fn client_root(&self) -> &'static str {
        let rest = self.base_url.split_once("://").map_or("", |(_, rest)| rest);
        let path = rest.split_once('/').map_or("", |(_, path)| path);
        if path.trim_matches('/').is_empty() { "/v1" } else { "" }
    }
}

/// Where a connection test got to; earlier steps are less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TestStep {
    Dns,
    Tcp,
    Tls,
    Auth,
    Protocol,
}

/// One step of a connection test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepReport {
    pub step: TestStep,
    pub ok: bool,
    /// What was seen, safe to show; never a secret or an upstream's raw body.
    pub detail: String,
    /// What to do about it, or what to know although it passed; may be empty.
    #[serde(default)]
    pub advice: String,
    pub micros: u64,
}

impl TestStep {
    /// All, in the order they are taken.
    pub const ALL: [Self; 5] = [Self::Dns, Self::Tcp, Self::Tls, Self::Auth, Self::Protocol];
}

/// A connection test: the steps in order, up to and with the first that failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestReport {
    pub steps: Vec<StepReport>,
    /// Model names the upstream offered, when it did.
    pub models: Vec<String>,
    /// The same of the connection's analyzer; empty where it has none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub analyzer: Vec<StepReport>,
}

impl TestReport {
    /// Every step passed.
    pub fn passed(&self) -> bool {
        self.steps.iter().chain(&self.analyzer).all(|step| step.ok)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_host_has_its_interface_at_v1_and_a_path_is_taken_as_it_is() {
        let root = |base_url: &str| {
            let settings = ConnectionSettings {
                name: "m".into(),
                description: String::new(),
                base_url: base_url.into(),
                credential: CredentialKind::None,
                groups: vec![],
                limits: Limits::default(),
                recording: Recording::MaskedText,
                masking: Masking::default(),
                uninspected: Uninspected::Refuse,
                analyzer: None,
                enabled: true,
            };
            settings.client_root()
        };
        assert_eq!(root("http://10.0.0.5:8000"), "/v1");
        assert_eq!(root("https://models.example/"), "/v1");
        assert_eq!(root("http://10.0.0.5:8000/v1"), "");
        assert_eq!(root("https://models.example/openai/deployments/x"), "");
    }
}
