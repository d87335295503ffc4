//! Check digits and dates that many countries' numbers share.

use crate::shapes::Id;

/// ISO/IEC 7812-1 annex B, over all signs from `from`.
pub fn luhn(id: &Id<'_>, from: usize) -> bool {
    luhn_sum(id.digits().skip(from).collect::<Vec<_>>().into_iter().rev()).is_multiple_of(10)
}

/// The Luhn sum of digits from the last, which counts once.
pub fn luhn_sum(digits: impl Iterator<Item = u32>) -> u32 {
    digits
        .enumerate()
        .map(|(place, digit)| match digit {
            digit if place % 2 == 0 => digit,
            digit if digit < 5 => digit * 2,
            digit => digit * 2 - 9,
        })
        .sum()
}

/// ISO/IEC 7064 MOD 11,10.
pub fn mod_11_10(id: &Id<'_>, length: usize) -> bool {
    let mut product = 10;
    for digit in id.digits().take(length - 1) {
        let sum = match (digit + product) % 10 {
            0 => 10,
            sum => sum,
        };
        product = sum * 2 % 11;
    }
    (11 - product) % 10 == id.digit(length - 1)
}

/// Verhoeff 1969: the dihedral group of order ten.
pub fn verhoeff(id: &Id<'_>) -> bool {
    const TIMES: [[u8; 10]; 10] = [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        [1, 2, 3, 4, 0, 6, 7, 8, 9, 5],
        [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
        [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
        [4, 0, 1, 2, 3, 9, 5, 6, 7, 8],
        [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
        [6, 5, 9, 8, 7, 1, 0, 4, 3, 2],
        [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
        [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
        [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
    ];
    const TURN: [[u8; 10]; 8] = [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        [1, 5, 7, 6, 2, 8, 3, 0, 9, 4],
        [5, 8, 0, 3, 7, 9, 6, 1, 4, 2],
        [8, 9, 1, 6, 0, 4, 3, 5, 2, 7],
        [9, 4, 5, 3, 1, 2, 6, 8, 7, 0],
        [4, 2, 8, 6, 5, 7, 3, 9, 0, 1],
        [2, 7, 9, 3, 8, 0, 6, 4, 1, 5],
        [7, 0, 4, 6, 9, 1, 3, 2, 5, 8],
    ];
    let sum = id.digits().rev().enumerate().fold(0, |sum: u8, (place, digit)| {
        TIMES[usize::from(sum)][usize::from(TURN[place % 8][digit as usize])]
    });
    sum == 0
}

/// `11 - sum % 11`, as most countries use it: 10 is no check digit, 11 is 0.
pub fn mod_11(sum: u32) -> Option<u32> {
    match (11 - sum % 11) % 11 {
        10 => None,
        check => Some(check),
    }
}

/// Whether the month has that day; a year of two digits may be any.
pub fn is_day(year: u64, month: u64, day: u64) -> bool {
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) => 29,
        2 => 28,
        1..=12 => 31,
        _ => return false,
    };
    (1..=days).contains(&day)
}

/// Whether somebody may have been born then.
pub fn is_birth(year: u64, month: u64, day: u64) -> bool {
    (1900..=2030).contains(&year) && is_day(year, month, day)
}

/// `YYMMDD` from `at`.
pub fn yymmdd(id: &Id<'_>, at: usize) -> bool {
    is_day(id.number(at, at + 2), id.number(at + 2, at + 4), id.number(at + 4, at + 6))
}

/// `DDMMYY` from `at`.
pub fn ddmmyy(id: &Id<'_>, at: usize) -> bool {
    is_day(id.number(at + 4, at + 6), id.number(at + 2, at + 4), id.number(at, at + 2))
}

/// A letter counts from A = 10, a digit as it is.
pub fn value(sign: u8) -> u32 {
    char::from(sign).to_digit(36).unwrap_or(0)
}

/// Anything but the same sign, or steps, throughout.
pub fn any(id: &Id<'_>) -> bool {
    !id.is_made_up()
}

/// Letters and digits, enough digits among them for an identification number.
pub fn mixed(id: &Id<'_>) -> bool {
    let digits = id.signs.iter().filter(|sign| sign.is_ascii_digit()).count();
    digits >= 3 && digits * 2 >= id.signs.len() && !id.is_made_up()
}
