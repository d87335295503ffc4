//! “Verify here”: this browser recomputes the shown rows with the ledger's own code. Nothing is claimed before it did.

use countersign_model::exchange::RowView;
use leptos::prelude::*;

use crate::{
    context::viewer,
    routes::Route,
    view::{
        numbers,
        proof::{self, Proof},
    },
};

/// The badge, its button, and what it does not prove. `unreadable`: rows that could not be shown whole.
#[component]
pub(super) fn VerifyHere(rows: Vec<RowView>, unreadable: Vec<i64>) -> impl IntoView {
    let audits = viewer().is_some_and(|viewer| viewer.audits());
    let count = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    let proof = RwSignal::new(None::<Proof>);
    let kept = StoredValue::new((rows, unreadable));
    let act = move |_| {
        proof.set(Some(kept.with_value(|(rows, unreadable)| proof::check(rows, unreadable))));
    };
    let kind = move || match proof.get() {
        None => "unchecked",
        Some(Proof::Holds { .. }) => "here",
        Some(Proof::Broken { .. }) => "broken",
    };
    let words = move || match proof.get() {
        None => "Not checked in this browser".to_owned(),
        Some(Proof::Holds { rows, .. }) => format!("Verified here: {rows} of {count} rows recomputed"),
        Some(Proof::Broken { seq, .. }) => format!("Broken at row {seq}"),
    };
    let told = move || {
        let proof = proof.get();
        let claim = proof::claim(proof.as_ref());
        match proof {
            None => view! { <p class="soft js-only">{claim}</p> }.into_any(),
            Some(Proof::Holds { rows, links }) => view! {
                <p class="soft">
                    {format!(
                        "{} read, every hash recomputed from the row's bytes, {} between neighbours intact. ",
                        numbers::plural(i64::try_from(rows).unwrap_or(0), "row", "rows"),
                        numbers::plural(i64::try_from(links).unwrap_or(0), "link", "links"),
                    )}
                    {claim}
                </p>
            }
            .into_any(),
            Some(Proof::Broken { seq, sentence }) => view! {
                <p class="notice" data-state="stop" role="alert">
                    <strong>"Row " {seq} " does not hold."</strong> " " {sentence} " " {claim}
                </p>
            }
            .into_any(),
        }
    };
    view! {
        <section class="verify-here" aria-label="Verification">
            <p class="seal" data-chain=kind role="status">
                <span class="seal-words">{words}</span>
            </p>
            <button type="button" class="js-only" on:click=act>"Verify here"</button>
            {audits.then(|| view! { <a class="verify-all" href=Route::Audit.path()>"Verify the whole chain"</a> })}
            {told}
            <p class="soft no-js">
                "Checking these rows in the browser takes JavaScript. "
                {if audits {
                    "Without it, the whole chain can be verified on the Audit page."
                } else {
                    "Without it, an auditor can verify the whole chain."
                }}
            </p>
        </section>
    }
}
