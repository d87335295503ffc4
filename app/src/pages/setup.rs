//! The first run: an administrator, a connection, a hello through the whole gateway, and on. Each step is its own page, so it can
//! be left and taken up again.

use countersign_model::{
    connection::{Connection, CredentialKind},
    form::Hello,
    person::Role,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::connection::form::{ConnectionForm, Purpose};
use crate::{
    api::{
        connections::load_connections,
        overview::{FirstRun, setup_state},
    },
    components::{
        field::{Choice, Field},
        loaded::loaded,
        mark::Mark,
        notice::{Done, FormErrors, Problem, set_status},
        shown::CodeBlock,
    },
    context::{facts, posted, viewer},
    error::UiError,
    routes::Route,
    view::{
        entries,
        snippet::{self, MODEL_PLACE, TOKEN_PLACE},
    },
};

const STEPS: [&str; 4] = ["Administrator", "Connection", "Hello", "Done"];

/// The frame of every step; `step` counts from 0. All but the first are an administrator's.
#[component]
fn Step(step: usize, #[prop(into)] title: String, children: Children) -> impl IntoView {
    if step > 0 && !viewer().is_some_and(|viewer| viewer.is(Role::Admin)) {
        return view! { <Problem error=UiError::Forbidden whole=true /> }.into_any();
    }
    let items = STEPS
        .into_iter()
        .enumerate()
        .map(|(at, name)| {
            let state = if at < step { "done" } else { "later" };
            let current = (at == step).then_some("step");
            view! { <li data-step=state aria-current=current>{name}</li> }
        })
        .collect_view();
    view! {
        <Title text=format!("Set up: {}", STEPS.get(step).copied().unwrap_or_default()) />
        <div class="setup">
            <p class="brand"><Mark /><span>"Countersign"</span></p>
            <ol class="stepper" aria-label="Steps">{items}</ol>
            <h1>{title}</h1>
            {children()}
        </div>
    }
    .into_any()
}

/// The first administrator. Only with the link the gateway printed.
#[component]
pub(crate) fn SetupPage() -> impl IntoView {
    // The server may render this page at another address than the browser's after an error: its word counts.
    let token =
        SharedValue::new(|| use_query_map().with_untracked(|map| map.get("token")).unwrap_or_default())
            .into_inner();
    let asked = token.clone();
    let data = Resource::new(move || asked.clone(), setup_state);
    view! {
        <Step step=0 title="The first administrator">
            {loaded(data, move |state| match state {
                FirstRun::Ready | FirstRun::NoLink => view! { <Administrator token=token.clone() /> }.into_any(),
                FirstRun::WrongLink => view! { <WrongLink /> }.into_any(),
                FirstRun::Done => view! { <AlreadySetUp /> }.into_any(),
            })}
        </Step>
    }
}

/// Said before anything is typed.
#[component]
fn WrongLink() -> impl IntoView {
    set_status(403);
    view! {
        <div class="stack">
            <p class="notice" data-state="stop" role="alert" tabindex="-1" autofocus>
                "This set-up link does not hold: it was used, is older than a day, or a newer one was printed since. While there is no administrator, every start of the server prints a new link."
            </p>
            <p>"Copy the whole link again, or start the server again for a new one."</p>
        </div>
    }
}

#[component]
fn AlreadySetUp() -> impl IntoView {
    view! {
        <div class="stack">
            <p>"This gateway has an administrator already. The set-up link works once."</p>
            <p class="actions">
                <a class="button primary" href=Route::SignIn.path() rel="external">"Sign in"</a>
                <a href=Route::SetupConnection.path()>"Go on with the connection"</a>
            </p>
        </div>
    }
}

#[component]
fn Administrator(token: String) -> impl IntoView {
    let form = posted();
    let typed = |field: &str| form.value(field).unwrap_or_default().to_owned();
    view! {
        <FormErrors />
        {token
            .is_empty()
            .then(|| {
                view! {
                    <p class="notice" data-state="wait">
                        "Open the set-up link that the gateway printed when it started. It holds a one-time token and works for 24 hours."
                    </p>
                }
            })}
        <form method="post" action=Route::Setup.with(&[("token", &token)]) class="fields">
            <fieldset>
                <legend>"Account"</legend>
                {token.is_empty().then(|| view! { <Field name="token" label="One-time token" mono=true required=true /> })}
                {(!token.is_empty()).then(|| view! { <input type="hidden" name="token" value=token.clone() /> })}
                <Field name="login" label="Sign-in name" value=typed("login") autocomplete="username" required=true />
                <Field name="display_name" label="Your name" value=typed("display_name") autocomplete="name" required=true />
                <Field
                    name="password"
                    label="Password"
                    kind="password"
                    autocomplete="new-password"
                    hint="At least 12 characters; a sentence is fine."
                    required=true
                />
                <Field name="password_again" label="Password, again" kind="password" autocomplete="new-password" required=true />
            </fieldset>
            <p class="actions"><button type="submit" class="primary">"Create and sign in"</button></p>
        </form>
    }
}

/// The first connection, with the built-in sample filled in.
#[component]
pub(crate) fn SetupConnectionPage() -> impl IntoView {
    let page = facts();
    let own = use_query_map().with_untracked(|map| map.get("own").is_some());
    let mut settings = entries::fresh();
    let sample = page.sample.clone().filter(|_| !own);
    let mut open_secret = String::new();
    if let Some(sample) = &sample {
        "sample".clone_into(&mut settings.name);
        "The built-in sample model. Replace it with your own.".clone_into(&mut settings.description);
        settings.base_url.clone_from(&sample.base_url);
        settings.credential = CredentialKind::Bearer;
        // What was typed may name another server, which the sample's key is not for.
        if posted().value("base_url").is_none_or(|typed| typed == sample.base_url) {
            open_secret.clone_from(&sample.key);
        }
    }
    let action = Route::SetupConnection.with(&[("own", if own { "1" } else { "" })]);
    view! {
        <Step step=1 title="A model to stand in front of">
            <Done />
            <FormErrors />
            {if sample.is_some() {
                view! {
                    <p class="notice" data-state="wait">
                        <strong>"Sample: "</strong>
                        "filled in is the small stand-in model this gateway serves itself, so that you can see everything work now. "
                        <a href=Route::SetupConnection.with(&[("own", "1")]) rel="external">"Enter your own model server"</a>
                    </p>
                }
                    .into_any()
            } else {
                view! { <p class="soft">"Any server with an OpenAI-compatible interface: vLLM, llama.cpp, Ollama, TGI, …"</p> }
                    .into_any()
            }}
            <ConnectionForm
                settings=settings
                has_secret=false
                version=0
                action
                purpose=Purpose::Setup
                open_secret
            />
            <p class="soft">
                "Have one already? " <a href=Route::SetupHello.path()>"Go on to the hello"</a> "."
            </p>
        </Step>
    }
}

/// One real call through the whole gateway.
#[component]
pub(crate) fn SetupHelloPage() -> impl IntoView {
    let data = Resource::new(|| (), |()| load_connections());
    view! {
        <Step step=2 title="Say hello through the gateway">
            <Done />
            <FormErrors />
            {match posted().hello {
                Some(hello) => view! { <Heard hello /> }.into_any(),
                None => loaded(data, |list| view! { <SayHello list /> }.into_any()).into_any(),
            }}
        </Step>
    }
}

#[component]
fn SayHello(list: Vec<Connection>) -> impl IntoView {
    if list.is_empty() {
        return view! {
            <p>"There is no connection yet. " <a href=Route::SetupConnection.path()>"Make one first"</a> "."</p>
        }
        .into_any();
    }
    let asked = use_query_map().with_untracked(|map| map.get("connection"));
    let wanted = posted().value("connection").map(str::to_owned).or(asked).unwrap_or_default();
    let options: Vec<(String, String)> =
        list.into_iter().map(|c| (c.settings.name.clone(), c.settings.name)).collect();
    view! {
        <div class="stack">
            <p>
                "This sends one short message with an invented e-mail address in it. You will see what the model was given, what came back, and the ledger row that was written before."
            </p>
            <form method="post" action=Route::SetupHello.path() class="fields">
                <Choice name="connection" label="Connection" options value=wanted />
                <p class="actions"><button type="submit" class="primary">"Say hello"</button></p>
            </form>
        </div>
    }
    .into_any()
}

#[component]
fn Heard(hello: Hello) -> impl IntoView {
    let session = hello.session.map(|id| Route::Session(id).path());
    view! {
        <div class="card exchange-proof" role="status">
            <h2>"It works"</h2>
            <dl class="stack">
                <div><dt>"What was said to the gateway"</dt><dd class="turn-text">{hello.said}</dd></div>
                <div><dt>"What the model was given"</dt><dd class="turn-text">{hello.sent}</dd></div>
                <div><dt>"What came back"</dt><dd class="turn-text">{hello.answer}</dd></div>
                <div>
                    <dt>"Receipt"</dt>
                    <dd>
                        <code>{hello.receipt}</code>
                        <span class="soft block">
                            "Number and hash of the row that was written before the model saw a byte. Every answer carries its own, in the header x-countersign-receipt."
                        </span>
                    </dd>
                </div>
            </dl>
        </div>
        <p class="actions">
            <a class="button primary" href=Route::SetupDone.path()>"Go on"</a>
            {session.map(|href| view! { <a href=href>"See it in the record"</a> })}
        </p>
    }
}

/// What to paste to call the newest connection; the token comes from the Connect page.
#[component]
fn FirstSnippet(list: Vec<Connection>) -> impl IntoView {
    let page = facts();
    list.into_iter().max_by_key(|connection| connection.updated_at).map(|connection| {
        let settings = connection.settings;
        let sample = page.sample.as_ref().filter(|sample| sample.base_url == settings.base_url);
        let model = sample.map_or(MODEL_PLACE, |sample| sample.model.as_str());
        let base = snippet::base(&page.public_url, &settings.name, settings.client_root());
        let connect = Route::Connect.with(&[("connection", &settings.name)]);
        let blocks = snippet::snippets(&base, TOKEN_PLACE, model)
            .into_iter()
            .zip(0..)
            .map(|(snippet, at)| {
                let what = format!("{} snippet", snippet.client);
                view! {
                    <details open={at == 0}>
                        <summary>{snippet.client}</summary>
                        <CodeBlock text=snippet.text what />
                    </details>
                }
            })
            .collect_view();
        view! {
            <section class="card stack" aria-labelledby="first-snippet">
                <h2 id="first-snippet">"Call " {settings.name}</h2>
                <p>"Your client keeps its SDK; only its base URL and key change. " <a href=connect>"Make a token"</a> " and put it in."</p>
                <div class="snippets">{blocks}</div>
            </section>
        }
    })
}

/// What now.
#[component]
pub(crate) fn SetupDonePage() -> impl IntoView {
    let data = Resource::new(|| (), |()| load_connections());
    view! {
        <Step step=3 title="The gateway stands">
            {loaded(data, |list| view! { <FirstSnippet list /> }.into_any())}
            <ol class="todo">
                <li data-step="next">
                    <strong>"Call it"</strong>
                    <span><a href=Route::Connect.path()>"Make a token"</a> " and paste one of the snippets into your client."</span>
                </li>
                <li data-step="later">
                    <strong>"Let others in"</strong>
                    <span><a href=Route::NewPerson.path()>"Add people"</a> " and grant connections to their groups."</span>
                </li>
                <li data-step="later">
                    <strong>"Check it"</strong>
                    <span><a href=Route::Audit.path()>"Verify the chain"</a> " and learn what that proves."</span>
                </li>
            </ol>
            <p><a class="button primary" href=Route::Overview.path()>"To the overview"</a></p>
        </Step>
    }
}
