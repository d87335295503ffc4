//! What a form shows in a field: what was typed if it was just posted, else what is stored.

use countersign_model::{
    action::{Actions, Passage},
    analyzer::{AnalyzerSettings, Hundredths},
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
    /// The default action of each passage.
    pub actions: [(Passage, String); 4],
    pub exceptions: Vec<ExceptionEntries>,
    pub analyzer: AnalyzerEntries,
    pub enabled: bool,
}

/// The fields about an analyzer; the address is empty where there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnalyzerEntries {
    pub url: String,
    pub language: String,
    pub score: String,
    pub entities: String,
    pub timeout_ms: String,
    /// Empty: not chosen yet.
    pub when_it_fails: String,
}

/// One row of the exceptions, by its number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExceptionEntries {
    pub entity: String,
    pub passage: String,
    pub action: String,
}

/// Empty rows for exceptions to come.
const SPARE_ROWS: usize = 3;

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
        analyzer: None,
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
            actions: Passage::ALL.map(|passage| {
                let stored = stored.masking.actions.default_of(passage).name().to_owned();
                (passage, text(&format!("action_{}", passage.name()), stored))
            }),
            exceptions: exceptions(stored, form),
            analyzer: analyzer(stored.analyzer.as_ref(), form),
            enabled: tick("enabled", stored.enabled),
        }
    }
}

/// As typed, or as stored; where there is none, with what is usual.
fn analyzer(stored: Option<&AnalyzerSettings>, form: &FormState) -> AnalyzerEntries {
    let text = |field: &str, stored: Option<String>, usual: &str| {
        let typed = form.value(&format!("analyzer_{field}")).map(str::to_owned);
        typed.or(stored).unwrap_or_else(|| usual.to_owned())
    };
    AnalyzerEntries {
        url: text("url", stored.map(|set| set.url.clone()), ""),
        language: text("language", stored.map(|set| set.language.clone()), AnalyzerSettings::USUAL_LANGUAGE),
        score: text("score", stored.map(|set| set.score.text()), &Hundredths::default().text()),
        entities: text("entities", stored.map(|set| set.entities.join(", ")), ""),
        timeout_ms: text(
            "timeout_ms",
            stored.map(|set| set.timeout_ms.to_string()),
            &AnalyzerSettings::USUAL_TIMEOUT_MS.to_string(),
        ),
        when_it_fails: text("when_it_fails", stored.map(|set| set.when_it_fails.name().to_owned()), ""),
    }
}

/// The rows as typed, or as stored; then some that are empty.
fn exceptions(stored: &ConnectionSettings, form: &FormState) -> Vec<ExceptionEntries> {
    let typed = |row: usize| {
        let value = |field: &str| form.value(&format!("exception_{field}_{row}")).unwrap_or("").to_owned();
        ExceptionEntries { entity: value("entity"), passage: value("passage"), action: value("action") }
    };
    let mut rows: Vec<ExceptionEntries> = if form.values.is_empty() {
        let stored = stored.masking.actions.exceptions.iter();
        stored
            .map(|said| ExceptionEntries {
                entity: said.entity.clone(),
                passage: said.passage.map_or("everywhere", Passage::name).to_owned(),
                action: said.action.name().to_owned(),
            })
            .collect()
    } else {
        (0..Actions::ROWS_MAX).map(typed).filter(|row| !row.entity.is_empty()).collect()
    };
    let spare = Actions::ROWS_MAX.saturating_sub(rows.len()).min(SPARE_ROWS);
    rows.extend(std::iter::repeat_n(ExceptionEntries::default(), spare));
    rows
}

#[cfg(test)]
mod tests {
    use countersign_model::action::{Action, Exception};

    use super::*;

    #[test]
    fn exceptions_show_as_stored_or_as_typed_with_room_for_more() {
        let mut stored = fresh();
        stored.masking.actions.prompt = Action::Tokenize;
        stored.masking.actions.exceptions =
            vec![Exception { entity: "US_SSN".into(), passage: None, action: Action::Redact }];
        let shown = ConnectionEntries::new(&stored, &FormState::default());
        assert_eq!(shown.actions[0], (Passage::Prompt, "tokenize".to_owned()));
        assert_eq!(shown.exceptions.len(), 1 + SPARE_ROWS);
        let row = &shown.exceptions[0];
        assert_eq!((&*row.entity, &*row.passage, &*row.action), ("US_SSN", "everywhere", "redact"));
        let typed = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let form = FormState {
            values: vec![
                typed("action_prompt", "hash"),
                typed("exception_entity_0", ""),
                typed("exception_entity_2", "NOTHING"),
                typed("exception_passage_2", "prompt"),
                typed("exception_action_2", "allow"),
            ],
            ..FormState::default()
        };
        let shown = ConnectionEntries::new(&stored, &form);
        assert_eq!(shown.actions[0].1, "hash");
        assert_eq!(shown.exceptions.len(), 1 + SPARE_ROWS);
        assert_eq!((&*shown.exceptions[0].entity, &*shown.exceptions[0].action), ("NOTHING", "allow"));
    }

    #[test]
    fn an_analyzer_starts_without_a_choice_and_shows_as_stored_or_typed() {
        let none = ConnectionEntries::new(&fresh(), &FormState::default()).analyzer;
        assert_eq!(
            (&*none.url, &*none.when_it_fails, &*none.score, &*none.timeout_ms),
            ("", "", "0.35", "5000")
        );
        let mut stored = fresh();
        stored.analyzer = Some(AnalyzerSettings {
            url: "http://a:1".into(),
            language: "de".into(),
            score: Hundredths::parse("0.5").unwrap(),
            entities: vec!["PERSON".into(), "NRP".into()],
            timeout_ms: 900,
            when_it_fails: countersign_model::analyzer::WhenItFails::Open,
        });
        let shown = ConnectionEntries::new(&stored, &FormState::default()).analyzer;
        assert_eq!((&*shown.entities, &*shown.when_it_fails, &*shown.score), ("PERSON, NRP", "open", "0.50"));
        let form = FormState { values: vec![("analyzer_url".into(), String::new())], ..FormState::default() };
        assert_eq!(ConnectionEntries::new(&stored, &form).analyzer.url, "", "emptied is none");
    }

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
