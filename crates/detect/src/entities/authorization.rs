//! Credentials of HTTP requests: the value of an `Authorization` header (RFC 9110 section 11.6.2), `Bearer …` and
//! `Basic …` wherever they stand, and `curl -u user:password`.

use crate::Entity;
use crate::alphabet::{BASE64, BASE64_URL, DOT, HYPHEN, LETTER};
use crate::assignment::words::Tally;
use crate::assignment::{self, Kind, SIGNS};
use crate::definition::{Definition, Rule, Starts};
use crate::latch::Latch;
use crate::probe::{Hit, LEFT, Outcome, Probe};

pub static DEFINITION: Definition = Definition {
    entity: Entity::Authorization,
    about: "behind Authorization, Bearer or Basic, or the -u of curl and wget (RFC 9110, RFC 6750, RFC 7617)",
    rules: &[
        Rule::new(Starts::Bytes(SIGNS), header).of_named_values(),
        Rule::new(Starts::Bytes(b"bB"), scheme).beginning_with(&BEGINNINGS).judging_plain_words(),
        Rule::new(Starts::Bytes(b"-"), user).going_on_with(&[[LETTER | HYPHEN, 0, 0]]),
    ],
    hits: &[
        ("Authorization: Basic YWxpY2U6czNjcjN0", "Authorization: Basic [AUTHORIZATION]"),
        (
            "\"authorization\": \"Token 9944b09199c62bcf9418ad846dd0e4bb\"",
            "\"authorization\": \"Token [AUTHORIZATION]\"",
        ),
        ("-H 'X: Bearer aB3dE6gH9jK2mN5pQ8sT'", "-H 'X: Bearer [AUTHORIZATION]'"),
        ("curl -u bob:s3cr3t https://x.io", "curl -u [AUTHORIZATION] https://x.io"),
    ],
    misses: &[
        "Authorization: Bearer <token>",
        "Authorization: Bearer ${TOKEN}",
        "authorization: required",
        "Basic authentication",
        "bearer of bad news",
        "docker run -u 1000:1000 x",
        "curl -u $USER:$PASS x",
    ],
    ..Definition::BLANK
};

const BEGINNINGS: [[u8; 3]; 2] = [*b"bea", *b"bas"];

fn header(probe: &Probe<'_>) -> Outcome {
    assignment::recognise(probe, &[Kind::Header])
}

/// Fewest bytes behind a scheme.
const LEAST: usize = 16;
const CAP: usize = 64;

fn scheme(probe: &Probe<'_>) -> Outcome {
    let basic = match probe.get(1)? {
        b'e' | b'E' => false,
        b'a' | b'A' => true,
        _ => return Ok(None),
    };
    let word: &[u8] = if basic { b"basic " } else { b"bearer " };
    for (i, byte) in word.iter().enumerate() {
        if !probe.get(i)?.eq_ignore_ascii_case(byte) {
            return Ok(None);
        }
    }
    let from = word.len();
    let sets = if basic { BASE64 } else { BASE64 | BASE64_URL | DOT };
    let length = probe.run(from, sets, CAP)?;
    if length < LEAST || !Tally::of(&probe.text[probe.at + from..probe.at + from + length]).is_random(LEAST) {
        return Ok(None);
    }
    Ok(Some(Hit::in_context(from + length, 0.9).behind(from).latched(Latch::Key(sets))))
}

/// `-u user:password`, also `--user`.
fn user(probe: &Probe<'_>) -> Outcome {
    if !matches!(probe.back(1), b' ' | b'\t') {
        return Ok(None);
    }
    let mut from = if probe.literal(0, b"-u")? {
        2
    } else if probe.literal(0, b"--user")? {
        6
    } else {
        return Ok(None);
    };
    if matches!(probe.get(from)?, b' ' | b'=') {
        from += 1;
    } else if from == 6 {
        return Ok(None);
    }
    from += usize::from(matches!(probe.get(from)?, b'"' | b'\''));
    let left = &probe.text[probe.at.saturating_sub(LEFT)..probe.at];
    if !left.windows(4).any(|window| matches!(window, b"curl" | b"wget" | b"http")) {
        return Ok(None);
    }
    let mut colon = 0;
    let mut end = from;
    while end < from + CAP
        && !matches!(probe.get(end)?, 0 | b' ' | b'\t' | b'\n' | b'\r' | b'"' | b'\'' | b'<' | b'{' | b'\\')
    {
        if probe.get(end)? == b':' && colon == 0 {
            colon = end;
        }
        end += 1;
    }
    if colon == 0 || end <= colon + 1 || matches!(probe.get(colon + 1)?, b'$' | b'<' | b'{' | b'*') {
        return Ok(None);
    }
    Ok(Some(Hit::in_context(end, 0.9).behind(from)))
}
