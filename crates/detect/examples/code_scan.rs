//! Spans for each megabyte of the files below the given folders, by entity, with some of each: what a rule finds in
//! text that should hold nothing. `code_scan [--show ENTITY] FOLDER…`
#![expect(clippy::print_stdout, reason = "a tool for people")]

use std::collections::BTreeMap;
use std::path::Path;

use countersign_detect::Engine;

const KINDS: &[&str] = &[
    "py",
    "rs",
    "js",
    "ts",
    "tsx",
    "mjs",
    "json",
    "toml",
    "yaml",
    "yml",
    "md",
    "txt",
    "html",
    "css",
    "sh",
    "c",
    "h",
    "go",
    "java",
    "rb",
    "php",
    "cfg",
    "ini",
    "copyright",
];

#[derive(Default)]
struct Tally {
    bytes: usize,
    found: BTreeMap<&'static str, Vec<String>>,
}

fn walk(path: &Path, engine: &Engine, tally: &mut Tally) {
    if let Ok(entries) = std::fs::read_dir(path) {
        let mut entries: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
        entries.sort();
        for entry in &entries {
            walk(entry, engine, tally);
        }
        return;
    }
    let kind = path.extension().or(path.file_name()).and_then(|kind| kind.to_str()).unwrap_or_default();
    if !KINDS.contains(&kind) {
        return;
    }
    let Ok(text) = std::fs::read_to_string(path) else { return };
    tally.bytes += text.len();
    for span in engine.scan(&text) {
        let from = text.floor_char_boundary(span.start.saturating_sub(50));
        let to = text.ceil_char_boundary((span.end + 12).min(text.len()));
        let shown =
            format!("{}«{}»{}", &text[from..span.start], &text[span.start..span.end], &text[span.end..to]);
        let file = path.file_name().unwrap_or_default().display();
        tally
            .found
            .entry(span.entity.name())
            .or_default()
            .push(format!("{file}: {}", shown.replace('\n', "⏎")));
    }
}

fn main() {
    let engine = Engine::standard();
    let mut tally = Tally::default();
    let mut show = Vec::new();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        if argument == "--show" {
            show.extend(arguments.next());
        } else {
            walk(Path::new(&argument), &engine, &mut tally);
        }
    }
    let megabytes = tally.bytes as f64 / 1e6;
    println!("{megabytes:.1} MB");
    for (entity, found) in &tally.found {
        println!("{entity:24} {:6} {:8.2} per MB", found.len(), found.len() as f64 / megabytes);
        if show.iter().any(|name| name == entity) {
            let step = (found.len() / 60).max(1);
            found.iter().step_by(step).for_each(|found| println!("    {found}"));
        }
    }
}
