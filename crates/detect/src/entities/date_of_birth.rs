//! Dates behind a word that says they are somebody's birth, and ages.

use crate::Entity;
use crate::alphabet::{DIGIT, LATIN, LETTER, UPPER, WORD, within};
use crate::definition::{Definition, Rule, Starts};
use crate::probe::{Hit, Need, Outcome, Probe};

pub static DEFINITION: Definition = Definition {
    entity: Entity::DateOfBirth,
    about: "a date of a common form close behind words for a birth, in many languages",
    words: &[
        "born",
        "dob",
        "d o b",
        "date of birth",
        "birth date",
        "birthdate",
        "birthday",
        "birth",
        "bday",
        "dateofbirth",
        "geboren",
        "geburtsdatum",
        "geb",
        "geburtstag",
        "n\u{e9}",
        "n\u{e9}e",
        "date de naissance",
        "naissance",
        "nacido",
        "nacida",
        "nacimiento",
        "fecha de nacimiento",
        "naci\u{f3}",
        "nato",
        "nata",
        "nascita",
        "data di nascita",
        "nascido",
        "nascida",
        "nascimento",
        "data de nascimento",
        "nasceu",
        "geboortedatum",
        "f\u{f8}dt",
        "f\u{f8}dselsdato",
        "f\u{f6}dd",
        "f\u{f6}delsedatum",
        "syntynyt",
        "syntym\u{e4}aika",
        "urodzony",
        "urodzona",
        "data urodzenia",
        "ur",
        "narozen",
        "narozena",
        "datum narozen\u{ed}",
        "sz\u{fc}letett",
        "sz\u{fc}let\u{e9}si",
        "n\u{e1}scut",
        "n\u{e1}scut\u{e3}",
        "data na\u{219}terii",
        "doğum",
        "doğum tarihi",
        "рождения",
        "дата рождения",
        "родился",
        "родилась",
        "народження",
        "роден",
        "γεννηση",
        "γεννησης",
        "出生",
        "出生日期",
        "生日",
        "生年月日",
        "生まれ",
        "誕生日",
        "생년월일",
        "생일",
        "วันเกิด",
        "जन्म",
        "جنم",
        "تاريخ الميلاد",
        "תאריך לידה",
        "ro\u{111}en",
        "rojen",
        "tanggal lahir",
        "lahir",
        "ngày sinh",
        "kelahiran",
        "tarikh lahir",
    ],
    rules: &[
        Rule::new(Starts::Sets(DIGIT), numeric),
        Rule::new(Starts::Sets(UPPER), month_first).beginning_with(BEGINNINGS).judging_plain_words(),
    ],
    hits: &[
        ("DOB: 03/14/1985", "DOB: [DATE_OF_BIRTH]"),
        ("born on 14 March 1985 in York", "born on [DATE_OF_BIRTH] in York"),
        ("Date of birth: March 14, 1985.", "Date of birth: [DATE_OF_BIRTH]."),
        ("\"birth_date\": \"1985-03-14\"", "\"birth_date\": \"[DATE_OF_BIRTH]\""),
        ("geboren am 14.03.1985", "geboren am [DATE_OF_BIRTH]"),
        ("n\u{e9} le 1er mars 1985", "n\u{e9} le [DATE_OF_BIRTH]"),
        ("nacido el 14 de marzo de 1985", "nacido el [DATE_OF_BIRTH]"),
        ("生年月日：1985年3月14日", "生年月日：[DATE_OF_BIRTH]"),
        ("dob 14-Mar-85", "dob [DATE_OF_BIRTH]"),
    ],
    misses: &["03/14/1985", "born in 1985", "The birth of 99/99/1985", "March 14, 1985"],
    ..Definition::BLANK
};

/// Words between the name and the date.
const REACH: u32 = 4;

fn named(probe: &Probe<'_>, length: usize) -> Outcome {
    if length == 0 || (probe.is(length - 1, DIGIT)? && probe.is(length, WORD)?) {
        return Ok(None);
    }
    Ok(probe.name(Entity::DateOfBirth).filter(|name| name.gap <= REACH).map(|name| Hit::named(length, name)))
}

fn numeric(probe: &Probe<'_>) -> Outcome {
    if probe.continues_number() {
        return Ok(None);
    }
    let first = probe.run(0, DIGIT, 9)?;
    if first == 8 && !probe.is(8, WORD)? {
        let compact = valid(number(probe, 0, 4)?, number(probe, 4, 2)?, number(probe, 6, 2)?);
        let compact = compact || valid(number(probe, 4, 4)?, number(probe, 2, 2)?, number(probe, 0, 2)?);
        return if compact { named(probe, 8) } else { Ok(None) };
    }
    if !matches!(first, 1 | 2 | 4) {
        return Ok(None);
    }
    let separator = probe.get(first)?;
    if first == 4 && probe.literal(4, "年".as_bytes())? {
        return asian(probe);
    }
    if matches!(separator, b'/' | b'-' | b'.') {
        let second = probe.run(first + 1, DIGIT, 3)?;
        let from = first + 1 + second + 1;
        if matches!(second, 1 | 2) && probe.get(from - 1)? == separator {
            let third = probe.run(from, DIGIT, 5)?;
            let (a, b) = (number(probe, 0, first)?, number(probe, first + 1, second)?);
            let c = if third > 0 && third < 5 { number(probe, from, third)? } else { return Ok(None) };
            let fits = match (first, third) {
                (4, 1 | 2) => valid(a, b, c),
                (1 | 2, 4) => valid(c, b, a) || valid(c, a, b),
                (1 | 2, 2) => valid(1900 + c, b, a) || valid(1900 + c, a, b),
                _ => false,
            };
            return if fits { named(probe, from + third) } else { Ok(None) };
        }
    }
    if first < 4 && matches!(number(probe, 0, first)?, 1..=31) {
        return day_first(probe, first);
    }
    Ok(None)
}

/// `14 March 1985`, `14. März 1985`, `1er mars 1985`, `14 de marzo de 1985`, `14-Mar-85`.
fn day_first(probe: &Probe<'_>, day: usize) -> Outcome {
    let mut i = day;
    if probe.is(day, LETTER)? {
        for ordinal in [&b"st"[..], b"nd", b"rd", b"th", b"er"] {
            if probe.literal(day, ordinal)? {
                i = day + 2;
                break;
            }
        }
    }
    i += gap(probe, i)?;
    // Most numbers leave here.
    if probe.get(i)? < 0x80 && !probe.is(i, LETTER)? {
        return Ok(None);
    }
    for word in [&b"de "[..], b"of "] {
        if probe.literal(i, word)? {
            i += 3;
            break;
        }
    }
    let month = month(probe, i)?;
    if month == 0 || i == day {
        return Ok(None);
    }
    i += month;
    i += gap(probe, i)?;
    if probe.literal(i, b"de ")? {
        i += 3;
    }
    let year = probe.run(i, DIGIT, 5)?;
    let fits = matches!(year, 2) || (year == 4 && (1900..=2030).contains(&number(probe, i, 4)?));
    if fits { named(probe, i + year) } else { Ok(None) }
}

/// `March 14, 1985`, `Mar 14 1985`, `March 14th, 1985`.
fn month_first(probe: &Probe<'_>) -> Outcome {
    // Most words have no day behind them.
    let word = probe.run(0, LETTER | LATIN, 18)?;
    if !probe.is(word + gap(probe, word)?, DIGIT)? {
        return Ok(None);
    }
    let month = month(probe, 0)?;
    if month == 0 {
        return Ok(None);
    }
    let mut i = month + gap(probe, month)?;
    let day = probe.run(i, DIGIT, 3)?;
    if !(1..=2).contains(&day) || i == month {
        return Ok(None);
    }
    i += day;
    if probe.is(i, LETTER)? {
        i += 2;
    }
    let between = gap(probe, i)?;
    i += between;
    if between == 0 || probe.run(i, DIGIT, 5)? != 4 || !(1900..=2030).contains(&number(probe, i, 4)?) {
        return Ok(None);
    }
    named(probe, i + 4)
}

/// `1985年3月14日`.
fn asian(probe: &Probe<'_>) -> Outcome {
    let mut i = 7;
    for sign in ["月", "日"] {
        i += usize::from(probe.get(i)? == b' ');
        let digits = probe.run(i, DIGIT, 3)?;
        if !matches!(digits, 1 | 2) || !probe.literal(i + digits, sign.as_bytes())? {
            return Ok(None);
        }
        i += digits + 3;
    }
    named(probe, i)
}

/// Bytes of what parts the parts of a date.
fn gap(probe: &Probe<'_>, i: usize) -> Result<usize, Need> {
    let mut length = 0;
    while length < 2 && matches!(probe.get(i + length)?, b' ' | b'.' | b',' | b'-' | b'/') {
        length += 1;
    }
    Ok(length)
}

/// Beginnings of the months' names in many languages.
const MONTHS: &[&str] = &[
    "jan",
    "feb",
    "mar",
    "m\u{e4}r",
    "apr",
    "may",
    "mai",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "okt",
    "nov",
    "dec",
    "dez",
    "janv",
    "f\u{e9}v",
    "fév",
    "avr",
    "juin",
    "juil",
    "ao\u{fb}",
    "d\u{e9}c",
    "ene",
    "abr",
    "ago",
    "dic",
    "gen",
    "mag",
    "giu",
    "lug",
    "set",
    "ott",
    "fev",
    "out",
    "maj",
    "maa",
    "mei",
    "sty",
    "lut",
    "kwi",
    "cze",
    "lip",
    "sie",
    "wrz",
    "pa\u{17a}",
    "lis",
    "gru",
    "oca",
    "\u{15f}ub",
    "nis",
    "haz",
    "tem",
    "a\u{11f}u",
    "eyl",
    "eki",
    "kas",
    "ara",
    "янв",
    "фев",
    "мар",
    "апр",
    "мая",
    "май",
    "июн",
    "июл",
    "авг",
    "сен",
    "окт",
    "ноя",
    "дек",
];

/// The first two bytes of those that may begin with a capital of ASCII.
const BEGINNINGS: &[[u8; 3]] = &[
    *b"ja\0",
    *b"fe\0",
    *b"ma\0",
    *b"m\xC3\0",
    *b"ap\0",
    *b"ju\0",
    *b"au\0",
    *b"se\0",
    *b"oc\0",
    *b"ok\0",
    *b"no\0",
    *b"de\0",
    *b"f\xC3\0",
    *b"av\0",
    *b"ao\0",
    *b"d\xC3\0",
    *b"en\0",
    *b"ab\0",
    *b"ag\0",
    *b"di\0",
    *b"ge\0",
    *b"gi\0",
    *b"lu\0",
    *b"ot\0",
    *b"ou\0",
    *b"me\0",
    *b"st\0",
    *b"kw\0",
    *b"cz\0",
    *b"li\0",
    *b"si\0",
    *b"wr\0",
    *b"pa\0",
    *b"gr\0",
    *b"ni\0",
    *b"ha\0",
    *b"te\0",
    *b"a\xC4\0",
    *b"ey\0",
    *b"ek\0",
    *b"ka\0",
    *b"ar\0",
];

/// Bytes of a month's name; 0 if there is none.
fn month(probe: &Probe<'_>, i: usize) -> Result<usize, Need> {
    let mut length = 0;
    let mut head = [0_u8; 8];
    loop {
        let byte = probe.get(i + length)?;
        if byte < 0x80 && !within(byte, LETTER) {
            break;
        }
        if length == 18 {
            return Ok(0);
        }
        if let Some(place) = head.get_mut(length) {
            *place = byte.to_ascii_lowercase();
        }
        length += 1;
    }
    let begins = |month: &str| month.as_bytes()[0] == head[0] && head.starts_with(month.as_bytes());
    let known = length >= 3 && MONTHS.iter().any(|month| begins(month));
    Ok(if known { length } else { 0 })
}

fn number(probe: &Probe<'_>, i: usize, digits: usize) -> Result<u32, Need> {
    let mut value = 0;
    for k in i..i + digits {
        value = value * 10 + u32::from(probe.get(k)? - b'0');
    }
    Ok(value)
}

fn valid(year: u32, month: u32, day: u32) -> bool {
    (1900..=2030).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day)
}

pub static AGE: Definition = Definition {
    entity: Entity::Age,
    about: "1 to 120 directly behind a word for age, or before words for years of age",
    words: &[
        "age",
        "aged",
        "edad",
        "alter",
        "\u{e2}ge",
        "\u{e2}g\u{e9}",
        "\u{e2}g\u{e9}e",
        "idade",
        "et\u{e0}",
        "leeftijd",
        "wiek",
        "年龄",
        "年齢",
        "나이",
        "возраст",
    ],
    rules: &[Rule::new(Starts::Sets(DIGIT), age)],
    hits: &[
        ("she is 42 years old", "she is [AGE] years old"),
        ("patient, aged 67,", "patient, aged [AGE],"),
        ("a 34-year-old man", "a [AGE]-year-old man"),
    ],
    misses: &["max age 60", "the building is 300 years old", "age 1.5", "42 years"],
    ..Definition::BLANK
};

/// What says behind a number that it is an age.
const TAILS: &[&[u8]] = &[
    b" years old",
    b"-year-old",
    b" year old",
    b" years of age",
    b" y/o",
    b" yrs old",
    b"-years-old",
    b" Jahre alt",
    b"yo ",
];

fn age(probe: &Probe<'_>) -> Outcome {
    let digits = probe.run(0, DIGIT, 4)?;
    if digits > 3
        || probe.get(0)? == b'0'
        || !(1..=120).contains(&number(probe, 0, digits)?)
        || probe.continues_number()
    {
        return Ok(None);
    }
    // Most numbers are followed by none of these.
    let tailed = match probe.get(digits)? {
        b'y' => true,
        b' ' | b'-' => matches!(probe.get(digits + 1)?, b'y' | b'J'),
        _ => false,
    };
    for tail in if tailed { TAILS } else { &[] } {
        if probe.literal(digits, tail)? {
            return Ok(Some(Hit::pattern(digits, 0.7)));
        }
    }
    let next = probe.get(digits)?;
    if within(next, WORD)
        || next == b'_'
        || next == b'%'
        || (matches!(next, b'.' | b'-' | b'/' | b':' | b',') && probe.is(digits + 1, DIGIT)?)
    {
        return Ok(None);
    }
    // No word is so close that it could name it: a row of numbers.
    let before = &probe.text[probe.at.saturating_sub(6)..probe.at.saturating_sub(1)];
    if !before.iter().any(|byte| *byte >= 0x80 || within(*byte, LETTER)) {
        return Ok(None);
    }
    Ok(probe.name(Entity::Age).filter(|name| name.gap < 2).map(|name| Hit::named(digits, name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_month_has_its_beginning() {
        for month in MONTHS.iter().map(|month| month.as_bytes()).filter(|month| month[0].is_ascii()) {
            assert!(BEGINNINGS.iter().any(|beginning| month.starts_with(&beginning[..2])), "{month:?}");
        }
    }
}
