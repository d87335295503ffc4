//! SHA-256 (FIPS 180-4) of what a body carries without its being looked into, so that the record can say which file it
//! was and never holds it.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

/// Lower-case hex of the bytes' SHA-256.
pub(crate) fn of_bytes(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// The same of what base64 (either alphabet, blanks and padding ignored) stands for.
pub(crate) fn of_base64(text: &str) -> String {
    let mut hash = Sha256::new();
    let mut decoded = Vec::with_capacity(BLOCK + 3);
    let (mut bits, mut count) = (0_u32, 0);
    for byte in text.bytes() {
        let Some(six) = value(byte) else { continue };
        bits = bits << 6 | u32::from(six);
        count += 6;
        if count >= 8 {
            count -= 8;
            decoded.push((bits >> count) as u8);
            if decoded.len() >= BLOCK {
                hash.update(&decoded);
                decoded.clear();
            }
        }
    }
    hash.update(&decoded);
    hex(&hash.finalize())
}

const BLOCK: usize = 4096;

const fn value(byte: u8) -> Option<u8> {
    Some(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(64), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// FIPS 180-4's own example, `abc`.
    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[test]
    fn digests_are_of_what_the_text_stands_for() {
        assert_eq!(of_bytes(b"abc"), ABC);
        for text in ["YWJj", "YW\r\nJj", "YWJj\n"] {
            assert_eq!(of_base64(text), ABC, "{text}");
        }
        assert_eq!(of_base64("YQ=="), of_bytes(b"a"));
        assert_eq!(of_base64(&"QUJD".repeat(5000)), of_bytes("ABC".repeat(5000).as_bytes()));
        assert_eq!(of_base64("-_8="), of_bytes(&[0xfb, 0xff]));
    }
}
