//! The last 24 hours at a glance, and the first steps while there is nothing to see.

use countersign_model::{audit::Overview, exchange::End, person::Role};
use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    api::overview::load_overview,
    components::{chain::ChainBadge, loaded::loaded, notice::Done},
    context::viewer,
    live::live,
    routes::Route,
    view::{chart, numbers, text},
};

/// The overview. With scripts its numbers follow the news.
#[component]
pub(crate) fn OverviewPage() -> impl IntoView {
    let news = live().news;
    let data = Resource::new(move || news.get(), |_| load_overview());
    let everybody = viewer().is_some_and(|viewer| viewer.audits());
    view! {
        <Title text="Overview" />
        <header class="page-head">
            <h1>"Overview"</h1>
            <p class="soft">
                {if everybody { "The last 24 hours, everybody." } else { "The last 24 hours, your own calls." }}
            </p>
        </header>
        <Done />
        {loaded(data, |overview| view! { <Numbers overview /> }.into_any())}
    }
}

#[component]
fn Numbers(overview: Overview) -> impl IntoView {
    let empty = overview.exchanges == 0 && overview.refused == 0;
    let calls = viewer().is_some_and(|viewer| viewer.calls());
    let added = |micros: Option<i64>| {
        micros.map_or_else(|| "–".to_owned(), |value| numbers::micros(value.max(0).unsigned_abs()))
    };
    let refused = Route::Sessions.with(&[("end", End::Refused.name())]);
    let open = Route::Sessions.with(&[("end", End::Open.name())]);
    view! {
        {overview_badge(&overview)}
        {(empty && calls).then(|| view! { <FirstSteps connections=overview.connections /> })}
        <dl class="figures">
            <Figure term="Exchanges" value=numbers::count(overview.exchanges) href=Route::Sessions.path() />
            <Figure term="Refused" value=numbers::count(overview.refused) href=refused />
            <Figure term="Values masked" value=numbers::count(overview.findings) href="" />
            <Figure term="Callers" value=numbers::count(overview.callers) href="" />
            <Figure term="Under way" value=numbers::count(overview.open) href=open />
            <Figure term="Added time, median" value=added(overview.added_p50_micros) href="" />
            <Figure term="Added time, p99" value=added(overview.added_p99_micros) href="" />
        </dl>
        <div class="columns">
            <section class="card" aria-labelledby="by-hour">
                <h2 id="by-hour">"Exchanges by hour"</h2>
                <Hours hourly=overview.hourly />
            </section>
            <section class="card" aria-labelledby="by-entity">
                <h2 id="by-entity">"What was masked"</h2>
                <Found entities=overview.entities total=overview.findings />
            </section>
        </div>
    }
}

/// Only those who may read the ledger see its badge.
fn overview_badge(overview: &Overview) -> Option<impl IntoView + use<>> {
    let audits = viewer().is_some_and(|viewer| viewer.audits());
    let state = overview.chain.clone();
    audits.then(|| view! { <ChainBadge state /> })
}

#[component]
fn Figure(term: &'static str, value: String, #[prop(into)] href: String) -> impl IntoView {
    let shown =
        if href.is_empty() { value.into_any() } else { view! { <a href=href>{value}</a> }.into_any() };
    view! { <div><dt>{term}</dt><dd>{shown}</dd></div> }
}

#[component]
fn Hours(hourly: Vec<i64>) -> impl IntoView {
    let sentence = chart::sentence(&hourly);
    let width = i64::try_from(hourly.len()).unwrap_or(24) * chart::STEP;
    let bars = chart::bars(&hourly)
        .into_iter()
        .map(|bar| {
            let now = (bar.hours_ago == 0).then_some("now");
            let words = format!("{} h ago: {}", bar.hours_ago, numbers::count(bar.value));
            view! {
                <rect x=bar.x y=bar.y width=chart::BAR height=bar.height class=now rx="1">
                    <title>{words}</title>
                </rect>
            }
        })
        .collect_view();
    view! {
        <svg
            class="hours"
            viewBox=format!("0 0 {width} {}", chart::HEIGHT + 1)
            preserveAspectRatio="none"
            role="img"
            aria-label=sentence.clone()
        >
            <line x1="0" y1=chart::HEIGHT x2=width y2=chart::HEIGHT />
            {bars}
        </svg>
        <p class="axis" aria-hidden="true"><span>"24 h ago"</span><span>"12 h"</span><span>"now"</span></p>
        <p class="soft">{sentence}</p>
    }
}

#[component]
fn Found(entities: Vec<(String, i64)>, total: i64) -> impl IntoView {
    if entities.is_empty() {
        return view! { <p class="soft">"Nothing was found in the last 24 hours."</p> }.into_any();
    }
    let others = total.saturating_sub(entities.iter().map(|(_, found)| *found).sum());
    let most = entities.iter().map(|(_, found)| *found).max().unwrap_or(1).max(others).max(1);
    let rows = entities
        .into_iter()
        .map(|(entity, found)| {
            let href = Route::Sessions.with(&[("entity", &entity)]);
            let width = (found * 100 / most).max(1);
            view! {
                <li>
                    <a href=href title=entity.clone()>{text::label_words(&entity)}</a>
                    <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
                        <rect x="0" y="0" width=width height="8" />
                    </svg>
                    <span class="num">{numbers::count(found)}</span>
                </li>
            }
        })
        .collect_view();
    let others = (others > 0).then(|| {
        let width = (others * 100 / most).max(1);
        view! {
            <li>
                <span class="soft">"all others"</span>
                <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
                    <rect x="0" y="0" width=width height="8" />
                </svg>
                <span class="num">{numbers::count(others)}</span>
            </li>
        }
    });
    view! { <ol class="found">{rows} {others}</ol> }.into_any()
}

#[component]
fn FirstSteps(connections: i64) -> impl IntoView {
    let admin = viewer().is_some_and(|viewer| viewer.is(Role::Admin));
    let connect = if connections > 0 { "done" } else { "next" };
    let call = if connections > 0 { "next" } else { "later" };
    view! {
        <section class="card steps-card" aria-labelledby="first-steps">
            <h2 id="first-steps">"First steps"</h2>
            <ol class="todo">
                <li data-step=connect>
                    <strong>"A connection"</strong>
                    <span>
                        {if connections > 0 {
                            view! { {numbers::plural(connections, "model endpoint is", "model endpoints are")} " set up." }
                                .into_any()
                        } else if admin {
                            view! { <a href=Route::SetupConnection.path()>"Add your model server"</a>", or the built-in sample." }
                                .into_any()
                        } else {
                            view! { "Ask an administrator to grant you one." }.into_any()
                        }}
                    </span>
                </li>
                <li data-step=call>
                    <strong>"A token"</strong>
                    <span><a href=Route::Connect.path()>"Make a token"</a>" and paste a snippet into your client."</span>
                </li>
                <li data-step="later">
                    <strong>"A session"</strong>
                    <span>"Your first call shows up here within a second, masked and recorded."</span>
                </li>
            </ol>
        </section>
    }
}
