//! “Verify here”: this browser recomputes the shown rows with the ledger's own code.

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

/// The badge, its button, and what it does not prove.
#[component]
pub(super) fn VerifyHere(rows: Vec<RowView>) -> impl IntoView {
    let audits = viewer().is_some_and(|viewer| viewer.audits());
    let count = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    let proof = RwSignal::new(None::<Proof>);
    let rows = StoredValue::new(rows);
    let act = move |_| proof.set(Some(rows.with_value(|rows| proof::check(rows))));
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
    let steps = move || match proof.get() {
        None => None,
        Some(Proof::Holds { rows, links }) => Some(format!(
            "{} read, every hash recomputed from the row's bytes, {} between neighbours intact.",
            numbers::plural(i64::try_from(rows).unwrap_or(0), "row", "rows"),
            numbers::plural(i64::try_from(links).unwrap_or(0), "link", "links"),
        )),
        Some(Proof::Broken { sentence, .. }) => Some(sentence),
    };
    view! {
        <section class="verify-here" aria-label="Verification">
            <p class="seal" data-chain=kind role="status">
                <span class="seal-words">{words}</span>
            </p>
            <button type="button" class="js-only" on:click=act>"Verify here"</button>
            <p class="soft">
                <span>{steps}</span>
                " "
                <span>"This shows that these rows are unaltered, not that they are all rows."</span>
                " "
                {audits.then(|| view! { <a href=Route::Audit.path()>"Verify the whole chain"</a> })}
            </p>
        </section>
    }
}
