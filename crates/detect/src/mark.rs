//! Tokens and hashes: what stands for one value so that others can tell it from another one.
//!
//! Promises: all are as wide as each other but for the entity's name, closed by brackets, and ASCII that needs no
//! escape in JSON. The form of what stands behind the name is [`countersign_model::mark`]'s.
//!
//! Never: a way back. What a token stands for is known to whoever holds [`crate::Issued`].

use countersign_model::mark::{ALPHABET, WIDTH, is_code};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::Entity;
use crate::probe::Need;
use crate::replace::REDACTED;

/// Longest entity's name that is looked for.
const NAME_MAX: usize = 48;

/// The installation's key for marks: all that share it give a value the same hash.
pub struct MarkKey {
    /// Of which each conversation's key for tokens is made.
    token: [u8; 32],
    hash: [u8; 32],
}

/// One conversation's key.
pub struct ConversationKey {
    token: [u8; 32],
    hash: [u8; 32],
}

impl MarkKey {
    /// From the installation's master key.
    pub fn derive(master: &[u8; 32]) -> Self {
        let key = mac(master, &[b"countersign marks v1"]);
        Self { token: mac(&key, &[b"token"]), hash: mac(&key, &[b"hash"]) }
    }

    /// For the conversation of this name.
    pub fn conversation(&self, name: &[u8]) -> ConversationKey {
        ConversationKey { token: mac(&self.token, &[name]), hash: self.hash }
    }
}

impl ConversationKey {
    /// The token of a value in this conversation, such as `[EMAIL_ADDRESS_7K2M9QXD4T]`.
    pub fn token(&self, entity: Entity, value: &str) -> String {
        mark(entity, '_', &mac(&self.token, &[entity.name().as_bytes(), value.as_bytes()]))
    }

    /// The hash of a value in all conversations, such as `[EMAIL_ADDRESS:7K2M9QXD4T]`.
    pub fn hash(&self, entity: Entity, value: &str) -> String {
        mark(entity, ':', &mac(&self.hash, &[entity.name().as_bytes(), value.as_bytes()]))
    }
}

impl std::fmt::Debug for ConversationKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ConversationKey").finish_non_exhaustive()
    }
}

/// HMAC-SHA256 (RFC 2104) over the parts, each behind its length.
fn mac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    // Shorter keys are filled up with zeros to a block.
    let mut block = [0; 64];
    block[..32].copy_from_slice(key);
    let mut mac = Hmac::<Sha256>::new(&block.into());
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

fn mark(entity: Entity, sign: char, mac: &[u8; 32]) -> String {
    let mut out = String::with_capacity(entity.name().len() + WIDTH + 3);
    out.push('[');
    out.push_str(entity.name());
    out.push(sign);
    for (at, byte) in mac.iter().take(WIDTH).enumerate() {
        let digit = match at {
            0 => byte % 10,
            1 => 10 + byte % 22,
            _ => byte % 32,
        };
        out.push(char::from(ALPHABET[usize::from(digit)]));
    }
    out.push(']');
    out
}

/// Whether a match between two places of `text` is nothing but a label, a token or a hash, or part of one. `ends`: its
/// end is certain; `last`: nothing follows the text.
pub fn is_ours(text: &[u8], start: usize, end: usize, ends: bool, last: bool) -> Result<bool, Need> {
    let Some(open) = opening(text, start) else { return Ok(false) };
    let most = text.len().min(open + NAME_MAX + WIDTH + 3);
    let Some(close) = text[open..most].iter().position(|byte| *byte == b']').map(|at| open + at) else {
        let may_come = !last && most == text.len() && text[open + 1..].iter().all(|byte| is_inner(*byte));
        return if may_come { Err(Need) } else { Ok(false) };
    };
    if end > close + 1 || !is_mark(&text[open..=close]) {
        Ok(false)
    } else if ends {
        Ok(true)
    } else {
        Err(Need)
    }
}

/// The bracket that what stands at `start` is behind, or is.
fn opening(text: &[u8], start: usize) -> Option<usize> {
    if text.get(start) == Some(&b'[') {
        return Some(start);
    }
    let before = text[..start].iter().rev().take(NAME_MAX + WIDTH);
    let inner = before.take_while(|byte| is_inner(**byte)).count();
    let open = start.checked_sub(inner + 1)?;
    (text[open] == b'[').then_some(open)
}

const fn is_inner(byte: u8) -> bool {
    matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b'_' | b':')
}

/// A label, token or hash with its brackets.
fn is_mark(text: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(text) else { return false };
    let Some(inner) = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) else { return false };
    if text == REDACTED || Entity::named(inner).is_some() {
        return true;
    }
    let Some((name, code)) = inner.rsplit_once(['_', ':']) else { return false };
    is_code(code) && Entity::named(name).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(conversation: &[u8]) -> ConversationKey {
        MarkKey::derive(&[7; 32]).conversation(conversation)
    }

    #[test]
    fn one_value_one_token_in_one_conversation_and_one_hash_in_all() {
        let (one, other) = (key(b"one"), key(b"other"));
        let token = one.token(Entity::EmailAddress, "ana@example.com");
        assert_eq!(token, one.token(Entity::EmailAddress, "ana@example.com"));
        assert_ne!(token, one.token(Entity::EmailAddress, "Ana@example.com"));
        assert_ne!(token, other.token(Entity::EmailAddress, "ana@example.com"));
        let hash = one.hash(Entity::EmailAddress, "ana@example.com");
        assert_eq!(hash, other.hash(Entity::EmailAddress, "ana@example.com"));
        let elsewhere = MarkKey::derive(&[8; 32]).conversation(b"one");
        assert_ne!(hash, elsewhere.hash(Entity::EmailAddress, "ana@example.com"));
        assert_ne!(token, elsewhere.token(Entity::EmailAddress, "ana@example.com"));
    }

    #[test]
    fn marks_are_as_wide_as_each_other_and_known_as_ours() {
        let key = key(b"one");
        for (number, entity) in Entity::ALL.iter().enumerate() {
            let value = format!("value {number}");
            for mark in [key.token(*entity, &value), key.hash(*entity, &value)] {
                assert_eq!(mark.len(), entity.name().len() + WIDTH + 3, "{mark}");
                assert!(is_mark(mark.as_bytes()), "{mark}");
            }
            assert!(entity.name().len() <= NAME_MAX);
        }
    }

    #[test]
    fn numbers_and_words_are_no_marks() {
        for text in [
            "[US_SSN_1234567890]",
            "[EMAIL_ADDRESS_7K2M9QXD4]",
            "[EMAIL_ADDRESS_7K2M9QXD4TT]",
            "[EMAIL_ADDRESS_7K2M9QXDIL]",
            "[NOTHING_7K2M9QXD4T]",
            "[EMAIL_ADDRESS_AK2M9QXD4T]",
            "[TODO]",
            "[]",
        ] {
            assert!(!is_mark(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn a_match_is_ours_where_it_stands_within_and_waits_until_that_is_known() {
        let text = b"id [EMAIL_ADDRESS_7K2M9QXD4T] x";
        let code = 18;
        assert_eq!(&text[code..code + 10], b"7K2M9QXD4T");
        assert_eq!(is_ours(text, code, code + 10, true, true), Ok(true));
        assert_eq!(is_ours(text, code, code + 10, false, false), Err(Need));
        assert_eq!(is_ours(text, 3, 29, true, true), Ok(true));
        assert_eq!(is_ours(text, code, 31, true, true), Ok(false), "it reaches out of it");
        assert_eq!(is_ours(&text[..28], code, code + 10, true, false), Err(Need));
        assert_eq!(is_ours(&text[..28], code, code + 10, true, true), Ok(false));
        assert_eq!(is_ours(b"id 7K2M9QXD4T x", 3, 13, true, false), Ok(false));
    }
}
