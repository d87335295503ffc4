//! National numbers with a trunk zero, written in groups: `020 7946 0958`, `(02) 9876 5432`, `030/1234567`;
//! and without one behind a bracketed area code of two digits: `(71) 4233-6306`.
//!
//! Nine to eleven digits in all, in two groups or more, one kind of separator behind the first group.

use super::follows_digits;
use crate::alphabet::{DIGIT, WORD, within};
use crate::probe::{Hit, Need, Outcome, Probe};

pub fn recognise(probe: &Probe<'_>) -> Outcome {
    let bracket = usize::from(probe.get(0)? == b'(');
    if bracket == 0 && (follows_digits(probe) || probe.back(1) == b'-') {
        return Ok(None);
    }
    let trunk = probe.get(bracket)? == b'0';
    if !(trunk || bracket == 1) || !matches!(probe.get(bracket + usize::from(trunk))?, b'1'..=b'9') {
        return Ok(None);
    }
    let mut i = bracket;
    let mut count = 0;
    let mut groups = 0;
    let mut separator = 0;
    // Digits in each group: two at least, so the sixth group is one digit too many.
    let mut shape = [0; 6];
    loop {
        let group = probe.run(i, DIGIT, 9)?;
        if !(2..=8).contains(&group) {
            return Ok(None);
        }
        i += group;
        count += group;
        groups += 1;
        shape[groups - 1] = group;
        if count > 11 {
            return Ok(None);
        }
        if groups == 1 && bracket == 1 {
            if probe.get(i)? != b')' {
                return Ok(None);
            }
            i += 1;
            if probe.get(i)? == b' ' {
                i += 1;
            }
            continue;
        }
        let next = probe.get(i)?;
        if within(next, WORD) || matches!(next, b'_' | b':') {
            return Ok(None);
        }
        if !matches!(next, b' ' | b'-' | b'.' | b'/') || !probe.is(i + 1, DIGIT)? {
            break;
        }
        if groups > 1 + bracket && next != separator {
            return Ok(None);
        }
        separator = next;
        i += 1;
    }
    let other = match shape {
        // A social security number, judged as one; a US ZIP+4 code.
        [3, 2, 4, ..] | [5, 4, 0, ..] => true,
        // A volume or page and its year.
        [_, 4, 0, ..] => is_year(probe, i - 4)?,
        // A decimal: points part pairs or not at all.
        [_, _, _, 0, ..] => separator == b'.',
        _ => false,
    };
    if !trunk {
        // `(71) 4233-6306`: without a trunk zero only in this shape.
        let shaped = matches!(shape, [2, 3..=5, 3 | 4, 0, ..]) && separator == b'-';
        return Ok(shaped.then(|| Hit::pattern(i, 0.5)));
    }
    Ok((groups > 1 && count >= 9 && !other).then(|| Hit::pattern(i, 0.6)))
}

fn is_year(probe: &Probe<'_>, i: usize) -> Result<bool, Need> {
    Ok(probe.literal(i, b"19")? || probe.literal(i, b"20")?)
}
