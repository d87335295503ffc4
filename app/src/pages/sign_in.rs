//! The door: a local form and one button per issuer.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    components::{
        field::Field,
        mark::Mark,
        notice::{Done, FormErrors},
    },
    context::{facts, posted},
    routes::Route,
    view::query,
};

/// The sign-in page. `next` is checked by the server, which only ever redirects to its own paths.
#[component]
pub(crate) fn SignInPage() -> impl IntoView {
    let form = posted();
    let from_query = use_query_map().with_untracked(|map| map.get("next"));
    let next = form.value("next").map(str::to_owned).or(from_query).unwrap_or_default();
    let facts = facts();
    let issuers = facts
        .issuers
        .iter()
        .map(|issuer| {
            let query = query::build(&[("next", &next)]);
            let path = format!("/sign-in/oidc/{}", query::encode(&issuer.name));
            let href = if query.is_empty() { path } else { format!("{path}?{query}") };
            view! {
                <a class="button wide" href=href rel="external">{format!("Continue with {}", issuer.label)}</a>
            }
        })
        .collect_view();
    let login = form.value("login").unwrap_or_default().to_owned();
    view! {
        <Title text="Sign in" />
        <div class="door">
            <div class="door-sign">
                <Mark />
                <h1>"Countersign"</h1>
                <p>"Every prompt is masked, recorded and countersigned before the model sees it."</p>
            </div>
            <div class="door-form card">
                <h2>"Sign in"</h2>
                <Done />
                <FormErrors />
                <form method="post" action=Route::SignIn.path()>
                    <input type="hidden" name="next" value=next />
                    <Field name="login" label="Sign-in name" value=login autocomplete="username" required=true />
                    <Field
                        name="password"
                        label="Password"
                        kind="password"
                        autocomplete="current-password"
                        required=true
                    />
                    <button type="submit" class="primary wide">"Sign in"</button>
                </form>
                {(!facts.issuers.is_empty()).then(|| view! { <p class="or">"or"</p> })}
                {issuers}
            </div>
        </div>
    }
}
