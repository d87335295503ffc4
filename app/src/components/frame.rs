//! The frame around every page: skip link, mark, navigation, the live sign, and who is signed in.
//!
//! Wide windows have the navigation at the side, narrow ones behind a `<details>` that needs no script.

use countersign_model::{form::FormState, person::Role};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::{help::Help, mark::Mark, notice::sign_in};
use crate::{
    context::{Posted, Theme, Viewer, facts},
    live::{self, Feed, Live, live},
    routes::{Route, Section},
};

/// The frame. Set-up and sign-in pages have only the mark.
#[component]
pub(crate) fn Frame(children: Children) -> impl IntoView {
    let viewer = facts().viewer.clone();
    let path = use_location().pathname;
    after_leaving(path);
    let bare = {
        let signed_in = viewer.is_some();
        move || {
            let bare = !signed_in || Route::parse(&path.get()).is_some_and(|route| route.section().is_none());
            if bare { "bare" } else { "full" }
        }
    };
    view! {
        <a class="skip" href="#content" rel="external">"Skip to content"</a>
        <div class="frame" data-frame=bare>
            {viewer.map(|viewer| view! { <Bars viewer /> })}
            <main id="content" tabindex="-1">{children()}</main>
        </div>
        <Help />
    }
}

/// What was typed into a form is shown on its own page only, and the focus follows the reader to the next page.
fn after_leaving(path: Memo<String>) {
    let posted = use_context::<Posted>();
    Effect::new(move |last: Option<String>| {
        let here = path.get();
        if last.is_some_and(|last| last != here) {
            if let Some(posted) = posted {
                posted.0.set(None::<FormState>);
            }
            live::focus_content();
        }
        here
    });
}

#[component]
fn Bars(viewer: Viewer) -> impl IntoView {
    view! {
        <header class="topbar">
            <a class="brand" href="/"><Mark /><span>"Countersign"</span></a>
            <FeedSign />
            <details class="menu">
                <summary>"Menu"</summary>
                <div class="menu-sheet">
                    <nav aria-label="Main, small"><Entries viewer=viewer.clone() /></nav>
                    <You viewer=viewer.clone() />
                </div>
            </details>
        </header>
        <header class="sidebar">
            <a class="brand" href="/"><Mark /><span>"Countersign"</span></a>
            <nav aria-label="Main"><Entries viewer=viewer.clone() /></nav>
            <div class="sidebar-foot">
                <FeedSign />
                <You viewer />
            </div>
        </header>
    }
}

#[component]
fn Entries(viewer: Viewer) -> impl IntoView {
    let path = use_location().pathname;
    let admin = viewer.is(Role::Admin);
    let audits = viewer.audits();
    let entries = [
        (true, Section::Overview, Route::Overview, "Overview"),
        (true, Section::Sessions, Route::Sessions, if audits { "Sessions" } else { "My sessions" }),
        (viewer.calls(), Section::Connect, Route::Connect, "Connect"),
        (true, Section::Playground, Route::Playground, "Playground"),
        (admin, Section::Connections, Route::Connections, "Connections"),
        (admin, Section::Entities, Route::Entities, "Entities"),
        (admin, Section::People, Route::People, "People"),
        (audits, Section::Audit, Route::Audit, "Audit"),
    ];
    let items = entries
        .into_iter()
        .filter(|(shown, ..)| *shown)
        .map(|(_, section, route, words)| {
            let current = move || {
                let here = Route::parse(&path.get()).and_then(|route| route.section());
                (here == Some(section)).then_some("page")
            };
            view! { <li><a href=route.path() aria-current=current>{words}</a></li> }
        })
        .collect_view();
    view! { <ul class="entries">{items}</ul> }
}

/// Who is signed in, the theme, and the way out.
#[component]
fn You(viewer: Viewer) -> impl IntoView {
    let theme = live().theme;
    let themes = Theme::ALL
        .into_iter()
        .map(|choice| {
            let pressed = move || if theme.get() == choice { "true" } else { "false" };
            let choose = move |event: leptos::ev::MouseEvent| {
                // A half-filled form on the page stays as it is.
                event.prevent_default();
                live::choose_theme(choice);
            };
            view! {
                <button type="submit" name="theme" value=choice.name() aria-pressed=pressed on:click=choose>
                    {match choice {
                        Theme::Light => "Light",
                        Theme::Dark => "Dark",
                        Theme::System => "Auto",
                    }}
                </button>
            }
        })
        .collect_view();
    view! {
        <div class="you">
            <a class="you-name" href=Route::Account.path()>
                <strong>{viewer.display_name}</strong>
                <span class="soft">{viewer.login}</span>
            </a>
            <form method="post" action="/theme" class="segments" aria-label="Theme">{themes}</form>
            <form method="post" action="/sign-out">
                <button type="submit" class="quiet">"Sign out"</button>
            </form>
        </div>
    }
}

/// Whether this page hears news. Only with scripts.
#[component]
fn FeedSign() -> impl IntoView {
    let Live { feed, failing, .. } = live();
    let location = use_location();
    let shown = move || match feed.get() {
        Feed::Open if failing.get() => Feed::Lost,
        feed => feed,
    };
    let state = move || match shown() {
        Feed::Off => "off",
        Feed::Open => "open",
        Feed::Lost => "lost",
        Feed::Out => "out",
    };
    let back = move || {
        let (path, search) = (location.pathname.get(), location.search.get());
        let query = search.trim_start_matches('?');
        sign_in(&if query.is_empty() { path } else { format!("{path}?{query}") })
    };
    view! {
        <span class="feed js-only" data-feed=state role="status">
            {move || match shown() {
                Feed::Off => "not live".into_any(),
                Feed::Open => "live".into_any(),
                Feed::Lost => "reconnecting".into_any(),
                Feed::Out => view! { "signed out · " <a href=back rel="external">"sign in"</a> }.into_any(),
            }}
        </span>
    }
}
