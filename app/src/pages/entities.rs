//! What administrators have looked for besides the standard entities: the list, and the pages that make one.

use countersign_model::{
    own_entity::{OwnEntitySummary, OwnKind},
    person::Role,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use super::entity::form::EntityForm;
use crate::{
    api::entities::load_entities,
    components::{
        badge::Badge,
        loaded::loaded,
        moment::Moment,
        notice::{Done, Empty, FormErrors, Problem},
    },
    context::viewer,
    error::UiError,
    routes::Route,
    view::numbers,
};

/// The list, for administrators.
#[component]
pub(crate) fn EntitiesPage() -> impl IntoView {
    let data = Resource::new(|| (), |()| load_entities());
    view! {
        <Title text="Entities" />
        <header class="page-head">
            <h1>"Entities"</h1>
            <p class="soft">"Your own patterns and words, looked for on every connection, both ways."</p>
            {viewer().is_some_and(|viewer| viewer.is(Role::Admin)).then(|| view! { <New /> })}
        </header>
        <Done />
        {loaded(data, |list| view! { <List list /> }.into_any())}
    }
}

#[component]
fn New() -> impl IntoView {
    view! {
        <p class="actions end">
            <a class="button primary" href=Route::NewEntity(OwnKind::Pattern).path()>"New pattern"</a>
            <a class="button" href=Route::NewEntity(OwnKind::Dictionary).path()>"New dictionary"</a>
        </p>
    }
}

#[component]
fn List(list: Vec<OwnEntitySummary>) -> impl IntoView {
    if list.is_empty() {
        return view! {
            <Empty title="Only the standard kinds are looked for">
                <p>
                    "A pattern finds what has a form of your own, such as staff or case numbers. A dictionary finds words that only you know, such as names of projects or customers."
                </p>
            </Empty>
        }
        .into_any();
    }
    let rows = list.into_iter().map(|entity| view! { <Row entity /> }).collect_view();
    view! {
        <div class="table">
            <table>
                <caption class="unseen">"Patterns and dictionaries"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Name"</th>
                        <th scope="col">"Kind"</th>
                        <th scope="col">"Finds"</th>
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
fn Row(entity: OwnEntitySummary) -> impl IntoView {
    let finds = match entity.kind {
        OwnKind::Pattern => "matches".to_owned(),
        OwnKind::Dictionary => numbers::plural(entity.terms, "term", "terms"),
    };
    let (state, word) = if entity.enabled { ("ok", "on") } else { ("quiet", "off") };
    view! {
        <tr>
            <th scope="row" data-th="Name">
                <span>
                    <a href=Route::Entity(entity.id).path() data-row="" class="mono">{entity.name}</a>
                    <small class="soft block">{entity.description}</small>
                </span>
            </th>
            <td data-th="Kind">{entity.kind.name()}</td>
            <td data-th="Finds">{finds}</td>
            <td data-th="State"><span><Badge state words=word /></span></td>
            <td data-th="Changed"><span><Moment at=entity.updated_at /></span></td>
        </tr>
    }
}

/// An empty form for a pattern or a dictionary.
#[component]
pub(crate) fn NewEntityPage() -> impl IntoView {
    let params = use_params_map();
    let kind = move || params.read().get("kind").and_then(|kind| OwnKind::parse(&kind));
    move || {
        let Some(kind) = kind() else {
            return view! { <Problem error=UiError::NotFound whole=true /> }.into_any();
        };
        if !viewer().is_some_and(|viewer| viewer.is(Role::Admin)) {
            return view! { <Problem error=UiError::Forbidden whole=true /> }.into_any();
        }
        let title = format!("New {}", kind.name());
        view! {
            <Title text=title.clone() />
            <header class="page-head">
                <p class="crumb"><a href=Route::Entities.path()>"Entities"</a></p>
                <h1>{title}</h1>
            </header>
            <FormErrors />
            <EntityForm kind shown=None />
        }
        .into_any()
    }
}
