//! `+` or `00`, a country code that is assigned (ITU-T E.164 list), and as many digits as that country has.

use super::follows_digits;
use crate::alphabet::{ALNUM, DIGIT, WORD, within};
use crate::probe::{Hit, Need, Outcome, Probe};

/// E.164: fifteen digits. One more for a trunk zero in brackets.
const MOST: usize = 16;

pub fn recognise(probe: &Probe<'_>) -> Outcome {
    if within(probe.back(1), ALNUM) {
        return Ok(None);
    }
    digits(probe, 1, false)
}

pub fn recognise_double_zero(probe: &Probe<'_>) -> Outcome {
    if follows_digits(probe) || probe.get(1)? != b'0' {
        return Ok(None);
    }
    digits(probe, 2, true)
}

fn digits(probe: &Probe<'_>, from: usize, only_formatted: bool) -> Outcome {
    let mut digits = [0_u8; MOST];
    let mut count = 0;
    let mut best = None;
    let mut formatted = false;
    let mut kind = 0;
    let mut i = from;
    if !matches!(probe.get(i)?, b'1'..=b'9') {
        return Ok(None);
    }
    loop {
        while probe.is(i, DIGIT)? {
            if count == MOST {
                return Ok(best);
            }
            digits[count] = probe.get(i)? - b'0';
            count += 1;
            i += 1;
        }
        let next = probe.get(i)?;
        let extension = super::extension(probe, i)?;
        if extension == 0 && (within(next, WORD) || next == b'_') {
            return Ok(best);
        }
        if !formatted && count >= 5 && next == b'.' && probe.is(i + 1, DIGIT)? {
            // A decimal with its sign.
            return Ok(None);
        }
        // `0031 2044 0034` may be code points: behind `00` a number has to be formatted and long.
        if valid(&digits[..count]) && (!only_formatted || (formatted && count >= 11)) {
            best = Some(Hit::validated(i + extension, 0.85));
        }
        if extension > 0 {
            return Ok(best);
        }
        match separator(probe, i)? {
            0 => return Ok(best),
            // Behind `00` one kind of separator: other rows of numbers are the points of a drawing.
            _ if only_formatted && formatted && next != kind => return Ok(None),
            length => i += length,
        }
        formatted = true;
        kind = next;
    }
}

/// Bytes up to the next digit, at most two of them separators; 0 if the number ends here.
fn separator(probe: &Probe<'_>, i: usize) -> Result<usize, Need> {
    for length in 1..=2 {
        if !matches!(probe.get(i + length - 1)?, b' ' | b'-' | b'.' | b'/' | b'(' | b')') {
            return Ok(0);
        }
        if probe.is(i + length, DIGIT)? {
            return Ok(length);
        }
    }
    Ok(0)
}

/// `digits` begin with the country code.
fn valid(digits: &[u8]) -> bool {
    if digits.len() < 8 {
        return false;
    }
    let two = digits[0] * 10 + digits[1];
    let (code, least, most) = match two {
        10..=19 => return digits.len() == 11 && digits[1] >= 2,
        70..=79 => (1, 10, 10),
        20 | 39 | 43 | 49 | 62 | 63 | 81 => (2, 6, 11),
        27
        | 30..=34
        | 36
        | 40
        | 41
        | 44..=48
        | 60
        | 61
        | 64..=66
        | 90
        | 92..=95
        | 98
        | 51
        | 53
        | 54
        | 56..=58 => (2, 8, 10),
        52 | 55 | 82 | 84 | 86 | 91 => (2, 8, 11),
        42 if !matches!(digits[2], 0 | 1 | 3) => return false,
        21..=26 | 29 | 35 | 37 | 38 | 42 | 50 | 59 | 67..=69 | 80 | 85 | 87 | 88 | 96 | 97 | 99 => (3, 5, 12),
        _ => return false,
    };
    let national = &digits[code..];
    let trunk = usize::from(national[0] == 0);
    (least..=most).contains(&(national.len() - trunk)) && digits.iter().any(|digit| *digit != digits[0])
}
