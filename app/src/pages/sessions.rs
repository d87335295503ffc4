//! The list of sessions: filters in the URL, chips to take them off, pages by cursor, rows that never move by themselves.

use countersign_model::{
    exchange::{End, SessionFilter, SessionSummary},
    page::Page,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};

use crate::{
    api::sessions::load_sessions,
    components::{
        badge::{EndBadge, Entities},
        loaded::loaded,
        masked::MaskedText,
        moment::Moment,
        notice::{Done, Empty},
    },
    context::viewer,
    error::UiError,
    live::{self, Feed, live},
    routes::Route,
    view::{filter, numbers, time, words},
};

/// The list. With scripts, filters apply as they change and news are offered, never pushed under the pointer.
#[component]
pub(crate) fn SessionsPage() -> impl IntoView {
    let search = use_location().search;
    let shown = RwSignal::new(0_u32);
    let data = Resource::new(move || (search.get(), shown.get()), |(query, _)| load_sessions(query));
    let everybody = viewer().is_some_and(|viewer| viewer.audits());
    view! {
        <Title text="Sessions" />
        <header class="page-head">
            <h1>{if everybody { "Sessions" } else { "My sessions" }}</h1>
            <p class="soft">"Calls of one caller to one connection, with pauses under half an hour."</p>
        </header>
        <Done />
        {move || view! { <Filters filter=filter::parse(&search.get()).0 everybody /> }}
        <News shown data />
        {loaded(data, move |page| {
            let (filter, cursor) = filter::parse(&search.get_untracked());
            view! { <List page filter paged=cursor.is_some() /> }.into_any()
        })}
    }
}

type Sessions = Resource<Result<Page<SessionSummary>, UiError>>;

/// Offers news instead of moving rows: how many sessions of this list are new or have changed since it was shown. Older pages
/// are not about news.
#[component]
fn News(shown: RwSignal<u32>, data: Sessions) -> impl IntoView {
    let live = live();
    let search = use_location().search;
    let waiting = RwSignal::new(0_usize);
    let known = StoredValue::new(Vec::<SessionSummary>::new());
    Effect::new(move |before: Option<u32>| {
        let exchanges = live.exchanges.get();
        let query = search.get_untracked();
        if before.is_some_and(|before| before != exchanges) && filter::parse(&query).1.is_none() {
            leptos::task::spawn_local(async move {
                let newest = load_sessions(query.clone()).await;
                // A page that is left takes its signals along.
                let (Some(here), Some(known)) = (search.try_get_untracked(), known.try_get_value()) else {
                    return;
                };
                match newest {
                    Ok(newest) => {
                        live.went(None);
                        if here == query {
                            waiting.try_set(moved(&known, &newest.rows));
                        }
                    }
                    Err(error) => live.went(Some(&error)),
                }
            });
        }
        exchanges
    });
    // Whatever is loaded is the newest there is.
    Effect::new(move || {
        data.with(|page| {
            if let Some(Ok(page)) = page {
                known.set_value(page.rows.clone());
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
                            {numbers::plural(i64::try_from(count).unwrap_or(i64::MAX), "session has news", "sessions have news")}
                            " · show"
                        </button>
                    }
                })
            }}
        </p>
    }
}

/// How many of the newest rows are not among the known ones as they are.
fn moved(known: &[SessionSummary], newest: &[SessionSummary]) -> usize {
    newest.iter().filter(|row| !known.contains(row)).count()
}

#[component]
fn Filters(filter: SessionFilter, everybody: bool) -> impl IntoView {
    let chips = filter::chips(&filter)
        .into_iter()
        .map(|chip| {
            let remove = format!("Remove the filter {}: {}", chip.field, chip.value);
            view! {
                <li class="chip">
                    <span>{chip.field} ": " <strong>{chip.value}</strong></span>
                    <a href=chip.without aria-label=remove>"✕"</a>
                </li>
            }
        })
        .collect_view();
    let any = filter::chips(&filter).len();
    let ended = filter.end.clone().unwrap_or_default();
    let ends = End::ALL
        .into_iter()
        .map(|end| {
            let chosen = end.name() == ended;
            view! { <option value=end.name() selected=chosen>{words::end(end)}</option> }
        })
        .collect_view();
    let since = time::local_input(filter.since.as_deref().unwrap_or_default());
    let until = time::local_input(filter.until.as_deref().unwrap_or_default());
    let navigate = use_navigate();
    let search = use_location().search;
    let apply = move |event: leptos::ev::Event| {
        let typed = live::form_values(&event, &filter::NAMES);
        let pairs: Vec<(&str, &str)> = typed.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let target = Route::Sessions.with(&pairs);
        // Enter changes and sends at once: one step back must lead to the list before.
        if target != filter::address(&search.get_untracked()) {
            navigate(&target, NavigateOptions { scroll: false, ..NavigateOptions::default() });
        }
    };
    let send = {
        let apply = apply.clone();
        move |event: leptos::ev::SubmitEvent| {
            event.prevent_default();
            apply(event.into());
        }
    };
    let typed = |value: &Option<String>| value.clone().unwrap_or_default();
    let (caller, connection, entity) =
        (typed(&filter.caller), typed(&filter.connection), typed(&filter.entity));
    view! {
        <form class="filters" method="get" action=Route::Sessions.path() role="search" on:change=apply on:submit=send>
            {everybody
                .then(|| {
                    view! {
                        <label>
                            "Caller"
                            <input
                                type="search"
                                name="caller"
                                value=caller.clone()
                                prop:value=caller
                                data-filter=""
                                placeholder="part of a name"
                            />
                        </label>
                    }
                })}
            <label>
                "Connection"
                <input
                    type="search"
                    name="connection"
                    value=connection.clone()
                    prop:value=connection
                    data-filter=""
                    placeholder="exact name"
                />
            </label>
            <label>
                "Found"
                <input
                    type="search"
                    name="entity"
                    value=entity.clone()
                    prop:value=entity
                    placeholder="EMAIL_ADDRESS"
                    list="entities"
                />
            </label>
            <datalist id="entities">
                {["EMAIL_ADDRESS", "PHONE_NUMBER", "CREDIT_CARD", "IBAN_CODE", "IP_ADDRESS", "US_SSN"]
                    .map(|name| view! { <option value=name></option> })
                    .collect_view()}
            </datalist>
            <label>
                "Ended" <select name="end" prop:value=ended>
                    <option value="">"any way"</option>
                    {ends}
                </select>
            </label>
            <label>"Since, UTC" <input type="datetime-local" name="since" value=since.clone() prop:value=since /></label>
            <label>"Until, UTC" <input type="datetime-local" name="until" value=until.clone() prop:value=until /></label>
            <button type="submit">"Apply"</button>
        </form>
        {(any > 0)
            .then(|| {
                view! {
                    <ul class="chips filter-chips" aria-label="Filters that are set">
                        {chips}
                        {(any > 1).then(|| view! { <li><a href=Route::Sessions.path()>"Remove all"</a></li> })}
                    </ul>
                }
            })}
    }
}

#[component]
fn List(page: Page<SessionSummary>, filter: SessionFilter, paged: bool) -> impl IntoView {
    if page.rows.is_empty() {
        return view! { <Nothing filter paged /> }.into_any();
    }
    let count = page.rows.len();
    let rows = page.rows.into_iter().map(|row| view! { <Row row /> }).collect_view();
    let first = filter::link(&filter, None);
    let next = page.next.map(|cursor| filter::link(&filter, Some(&cursor)));
    view! {
        <div class="table session-list">
            <table>
                <caption class="unseen">{format!("{count} sessions, newest first")}</caption>
                <thead>
                    <tr>
                        <th scope="col">"Last call"</th>
                        <th scope="col">"Caller"</th>
                        <th scope="col">"Connection"</th>
                        <th scope="col">"Last prompt"</th>
                        <th scope="col">"Masked"</th>
                        <th scope="col" class="num">"Calls"</th>
                        <th scope="col">"Ended"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <nav class="pager" aria-label="Pages">
            {paged.then(|| view! { <a class="button" href=first>"Newest"</a> })}
            {next.map(|next| view! { <a class="button" href=next rel="next">"Older"</a> })}
        </nav>
    }
    .into_any()
}

#[component]
fn Row(row: SessionSummary) -> impl IntoView {
    let href = Route::Session(row.id).path();
    let known = row.entities.iter().map(|(entity, _)| entity.clone()).collect();
    let calls = numbers::count(row.exchanges);
    let preview = if row.preview.is_empty() {
        view! { <span class="soft">"no text recorded"</span> }.into_any()
    } else {
        view! { <MaskedText text=row.preview known /> }.into_any()
    };
    view! {
        <tr>
            <td data-th="Last call"><span><a href=href data-row=""><Moment at=row.last_at /></a></span></td>
            <td data-th="Caller">{row.caller}</td>
            <td data-th="Connection">
                <span>{row.connection_name} {row.model.map(|model| view! { <small class="soft block">{model}</small> })}</span>
            </td>
            <td class="preview" data-th="Last prompt"><span>{preview}</span></td>
            <td data-th="Masked"><Entities list=row.entities /></td>
            <td class="num" data-th="Calls">
                <span>
                    {calls}
                    {(row.refused > 0).then(|| view! { <small class="soft block">{format!("{} refused", row.refused)}</small> })}
                </span>
            </td>
            <td data-th="Ended"><span><EndBadge end=row.last_end /></span></td>
        </tr>
    }
}

#[component]
fn Nothing(filter: SessionFilter, paged: bool) -> impl IntoView {
    if paged {
        let first = filter::link(&filter, None);
        return view! {
            <Empty title="No older sessions">
                <p><a class="button" href=first>"Back to the newest"</a></p>
            </Empty>
        }
        .into_any();
    }
    match filter::widen(&filter) {
        Some(sentence) => view! {
            <Empty title="No session matches">
                <p>{sentence}</p>
                <p><a class="button" href=Route::Sessions.path()>"Remove all filters"</a></p>
            </Empty>
        }
        .into_any(),
        None => view! {
            <Empty title="No sessions yet">
                <p>"A session begins with the first call through a connection. It shows up here within a second."</p>
                {viewer()
                    .is_some_and(|viewer| viewer.calls())
                    .then(|| {
                        view! { <p><a class="button primary" href=Route::Connect.path()>"Make a token and a first call"</a></p> }
                    })}
            </Empty>
        }
        .into_any(),
    }
}
