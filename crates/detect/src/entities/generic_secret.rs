//! Keys, tokens and secrets that nothing but a name or a word before them tells.
//!
//! Never: UUIDs, checksums and hex digests without a name that says they are secret, public keys, names of things.

use crate::Entity;
use crate::alphabet::ALNUM;
use crate::assignment::words::Tally;
use crate::assignment::{self, Kind, SIGNS};
use crate::definition::{Definition, Rule, Starts};
use crate::latch::Latch;
use crate::probe::{Hit, Need, Outcome, Probe};

pub static DEFINITION: Definition = Definition {
    entity: Entity::GenericSecret,
    about: "drawn by a machine, behind a name such as api_key, client_secret or token; or mixed letters and digits behind \
            a word for them (own observation)",
    words: &[
        "api key",
        "apikey",
        "api token",
        "access token",
        "access key",
        "secret key",
        "secret access key",
        "client secret",
        "secret",
        "token",
        "auth token",
        "refresh token",
        "bearer token",
        "private key",
        "credential",
        "credentials",
        "signing key",
        "encryption key",
        "license key",
        "service key",
        "shared key",
        "webhook secret",
        "session token",
        "auth key",
    ],
    rules: &[
        Rule::new(Starts::Bytes(SIGNS), assigned).of_named_values(),
        Rule::new(Starts::Bytes(b"i"), said).beginning_with(&BEGINNINGS).judging_plain_words(),
        Rule::new(Starts::Sets(ALNUM), drawn).of_long_runs(),
    ],
    hits: &[
        (concat!("API_KEY=", "a81f0c9d2b7e4466", "9f3a"), "API_KEY=[GENERIC_SECRET]"),
        (concat!("\"clientSecret\": \"", "Zk3Qv9tXw2LmB7yR", "\""), "\"clientSecret\": \"[GENERIC_SECRET]\""),
        (concat!("?api_key=", "x9k2m4q8w1e5r7t3", "&page=2"), "?api_key=[GENERIC_SECRET]&page=2"),
        (concat!("<token>", "hG7kL2pQ9sT4vW8x", "</token>"), "<token>[GENERIC_SECRET]</token>"),
        (
            concat!("AccountName=a;AccountKey=", "Zk3Qv9tXw2LmB7yRhG7kL2pQ9sT4vW8x", "==;EndpointSuffix=x"),
            "AccountName=a;AccountKey=[GENERIC_SECRET];EndpointSuffix=x",
        ),
        (
            concat!("our API key is ", "a81f0c9d2b7e4466", ", keep it"),
            "our API key is [GENERIC_SECRET], keep it",
        ),
        (concat!("X-Api-Key: ", "550e8400-e29b-41d4-a716-446655440000"), "X-Api-Key: [GENERIC_SECRET]"),
        (
            concat!("the access token I got: (", "Zk3Qv9tXw2LmB7yRhG7kL2pQ9sT4", ")"),
            "the access token I got: ([GENERIC_SECRET])",
        ),
    ],
    misses: &[
        "token = next_token",
        "token: str = lexer.next()",
        "api_key = os.getenv(\"API_KEY\")",
        "\"token_type\": \"bearer\"",
        "nextPageToken: \"CAUQAAabcd1234efgh5678\"",
        "secretName: my-app-secret-v2",
        "public_key = \"Zk3Qv9tXw2LmB7yRhG7kL2pQ9sT4vW8x\"",
        "API_KEY=your_api_key_here_1234567",
        "sha256 of the token: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "commit da39a3ee5e6b4b0d3255bfef95601890afd80709 adds a token",
        "the secret is that you practise",
    ],
    ..Definition::BLANK
};

const BEGINNINGS: [[u8; 3]; 1] = [*b"is\0"];

const KINDS: &[Kind] = &[Kind::Secret, Kind::Token, Kind::Weak];

fn assigned(probe: &Probe<'_>) -> Outcome {
    assignment::recognise(probe, KINDS)
}

/// `… key is` and a value.
fn said(probe: &Probe<'_>) -> Outcome {
    if !probe.literal(0, b"is")? {
        return Ok(None);
    }
    let colon = usize::from(probe.get(2)? == b':');
    if probe.get(2 + colon)? != b' ' || probe.back(1) != b' ' || probe.name(Entity::GenericSecret).is_none() {
        return Ok(None);
    }
    assignment::in_prose(probe, Kind::Token, 3 + colon)
}

const LEAST: usize = 24;
/// Fewest directly behind the word.
const SHORT: usize = 16;
const CAP: usize = 96;

/// Mixed letters and digits in a text that has just spoken of a key.
fn drawn(probe: &Probe<'_>) -> Outcome {
    // Only a part of a name, a path or an address.
    if matches!(probe.back(1), b'/' | b'.' | b'@' | b'#' | b'_' | b'-' | b'\\' | b'+' | b':' | b'$' | b'=') {
        return Ok(None);
    }
    let mut end = 0;
    let mut slashes = 0;
    while end < CAP && is_sign(probe.get(end)?) {
        slashes += usize::from(probe.get(end)? == b'/');
        end += 1;
    }
    if end < SHORT || matches!(probe.get(end)?, b'.' | b'(' | b'@' | b':' | b'\\') && !ends(probe, end)? {
        return Ok(None);
    }
    let value = &probe.text[probe.at..probe.at + end];
    let tally = Tally::of(value);
    let mixed = end >= LEAST
        && tally.is_random(LEAST)
        && tally.upper >= 2
        && tally.lower >= 2
        && tally.digits >= 2
        && slashes == 0
        && tally.joins * 8 < tally.length;
    // Directly behind the word even a digest or UUID.
    let told = || {
        let (kind, compound) = assignment::kind_before(probe);
        let digest = tally.is_hex() && probe.back(1) == b' ' && !compound;
        (tally.is_random(SHORT) || tally.is_hex()) && !digest && matches!(kind, Kind::Secret | Kind::Token)
    };
    if !(told() || mixed && probe.name(Entity::GenericSecret).is_some()) {
        return Ok(None);
    }
    while end < CAP && probe.get(end)? == b'=' {
        end += 1;
    }
    let hit = Hit::in_context(end, 0.5);
    Ok(Some(if end == CAP { hit.latched(Latch::Word) } else { hit }))
}

fn ends(probe: &Probe<'_>, end: usize) -> Result<bool, Need> {
    Ok(probe.get(end)? == b'.' && matches!(probe.get(end + 1)?, 0 | b' ' | b'\n'))
}

const fn is_sign(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'+' | b'/')
}
