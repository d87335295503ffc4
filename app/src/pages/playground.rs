//! The detector to try out: a text, what is found in it, and the text as masked, with every keystroke, in the browser.
//!
//! The detector is a module of its own and runs in a worker ([`live::detector`]); this page only shows what it says.
//! Promise: nothing that is typed, dropped or chosen here leaves the browser: no server function, no form, no field with
//! a name.

mod ask;
mod file;

use countersign_model::trial::{
    Count,
    post::{ROWS, SHOWN},
};
use leptos::prelude::*;
use leptos_meta::Title;

use self::{
    ask::{Asking, State},
    file::{FileScan, Scanner},
};
use crate::{
    components::{
        masked::shown,
        shown::{CodeBlock, CopyButton},
    },
    live::{detector::Detector, files},
    view::{
        numbers,
        playground::{self, Look, RiskRow, Row, SAMPLES, Stretch},
        text,
    },
};

/// The page. Every signed-in role has it.
#[component]
pub(crate) fn PlaygroundPage() -> impl IntoView {
    view! {
        <Title text="Playground" />
        <header class="page-head">
            <h1>"Playground"</h1>
            <p class="soft">
                "Try what masking finds of the standard kinds. Everything here is computed in your browser, by this gateway's own detector: nothing you type or drop is sent to the server."
            </p>
        </header>
        <section class="card stack no-js" aria-labelledby="no-script">
            <h2 id="no-script">"This page computes in your browser, so it needs JavaScript"</h2>
            <p>"Without it, the same detector masks a text on the command line:"</p>
            <CodeBlock text="countersign detect < text.txt" what="command" />
        </section>
        <Desk />
    }
}

/// Text, what is found, the masked text.
#[component]
fn Desk() -> impl IntoView {
    let field: NodeRef<leptos::html::Textarea> = NodeRef::new();
    let detector = Detector::new();
    let (asking, scanner) = (Asking::new(detector), Scanner::new(detector));
    let over = RwSignal::new(false);

    let change = move |text: String| asking.about(text);
    Effect::new(move || {
        detector.start(move |said| {
            if let Some(said) = asking.hear(said) {
                scanner.hear(said);
            }
        });
    });
    // What was typed before the page came alive.
    Effect::new(move || {
        if let Some(field) = field.get() {
            let text = field.value();
            if !text.is_empty() {
                change(text);
            }
        }
    });
    let fill = move |text: &'static str| {
        if let Some(field) = field.get_untracked() {
            field.set_value(text);
            change(text.to_owned());
            let _ = field.focus();
        }
    };
    let samples = SAMPLES
        .into_iter()
        .map(|(title, text)| view! { <button type="button" on:click=move |_| fill(text)>{title}</button> })
        .collect_view();
    let drag = move |event: leptos::ev::DragEvent| {
        if files::is_of_files(&event) {
            event.prevent_default();
            over.set(true);
        }
    };
    let drop = move |event: leptos::ev::DragEvent| {
        over.set(false);
        // Text that is dropped goes where the browser puts it.
        if files::is_of_files(&event) {
            event.prevent_default();
            if let Some(chosen) = files::dropped(&event) {
                scanner.take(chosen);
            }
        }
    };
    view! {
        <div
            class="playground js-only"
            data-over=move || over.get().then_some("")
            on:dragenter=drag
            on:dragover=drag
            on:dragleave=move |_| over.set(false)
            on:drop=drop
        >
            <div class="desk">
                <section class="card stack" aria-labelledby="given">
                    <h2 id="given"><label for="text">"Text"</label></h2>
                    <textarea
                        id="text"
                        node_ref=field
                        rows="12"
                        autocomplete="off"
                        autocapitalize="off"
                        spellcheck="false"
                        aria-describedby="text-hint"
                        on:input=move |event| change(event_target_value(&event))
                    ></textarea>
                    <p class="hint" id="text-hint">"Type or paste; the result follows as you type."</p>
                    <div class="actions" role="group" aria-label="Fill in an example">
                        <span class="soft">"Examples"</span>
                        {samples}
                        <button type="button" class="quiet" on:click=move |_| fill("")>"Clear"</button>
                    </div>
                </section>
                <section class="card stack" aria-labelledby="result">
                    <h2 id="result">"As the model would read it"</h2>
                    {move || match asking.state.get() {
                        State::Lost(why) => view! { <Lost why /> }.into_any(),
                        State::Loading | State::Ready => view! { <Masked asking /> }.into_any(),
                    }}
                </section>
            </div>
            <p class="unseen" role="status">{asking.said}</p>
            {move || asking.seen.with(|seen| (seen.look.found > 0).then(|| view! { <Findings look=seen.look.clone() /> }))}
            {move || asking.seen.with(|seen| view! { <Risks risks=seen.look.risks.clone() id="risks" /> })}
            <FileScan scanner />
        </div>
    }
}

/// No detector, no result.
#[component]
fn Lost(why: String) -> impl IntoView {
    view! {
        <p class="notice" data-state="stop" role="alert">
            {format!("The detector could not be loaded: {why}. Reload the page to try again; nothing typed here was sent anywhere.")}
        </p>
        <p class="soft">"The same detector masks a text on the command line:"</p>
        <CodeBlock text="countersign detect < text.txt" what="command" />
    }
}

#[component]
fn Masked(asking: Asking) -> impl IntoView {
    let waits = move || asking.waits.get() && asking.state.get() == State::Loading;
    move || {
        if waits() {
            return view! { <p class="soft">"Loading the detector…"</p> }.into_any();
        }
        let (look, micros) = asking.seen.with(|seen| (seen.look.clone(), seen.micros));
        if look.chars == 0 {
            return view! { <p class="soft">"Nothing to mask yet. Type a text, or take an example."</p> }
                .into_any();
        }
        view! { <Outcome look micros /> }.into_any()
    }
}

#[component]
fn Outcome(look: Look, micros: u64) -> impl IntoView {
    let masked = look.masked.clone();
    view! {
        <p class="sum">
            <strong>{playground::summary(look.found, look.chars)}</strong>
            <span class="soft">" in " {numbers::micros(micros)}</span>
        </p>
        <Counts counts=look.counts />
        <div class="given-text" tabindex="0" role="region" aria-label="Masked text">{shown(look.masked_pieces)}</div>
        {look.cut.then(|| view! { <Cut /> })}
        <p class="actions">
            <CopyButton text=look.masked what="masked text" />
            <button type="button" class="copy" on:click=move |_| files::download("masked.txt", &masked)>
                "Download"
            </button>
        </p>
    }
}

#[component]
fn Cut() -> impl IntoView {
    let words = format!(
        "Only the first {} bytes are shown; copying and downloading give all of it.",
        numbers::count(i64::try_from(SHOWN).unwrap_or(0))
    );
    view! { <p class="soft">{words}</p> }
}

/// How often each kind was found.
#[component]
fn Counts(counts: Vec<Count>) -> impl IntoView {
    (!counts.is_empty()).then(|| {
        let items = counts
            .into_iter()
            .map(|Count { entity, times }| {
                view! {
                    <li>
                        <span class="masked" title=entity.clone()>
                            {text::label_words(&entity)} <span class="masked-count">{times}</span>
                        </span>
                    </li>
                }
            })
            .collect_view();
        view! { <ul class="chips" aria-label="Found, by kind">{items}</ul> }
    })
}

/// The text with what was found marked in it, and the table of it.
#[component]
fn Findings(look: Look) -> impl IntoView {
    let more = look.found.saturating_sub(look.rows.len());
    let stretches = look.stretches.into_iter().map(|stretch| view! { <InPlace stretch /> }).collect_view();
    let rows = look.rows.into_iter().map(|row| view! { <Finding row /> }).collect_view();
    view! {
        <section class="card stack" aria-labelledby="in-place">
            <h2 id="in-place">"Found, in its place"</h2>
            <div class="given-text" tabindex="0" role="region" aria-label="Text with what was found marked">{stretches}</div>
        </section>
        <section aria-labelledby="findings">
            <h2 id="findings">"Why"</h2>
            <div class="table found">
                <table>
                    <caption class="unseen">"What was found, in the order of the text"</caption>
                    <thead>
                        <tr>
                            <th scope="col" class="num">"No."</th>
                            <th scope="col">"What"</th>
                            <th scope="col">"Value"</th>
                            <th scope="col">"Characters"</th>
                            <th scope="col">"Why"</th>
                            <th scope="col" class="num">"Score"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            {(more > 0)
                .then(|| {
                    let more = numbers::count(i64::try_from(more).unwrap_or(i64::MAX));
                    view! { <p class="soft">{format!("The first {ROWS} are listed; there are {more} more.")}</p> }
                })}
        </section>
    }
}

/// What the risk rules say; nothing where they say nothing.
#[component]
fn Risks(risks: Vec<RiskRow>, id: &'static str) -> impl IntoView {
    (!risks.is_empty()).then(|| {
        let rows = risks
            .into_iter()
            .map(|risk| {
                view! {
                    <tr>
                        <th scope="row" data-th="Signal">{risk.kind}</th>
                        <td data-th="Words"><code>{shown(risk.text)}</code></td>
                        <td data-th="Because">{risk.why}</td>
                        <td class="num" data-th="Score">{format!("{} {}", risk.level.name(), risk.score)}</td>
                    </tr>
                }
            })
            .collect_view();
        view! {
            <section aria-labelledby=id>
                <h2 id=id>"Risk signals"</h2>
                <p class="soft">"Reasons to look at this text if somebody sends it to a model. They block nothing by themselves."</p>
                <div class="table found">
                    <table>
                        <caption class="unseen">"Risk signals, the gravest first"</caption>
                        <thead>
                            <tr>
                                <th scope="col">"Signal"</th>
                                <th scope="col">"Words"</th>
                                <th scope="col">"Because"</th>
                                <th scope="col" class="num">"Score"</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            </section>
        }
    })
}

#[component]
fn InPlace(stretch: Stretch) -> impl IntoView {
    match stretch.found {
        None => shown(stretch.pieces).into_any(),
        Some((number, entity)) => view! {
            <mark title=entity.clone()>
                <span class="unseen">{text::label_words(&entity)} ": "</span>
                {shown(stretch.pieces)}
                <sup>{number}</sup>
            </mark>
        }
        .into_any(),
    }
}

#[component]
fn Finding(row: Row) -> impl IntoView {
    let words = text::label_words(&row.entity);
    view! {
        <tr>
            <td class="num" data-th="No.">{row.number}</td>
            <th scope="row" data-th="What"><span><span class="masked" title=row.entity>{words}</span></span></th>
            <td data-th="Value"><code>{shown(row.value)}</code></td>
            <td data-th="Characters">{row.place}</td>
            <td data-th="Why">{row.why}</td>
            <td class="num" data-th="Score">{row.score}</td>
        </tr>
    }
}
