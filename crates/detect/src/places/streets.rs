//! The words that say "street", in many languages.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Behind the name of an English street. Those of the second list are also other things.
pub const TYPES: &[&str] = &[
    "st",
    "street",
    "ave",
    "avenue",
    "rd",
    "road",
    "ln",
    "lane",
    "blvd",
    "boulevard",
    "pkwy",
    "parkway",
    "hwy",
    "highway",
    "crescent",
    "terrace",
    "turnpike",
    "expressway",
    "mews",
    "esplanade",
];
pub const LOOSE_TYPES: &[&str] = &[
    "dr", "drive", "ct", "court", "pl", "place", "sq", "square", "way", "close", "circle", "cir", "gardens",
    "grove", "hill", "row", "trail", "loop", "walk", "park", "quay", "wharf", "green", "alley", "plaza",
];
/// Before the name.
pub const BEFORE: &[&str] = &[
    "rue",
    "avenue",
    "av",
    "boulevard",
    "bd",
    "place",
    "chemin",
    "impasse",
    "quai",
    "allée",
    "cours",
    "calle",
    "c/",
    "avenida",
    "avda",
    "plaza",
    "paseo",
    "carrera",
    "camino",
    "via",
    "viale",
    "piazza",
    "corso",
    "vicolo",
    "largo",
    "rua",
    "r",
    "travessa",
    "praça",
    "alameda",
    "estrada",
    "ulica",
    "ul",
    "aleja",
    "al",
    "pl",
    "strada",
    "str",
    "bulevardul",
    "ulice",
    "jalan",
    "jl",
    "улица",
    "ул",
    "проспект",
    "пр",
    "пр-т",
    "переулок",
    "пер",
    "бульвар",
    "б-р",
    "вулиця",
    "вул",
    "οδός",
    "đường",
];
/// The end of a word, or a word by itself behind the name.
const ENDS: &[&str] = &[
    "straße", "strasse", "str", "weg", "allee", "gasse", "platz", "damm", "ufer", "straat", "laan", "gracht",
    "plein", "gatan", "vägen", "gade", "vej", "gata", "veien", "vegen", "katu", "utca", "út", "caddesi",
    "cad", "sokak", "sokağı", "sok", "bulvarı", "prospekt",
];

/// Whether a word, without case and its dot, is on a list.
pub fn on(list: &[&str], word: &str) -> bool {
    let word = word.trim_end_matches('.');
    !word.is_empty() && (list.contains(&word) || list.contains(&&*word.to_lowercase()))
}

/// Whether a word says that this is a street.
pub fn is_street_word(word: &str) -> bool {
    let small = word.trim_end_matches(['.', ',']).to_lowercase();
    on(TYPES, &small)
        || on(LOOSE_TYPES, &small)
        || (on(BEFORE, &small) && small.len() > 1)
        || ENDS.iter().any(|end| {
            small.ends_with(end) && (end.len() > 3 || small.len() == end.len() || word.ends_with("str."))
        })
        || [
            "apt",
            "suite",
            "unit",
            "floor",
            "p.o",
            "po",
            "box",
            "apartment",
            "flat",
            "no",
            "nr",
            "д",
            "дом",
            "кв",
        ]
        .contains(&&*small)
}

static BEFORE_SET: LazyLock<HashSet<&str>> = LazyLock::new(|| BEFORE.iter().copied().collect());

/// A word with its ASCII letters small, if it is not too long.
fn lowered<'a>(word: &str, small: &'a mut [u8; 32]) -> &'a str {
    let Some(small) = small.get_mut(..word.len()) else { return "" };
    small.copy_from_slice(word.as_bytes());
    small.make_ascii_lowercase();
    std::str::from_utf8(small).unwrap_or_default()
}

/// Whether a word stands before a street's name. Short ones only with a dot.
pub fn is_before_name(word: &str, dotted: bool) -> bool {
    BEFORE_SET.contains(lowered(word, &mut [0; 32]))
        && (dotted
            || word.chars().count() > 3
            || matches!(word, "Rua" | "Via" | "Rue" | "rue" | "via" | "rua"))
}

/// Whether a word ends as streets do, or `alone` is the word for one.
pub fn ends_street(word: &str, alone: bool) -> bool {
    if word.len() < 3 {
        return false;
    }
    let small = &mut [0; 32];
    let small = lowered(word, small);
    ENDS.iter().any(|end| {
        small.ends_with(end)
            && (if small.len() > end.len() + 2 {
                end.len() > 3 || matches!(*end, "weg" | "str" | "vej")
            } else {
                alone && small.len() == end.len()
            })
    })
}
