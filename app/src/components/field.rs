//! Form fields with label, hint and error tied together for readers of every kind.

use leptos::prelude::*;

use crate::context::posted;

/// A text-like input. `kind` is the input's type; a password's value is never shown again.
#[component]
pub(crate) fn Field(
    name: &'static str,
    label: &'static str,
    #[prop(into, optional)] value: String,
    #[prop(default = "text")] kind: &'static str,
    #[prop(optional)] hint: &'static str,
    #[prop(optional)] autocomplete: &'static str,
    #[prop(optional)] pattern: &'static str,
    #[prop(optional)] inputmode: &'static str,
    #[prop(optional)] required: bool,
    #[prop(optional)] mono: bool,
) -> impl IntoView {
    let error = posted().error(name).map(str::to_owned);
    let wrong = error.is_some();
    let described = described_by(name, !hint.is_empty(), wrong);
    let some = |text: &'static str| (!text.is_empty()).then_some(text);
    let value = (kind != "password").then_some(value);
    // What the browser adds to its own complaint when the pattern does not fit.
    let rule = if pattern.is_empty() { "" } else { hint };
    view! {
        <div class="field" data-wrong=wrong.then_some("")>
            <label for=name>{label}</label>
            <input
                id=name
                name=name
                type=kind
                class=mono.then_some("mono")
                value=value
                autocomplete=some(autocomplete)
                pattern=some(pattern)
                title=some(rule)
                inputmode=some(inputmode)
                required=required
                spellcheck="false"
                aria-describedby=described
                aria-invalid=wrong.then_some("true")
            />
            <Hint name text=hint />
            <Wrong name error />
        </div>
    }
}

/// A text of several lines.
#[component]
pub(crate) fn Lines(
    name: &'static str,
    label: &'static str,
    #[prop(into, optional)] value: String,
    #[prop(optional)] hint: &'static str,
    rows: u32,
    #[prop(optional)] required: bool,
) -> impl IntoView {
    let error = posted().error(name).map(str::to_owned);
    let wrong = error.is_some();
    let described = described_by(name, !hint.is_empty(), wrong);
    // A browser drops the first line break of a text area.
    let text = if value.starts_with('\n') { format!("\n{value}") } else { value };
    view! {
        <div class="field" data-wrong=wrong.then_some("")>
            <label for=name>{label}</label>
            <textarea
                id=name
                name=name
                rows=rows
                class="mono"
                required=required
                spellcheck="false"
                autocomplete="off"
                aria-describedby=described
                aria-invalid=wrong.then_some("true")
            >
                {text}
            </textarea>
            <Hint name text=hint />
            <Wrong name error />
        </div>
    }
}

/// A choice of one. Options are value and words.
#[component]
pub(crate) fn Choice(
    name: &'static str,
    label: &'static str,
    options: Vec<(String, String)>,
    #[prop(into)] value: String,
    #[prop(optional)] hint: &'static str,
) -> impl IntoView {
    let error = posted().error(name).map(str::to_owned);
    let wrong = error.is_some();
    let described = described_by(name, !hint.is_empty(), wrong);
    let options = options
        .into_iter()
        .map(|(key, words)| {
            let chosen = key == value;
            view! { <option value=key selected=chosen>{words}</option> }
        })
        .collect_view();
    view! {
        <div class="field" data-wrong=wrong.then_some("")>
            <label for=name>{label}</label>
            <select id=name name=name aria-describedby=described>{options}</select>
            <Hint name text=hint />
            <Wrong name error />
        </div>
    }
}

/// A tick box with its sentence. `value` is what is posted when it is ticked.
#[component]
pub(crate) fn Tick(
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(into, default = "on".to_owned())] value: String,
    on: bool,
    #[prop(into, optional)] hint: String,
) -> impl IntoView {
    view! {
        <label class="tick">
            <input type="checkbox" name=name value=value checked=on />
            <span>
                {label}
                {(!hint.is_empty()).then(|| view! { <small>{hint}</small> })}
            </span>
        </label>
    }
}

#[component]
fn Hint(name: &'static str, text: &'static str) -> impl IntoView {
    (!text.is_empty()).then(|| view! { <p class="hint" id=format!("{name}-hint")>{text}</p> })
}

#[component]
fn Wrong(name: &'static str, error: Option<String>) -> impl IntoView {
    error.map(|error| view! { <p class="wrong" id=format!("{name}-wrong")>{error}</p> })
}

fn described_by(name: &str, hint: bool, wrong: bool) -> Option<String> {
    let mut ids = Vec::new();
    if wrong {
        ids.push(format!("{name}-wrong"));
    }
    if hint {
        ids.push(format!("{name}-hint"));
    }
    (!ids.is_empty()).then(|| ids.join(" "))
}
