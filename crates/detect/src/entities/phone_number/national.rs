//! National numbers with a trunk zero, written in groups: `020 7946 0958`, `(02) 9876 5432`, `030/1234567`.
//!
//! Nine to eleven digits in all, in two groups or more, one kind of separator behind the first group.

use super::follows_digits;
use crate::alphabet::{DIGIT, WORD, within};
use crate::probe::{Hit, Outcome, Probe};

pub fn recognise(probe: &Probe<'_>) -> Outcome {
    if follows_digits(probe) {
        return Ok(None);
    }
    let bracket = usize::from(probe.get(0)? == b'(');
    if probe.get(bracket)? != b'0' || !matches!(probe.get(bracket + 1)?, b'1'..=b'9') {
        return Ok(None);
    }
    let mut i = bracket;
    let mut count = 0;
    let mut groups = 0;
    let mut separator = 0;
    let mut second = 0;
    loop {
        let group = probe.run(i, DIGIT, 9)?;
        if !(2..=8).contains(&group) {
            return Ok(None);
        }
        i += group;
        count += group;
        groups += 1;
        if groups == 2 {
            second = group;
        }
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
    // 3-2-4 is the shape of a social security number, and judged there.
    let social = groups == 3 && count == 9 && second == 2 && bracket == 0;
    Ok((groups > 1 && count >= 9 && !social).then(|| Hit::pattern(i, 0.6)))
}
