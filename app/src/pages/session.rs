//! One session, whole: facts at the side, the masked transcript, what was found, where the time went, and its ledger rows.

use countersign_model::{
    SessionId,
    exchange::{End, ExchangeDetail, RowView, SessionDetail, SessionSummary},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

mod exchange;
mod proof;

use self::{exchange::Exchange, proof::VerifyHere};
use crate::{
    api::sessions::load_session,
    components::{
        badge::{Badge, EndBadge, Entities},
        loaded::loaded_whole,
        moment::MomentUtc,
        notice::Disagrees,
        shown::Hash,
    },
    error::UiError,
    live::live,
    routes::Route,
    view::numbers,
};

/// The session of the path. An identifier that is none of ours is not found.
#[component]
pub(crate) fn SessionPage() -> impl IntoView {
    let params = use_params_map();
    let query = use_query_map();
    let turn = RwSignal::new(0_u32);
    let source = move || {
        let id = params.read().get("id").and_then(|id| id.parse::<SessionId>().ok());
        (id, query.read().get("cursor"), turn.get())
    };
    let data = Resource::new(source, |(id, cursor, _)| async move {
        match id {
            Some(id) => load_session(id, cursor).await,
            None => Err(UiError::NotFound),
        }
    });
    // What is under way is followed to its end; a session that rests stays as it is, for each reading of it is on record.
    let exchanges = live().exchanges;
    let under_way = StoredValue::new(false);
    Effect::new(move || {
        data.with(|detail| under_way.set_value(matches!(detail, Some(Ok(detail)) if is_under_way(detail))));
    });
    Effect::new(move |before: Option<u32>| {
        let now = exchanges.get();
        if before.is_some_and(|before| before != now) && under_way.get_value() {
            turn.update(|turn| *turn = turn.wrapping_add(1));
        }
        now
    });
    view! {
        <Title text="Session" />
        {loaded_whole(data, |detail| view! { <Session detail /> }.into_any())}
    }
}

fn is_under_way(detail: &SessionDetail) -> bool {
    detail.exchanges.rows.iter().any(|exchange| exchange.summary.end == End::Open)
}

#[component]
fn Session(detail: SessionDetail) -> impl IntoView {
    let SessionDetail { summary, disagrees, exchanges } = detail;
    let unreadable: Vec<i64> =
        exchanges.rows.iter().flat_map(|exchange| exchange.unreadable.iter().copied()).collect();
    let broken = !unreadable.is_empty();
    let later = use_query_map().read_untracked().get("cursor").is_some();
    let rows: Vec<RowView> = exchanges.rows.iter().flat_map(|exchange| exchange.rows.clone()).collect();
    let page = Route::Session(summary.id);
    let next = exchanges.next.map(|cursor| page.with(&[("cursor", &cursor)]));
    let list: Vec<ExchangeDetail> = exchanges.rows;
    let more = next.is_some();
    let shown = list.into_iter().map(|exchange| view! { <Exchange exchange /> }).collect_view();
    view! {
        <header class="page-head">
            <p class="crumb"><a href=Route::Sessions.path()>"Sessions"</a></p>
            <h1>{summary.caller.clone()} " → " {summary.connection_name.clone()}</h1>
            {if broken {
                view! { <Badge state="stop" words="rows cannot be read" /> }.into_any()
            } else {
                view! { <EndBadge end=summary.last_end /> }.into_any()
            }}
        </header>
        <div class="session">
            <Facts summary more />
            <div class="transcript">
                {(!disagrees.is_empty()).then(|| view! { <Disagrees names=disagrees what="this session" /> })}
                <VerifyHere rows unreadable />
                {shown}
                <nav class="pager" aria-label="Pages">
                    {next.map(|next| view! { <a class="button" href=next rel="next">"Later exchanges"</a> })}
                    {later.then(|| view! { <a class="button" href=page.path()>"From the beginning"</a> })}
                </nav>
            </div>
        </div>
    }
}

#[component]
fn Facts(summary: SessionSummary, more: bool) -> impl IntoView {
    view! {
        <aside class="facts" aria-label="Facts">
            <dl>
                <div><dt>"Caller"</dt><dd>{summary.caller}</dd></div>
                <div><dt>"Connection"</dt><dd>{summary.connection_name}</dd></div>
                {summary.model.map(|model| view! { <div><dt>"Model"</dt><dd>{model}</dd></div> })}
                <div><dt>"First call"</dt><dd><MomentUtc at=summary.started_at /></dd></div>
                <div><dt>"Last call"</dt><dd><MomentUtc at=summary.last_at /></dd></div>
                <div>
                    <dt>"Exchanges"</dt>
                    <dd>
                        {numbers::count(summary.exchanges)}
                        {(summary.refused > 0).then(|| format!(", {} refused", summary.refused))}
                        {more.then_some(" (more on the next page)")}
                    </dd>
                </div>
                <div><dt>"Masked"</dt><dd><Entities list=summary.entities most=usize::MAX /></dd></div>
                <div><dt>"Session"</dt><dd><Hash text=summary.id.to_string() /></dd></div>
            </dl>
            <p class="soft">
                "Only masked text is kept. What stood under a mask is not in the record and cannot be shown."
            </p>
        </aside>
    }
}
