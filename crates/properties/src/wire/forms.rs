//! Forms, urlencoded and multipart.

use std::fmt::Write as _;

use countersign_wire::{rewrite_form, rewrite_multipart};

use super::toy::{Nothing, Toy, mask};
use crate::input::Input;

/// No head. Nothing found: the bytes stand. Else each name and value reads as its mask, to another reader too, and in
/// what is masked nothing is found.
pub fn forms(bytes: &[u8]) {
    let untouched = rewrite_form(bytes, &mut Nothing);
    assert!(untouched.as_ref().map_or(true, |form| form.rewritten.body.is_none()));
    let Ok(form) = rewrite_form(bytes, &mut Toy::default()) else {
        assert!(untouched.is_err(), "{}", String::from_utf8_lossy(bytes));
        return;
    };
    let out = form.rewritten.body.as_deref().unwrap_or(bytes);
    let told = || format!("{} is {}", String::from_utf8_lossy(bytes), String::from_utf8_lossy(out));
    let again = rewrite_form(out, &mut Toy::default());
    assert!(again.as_ref().is_ok_and(|form| form.rewritten.body.is_none()), "{} again {again:?}", told());
    let pairs = |form| url::form_urlencoded::parse(form).collect::<Vec<_>>();
    let (given, masked) = (pairs(bytes), pairs(out));
    assert_eq!(given.len(), masked.len(), "{}", told());
    for ((name, value), (masked_name, masked_value)) in given.iter().zip(&masked) {
        assert_eq!(masked_name, &mask(name), "{}", told());
        if !value.trim_start().starts_with(['{', '[', '"']) {
            assert_eq!(masked_value, &mask(value), "{}", told());
        }
    }
}

/// Head: 0 for a body as it comes; else the number of parts, for each the number of a head, the length of a text and the
/// text. The boundary is `b`.
///
/// Nothing found: the bytes stand. A form that is made up is read, each field as its mask, and what is masked reads as a
/// form of as many fields in which nothing is found.
pub fn multipart(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let parts = input.below(6);
    let mut texts = Vec::new();
    let body = if parts == 0 {
        input.rest().to_vec()
    } else {
        let mut body = String::new();
        for _ in 0..parts {
            let head = input.choose(HEADS);
            let length = input.below(64);
            let mut text = String::from_utf8_lossy(input.take(length)).into_owned();
            while text.contains("--b") {
                text = text.replace("--b", "");
            }
            let _ = write!(body, "--b\r\nContent-Disposition: form-data; name=\"a\"{head}\r\n\r\n{text}\r\n");
            let plain = head.is_empty() && !text.contains('\0');
            if plain && !text.trim_start().starts_with(['{', '[', '"']) && !text.is_empty() {
                texts.push(mask(&text));
            }
        }
        body.push_str("--b--\r\n");
        body.into_bytes()
    };
    let untouched = rewrite_multipart(&body, "b", &mut Nothing);
    let told = || format!("{:?} {untouched:?}", String::from_utf8_lossy(&body));
    assert!(untouched.as_ref().map_or(parts == 0, |form| form.rewritten.body.is_none()), "{}", told());
    let Ok(form) = rewrite_multipart(&body, "b", &mut Toy::default()) else { return };
    let shown: Vec<&str> = form.turns.iter().map(|turn| turn.text.as_str()).collect();
    assert!(texts.iter().all(|text| shown.contains(&text.as_str())), "{shown:?} {}", told());
    let out = form.rewritten.body.as_deref().unwrap_or(&body);
    let again = rewrite_multipart(out, "b", &mut Toy::default());
    assert!(
        again.as_ref().is_ok_and(|again| again.rewritten.body.is_none() && again.turns == form.turns),
        "{} is {:?}, again {again:?}",
        told(),
        String::from_utf8_lossy(out)
    );
}

const HEADS: &[&str] = &[
    "",
    "\r\nContent-Type: text/plain; charset=utf-8",
    "; filename=\"a.txt\"\r\nContent-Type: image/png",
    "\r\nContent-Type: application/octet-stream",
    "\r\nContent-Transfer-Encoding: base64",
    "\r\nX-Note: SECRET1!",
    "; filename=\"SECRET1!\"",
];
