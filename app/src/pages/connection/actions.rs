//! What happens to what is found: an action for each kind of text, and exceptions by entity. Plain fields, numbered by row.

use countersign_model::{
    action::{Action, Passage},
    entity::NAMES,
};
use leptos::prelude::*;

use crate::{
    context::posted,
    view::{
        entries::{ConnectionEntries, ExceptionEntries},
        words,
    },
};

/// The list of all entities' names, for the rows to pick from.
const ENTITIES: &str = "entities";

/// The section of the connection form.
#[component]
pub(super) fn ActionFields(shown: ConnectionEntries) -> impl IntoView {
    let wrong = posted().error("exceptions").map(str::to_owned);
    let defaults = shown
        .actions
        .into_iter()
        .map(|(passage, action)| {
            let name = format!("action_{}", passage.name());
            let error = posted().error(&name).map(str::to_owned);
            let marked = error.is_some().then_some("");
            view! {
                <div class="field" data-wrong=marked>
                    <label for=name.clone()>{words::passage(passage)}</label>
                    <Actions name action />
                    {error.map(|error| view! { <p class="wrong">{error}</p> })}
                </div>
            }
        })
        .collect_view();
    let marked = wrong.is_some().then_some("");
    let has_any = wrong.is_some() || shown.exceptions.iter().any(|row| !row.entity.is_empty());
    let rows = shown
        .exceptions
        .into_iter()
        .enumerate()
        .map(|(number, row)| view! { <Row number row /> })
        .collect_view();
    let names = NAMES.iter().map(|name| view! { <option value=*name /> }).collect_view();
    view! {
        <fieldset>
            <legend>"What happens to what is found"</legend>
            <div class="pair">{defaults}</div>
            <p class="hint">
                "A token stands for one value in one conversation: the model sees only the token, the caller’s answer has the value again. "
                "Whatever is chosen, the record holds no readable value."
            </p>
            <details class="exceptions" open=has_any data-wrong=marked>
                <summary>"Exceptions"</summary>
                <datalist id=ENTITIES>{names}</datalist>
                <ol>{rows}</ol>
                <p class="hint" id="exceptions-hint">
                    "Empty a row to drop it. Three empty rows come with each save."
                </p>
                {wrong.map(|wrong| view! { <p class="wrong" id="exceptions-wrong" role="alert">{wrong}</p> })}
            </details>
        </fieldset>
    }
}

#[component]
fn Row(number: usize, row: ExceptionEntries) -> impl IntoView {
    let everywhere = ("everywhere", "Everywhere");
    let passages = std::iter::once(everywhere)
        .chain(Passage::ALL.map(|passage| (passage.name(), words::passage(passage))))
        .map(|(value, words)| {
            view! { <option value=value selected=value == row.passage>{words}</option> }
        })
        .collect_view();
    let nth = number + 1;
    view! {
        <li>
            <input
                name=format!("exception_entity_{number}")
                value=row.entity
                list=ENTITIES
                class="mono"
                placeholder="EMAIL_ADDRESS"
                autocomplete="off"
                spellcheck="false"
                aria-label=format!("Exception {nth}: what is found")
                aria-describedby="exceptions-hint"
            />
            <select name=format!("exception_passage_{number}") aria-label=format!("Exception {nth}: where")>
                {passages}
            </select>
            <Actions
                name=format!("exception_action_{number}")
                action=row.action
                label=format!("Exception {nth}: what happens to it")
            />
        </li>
    }
}

/// A choice of an action.
#[component]
fn Actions(name: String, action: String, #[prop(optional)] label: String) -> impl IntoView {
    let chosen = Action::named(&action).unwrap_or_default();
    let options = Action::ALL
        .map(|action| {
            view! { <option value=action.name() selected=action == chosen>{words::action(action)}</option> }
        })
        .collect_view();
    let label = (!label.is_empty()).then_some(label);
    view! { <select id=name.clone() name=name aria-label=label>{options}</select> }
}
