//! Sentences that are not content: what was done, what is wrong, what is missing.

use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_query_map};

use crate::{context::posted, error::UiError, routes::Route, view::done};

/// What the form before this page did, from `?done=`.
#[component]
pub(crate) fn Done() -> impl IntoView {
    let query = use_query_map();
    move || {
        let code = query.read().get("done").unwrap_or_default();
        let form = posted();
        let shown = form.issued.is_some() || form.report.is_some() || form.hello.is_some();
        done::sentence(&code).filter(|_| !shown).map(|sentence| {
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
    // A reader who has just sent the form begins here, with or without a script.
    sentence.map(|sentence| {
        view! { <p class="notice" data-state="stop" role="alert" tabindex="-1" autofocus>{sentence}</p> }
    })
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
pub(crate) fn Problem(
    error: UiError,
    #[prop(optional)] whole: bool,
    /// Asks for the data again.
    #[prop(optional, into)]
    retry: Option<Callback<()>>,
) -> impl IntoView {
    set_status(error.status());
    let (title, sentence) = error.words();
    let here = here();
    let onward = match error {
        UiError::SignedOut => {
            view! { <a class="button" href=sign_in(&here) rel="external">"Sign in"</a> }.into_any()
        }
        _ if error.passes() => {
            // Without a script, or without anything to ask for again, the page itself is asked for again.
            let again = move |event: leptos::ev::MouseEvent| {
                if let Some(retry) = retry {
                    event.prevent_default();
                    retry.run(());
                }
            };
            view! { <a class="button" href=here rel="external" on:click=again>"Try again"</a> }.into_any()
        }
        _ => view! { <a class="button" href=Route::Overview.path()>"To the overview"</a> }.into_any(),
    };
    view! {
        <section class="problem" role="alert">
            <p class="problem-code">{error.status()}</p>
            {if whole {
                view! { <h1 tabindex="-1" autofocus>{title}</h1> }.into_any()
            } else {
                view! { <h2 tabindex="-1" autofocus>{title}</h2> }.into_any()
            }}
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

/// The address of the page, with its query.
pub(crate) fn here() -> String {
    let location = use_location();
    let (path, search) = (location.pathname.get_untracked(), location.search.get_untracked());
    if search.is_empty() { path } else { format!("{path}?{}", search.trim_start_matches('?')) }
}

/// The sign-in page that leads back to an address.
pub(crate) fn sign_in(here: &str) -> String {
    Route::SignIn.with(&[("next", here)])
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
