//! The right edge of the tree: the roots of its perfect subtrees, which is all that appending needs.

use super::{TreeHead, node_hash};
use crate::Digest;

/// Roots of the perfect subtrees of a tree of `size` leaves, largest first (one per set bit of `size`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frontier {
    size: u64,
    nodes: Vec<Digest>,
}

/// The bytes are not the frontier of a tree of that size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the frontier of a tree of that size")]
pub struct InvalidFrontier;

impl Frontier {
    /// The empty tree.
    pub const fn empty() -> Self {
        Self { size: 0, nodes: Vec::new() }
    }

    /// Number of leaves.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Appends one leaf: amortised two hashes.
    pub fn push(&mut self, leaf: Digest) {
        let mut node = leaf;
        // Each trailing one of the size is a perfect subtree that the new leaf completes to twice its size.
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.nodes.pop() {
                node = node_hash(&left, &node);
            }
        }
        self.nodes.push(node);
        self.size += 1;
    }

    /// The Merkle root.
    pub fn root(&self) -> Digest {
        let mut right_to_left = self.nodes.iter().rev();
        let Some(last) = right_to_left.next() else { return Digest::of(&[]) };
        right_to_left.fold(*last, |right, left| node_hash(left, &right))
    }

    /// Size and root.
    pub fn head(&self) -> TreeHead {
        TreeHead { size: self.size, root: self.root() }
    }

    /// The nodes one after the other, 32 bytes each, largest subtree first.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.nodes.iter().flat_map(|node| *node.as_bytes()).collect()
    }

    /// Reads [`Frontier::to_bytes`]. Only the shape is checked: compare [`Frontier::root`] with a root you trust.
    pub fn from_bytes(size: u64, bytes: &[u8]) -> Result<Self, InvalidFrontier> {
        let (chunks, rest) = bytes.as_chunks::<32>();
        if !rest.is_empty() || chunks.len() != size.count_ones() as usize {
            return Err(InvalidFrontier);
        }
        Ok(Self { size, nodes: chunks.iter().copied().map(Digest::new).collect() })
    }
}
