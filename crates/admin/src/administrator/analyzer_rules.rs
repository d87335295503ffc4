//! What the settings of a connection's analyzer must be. The data path trusts settings that passed here.

use std::{collections::BTreeSet, ops::RangeInclusive};

use countersign_model::analyzer::AnalyzerSettings;

use super::connection_rules::{USER_INFO, base_url};
use crate::form_rules::Complaints;

const TIMEOUT_MS: RangeInclusive<u32> = 50..=60_000;
/// Most kinds that are asked for by name.
const KINDS_MAX: usize = 64;
/// Longest name of a language, such as `zh-Hant-TW`.
const LANGUAGE_MAX: usize = 16;

/// The tidy form. The address may be given with the `/analyze` that comes behind it.
pub(super) fn tidy(analyzer: &mut AnalyzerSettings) {
    let url = analyzer.url.trim().trim_end_matches('/');
    analyzer.url = url.strip_suffix("/analyze").unwrap_or(url).trim_end_matches('/').to_owned();
    analyzer.language = analyzer.language.trim().to_owned();
    for kind in &mut analyzer.entities {
        *kind = kind.trim().to_ascii_uppercase();
    }
    analyzer.entities.retain(|kind| !kind.is_empty());
    let mut said = BTreeSet::new();
    analyzer.entities.retain(|kind| said.insert(kind.clone()));
}

/// Complains of every field that cannot be accepted.
pub(super) fn check(complaints: &mut Complaints, analyzer: &AnalyzerSettings) {
    let address = base_url(&analyzer.url).err().map(|wrong| {
        if wrong == USER_INFO {
            "Put no user name or password into the address; an analyzer is sent none."
        } else {
            wrong
        }
    });
    complaints.note("analyzer_url", address);
    let language = &analyzer.language;
    complaints.require(
        language.len() <= LANGUAGE_MAX
            && language.starts_with(|first: char| first.is_ascii_alphabetic())
            && language.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-' || c == b'_'),
        "analyzer_language",
        "Enter a language such as en or de.",
    );
    let wrong = analyzer.entities.iter().find(|kind| !AnalyzerSettings::is_kind(kind));
    if let Some(wrong) = wrong {
        let shown: String = wrong.chars().take(64).collect();
        complaints.require(
            false,
            "analyzer_entities",
            format!("“{shown}” is no name of a kind. A name has 2 to 48 capitals, digits and underscores, and begins with a capital."),
        );
    }
    complaints.require(
        analyzer.entities.len() <= KINDS_MAX,
        "analyzer_entities",
        format!("At most {KINDS_MAX} kinds."),
    );
    complaints.require(
        TIMEOUT_MS.contains(&analyzer.timeout_ms),
        "analyzer_timeout_ms",
        "Between 50 and 60000 milliseconds.",
    );
}

#[cfg(test)]
mod tests {
    use countersign_model::analyzer::{Hundredths, WhenItFails};

    use super::*;
    use crate::AdminError;

    fn good() -> AnalyzerSettings {
        AnalyzerSettings {
            url: "http://10.0.0.6:5002".into(),
            language: "en".into(),
            score: Hundredths::default(),
            entities: vec![],
            timeout_ms: AnalyzerSettings::USUAL_TIMEOUT_MS,
            when_it_fails: WhenItFails::Closed,
        }
    }

    fn fields(analyzer: &AnalyzerSettings) -> Vec<String> {
        let mut complaints = Complaints::default();
        check(&mut complaints, analyzer);
        match complaints.done() {
            Ok(()) => Vec::new(),
            Err(AdminError::Invalid(errors)) => errors.into_iter().map(|error| error.field).collect(),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn what_passes_is_tidy() {
        let mut analyzer = AnalyzerSettings {
            url: " http://10.0.0.6:5002/analyze/ ".into(),
            entities: vec!["person".into(), " NRP".into(), "PERSON".into(), String::new()],
            ..good()
        };
        tidy(&mut analyzer);
        assert_eq!(analyzer.url, "http://10.0.0.6:5002");
        assert_eq!(analyzer.address(), "http://10.0.0.6:5002/analyze");
        assert_eq!(analyzer.entities, ["PERSON", "NRP"]);
        assert_eq!(fields(&analyzer), [""; 0]);
    }

    #[test]
    fn addresses_keep_to_the_rules_of_base_urls() {
        for url in
            ["http://ada:pw@host", "https://host/?a=1", "https://host/#a", "ftp://host", "host:5002", ""]
        {
            assert_eq!(fields(&AnalyzerSettings { url: url.into(), ..good() }), ["analyzer_url"], "{url}");
        }
    }

    #[test]
    fn every_field_has_its_complaint() {
        let off = AnalyzerSettings {
            language: "en us".into(),
            entities: vec!["PERSON".into(), "[X]".into()],
            timeout_ms: 60_001,
            ..good()
        };
        assert_eq!(fields(&off), ["analyzer_language", "analyzer_entities", "analyzer_timeout_ms"]);
        let many = (0..65).map(|n| format!("KIND_{n}")).collect();
        assert_eq!(fields(&AnalyzerSettings { entities: many, ..good() }), ["analyzer_entities"]);
    }
}
