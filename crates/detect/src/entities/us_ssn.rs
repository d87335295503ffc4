//! US social security numbers, `AAA-GG-SSSS`, parted by hyphens or by spaces (SSA rules since June 2011).
//!
//! Never: area 000, 666 or 9xx, group 00, serial 0000, the two numbers SSA voided after they were printed,
//! or nine digits without separators where no word says so.

use crate::Entity;
use crate::alphabet::{DIGIT, HYPHEN, SPACE, WORD, within};
use crate::definition::{Definition, Rule, Starts};
use crate::probe::{Hit, Outcome, Probe};
use crate::shapes::{Form, Forms, Id};

pub static DEFINITION: Definition = Definition {
    entity: Entity::UsSsn,
    about: "three, two and four digits with separators, by the rules for area, group and serial",
    words: &[
        "ssn",
        "ss",
        "social security",
        "social security number",
        "social sec",
        "soc sec",
        "social",
        "ssn last",
    ],
    rules: &[Rule::new(Starts::Sets(DIGIT), recognise).going_on_with(&[[DIGIT, DIGIT, SPACE | HYPHEN]])],
    forms: &[Forms {
        forms: &[
            Form::alone("000.00.0000", 0.6),
            Form::named("0{9}"),
            Form::named("000-00-0000"),
            Form::named("000 00 0000"),
            Form::named("000 000 000"),
        ],
        check: |id| issued(id.number(0, 3), id.number(3, 5), id.number(5, 9)) && any_digit_differs(id),
    }],
    hits: &[
        ("SSN 536-90-4399.", "SSN [US_SSN]."),
        ("536 90 4399", "[US_SSN]"),
        ("call 536-90-4399", "call [US_SSN]"),
        ("536.90.4399", "[US_SSN]"),
        ("\"ssn\": \"536904399\"", "\"ssn\": \"[US_SSN]\""),
        ("my number is 123-45-6789", "my number is [US_SSN]"),
    ],
    misses: &[
        "000-12-3456 666-12-3456 900-12-3456 123-00-4567 123-45-0000",
        "078-05-1120",
        "536904399",
        "536-90 4399",
        "1536-90-4399 536-90-43990 536-90-4399-1 2-536-90-4399",
        "2024-11-22",
        "a536-90-4399",
    ],
};

fn recognise(probe: &Probe<'_>) -> Outcome {
    if probe.continues_number() {
        return Ok(None);
    }
    let mut digits = [0_u64; 9];
    let mut count = 0;
    let mut separator = 0;
    for i in 0..11 {
        let byte = probe.get(i)?;
        if matches!(i, 3 | 6) {
            if !matches!(byte, b'-' | b' ') || (separator != 0 && separator != byte) {
                return Ok(None);
            }
            separator = byte;
        } else if byte.is_ascii_digit() {
            digits[count] = u64::from(byte - b'0');
            count += 1;
        } else {
            return Ok(None);
        }
    }
    let next = probe.get(11)?;
    let spaced = separator == b' ' && probe.back(1) == b' ' && within(probe.back(2), DIGIT);
    if spaced || within(next, WORD) || next == b'_' {
        return Ok(None);
    }
    if (next == b'-' || next == separator) && probe.is(12, DIGIT)? {
        return Ok(None);
    }
    let number = |from: usize, to: usize| digits[from..to].iter().fold(0, |sum, digit| sum * 10 + digit);
    let (area, group, serial) = (number(0, 3), number(3, 5), number(5, 9));
    Ok(issued(area, group, serial).then(|| Hit::validated(11, 0.85)))
}

/// Issued, and not voided after it was printed.
fn issued(area: u64, group: u64, serial: u64) -> bool {
    let voided = matches!((area, group, serial), (78, 5, 1120) | (219, 9, 9999));
    area != 0 && area != 666 && area < 900 && group != 0 && serial != 0 && !voided
}

fn any_digit_differs(id: &Id<'_>) -> bool {
    id.signs.iter().any(|sign| *sign != id.signs[0])
}
