//! One pattern or dictionary: its form, and its end.

use countersign_model::own_entity::OwnKind;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

pub(crate) mod form;

use self::form::EntityForm;
use crate::{
    api::entities::{EntityShown, load_entity},
    components::{
        badge::Badge,
        loaded::loaded_whole,
        moment::Moment,
        notice::{Done, FormErrors},
    },
    error::UiError,
    routes::Route,
};

fn named() -> Resource<Result<EntityShown, UiError>> {
    let params = use_params_map();
    Resource::new(
        move || params.read().get("id").unwrap_or_default(),
        async |id: String| match id.parse() {
            Ok(id) => load_entity(id).await,
            Err(_) => Err(UiError::NotFound),
        },
    )
}

/// The form, filled.
#[component]
pub(crate) fn EntityPage() -> impl IntoView {
    let data = named();
    view! {
        <Title text="Entity" />
        {loaded_whole(data, |shown| view! { <Settings shown /> }.into_any())}
    }
}

#[component]
fn Settings(shown: EntityShown) -> impl IntoView {
    let summary = shown.summary.clone();
    let (state, word) = if summary.enabled { ("ok", "on") } else { ("quiet", "off") };
    view! {
        <header class="page-head">
            <p class="crumb"><a href=Route::Entities.path()>"Entities"</a></p>
            <h1>{summary.name.clone()}</h1>
            <Badge state words=word />
            <p class="soft">
                {summary.kind.name()} ", version " {summary.version} ", changed "
                <Moment at=summary.updated_at />
            </p>
        </header>
        <Done />
        <FormErrors />
        <div class="columns">
            <EntityForm kind=summary.kind shown=Some(shown) />
            <div class="stack">
                <section class="card" aria-labelledby="use">
                    <h2 id="use">"Use"</h2>
                    <ul class="links">
                        <li><a href=Route::Sessions.with(&[("entity", &summary.name)])>"Sessions it was found in"</a></li>
                        {(summary.kind == OwnKind::Dictionary)
                            .then(|| {
                                let href = format!("{}/terms.txt", Route::Entity(summary.id).path());
                                view! { <li><a href=href rel="external" download="">"All terms as a file"</a></li> }
                            })}
                        <li><a href=Route::DeleteEntity(summary.id).path()>"Delete…"</a></li>
                    </ul>
                </section>
            </div>
        </div>
    }
}

/// One question before the end.
#[component]
pub(crate) fn DeleteEntityPage() -> impl IntoView {
    let data = named();
    view! {
        <Title text="Delete entity" />
        {loaded_whole(data, |shown| view! { <Delete shown /> }.into_any())}
    }
}

#[component]
fn Delete(shown: EntityShown) -> impl IntoView {
    let summary = shown.summary;
    let keep = Route::Entity(summary.id).path();
    view! {
        <header class="page-head">
            <p class="crumb"><a href=keep.clone()>{summary.name.clone()}</a></p>
            <h1>"Delete " {summary.name} "?"</h1>
        </header>
        <FormErrors />
        <div class="card narrow stack">
            <p>
                "It is no longer looked for, on any connection. What it found so far stays masked in the record. The rule itself is not kept."
            </p>
            <form method="post" action=Route::DeleteEntity(summary.id).path() class="actions">
                <input type="hidden" name="version" value=summary.version />
                <button type="submit" class="danger">"Delete it"</button>
                <a href=keep>"Keep it"</a>
            </form>
        </div>
    }
}
