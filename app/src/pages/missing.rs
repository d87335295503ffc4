//! No such page.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{components::notice::Problem, error::UiError};

/// What unknown paths show, with status 404.
#[component]
pub(crate) fn Missing() -> impl IntoView {
    view! {
        <Title text="Not found" />
        <Problem error=UiError::NotFound whole=true />
    }
}
