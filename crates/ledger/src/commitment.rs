//! Salted commitments: a record proves what its content was without holding it.
//!
//! The salt makes short and guessable content (a name, a yes) unguessable from its commitment; it lives with
//! the content, inside the sealed payload, so destroying the payload's key destroys the means to guess too.

use crate::{Digest, Group};

/// Bytes of salt.
pub const SALT_LEN: usize = 32;

const DOMAIN: &[u8] = b"countersign/commitment/v1\0";

/// `SHA-256(domain ‖ group tag ‖ 32-byte salt ‖ u64 length ‖ bytes)`.
///
/// The group tag is part of the domain, so content cannot be passed off as content of another group.
pub fn commitment(group: Group, salt: &[u8; SALT_LEN], bytes: &[u8]) -> Digest {
    let len = (bytes.len() as u64).to_be_bytes();
    Digest::of(&[DOMAIN, &[group.tag()], salt, &len, bytes])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn group_salt_and_content_all_count() {
        let base = commitment(Group::Request, &[7; 32], b"hello");
        assert_eq!(base, commitment(Group::Request, &[7; 32], b"hello"));
        assert_ne!(base, commitment(Group::Response, &[7; 32], b"hello"));
        assert_ne!(base, commitment(Group::Request, &[8; 32], b"hello"));
        assert_ne!(base, commitment(Group::Request, &[7; 32], b"hello "));
    }
}
