//! Number tokens: what is one, and when its digits could be a person's.

use std::borrow::Cow;

/// Least digits of a number that is inspected.
const LEAST: usize = 8;

/// True when `token` is a JSON number (RFC 8259 section 6).
pub(crate) fn is_number(token: &str) -> bool {
    number_end(token.as_bytes(), 0) == Some(token.len())
}

/// Where the number that starts at `at` ends; `None` when it is malformed.
pub(super) fn number_end(bytes: &[u8], at: usize) -> Option<usize> {
    let run = |from: usize| {
        from + bytes.get(from..).unwrap_or_default().iter().take_while(|b| b.is_ascii_digit()).count()
    };
    let start = at + usize::from(bytes.get(at) == Some(&b'-'));
    let mut end = run(start);
    if end == start || (bytes.get(start) == Some(&b'0') && end > start + 1) {
        return None;
    }
    if bytes.get(end) == Some(&b'.') {
        let fraction = end + 1;
        end = run(fraction);
        if end == fraction {
            return None;
        }
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let mut exponent = end + 1;
        exponent += usize::from(matches!(bytes.get(exponent), Some(b'+' | b'-')));
        end = run(exponent);
        if end == exponent {
            return None;
        }
    }
    Some(end)
}

/// The digits of a number that are long enough to be somebody's (8 or more), or `None`.
///
/// The integer part counts; with a positive exponent the whole mantissa does (`4.111111111111111e15` is a card).
/// Fractions do not: embeddings and probabilities are made of them, and masking one would break the answer.
pub(crate) fn long_digits(token: &str) -> Option<Cow<'_, str>> {
    let token = token.strip_prefix('-').unwrap_or(token);
    if token.len() < LEAST {
        return None;
    }
    let whole = token.bytes().take_while(u8::is_ascii_digit).count();
    if whole >= LEAST {
        return Some(Cow::Borrowed(&token[..whole]));
    }
    let (mantissa, exponent) = token.split_once(['e', 'E'])?;
    if exponent.starts_with('-') {
        return None;
    }
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    (digits.len() >= LEAST).then_some(Cow::Owned(digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grammar() {
        for good in ["0", "-0", "1", "10.5", "1e5", "1E+5", "-12.50e-10", "12345678901234567890"] {
            assert!(is_number(good), "{good}");
        }
        for bad in ["", "-", "01", "1.", ".5", "1e", "1e+", "+1", "0x1", "1 "] {
            assert!(!is_number(bad), "{bad}");
        }
    }

    #[test]
    fn only_long_whole_numbers_are_inspected() {
        assert_eq!(long_digits("4111111111111111").as_deref(), Some("4111111111111111"));
        assert_eq!(long_digits("-4111111111111111.0").as_deref(), Some("4111111111111111"));
        assert_eq!(long_digits("4.111111111111111e15").as_deref(), Some("4111111111111111"));
        assert_eq!(long_digits("1234567"), None);
        assert_eq!(long_digits("-0.006929283495992422"), None);
        assert_eq!(long_digits("1.2345678e-05"), None);
    }
}
