//! A text file, looked through slice by slice in the browser, so that the page stays alive meanwhile.

use std::{collections::BTreeSet, sync::Arc};

use countersign_detect::Utf8;
use leptos::prelude::*;

use super::Counts;
use crate::{
    components::masked::MaskedText,
    live::{self, files},
    view::{
        numbers,
        playground::{self, Count},
    },
};

/// Largest file: its masked text is held in memory until the page is left.
const FILE_MAX: u64 = 64 << 20;
/// What is read and looked through before the page gets its turn.
const SLICE: u64 = 256 << 10;
/// What is shown of the masked text, bytes.
const PREVIEW: usize = 4_000;
/// Largest masked text that goes to the clipboard, bytes.
const COPY_MAX: usize = 4 << 20;

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
    found: usize,
    parts: Arc<Vec<String>>,
    bytes: usize,
}

/// Looks through one file at a time. Holds no file itself: those of a browser stay in their thread.
#[derive(Clone, Copy)]
pub(super) struct Scanner {
    scan: RwSignal<Scan>,
    /// Bytes of the present file; by itself, so that its button stays the same while it moves.
    done: RwSignal<u64>,
    /// Which file is the present one.
    turn: StoredValue<u32>,
}

impl Scanner {
    pub(super) fn new() -> Self {
        Self { scan: RwSignal::new(Scan::None), done: RwSignal::new(0), turn: StoredValue::new(0) }
    }

    /// Begins with this file; what was under way stops.
    pub(super) fn take(self, chosen: files::Chosen) {
        let turn = self.begin();
        if chosen.size > FILE_MAX {
            let (size, most) = (numbers::bytes(chosen.size), numbers::bytes(FILE_MAX));
            self.scan.set(Scan::Failed(format!(
                "{} has {size}; this page takes up to {most}. The command line has no limit.",
                chosen.name
            )));
            return;
        }
        self.done.set(0);
        self.scan.set(Scan::Running { name: chosen.name.clone(), size: chosen.size });
        leptos::task::spawn_local(async move {
            let ended = look_through(&chosen, self, turn).await;
            if let Some(ended) = ended.filter(|_| self.is_at(turn)) {
                self.scan.try_set(ended);
            }
        });
    }

    fn stop(self) {
        self.begin();
        self.scan.set(Scan::None);
    }

    fn begin(self) -> u32 {
        let turn = self.turn.with_value(|turn| turn.wrapping_add(1));
        self.turn.set_value(turn);
        turn
    }

    fn is_at(self, turn: u32) -> bool {
        self.turn.try_get_value() == Some(turn)
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

/// `None`: somebody stopped it or took another file.
async fn look_through(file: &files::Chosen, scanner: Scanner, turn: u32) -> Option<Scan> {
    let (mut decoder, mut stream) = (Utf8::default(), playground::engine().stream());
    let (mut text, mut parts, mut micros) = (String::new(), Vec::new(), 0);
    let failed = |why: String| Some(Scan::Failed(format!("{}: {why}.", file.name)));
    let mut done = 0;
    while done < file.size {
        let to = file.size.min(done + SLICE);
        let bytes = files::slice(file, done, to).await;
        if !scanner.is_at(turn) {
            return None;
        }
        let Some(bytes) = bytes else { return failed("the browser cannot read it".to_owned()) };
        let began = live::micros();
        text.clear();
        if let Err(error) = decoder.push(&bytes, &mut text) {
            return failed(error.to_string());
        }
        let mut masked = String::new();
        stream.push(&text, &mut masked);
        parts.push(masked);
        micros += live::micros().saturating_sub(began);
        done = to;
        scanner.done.try_set(done);
    }
    if let Err(error) = decoder.finish() {
        return failed(error.to_string());
    }
    let mut masked = String::new();
    stream.finish(&mut masked);
    parts.push(masked);
    let spans = stream.spans();
    Some(Scan::Done(Scanned {
        name: file.name.clone(),
        size: file.size,
        micros,
        counts: playground::counts(spans),
        found: spans.len(),
        bytes: parts.iter().map(String::len).sum(),
        parts: Arc::new(parts),
    }))
}

#[component]
fn Outcome(scanned: Scanned) -> impl IntoView {
    let Scanned { name, size, micros, counts, found, parts, bytes } = scanned;
    let known: BTreeSet<String> = counts.iter().map(|count| count.entity.name().to_owned()).collect();
    let head = preview(&parts);
    let cut = head.len() < bytes;
    let found = match i64::try_from(found).unwrap_or(i64::MAX) {
        0 => "Nothing found".to_owned(),
        found => format!("{} found", numbers::count(found)),
    };
    let saved = Arc::clone(&parts);
    let copied = RwSignal::new(false);
    let copy = move |_| {
        live::copy(parts.concat(), move || {
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
        {cut.then(|| view! { <p class="soft">"This is its beginning. The download has all of it."</p> })}
        <p class="actions">
            <button type="button" class="primary" on:click=move |_| files::download(&target, &saved)>
                "Download the masked file"
            </button>
            {(bytes <= COPY_MAX)
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

/// The beginning of the masked text, not ending inside a label.
fn preview(parts: &[String]) -> String {
    let mut head = String::new();
    for part in parts {
        let room = PREVIEW.saturating_sub(head.len());
        head.push_str(&part[..part.floor_char_boundary(room)]);
        if head.len() + 4 >= PREVIEW {
            if let Some(open) =
                head.rfind('[').filter(|open| !head[*open..].contains(']') && head.len() - open < 64)
            {
                head.truncate(open);
            }
            break;
        }
    }
    head
}
