//! The chain: its honest state, the button that checks it, what a check cannot prove, and events that are no exchanges.

use countersign_model::{
    audit::{Broken, ChainState, EventView, Holder, Verification},
    page::Page,
    person::Role,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    api::audit::{CheckCommand, load_chain, load_events},
    components::{
        chain::{ChainBadge, HeadLine, kind_and_head},
        loaded::loaded,
        moment::MomentUtc,
        notice::{Done, Empty, FormErrors, Problem},
        shown::{CodeBlock, Hash},
    },
    context::viewer,
    error::UiError,
    live::{Feed, live},
    routes::Route,
    view::{
        happened::{self, Object},
        numbers,
    },
};

/// Chain and events.
#[component]
pub(crate) fn AuditPage() -> impl IntoView {
    view! {
        <Title text="Audit" />
        {if viewer().is_some_and(|viewer| viewer.audits()) {
            view! { <Record /> }.into_any()
        } else {
            view! { <Problem error=UiError::Forbidden whole=true /> }.into_any()
        }}
    }
}

#[component]
fn Record() -> impl IntoView {
    let news = live().news;
    let chain = Resource::new(move || news.get(), |_| load_chain());
    let query = use_query_map();
    let shown = RwSignal::new(0_u32);
    let events =
        Resource::new(move || (query.read().get("cursor"), shown.get()), |(cursor, _)| load_events(cursor));
    view! {
        <header class="page-head">
            <h1>"Audit"</h1>
            <p class="soft">"Every row of the ledger commits to the one before it. Nothing reaches a model before its row is written."</p>
        </header>
        <Done />
        <FormErrors />
        {loaded(chain, |(state, command)| view! { <Chain state command /> }.into_any())}
        <section class="after" aria-labelledby="events">
            <h2 id="events">"Events"</h2>
            <News shown events />
            {loaded(events, |page| view! { <Events page /> }.into_any())}
        </section>
    }
}

/// Offers events that came since the list was shown. An older page is not about news.
#[component]
fn News(shown: RwSignal<u32>, events: Resource<Result<Page<EventView>, UiError>>) -> impl IntoView {
    let live = live();
    let query = use_query_map();
    let waiting = RwSignal::new(0_i64);
    let last = StoredValue::new(None);
    Effect::new(move |before: Option<u32>| {
        let news = live.news.get();
        if before.is_some_and(|before| before != news)
            && query.with_untracked(|map| map.get("cursor")).is_none()
        {
            leptos::task::spawn_local(async move {
                let newest = load_events(None).await;
                let Some(last) = last.try_get_value() else { return };
                match newest {
                    Ok(newest) => {
                        let fresh = newest.rows.iter().filter(|event| Some(event.seq) > last).count();
                        waiting.try_set(i64::try_from(fresh).unwrap_or(i64::MAX));
                        live.went(None);
                    }
                    Err(error) => live.went(Some(&error)),
                }
            });
        }
        news
    });
    Effect::new(move || {
        events.with(|page| {
            if let Some(Ok(page)) = page {
                last.set_value(page.rows.first().map(|event| event.seq));
            }
        });
        waiting.set(0);
    });
    let show = move |_| shown.update(|count| *count = count.wrapping_add(1));
    let offer = move || Some(waiting.get()).filter(|count| *count > 0 && live.feed.get() != Feed::Out);
    view! {
        <p class="news js-only" role="status">
            {move || {
                offer().map(|count| {
                    view! {
                        <button type="button" on:click=show>
                            {numbers::plural(count, "new event", "new events")} " · show"
                        </button>
                    }
                })
            }}
        </p>
    }
}

#[component]
fn Chain(state: ChainState, command: CheckCommand) -> impl IntoView {
    let (kind, head) = kind_and_head(&state);
    let verification = match &state {
        ChainState::VerifiedByServer { verification, .. } | ChainState::Broken { verification, .. } => {
            Some(verification.clone())
        }
        ChainState::NotChecked { .. } | ChainState::VerifiedHere { .. } => None,
    };
    let root = head.root.clone();
    view! {
        <div class="columns">
            <section class="card chain" data-chain=kind aria-labelledby="chain">
                <h2 id="chain">"The chain"</h2>
                <ChainBadge state />
                {match verification {
                    Some(verification) => view! { <Checked verification /> }.into_any(),
                    None => {
                        view! {
                            <p>"Nobody has checked the chain since this gateway started. Rows are being added all the same."</p>
                        }
                            .into_any()
                    }
                }}
                <form method="post" action=Route::VerifyChain.path() class="actions">
                    <button type="submit" class="primary">"Verify the whole chain"</button>
                    <span class="soft">"Reads every row; the check is itself recorded."</span>
                </form>
                <dl class="pairs">
                    <div><dt>"Now"</dt><dd><HeadLine head /></dd></div>
                    <div><dt>"Root over all rows"</dt><dd><Hash text=root /></dd></div>
                </dl>
            </section>
            <Limits command />
        </div>
    }
}

#[component]
fn Checked(verification: Verification) -> impl IntoView {
    let rows = numbers::plural(verification.rows, "row", "rows");
    let took = numbers::micros(verification.micros);
    match verification.broken {
        Some(broken) => {
            let held = holder(&broken);
            view! {
            <div class="notice" data-state="stop" role="alert">
                <p><strong>"Row " {broken.seq} " does not hold."</strong> " " {broken.sentence} " " <code>{broken.code}</code></p>
                {broken
                    .hashes
                    .map(|hashes| {
                        view! {
                            <dl class="compared">
                                <div><dt>"Expected"</dt><dd><code>{hashes.expected}</code></dd></div>
                                <div><dt>"Found"</dt><dd><code>{hashes.found}</code></dd></div>
                            </dl>
                        }
                    })}
                {match held {
                    Some((href, words)) => view! { <p><a href=href rel="external">{words}</a></p> }.into_any(),
                    None => {
                        view! { <p>"No session and no event here shows this row: it may have been altered before it was listed."</p> }
                            .into_any()
                    }
                }}
                <p>
                    "Rows before it hold. Treat everything from here on as unproven, keep a copy of the database, and compare it with an exported head."
                </p>
            </div>
        }
        .into_any()
        }
        None => view! {
            <ol class="steps-done">
                <li>{rows} " read in " {took} ", " <MomentUtc at=verification.at /></li>
                <li>"Every hash recomputed from the row's bytes"</li>
                <li>"Every link to the row before intact"</li>
                <li>
                    {if verification.open_intents == 0 {
                        "Every intent has its outcome".to_owned()
                    } else {
                        format!(
                            "{} without an outcome yet",
                            numbers::plural(verification.open_intents, "intent", "intents"),
                        )
                    }}
                </li>
            </ol>
        }
        .into_any(),
    }
}

/// Where the row is shown, and what to call it.
fn holder(broken: &Broken) -> Option<(String, String)> {
    let seq = broken.seq;
    Some(match broken.holder.as_ref()? {
        Holder::Exchange { session, exchange, cursor } => (
            format!("{}#{exchange}", Route::Session(*session).with(&[("cursor", cursor)])),
            format!("See the exchange that row {seq} belongs to"),
        ),
        Holder::Event => (
            format!("{}#row-{seq}", Route::Audit.with(&[("cursor", &(seq + 1).to_string())])),
            format!("See the event of row {seq}"),
        ),
    })
}

#[component]
fn Limits(command: CheckCommand) -> impl IntoView {
    let (title, note) = if command.needs_database {
        (
            "Check without this server, with the same code",
            "Reads the same database directly. Put its address where the dots are; the data folder holds the head that this node remembers outside the database.",
        )
    } else {
        (
            "Check without this server, with the same code",
            "Reads the database in the data folder directly, also while the server is stopped, and compares it with the head that is remembered outside it.",
        )
    };
    view! {
        <section class="card stack" aria-labelledby="limits">
            <h2 id="limits">"What a check does not prove"</h2>
            <ul class="bullets">
                <li>"That this server tells the truth about its own database: check without it."</li>
                <li>"That the newest rows were not cut off: compare the row count with one you kept elsewhere."</li>
                <li>"That what a caller meant is what they sent, or that masking found everything."</li>
            </ul>
            <h3>{title}</h3>
            <CodeBlock text=command.text what="command" />
            <p class="soft">{note}</p>
        </section>
    }
}

#[component]
fn Events(page: Page<EventView>) -> impl IntoView {
    if page.rows.is_empty() {
        return view! {
            <Empty title="No events on this page">
                <p><a href=Route::Audit.path()>"To the newest"</a></p>
            </Empty>
        }
        .into_any();
    }
    let next = page.next.map(|cursor| format!("{}#events", Route::Audit.with(&[("cursor", &cursor)])));
    let rows = page.rows.into_iter().map(|event| view! { <Event event /> }).collect_view();
    view! {
        <div class="table events">
            <table>
                <caption class="unseen">"Events, newest first"</caption>
                <thead>
                    <tr>
                        <th scope="col" class="num">"Row"</th>
                        <th scope="col">"When"</th>
                        <th scope="col">"Who"</th>
                        <th scope="col">"What"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <nav class="pager" aria-label="Pages">
            <a class="button" href=Route::Audit.path()>"Newest"</a>
            {next.map(|next| view! { <a class="button" href=next rel="next">"Older"</a> })}
        </nav>
    }
    .into_any()
}

#[component]
fn Event(event: EventView) -> impl IntoView {
    let told = happened::happened(&event.facts);
    let details = happened::details(&event.facts);
    let facts = event.facts;
    // The line opens and closes; what it is about is linked inside, because a link may not stand in a button.
    let (object, link) = match told.object {
        Object::Nothing => (String::new(), None),
        Object::Words(words) => (words, None),
        Object::Person(id, login) => {
            let admin = viewer().is_some_and(|viewer| viewer.is(Role::Admin));
            let link = admin.then(|| ("Person", Route::Person(id).path(), login.clone()));
            (login, link)
        }
        Object::Session(id, caller) => {
            let whose = if caller.is_empty() { String::new() } else { format!("of {caller}") };
            (whose, Some(("Session", Route::Session(id).path(), id.to_string())))
        }
    };
    let object = (!object.is_empty()).then(|| view! { " " <strong>{object}</strong> });
    let link =
        link.map(|(name, href, words)| view! { <div><dt>{name}</dt><dd><a href=href>{words}</a></dd></div> });
    let items = details
        .into_iter()
        .map(|(name, value)| view! { <div><dt>{name}</dt><dd>{value}</dd></div> })
        .collect_view();
    let who = if facts.actor.is_empty() {
        view! { <span class="soft">"somebody unknown"</span> }.into_any()
    } else {
        facts.actor.into_any()
    };
    let anchor = format!("row-{}", event.seq);
    let href = format!("#{anchor}");
    view! {
        <tr id=anchor>
            <td class="num" data-th="Row"><a href=href rel="external" data-row="">{event.seq}</a></td>
            <td data-th="When"><span><MomentUtc at=event.at /></span></td>
            <td data-th="Who" class="word"><span>{who}</span></td>
            <th scope="row" data-th="What">
                <details class="event">
                    <summary>
                        {told.verb} {object}
                        {told.failed.then(|| view! { " " <strong class="failed">"– it failed"</strong> })}
                    </summary>
                    <dl class="pairs">
                        {link}
                        {items}
                        <div><dt>"Recorded as"</dt><dd><code>{facts.event}</code></dd></div>
                        {(!facts.peer.is_empty()).then(|| view! { <div><dt>"From"</dt><dd><code>{facts.peer}</code></dd></div> })}
                        <div><dt>"Hash"</dt><dd><code class="whole">{event.leaf_hash}</code></dd></div>
                    </dl>
                </details>
            </th>
        </tr>
    }
}
