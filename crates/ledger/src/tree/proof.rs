//! Proofs: this leaf is in that tree; that tree is a continuation of this one.
//!
//! Making follows the definitions of RFC 6962 section 2.1, checking the algorithms of RFC 9162 sections 2.1.3.2
//! and 2.1.4.2; the two are written differently on purpose, so that they test each other.

use super::node_hash;
use crate::Digest;

/// The proof does not show what it claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the proof does not hold")]
pub struct InvalidProof;

/// The Merkle root over these leaf hashes.
pub fn root_of(leaves: &[Digest]) -> Digest {
    match leaves {
        [] => Digest::of(&[]),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(split(leaves.len()));
            node_hash(&root_of(left), &root_of(right))
        }
    }
}

/// The audit path of leaf `index` in the tree over all `leaves`; `None` when there is no such leaf.
///
/// Costs one hash per leaf: meant for a log that fits in memory or a slice of one.
pub fn inclusion_proof(leaves: &[Digest], index: u64) -> Option<Vec<Digest>> {
    let index = usize::try_from(index).ok().filter(|index| *index < leaves.len())?;
    let mut path = Vec::new();
    let (mut leaves, mut index) = (leaves, index);
    while leaves.len() > 1 {
        let (left, right) = leaves.split_at(split(leaves.len()));
        if index < left.len() {
            path.push(root_of(right));
            leaves = left;
        } else {
            path.push(root_of(left));
            index -= left.len();
            leaves = right;
        }
    }
    path.reverse();
    Some(path)
}

/// The proof that the tree over all `leaves` continues the one over the first `old_size`.
///
/// `None` when `old_size` is 0 or more than there are: an empty tree is continued by every tree, which needs no proof.
pub fn consistency_proof(leaves: &[Digest], old_size: u64) -> Option<Vec<Digest>> {
    let old_size = usize::try_from(old_size).ok().filter(|size| (1..=leaves.len()).contains(size))?;
    let mut path = Vec::new();
    let (mut leaves, mut old) = (leaves, old_size);
    // RFC 6962 2.1.2: whether the subtree at hand is a whole subtree of the old tree that the verifier knows.
    let mut known = true;
    while old < leaves.len() {
        let (left, right) = leaves.split_at(split(leaves.len()));
        if old <= left.len() {
            path.push(root_of(right));
            leaves = left;
        } else {
            path.push(root_of(left));
            old -= left.len();
            leaves = right;
            known = false;
        }
    }
    if !known {
        path.push(root_of(leaves));
    }
    path.reverse();
    Some(path)
}

/// Checks an audit path (RFC 9162 section 2.1.3.2).
pub fn verify_inclusion(
    leaf: Digest,
    index: u64,
    size: u64,
    path: &[Digest],
    root: Digest,
) -> Result<(), InvalidProof> {
    if index >= size {
        return Err(InvalidProof);
    }
    let (mut node, mut last) = (index, size - 1);
    let mut hash = leaf;
    for sibling in path {
        if last == 0 {
            return Err(InvalidProof);
        }
        if node & 1 == 1 || node == last {
            hash = node_hash(sibling, &hash);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    if last == 0 && hash == root { Ok(()) } else { Err(InvalidProof) }
}

/// Checks that the tree `(new_size, new_root)` continues `(old_size, old_root)` (RFC 9162 section 2.1.4.2).
///
/// Strict: `old_size` 0 is refused, since there is nothing to check; callers that accept it must say so themselves.
pub fn verify_consistency(
    old_size: u64,
    new_size: u64,
    old_root: Digest,
    new_root: Digest,
    path: &[Digest],
) -> Result<(), InvalidProof> {
    if old_size == 0 || old_size > new_size {
        return Err(InvalidProof);
    }
    if old_size == new_size {
        return if path.is_empty() && old_root == new_root { Ok(()) } else { Err(InvalidProof) };
    }
    // A perfect old tree is itself the first node, and the proof leaves it out.
    let (seed, rest) = if old_size.is_power_of_two() {
        (old_root, path)
    } else {
        let (first, rest) = path.split_first().ok_or(InvalidProof)?;
        (*first, rest)
    };
    let (mut node, mut last) = (old_size - 1, new_size - 1);
    while node & 1 == 1 {
        node >>= 1;
        last >>= 1;
    }
    let (mut old_hash, mut new_hash) = (seed, seed);
    for sibling in rest {
        if last == 0 {
            return Err(InvalidProof);
        }
        if node & 1 == 1 || node == last {
            old_hash = node_hash(sibling, &old_hash);
            new_hash = node_hash(sibling, &new_hash);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            new_hash = node_hash(&new_hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    if last == 0 && old_hash == old_root && new_hash == new_root { Ok(()) } else { Err(InvalidProof) }
}

/// The largest power of two below `len` (which is at least 2): the size of the left subtree.
const fn split(len: usize) -> usize {
    1 << (usize::BITS - 1 - (len - 1).leading_zeros())
}
