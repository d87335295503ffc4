//! Ordinary text and code in which nothing is sensitive stays as it is.

use countersign_detect::Engine;

const CLEAN: &[&str] = &[
    "The quick brown fox jumps over 13 lazy dogs at 12:30:45 on 2024-11-22, 11/22/2024 and 22.11.2024.",
    "Released v1.2.3, 10.4.0-rc.1, 1.2.3.4.5 and build 20241122.1530; pi is 3.14159265358979 and e 2.718281828459045.",
    "550e8400-e29b-41d4-a716-446655440000 123e4567-e89b-12d3-a456-426614174000 00000000-0000-0000-0000-000000000000",
    "commit da39a3ee5e6b4b0d3255bfef95601890afd80709 (HEAD -> main)\nindex 83db48f..bf269f4 100644",
    "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "2024-11-22T12:30:45.123456789Z 2024-11-22T12:30:45+02:00 1700000000 1700000000123 1700000000123456789",
    "ff:ff:ff:ff:ff:ff 00:00:00:00:00:00 00:1a:2b:3c:4d:5e:6f:70",
    "00000000  7f 45 4c 46 02 01 01 00  00 00 00 00 00 00 00 00  |.ELF............|",
    "00000010: 4865 6c6c 6f20 576f 726c 6421 0a00 0000  Hello World!....",
    "@decorator\n@app.get('/x')\ndef f(self, a: int = 10_000_000) -> None:\n    return a @ self.T",
    "use std::collections::{HashMap, BTreeMap};\nlet x: Vec<u8> = vec![0x41, 0xff]; a::b::<C>(); ::core::mem::swap",
    "const RE = /^[a-z]+@[a-z]+$/; x = y ? z : w; // TODO(bob): 1234",
    "git clone git@github.com:rust-lang/rust.git && cargo add serde@1.0.210 && npm i react@18.2.0",
    "curl http://localhost:8080/v1/chat -H 'X: y' --data @body.json; ping 127.0.0.1; bind 0.0.0.0:80",
    "image: registry.example.com:5000/team/app@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "| 1 | 200 | 300 | 4000 |\n| 2 | 415 | 555 | 132 |\n1,234,567.89 12 345 678,90 1'234'567",
    "[0.123, 0.456, 0.789, 1e-9, 6.02214076e23] 192 168 1 1  1280x720 1920x1080@60",
    "ISBN 978-3-16-148410-0, EAN 4006381333931, ISSN 2049-3630, DOI 10.1000/182, arXiv:2307.00714v2, RFC 5321 4.5.3.1",
    "task-force sk-learn risk-free mask-image: url(#a); .sk-circle { top: 0 } ghp_ hf_token AIza",
    "Subject: Re: [PATCH v2 3/7] mm: fix\n> On Mon, Nov 22 2024 at 10:00:00 +0100, they wrote:\n-- \n2.43.0",
    "diff --git a/x b/x\n@@ -1,7 +1,7 @@\n-1234567890\n+12345\n+0987654321",
    "x-request-id: 01HF8ZQ5V3K2M9N7P6R4S1T0W8, etag: W/\"5f3c-18b\", cf-ray: 8a1b2c3d4e5f6789-FRA",
    "SELECT * FROM t WHERE id = 1234567890123 AND code IN ('AB12', 'GB82', 'DE01');",
    "price $4,111.11 (1111) 1111-1111; flight LH 400 at 10.30; room 415-555; Psalm 119:105; 4-3-3 formation; 24/7",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
    "data:application/json;base64,eyJ2ZXJzaW9uIjozLCJzb3VyY2VzIjpbImEuanMiXX0=",
];

#[test]
fn clean_text_is_left() {
    let engine = Engine::standard();
    let mut wrong = Vec::new();
    for text in CLEAN {
        for span in engine.scan(text) {
            wrong.push(format!("{} {:?} in {text:?}", span.entity.name(), &text[span.start..span.end]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The crate's own sources hold samples, but outside string literals nothing is sensitive.
#[test]
fn own_code_without_its_literals_is_left() {
    let engine = Engine::standard();
    for source in [
        include_str!("../src/scanner.rs"),
        include_str!("../src/probe.rs"),
        include_str!("../src/alphabet.rs"),
        include_str!("../src/latch.rs"),
        include_str!("../src/stream.rs"),
        include_str!("../src/definition.rs"),
    ] {
        let spans = engine.scan(source);
        assert!(
            spans.is_empty(),
            "{:?}",
            spans.iter().map(|span| &source[span.start..span.end]).collect::<Vec<_>>()
        );
    }
}
