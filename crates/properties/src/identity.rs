//! Tokens before any key is asked for.

use std::collections::BTreeSet;

use countersign_identity::testing::{
    Jws, JwsError, TOKEN_MAX, Untimely, check_times, looks_like_one, moment, object, scope, subject, texts,
};
use countersign_model::Timestamp;
use serde_json::Value;

use crate::input::Input;

/// Head: what follows is 0: a token, 1: claims, else a header and, after NUL, claims, which become a token.
///
/// Objects are read as serde_json reads them, if no name appears twice. What is taken for a token has one algorithm with
/// a public key; times hold only within their bounds; nothing that is no text is one.
pub fn tokens(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    match input.byte() {
        0 => token(&input.text()),
        1 => claims(input.rest()),
        _ => {
            let rest = input.rest();
            let (header, body) = match rest.iter().position(|byte| *byte == 0) {
                Some(at) => (&rest[..at], &rest[at + 1..]),
                None => (rest, &b"{}"[..]),
            };
            token(&format!("{}.{}.c2ln", base64url(header), base64url(body)));
            claims(header);
            claims(body);
        }
    }
}

fn token(text: &str) {
    let read = Jws::parse(text);
    assert_eq!(
        matches!(read, Err(JwsError::NotOne)),
        text.len() <= TOKEN_MAX && !looks_like_one(text),
        "{text:?}"
    );
    if let Ok(jws) = read {
        let name = format!("{:?}", jws.algorithm());
        assert!(["RS", "PS", "ES", "Ed"].iter().any(|family| name.starts_with(family)), "{text:?} {name}");
        assert_eq!(text.split('.').count(), 3, "{text:?}");
        assert!(text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte)), "{text:?}");
        let kind = jws.kind();
        assert!(kind.is_none_or(|kind| kind == kind.to_ascii_lowercase()), "{text:?}");
        let _ = (jws.key_id(), jws.unproven_issuer());
    }
}

fn claims(bytes: &[u8]) {
    let theirs = serde_json::from_slice::<Value>(bytes).ok().filter(Value::is_object);
    let ours = object(bytes);
    let told = || format!("{:?} is {ours:?}", String::from_utf8_lossy(bytes));
    match (&ours, &theirs) {
        (Some(ours), Some(theirs)) => assert_eq!(Some(ours), theirs.as_object(), "{}", told()),
        (Some(_), None) => assert!(theirs.is_some(), "{}", told()),
        (None, Some(theirs)) => assert!(has_twice(bytes, theirs), "{}", told()),
        (None, None) => {}
    }
    let Some(claims) = ours.as_ref() else { return };
    let (now, skew) = (Timestamp(0).plus_seconds(1_000_000), 60);
    match check_times(claims, now, skew) {
        Ok(end) => {
            assert!(end.plus_seconds(skew) > now, "{}", told());
            for name in ["nbf", "iat"] {
                let begun = moment(claims, name);
                let in_time =
                    |start: Option<Timestamp>| start.is_none_or(|start| start <= now.plus_seconds(skew));
                assert!(begun.is_ok_and(in_time), "{}", told());
            }
        }
        Err(Untimely::Unreadable) => {
            let readable = |name: &str| moment(claims, name).is_ok();
            assert!(
                !claims.contains_key("exp") || !["exp", "nbf", "iat"].into_iter().all(readable),
                "{}",
                told()
            );
        }
        Err(_) => assert!(claims.contains_key("exp"), "{}", told()),
    }
    if let Some(subject) = subject(claims) {
        assert!((1..=255).contains(&subject.len()) && !subject.contains('\0'), "{}", told());
    }
    assert!(scope(claims).iter().all(|word| !word.is_empty() && !word.contains(' ')), "{}", told());
    for value in claims.values() {
        let list =
            value.is_string() || value.as_array().is_some_and(|list| list.iter().all(Value::is_string));
        assert_eq!(texts(value).is_some(), list, "{}", told());
    }
}

/// Whether the document that serde_json read has fewer members than names were written; a rough count, by colons
/// outside strings.
fn has_twice(bytes: &[u8], value: &Value) -> bool {
    let (mut colons, mut within, mut escaped) = (0, false, false);
    for byte in bytes {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if within => escaped = true,
            b'"' => within = !within,
            b':' if !within => colons += 1,
            _ => {}
        }
    }
    colons > members(value)
}

fn members(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.iter().map(members).sum(),
        Value::Object(object) => {
            let names: BTreeSet<&String> = object.keys().collect();
            names.len() + object.values().map(members).sum::<usize>()
        }
        _ => 0,
    }
}

/// RFC 4648, section 5, without padding.
fn base64url(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut out = String::new();
    for group in bytes.chunks(3) {
        let mut three = [0; 3];
        three[..group.len()].copy_from_slice(group);
        let bits = u32::from(three[0]) << 16 | u32::from(three[1]) << 8 | u32::from(three[2]);
        for place in 0..=group.len() {
            out.push(char::from(LETTERS[(bits >> (18 - 6 * place)) as usize & 63]));
        }
    }
    out
}
