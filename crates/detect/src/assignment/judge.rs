//! Judges whether a value is what its name promises.

use super::stand_ins::{is_stand_in, is_template, is_word_of_code, letters_of, numbered_word};
use super::value::{Value, is_quote};
use super::words::Tally;
use super::{CAP, Kind, Place};

/// The score of a value that is what its name promises.
pub fn judge(place: &Place, tight: bool, value: &Value<'_>) -> Option<f32> {
    let score = if value.quoted || place.element {
        judge_literal(place, value)
    } else {
        judge_bare(place, tight, value)
    };
    score.filter(|_| !is_template(value) && !is_stand_in(value))
}

fn judge_bare(place: &Place, tight: bool, value: &Value<'_>) -> Option<f32> {
    let tally = &value.tally;
    if tally.length < 4
        || value.next == b'('
        || is_quote(value.next) && !place.opened && !(tight && tally.digits > 0)
        || (place.code && !tally.is_random(16))
    {
        return None;
    }
    // Types and patterns of program text: `&str`, `*mut T`, `|x| y`, `0x01`.
    let bracket = matches!(value.bytes[0], b'(' | b'[' | b'|') && !(tight && place.line);
    let kind: [&[u8]; 6] = [b"&[", b"&str", b"&'", b"&mut", b"*mut", b"*const"];
    if bracket
        || kind.iter().any(|kind| value.bytes.starts_with(kind))
        || value.bytes.starts_with(b"0x") && tally.length < 20
    {
        return None;
    }
    // `next_token`, `lexer.next`, `a::b`: names of program text.
    let name = tally.is_name() && tally.is_wordy() && tally.joins > 0 && (tally.digits < 2 || place.code);
    let config = place.line && value.ends_line;
    let ended = matches!(value.next, 0 | b' ' | b'\t' | b'\n' | b'\r' | b'&' | b';' | b'<' | b'\\')
        || value.next >= 0x80
        || (!tight && matches!(value.next, b'.' | b',' | b';' | b'!' | b')'));
    match place.kind {
        Kind::Pin => (tally.is_number() && (4..=8).contains(&tally.length) && ended).then_some(0.7),
        Kind::Password => {
            if tally.digits + tally.marks + tally.foreign == 0 {
                if !tally.is_wordy() && tally.upper >= 2 && tally.lower >= 2 && ended && tally.is_word() {
                    return (!is_word_of_code(value.bytes) && tally.is_random(8)).then_some(0.5);
                }
                let plain = tally.joins == 0 && config && tally.length >= 5 && (tight || !place.quoted_name);
                return (plain && !is_word_of_code(value.bytes)).then_some(0.5);
            }
            if name && !(tight && config) {
                return None;
            }
            if tally.is_number() {
                return (ended && (config || !tight)).then_some(0.5);
            }
            if value.bytes.iter().any(|byte| matches!(byte, b'(' | b'[' | b'{'))
                && !(tight && config)
                && tally.digits == 0
            {
                return None;
            }
            if tally.letters() + tally.foreign == 0 && tally.digits == 0 {
                return None;
            }
            let numbered = tally.is_name() && numbered_word(value.bytes);
            if numbered && (is_word_of_code(letters_of(value.bytes)) || letters_of(value.bytes).len() < 3) {
                return None;
            }
            (ended || config || !numbered).then_some(0.75)
        }
        Kind::Secret => {
            let drawn = tally.is_random(8) || is_uuid(value.bytes) || tally.is_hex() && tally.length >= 16;
            let made = tally.digits >= 1 && tally.length >= 10 && tally.joins == 0 && ended && tight;
            let marked = tally.marks >= 2 && tally.length >= 10 && config;
            (drawn || made || marked || (config && tight && tally.length >= 12 && tally.digits > 0))
                .then_some(0.8)
        }
        Kind::Token => (drawn(value, 10)).then_some(0.8),
        Kind::Weak => (tally.is_random(20) && !tally.is_hex() && is_one(value.bytes)).then_some(0.6),
        Kind::Header => {
            (tally.length >= 8 && (drawn(value, 10) || is_credentials(value.bytes))).then_some(0.9)
        }
        Kind::Phrase | Kind::Open | Kind::Value | Kind::Type => None,
    }
}

fn judge_literal(place: &Place, value: &Value<'_>) -> Option<f32> {
    let tally = &value.tally;
    match place.kind {
        Kind::Pin => (tally.is_number() && (4..=8).contains(&tally.length)).then_some(0.8),
        Kind::Phrase => {
            (tally.spaces >= 5 && tally.digits + tally.marks + tally.upper == 0 && tally.length < CAP)
                .then_some(0.8)
        }
        Kind::Password => {
            if !(4..=128).contains(&tally.length)
                || tally.spaces > 0 && (tally.digits == 0 || tally.spaces > 3)
            {
                return None;
            }
            let last = value.bytes.last().copied().unwrap_or(0);
            if matches!(last, b':' | b'(')
                || matches!(value.bytes[0], b'/' | b'.' | b'[' | b'-') && tally.is_wordy()
            {
                return None;
            }
            if tally.is_word() {
                return (!is_word_of_code(value.bytes) && tally.length >= 5).then_some(0.6);
            }
            if tally.digits + tally.marks == 0
                && tally.foreign == 0
                && (tally.is_wordy() || tally.joins * 2 > tally.length)
            {
                // Only names written in parts: `user.password`, `current-password`.
                return None;
            }
            if tally.letters() + tally.digits + tally.foreign == 0 {
                return None;
            }
            let numbered = tally.is_name() && numbered_word(value.bytes);
            let inner = letters_of(value.bytes);
            if numbered && (is_word_of_code(inner) && tally.digits < 3) {
                return None;
            }
            if tally.foreign > 0 && tally.digits + tally.marks == 0 {
                return None;
            }
            Some(0.85)
        }
        Kind::Secret => {
            if tally.spaces > 0 || tally.length < 8 {
                return None;
            }
            let made = tally.letters() >= 2
                && (tally.digits >= 1 && !tally.is_wordy() || tally.digits >= 2 && tally.joins == 0);
            (drawn(value, 8) || made || tally.marks >= 2 && tally.digits > 0).then_some(0.85)
        }
        Kind::Token => (drawn(value, 10)
            || tally.marks >= 2
                && tally.digits >= 2
                && tally.spaces == 0
                && tally.length >= 12
                && !tally.is_wordy())
        .then_some(0.85),
        Kind::Weak => (tally.is_random(20) && !tally.is_hex() && is_one(value.bytes)).then_some(0.7),
        Kind::Header => {
            (tally.length >= 8 && (drawn(value, 10) || is_credentials(value.bytes))).then_some(0.9)
        }
        Kind::Open | Kind::Value | Kind::Type => None,
    }
}

fn drawn(value: &Value<'_>, least: usize) -> bool {
    let tally = &value.tally;
    let one = is_one(value.bytes) || value.cut;
    one && (tally.is_random(least) || is_uuid(value.bytes) || (tally.is_hex() && tally.length >= 16))
}

/// No path, address or list.
fn is_one(value: &[u8]) -> bool {
    let begins = [&b"http"[..], b"arn:", b"./", b"sha"].iter().any(|part| value.starts_with(part));
    let path = value.starts_with(b"/") && Tally::of(value).is_wordy();
    let parts = value.windows(2).any(|pair| pair == b"//" || pair == b"::");
    let marks = b"([{<@*\\,";
    !begins && !path && !parts && !value.iter().any(|byte| marks.contains(byte))
}

fn is_uuid(value: &[u8]) -> bool {
    value.len() == 36
        && value.iter().enumerate().all(|(i, byte)| {
            if matches!(i, 8 | 13 | 18 | 23) { *byte == b'-' } else { byte.is_ascii_hexdigit() }
        })
        && Tally::of(value).distinct() > 6
}

/// Base64 of at least six bytes.
fn is_credentials(value: &[u8]) -> bool {
    let tally = Tally::of(value);
    tally.marks + tally.spaces + tally.foreign == 0
        && tally.upper >= 2
        && tally.lower >= 2
        && !tally.is_wordy()
}
