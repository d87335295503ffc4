//! Numbers of any form close behind a word such as "phone": bare, in groups, and with a part in brackets.

use crate::Entity;
use crate::alphabet::{DIGIT, WORD, within};
use crate::probe::{Hit, Need, Outcome, Probe};

pub const WORDS: &[&str] = &[
    "phone",
    "phones",
    "tel",
    "telephone",
    "mobile",
    "cell",
    "cellphone",
    "call",
    "whatsapp",
    "whats app",
    "fax",
    "contact",
    "sms",
    "dial",
    "ring",
    "hotline",
    "landline",
    "phone number",
    "contact number",
    "cell phone",
    "msisdn",
    "reach me",
    "text me",
    "callback",
    "ph",
    "mob",
    "handset",
    "telefon",
    "telefonnummer",
    "handy",
    "handynummer",
    "mobil",
    "mobilnummer",
    "festnetz",
    "rufnummer",
    "tel nr",
    "t\u{e9}l\u{e9}phone",
    "t\u{e9}l",
    "portable",
    "num\u{e9}ro de t\u{e9}l\u{e9}phone",
    "appeler",
    "tel\u{e9}fono",
    "m\u{f3}vil",
    "celular",
    "ll\u{e1}mame",
    "telefono",
    "cellulare",
    "chiama",
    "telefone",
    "telem\u{f3}vel",
    "ligue",
    "fone",
    "telefoon",
    "telefoonnummer",
    "mobiel",
    "gsm",
    "puhelin",
    "puhelinnumero",
    "mobilnr",
    "tlf",
    "tlf nr",
    "kom\u{f3}rka",
    "kom\u{f3}rkowy",
    "numer telefonu",
    "telefonn\u{ed}",
    "mobiln\u{ed}",
    "telefonsz\u{e1}m",
    "cep",
    "cep telefonu",
    "телефон",
    "тел",
    "мобильный",
    "моб",
    "номер телефона",
    "позвоните",
    "телефону",
    "τηλεφωνο",
    "κινητο",
    "τηλ",
    "电话",
    "手机",
    "手机号",
    "电话号码",
    "联系电话",
    "電話",
    "電話番号",
    "携帯",
    "携帯電話",
    "휴대폰",
    "전화",
    "전화번호",
    "연락처",
    "핸드폰",
    "โทร",
    "โทรศัพท์",
    "फोन",
    "मोबाइल",
    "هاتف",
    "جوال",
    "טלפון",
    "נייד",
    "\u{111}i\u{1ec7}n tho\u{1ea1}i",
    "telepon",
    "hp",
    "telefon bimbit",
];

/// Words between one that says it is a phone and the number.
const REACH: u32 = 4;
/// E.164 allows fifteen digits; a number in use has seven.
const LEAST: usize = 7;
const MOST: usize = 15;
const GROUPS: usize = 8;

/// Digits in groups, each behind a separator or brackets, with `+` and an extension if there are.
pub fn recognise(probe: &Probe<'_>) -> Outcome {
    let first = probe.get(0)?;
    if (first != b'(' && probe.continues_number()) || (first == b'+' && within(probe.back(1), WORD)) {
        return Ok(None);
    }
    let mut groups = [0; GROUPS];
    let mut dots = 0;
    let (mut count, mut number, mut end) = (0, 0, 0);
    let mut i = 0;
    while number < GROUPS {
        // Single digits in a row are a list.
        if number == 3 && count < 5 {
            break;
        }
        let marks = marks(probe, i, number)?;
        let digits = if count == 0 || marks > 0 { probe.run(i + marks, DIGIT, MOST + 1)? } else { 0 };
        if digits == 0 || count + digits > MOST || (count >= 10 && digits >= 5) {
            break;
        }
        dots += usize::from(marks == 1 && probe.get(i)? == b'.');
        i += marks + digits;
        count += digits;
        groups[number] = digits;
        number += 1;
        if number == 1 && first == b'(' && probe.get(i)? != b')' {
            return Ok(None);
        }
        if count >= LEAST && !goes_on(probe, i)? {
            end = i;
        }
    }
    if end == 0 || is_other(probe, &groups[..number], dots)? {
        return Ok(None);
    }
    let end = end + super::extension(probe, end)?;
    Ok(probe.name(Entity::PhoneNumber).filter(|name| name.gap <= REACH).map(|name| Hit::named(end, name)))
}

/// Marks from `i` up to the next digit: `+`, `(`, `) `, ` / `; 0 if there is no digit close by.
/// `number` groups are before it.
fn marks(probe: &Probe<'_>, i: usize, number: usize) -> Result<usize, Need> {
    let mut length = 0;
    while length < 4 {
        match probe.get(i + length)? {
            b'0'..=b'9' => return Ok(length),
            b'+' if number == 0 => {}
            b'(' if number < 2 => {}
            b' ' | b'-' | b'.' | b'/' | b')' if number > 0 => {}
            _ => return Ok(0),
        }
        length += 1;
    }
    Ok(0)
}

fn goes_on(probe: &Probe<'_>, i: usize) -> Result<bool, Need> {
    let next = probe.get(i)?;
    let extension = super::extension(probe, i)? > 0;
    Ok(!extension && (within(next, WORD) || next == b'_' || (next == b':' && probe.is(i + 1, DIGIT)?)))
}

/// A date, an IP address, a decimal, a social security number, or one digit again and again.
fn is_other(probe: &Probe<'_>, groups: &[usize], dots: usize) -> Result<bool, Need> {
    let year = probe.literal(0, b"19")? || probe.literal(0, b"20")?;
    let date = matches!(groups, [1 | 2, 1 | 2, 4]) || (year && matches!(groups, [4, 1 | 2, 1 | 2, ..]));
    let address = dots == 3 && groups.len() == 4 && groups.iter().all(|digits| *digits < 4);
    let decimal = dots == 1 && groups.len() == 2 && groups != [4, 4];
    // A social security number, judged as one.
    let ssn = groups == [3, 2, 4];
    let compact = year && matches!(groups, [8] | [4, 4]);
    let mut same = groups.len() == 1;
    for i in 1..groups[0] {
        same &= probe.get(i)? == probe.get(0)?;
    }
    Ok(date || address || decimal || ssn || compact || same)
}
