//! Reads the settings of an analyzer from a connection's form.

use countersign_model::{
    analyzer::{AnalyzerSettings, Hundredths, WhenItFails},
    form::FieldError,
};

use super::Posted;

/// The settings, with what could not be read; `None` where no address was given.
pub(super) fn analyzer(posted: &Posted, errors: &mut Vec<FieldError>) -> Option<AnalyzerSettings> {
    let url = posted.text("analyzer_url");
    if url.is_empty() {
        return None;
    }
    let language = match posted.text("analyzer_language") {
        "" => AnalyzerSettings::USUAL_LANGUAGE,
        language => language,
    };
    let score = match posted.text("analyzer_score") {
        "" => Hundredths::default(),
        text => Hundredths::parse(text).unwrap_or_else(|| {
            let form = "Enter a number from 0 to 1 such as 0.35, with two digits behind the point at most.";
            errors.push(FieldError::new("analyzer_score", form));
            Hundredths::default()
        }),
    };
    let timeout_ms = match posted.text("analyzer_timeout_ms") {
        "" => AnalyzerSettings::USUAL_TIMEOUT_MS,
        _ => posted.number("analyzer_timeout_ms").unwrap_or_else(|error| {
            errors.push(error);
            AnalyzerSettings::USUAL_TIMEOUT_MS
        }),
    };
    // There is no usual choice. What is not known is not taken for the one that lets more pass.
    let when_it_fails = WhenItFails::named(posted.text("analyzer_when_it_fails")).unwrap_or_else(|| {
        errors.push(FieldError::new("analyzer_when_it_fails", "Choose what happens when it fails."));
        WhenItFails::Closed
    });
    Some(AnalyzerSettings {
        url: url.to_owned(),
        language: language.to_owned(),
        score,
        entities: posted.list("analyzer_entities"),
        timeout_ms,
        when_it_fails,
    })
}
