use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use proptest::prelude::*;

use super::*;

fn cut(secret: &str, text: &str, size: usize) -> String {
    let mut scrubber = Scrubber::new(Some(secret));
    let mut out = Vec::new();
    for piece in text.as_bytes().chunks(size) {
        scrubber.push(piece, &mut out);
    }
    scrubber.finish(&mut out);
    String::from_utf8(out).unwrap()
}

fn every_cutting(secret: &str, text: &str, expected: &str) {
    for size in 1..=text.len() {
        assert_eq!(cut(secret, text, size), expected, "{text} in pieces of {size}");
    }
    let whole = Scrubber::new(Some(secret)).whole(text);
    assert_eq!(whole.as_deref().unwrap_or(text), expected);
}

#[test]
fn every_cutting_gives_the_same_text() {
    for text in [
        "bad key sk-sk-sk-secret!",
        "sk-secre",
        "sk-secretsk-secret",
        "nothing",
        "sk-ssk-secret",
        "ssk-secret",
    ] {
        every_cutting("sk-secret", text, &text.replace("sk-secret", "[UPSTREAM_CREDENTIAL]"));
    }
}

#[test]
fn self_overlapping_secret() {
    let text = "aabaabaaabaabaab aabaabaab";
    every_cutting("aabaabaab", text, &text.replace("aabaabaab", "[UPSTREAM_CREDENTIAL]"));
}

#[test]
fn every_spelling_is_found() {
    let secret = "UPSTREAM-Secret/+key=9f8e7d";
    let each = |write: fn(u8) -> String| secret.bytes().map(write).collect::<Vec<_>>().concat();
    let html = each(|byte| format!("&#{byte};"));
    let percent = each(|byte| format!("%{byte:02X}"));
    let hex = each(|byte| format!("{byte:02x}"));
    let escapes = each(|byte| format!("\\u{byte:04x}"));
    for spelled in [
        secret.to_owned(),
        secret.to_lowercase(),
        secret.to_uppercase(),
        secret.chars().rev().collect(),
        secret.replace('/', "%2F").replace('+', "%2b").replace('=', "%3D"),
        secret.replace('/', "\\/"),
        secret.replace('/', "&sol;").replace('=', "&#x3d;"),
        percent,
        html,
        hex.to_uppercase(),
        hex,
        escapes,
    ] {
        let text = format!(r#"{{"error":"bad key {spelled} & 100% of C:\\n"}}"#);
        let expected = text.replace(&spelled, "[UPSTREAM_CREDENTIAL]");
        every_cutting(secret, &text, &expected);
    }
}

#[test]
fn base64_is_found_inside_longer_texts() {
    let secret = "UPSTREAM-Secret/+key=9f8e7d";
    for around in ["", "Bearer ", "x:", "user:"] {
        for text in [
            STANDARD.encode(format!("{around}{secret}!")),
            URL_SAFE_NO_PAD.encode(format!("{around}{secret}")),
        ] {
            let out = cut(secret, &format!("seen {text} here"), 3);
            assert!(out.contains("[UPSTREAM_CREDENTIAL]"), "{out}");
            assert!(STANDARD.decode(out.split(' ').nth(1).unwrap()).is_err(), "{out}");
        }
    }
}

#[test]
fn what_only_looks_like_an_escape_stands_for_itself() {
    for text in [
        r"\",
        r"\u",
        r"\u00",
        r"\u00zz",
        r"\q\",
        r"\\u006b-secret",
        r"\u006b-secre",
        "%",
        "%4",
        "&#",
        "&#x;",
        "&am",
        "&amp",
        "a && b %% c",
    ] {
        every_cutting("k-secret", text, text);
    }
    assert_eq!(cut("k-secret", r"\u00k-secret", 3), r"\u00[UPSTREAM_CREDENTIAL]");
    assert_eq!(cut("k%2Fsecret", "is k%2Fsecret", 3), "is [UPSTREAM_CREDENTIAL]");
}

#[test]
fn nothing_to_search_for_passes_everything() {
    for secret in [None, Some("short")] {
        let scrubber = Scrubber::new(secret);
        assert!(scrubber.is_open() && !scrubber.finds(b"short") && scrubber.whole("short").is_none());
    }
}

proptest! {
    #[test]
    fn as_a_plain_search_where_nothing_is_escaped(text in "[ab]{0,200}", size in 1usize..9) {
        let mut expected = String::new();
        let mut rest = text.as_str();
        // Both ways of reading the secret, leftmost first to end.
        while let Some(end) = (1..=rest.len()).find(|&end| rest[..end].ends_with("aabbab") || rest[..end].ends_with("babbaa")) {
            expected.push_str(&rest[..end - 6]);
            expected.push_str("[UPSTREAM_CREDENTIAL]");
            rest = &rest[end..];
        }
        expected.push_str(rest);
        prop_assert_eq!(cut("aabbab", &text, size), expected);
    }

    #[test]
    fn any_cutting_of_anything(text in r"(k-secret|[ks\\u%&#;0-9a-f-]){0,60}", size in 1usize..9) {
        prop_assert_eq!(cut("k-secret", &text, size), cut("k-secret", &text, text.len().max(1)));
    }
}
