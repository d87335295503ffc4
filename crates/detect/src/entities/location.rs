//! Addresses of places: a street with a number, what follows it, and what a label says is an address, a street or a city.
//!
//! Never: finds a city by its name alone.

use crate::Entity;
use crate::alphabet::{DIGIT, LATIN, LETTER, UPPER, within};
use crate::definition::{Definition, Rule, Starts};
use crate::labelled::{self, Of};
use crate::names::is_no_name;
use crate::places;
use crate::probe::{Hit, Need, Outcome, Probe};

pub static DEFINITION: Definition = Definition {
    entity: Entity::Location,
    about: "a street of a form of many countries with its number, and what follows it; a US city with state and ZIP code; an \
            address, street or city behind its label",
    rules: &[
        Rule::new(Starts::Bytes(labelled::SIGNS), labelled_place),
        Rule::new(Starts::Sets(DIGIT), number_first),
        Rule::new(Starts::Sets(UPPER), name_first).judging_plain_words(),
        Rule::new(Starts::Bytes(b"u"), name_first).judging_plain_words(),
        Rule::new(Starts::Bytes(&[0xD0, 0xD1]), name_first),
    ],
    hits: &[
        ("Address: 12 Main St, Springfield, IL 62704", "Address: [LOCATION]"),
        ("He lives at 221B Baker Street, London NW1 6XE.", "He lives at [LOCATION]."),
        ("at 350 5th Ave in", "at [LOCATION] in"),
        ("Anschrift: Am Markt 5, 10115 Berlin", "Anschrift: [LOCATION]"),
        ("wohnt Hauptstraße 12, 10115 Berlin", "wohnt [LOCATION]"),
        ("Adresse : 12 rue de Rivoli, 75001 Paris", "Adresse : [LOCATION]"),
        ("Dirección: Calle Mayor 10, 28013 Madrid", "Dirección: [LOCATION]"),
        ("vive en Calle Mayor 10, 28013 Madrid.", "vive en [LOCATION]."),
        ("住所: 東京都千代田区丸の内1-9-1", "住所: [LOCATION]"),
        (
            "{\"street\": \"12 Elm Road\", \"city\": \"Springfield\"}",
            "{\"street\": \"[LOCATION]\", \"city\": \"[LOCATION]\"}",
        ),
        ("City: San José", "City: [LOCATION]"),
        ("PLZ/Ort: 10115 Berlin", "PLZ/Ort: [LOCATION]"),
        ("<city>Lyon</city>", "<city>[LOCATION]</city>"),
        ("moved to Springfield, IL 62704 last", "moved to [LOCATION] last"),
        ("at ul. Długa 5, 00-238 Warszawa", "at [LOCATION]"),
    ],
    misses: &[
        "address: 0x7ffe12ab34cd",
        "\"address\": \"127.0.0.1:8080\"",
        "Address: see page 12",
        "address = base + 12",
        "city: String",
        "\"city\": \"string\"",
        "street: &str",
        "location: us-east-1",
        "12 Monkeys, 3 Open Places",
        "Steckplatz 5",
        "Via HTTP 2",
        "in 5 Easy Steps",
        "SHA-256 via SHA",
        "InvalidIpv4Address => \"invalid IPv4 address\"",
        "City: <city>",
    ],
    ..Definition::BLANK
};

/// Longest address that is read.
const CAP: usize = 120;

fn labelled_place(probe: &Probe<'_>) -> Outcome {
    let of = |of| matches!(of, Of::Address | Of::AnyAddress | Of::Street | Of::City);
    let Some((label, value)) = labelled::read(probe, of)? else { return Ok(None) };
    if label.of == Of::AnyAddress && label.led {
        return Ok(None);
    }
    let loose = !value.quoted && !value.element && (value.assigned || !label.natural);
    let text = value.text;
    let hit = |start: usize, length: usize| {
        Hit::in_context(value.from + start + length, 0.8).behind(value.from + start)
    };
    if label.of == Of::City {
        let length = places::city(text);
        let rest = &text[length..];
        let ends = rest.starts_with([',', '，', ' ', '。'])
            || (rest.is_empty() && value.ended.is_some())
            || rest == ".";
        let whole = rest.is_empty() || !loose && ends;
        let word = text[..length]
            .split([' ', ','])
            .find(|word| word.starts_with(char::is_alphabetic))
            .unwrap_or_default();
        let named = length >= 3 && !is_no_name(word) && !text[..length].chars().all(|c| c.is_ascii_digit());
        let code = loose
            && (value.assigned || matches!(value.ended, Some(b';' | b'{' | b'>')) || rest.starts_with(','));
        return Ok(
            (whole && ends && named && !code && rest.find(['(', '_', '=']).is_none()).then(|| hit(0, length))
        );
    }
    // An address has only such signs.
    let allowed = |c: char| {
        c.is_alphanumeric()
            || !c.is_ascii()
            || matches!(c, ' ' | ',' | '.' | '-' | '/' | '#' | '\'' | ';' | '&' | '(' | ')')
    };
    // `No:15` is no label.
    let breaks = |(at, c): &(usize, char)| {
        !allowed(*c) && !(*c == ':' && (value.quoted || text[..*at].ends_with("No")))
    };
    let end = text.char_indices().find(breaks).map_or(text.len(), |(at, _)| at);
    let broken = end < text.len();
    let start = text.len() - text.trim_start_matches([';', ' ', ',']).len();
    if start >= end {
        return Ok(None);
    }
    let mut address = &text[start..end];
    if broken {
        // What is behind the last mark belongs to the next label, if that is what ended it.
        if !text[end..].starts_with(':') {
            return Ok(None);
        }
        let cut = address.rfind("  ").or_else(|| address.rfind([',', ';'])).or_else(|| address.rfind(' '));
        address = &address[..cut.unwrap_or(0)];
    }
    address = sentence(address).trim_end_matches([' ', ',', '.', ';']);
    if address.len() < 4 || address.contains("::") || address.starts_with("0x") || address.contains("()") {
        return Ok(None);
    }
    let digits = address.bytes().any(|byte| byte.is_ascii_digit());
    let words = address.split([' ', ',', ';']).filter(|word| word.starts_with(char::is_alphabetic)).count();
    let capital = address.split(' ').any(|word| word.starts_with(char::is_uppercase));
    let looks = match label.of {
        _ if !capital && address.is_ascii() => false,
        Of::Street => !loose && (digits || address.split(' ').any(places::is_street_word)) && words > 0,
        Of::Address => {
            digits && words >= 1 && address.len() >= 6 && !loose || places::looks_like_one(address)
        }
        _ => places::looks_like_one(address) && words >= 1,
    };
    Ok(looks.then(|| hit(start, address.len())))
}

/// The text up to the end of its first sentence: a full stop behind a longer word, and a capital.
fn sentence(text: &str) -> &str {
    for (at, _) in text.match_indices(". ") {
        let word = text[..at].rsplit(' ').next().unwrap_or_default();
        let digits = word.bytes().all(|byte| byte.is_ascii_digit());
        if (word.len() > 4 && !places::is_street_word(word) || digits && word.len() > 3)
            && text[at + 2..].starts_with(char::is_uppercase)
        {
            return &text[..at];
        }
    }
    text
}

/// `221B Baker Street`. Most numbers are followed by no word with a capital.
fn number_first(probe: &Probe<'_>) -> Outcome {
    let digits = probe.run(0, DIGIT, 6)?;
    if digits > 5 || probe.get(0)? == b'0' || probe.continues_number() {
        return Ok(None);
    }
    let mut i = digits;
    if probe.is(i, LETTER)? || matches!(probe.get(i)?, b'-' | b'/') {
        i += 1;
        i += probe.run(i, DIGIT, 5)?;
    }
    i += usize::from(probe.get(i)? == b',');
    if probe.get(i)? != b' ' || !(probe.is(i + 1, LETTER | LATIN | DIGIT)?) {
        return Ok(None);
    }
    let first = probe.get(i + 1)?;
    if within(first, DIGIT) {
        // `350 5th Ave`.
        let digits = probe.run(i + 1, DIGIT, 4)?;
        if digits > 3 || !matches!(probe.get(i + 1 + digits)?, b's' | b'n' | b'r' | b't') {
            return Ok(None);
        }
    }
    if within(first, UPPER)
        && !probe.is(i + 2, LETTER | LATIN)?
        && !matches!(first, b'N' | b'S' | b'E' | b'W')
    {
        return Ok(None);
    }
    if within(first, LETTER) && !within(first, UPPER) {
        let length = letters(probe, i + 1)?;
        let word =
            std::str::from_utf8(&probe.text[probe.at + i + 1..probe.at + i + 1 + length]).unwrap_or_default();
        if !places::is_before_name(word, false) {
            return Ok(None);
        }
    }
    if matches!(probe.back(1), b'.' | b'$' | b'#' | b'-' | b'_') {
        return Ok(None);
    }
    by_form(probe)
}

/// `Hauptstraße 12`, `Calle Mayor 10`, `Springfield, IL 62704`.
fn name_first(probe: &Probe<'_>) -> Outcome {
    if probe.get(0)? >= 0x80 {
        // The engine sees a start in every letter of these: only where a word begins, and with a word for a street.
        let inner = matches!(probe.back(2), 0xD0 | 0xD1);
        let mut named = false;
        for lead in ["ул", "Ул", "пр", "Пр", "пе", "бу", "ву", "Ву"] {
            named = named || probe.literal(0, lead.as_bytes())?;
        }
        if inner || !named {
            return Ok(None);
        }
    }
    if !probe.is(1, LETTER)? && probe.get(1)? < 0x80 {
        return Ok(None);
    }
    // Word by word: prose is left at the first that is in no street.
    let mut i = 0;
    for number in 0..3 {
        let length = letters(probe, i)?;
        let after = i + length;
        let dot = usize::from(probe.get(after)? == b'.');
        if length < 2 {
            return Ok(None);
        }
        let word = || std::str::from_utf8(&probe.text[probe.at + i..probe.at + after]).unwrap_or_default();
        if probe.get(after + dot)? == b' ' {
            let next = probe.get(after + dot + 1)?;
            // What stands behind `Calle`, and what behind `Hauptstraße`.
            let named = within(next, UPPER) || next >= 0x80 || matches!(next, b'd' | b'l');
            if number == 0 && named && places::is_before_name(word(), dot > 0) {
                return by_form(probe);
            }
            if within(next, DIGIT) || next == b'N' {
                if places::ends_street(word(), number > 0) {
                    return by_form(probe);
                }
                if next != b'N' {
                    return Ok(None);
                }
            }
        }
        match probe.get(after)? {
            // `Springfield, IL 62704`.
            b',' => {
                let state = probe.get(after + 1)? == b' '
                    && probe.run(after + 2, UPPER, 3)? == 2
                    && probe.get(after + 4)? == b' '
                    && probe.is(after + 5, DIGIT)?;
                return if state { by_form(probe) } else { Ok(None) };
            }
            b' ' => {
                let next = probe.get(after + 1)?;
                let small = number == 0 && (matches!(next, b'u' | b'c' | b's' | b'g') || next >= 0x80);
                if !within(next, UPPER) && !small {
                    return Ok(None);
                }
                i = after + 1;
            }
            _ => return Ok(None),
        }
    }
    Ok(None)
}

/// Bytes of the word at `i`.
fn letters(probe: &Probe<'_>, i: usize) -> Result<usize, Need> {
    let mut length = 0;
    while length < 28 {
        let byte = probe.get(i + length)?;
        if !(within(byte, LETTER) || byte >= 0x80 || (byte == b'-' && length > 0)) {
            break;
        }
        length += 1;
    }
    // Not within a character.
    while length > 0 && probe.text.get(probe.at + i + length).is_some_and(|byte| byte & 0xC0 == 0x80) {
        length -= 1;
    }
    Ok(length)
}

/// What stands here, up to [`CAP`] bytes or to a mark that no address has within it.
fn near<'a>(probe: &Probe<'a>) -> Result<Option<&'a str>, Need> {
    let mut end = 0;
    let mut small = 0;
    while end < CAP {
        let byte = probe.get(end)?;
        if matches!(
            byte,
            0 | b'\n'
                | b'\r'
                | b'"'
                | b'<'
                | b'>'
                | b'\\'
                | b'('
                | b'='
                | b'{'
                | b'|'
                | b';'
                | b'!'
                | b'?'
                | b'_'
        ) {
            break;
        }
        // Two words in small letters, and it is prose.
        if byte == b' ' && end > 0 {
            let next = probe.get(end + 1)?;
            small = if within(next, LETTER) && !within(next, UPPER) { small + 1 } else { 0 };
            if small == 3 {
                break;
            }
        }
        end += 1;
    }
    while end > 0 && probe.text.get(probe.at + end).is_some_and(|byte| byte & 0xC0 == 0x80) {
        end -= 1;
    }
    Ok(std::str::from_utf8(&probe.text[probe.at..probe.at + end]).ok())
}

fn by_form(probe: &Probe<'_>) -> Outcome {
    let Some(text) = near(probe)? else { return Ok(None) };
    let Some(length) = places::read(text) else { return Ok(None) };
    // What follows the text that was read may go on with the number.
    if length == text.len() && matches!(probe.get(length)?, b'(' | b'=' | b'_') {
        return Ok(None);
    }
    Ok(Some(Hit::pattern(length, 0.7)))
}
