//! Times our engine and `redact-core` on the same texts, in turns: one line of JSON a measurement.

use std::hint::black_box;
use std::time::Instant;

use countersign_detect::Engine;
use redact_core::AnalyzerEngine;

/// Runs of each, in turns; the first tenth warms up and does not count.
const ROUNDS: usize = 2_000;

fn main() {
    let ours = Engine::standard();
    let theirs = AnalyzerEngine::new();
    for name in std::env::args().skip(1) {
        let text = std::fs::read_to_string(&name).expect("a text");
        let (mut our_times, mut their_times) = (Vec::new(), Vec::new());
        for round in 0..ROUNDS {
            let (ours, theirs) = (
                time(|| ours.scan(black_box(&text)).len()),
                // The slower one: fewer rounds show as much.
                (round % 10 == 0).then(|| time(|| theirs.analyze(black_box(&text), None).map_or(0, |r| r.detected_entities.len()))),
            );
            if round >= ROUNDS / 10 {
                our_times.push(ours);
                their_times.extend(theirs);
            }
        }
        for (tool, times) in [("countersign", &mut our_times), ("redact-core", &mut their_times)] {
            times.sort_unstable();
            let at = |share: usize| times[times.len() * share / 100] as f64 / 1000.0;
            let line = serde_json::json!({ "tool": tool, "text": name, "bytes": text.len(), "p50": at(50), "p99": at(99) });
            println!("{line}");
        }
    }
}

/// Nanoseconds of one call.
fn time(work: impl FnOnce() -> usize) -> u128 {
    let begin = Instant::now();
    black_box(work());
    begin.elapsed().as_nanos()
}
