//! How to call a model: the connections granted to me, my tokens, and what to paste.

use countersign_model::{connection::Granted, form::IssuedToken, token::Token};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
};

use crate::{
    api::connections::{load_my_connections, load_my_tokens},
    components::{
        field::{Choice, Field, Tick},
        loaded::loaded,
        moment::Moment,
        notice::{Done, Empty, FormErrors},
        shown::{CodeBlock, CopyButton},
        tokens::TokenList,
    },
    context::{facts, posted},
    routes::Route,
    view::{
        numbers,
        snippet::{self, MODEL_PLACE, TOKEN_PLACE},
    },
};

/// Connections, tokens, snippets.
#[component]
pub(crate) fn ConnectPage() -> impl IntoView {
    let data = Resource::new(
        || (),
        |()| async move {
            let connections = load_my_connections().await?;
            let tokens = load_my_tokens().await?;
            Ok((connections, tokens))
        },
    );
    view! {
        <Title text="Connect" />
        <header class="page-head">
            <h1>"Connect"</h1>
            <p class="soft">"Point any OpenAI-compatible client at the gateway instead of at the model."</p>
        </header>
        <Done />
        <FormErrors />
        {posted().issued.map(|issued| view! { <Issued issued /> })}
        {loaded(data, |(connections, tokens)| view! { <Desk connections tokens /> }.into_any())}
    }
}

/// The one time a token is shown.
#[component]
fn Issued(issued: IssuedToken) -> impl IntoView {
    view! {
        <section class="issued" role="status" aria-labelledby="issued">
            <h2 id="issued">"Your new token “" {issued.token.label} "”"</h2>
            <p>"Copy it now: it is not stored in readable form and cannot be shown again."</p>
            <p class="secret">
                <code>{issued.secret.clone()}</code>
                <CopyButton text=issued.secret what="token" />
            </p>
            <p class="soft">"Works until " <Moment at=issued.token.expires_at /> "."</p>
        </section>
    }
}

#[component]
fn Desk(connections: Vec<Granted>, tokens: Vec<Token>) -> impl IntoView {
    if !crate::context::viewer().is_some_and(|viewer| viewer.calls()) {
        return view! {
            <Empty title="Your roles do not include calling models">
                <p>"An administrator can add the role “User”. Reading the record needs no token."</p>
            </Empty>
        }
        .into_any();
    }
    if connections.is_empty() {
        return view! {
            <Empty title="No connection is granted to you yet">
                <p>"An administrator grants connections to groups. Yours: " {group_words()} "."</p>
            </Empty>
            <TokenList tokens names=Vec::new() action=Route::RevokeToken.path() field="id" own=true />
        }
        .into_any();
    }
    let names = connections.iter().map(|connection| (connection.id, connection.name.clone())).collect();
    let asked = asked_for();
    let chosen = {
        let connections = connections.clone();
        Memo::new(move |_| chosen(&connections, asked.get().as_deref()))
    };
    view! {
        <div class="columns">
            <Paste connections=connections.clone() chosen />
            <Issue connections=connections.clone() chosen />
        </div>
        <TokenList tokens names action=Route::RevokeToken.path() field="id" own=true />
    }
    .into_any()
}

fn group_words() -> String {
    let groups = crate::context::viewer().map(|viewer| viewer.groups).unwrap_or_default();
    if groups.is_empty() { "none".to_owned() } else { groups.join(", ") }
}

/// The name of a connection in the address, or in the form that came back.
fn asked_for() -> Memo<Option<String>> {
    let query = use_query_map();
    let typed = posted().value("connection").map(str::to_owned);
    Memo::new(move |_| query.read().get("connection").or_else(|| typed.clone()))
}

/// The connection that is asked for, if it is granted; else the first.
fn chosen(connections: &[Granted], wanted: Option<&str>) -> Option<Granted> {
    let named = connections.iter().find(|connection| Some(connection.name.as_str()) == wanted);
    named.or(connections.first()).cloned()
}

/// Most connections that are shown side by side; more are chosen from a list.
const SIDE_BY_SIDE: usize = 6;

#[component]
fn Paste(connections: Vec<Granted>, chosen: Memo<Option<Granted>>) -> impl IntoView {
    let page = facts();
    let secret = posted().issued.map_or_else(|| TOKEN_PLACE.to_owned(), |issued| issued.secret);
    let base = {
        let page = page.clone();
        Memo::new(move |_| {
            chosen.get().map(|it| snippet::base(&page.public_url, &it.name, &it.root)).unwrap_or_default()
        })
    };
    let snippets = Memo::new(move |_| {
        let sample = page.sample.as_ref().filter(|_| chosen.get().is_some_and(|it| it.is_sample));
        let model = sample.map_or(MODEL_PLACE, |sample| sample.model.as_str());
        snippet::snippets(&base.get(), &secret, model)
    });
    let blocks = snippets
        .get_untracked()
        .into_iter()
        .enumerate()
        .map(|(at, first)| {
            let what = format!("{} snippet", first.client);
            let text = Signal::derive(move || {
                snippets.with(|all| all.get(at).map(|snippet| snippet.text.clone()).unwrap_or_default())
            });
            view! {
                <details open={at == 0}>
                    <summary>{first.client}</summary>
                    <CodeBlock text what />
                </details>
            }
        })
        .collect_view();
    view! {
        <section class="card stack" aria-labelledby="paste">
            <h2 id="paste">"Paste into your client"</h2>
            {if connections.len() > SIDE_BY_SIDE {
                view! { <FromList connections chosen /> }.into_any()
            } else {
                view! { <SideBySide connections chosen /> }.into_any()
            }}
            <p class="secret">
                <span class="soft">"Base URL "</span>
                <code>{move || base.get()}</code>
                <CopyButton text=base what="base URL" />
            </p>
            <div class="snippets">{blocks}</div>
        </section>
    }
}

#[component]
fn SideBySide(connections: Vec<Granted>, chosen: Memo<Option<Granted>>) -> impl IntoView {
    let choices = connections
        .into_iter()
        .map(|connection| {
            let href = Route::Connect.with(&[("connection", &connection.name)]);
            let name = connection.name.clone();
            let current =
                move || chosen.with(|it| it.as_ref().is_some_and(|it| it.name == name)).then_some("true");
            view! {
                <li>
                    <a href=href aria-current=current>{connection.name}</a>
                    <small class="soft block">{connection.description}</small>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="choices" aria-label="Connections granted to you">{choices}</ul> }
}

/// A list with type-ahead, and a button that needs no script.
#[component]
fn FromList(connections: Vec<Granted>, chosen: Memo<Option<Granted>>) -> impl IntoView {
    let name_of = |it: &Option<Granted>| it.as_ref().map(|it| it.name.clone()).unwrap_or_default();
    let name = move || chosen.with(name_of);
    let count = numbers::count(i64::try_from(connections.len()).unwrap_or(i64::MAX));
    let first = chosen.with_untracked(name_of);
    let options = connections
        .into_iter()
        .map(|connection| {
            let is_chosen = connection.name == first;
            view! { <option value=connection.name.clone() selected=is_chosen>{connection.name.clone()}</option> }
        })
        .collect_view();
    let navigate = use_navigate();
    let choose = move |event| {
        let target = Route::Connect.with(&[("connection", &event_target_value(&event))]);
        navigate(&target, NavigateOptions { scroll: false, ..NavigateOptions::default() });
    };
    view! {
        <form method="get" action=Route::Connect.path() class="choose">
            <label for="connection">"Connection, of " {count} " granted to you"</label>
            <select id="connection" name="connection" on:change=choose prop:value=name>{options}</select>
            <button type="submit" class="no-js">"Show"</button>
            <p class="soft">{move || chosen.with(|it| it.as_ref().map(|it| it.description.clone()))}</p>
        </form>
    }
}

#[component]
fn Issue(connections: Vec<Granted>, chosen: Memo<Option<Granted>>) -> impl IntoView {
    let form = posted();
    let label = form.value("label").unwrap_or_default().to_owned();
    let lifetime = form.value("lifetime_seconds").unwrap_or("604800").to_owned();
    let most = form.value("max_uses").unwrap_or_default().to_owned();
    let lifetimes = [
        ("3600", "1 hour"),
        ("28800", "8 hours"),
        ("86400", "1 day"),
        ("604800", "7 days"),
        ("2592000", "30 days"),
    ]
    .map(|(seconds, words)| (seconds.to_owned(), words.to_owned()))
    .to_vec();
    let ticked = |id: &str| form.values.iter().any(|(field, value)| field == "scope" && value == id);
    let many = connections.len() > SIDE_BY_SIDE;
    let any = connections.iter().any(|connection| ticked(&connection.id.to_string()));
    // The one whose snippets are shown is the one most often meant: it comes first. Ticks stay where they are when another
    // is chosen.
    let first = chosen.get_untracked().filter(|_| many).map(|it| it.id);
    let (mut ahead, mut rest) = (Vec::new(), Vec::new());
    for connection in connections {
        let id = connection.id.to_string();
        let tick = view! { <Tick name="scope" on=ticked(&id) value=id label=connection.name /> };
        if !many || Some(connection.id) == first { ahead.push(tick) } else { rest.push(tick) }
    }
    let others = (!rest.is_empty()).then(|| {
        let count = numbers::plural(i64::try_from(rest.len()).unwrap_or(i64::MAX), "other", "others");
        view! {
            <details class="other-ticks" open=any>
                <summary>{count}</summary>
                <div class="ticks">{rest}</div>
            </details>
        }
    });
    let wrong = form.error("scope").map(str::to_owned);
    // Whoever chose a connection finds it chosen when the token is there.
    let asked = asked_for();
    view! {
        <section class="card" aria-labelledby="issue">
            <h2 id="issue">"New token"</h2>
            <form method="post" action=Route::Connect.path() class="fields">
                {move || {
                    asked
                        .get()
                        .map(|_| {
                            let name = chosen.get().map(|it| it.name).unwrap_or_default();
                            view! { <input type="hidden" name="connection" value=name /> }
                        })
                }}
                <Field
                    name="label"
                    label="What is it for?"
                    value=label
                    hint="Shown in lists, such as “laptop” or “nightly job”."
                    required=true
                />
                <Choice name="lifetime_seconds" label="Works for" options=lifetimes value=lifetime />
                <Field name="max_uses" label="At most so many calls" value=most inputmode="numeric" hint="Empty: no limit." />
                <div class="field" role="group" aria-labelledby="scope-label">
                    <strong id="scope-label">"Only for"</strong>
                    <div class="ticks">{ahead}</div>
                    {others}
                    <p class="hint">"None ticked: every connection granted to you, also later ones."</p>
                    {wrong.map(|wrong| view! { <p class="wrong">{wrong}</p> })}
                </div>
                <button type="submit" class="primary">"Make a token"</button>
            </form>
        </section>
    }
}
