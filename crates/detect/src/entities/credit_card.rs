//! Payment card numbers: ISO/IEC 7812 digits with a brand's range and length, and the Luhn digit.
//!
//! Either 12–19 digits together, or groups behind a first group of four, all parted by one space or all by one
//! hyphen. Grouped, fourteen digits at least.
//! Never: a row of a table of hex groups, digits of one kind, the fraction of a decimal, the middle of a longer hyphenated number.

use crate::Entity;
use crate::alphabet::{ALNUM, DIGIT, HEX, SPACE, WORD, within};
use crate::definition::{Definition, Rule, Starts};
use crate::probe::{Hit, Need, Outcome, Probe};
use crate::shapes::{Form, Forms};

pub static DEFINITION: Definition = Definition {
    entity: Entity::CreditCard,
    about: "12 to 19 digits, alone or grouped, of a card brand's range and length, with a valid Luhn digit",
    words: &[
        "card",
        "credit card",
        "debit card",
        "cc",
        "visa",
        "mastercard",
        "amex",
        "american express",
        "card number",
        "pan",
        "discover",
        "maestro",
        "kreditkarte",
        "kreditkartennummer",
        "carte",
        "carte bancaire",
        "tarjeta",
        "carta di credito",
        "cart\u{e3}o",
        "creditcard",
        "karta",
        "карта",
        "карты",
        "信用卡",
        "卡号",
        "カード",
        "카드",
        "kart",
    ],
    rules: &[Rule::new(Starts::Sets(DIGIT), recognise).going_on_with(&[[DIGIT, DIGIT, DIGIT]])],
    forms: &[Forms {
        forms: &[
            Form::alone("0000.0000.0000.0000", 0.9),
            Form::alone("0000 0000-0000 0000", 0.8),
            Form::alone("0000-0000 0000-0000", 0.8),
            Form::alone("0000/0000/0000/0000", 0.8),
            Form::alone("0000_0000_0000_0000", 0.8),
            Form::alone("0000.000000.00000", 0.9),
            Form::named("0{8} 0{8}"),
            Form::named("0{8}-0{8}"),
            Form::named("0{6} 0{10}"),
            Form::named("0{6} 0{6} 0{4}"),
            Form::named("0{4} 0{8} 0{4}"),
            Form::named("00 00 00 00 00 00 00 00"),
        ],
        check: |id| score(&id.digits().map(|digit| digit as u8).collect::<Vec<_>>()).is_some(),
    }],
    hits: &[
        ("4111111111111111", "[CREDIT_CARD]"),
        ("pay with 4111 1111 1111 1111, thanks", "pay with [CREDIT_CARD], thanks"),
        ("4111-1111-1111-1111 123", "[CREDIT_CARD] 123"),
        ("Amex 3782 822463 10005.", "Amex [CREDIT_CARD]."),
        ("mc 2223003122003222", "mc [CREDIT_CARD]"),
        ("Visa alt: 4222222222222", "Visa alt: [CREDIT_CARD]"),
        ("卡号4111111111111111谢谢", "卡号[CREDIT_CARD]谢谢"),
        ("4111111111111111,5500005555555559", "[CREDIT_CARD],[CREDIT_CARD]"),
        ("card-5555555555554444", "card-[CREDIT_CARD]"),
        ("maestro 6759649826438453", "maestro [CREDIT_CARD]"),
        ("jcb 3530 1113 3330 0000", "jcb [CREDIT_CARD]"),
        ("diners 30569309025904", "diners [CREDIT_CARD]"),
        ("4111.1111.1111.1111", "[CREDIT_CARD]"),
        ("Visa 41111111 11111111", "Visa [CREDIT_CARD]"),
        ("union 6200000000000005", "union [CREDIT_CARD]"),
    ],
    misses: &[
        "4111111111111112",
        "4444444444444444 0000000000000000",
        "order 1234567890123452",
        "0.4111111111111111",
        "4111111111111111.5",
        "x4111111111111111",
        "4111111111111111a",
        "img_4111111111111111.png",
        "41111111111111110000000000",
        "123-4111111111111111",
        "4111-1111-1111-1111-1111",
        "1700000000000 1700000000000000000",
        "826C 4577 8631 8638 8639 863A 863B",
    ],
};

const MOST: usize = 19;
/// Score of numbers of a range so wide that one in ten that begin so would pass.
const WIDE: f32 = 0.7;

fn recognise(probe: &Probe<'_>) -> Outcome {
    if probe.continues_number() {
        return Ok(None);
    }
    let mut digits = [0_u8; MOST];
    let mut count = 0;
    let mut separator = 0;
    let mut best = None;
    let mut i = 0;
    loop {
        let group = i;
        loop {
            let byte = probe.get(i)?;
            if !byte.is_ascii_digit() {
                break;
            }
            if count == MOST {
                return Ok(best);
            }
            digits[count] = byte - b'0';
            count += 1;
            i += 1;
        }
        let next = probe.get(i)?;
        if next == b'_' || within(next, WORD) {
            return Ok(best);
        }
        let more = matches!(next, b' ' | b'-' | b'.') && probe.is(i + 1, DIGIT)?;
        if more && next != b' ' {
            // A hyphen or point goes on with the same number: what came before is only its beginning.
            best = None;
        } else if let Some(score) = score(&digits[..count])
            && (score > WIDE || is_sure(probe, count))
            && (separator == 0 || (count >= 14 && !in_table(probe, i)?))
        {
            best = Some(Hit::validated(i, score));
        }
        let first = group == 0 && i == 4;
        let later = separator == next && (4..=6).contains(&(i - group));
        if !more || next == b'.' || !(first || later) {
            return Ok(best);
        }
        separator = next;
        i += 1;
    }
}

/// Whether a number of a wide range is likely to be a card's: of full length and not called something else, or named.
fn is_sure(probe: &Probe<'_>, count: usize) -> bool {
    (count >= 16 && !probe.is_else()) || probe.is_named(Entity::CreditCard, 5)
}

/// Whether groups of four hex digits stand on both sides: code points, a dump.
fn in_table(probe: &Probe<'_>, end: usize) -> Result<bool, Need> {
    if !within(probe.back(1), SPACE)
        || !(2..=5).all(|k| within(probe.back(k), HEX))
        || within(probe.back(6), ALNUM)
    {
        return Ok(false);
    }
    Ok(probe.is(end, SPACE)? && probe.run(end + 1, HEX, 4)? == 4 && !probe.is(end + 5, ALNUM)?)
}

/// `None`: not a card number.
fn score(digits: &[u8]) -> Option<f32> {
    if digits.len() < 12 || !luhn(digits) || digits.iter().all(|digit| *digit == digits[0]) {
        return None;
    }
    let prefix =
        |length: usize| digits[..length].iter().fold(0_u32, |sum, digit| sum * 10 + u32::from(*digit));
    let (two, three, four) = (prefix(2), prefix(3), prefix(4));
    let length = digits.len();
    let brand = match length {
        13 => digits[0] == 4,
        14 => matches!(two, 36 | 38 | 39) || matches!(three, 300..=305 | 309),
        15 => matches!(two, 34 | 37) || matches!(four, 1800 | 2131),
        16 => {
            digits[0] == 4
                || matches!(two, 51..=55 | 60 | 62 | 65 | 81 | 82 | 36 | 38 | 39)
                || matches!(three, 644..=649 | 508 | 300..=305)
                || matches!(four, 2200..=2204 | 2221..=2720 | 3528..=3589)
        }
        17..=19 => {
            (length == 19 && digits[0] == 4)
                || matches!(two, 62 | 65)
                || matches!(three, 644..=649)
                || matches!(four, 2200..=2204 | 3528..=3589 | 6011)
        }
        _ => false,
    };
    if brand {
        return Some(0.95);
    }
    // Maestro's range is wide and its length free: one in ten numbers that begin so would pass. Of 35 JCB has only
    // 3528-3589, but the rest is in use as test data.
    (matches!(two, 50 | 56..=69) || (two == 35 && length == 16)).then_some(WIDE)
}

fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| match u32::from(*digit) {
            digit if place % 2 == 0 => digit,
            digit if digit < 5 => digit * 2,
            digit => digit * 2 - 9,
        })
        .sum();
    sum.is_multiple_of(10)
}
