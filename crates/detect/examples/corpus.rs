//! Measures the detector on made-up text. `corpus` alone makes labelled sentences and near misses and prints recall,
//! precision and F1 by entity; `corpus lines FILE` reads `ENTITY<tab>VALUE<tab>TEXT` lines; `corpus scan DIR…` counts
//! what is found in ordinary files, by entity and megabyte.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a tool for people")]

#[path = "corpus/negatives.rs"]
mod negatives;
#[path = "corpus/values.rs"]
mod values;

use std::collections::BTreeMap;
use std::path::Path;

use countersign_detect::{Engine, Span};
use values::Random;

#[derive(Debug, Default)]
struct Score {
    right: usize,
    missed: usize,
    /// Found and masked, but under another name.
    renamed: usize,
    wrong: usize,
    samples: Vec<String>,
}

type Scores = BTreeMap<String, Score>;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let engine = Engine::standard();
    match arguments.first().map(String::as_str) {
        Some("scan") => scan(&engine, &arguments[1..]),
        Some("lines") => {
            let mut scores = Scores::new();
            for line in std::fs::read_to_string(&arguments[1]).unwrap().lines() {
                let mut parts = line.splitn(3, '\t');
                let (entity, value, text) =
                    (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap());
                judge(&engine, &mut scores, entity, value, &text.replace("\\n", "\n").replace("\\t", "\t"));
            }
            report(&scores);
        }
        _ => corpus(&engine),
    }
}

fn corpus(engine: &Engine) {
    let mut random = Random(0x5EED);
    let mut scores = Scores::new();
    for _ in 0..12 {
        for kind in values::KINDS {
            let label = kind.labels[random.below(kind.labels.len())];
            let Some(value) = values::value(engine, &mut random, kind, label) else {
                scores.entry(kind.entity.to_owned()).or_default().samples.push("no value made".to_owned());
                continue;
            };
            let template = values::TEMPLATES[random.below(values::TEMPLATES.len())];
            let text = template.replace("{label}", label).replace("{value}", &value);
            judge(engine, &mut scores, kind.entity, &value, &text);
        }
    }
    for text in negatives::texts(&mut random, 4000) {
        for span in engine.scan(&text) {
            let score = scores.entry(span.entity.name().to_owned()).or_default();
            score.wrong += 1;
            score.samples.push(format!("FALSE {:?} in {text:?}", &text[span.start..span.end]));
        }
    }
    report(&scores);
}

/// One value in a text in which nothing else is sensitive.
fn judge(engine: &Engine, scores: &mut Scores, entity: &str, value: &str, text: &str) {
    let Some(start) = text.find(value) else { return };
    let end = start + value.len();
    let spans = engine.scan(text);
    let covers =
        |span: &&Span| span.start <= start && span.end >= end && span.end - span.start <= value.len() + 4;
    let found = spans.iter().find(covers);
    let score = scores.entry(entity.to_owned()).or_default();
    match found {
        Some(span) if span.entity.name() == entity => score.right += 1,
        Some(span) => {
            score.renamed += 1;
            score.samples.push(format!("AS {} {text:?}", span.entity.name()));
        }
        None => {
            score.missed += 1;
            score.samples.push(format!("MISSED {value:?} in {text:?}"));
        }
    }
    for span in spans.iter().filter(|span| !covers(span)) {
        let score = scores.entry(span.entity.name().to_owned()).or_default();
        score.wrong += 1;
        score.samples.push(format!("FALSE {:?} in {text:?}", &text[span.start..span.end]));
    }
}

fn report(scores: &Scores) {
    let mut all = Score::default();
    for (entity, score) in scores {
        line(entity, score);
        all.right += score.right;
        all.missed += score.missed;
        all.renamed += score.renamed;
        all.wrong += score.wrong;
        for sample in score.samples.iter().take(400) {
            println!("    {sample}");
        }
    }
    line("ALL", &all);
}

fn line(name: &str, score: &Score) {
    let wanted = (score.right + score.missed + score.renamed) as f64;
    let found = (score.right + score.renamed + score.wrong) as f64;
    let (right, covered) = (score.right as f64, (score.right + score.renamed) as f64);
    println!(
        "{name:32} wanted {wanted:5} covered {:5.1} % named {:5.1} % precision {:5.1} % F1 {:5.1}",
        covered / wanted * 100.0,
        right / wanted * 100.0,
        right / found * 100.0,
        2.0 * right / (wanted + found) * 100.0
    );
}

fn scan(engine: &Engine, places: &[String]) {
    let mut bytes = 0;
    let mut counts: BTreeMap<&str, (usize, Vec<String>)> = BTreeMap::new();
    for place in places {
        walk(Path::new(place), &mut |text| {
            bytes += text.len();
            for span in engine.scan(text) {
                let (count, samples) = counts.entry(span.entity.name()).or_default();
                *count += 1;
                let from = text.floor_char_boundary(span.start.saturating_sub(48));
                let to = text.ceil_char_boundary((span.end + 12).min(text.len()));
                if samples.len() < 400 {
                    samples.push(format!("{:?} in {:?}", &text[span.start..span.end], &text[from..to]));
                }
            }
        });
    }
    let megabytes = bytes as f64 / 1e6;
    let total: usize = counts.values().map(|(count, _)| count).sum();
    println!("{megabytes:.1} MB, {:.1} spans a MB", total as f64 / megabytes);
    for (entity, (count, samples)) in counts {
        println!("{entity:32} {count:6} {:8.2} a MB", count as f64 / megabytes);
        let step = samples.len().div_ceil(10).max(1);
        for sample in samples.iter().step_by(step) {
            println!("    {sample}");
        }
    }
}

fn walk(place: &Path, each: &mut impl FnMut(&str)) {
    if place.is_dir() {
        let Ok(entries) = std::fs::read_dir(place) else { return };
        let mut entries: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
        entries.sort();
        for entry in entries.iter().filter(|entry| !entry.is_symlink()) {
            walk(entry, each);
        }
    } else if let Ok(text) = std::fs::read_to_string(place) {
        each(&text);
    }
}
