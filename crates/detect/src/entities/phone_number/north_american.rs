//! `NPA-NXX-XXXX` of the North American Numbering Plan, formatted, with or without a leading 1.

use super::follows_digits;
use crate::alphabet::{DIGIT, WORD, within};
use crate::probe::{Hit, Need, Outcome, Probe};

pub fn recognise(probe: &Probe<'_>) -> Outcome {
    if probe.get(0)? != b'(' && follows_digits(probe) {
        return Ok(None);
    }
    let mut i = 0;
    let mut separator = None;
    if probe.get(0)? == b'1' {
        separator = Some(probe.get(1)?);
        if !separator.is_some_and(is_separator) {
            return Ok(None);
        }
        i = 2;
    }
    let bracket = usize::from(probe.get(i)? == b'(');
    let mut digits = [0_u8; 10];
    if !take(probe, i + bracket, &mut digits[..3])? {
        return Ok(None);
    }
    i += bracket + 3;
    if bracket == 1 {
        if probe.get(i)? != b')' {
            return Ok(None);
        }
        i += 1 + usize::from(is_separator(probe.get(i + 1)?));
        separator = None;
    } else {
        let next = probe.get(i)?;
        if !is_separator(next) || separator.is_some_and(|before| before != next) {
            return Ok(None);
        }
        separator = Some(next);
        i += 1;
    }
    if !take(probe, i, &mut digits[3..6])? {
        return Ok(None);
    }
    let next = probe.get(i + 3)?;
    if !is_separator(next) || separator.is_some_and(|before| before != next) {
        return Ok(None);
    }
    i += 4;
    if !take(probe, i, &mut digits[6..])? {
        return Ok(None);
    }
    i += 4;
    i += super::extension(probe, i)?;
    let after = probe.get(i)?;
    let goes_on = within(after, WORD)
        || after == b'_'
        || (matches!(after, b'-' | b'.') || after == next) && probe.is(i + 1, DIGIT)?;
    Ok((!goes_on && plausible(&digits)).then(|| Hit::validated(i, 0.8)))
}

/// Ten digits whose area code and exchange are `[2-9]XX` and no service code `X11`; area codes with a 9 in the
/// middle, and four even hundreds, are not assigned.
fn plausible(digits: &[u8; 10]) -> bool {
    let code =
        |at: usize| u32::from(digits[at]) * 100 + u32::from(digits[at + 1]) * 10 + u32::from(digits[at + 2]);
    code(0) >= 200
        && digits[1] != 9
        && !matches!(code(0), 200 | 300 | 400 | 600)
        && code(3) >= 200
        && code(0) % 100 != 11
        && code(3) % 100 != 11
}

fn is_separator(byte: u8) -> bool {
    matches!(byte, b' ' | b'-' | b'.')
}

/// Reads as many digits as `into` holds. False: there are fewer.
fn take(probe: &Probe<'_>, from: usize, into: &mut [u8]) -> Result<bool, Need> {
    for (i, digit) in into.iter_mut().enumerate() {
        let byte = probe.get(from + i)?;
        if !byte.is_ascii_digit() {
            return Ok(false);
        }
        *digit = byte - b'0';
    }
    Ok(true)
}
