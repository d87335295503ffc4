//! The part of the connection form that is about an analyzer of somebody else's.

use countersign_model::analyzer::WhenItFails;
use leptos::prelude::*;

use crate::{
    components::field::{Choice, Field},
    view::{entries::AnalyzerEntries, words},
};

/// The section of the connection form. Folded away while there is none.
#[component]
pub(super) fn AnalyzerFields(shown: AnalyzerEntries) -> impl IntoView {
    // Nothing is chosen beforehand: whoever sets an analyzer must choose.
    let choices = std::iter::once((String::new(), "Choose…".to_owned()))
        .chain(WhenItFails::ALL.map(|when| (when.name().to_owned(), words::when_it_fails(when).to_owned())))
        .collect();
    view! {
        <fieldset>
            <legend>"External analyzer"</legend>
            <p class="hint">
                "Optional: a server that speaks Microsoft Presidio’s /analyze is asked about each text of a prompt and of a whole answer, "
                "and what it finds is masked with what is found anyway. "
                <strong>"It is sent the texts in clear."</strong>
                " A streamed answer does not wait for it; the record says so."
            </p>
            <Field
                name="analyzer_url"
                label="Analyzer’s URL"
                value=shown.url
                hint="Such as http://10.0.0.6:5002; /analyze comes behind it. Empty: none is asked."
                inputmode="url"
                mono=true
            />
            <Choice
                name="analyzer_when_it_fails"
                label="When it fails"
                options=choices
                value=shown.when_it_fails
                hint="It is late, not there, or gives no proper answer."
            />
            <div class="pair">
                <Field
                    name="analyzer_timeout_ms"
                    label="Time for all texts, ms"
                    value=shown.timeout_ms
                    inputmode="numeric"
                />
                <Field
                    name="analyzer_score"
                    label="Lowest score"
                    value=shown.score
                    hint="From 0 to 1."
                    inputmode="decimal"
                />
                <Field name="analyzer_language" label="Language" value=shown.language hint="Such as en." mono=true />
                <Field
                    name="analyzer_entities"
                    label="Kinds to ask for"
                    value=shown.entities
                    hint="Such as PERSON, NRP. Empty: all it knows."
                    mono=true
                />
            </div>
        </fieldset>
    }
}
