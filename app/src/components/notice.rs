//! Sentences that are not content: what was done, what is wrong, what is missing.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{context::posted, error::UiError, routes::Route, view::done};

/// What the form before this page did, from `?done=`.
#[component]
pub(crate) fn Done() -> impl IntoView {
    let query = use_query_map();
    move || {
        let code = query.read().get("done").unwrap_or_default();
        done::sentence(&code).map(|sentence| {
            view! { <p class="notice" data-state=done::state(&code) role="status">{sentence}</p> }
        })
    }
}

/// What is wrong with the posted form as a whole.
#[component]
pub(crate) fn FormErrors() -> impl IntoView {
    let form = posted();
    let sentence = form.sentence.clone().or_else(|| {
        (!form.errors.is_empty()).then(|| "Nothing was changed. See the marked fields.".to_owned())
    });
    sentence.map(|sentence| view! { <p class="notice" data-state="stop" role="alert">{sentence}</p> })
}

/// An empty list: one sentence and one way on.
#[component]
pub(crate) fn Empty(#[prop(into)] title: String, children: Children) -> impl IntoView {
    view! {
        <div class="empty">
            <h2>{title}</h2>
            {children()}
        </div>
    }
}

/// Why there is no data, with a way on. Sets the page's HTTP status on the server. `whole`: there is nothing else on the
/// page, so this is what it is called.
#[component]
pub(crate) fn Problem(error: UiError, #[prop(optional)] whole: bool) -> impl IntoView {
    set_status(error.status());
    let (title, sentence) = error.words();
    let onward = match error {
        UiError::SignedOut => {
            view! { <a class="button" href=Route::SignIn.path() rel="external">"Sign in"</a> }.into_any()
        }
        _ => view! { <a class="button" href=Route::Overview.path()>"To the overview"</a> }.into_any(),
    };
    view! {
        <section class="problem" role="alert">
            <p class="problem-code">{error.status()}</p>
            {if whole { view! { <h1>{title}</h1> }.into_any() } else { view! { <h2>{title}</h2> }.into_any() }}
            <p>{sentence}</p>
            <p>{onward}</p>
        </section>
    }
}

/// That the search tables say something else than the ledger, whose word is the one that is shown.
#[component]
pub(crate) fn Disagrees(names: Vec<String>, what: &'static str) -> impl IntoView {
    view! {
        <p class="notice" data-state="wait">
            <strong>"The list disagrees with the ledger"</strong>
            {format!(" about {what}: {}. ", names.join(", "))}
            "What stands here is the ledger's word. Somebody or something else wrote to the tables that lists are made from."
        </p>
    }
}

/// Sets the status of the page being rendered. Nothing in the browser.
pub(crate) fn set_status(code: u16) {
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>()
        && let Ok(status) = http::StatusCode::from_u16(code)
    {
        response.set_status(status);
    }
    #[cfg(not(feature = "ssr"))]
    let _ = code;
}
