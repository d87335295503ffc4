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

/// Whether `text` may end with a label. Most does not.
pub fn may_end(text: &[u8]) -> bool {
    ENDINGS.may_end(text)
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
