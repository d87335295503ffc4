//! Texts for the detector: as they come, or put together from what it looks for.

use std::sync::LazyLock;

use countersign_detect::Engine;

use crate::input::Input;

/// Samples longer than this are left to other tests.
const LONG: usize = 600;

/// Pieces that meet at awkward places.
const FRAGMENTS: &[&str] = &[
    " ",
    "  ",
    "\n",
    ".",
    "-",
    "_",
    ":",
    "@",
    "+",
    "/",
    "//",
    "://",
    "(",
    ")",
    "%",
    "=",
    "\"",
    "\\n",
    "'",
    ",",
    "\0",
    "a",
    "Z",
    "7",
    "0",
    "42",
    "4111",
    " 1111",
    "-1111",
    "415",
    "-555-",
    "555-0132",
    "é",
    "ß",
    "中文",
    "🙂",
    "я",
    "\u{200b}",
    "the ",
    "hello",
    "a@b",
    ".com",
    "@example",
    "http",
    "postgres://",
    "u:p@",
    "eyJ",
    "eyJhbGciOiJIUzI1NiJ9",
    ".eyJ",
    "-----BEGIN ",
    "PRIVATE KEY",
    "-----",
    "-----END ",
    "AKIA",
    "secret",
    "password: ",
    "passport no ",
    "token=",
    "\\u0040",
    "%40",
    "&#64;",
    "Mr ",
    "Dear ",
    "GB82",
    " WEST",
    "fe80",
    "::1",
    "203.0.113.7",
    "/24",
    "536-90-4399",
    "+1 ",
    "+44 20 7946",
    " 0958",
    "[",
    "]",
    "[US_SSN",
    "[US_SSN]",
    "[REDACTED]",
    "[US_SSN_7K2M9QXD4T]",
    "[EMAIL_ADDRESS:0A2M9QXD4T]",
    "7K2M9QXD4T",
    "YW5uQGV4YW1wbGUuY29t",
    "{\"",
    "\": \"",
    "Authorization: Bearer ",
    "born on ",
    "1990-01-31",
    "IBAN ",
    "lives at ",
    "12 High Street",
    "Ltd",
    "name,ssn,phone\n",
    "| Name | City |\n|---|---|\n",
    "\t",
    "|",
    ";",
    "\r\n",
    "Ann Lee",
    "536904399",
    "Ｍ",
    "１",
    "\u{feff}",
    "\u{a0}",
    "password\t",
];

static SAMPLES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let samples = Engine::definitions().iter().flat_map(|definition| {
        definition.hits.iter().map(|(text, _)| *text).chain(definition.misses.iter().copied())
    });
    samples.filter(|text| text.len() < LONG).collect()
});

/// Head: 0 for the rest as it is. Else pieces: a fragment, a sample, a part of one, a repetition, or some bytes.
pub fn prose(mut input: Input<'_>) -> String {
    if input.byte() == 0 {
        return input.text();
    }
    let mut text = String::new();
    while !input.is_empty() && text.len() < 4_000 {
        match input.below(8) {
            0..=3 => text.push_str(input.choose(FRAGMENTS)),
            4 => text.push_str(input.choose(&SAMPLES)),
            5 => {
                let sample: Vec<char> = input.choose(&SAMPLES).chars().collect();
                let (from, to) = (input.below(sample.len().max(1)), input.below(sample.len().max(1)));
                text.extend(sample.iter().take(from.max(to) + 1).skip(from.min(to)));
            }
            6 => text.push_str(&input.choose(FRAGMENTS).repeat(input.below(64))),
            _ => {
                let length = input.below(16);
                text.push_str(&String::from_utf8_lossy(input.take(length)));
            }
        }
    }
    text
}
