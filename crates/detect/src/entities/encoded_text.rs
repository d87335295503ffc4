//! Base64 or hex of more text than is looked through. What is shorter is decoded and named after what is in it.

use crate::Entity;
use crate::definition::Definition;
use crate::encoded::CAP;

pub static DEFINITION: Definition = Definition {
    entity: Entity::EncodedText,
    about: "base64 or hex of more text than is looked through: 32,768 digits",
    hits: &[(LONG, "[ENCODED_TEXT]")],
    misses: &["VGhlcmUgaXMgbm90aGluZyB0byBoaWRlIGhlcmUu", "54686572652069732061206c6f74206f662074657874"],
    ..Definition::BLANK
};

const LONG: &str = match std::str::from_utf8(&DIGITS) {
    Ok(text) => text,
    Err(_) => "",
};

/// "No." again and again.
static DIGITS: [u8; CAP + 4] = {
    let mut digits = [0; CAP + 4];
    let mut at = 0;
    while at < digits.len() {
        digits[at] = b"Tm8u"[at % 4];
        at += 1;
    }
    digits
};
