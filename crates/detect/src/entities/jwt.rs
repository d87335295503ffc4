//! JSON web tokens in compact form (RFC 7515, RFC 7516): a header that decodes to an object with `"alg"`.
//!
//! The label is written as soon as the header is certain; the other segments are swallowed.
//! Never: base64 of other JSON, such as source maps.

use crate::Entity;
use crate::alphabet::{BASE64_URL, LETTER, within};
use crate::definition::{Definition, Rule, Starts};
use crate::latch::Latch;
use crate::probe::{Hit, Outcome, Probe};

pub static DEFINITION: Definition = Definition {
    entity: Entity::Jwt,
    about: "base64url header that decodes to JSON with \"alg\", a dot, and segments",
    rules: &[Rule::new(Starts::Bytes(b"e"), recognise).going_on_with(&[[LETTER, BASE64_URL, 0]])],
    hits: &[
        (
            concat!(
                "Bearer eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9",
                ".eyJzdWIiOiIxMjM0NTY3ODkwIn0.abc_DEF-123."
            ),
            "Bearer [JWT].",
        ),
        (concat!("t=eyJhbGciOiJub25lIn0", ".eyJhIjoxfQ."), "t=[JWT]."),
        (concat!("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9", ".eyJpc3MiOiJqb2UifQ.dBjf\""), "[JWT]\""),
        (
            concat!("eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0", "..48V1_ALb6US04U3b.5eym8TW_c8SuK0lt.BnQ and"),
            "[JWT] and",
        ),
    ],
    misses: &[
        "eyJ2ZXJzaW9uIjozLCJzb3VyY2VzIjpbXX0=",
        "eyJ2ZXJzaW9uIjozLCJzb3VyY2VzIjpbXX0.eyJhIjoxfQ.abc",
        "eyJhbGciOiJIUzI1NiJ9 alone",
        "eyes.eyelid.eyJ",
        "xeyJhbGciOiJub25lIn0.eyJhIjoxfQ",
    ],
    ..Definition::BLANK
};

/// Longest header. At it, a header that has named its algorithm is masked; another is not a token.
const HEADER_CAP: usize = 2048;
const ALGORITHM: &[u8; 5] = b"\"alg\"";
/// Dots of a JWE; a JWS has two.
const DOTS: u8 = 4;

fn recognise(probe: &Probe<'_>) -> Outcome {
    // `{"`, `{ ` or `{` and a line end.
    if within(probe.back(1), BASE64_URL) || !matches!(probe.get(1)?, b'y' | b'w') {
        return Ok(None);
    }
    let mut bits = 0_u32;
    let mut held = 0;
    let mut matched = 0;
    let mut i = 0;
    loop {
        let byte = probe.get(i)?;
        if !within(byte, BASE64_URL) {
            break;
        }
        if i == HEADER_CAP {
            let named = matched == ALGORITHM.len();
            return Ok(named.then(|| Hit::validated(i, 0.8).latched(Latch::Segments { dots: DOTS })));
        }
        bits = bits << 6 | u32::from(sextet(byte));
        held += 6;
        if held >= 8 {
            held -= 8;
            let decoded = (bits >> held) as u8;
            if i == 1 && decoded != b'{' {
                return Ok(None);
            }
            if matched < ALGORITHM.len() {
                matched = match decoded {
                    byte if byte == ALGORITHM[matched] => matched + 1,
                    b'"' => 1,
                    _ => 0,
                };
            }
        }
        i += 1;
    }
    if matched < ALGORITHM.len() || probe.get(i)? != b'.' {
        return Ok(None);
    }
    // `alg: dir` leaves the second segment of a JWE empty.
    let follows = probe.get(i + 1)?;
    let more = within(follows, BASE64_URL) || (follows == b'.' && probe.is(i + 2, BASE64_URL)?);
    Ok(more.then(|| Hit::validated(i + 2, 0.98).latched(Latch::Segments { dots: DOTS - 1 })))
}

fn sextet(byte: u8) -> u8 {
    match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'-' => 62,
        _ => 63,
    }
}
