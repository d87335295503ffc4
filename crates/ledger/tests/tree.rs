//! The Merkle tree against the published RFC 6962 vectors and, exhaustively, against itself.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::format_collect,
    clippy::allow_attributes,
    reason = "a test"
)]

use countersign_ledger::{
    Digest, Frontier, leaf_hash,
    tree::{consistency_proof, inclusion_proof, root_of, verify_consistency, verify_inclusion},
};

/// Leaf data of the reference vectors used by Certificate Transparency implementations.
const VECTOR_LEAVES: [&[u8]; 8] = [
    b"",
    &[0x00],
    &[0x10],
    &[0x20, 0x21],
    &[0x30, 0x31],
    &[0x40, 0x41, 0x42, 0x43],
    &[0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
    &[0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f],
];

/// Roots of the trees over the first 0, 1, … 8 of them.
const VECTOR_ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn digest(hex: &str) -> Digest {
    hex.parse().unwrap()
}

fn vector_leaves() -> Vec<Digest> {
    VECTOR_LEAVES.iter().map(|data| leaf_hash(data)).collect()
}

fn numbered_leaves(count: usize) -> Vec<Digest> {
    (0..count as u64).map(|n| leaf_hash(&n.to_be_bytes())).collect()
}

#[test]
fn roots_match_the_published_vectors() {
    let leaves = vector_leaves();
    for (size, root) in VECTOR_ROOTS.iter().enumerate() {
        assert_eq!(root_of(&leaves[..size]), digest(root), "size {size}");
    }
}

#[test]
fn inclusion_proofs_match_the_published_vectors() {
    let leaves = vector_leaves();
    assert_eq!(inclusion_proof(&leaves[..1], 0), Some(vec![]));
    assert_eq!(
        inclusion_proof(&leaves, 0),
        Some(vec![
            digest("96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"),
            digest("5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"),
            digest("6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"),
        ])
    );
    assert_eq!(
        inclusion_proof(&leaves, 5),
        Some(vec![
            digest("bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"),
            digest("ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"),
            digest("d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"),
        ])
    );
}

#[test]
fn consistency_proofs_match_the_published_vectors() {
    let leaves = vector_leaves();
    assert_eq!(
        consistency_proof(&leaves, 6),
        Some(vec![
            digest("0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"),
            digest("ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"),
            digest("d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"),
        ])
    );
    assert_eq!(
        consistency_proof(&leaves[..5], 2),
        Some(vec![
            digest("5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"),
            digest("bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"),
        ])
    );
}

#[test]
fn the_frontier_grows_like_the_tree_and_survives_its_bytes() {
    let leaves = numbered_leaves(200);
    let mut frontier = Frontier::empty();
    for size in 0..=leaves.len() {
        assert_eq!(frontier.root(), root_of(&leaves[..size]), "size {size}");
        let bytes = frontier.to_bytes();
        assert_eq!(Frontier::from_bytes(size as u64, &bytes), Ok(frontier.clone()));
        assert!(Frontier::from_bytes(size as u64, &[bytes.as_slice(), &[0; 32]].concat()).is_err());
        assert!(Frontier::from_bytes(size as u64, &[bytes.as_slice(), &[0; 1]].concat()).is_err());
        if let Some(leaf) = leaves.get(size) {
            frontier.push(*leaf);
        }
    }
}

#[test]
fn every_inclusion_proof_up_to_64_holds_and_no_bit_of_it_can_change() {
    let leaves = numbered_leaves(64);
    for size in 1..=64 {
        let tree = &leaves[..size];
        let root = root_of(tree);
        for index in 0..size {
            let path = inclusion_proof(tree, index as u64).unwrap();
            let check = |leaf, index: usize, size: usize, path: &[Digest], root| {
                verify_inclusion(leaf, index as u64, size as u64, path, root)
            };
            assert_eq!(check(tree[index], index, size, &path, root), Ok(()), "{index} of {size}");
            for place in 0..path.len() {
                let bit = (index * 31 + size * 7 + place * 13) % 256;
                assert!(check(tree[index], index, size, &flipped(&path, place, bit), root).is_err());
            }
            assert!(check(flip(tree[index], index), index, size, &path, root).is_err());
            assert!(check(tree[index], index, size, &path, flip(root, size)).is_err());
            assert!(check(tree[index], index, index, &path, root).is_err(), "no such leaf");
            let longer = [path.as_slice(), &[root]].concat();
            assert!(check(tree[index], index, size, &longer, root).is_err());
            if !path.is_empty() {
                assert!(check(tree[index], index, size, &path[1..], root).is_err());
                assert!(check(tree[index], index, size, &path[..path.len() - 1], root).is_err());
            }
            for other in (0..size).filter(|other| *other != index) {
                assert!(
                    check(tree[index], other, size, &path, root).is_err(),
                    "{index} as {other} of {size}"
                );
            }
        }
        assert_eq!(inclusion_proof(tree, size as u64), None);
    }
}

#[test]
fn every_consistency_proof_up_to_64_holds_and_no_bit_of_it_can_change() {
    let leaves = numbered_leaves(64);
    for new in 1..=64 {
        let tree = &leaves[..new];
        let new_root = root_of(tree);
        for old in 1..=new {
            let old_root = root_of(&leaves[..old]);
            let path = consistency_proof(tree, old as u64).unwrap();
            let check = |old: usize, new: usize, old_root, new_root, path: &[Digest]| {
                verify_consistency(old as u64, new as u64, old_root, new_root, path)
            };
            assert_eq!(check(old, new, old_root, new_root, &path), Ok(()), "{old} to {new}");
            for place in 0..path.len() {
                for bit in [0, (old * 31 + new * 7 + place) % 256, 255] {
                    assert!(check(old, new, old_root, new_root, &flipped(&path, place, bit)).is_err());
                }
            }
            assert!(check(old, new, flip(old_root, new), new_root, &path).is_err());
            assert!(check(old, new, old_root, flip(new_root, old), &path).is_err());
            let longer = [path.as_slice(), &[new_root]].concat();
            assert!(check(old, new, old_root, new_root, &longer).is_err());
            if !path.is_empty() {
                assert!(check(old, new, old_root, new_root, &path[1..]).is_err());
                assert!(check(old, new, old_root, new_root, &path[..path.len() - 1]).is_err());
            }
            assert!(check(0, new, old_root, new_root, &path).is_err());
            assert!(check(new + 1, new, old_root, new_root, &path).is_err());
        }
        assert_eq!(consistency_proof(tree, 0), None);
        assert_eq!(consistency_proof(tree, new as u64 + 1), None);
    }
}

fn flip(digest: Digest, bit: usize) -> Digest {
    let mut bytes = *digest.as_bytes();
    bytes[bit / 8 % 32] ^= 1 << (bit % 8);
    Digest::new(bytes)
}

fn flipped(path: &[Digest], place: usize, bit: usize) -> Vec<Digest> {
    let mut path = path.to_vec();
    path[place] = flip(path[place], bit);
    path
}
