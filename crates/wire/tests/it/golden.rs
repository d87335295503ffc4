//! Golden fixtures by protocol: `<protocol>/<shape>_<case>.request.json`, `….response.json`, `….stream.sse`,
//! `….stream.ndjson`, `….request.form` and `….request.multipart`, each with what must come out beside it
//! (`….expected`). Written after the protocols' public documentation; the toy masker's secrets stand in for real ones.
//!
//! What came out instead is left in Cargo's temporary folder for tests, so that a wanted change is a copy.

use std::path::{Path, PathBuf};

use countersign_model::entity::Direction;
use countersign_wire::{Framing, Rewritten, Shape, StreamRewriter, rewrite, rewrite_form, rewrite_multipart};

use crate::{streams::finish, toy::Toy};

fn shape(name: &str) -> Shape {
    match name.split('_').next().unwrap() {
        "chat" => Shape::ChatCompletions,
        "completions" => Shape::Completions,
        "embeddings" => Shape::Embeddings,
        "models" => Shape::Models,
        "messages" => Shape::Messages,
        "responses" => Shape::Responses,
        "moderations" => Shape::Moderations,
        "transcriptions" => Shape::Transcriptions,
        "speech" => Shape::Speech,
        "images" => Shape::Images,
        "rerank" => Shape::Rerank,
        "tokenize" => Shape::Tokenize,
        "completion" => Shape::LlamaCompletion,
        "generate" => Shape::Generate,
        "form" => Shape::Other,
        other => unreachable!("no shape begins with {other}"),
    }
}

fn shape_in(folder: &str, name: &str) -> Shape {
    match (folder, shape(name)) {
        ("ollama", Shape::ChatCompletions) => Shape::OllamaChat,
        ("ollama", Shape::Generate) => Shape::OllamaGenerate,
        (_, shape) => shape,
    }
}

fn fixtures() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let folders = std::fs::read_dir(root).unwrap();
    let mut files: Vec<PathBuf> = folders
        .flat_map(|folder| std::fs::read_dir(folder.unwrap().path()).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end != "expected"))
        .collect();
    files.sort();
    files
}

fn stream(input: &[u8], step: usize, shape: Shape, framing: Framing) -> Vec<u8> {
    let (mut out, mut toy) = (Vec::new(), Toy::default());
    let mut rewriter = StreamRewriter::new(shape, framing, countersign_wire::Options::default());
    for piece in input.chunks(step) {
        rewriter.push(piece, &mut toy, &mut out).unwrap();
    }
    finish(rewriter, &mut toy, &mut out);
    out
}

#[test]
fn fixtures_come_out_as_expected() {
    let files = fixtures();
    assert!(files.len() >= 45, "fixtures are missing");
    let mut wrong = Vec::new();
    for path in files {
        let folder = path.parent().unwrap().file_name().unwrap().to_str().unwrap();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let input = std::fs::read(&path).unwrap();
        let mut toy = Toy::default();
        let body = |out: Rewritten| out.body.unwrap_or_else(|| input.clone());
        let got = match name.split_once('.').unwrap().1 {
            "request.form" => body(rewrite_form(&input, &mut toy).unwrap().rewritten),
            "request.multipart" => body(rewrite_multipart(&input, "XbOuNdArY", &mut toy).unwrap().rewritten),
            "request.json" => {
                body(rewrite(&input, shape_in(folder, &name), Direction::Prompt, &mut toy).unwrap())
            }
            "response.json" => {
                body(rewrite(&input, shape_in(folder, &name), Direction::Response, &mut toy).unwrap())
            }
            kind => {
                let framing = if kind == "stream.ndjson" { Framing::Lines } else { Framing::Events };
                let shape = shape_in(folder, &name);
                let out = stream(&input, input.len(), shape, framing);
                for step in [1, 2, 3, 7, 64] {
                    assert_eq!(stream(&input, step, shape, framing), out, "{name} in pieces of {step}");
                }
                out
            }
        };
        let expected = path.with_file_name(format!("{name}.expected"));
        if std::fs::read(expected).ok().as_deref() != Some(got.as_slice()) {
            let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join(folder);
            std::fs::create_dir_all(&place).unwrap();
            std::fs::write(place.join(format!("{name}.expected")), got).unwrap();
            wrong.push(place.join(format!("{name}.expected")));
        }
    }
    assert!(wrong.is_empty(), "these differ from what is expected: {wrong:#?}");
}
