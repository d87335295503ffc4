//! The text of a gateway token: how it is made, recognised and hashed. Nothing here keeps it.
//!
//! `cs_`, then 32 random bytes as 43 characters of unpadded base64url (RFC 4648), then the CRC-32 (IEEE 802.3) of
//! everything before it as 6 base-62 digits. The fixed prefix and the checksum let secret scanners find leaked tokens
//! and let the gateway turn typing errors away without asking the database. The checksum protects nothing else.

use std::fmt;

use aws_lc_rs::hmac;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use countersign_model::{Mint, Secret};
use zeroize::Zeroizing;

/// What every token begins with.
pub const PREFIX: &str = "cs_";
/// Characters of a token.
pub const LEN: usize = 52;
/// Characters shown to recognise a token by: the prefix and five characters of it.
const HINT_LEN: usize = 8;
const BODY_LEN: usize = 46;
const CHECKSUM_LEN: usize = 6;
const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const KEY_DOMAIN: &[u8] = b"countersign/token-key/v1";

/// The key of the hash that tokens are stored under. Without it a copy of the table cannot even be tested for a guess.
pub struct TokenKey(hmac::Key);

impl TokenKey {
    /// Derives it from the master key's bytes: HMAC-SHA256 over a domain tag (NIST SP 800-108, one block).
    pub fn derive(master: &[u8; 32]) -> Self {
        let root = hmac::Key::new(hmac::HMAC_SHA256, master);
        Self(hmac::Key::new(hmac::HMAC_SHA256, hmac::sign(&root, KEY_DOMAIN).as_ref()))
    }

    /// What a token is stored and found by.
    pub fn hash(&self, token: &str) -> [u8; 32] {
        let tag = hmac::sign(&self.0, token.as_bytes());
        let mut hash = [0; 32];
        hash.copy_from_slice(tag.as_ref());
        hash
    }
}

impl fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenKey(…)")
    }
}

/// A fresh token.
pub fn mint(mint: &dyn Mint) -> Secret<String> {
    let random = Zeroizing::new(mint.bytes32());
    let mut text = String::with_capacity(LEN);
    text.push_str(PREFIX);
    URL_SAFE_NO_PAD.encode_string(random.as_slice(), &mut text);
    let check = checksum(&text);
    text.push_str(&check);
    Secret::new(text)
}

/// Whether the text has a token's form and its checksum holds. Says nothing of whether it was ever issued.
pub fn is_well_formed(text: &str) -> bool {
    text.len() == LEN
        && text.starts_with(PREFIX)
        && text.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_'))
        && text.split_at_checked(BODY_LEN).is_some_and(|(body, check)| checksum(body) == check)
}

/// The first characters, to recognise a token by in a list.
pub fn hint(token: &str) -> &str {
    token.get(..HINT_LEN).unwrap_or_default()
}

fn checksum(body: &str) -> String {
    let mut left = u64::from(crc32fast::hash(body.as_bytes()));
    let mut digits = [b'0'; CHECKSUM_LEN];
    for digit in digits.iter_mut().rev() {
        *digit = DIGITS.get((left % 62) as usize).copied().unwrap_or(b'0');
        left /= 62;
    }
    digits.iter().map(|&digit| char::from(digit)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixed(u8);

    impl Mint for Fixed {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0);
        }
    }

    #[test]
    fn one_token_has_the_published_form() {
        let token = mint(&Fixed(0));
        // CRC-32 of "cs_" and 43 "A" computed with an independent implementation (zlib).
        assert_eq!(token.expose(), &format!("cs_{}{}", "A".repeat(43), "0pVBSI"));
        assert!(is_well_formed(token.expose()));
        assert_eq!(hint(token.expose()), "cs_AAAAA");
    }

    #[test]
    fn a_changed_character_is_noticed() {
        let token = mint(&Fixed(0x5a)).expose().clone();
        for at in 0..token.len() {
            let mut bytes = token.clone().into_bytes();
            bytes[at] = if bytes[at] == b'x' { b'y' } else { b'x' };
            assert!(!is_well_formed(&String::from_utf8(bytes).unwrap()), "character {at}");
        }
        for text in ["", "cs_", &token[1..], &format!("{token}0"), "sk-ant-api03-0123456789"] {
            assert!(!is_well_formed(text), "{text}");
        }
    }

    #[test]
    fn hashes_differ_by_key_and_by_token() {
        let (one, two) = (TokenKey::derive(&[1; 32]), TokenKey::derive(&[2; 32]));
        assert_eq!(one.hash("cs_a"), one.hash("cs_a"));
        assert_ne!(one.hash("cs_a"), one.hash("cs_b"));
        assert_ne!(one.hash("cs_a"), two.hash("cs_a"));
    }
}
