//! The form of what tells one value from another in a token or a hash: `7K2M9QXD4T` in `[EMAIL_ADDRESS_7K2M9QXD4T]`.
//!
//! A digit, then a letter, then eight of Crockford's base32, which has no look-alikes: no number and no word is taken
//! for one.

/// Crockford's base32; the letters are those from ten on.
pub const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters of a code.
pub const WIDTH: usize = 10;

/// Whether it has that form.
pub fn is_code(code: &str) -> bool {
    let in_alphabet = |byte: u8| ALPHABET.contains(&byte);
    match code.as_bytes() {
        [first, second, rest @ ..] => {
            code.len() == WIDTH
                && first.is_ascii_digit()
                && second.is_ascii_uppercase()
                && in_alphabet(*second)
                && rest.iter().all(|byte| in_alphabet(*byte))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_words_and_look_alikes_are_no_codes() {
        assert!(is_code("7K2M9QXD4T"));
        for other in [
            "",
            "7",
            "1234567890",
            "DEPARTMENT",
            "7K2M9QXD4",
            "7K2M9QXD4TT",
            "7k2m9qxd4t",
            "7I2M9QXD4T",
            "7K2M9QXD4é",
        ] {
            assert!(!is_code(other), "{other}");
        }
    }
}
