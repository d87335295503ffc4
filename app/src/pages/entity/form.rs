//! The form of a pattern or dictionary: used to make one and to change one.

use countersign_model::own_entity::OwnKind;
use leptos::prelude::*;

use crate::{
    api::entities::EntityShown,
    components::field::{Field, Lines, Tick},
    context::posted,
    routes::Route,
    view::numbers,
};

/// What stands in a field: what was typed, or else what is kept.
fn entry(field: &str, kept: impl Into<String>) -> String {
    posted().value(field).map_or_else(|| kept.into(), str::to_owned)
}

fn ticked(field: &str, kept: bool) -> bool {
    let form = posted();
    if form.values.is_empty() { kept } else { form.value(field).is_some() }
}

/// The form. `shown`: the rule as it is kept, `None` for a new one.
#[component]
pub(crate) fn EntityForm(kind: OwnKind, shown: Option<EntityShown>) -> impl IntoView {
    let action = match &shown {
        Some(shown) => Route::Entity(shown.summary.id).path(),
        None => Route::NewEntity(kind).path(),
    };
    let submit = if shown.is_some() { "Save changes" } else { "Create and look for it" };
    let summary = shown.as_ref().map(|shown| shown.summary.clone());
    let version = summary.as_ref().map(|summary| summary.version);
    let kept = |part: fn(&countersign_model::own_entity::OwnEntitySummary) -> String| {
        summary.as_ref().map(part).unwrap_or_default()
    };
    view! {
        <form method="post" action=action class="fields">
            {version.map(|version| view! { <input type="hidden" name="version" value=version /> })}
            <fieldset>
                <legend>"Entity"</legend>
                <Field
                    name="name"
                    label="Name"
                    value=entry("name", kept(|summary| summary.name.clone()))
                    hint="Stands in place of what is found: capitals, digits and “_”. A standard one such as PERSON counts with the others of it."
                    pattern="[A-Za-z][A-Za-z0-9_]{2,47}"
                    required=true
                    mono=true
                />
                <Field
                    name="description"
                    label="Description"
                    value=entry("description", kept(|summary| summary.description.clone()))
                />
                <Tick
                    name="enabled"
                    label="Looked for"
                    on=ticked("enabled", summary.as_ref().is_none_or(|summary| summary.enabled))
                    hint="Off: kept, and not used."
                />
            </fieldset>
            {match kind {
                OwnKind::Pattern => view! { <PatternFields shown /> }.into_any(),
                OwnKind::Dictionary => view! { <DictionaryFields shown /> }.into_any(),
            }}
            <p class="actions"><button type="submit" class="primary">{submit}</button></p>
        </form>
    }
}

#[component]
fn PatternFields(shown: Option<EntityShown>) -> impl IntoView {
    let pattern = shown.and_then(|shown| shown.pattern);
    let ignore_case = pattern.as_ref().is_some_and(|text| text.ignore_case);
    let (expression, words, score, hits, misses) = pattern.map_or_else(
        || (String::new(), String::new(), "0.8".to_owned(), String::new(), String::new()),
        |text| {
            (
                text.pattern,
                text.words.join("\n"),
                text.score.to_string(),
                text.hits.join("\n"),
                text.misses.join("\n"),
            )
        },
    );
    view! {
        <fieldset>
            <legend>"What it looks like"</legend>
            <Field
                name="pattern"
                label="Pattern"
                value=entry("pattern", expression)
                hint="A regular expression without ^, $, \\b or look-around; each repetition says how often at most: [0-9]{1,9}."
                required=true
                mono=true
            />
            <Tick name="ignore_case" label="Capitals and small letters alike" on=ticked("ignore_case", ignore_case) />
            <Lines
                name="words"
                label="Words before it"
                value=entry("words", words)
                hint="One a line. If there are any, one of them must stand within five words before."
                rows=3
            />
            <Field
                name="score"
                label="Score"
                value=entry("score", score)
                hint="How sure a match is, 0 to 1."
                inputmode="decimal"
                mono=true
            />
        </fieldset>
        <fieldset>
            <legend>"Samples, tried before it is saved"</legend>
            <Lines
                name="hits"
                label="Texts that hold one"
                value=entry("hits", hits)
                hint="One a line, made up: everybody who may change connections reads them."
                rows=4
                required=true
            />
            <Lines name="misses" label="Texts that hold none" value=entry("misses", misses) hint="One a line." rows=4 />
        </fieldset>
    }
}

#[component]
fn DictionaryFields(shown: Option<EntityShown>) -> impl IntoView {
    let ignore_case = shown.as_ref().is_some_and(|shown| shown.ignore_case);
    let is_new = shown.is_none();
    let present = shown.map(|shown| {
        let more = shown.summary.terms - i64::try_from(shown.first_terms.len()).unwrap_or(0);
        let more = (more > 0).then(|| format!(", and {} more", numbers::count(more)));
        view! {
            <p>
                {numbers::plural(shown.summary.terms, "term", "terms")} ": " {shown.first_terms.join(" · ")} {more}
            </p>
        }
    });
    let hint = if is_new {
        "One a line, 3 to 256 bytes each. A term is found as a whole word; blanks in it stand for any white space."
    } else {
        "One a line: they take the place of all present ones. Leave it empty to keep those."
    };
    view! {
        <fieldset>
            <legend>"Terms"</legend>
            {present}
            <Lines
                name="terms"
                label=if is_new { "Terms" } else { "New terms" }
                value=entry("terms", "")
                hint=hint
                rows=10
                required=is_new
            />
            <Tick name="ignore_case" label="Capitals and small letters alike" on=ticked("ignore_case", ignore_case) />
        </fieldset>
    }
}
