//! International bank account numbers (ISO 13616): the country's length and the remainder 1 modulo 97.
//!
//! With or without single spaces or hyphens; letters of either case. Country lengths: SWIFT IBAN registry.

use crate::Entity;
use crate::alphabet::{DIGIT, LETTER, WORD, within};
use crate::definition::{Definition, Rule, Starts};
use crate::probe::{Hit, Outcome, Probe};

pub static DEFINITION: Definition = Definition {
    entity: Entity::IbanCode,
    about: "country code, the country's length, remainder 1 modulo 97",
    rules: &[Rule::new(Starts::Sets(LETTER), recognise).going_on_with(&[[LETTER, DIGIT, DIGIT]])],
    hits: &[
        ("GB82WEST12345698765432", "[IBAN_CODE]"),
        ("IBAN: DE89 3704 0044 0532 0130 00.", "IBAN: [IBAN_CODE]."),
        ("FR14 2004 1010 0505 0001 3M02 606 and", "[IBAN_CODE] and"),
        ("gb82west12345698765432", "[IBAN_CODE]"),
        ("账户NL91ABNA0417164300。", "账户[IBAN_CODE]。"),
        ("NO93-8601-1117-947", "[IBAN_CODE]"),
    ],
    misses: &[
        "GB82WEST12345698765433",
        "DE89 3704 0044 0532 0130 01",
        "XX82WEST12345698765432",
        "GB82WEST123456987654321",
        "xGB82WEST12345698765432",
        "DE89  3704 0044 0532 0130 00",
        "at12, de10 and se42",
    ],
    ..Definition::BLANK
};

/// Country and length, by country.
const LENGTHS: &[(&[u8; 2], usize)] = &[
    (b"AD", 24),
    (b"AE", 23),
    (b"AL", 28),
    (b"AT", 20),
    (b"AZ", 28),
    (b"BA", 20),
    (b"BE", 16),
    (b"BG", 22),
    (b"BH", 22),
    (b"BI", 27),
    (b"BR", 29),
    (b"BY", 28),
    (b"CH", 21),
    (b"CR", 22),
    (b"CY", 28),
    (b"CZ", 24),
    (b"DE", 22),
    (b"DJ", 27),
    (b"DK", 18),
    (b"DO", 28),
    (b"EE", 20),
    (b"EG", 29),
    (b"ES", 24),
    (b"FI", 18),
    (b"FK", 18),
    (b"FO", 18),
    (b"FR", 27),
    (b"GB", 22),
    (b"GE", 22),
    (b"GI", 23),
    (b"GL", 18),
    (b"GR", 27),
    (b"GT", 28),
    (b"HN", 28),
    (b"HR", 21),
    (b"HU", 28),
    (b"IE", 22),
    (b"IL", 23),
    (b"IQ", 23),
    (b"IS", 26),
    (b"IT", 27),
    (b"JO", 30),
    (b"KW", 30),
    (b"KZ", 20),
    (b"LB", 28),
    (b"LC", 32),
    (b"LI", 21),
    (b"LT", 20),
    (b"LU", 20),
    (b"LV", 21),
    (b"LY", 25),
    (b"MC", 27),
    (b"MD", 24),
    (b"ME", 22),
    (b"MK", 19),
    (b"MN", 20),
    (b"MR", 27),
    (b"MT", 31),
    (b"MU", 30),
    (b"NI", 28),
    (b"NL", 18),
    (b"NO", 15),
    (b"OM", 23),
    (b"PK", 24),
    (b"PL", 28),
    (b"PS", 29),
    (b"PT", 25),
    (b"QA", 29),
    (b"RO", 24),
    (b"RS", 22),
    (b"RU", 33),
    (b"SA", 24),
    (b"SC", 31),
    (b"SD", 18),
    (b"SE", 24),
    (b"SI", 19),
    (b"SK", 24),
    (b"SM", 27),
    (b"SO", 23),
    (b"ST", 25),
    (b"SV", 28),
    (b"TL", 23),
    (b"TN", 24),
    (b"TR", 26),
    (b"UA", 29),
    (b"VA", 22),
    (b"VG", 24),
    (b"XK", 20),
    (b"YE", 30),
];

fn recognise(probe: &Probe<'_>) -> Outcome {
    let country = [probe.get(0)?.to_ascii_uppercase(), probe.get(1)?.to_ascii_uppercase()];
    if !country[1].is_ascii_uppercase() || !probe.get(2)?.is_ascii_digit() || !probe.get(3)?.is_ascii_digit()
    {
        return Ok(None);
    }
    let Ok(row) = LENGTHS.binary_search_by(|(code, _)| (*code).cmp(&country)) else { return Ok(None) };
    let wanted = LENGTHS[row].1;
    let mut i = 4;
    let mut taken = 4;
    let mut remainder = 0_u64;
    while taken < wanted {
        let mut byte = probe.get(i)?;
        if matches!(byte, b' ' | b'-') {
            i += 1;
            byte = probe.get(i)?;
        }
        let Some(next) = append(remainder, byte) else { return Ok(None) };
        remainder = next;
        taken += 1;
        i += 1;
    }
    if within(probe.get(i)?, WORD) {
        return Ok(None);
    }
    for k in 0..4 {
        let Some(next) = append(remainder, probe.get(k)?) else { return Ok(None) };
        remainder = next;
    }
    Ok((remainder % 97 == 1).then(|| Hit::validated(i, 0.98)))
}

/// The remainder modulo 97, or a number that leaves it, with one more character, letters counting from A = 10.
fn append(remainder: u64, byte: u8) -> Option<u64> {
    let appended = match byte {
        b'0'..=b'9' => remainder * 10 + u64::from(byte - b'0'),
        b'A'..=b'Z' | b'a'..=b'z' => remainder * 100 + u64::from((byte | 0x20) - b'a' + 10),
        _ => return None,
    };
    // Divided only now and then.
    Some(if appended < 1 << 48 { appended } else { appended % 97 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_are_sorted_for_the_search() {
        assert!(LENGTHS.is_sorted_by(|a, b| a.0 < b.0));
    }
}
