//! Private key blocks: PEM (RFC 7468), OpenSSH, PGP (RFC 9580).
//!
//! The label is written once the header is followed by key text; everything is swallowed up to the end line. Without
//! an end line it stops after 24 short words in a row, which are no key text any more.
//! Never: public keys, certificates, or a header that is only talked about.

use crate::Entity;
use crate::alphabet::{BASE64, HYPHEN, SPACE, within};
use crate::definition::{Definition, Rule, Starts};
use crate::latch::{KeyBlock, Latch};
use crate::probe::{Hit, Need, Outcome, Probe};

pub static DEFINITION: Definition = Definition {
    entity: Entity::PrivateKey,
    about: "-----BEGIN … PRIVATE KEY-----, key text, to its end line",
    rules: &[Rule::new(Starts::Bytes(b"-"), recognise).going_on_with(&[[HYPHEN, HYPHEN, HYPHEN]])],
    hits: &[
        (
            concat!(
                "key:\n-----BEGIN RSA PRIVATE",
                " KEY-----\nMIIEowIBAAKCAQEA7bq3\nabc=\n-----END RSA PRIVATE KEY-----\nok"
            ),
            "key:\n[PRIVATE_KEY]\nok",
        ),
        (
            concat!(
                "\"-----BEGIN PRIVATE",
                " KEY-----\\nMIIEvQIBADANBgkqhkiG9w0B\\n-----END PRIVATE KEY-----\\n\""
            ),
            "\"[PRIVATE_KEY]\\n\"",
        ),
        (concat!("-----BEGIN OPENSSH PRIVATE", " KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA"), "[PRIVATE_KEY]"),
        (
            concat!(
                "-----BEGIN PGP PRIVATE",
                " KEY BLOCK-----\nVersion: GnuPG v2\n\nlQOYBFz\n-----END PGP PRIVATE KEY BLOCK-----."
            ),
            "[PRIVATE_KEY].",
        ),
        (
            concat!(
                "-----BEGIN EC PRIVATE",
                " KEY-----\nMHcCAQEEIIGLlamZ1KXs\n and then the text goes on for a long while ",
                "with so many short words that this is surely not a key any more, and so it is shown again from about here"
            ),
            "[PRIVATE_KEY] more, and so it is shown again from about here",
        ),
    ],
    misses: &[
        "-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIE\n-----END CERTIFICATE-----",
        "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0B\n-----END PUBLIC KEY-----",
        "if pem.starts_with(\"-----BEGIN PRIVATE KEY-----\") { return Ok(()); }",
        "-----BEGIN RSA PRIVATE KEY-----\n...\n-----END RSA PRIVATE KEY-----",
        "----- begin -----",
        "--------------------------------",
    ],
    ..Definition::BLANK
};

const BEGIN: &[u8] = b"-----BEGIN ";
const PRIVATE: &[u8; 11] = b"PRIVATE KEY";
const LABEL_CAP: usize = 48;
/// Most bytes between the header and the key text: line ends, escapes, quotes of a source file.
const GAP_CAP: usize = 32;
/// Key text that makes a header more than a mention.
const KEY_TEXT: usize = 16;

fn recognise(probe: &Probe<'_>) -> Outcome {
    if !probe.literal(0, BEGIN)? {
        return Ok(None);
    }
    let mut i = BEGIN.len();
    let mut matched = 0;
    loop {
        let byte = probe.get(i)?;
        if byte == b'-' {
            break;
        }
        let allowed = byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b' ';
        if !allowed || i == BEGIN.len() + LABEL_CAP {
            return Ok(None);
        }
        if matched < PRIVATE.len() {
            matched = match byte {
                byte if byte == PRIVATE[matched] => matched + 1,
                b'P' => 1,
                _ => 0,
            };
        }
        i += 1;
    }
    if matched < PRIVATE.len() || !probe.literal(i, b"-----")? {
        return Ok(None);
    }
    let text = skip_gap(probe, i + 5)?;
    let run = probe.run(text, BASE64 | HYPHEN, KEY_TEXT)?;
    let header = (3..KEY_TEXT).contains(&run) && probe.get(text + run)? == b':';
    let found = run == KEY_TEXT || header;
    Ok(found.then(|| Hit::pattern(text + run, 0.99).latched(Latch::KeyBlock(KeyBlock::default()))))
}

/// Where the text after the header begins.
fn skip_gap(probe: &Probe<'_>, from: usize) -> Result<usize, Need> {
    let mut i = from;
    while i < from + GAP_CAP {
        let byte = probe.get(i)?;
        if byte == b'\\' && matches!(probe.get(i + 1)?, b'n' | b'r' | b't') {
            i += 2;
        } else if within(byte, SPACE)
            || matches!(byte, b'\\' | b'"' | b'\'' | b'+' | b',' | b'>' | b'#' | b'*' | b'|')
        {
            i += 1;
        } else {
            break;
        }
    }
    Ok(i)
}
