//! `docs/audit-format.md` and the code say the same bytes.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::format_collect,
    clippy::allow_attributes,
    reason = "a test"
)]

use countersign_ledger::{
    Batch, Commitment, Digest, Group, KeyId, Kind, Record, SigningKey, commitment, leaf_hash,
};
use countersign_model::{BootId, ExchangeId, NodeId, SessionId, Timestamp};
use uuid::Uuid;

const PAGE: &str = include_str!("../../../docs/audit-format.md");

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The hex block under this heading of the page, without its line breaks and without the notes after `|`.
fn block(heading: &str) -> String {
    let after = PAGE.split_once(&format!("### {heading}\n")).unwrap_or_else(|| panic!("no {heading}")).1;
    let block = after.split("```").nth(1).unwrap();
    block.lines().skip(1).map(|line| line.split('|').next().unwrap().replace(' ', "")).collect()
}

fn example() -> (SigningKey, Record) {
    let signer = SigningKey::from_bytes(&std::array::from_fn(|n| n as u8));
    let record = Record {
        origin: "audit.example.org/countersign".parse().unwrap(),
        seq: 258,
        prev: Digest::of(&[b"the record before"]),
        kind: Kind::Intent,
        at: Timestamp::parse_rfc3339("2026-11-22T10:20:30.123Z").unwrap(),
        node: NodeId::from_uuid(Uuid::from_u128(0x0193_0000_0000_7000_8000_0000_0000_0001)),
        boot: BootId::from_uuid(Uuid::from_u128(0x0193_0000_0000_7000_8000_0000_0000_0002)),
        key: KeyId::of(&signer.verifying_key()),
        session: Some(SessionId::from_uuid(Uuid::from_u128(0x0193_0000_0000_7000_8000_0000_0000_0003))),
        exchange: Some(ExchangeId::from_uuid(Uuid::from_u128(0x0193_0000_0000_7000_8000_0000_0000_0004))),
        policy: None,
        commitments: vec![Commitment {
            group: Group::Facts,
            content: commitment(Group::Facts, &[0x5a; 32], br#"{"model":"llama"}"#),
            ciphertext: Digest::ZERO,
        }],
    };
    (signer, record)
}

#[test]
fn the_example_record_is_these_bytes() {
    let (_, record) = example();
    let bytes = record.encode();
    assert_eq!(block("Example record"), hex(&bytes));
    assert_eq!(block("Its leaf hash"), hex(leaf_hash(&bytes).as_bytes()));
    assert_eq!(block("Its commitment"), hex(record.commitments[0].content.as_bytes()));
    assert_eq!(Record::decode(&bytes), Ok(record));
}

#[test]
fn the_example_batch_is_these_bytes() {
    let (signer, record) = example();
    let leaf = leaf_hash(&record.encode());
    let batch = Batch {
        first: 258,
        count: 1,
        previous_root: Digest::of(&[b"the root before"]),
        root: leaf,
        node: record.node,
        boot: record.boot,
        number: 3,
        key: record.key,
    };
    let signed = batch.sign(&record.origin, &signer);
    assert_eq!(block("Example batch statement"), hex(&batch.signed_bytes(&record.origin)));
    assert_eq!(block("Its signature"), hex(&signed.signature));
    assert_eq!(block("The public key"), hex(signer.verifying_key().as_bytes()));
    assert_eq!(block("The key id"), hex(record.key.digest().as_bytes()));
}

#[test]
fn every_code_is_on_the_page() {
    for kind in Kind::ALL {
        assert!(PAGE.contains(&format!("| {} | `{}` |", kind.code(), kind.name())), "{kind}");
    }
    for group in Group::ALL {
        assert!(PAGE.contains(&format!("| {} | `{}` |", group.tag(), group.name())), "{group}");
    }
}
