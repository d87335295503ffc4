//! The verify badge: four honest states, each with sign, word and colour, and what it does not prove.

use countersign_model::audit::{ChainState, Head};
use leptos::prelude::*;

use super::{moment::Moment, shown::Hash};
use crate::{routes::Route, view::numbers};

/// The badge on one line, linking to the Audit page.
#[component]
pub(crate) fn ChainBadge(state: ChainState) -> impl IntoView {
    let (kind, head) = kind_and_head(&state);
    let words = match state {
        ChainState::NotChecked { .. } => view! { "Not checked since start" }.into_any(),
        ChainState::VerifiedByServer { verification, head } => {
            let newer = head.size.saturating_sub(verification.head.size);
            view! {
                "Verified by the server "
                <Moment at=verification.at />
                {(newer > 0).then(|| format!("· {} since", numbers::plural(newer, "row", "rows")))}
            }
            .into_any()
        }
        ChainState::VerifiedHere { rows, .. } => {
            format!("Verified in this browser: {}", numbers::plural(rows, "row", "rows")).into_any()
        }
        ChainState::Broken { verification, .. } => verification
            .broken
            .map_or_else(|| "Broken".to_owned(), |broken| format!("Broken at row {}", broken.seq))
            .into_any(),
    };
    view! {
        <a class="seal" data-chain=kind href=Route::Audit.path()>
            <span class="seal-words">{words}</span>
            <HeadLine head />
        </a>
    }
}

/// Row count and newest hash.
#[component]
pub(crate) fn HeadLine(head: Head) -> impl IntoView {
    if head.size == 0 {
        return view! { <span class="soft">"no rows yet"</span> }.into_any();
    }
    view! {
        <span class="soft">
            {numbers::plural(head.size, "row", "rows")} ", newest " <Hash text=head.last_leaf />
        </span>
    }
    .into_any()
}

/// The value of `data-chain`, and the head.
pub(crate) fn kind_and_head(state: &ChainState) -> (&'static str, Head) {
    match state {
        ChainState::NotChecked { head } => ("unchecked", head.clone()),
        ChainState::VerifiedByServer { head, .. } => ("server", head.clone()),
        ChainState::VerifiedHere { head, .. } => ("here", head.clone()),
        ChainState::Broken { head, .. } => ("broken", head.clone()),
    }
}
