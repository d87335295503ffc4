//! How to call a model: the connections granted to me, my tokens, and what to paste.

use countersign_model::{connection::Connection, form::IssuedToken, token::Token};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    api::connections::{load_my_connections, load_my_tokens},
    components::{
        badge::Badge,
        field::{Choice, Field, Tick},
        loaded::loaded,
        moment::{Moment, MomentOr},
        notice::{Done, Empty, FormErrors},
        shown::{CodeBlock, CopyButton},
    },
    context::{facts, posted},
    live::live,
    routes::Route,
    view::{
        numbers,
        snippet::{self, MODEL_PLACE, TOKEN_PLACE},
        words,
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
fn Desk(connections: Vec<Connection>, tokens: Vec<Token>) -> impl IntoView {
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
            <Tokens tokens connections=Vec::new() />
        }
        .into_any();
    }
    view! {
        <div class="columns">
            <Paste connections=connections.clone() />
            <Issue connections=connections.clone() />
        </div>
        <Tokens tokens connections />
    }
    .into_any()
}

fn group_words() -> String {
    let groups = crate::context::viewer().map(|viewer| viewer.groups).unwrap_or_default();
    if groups.is_empty() { "none".to_owned() } else { groups.join(", ") }
}

#[component]
fn Paste(connections: Vec<Connection>) -> impl IntoView {
    let wanted = use_query_map().with_untracked(|map| map.get("connection"));
    let chosen = connections
        .iter()
        .find(|connection| Some(&connection.settings.name) == wanted.as_ref())
        .or(connections.first())
        .map(|connection| connection.settings.name.clone())
        .unwrap_or_default();
    let page = facts();
    let secret = posted().issued.map_or_else(|| TOKEN_PLACE.to_owned(), |issued| issued.secret);
    let sample = page.sample.as_ref().filter(|sample| {
        connections.iter().any(|connection| {
            connection.settings.name == chosen && connection.settings.base_url == sample.base_url
        })
    });
    let model = sample.map_or(MODEL_PLACE, |sample| sample.model.as_str()).to_owned();
    let base = snippet::base(&page.public_url, &chosen);
    let choices = connections
        .into_iter()
        .map(|connection| {
            let name = connection.settings.name;
            let current = (name == chosen).then_some("true");
            view! {
                <li>
                    <a href=Route::Connect.with(&[("connection", &name)]) rel="external" aria-current=current>{name.clone()}</a>
                    <small class="soft block">{connection.settings.description}</small>
                </li>
            }
        })
        .collect_view();
    let blocks = snippet::snippets(&base, &secret, &model)
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
        <section class="card stack" aria-labelledby="paste">
            <h2 id="paste">"Paste into your client"</h2>
            <ul class="choices" aria-label="Connections granted to you">{choices}</ul>
            <p class="secret">
                <span class="soft">"Base URL "</span>
                <code>{base.clone()}</code>
                <CopyButton text=base what="base URL" />
            </p>
            <div class="snippets">{blocks}</div>
        </section>
    }
}

#[component]
fn Issue(connections: Vec<Connection>) -> impl IntoView {
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
    let ticks = connections
        .into_iter()
        .map(|connection| {
            let id = connection.id.to_string();
            let on = form.values.iter().any(|(field, value)| field == "scope" && *value == id);
            view! { <Tick name="scope" value=id label=connection.settings.name on /> }
        })
        .collect_view();
    view! {
        <section class="card" aria-labelledby="issue">
            <h2 id="issue">"New token"</h2>
            <form method="post" action=Route::Connect.path() class="fields">
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
                    <div class="ticks">{ticks}</div>
                    <p class="hint">"None ticked: every connection granted to you, also later ones."</p>
                </div>
                <button type="submit" class="primary">"Make a token"</button>
            </form>
        </section>
    }
}

#[component]
fn Tokens(tokens: Vec<Token>, connections: Vec<Connection>) -> impl IntoView {
    if tokens.is_empty() {
        return view! { <p class="soft after">"You have no tokens yet."</p> }.into_any();
    }
    let rows = tokens
        .into_iter()
        .map(|token| {
            let names = token.scope.as_ref().map(|scope| {
                let name = |id| {
                    connections
                        .iter()
                        .find(|connection| connection.id == id)
                        .map_or_else(|| "one you no longer have".to_owned(), |c| c.settings.name.clone())
                };
                scope.iter().map(|id| name(*id)).collect::<Vec<_>>().join(", ")
            });
            view! { <TokenRow token names action=Route::RevokeToken.path() field="id" /> }
        })
        .collect_view();
    view! {
        <section class="after" aria-labelledby="tokens">
            <h2 id="tokens">"My tokens"</h2>
            <TokenTable>{rows}</TokenTable>
        </section>
    }
    .into_any()
}

/// The head of a token table.
#[component]
pub(crate) fn TokenTable(children: Children) -> impl IntoView {
    view! {
        <div class="table">
            <table>
                <caption class="unseen">"Tokens"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Token"</th>
                        <th scope="col">"State"</th>
                        <th scope="col">"Opens"</th>
                        <th scope="col" class="num">"Calls"</th>
                        <th scope="col">"Last used"</th>
                        <th scope="col">"Until"</th>
                        <th scope="col"><span class="unseen">"Revoke"</span></th>
                    </tr>
                </thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
}

/// A token with its revoke button. `names`: the connections it opens, `None` for all that are granted.
/// `field`: what the form calls the token's id.
#[component]
pub(crate) fn TokenRow(
    token: Token,
    names: Option<String>,
    action: String,
    field: &'static str,
) -> impl IntoView {
    let start = facts().now;
    let now = live().now;
    let (_, at_first) = words::token(&token, Some(start));
    let is_usable = at_first == words::USABLE;
    let uses = match token.max_uses {
        Some(most) => format!("{} of {most}", token.uses),
        None => numbers::count(i64::from(token.uses)),
    };
    let id = token.id.to_string();
    let row = token.clone();
    let state = move || {
        let (state, word) = words::token(&row, Some(now.get().unwrap_or(start)));
        view! { <Badge state words=word /> }
    };
    let label = token.label.clone();
    let revoke = format!("Revoke {label}…");
    view! {
        <tr>
            <th scope="row" data-th="Token">
                <span>{token.label} <small class="block soft"><code>{token.hint} "…"</code></small></span>
            </th>
            <td data-th="State"><span>{state}</span></td>
            <td data-th="Opens">{names.unwrap_or_else(|| "all granted".to_owned())}</td>
            <td data-th="Calls" class="num">{uses}</td>
            <td data-th="Last used"><span><MomentOr at=token.last_used_at never="never" /></span></td>
            <td data-th="Until"><span><Moment at=token.expires_at /></span></td>
            <td>
                {is_usable
                    .then(|| {
                        view! {
                            <details class="ask">
                                <summary class="button danger" aria-label=revoke.clone()>"Revoke…"</summary>
                                <form method="post" action=action class="actions">
                                    <input type="hidden" name="action" value="revoke-token" />
                                    <input type="hidden" name=field value=id />
                                    <p>"Whoever uses it is refused from the next call on. This cannot be taken back."</p>
                                    <button type="submit" class="danger" aria-label=format!("Revoke for good: {label}")>"Revoke for good"</button>
                                </form>
                            </details>
                        }
                    })}
            </td>
        </tr>
    }
}
