//! The list of model endpoints, and the page that makes a new one.

use countersign_model::{connection::Connection, person::Role};
use leptos::prelude::*;
use leptos_meta::Title;

use super::connection::form::{ConnectionForm, Purpose};
use crate::{
    api::connections::load_connections,
    components::{
        badge::Badge,
        loaded::loaded,
        moment::Moment,
        notice::{Done, Empty, FormErrors, Problem},
    },
    context::viewer,
    error::UiError,
    routes::Route,
    view::{entries, words},
};

/// The list, for administrators.
#[component]
pub(crate) fn ConnectionsPage() -> impl IntoView {
    let data = Resource::new(|| (), |()| load_connections());
    view! {
        <Title text="Connections" />
        <header class="page-head">
            <h1>"Connections"</h1>
            <p class="soft">"Model endpoints behind the gateway."</p>
            {viewer()
                .is_some_and(|viewer| viewer.is(Role::Admin))
                .then(|| view! { <a class="button primary" href=Route::NewConnection.path()>"New connection"</a> })}
        </header>
        <Done />
        {loaded(data, |list| view! { <List list /> }.into_any())}
    }
}

#[component]
fn List(list: Vec<Connection>) -> impl IntoView {
    if list.is_empty() {
        return view! {
            <Empty title="No connections yet">
                <p>"A connection is one model server and the rules it is reached under: who, what is masked, what is kept."</p>
                <p class="actions">
                    <a class="button primary" href=Route::NewConnection.path()>"Add your model server"</a>
                    <a href=Route::SetupConnection.path()>"or try the built-in sample"</a>
                </p>
            </Empty>
        }
        .into_any();
    }
    let rows = list.into_iter().map(|connection| view! { <Row connection /> }).collect_view();
    view! {
        <div class="table">
            <table>
                <caption class="unseen">"Connections"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Name"</th>
                        <th scope="col">"Reaches"</th>
                        <th scope="col">"Granted to"</th>
                        <th scope="col">"Masks"</th>
                        <th scope="col">"Keeps"</th>
                        <th scope="col">"State"</th>
                        <th scope="col">"Changed"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

#[component]
fn Row(connection: Connection) -> impl IntoView {
    let Connection { settings, updated_at, .. } = connection;
    let href = Route::Connection(settings.name.clone()).path();
    let masks = match (settings.masking.prompt, settings.masking.response) {
        (true, true) => "prompt, answer",
        (true, false) => "prompt",
        (false, true) => "answer",
        (false, false) => "the record only",
    };
    let groups = if settings.groups.is_empty() {
        view! { <span class="soft">"nobody"</span> }.into_any()
    } else if settings.groups.iter().any(|group| group == "*") {
        "everyone signed in".into_any()
    } else {
        settings.groups.join(", ").into_any()
    };
    let (state, word) = if settings.enabled { ("ok", "on") } else { ("quiet", "off") };
    view! {
        <tr>
            <th scope="row" data-th="Name">
                <span>
                    <a href=href data-row="">{settings.name}</a>
                    <small class="soft block">{settings.description}</small>
                </span>
            </th>
            <td data-th="Reaches"><code>{settings.base_url}</code></td>
            <td data-th="Granted to"><span>{groups}</span></td>
            <td data-th="Masks">{masks}</td>
            <td data-th="Keeps">{words::recording(settings.recording)}</td>
            <td data-th="State"><span><Badge state words=word /></span></td>
            <td data-th="Changed"><span><Moment at=updated_at /></span></td>
        </tr>
    }
}

/// An empty form.
#[component]
pub(crate) fn NewConnectionPage() -> impl IntoView {
    view! {
        <Title text="New connection" />
        {if viewer().is_some_and(|viewer| viewer.is(Role::Admin)) {
            view! {
                <header class="page-head">
                    <p class="crumb"><a href=Route::Connections.path()>"Connections"</a></p>
                    <h1>"New connection"</h1>
                </header>
                <FormErrors />
                <ConnectionForm
                    settings=entries::fresh()
                    has_secret=false
                    version=0
                    action=Route::NewConnection.path()
                    purpose=Purpose::New
                />
            }
                .into_any()
        } else {
            view! { <Problem error=UiError::Forbidden whole=true /> }.into_any()
        }}
    }
}
