//! Phone numbers: E.164 with its `+`, North American ones that are formatted, and other national ones that begin
//! with a trunk zero and are formatted.
//!
//! An extension behind it belongs to it. Behind a word such as "phone" any form will do. Never: a bare run of digits without either, dates, times, versions, IP addresses.

mod international;
mod named;
mod national;
mod north_american;

use crate::Entity;
use crate::alphabet::{DIGIT, HOST_MARK, SPACE, WORD, within};
use crate::definition::{Definition, Rule, Starts};
use crate::probe::{Need, Probe};

pub static DEFINITION: Definition = Definition {
    entity: Entity::PhoneNumber,
    about: "E.164 with +, a formatted national number, or any close behind a word such as phone",
    rules: &[
        Rule::new(Starts::Bytes(b"+"), international::recognise).going_on_with(&[[DIGIT, 0, 0]]),
        Rule::new(Starts::Bytes(b"0"), international::recognise_double_zero)
            .going_on_with(&[[DIGIT, DIGIT, 0]]),
        Rule::new(Starts::Bytes(b"1"), north_american::recognise).going_on_with(&[[SPACE | HOST_MARK, 0, 0]]),
        Rule::new(Starts::Bytes(b"23456789"), north_american::recognise).going_on_with(&[[
            DIGIT,
            DIGIT,
            SPACE | HOST_MARK,
        ]]),
        Rule::new(Starts::Bytes(b"("), north_american::recognise).going_on_with(&[[DIGIT, DIGIT, DIGIT]]),
        Rule::new(Starts::Bytes(b"0"), national::recognise).going_on_with(&[[DIGIT, 0, 0]]),
        Rule::new(Starts::Bytes(b"("), national::recognise).going_on_with(&[[DIGIT, DIGIT, 0]]),
        Rule::new(Starts::Bytes(b"0123456789(+"), named::recognise),
    ],
    words: named::WORDS,
    hits: &[
        ("call +14155550132 now", "call [PHONE_NUMBER] now"),
        ("+1 (415) 555-0132", "[PHONE_NUMBER]"),
        ("+44 20 7946 0958.", "[PHONE_NUMBER]."),
        ("+44 (0)20 7946 0958", "[PHONE_NUMBER]"),
        ("+49-30-901820, +33 1 23 45 67 89", "[PHONE_NUMBER], [PHONE_NUMBER]"),
        ("tel:+861012345678", "tel:[PHONE_NUMBER]"),
        ("0044 20 7946 0958", "[PHONE_NUMBER]"),
        ("(415) 555-0132", "[PHONE_NUMBER]"),
        ("(415)555-0132", "[PHONE_NUMBER]"),
        (
            "415-555-0132 or 415.555.0132 or 415 555 0132",
            "[PHONE_NUMBER] or [PHONE_NUMBER] or [PHONE_NUMBER]",
        ),
        ("1-800-555-0199!", "[PHONE_NUMBER]!"),
        ("电话415-555-0132。", "电话[PHONE_NUMBER]。"),
        ("415-555-0132x4587, (415) 555-0132 ext. 12.", "[PHONE_NUMBER], [PHONE_NUMBER]."),
        ("+1-415-555-0132 x9 or 0132 xylophones", "[PHONE_NUMBER] or 0132 xylophones"),
        ("(71) 4233-6306 (37) 788-063", "[PHONE_NUMBER] [PHONE_NUMBER]"),
        ("020 7946 0958", "[PHONE_NUMBER]"),
        ("01 23 45 67 89 ou", "[PHONE_NUMBER] ou"),
        ("01.23.45.67.89", "[PHONE_NUMBER]"),
        ("030/1234567", "[PHONE_NUMBER]"),
        ("(02) 9876 5432", "[PHONE_NUMBER]"),
        ("07911 123456", "[PHONE_NUMBER]"),
        ("call me on 4155550132", "call me on [PHONE_NUMBER]"),
        ("{\"mobile\": \"98765 43210\"}", "{\"mobile\": \"[PHONE_NUMBER]\"}"),
        ("tel. (0221) 123456", "tel. [PHONE_NUMBER]"),
        ("(11) 91234-5678", "[PHONE_NUMBER]"),
    ],
    misses: &[
        "4155550132",
        "2024-01-02 03:04:05.678 +0100 2024-01-02T03:04:05+02:00",
        "01-02-2024 12:30, 01.02.2024 08",
        "09.10.2024 12:00:00",
        "1.2.3.4567 v2.10.415",
        "200-300-4000 115-555-0132 415-155-0132 911-555-0132",
        "00 01 02 03 04 05 06 07 08 09 0a 0b",
        "01 02 03 04 05 06 07 08",
        "415-555-01325 1415-555-0132 415-555-0132-99",
        "x + 1234 + 5678",
        "a+14155550132b",
        "0.123456789 0.12 345 6789",
        "+1 115 555 0132",
        "+0 123 456 789",
        "(123) 456-7890",
        "550e8400-e29b-41d4-a716-446655440000",
        "ISBN 978-0-306-40615-7",
        "10 000 000 000, 415 555 013",
        "Boston, MA  02110-1301",
        "01234.000000 -0123456.12 016.016.016 R-03371-37637",
        "Phys. Rev. E 78, 046110 2008",
        "+6073641856.9 +35236450.6 +4294967296",
        "0031 2044 0034",
        "M002 483.3 28.66 512 64l12-3.5",
        "d=\"002 483.3 28.66 512 64\"",
    ],
    ..Definition::BLANK
};

/// Whether the start is the tail of digits written before it: `2 415 555 0132`, `1-415-…`.
fn follows_digits(probe: &Probe<'_>) -> bool {
    probe.continues_number() || (probe.back(1) == b' ' && within(probe.back(2), DIGIT))
}

/// Bytes of an extension that begins at `i`: `x123`, ` ext. 45`; 0 if there is none.
fn extension(probe: &Probe<'_>, i: usize) -> Result<usize, Need> {
    let mut end = i + usize::from(probe.get(i)? == b' ');
    if probe.get(end)? == b'x' {
        end += 1;
    } else if probe.literal(end, b"ext")? {
        end += 3;
        end += usize::from(probe.get(end)? == b'.');
    } else {
        return Ok(0);
    }
    end += usize::from(probe.get(end)? == b' ');
    let digits = probe.run(end, DIGIT, 7)?;
    let ends = (1..7).contains(&digits) && !within(probe.get(end + digits)?, WORD);
    Ok(if ends { end + digits - i } else { 0 })
}
