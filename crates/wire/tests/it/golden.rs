//! Golden fixtures: `<case>.request.json`, `<case>.response.json` and `<case>.stream.sse`, each with what must come out
//! beside it (`….expected`). The toy masker's secrets stand in for real ones.
//!
//! What came out instead is left in Cargo's temporary folder for tests, so that a wanted change is a copy.

use std::path::{Path, PathBuf};

use countersign_model::entity::Direction;
use countersign_wire::{Shape, rewrite};

use crate::{streams::run, toy::Toy};

fn shape(name: &str) -> Shape {
    match name.split('_').next().unwrap() {
        "chat" => Shape::ChatCompletions,
        "completions" => Shape::Completions,
        "embeddings" => Shape::Embeddings,
        "models" => Shape::Models,
        _ => Shape::Other,
    }
}

fn fixtures() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/openai");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end != "expected"))
        .collect();
    files.sort();
    files
}

#[test]
fn fixtures_come_out_as_expected() {
    let files = fixtures();
    assert!(files.len() >= 10, "fixtures are missing");
    let mut wrong = Vec::new();
    for path in files {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let input = std::fs::read(&path).unwrap();
        let got = match name.split('.').nth(1).unwrap() {
            "stream" => {
                let (out, _, _) = run(std::iter::once(input.as_slice()), shape(&name));
                for step in [1, 2, 3, 7, 64] {
                    assert_eq!(run(input.chunks(step), shape(&name)).0, out, "{name} in pieces of {step}");
                }
                out
            }
            kind => {
                let direction = if kind == "request" { Direction::Prompt } else { Direction::Response };
                let out = rewrite(&input, shape(&name), direction, &mut Toy::default()).unwrap();
                out.body.unwrap_or(input)
            }
        };
        let expected = path.with_file_name(format!("{name}.expected"));
        if std::fs::read(expected).ok().as_deref() != Some(got.as_slice()) {
            let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.expected"));
            std::fs::write(&place, got).unwrap();
            wrong.push(place);
        }
    }
    assert!(wrong.is_empty(), "these differ from what is expected: {wrong:#?}");
}
