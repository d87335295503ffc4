//! One's own account: who I am here, my password, my keys.

use countersign_model::person::Role;
use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    components::{
        field::Field,
        help::KeySwitch,
        notice::{Done, FormErrors, Problem},
    },
    context::{Viewer, viewer},
    error::UiError,
    routes::Route,
    view::words,
};

/// The account of whoever looks.
#[component]
pub(crate) fn AccountPage() -> impl IntoView {
    view! {
        <Title text="Account" />
        {match viewer() {
            Some(viewer) => view! { <Mine viewer /> }.into_any(),
            None => view! { <Problem error=UiError::SignedOut whole=true /> }.into_any(),
        }}
    }
}

#[component]
fn Mine(viewer: Viewer) -> impl IntoView {
    let roles = Role::ALL
        .into_iter()
        .filter(|role| viewer.is(*role))
        .map(|role| {
            let (name, allows) = words::role(role);
            view! { <li><strong>{name}</strong> " " <span class="soft">{allows}</span></li> }
        })
        .collect_view();
    let groups = if viewer.groups.is_empty() { "none".to_owned() } else { viewer.groups.join(", ") };
    view! {
        <header class="page-head">
            <h1>{viewer.display_name}</h1>
            <p class="soft">{viewer.login}</p>
        </header>
        <Done />
        <FormErrors />
        <div class="columns">
            <form method="post" action=Route::Account.path() class="fields">
                <fieldset>
                    <legend>"Change my password"</legend>
                    <Field name="old" label="Present password" kind="password" autocomplete="current-password" required=true />
                    <Field
                        name="new"
                        label="New password"
                        kind="password"
                        autocomplete="new-password"
                        hint="At least 12 characters; a sentence is fine. Managers and pasting are welcome."
                        required=true
                    />
                    <Field name="new_again" label="New password, again" kind="password" autocomplete="new-password" required=true />
                    <p class="hint">"Accounts of an identity provider have their password there."</p>
                    <p class="actions"><button type="submit" class="primary">"Change password"</button></p>
                </fieldset>
            </form>
            <div class="stack">
                <section class="card" aria-labelledby="roles">
                    <h2 id="roles">"What I may do"</h2>
                    <ul class="bullets">{roles}</ul>
                    <p class="soft">"Groups: " {groups}</p>
                </section>
                <section class="card js-only" aria-labelledby="keyboard">
                    <h2 id="keyboard">"Keyboard"</h2>
                    <KeySwitch />
                    <p class="soft">"Press ? for the list."</p>
                </section>
            </div>
        </div>
    }
}
