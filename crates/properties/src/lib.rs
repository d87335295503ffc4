//! What must hold of every input: one function for each parser, and for the masker.
//!
//! Promises: each takes any bytes, makes an input out of them and stops the process when a promise of the crate it is
//! about does not hold. `fuzz/` calls them with what libFuzzer makes up; the test of this crate with what is in
//! `fuzz/corpus`. What a function calls its head is read off the front of the bytes: choices, then the text.
//! Never: part of the product.
#![forbid(unsafe_code)]

mod detect;
mod identity;
mod input;
mod ledger;
mod model;
mod wire;

pub use detect::{inquiry, masker, own_rules, risk, utf8};
pub use identity::tokens;
pub use ledger::{ledger_record, ledger_verify};
pub use model::model;
pub use wire::{arguments, forms, framing, json_body, multipart, streams};

/// A property of some bytes.
pub type Property = fn(&[u8]);

/// All of them, by the names of their targets and folders.
pub const PROPERTIES: [(&str, Property); 15] = [
    ("arguments", arguments),
    ("forms", forms),
    ("framing", framing),
    ("inquiry", inquiry),
    ("json_body", json_body),
    ("ledger_record", ledger_record),
    ("ledger_verify", ledger_verify),
    ("masker", masker),
    ("model", model),
    ("multipart", multipart),
    ("own_rules", own_rules),
    ("risk", risk),
    ("streams", streams),
    ("tokens", tokens),
    ("utf8", utf8),
];
