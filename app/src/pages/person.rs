//! One person: roles and groups, tokens, password, and the switch that locks them out.

use countersign_model::{
    PersonId,
    person::{Origin, Person},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use super::people::{AccountState, RoleTicks, origin_words, typed_roles};
use crate::{
    api::people::{PersonWithTokens, load_person},
    components::{
        field::Field,
        loaded::loaded_whole,
        moment::{Moment, MomentOr},
        notice::{Done, FormErrors},
        tokens::TokenList,
    },
    context::{posted, viewer},
    error::UiError,
    routes::Route,
    view::words,
};

/// The person of the path.
#[component]
pub(crate) fn PersonPage() -> impl IntoView {
    let params = use_params_map();
    let source = move || params.read().get("id").and_then(|id| id.parse::<PersonId>().ok());
    let data = Resource::new(source, |id| async move {
        match id {
            Some(id) => load_person(id).await,
            None => Err(UiError::NotFound),
        }
    });
    view! {
        <Title text="Person" />
        {loaded_whole(data, |loaded| view! { <OnePerson loaded /> }.into_any())}
    }
}

#[component]
fn OnePerson(loaded: PersonWithTokens) -> impl IntoView {
    let PersonWithTokens { person, tokens, names } = loaded;
    let action = Route::Person(person.id).path();
    let local = person.origin == Origin::Local;
    let own = viewer().is_some_and(|viewer| viewer.person == person.id);
    view! {
        <header class="page-head">
            <p class="crumb"><a href=Route::People.path()>"People"</a></p>
            <h1>{person.display_name.clone()}</h1>
            <AccountState person=person.clone() />
            <p class="soft">{person.login.clone()}</p>
        </header>
        <Done />
        <FormErrors />
        <div class="columns">
            <Rights person=person.clone() action=action.clone() />
            <div class="stack">
                <section class="card" aria-labelledby="facts">
                    <h2 id="facts">"Facts"</h2>
                    <dl class="pairs">
                        <div><dt>"Proven by"</dt><dd>{origin_words(&person.origin)}</dd></div>
                        <div><dt>"E-mail"</dt><dd>{person.email.clone().unwrap_or_else(|| "none".to_owned())}</dd></div>
                        <div><dt>"Since"</dt><dd><Moment at=person.created_at /></dd></div>
                        <div><dt>"Last seen"</dt><dd><MomentOr at=person.last_seen_at never="never" /></dd></div>
                        {person
                            .locked_until
                            .map(|until| view! { <div><dt>"Locked until"</dt><dd><Moment at=until /></dd></div> })}
                    </dl>
                    <p><a href=Route::Sessions.with(&[("caller", &person.login)])>"Their sessions"</a></p>
                </section>
                {local.then(|| view! { <Password action=action.clone() /> })}
                <Switch disabled=person.disabled own action=action.clone() />
            </div>
        </div>
        <TokenList tokens names action field="token_id" own=false />
    }
}

#[component]
fn Rights(person: Person, action: String) -> impl IntoView {
    if matches!(person.origin, Origin::Oidc { .. }) {
        return view! { <FromProvider person /> }.into_any();
    }
    let seen = person.rights();
    let held = typed_roles().unwrap_or_else(|| person.roles.clone());
    let groups = posted().value("groups").map_or_else(|| person.groups.join(", "), str::to_owned);
    view! {
        <form method="post" action=action class="fields">
            <input type="hidden" name="action" value="roles" />
            <input type="hidden" name="seen" value=seen />
            <fieldset>
                <legend>"Roles and groups"</legend>
                <RoleTicks held />
                <Field name="groups" label="Groups" value=groups hint="Separated by commas." />
                <p class="actions"><button type="submit" class="primary">"Save"</button></p>
            </fieldset>
        </form>
    }
    .into_any()
}

/// What is taken over at each sign-in cannot be changed here: the next sign-in would undo it.
#[component]
fn FromProvider(person: Person) -> impl IntoView {
    let roles = person
        .roles
        .iter()
        .map(|role| {
            let (name, allows) = words::role(*role);
            view! { <li><strong>{name}</strong> " " <span class="soft">{allows}</span></li> }
        })
        .collect_view();
    let groups = if person.groups.is_empty() { "none".to_owned() } else { person.groups.join(", ") };
    view! {
        <section class="card stack" aria-labelledby="rights">
            <h2 id="rights">"Roles and groups"</h2>
            <ul class="bullets">{roles}</ul>
            <p>"Groups: " {groups}</p>
            <p class="soft">
                "They come from the identity provider and are taken over with each sign-in: change them there, or in the settings that give roles to its groups."
            </p>
        </section>
    }
}

#[component]
fn Password(action: String) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="reset">
            <h2 id="reset">"Set a new password"</h2>
            <form method="post" action=action class="fields">
                <input type="hidden" name="action" value="password" />
                <Field
                    name="password"
                    label="New password"
                    kind="password"
                    autocomplete="new-password"
                    hint="At least 12 characters. Ends a lock-out; signs the person out everywhere."
                    required=true
                />
                <p class="actions"><button type="submit">"Set password"</button></p>
            </form>
        </section>
    }
}

#[component]
fn Switch(disabled: bool, own: bool, action: String) -> impl IntoView {
    if own && !disabled {
        return view! { <p class="soft">"This is you: another administrator can disable your account."</p> }
            .into_any();
    }
    if disabled {
        return view! {
            <section class="card" aria-labelledby="switch">
                <h2 id="switch">"Enable the account"</h2>
                <p class="soft">"The person can sign in again and make new tokens. Revoked tokens stay revoked."</p>
                <form method="post" action=action class="actions">
                    <input type="hidden" name="action" value="enable" />
                    <button type="submit">"Enable the account"</button>
                </form>
            </section>
        }
        .into_any();
    }
    view! {
        <section class="card" aria-labelledby="switch">
            <h2 id="switch">"Disable the account"</h2>
            <p class="soft">"Signs the person out and revokes every token at once."</p>
            <details class="ask">
                <summary class="button danger">"Disable…"</summary>
                <form method="post" action=action class="actions">
                    <input type="hidden" name="action" value="disable" />
                    <p>"The account can be enabled again; its tokens stay revoked for good."</p>
                    <button type="submit" class="danger">"Disable the account"</button>
                </form>
            </details>
        </section>
    }
    .into_any()
}
