//! A page's data, or why there is none. The one place where pages wait.
//!
//! One `Transition` directly around one `Suspend`, never around another page part that waits: nested ones break hydration
//! (leptos issues 3726, 3908).

use leptos::prelude::*;

use super::notice::Problem;
use crate::error::UiError;

/// Shows a resource's value under the page's own head; news replace it without a flash.
pub(crate) fn loaded<T, F>(resource: Resource<Result<T, UiError>>, render: F) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    F: Fn(T) -> AnyView + Clone + Send + Sync + 'static,
{
    waiting(resource, false, render)
}

/// The same for a page whose head is part of what is loaded.
pub(crate) fn loaded_whole<T, F>(resource: Resource<Result<T, UiError>>, render: F) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    F: Fn(T) -> AnyView + Clone + Send + Sync + 'static,
{
    waiting(resource, true, render)
}

fn waiting<T, F>(resource: Resource<Result<T, UiError>>, whole: bool, render: F) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    F: Fn(T) -> AnyView + Clone + Send + Sync + 'static,
{
    view! {
        <Transition fallback=|| view! { <p class="waiting" role="status">"Loading…"</p> }>
            {move || {
                let render = render.clone();
                Suspend::new(async move {
                    match resource.await {
                        Ok(value) => render(value),
                        Err(error) => view! { <Problem error whole /> }.into_any(),
                    }
                })
            }}
        </Transition>
    }
}
