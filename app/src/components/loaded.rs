//! A page's data, or why there is none. The one place where pages wait.
//!
//! One `Transition` directly around one `Suspend`, never around another page part that waits: nested ones break hydration
//! (leptos issues 3726, 3908).

use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

use super::notice::Problem;
use crate::{error::UiError, live::live};

/// Shows a resource's value under the page's own head; news replace it without a flash.
pub(crate) fn loaded<T, F>(resource: Resource<Result<T, UiError>>, render: F) -> impl IntoView
where
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
    F: Fn(T) -> AnyView + Clone + Send + Sync + 'static,
{
    waiting(resource, false, render)
}

/// The same for a page whose head is part of what is loaded.
pub(crate) fn loaded_whole<T, F>(resource: Resource<Result<T, UiError>>, render: F) -> impl IntoView
where
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
    F: Fn(T) -> AnyView + Clone + Send + Sync + 'static,
{
    waiting(resource, true, render)
}

fn waiting<T, F>(resource: Resource<Result<T, UiError>>, whole: bool, render: F) -> impl IntoView
where
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
    F: Fn(T) -> AnyView + Clone + Send + Sync + 'static,
{
    let live = live();
    // Only in the browser: how each call went is for the sign of the feed, and what failed is asked for again with the news.
    let failed = StoredValue::new(false);
    Effect::new(move || {
        resource.with(|value| {
            if let Some(value) = value {
                let error = value.as_ref().err();
                failed.set_value(error.is_some_and(UiError::passes));
                live.went(error);
            }
        });
    });
    Effect::new(move |before: Option<u32>| {
        let news = live.news.get();
        if before.is_some_and(|before| before != news) && failed.get_value() {
            resource.refetch();
        }
        news
    });
    let retry = Callback::new(move |()| resource.refetch());
    view! {
        <Transition fallback=|| view! { <p class="waiting" role="status">"Loading…"</p> }>
            {move || {
                let render = render.clone();
                Suspend::new(async move {
                    match resource.await {
                        Ok(value) => render(value),
                        Err(error) => view! { <Problem error whole retry /> }.into_any(),
                    }
                })
            }}
        </Transition>
    }
}
