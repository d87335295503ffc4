//! Somebody's gateway tokens: those that open something first, the others folded away.

use countersign_model::{ConnectionId, token::Token};
use leptos::prelude::*;

use super::{
    badge::Badge,
    moment::{Moment, MomentOr},
};
use crate::{
    context::facts,
    live::live,
    view::{numbers, words},
};

/// The tokens, with their buttons. `names`: of the connections they may be for. `field`: what the form calls a token's id.
/// `own`: they are those of whoever looks.
#[component]
pub(crate) fn TokenList(
    tokens: Vec<Token>,
    names: Vec<(ConnectionId, String)>,
    action: String,
    field: &'static str,
    own: bool,
) -> impl IntoView {
    let start = facts().now;
    let (open, spent): (Vec<Token>, Vec<Token>) =
        tokens.into_iter().partition(|token| words::token(token, Some(start)).1 == words::USABLE);
    let none = match (open.is_empty(), own) {
        (false, _) => None,
        (true, true) => Some("You have no token that works."),
        (true, false) => Some("No token that works."),
    };
    let rows = |tokens: Vec<Token>| {
        tokens
            .into_iter()
            .map(|token| {
                let names = token.scope.as_ref().map(|scope| named(scope, &names));
                view! { <TokenRow token names action=action.clone() field /> }
            })
            .collect_view()
            .into_any()
    };
    let spent = (!spent.is_empty()).then(|| {
        let count = i64::try_from(spent.len()).unwrap_or(i64::MAX);
        let count = numbers::plural(count, "token that opens", "tokens that open");
        let rows = rows(spent);
        view! {
            <details>
                <summary>{count} " nothing any more"</summary>
                <TokenTable>{rows}</TokenTable>
            </details>
        }
    });
    let open = if let Some(words) = none {
        view! { <p class="soft">{words}</p> }.into_any()
    } else {
        let rows = rows(open);
        view! { <TokenTable>{rows}</TokenTable> }.into_any()
    };
    view! {
        <section class="after" aria-labelledby="tokens">
            <h2 id="tokens">{if own { "My tokens" } else { "Tokens" }}</h2>
            {open}
            {spent}
        </section>
    }
}

/// The names of a token's connections; those that are not known are counted.
fn named(scope: &[ConnectionId], names: &[(ConnectionId, String)]) -> Vec<String> {
    let name = |id: &ConnectionId| names.iter().find(|(known, _)| known == id).map(|(_, name)| name.clone());
    let mut named: Vec<String> = scope.iter().filter_map(name).collect();
    let gone = scope.len() - named.len();
    if gone > 0 {
        named.push(format!("{gone} no longer there"));
    }
    named
}

/// The head of a token table.
#[component]
fn TokenTable(children: Children) -> impl IntoView {
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

/// Most names of connections that a token's row shows unasked.
const NAMES_SHOWN: usize = 3;

/// What a token opens; `None`: all that is granted.
fn opens(names: Option<Vec<String>>) -> AnyView {
    match names {
        None => "all granted".into_any(),
        Some(names) if names.len() <= NAMES_SHOWN => names.join(", ").into_any(),
        Some(names) => {
            let count = numbers::count(i64::try_from(names.len()).unwrap_or(i64::MAX));
            view! { <details><summary>{count} " connections"</summary>{names.join(", ")}</details> }
                .into_any()
        }
    }
}

/// A token with its revoke button. `names`: the connections it opens, `None` for all that are granted.
/// `field`: what the form calls the token's id.
#[component]
fn TokenRow(token: Token, names: Option<Vec<String>>, action: String, field: &'static str) -> impl IntoView {
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
            <td data-th="Opens"><span>{opens(names)}</span></td>
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
