//! A moment: UTC as the server writes it, relative once the browser knows the present, whole in the tooltip.

use countersign_model::Timestamp;
use leptos::prelude::*;

use crate::{live::live, view::time};

/// A `<time>` element.
#[component]
pub(crate) fn Moment(at: Timestamp) -> impl IntoView {
    let now = live().now;
    view! {
        <time datetime=at.rfc3339() title=time::utc(at)>
            {move || now.get().map_or_else(|| time::utc_short(at), |now| time::relative(at, now))}
        </time>
    }
}

/// A moment as evidence needs it: UTC on the page at all times, and beside it how long ago, once the browser knows.
#[component]
pub(crate) fn MomentUtc(at: Timestamp) -> impl IntoView {
    let now = live().now;
    view! {
        <time datetime=at.rfc3339()>{time::utc(at)}</time>
        <small class="soft ago">{move || now.get().map(|now| format!(" {}", time::relative(at, now)))}</small>
    }
}

/// A moment or a word for never.
#[component]
pub(crate) fn MomentOr(at: Option<Timestamp>, never: &'static str) -> impl IntoView {
    match at {
        Some(at) => view! { <Moment at /> }.into_any(),
        None => view! { <span class="soft">{never}</span> }.into_any(),
    }
}
