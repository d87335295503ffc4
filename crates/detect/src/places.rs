//! What addresses look like: a number and a street, in the order and with the words of many countries, and what follows:
//! a city, a postal code.
//!
//! Promises: reads a text that was given to it and nothing else.

mod streets;

use streets::{BEFORE, LOOSE_TYPES, TYPES, on};
pub use streets::{ends_street, is_before_name, is_street_word};

/// Whether a word begins as names of places do.
fn is_capital(word: &str) -> bool {
    word.starts_with(char::is_uppercase)
        && word.chars().all(|c| c.is_alphabetic() || matches!(c, '.' | '\'' | '’' | '-'))
        && word.chars().count() > 1
}

const SMALL: &[&str] = &[
    "de", "la", "le", "les", "des", "du", "del", "della", "dei", "di", "da", "do", "dos", "das", "of", "the",
    "van", "der", "den", "am", "an", "im", "el", "los", "las", "y", "e", "and", "bei", "sur", "en", "saint",
    "upon",
];

/// The word at the beginning: up to a blank, a comma or the end.
fn word(text: &str) -> &str {
    let end = text
        .find([' ', ',', '\n', '\r', ';', '"', '<', ')', '(', '\t', '\\', '|', '!', '?'])
        .unwrap_or(text.len());
    &text[..end]
}

/// Bytes of a house number: `12`, `221B`, `12-14`, `5/7`.
fn house_number(word: &str) -> bool {
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &word[digits..];
    (1..=5).contains(&digits)
        && !word.starts_with('0')
        && (rest.len() == 1 && rest.as_bytes()[0].is_ascii_alphabetic()
            || rest.is_empty()
            || (rest.starts_with(['-', '/'])
                && rest.len() <= 5
                && rest[1..].bytes().all(|b| b.is_ascii_alphanumeric())
                && rest.len() > 1))
}

/// The end of a street that begins with its number: `221B Baker Street`, `12, rue de Rivoli`. And whether it is sure.
fn number_first(text: &str) -> Option<(usize, bool)> {
    let number = word(text);
    if !house_number(number) {
        return None;
    }
    let mut at = number.len();
    at += if text[at..].starts_with(", ") { 2 } else { usize::from(text[at..].starts_with(' ')) };
    if at == number.len() {
        return None;
    }
    let first = word(&text[at..]);
    if on(BEFORE, first) && first.len() > 1 && !first.starts_with(char::is_uppercase)
        || (first == "Rue" || first == "Avenue")
    {
        let end = place_name(text[at + first.len()..].strip_prefix(' ')?)?;
        return Some((at + first.len() + 1 + end, true));
    }
    // `1991-2020, Thomas G. Lane`: a comma stands only before a word for a street.
    if text[number.len()..].starts_with(',') {
        return None;
    }
    let mut names = 0;
    while names < 5 {
        let word = word(&text[at..]);
        let bare = word.trim_end_matches('.');
        let end = at + if text[at + word.len()..].is_empty() { bare.len() } else { word.len() };
        if names > 0 && bare.starts_with(char::is_uppercase) {
            let dotted = if bare.len() < word.len() && !text[at + word.len()..].starts_with([' ', ',']) {
                at + bare.len()
            } else {
                end
            };
            if on(TYPES, bare) {
                let behind = word_behind(&text[dotted..]);
                return Some((dotted + behind, true));
            }
            if on(LOOSE_TYPES, bare) {
                return Some((dotted, false));
            }
        }
        let ordinal = bare.starts_with(|c: char| c.is_ascii_digit())
            && ["st", "nd", "rd", "th"].iter().any(|end| bare.ends_with(end));
        let direction = ["N", "S", "E", "W", "NE", "NW", "SE", "SW"].contains(&bare);
        if !(is_capital(word) || ordinal || direction) || !text[at + word.len()..].starts_with(' ') {
            return None;
        }
        names += 1;
        at += word.len() + 1;
    }
    None
}

/// Bytes of a direction behind the street: ` NW`.
fn word_behind(text: &str) -> usize {
    let direction = text.strip_prefix(' ').map(word).unwrap_or_default().trim_end_matches('.');
    if ["N", "S", "E", "W", "NE", "NW", "SE", "SW"].contains(&direction) { 1 + direction.len() } else { 0 }
}

/// Bytes of a name of one to five words, the first or the one behind a particle with a capital.
fn place_name(text: &str) -> Option<usize> {
    let mut at = 0;
    let mut end = 0;
    for _ in 0..5 {
        let word = word(&text[at..]);
        if is_capital(word) {
            end = at + word.trim_end_matches('.').len();
        } else if let Some((article, name)) = word.split_once(['\'', '’'])
            && article.len() <= 4
            && is_capital(name)
        {
            end = at + word.len();
        } else if !SMALL.contains(&word) {
            break;
        }
        at += word.len();
        if !text[at..].starts_with(' ') {
            break;
        }
        at += 1;
    }
    (end > 0).then_some(end)
}

/// The end of a street that ends with its number: `Hauptstraße 12`, `Calle Mayor 10`, `ul. Długa 5`.
fn number_last(text: &str) -> Option<(usize, bool)> {
    let first = word(text);
    let mut at = first.len();
    if is_before_name(first.trim_end_matches('.'), first.ends_with('.')) {
        let rest = text[at..].strip_prefix(' ')?;
        at += 1 + place_name(rest)?;
    } else if is_capital(first) || is_capital(first.trim_end_matches('.')) {
        let mut last = first;
        while !ends_street(last.trim_end_matches('.'), at > first.len()) {
            last = word(text[at..].strip_prefix(' ')?);
            at += 1 + last.len();
            if last.is_empty() || at > 60 {
                return None;
            }
        }
    } else {
        return None;
    }
    let mut rest = &text[at..];
    for between in [", nº ", ", n. ", " No: ", " No:", " nº ", " n° ", ", д. ", " д. ", ", ", " "] {
        if let Some(behind) = rest.strip_prefix(between) {
            rest = behind;
            break;
        }
    }
    let number = word(rest).trim_end_matches(['.', ':']);
    let from = text.len() - rest.len();
    // Slots and seats have numbers as well.
    let small = first.to_lowercase();
    let loose = ["platz", "gade", "way"].iter().any(|end| small.ends_with(end))
        || matches!(first, "Via" | "Plaza" | "Place" | "Largo" | "Strada");
    (from > at && house_number(number)).then_some((from + number.len(), !loose))
}

/// Bytes of what follows a street: `, Springfield, IL 62704`, `, 75001 Paris`, ` London NW1 6XE`. None if it is no place.
fn behind(text: &str) -> usize {
    let mut at = 0;
    let mut end = 0;
    let mut pending = 0;
    for _ in 0..4 {
        let rest = &text[at..];
        let gap = if rest.starts_with(", ") { 2 } else { break };
        let (length, digits) = segment(&rest[gap..]);
        if length == 0 {
            break;
        }
        at += gap + length;
        pending = at;
        if digits {
            end = at;
        }
    }
    let closes = text[pending..]
        .chars()
        .next()
        .is_none_or(|next| matches!(next, '.' | '\n' | '\r' | '"' | '<' | ')' | ';' | '\\' | '|'));
    if closes { pending } else { end }
}

/// Bytes of one part: up to four words with a capital or of digits and capitals; and whether there are digits.
fn segment(text: &str) -> (usize, bool) {
    let mut at = 0;
    let mut end = 0;
    let mut digits = false;
    for _ in 0..5 {
        let word = word(&text[at..]);
        let bare = word.trim_end_matches(['.', ':']);
        let code = bare.len() >= 2
            && bare.len() <= 10
            && bare.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase() || b == b'-');
        let coded = bare.bytes().filter(u8::is_ascii_digit).count();
        let apartment = (bare.starts_with('#') || is_street_word(bare)) && bare.len() > 1;
        let flat = end == 0 && ["кв", "стр", "корп", "оф"].contains(&bare);
        let fits = is_capital(bare)
            || code
            || flat
            || (bare.len() <= 4 && coded > 0 && coded == bare.len())
            || apartment && end > 0
            || (SMALL.contains(&bare) && end > 0);
        if !fits || word.ends_with(':') {
            break;
        }
        if !SMALL.contains(&bare) {
            end = at + bare.len();
        }
        digits |= coded >= 1;
        at += word.len();
        if bare.len() < word.len() && !flat || !text[at..].starts_with(' ') {
            break;
        }
        at += 1;
    }
    (end, digits)
}

const STATES: &[&str] = &[
    "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "FL", "GA", "HI", "ID", "IL", "IN", "IA", "KS", "KY",
    "LA", "ME", "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE", "NV", "NH", "NJ", "NM", "NY", "NC", "ND",
    "OH", "OK", "OR", "PA", "RI", "SC", "SD", "TN", "TX", "UT", "VT", "VA", "WA", "WV", "WI", "WY", "DC",
    "PR",
];

/// `Springfield, IL 62704`.
fn city_and_zip(text: &str) -> Option<usize> {
    let mut at = 0;
    for _ in 0..3 {
        let word = word(&text[at..]);
        if !is_capital(word) {
            return None;
        }
        at += word.len();
        if let Some(rest) = text[at..].strip_prefix(", ") {
            let state = self::word(rest);
            let zip = self::word(rest.get(state.len() + 1..)?).trim_end_matches(['.', ':']);
            let digits = zip.bytes().take_while(u8::is_ascii_digit).count();
            let plus = digits == 5
                && zip.len() == 10
                && zip.as_bytes()[5] == b'-'
                && zip.bytes().skip(6).all(|b| b.is_ascii_digit());
            return (STATES.contains(&state) && digits == 5 && (zip.len() == 5 || plus))
                .then(|| at + 2 + state.len() + 1 + zip.len());
        }
        text[at..].strip_prefix(' ')?;
        at += 1;
    }
    None
}

/// The address `text` begins with, by its form alone.
pub fn read(text: &str) -> Option<usize> {
    let (street, sure) = if text.starts_with(|first: char| first.is_ascii_digit()) {
        number_first(text)?
    } else {
        match number_last(text) {
            Some(found) => found,
            None => return city_and_zip(text),
        }
    };
    let next = text[street..].chars().next();
    if next.is_some_and(|next| next.is_alphanumeric() || matches!(next, '_' | '(' | '=' | '/' | '@')) {
        return None;
    }
    let mut end = street;
    let more = behind(&text[street..]);
    end += more;
    let coded = text[street..end].bytes().any(|byte| byte.is_ascii_digit());
    (sure || coded).then_some(end)
}

/// Whether a value behind a label for addresses is one: how much it says by itself.
pub fn looks_like_one(text: &str) -> bool {
    let mut digits = 0;
    let mut capitals = 0;
    let mut streets = 0;
    for word in text.split([' ', ',', ';', '\n']).filter(|word| !word.is_empty()) {
        digits += usize::from(
            word.trim_start_matches(['#', '-']).starts_with(|first: char| first.is_ascii_digit())
                || !word.is_ascii() && word.bytes().any(|byte| byte.is_ascii_digit()),
        );
        capitals += usize::from(word.starts_with(char::is_uppercase));
        streets += usize::from(is_street_word(word));
    }
    let commas = text.matches([',', '،']).count();
    let caseless = text.chars().filter(|c| matches!(*c as u32, 0x590..=0x10FF)).count();
    if digits > 0 && caseless >= 4 && text.contains(' ') {
        return true;
    }
    (digits > 0 && streets > 0) || (digits > 0 && commas > 0 && capitals >= 2) || is_eastern(text)
}

/// Signs of Chinese, Japanese and Korean addresses.
fn is_eastern(text: &str) -> bool {
    let foreign = text.chars().filter(|c| matches!(*c as u32, 0x3041..=0x9FFF | 0xAC00..=0xD7A3)).count();
    let signs = text
        .chars()
        .filter(|c| "省市区县路街号號巷弄室都道府県町村丁目番地시도구동로길".contains(*c))
        .count();
    foreign >= 4 && signs >= 1
}

/// The city or the postal code and city at the beginning of a value.
pub fn city(text: &str) -> usize {
    let (first, digits) = segment(text);
    if first == 0 {
        return text
            .char_indices()
            .take_while(|(_, c)| !c.is_ascii() && !"，。；（ 、".contains(*c))
            .last()
            .map_or(0, |(at, c)| at + c.len_utf8());
    }
    if digits || !text[first..].starts_with(", ") {
        return first;
    }
    let (state, _) = segment(&text[first + 2..]);
    if state > 0 { first + 2 + state } else { first }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_to_their_end() {
        for (text, found) in [
            ("221B Baker Street, London NW1 6XE", "221B Baker Street, London NW1 6XE"),
            ("12 Main St, Springfield, IL 62704 and", "12 Main St, Springfield, IL 62704"),
            ("12 Main Street, Mary said", "12 Main Street"),
            ("350 5th Ave", "350 5th Ave"),
            ("12, rue de Rivoli, 75001 Paris.", "12, rue de Rivoli, 75001 Paris"),
            ("Hauptstraße 12, 10115 Berlin", "Hauptstraße 12, 10115 Berlin"),
            ("Berliner Str. 5b", "Berliner Str. 5b"),
            ("Calle Mayor 10", "Calle Mayor 10"),
            ("ul. Długa 5/7, 00-238 Warszawa", "ul. Długa 5/7, 00-238 Warszawa"),
            ("Springfield, IL 62704", "Springfield, IL 62704"),
            ("Storgatan 5", "Storgatan 5"),
            ("Kossuth utca 5", "Kossuth utca 5"),
            ("12 Monkeys are", ""),
            ("3 Open Place", ""),
            ("5 Main", ""),
            ("1991-2020, Thomas G. Lane", ""),
            ("Hauptstraße", ""),
        ] {
            assert_eq!(read(text).map_or("", |end| &text[..end]), found, "{text}");
        }
    }
}
