//! The mark: a scalloped seal with two signatures, one inside the other.

use leptos::prelude::*;

/// The seal. Decorative: the name stands beside it.
#[component]
pub(crate) fn Mark() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
            <path class="mark-seal" d=SEAL />
            <path class="mark-ring" d="M21.6 11.2a7.4 7.4 0 1 0 0 9.6" />
            <path class="mark-sign" d="M11.4 16.4l3.6 3.6 8.6-9.4" />
        </svg>
    }
}

/// Sixteen scallops of radius 2.9 around a circle of radius 14.
const SEAL: &str = "M16.00 2.00A2.9 2.9 0 0 1 21.36 3.07A2.9 2.9 0 0 1 25.90 6.10A2.9 2.9 0 0 1 28.93 10.64A2.9 2.9 0 0 1 30.00 16.00A2.9 2.9 0 0 1 28.93 21.36A2.9 2.9 0 0 1 25.90 25.90A2.9 2.9 0 0 1 21.36 28.93A2.9 2.9 0 0 1 16.00 30.00A2.9 2.9 0 0 1 10.64 28.93A2.9 2.9 0 0 1 6.10 25.90A2.9 2.9 0 0 1 3.07 21.36A2.9 2.9 0 0 1 2.00 16.00A2.9 2.9 0 0 1 3.07 10.64A2.9 2.9 0 0 1 6.10 6.10A2.9 2.9 0 0 1 10.64 3.07A2.9 2.9 0 0 1 16.00 2.00Z";
