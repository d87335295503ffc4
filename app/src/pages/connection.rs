//! One connection: its settings, a test that walks to the model step by step, and its end.

use countersign_model::connection::{Connection, StepReport, TestReport, TestStep};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

mod actions;
mod analyzer;
pub(crate) mod form;

use self::form::{ConnectionForm, Purpose};
use crate::{
    api::connections::load_connection,
    components::{
        badge::Badge,
        loaded::loaded_whole,
        moment::Moment,
        notice::{Done, FormErrors},
    },
    context::posted,
    error::UiError,
    routes::Route,
    view::{numbers, words},
};

fn named() -> Resource<Result<Connection, UiError>> {
    let params = use_params_map();
    Resource::new(move || params.read().get("name").unwrap_or_default(), load_connection)
}

/// Settings and test.
#[component]
pub(crate) fn ConnectionPage() -> impl IntoView {
    let data = named();
    view! {
        <Title text="Connection" />
        {loaded_whole(data, |connection| view! { <Settings connection /> }.into_any())}
    }
}

#[component]
fn Settings(connection: Connection) -> impl IntoView {
    let name = connection.settings.name.clone();
    let test = Route::TestConnection(name.clone()).path();
    let delete = Route::DeleteConnection(name.clone()).path();
    let (state, word) = if connection.settings.enabled { ("ok", "on") } else { ("quiet", "off") };
    view! {
        <header class="page-head">
            <p class="crumb"><a href=Route::Connections.path()>"Connections"</a></p>
            <h1>{name.clone()}</h1>
            <Badge state words=word />
            <p class="soft">"Version " {connection.version} ", changed " <Moment at=connection.updated_at /></p>
        </header>
        <Done />
        <FormErrors />
        <div class="columns">
            <ConnectionForm
                settings=connection.settings
                has_secret=connection.has_secret
                version=connection.version
                action=Route::Connection(name.clone()).path()
                purpose=Purpose::Edit
            />
            <div class="stack">
                <section class="card" aria-labelledby="test">
                    <h2 id="test">"Test"</h2>
                    <p class="soft">"Walks to the model, and to the analyzer if there is one, with the saved settings, and stops at the first step that fails."</p>
                    <form method="post" action=test class="actions">
                        <button type="submit">"Test the saved settings"</button>
                    </form>
                    {posted().report.map(|report| view! { <Report report /> })}
                </section>
                <section class="card" aria-labelledby="use">
                    <h2 id="use">"Use"</h2>
                    <ul class="links">
                        <li><a href=Route::Connect.with(&[("connection", &name)])>"Token and snippets"</a></li>
                        <li><a href=Route::Sessions.with(&[("connection", &name)])>"Its sessions"</a></li>
                        <li><a href=delete>"Delete…"</a></li>
                    </ul>
                </section>
            </div>
        </div>
    }
}

/// The steps of a test, in words and with their times; those it did not get to stand there too.
#[component]
pub(crate) fn Report(report: TestReport) -> impl IntoView {
    let failed = report.steps.iter().find(|step| !step.ok).map(|step| words::step(step.step).0);
    let of_analyzer = report.analyzer.iter().find(|step| !step.ok).map(|step| words::step(step.step).0);
    let analyzer = (!report.analyzer.is_empty()).then(|| {
        view! {
            <p>
                <strong>
                    {match of_analyzer {
                        None => "The analyzer: every step passed.".to_owned(),
                        Some(name) => format!("The analyzer: the test stopped at “{name}”."),
                    }}
                </strong>
            </p>
            <Steps taken=report.analyzer words=words::analyzer_step steps=ANALYZER_STEPS.to_vec() />
        }
    });
    view! {
        <div class="report" role="status">
            <p>
                <strong>
                    {match failed {
                        None => "Every step passed.".to_owned(),
                        Some(name) => format!("The test stopped at “{name}”."),
                    }}
                </strong>
            </p>
            <Steps taken=report.steps words=words::step steps=TestStep::ALL.to_vec() />
            {(!report.models.is_empty())
                .then(|| view! { <p class="soft models">"Models: " {report.models.join(", ")}</p> })}
            {analyzer}
        </div>
    }
}

/// An analyzer has no credential.
const ANALYZER_STEPS: [TestStep; 4] = [TestStep::Dns, TestStep::Tcp, TestStep::Tls, TestStep::Protocol];

/// The steps on the way to one server, also those that were not taken.
#[component]
fn Steps(
    taken: Vec<StepReport>,
    words: fn(TestStep) -> (&'static str, &'static str),
    steps: Vec<TestStep>,
) -> impl IntoView {
    let steps = steps
        .into_iter()
        .map(|step| {
            let (name, what) = words(step);
            if let Some(taken) = taken.iter().find(|taken| taken.step == step).cloned() {
                return view! { <Taken taken name what /> }.into_any();
            }
            // Passed over: no answer came that would have said anything of it.
            let passed_over = taken.last().is_some_and(|last| step < last.step);
            let word = if passed_over { "not known" } else { "not reached" };
            view! {
                <li>
                    <Badge state="quiet" words=word />
                    <span><strong>{name}</strong> <span class="soft">" " {what}</span></span>
                </li>
            }
            .into_any()
        })
        .collect_view();
    view! { <ol class="steps">{steps}</ol> }
}

/// A step that was taken: what was seen, and what to do.
#[component]
fn Taken(taken: StepReport, name: &'static str, what: &'static str) -> impl IntoView {
    let (state, word) = if taken.ok { ("ok", "passed") } else { ("stop", "failed") };
    let advice = (!taken.advice.is_empty()).then(|| {
        let title = if taken.ok { "Note: " } else { "What to do: " };
        view! { <span class="advice"><strong>{title}</strong> {taken.advice}</span> }
    });
    view! {
        <li data-step=word>
            <Badge state words=word />
            <span>
                <strong>{name}</strong> <span class="soft">" " {what}</span>
                <span class="block">{taken.detail}</span>
                {advice}
            </span>
            <span class="num soft">{numbers::micros(taken.micros)}</span>
        </li>
    }
}

/// One question before the end.
#[component]
pub(crate) fn DeleteConnectionPage() -> impl IntoView {
    let data = named();
    view! {
        <Title text="Delete connection" />
        {loaded_whole(data, |connection| view! { <Delete connection /> }.into_any())}
    }
}

#[component]
fn Delete(connection: Connection) -> impl IntoView {
    let name = connection.settings.name;
    let action = Route::DeleteConnection(name.clone()).path();
    let keep = Route::Connection(name.clone()).path();
    view! {
        <header class="page-head">
            <p class="crumb"><a href=keep.clone()>{name.clone()}</a></p>
            <h1>"Delete " {name} "?"</h1>
        </header>
        <FormErrors />
        <div class="card narrow stack">
            <p>
                "Callers get “unknown connection” at once. Its stored credential is destroyed. Its sessions and ledger rows stay: the record cannot be deleted here."
            </p>
            <form method="post" action=action class="actions">
                <input type="hidden" name="version" value=connection.version />
                <button type="submit" class="danger">"Delete the connection"</button>
                <a href=keep>"Keep it"</a>
            </form>
        </div>
    }
}
