//! A text file, looked through slice by slice in the worker: its progress, and what came of it.

use std::{collections::BTreeSet, sync::Arc};

use countersign_model::trial::{
    Count,
    post::{COPY_MAX, PREVIEW},
};
use leptos::prelude::*;

use super::{Counts, Risks};
use crate::{
    components::masked::MaskedText,
    live::{
        self,
        detector::{Detector, Said},
        files,
    },
    view::{
        numbers,
        playground::{self, RiskRow},
    },
};

/// Largest file: its masked text is held in memory until the page is left.
const FILE_MAX: u64 = 64 << 20;

/// How far it is.
#[derive(Clone, Default)]
enum Scan {
    #[default]
    None,
    Running {
        name: String,
        size: u64,
    },
    Done(Scanned),
    Failed(String),
}

/// A file that was looked through.
#[derive(Clone)]
struct Scanned {
    name: String,
    size: u64,
    /// Spent looking, without reading.
    micros: u64,
    counts: Vec<Count>,
    risks: Vec<RiskRow>,
    found: usize,
    saved: Arc<files::Saved>,
    /// Of the masked text.
    bytes: u64,
    /// The masked text, or its beginning if it is more than goes to the clipboard.
    text: String,
}

/// Has one file at a time looked through.
#[derive(Clone, Copy)]
pub(super) struct Scanner {
    detector: Detector,
    scan: RwSignal<Scan>,
    /// Bytes of the present file; by itself, so that its button stays the same while it moves.
    done: RwSignal<u64>,
    /// Which file is the present one.
    turn: StoredValue<u32>,
    /// Why there is no detector.
    lost: StoredValue<Option<String>>,
}

impl Scanner {
    pub(super) fn new(detector: Detector) -> Self {
        Self {
            detector,
            scan: RwSignal::new(Scan::None),
            done: RwSignal::new(0),
            turn: StoredValue::new(0),
            lost: StoredValue::new(None),
        }
    }

    /// Begins with this file; what was under way stops.
    pub(super) fn take(self, chosen: files::Chosen) {
        let turn = self.begin();
        if let Some(why) = self.lost.get_value() {
            self.scan.set(Scan::Failed(without(&chosen.name, &why)));
            return;
        }
        if chosen.size > FILE_MAX {
            self.detector.stop();
            let (size, most) = (numbers::bytes(chosen.size), numbers::bytes(FILE_MAX));
            self.scan.set(Scan::Failed(format!(
                "{} has {size}; this page takes up to {most}. The command line has no limit.",
                chosen.name
            )));
            return;
        }
        self.done.set(0);
        self.detector.file(turn, &chosen);
        self.scan.set(Scan::Running { name: chosen.name, size: chosen.size });
    }

    /// Takes what is about the present file.
    pub(super) fn hear(self, said: Said) {
        if let Said::Lost(why) = &said {
            self.lost.try_set_value(Some(why.clone()));
        }
        let present = self.scan.try_with_untracked(|scan| match scan {
            Scan::Running { name, size } => Some((name.clone(), *size)),
            _ => None,
        });
        let Some((name, size)) = present.flatten() else { return };
        let mine = |turn: u32| self.turn.try_get_value() == Some(turn);
        match said {
            Said::Progress { turn, done } if mine(turn) => {
                self.done.try_set(done);
            }
            Said::File { turn, micros, trial, saved, bytes, text } if mine(turn) => {
                self.scan.try_set(Scan::Done(Scanned {
                    name,
                    size,
                    micros,
                    counts: trial.counts,
                    risks: playground::risks_of_file(trial.risks),
                    found: trial.total,
                    saved,
                    bytes,
                    text,
                }));
            }
            Said::Refused { turn, why } if mine(turn) => {
                self.scan.try_set(Scan::Failed(format!("{name}: {why}.")));
            }
            Said::Lost(why) => {
                self.scan.try_set(Scan::Failed(without(&name, &why)));
            }
            _ => {}
        }
    }

    fn stop(self) {
        self.begin();
        self.detector.stop();
        self.scan.set(Scan::None);
    }

    fn begin(self) -> u32 {
        let turn = self.turn.with_value(|turn| turn.wrapping_add(1));
        self.turn.set_value(turn);
        turn
    }
}

/// Choosing, progress, and the result.
#[component]
pub(super) fn FileScan(scanner: Scanner) -> impl IntoView {
    let choose = move |event| {
        if let Some(chosen) = files::chosen(&event) {
            scanner.take(chosen);
        }
    };
    let stop = move |_| scanner.stop();
    view! {
        <section class="card stack drop" aria-labelledby="file">
            <h2 id="file">"A file"</h2>
            <p class="soft" id="file-hint">
                {format!(
                    "Drop a text file anywhere on this page, or choose one. It is looked through here, in your browser; up to {}.",
                    numbers::bytes(FILE_MAX),
                )}
            </p>
            <div class="field">
                <label for="file-input">"Text file"</label>
                <input id="file-input" type="file" aria-describedby="file-hint" on:change=choose />
            </div>
            {move || match scanner.scan.get() {
                Scan::None => ().into_any(),
                Scan::Running { name, size } => view! {
                    <div class="field">
                        <label for="file-progress">
                            {name} ": " {move || numbers::bytes(scanner.done.get())} " of " {numbers::bytes(size)}
                        </label>
                        <progress id="file-progress" max=size.to_string() value=move || scanner.done.get().to_string()></progress>
                    </div>
                    <p><button type="button" on:click=stop>"Stop"</button></p>
                }
                .into_any(),
                Scan::Failed(sentence) => view! { <p class="notice" data-state="stop" role="alert">{sentence}</p> }.into_any(),
                Scan::Done(scanned) => view! { <Outcome scanned /> }.into_any(),
            }}
        </section>
    }
}

#[component]
fn Outcome(scanned: Scanned) -> impl IntoView {
    let Scanned { name, size, micros, counts, risks, found, saved, bytes, text } = scanned;
    let known: BTreeSet<String> = counts.iter().map(|count| count.entity.clone()).collect();
    let head = preview(&text).to_owned();
    let cut = (head.len() as u64) < bytes;
    let whole = bytes <= COPY_MAX as u64;
    let found = match i64::try_from(found).unwrap_or(i64::MAX) {
        0 => "Nothing found".to_owned(),
        found => format!("{} found", numbers::count(found)),
    };
    let copied = RwSignal::new(false);
    let copy = move |_| {
        live::copy(text.clone(), move || {
            copied.set(true);
            live::later(2_000, move || copied.set(false));
        });
    };
    let target = format!("masked-{name}");
    view! {
        <p class="sum" role="status">
            <strong>{found} " in " {name}</strong>
            <span class="soft">", " {numbers::bytes(size)} " in " {numbers::micros(micros)}</span>
        </p>
        <Counts counts />
        <div class="given-text" tabindex="0" role="region" aria-label="The file, masked"><MaskedText text=head known /></div>
        <Risks risks id="file-risks" />
        {cut.then(|| view! { <p class="soft">"This is its beginning. The download has all of it."</p> })}
        <p class="actions">
            <button type="button" class="primary" on:click=move |_| saved.download(&target)>
                "Download the masked file"
            </button>
            {whole
                .then(|| {
                    view! {
                        <button type="button" on:click=copy>
                            <span aria-live="polite">{move || if copied.get() { "Copied" } else { "Copy" }}</span>
                        </button>
                    }
                })}
        </p>
    }
}

fn without(name: &str, why: &str) -> String {
    format!("{name} cannot be looked through, for there is no detector: {why}.")
}

/// The beginning of the masked text, not ending inside a label.
fn preview(text: &str) -> &str {
    let head = &text[..text.floor_char_boundary(PREVIEW)];
    let whole = head.len() == text.len();
    let open = head.rfind('[').filter(|open| !head[*open..].contains(']') && head.len() - open < 64);
    open.filter(|_| !whole).map_or(head, |open| &head[..open])
}
