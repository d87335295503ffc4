//! Who may sign in, with their roles and groups, and the page that makes a local account.

use countersign_model::person::{Origin, Person, Role};
use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    api::people::load_people,
    components::{
        badge::Badge,
        field::{Field, Tick},
        loaded::loaded,
        moment::MomentOr,
        notice::{Done, FormErrors, Problem},
    },
    context::{facts, posted, viewer},
    error::UiError,
    live::live,
    routes::Route,
    view::words,
};

/// The list, for administrators.
#[component]
pub(crate) fn PeoplePage() -> impl IntoView {
    let data = Resource::new(|| (), |()| load_people());
    view! {
        <Title text="People" />
        <header class="page-head">
            <h1>"People and roles"</h1>
            <p class="soft">"People of an identity provider appear here with their first sign-in."</p>
            {viewer()
                .is_some_and(|viewer| viewer.is(Role::Admin))
                .then(|| view! { <a class="button primary" href=Route::NewPerson.path()>"New person"</a> })}
        </header>
        <Done />
        {loaded(data, |people| view! { <List people /> }.into_any())}
    }
}

#[component]
fn List(people: Vec<Person>) -> impl IntoView {
    let rows = people.into_iter().map(|person| view! { <Row person /> }).collect_view();
    view! {
        <div class="table">
            <table>
                <caption class="unseen">"People"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Name"</th>
                        <th scope="col">"Roles"</th>
                        <th scope="col">"Groups"</th>
                        <th scope="col">"Proven by"</th>
                        <th scope="col">"State"</th>
                        <th scope="col">"Last seen"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

/// Enabled, disabled or locked out.
#[component]
pub(crate) fn AccountState(person: Person) -> impl IntoView {
    let start = facts().now;
    let now = live().now;
    move || {
        let now = now.get().unwrap_or(start);
        let (state, word) = if person.disabled {
            ("stop", "disabled")
        } else if person.locked_until.is_some_and(|until| until > now) {
            ("wait", "locked out")
        } else {
            ("ok", "enabled")
        };
        view! { <Badge state words=word /> }
    }
}

/// Where the identity is proven, in words.
pub(crate) fn origin_words(origin: &Origin) -> String {
    match origin {
        Origin::Local => "password here".to_owned(),
        Origin::Oidc { issuer, .. } => issuer.clone(),
    }
}

#[component]
fn Row(person: Person) -> impl IntoView {
    let roles = person.roles.iter().map(|role| words::role(*role).0).collect::<Vec<_>>().join(", ");
    let groups = person.groups.join(", ");
    let origin = origin_words(&person.origin);
    let last = person.last_seen_at;
    view! {
        <tr>
            <th scope="row" data-th="Name">
                <span>
                    <a href=Route::Person(person.id).path() data-row="">{person.display_name.clone()}</a>
                    <small class="soft block">{person.login.clone()}</small>
                </span>
            </th>
            <td data-th="Roles">{roles}</td>
            <td data-th="Groups">{groups}</td>
            <td data-th="Proven by">{origin}</td>
            <td data-th="State"><span><AccountState person /></span></td>
            <td data-th="Last seen"><span><MomentOr at=last never="never" /></span></td>
        </tr>
    }
}

/// Role boxes, each with what it allows.
#[component]
pub(crate) fn RoleTicks(held: Vec<Role>) -> impl IntoView {
    Role::ALL
        .into_iter()
        .map(|role| {
            let (name, allows) = words::role(role);
            view! { <Tick name="roles" value=role.name() label=name on=held.contains(&role) hint=allows /> }
        })
        .collect_view()
}

/// Roles as typed, when a form with roles was posted; other forms on the page say nothing about them.
pub(crate) fn typed_roles() -> Option<Vec<Role>> {
    let form = posted();
    let about_roles = !form.values.is_empty() && form.value("action").is_none_or(|action| action == "roles");
    about_roles.then(|| {
        form.values
            .iter()
            .filter(|(field, _)| field == "roles")
            .filter_map(|(_, value)| value.parse().ok())
            .collect()
    })
}

/// A form for a local account.
#[component]
pub(crate) fn NewPersonPage() -> impl IntoView {
    view! {
        <Title text="New person" />
        {if viewer().is_some_and(|viewer| viewer.is(Role::Admin)) {
            view! { <NewPersonForm /> }.into_any()
        } else {
            view! { <Problem error=UiError::Forbidden whole=true /> }.into_any()
        }}
    }
}

#[component]
fn NewPersonForm() -> impl IntoView {
    let form = posted();
    let typed = |field: &str| form.value(field).unwrap_or_default().to_owned();
    let held = typed_roles().unwrap_or_else(|| vec![Role::User]);
    view! {
        <header class="page-head">
            <p class="crumb"><a href=Route::People.path()>"People"</a></p>
            <h1>"New person"</h1>
        </header>
        <FormErrors />
        <form method="post" action=Route::NewPerson.path() class="fields">
            <fieldset>
                <legend>"Account"</legend>
                <Field name="login" label="Sign-in name" value=typed("login") autocomplete="off" required=true />
                <Field name="display_name" label="Name" value=typed("display_name") autocomplete="off" required=true />
                <Field name="email" label="E-mail" kind="email" value=typed("email") autocomplete="off" />
                <Field
                    name="password"
                    label="First password"
                    kind="password"
                    autocomplete="new-password"
                    hint="At least 12 characters. Hand it over through a channel you trust."
                    required=true
                />
            </fieldset>
            <fieldset>
                <legend>"Roles and groups"</legend>
                <RoleTicks held />
                <Field
                    name="groups"
                    label="Groups"
                    value=typed("groups")
                    hint="Separated by commas. Connections are granted to groups."
                />
            </fieldset>
            <p class="actions"><button type="submit" class="primary">"Create person"</button></p>
        </form>
    }
}
