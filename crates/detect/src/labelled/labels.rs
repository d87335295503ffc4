//! The labels, in many languages.

use std::sync::LazyLock;

use crate::endings::Endings;
use crate::hashed::Hashed;
use crate::topics;

mod firms;
mod people;
mod places;

/// What a label says that its value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// A part of a person's name: one word is enough.
    Given,
    /// A person's name, surely.
    Full,
    /// Perhaps a person's name: `name` is said of everything.
    Name,
    /// The same in a language that few programs are written in.
    Called,
    /// A person or a mailbox: the head of a letter.
    Mail,
    /// An address, surely of a place.
    Address,
    /// An address of a place, a machine or a mailbox.
    AnyAddress,
    Street,
    City,
    /// An organisation, surely.
    Company,
    /// Perhaps an organisation.
    Organization,
}

const LABELS: [(Of, &[&str]); 11] = [
    (Of::Given, people::GIVEN),
    (Of::Full, people::FULL),
    (Of::Name, people::NAMES),
    (Of::Called, people::CALLED),
    (Of::Mail, people::MAIL),
    (Of::Address, places::ADDRESSES),
    (Of::City, places::CITIES),
    (Of::Street, places::STREETS),
    (Of::AnyAddress, places::ANY_ADDRESSES),
    (Of::Company, firms::COMPANIES),
    (Of::Organization, firms::ORGANIZATIONS),
];

/// How they end.
static ENDINGS: LazyLock<Endings> =
    LazyLock::new(|| Endings::of(LABELS.iter().flat_map(|(_, labels)| labels.iter().copied())));

/// The hashes of their last words.
static LAST: LazyLock<Hashed<(), 12>> = LazyLock::new(|| {
    let mut last = Hashed::new();
    for label in LABELS.iter().flat_map(|(_, labels)| *labels) {
        last.entry(topics::last_words(label.as_bytes()).0[0].0, ());
    }
    last
});

/// Whether `text` may end with a label, by its last letters, then by its last word. Most does not.
pub fn may_end(text: &[u8]) -> bool {
    if !ENDINGS.may_end(text) {
        return false;
    }
    // Digits and marks behind the last word.
    let is_between = |byte: &&u8| byte.is_ascii() && !byte.is_ascii_alphabetic();
    let text = &text[..text.len() - text.iter().rev().take_while(is_between).count()];
    let length = text.iter().rev().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let (before, word) = text.split_at(text.len() - length);
    // Behind a slash the first letter may be none of the word, and other letters than ASCII are read with what follows.
    if before.last().is_some_and(|byte| *byte == b'\\' || !byte.is_ascii()) {
        return true;
    }
    match topics::last_words(word) {
        (words, 1..) => LAST.get(words[0].0).is_some(),
        _ => true,
    }
}

/// By the hash of their words.
static TABLE: LazyLock<Hashed<Option<Of>, 12>> = LazyLock::new(|| {
    let mut table = Hashed::new();
    for (of, labels) in LABELS {
        for label in labels {
            let (words, count) = topics::last_words(label.as_bytes());
            // What is said first stays.
            table.entry(topics::phrase(&words[..count]), Some(of));
        }
    }
    table
});

/// The label that the last words are, the last first, and how many of them it has: the longest.
pub fn find(words: &[(u32, usize)]) -> Option<(Of, usize)> {
    let of = |count: usize| TABLE.get(topics::phrase(&words[..count])).flatten();
    (1..=words.len()).rev().find_map(|count| of(count).map(|of| (of, count)))
}
