//! What a form shows in a field: what was typed if it was just posted, else what is stored.

use countersign_model::{
    connection::{ConnectionSettings, CredentialKind, Limits, Masking, Recording, Uninspected},
    form::FormState,
};

use super::words;

/// The fields of a connection form, as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectionEntries {
    pub name: String,
    pub description: String,
    pub base_url: String,
    pub credential_kind: String,
    pub credential_header: String,
    pub groups: String,
    pub connect_ms: String,
    pub first_byte_ms: String,
    pub idle_ms: String,
    pub request_bytes: String,
    pub response_bytes: String,
    pub recording: String,
    pub uninspected: String,
    pub mask_prompt: bool,
    pub mask_response: bool,
    pub enabled: bool,
}

/// The settings a new connection starts from.
pub fn fresh() -> ConnectionSettings {
    ConnectionSettings {
        name: String::new(),
        description: String::new(),
        base_url: String::new(),
        credential: CredentialKind::None,
        groups: vec!["*".to_owned()],
        limits: Limits::default(),
        recording: Recording::MaskedText,
        masking: Masking::default(),
        uninspected: Uninspected::Refuse,
        enabled: true,
    }
}

impl ConnectionEntries {
    /// What was typed wins over what is stored. An unticked box is absent from a posted form.
    pub fn new(stored: &ConnectionSettings, form: &FormState) -> Self {
        let posted = !form.values.is_empty();
        let text = |field: &str, stored: String| form.value(field).map_or(stored, str::to_owned);
        let tick = |field: &str, stored: bool| if posted { form.value(field).is_some() } else { stored };
        let header = match &stored.credential {
            CredentialKind::Header { name } => name.clone(),
            CredentialKind::None | CredentialKind::Bearer => String::new(),
        };
        let limits = &stored.limits;
        Self {
            name: text("name", stored.name.clone()),
            description: text("description", stored.description.clone()),
            base_url: text("base_url", stored.base_url.clone()),
            credential_kind: text("credential_kind", words::credential_value(&stored.credential).to_owned()),
            credential_header: text("credential_header", header),
            groups: text("groups", stored.groups.join(", ")),
            connect_ms: text("connect_ms", limits.connect_ms.to_string()),
            first_byte_ms: text("first_byte_ms", limits.first_byte_ms.to_string()),
            idle_ms: text("idle_ms", limits.idle_ms.to_string()),
            request_bytes: text("request_bytes", limits.request_bytes.to_string()),
            response_bytes: text("response_bytes", limits.response_bytes.to_string()),
            recording: text("recording", words::recording_value(stored.recording).to_owned()),
            uninspected: text("uninspected", words::uninspected_value(stored.uninspected).to_owned()),
            mask_prompt: tick("mask_prompt", stored.masking.prompt),
            mask_response: tick("mask_response", stored.masking.response),
            enabled: tick("enabled", stored.enabled),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_values_show_until_a_form_was_posted() {
        let entries = ConnectionEntries::new(&fresh(), &FormState::default());
        assert_eq!((entries.groups.as_str(), entries.connect_ms.as_str()), ("*", "5000"));
        assert!(entries.mask_prompt && entries.enabled);
    }

    #[test]
    fn typed_values_win_and_missing_ticks_are_off() {
        let form = FormState {
            values: vec![("name".into(), "Bad Name".into()), ("mask_response".into(), "on".into())],
            ..FormState::default()
        };
        let entries = ConnectionEntries::new(&fresh(), &form);
        assert_eq!(entries.name, "Bad Name");
        assert!(!entries.mask_prompt && entries.mask_response && !entries.enabled);
    }
}
