//! Recomputing ledger rows from their bytes, with the ledger's own code. Runs in the browser, so its reader need not trust the
//! server's word about these rows.
//!
//! What it can show: each row's bytes hash to the shown leaf hash, say the shown number, and neighbours link. It cannot show that
//! the rows are in the log (the server may have made them up just now) nor that the shown text belongs to them.

use countersign_ledger::{Record, leaf_hash};
use countersign_model::exchange::RowView;

/// The result of checking rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// All rows hold: how many, and how many links between shown neighbours.
    Holds { rows: usize, links: usize },
    /// The first row that does not hold, and why.
    Broken { seq: i64, sentence: String },
}

/// Checks rows in the order of their numbers. `unreadable`: rows the server could not show whole, which no hash makes good.
pub fn check(rows: &[RowView], unreadable: &[i64]) -> Proof {
    match check_rows(rows) {
        Proof::Holds { rows: count, links } => match unreadable.iter().min() {
            None => Proof::Holds { rows: count, links },
            Some(&seq) if rows.iter().any(|row| row.seq == seq) => Proof::Broken {
                seq,
                sentence:
                    "Its hash holds, but what it committed to is missing, altered, or another exchange's."
                        .to_owned(),
            },
            Some(&seq) => Proof::Broken { seq, sentence: "It is missing.".to_owned() },
        },
        broken @ Proof::Broken { .. } => broken,
    }
}

/// What a result shows and what it does not. Before a check: nothing.
pub const fn claim(proof: Option<&Proof>) -> &'static str {
    match proof {
        None => "Nothing is claimed about these rows until they are checked.",
        Some(Proof::Holds { .. }) => {
            "This shows that these rows are unaltered, not that they are all rows, nor that the text the server opened is theirs."
        }
        Some(Proof::Broken { .. }) => {
            "What stands here is not what was recorded. Keep a copy of the database before anything else is done to it."
        }
    }
}

fn check_rows(rows: &[RowView]) -> Proof {
    let mut sorted: Vec<&RowView> = rows.iter().collect();
    sorted.sort_by_key(|row| row.seq);
    sorted.dedup_by_key(|row| row.seq);
    for row in &sorted {
        if let Err(sentence) = check_row(row) {
            return Proof::Broken { seq: row.seq, sentence };
        }
    }
    let mut links = 0;
    for (before, after) in sorted.iter().zip(sorted.iter().skip(1)) {
        if after.seq != before.seq + 1 {
            continue;
        }
        if after.prev != before.leaf_hash {
            return Proof::Broken {
                seq: after.seq,
                sentence: format!("It does not link to row {}.", before.seq),
            };
        }
        links += 1;
    }
    Proof::Holds { rows: sorted.len(), links }
}

fn check_row(row: &RowView) -> Result<(), String> {
    let bytes = unhex(&row.record).ok_or("Its bytes cannot be read.")?;
    let found = leaf_hash(&bytes).to_string();
    if found != row.leaf_hash {
        return Err(format!("Its bytes hash to {found}, not to the recorded hash."));
    }
    let record = Record::decode(&bytes).map_err(|_| "Its bytes are no record.")?;
    if i64::try_from(record.seq) != Ok(row.seq) {
        return Err(format!("Its bytes say it is row {}.", record.seq));
    }
    if record.prev.to_string() != row.prev {
        return Err("Its bytes name another previous row than shown.".to_owned());
    }
    if record.kind.name() != row.kind {
        return Err(format!("Its bytes say it is of kind {}.", record.kind.name()));
    }
    Ok(())
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use countersign_ledger::{Digest, KeyId, Kind};
    use countersign_model::{BootId, ExchangeId, NodeId, Timestamp};

    use super::*;

    fn hex(bytes: &[u8]) -> String {
        bytes
            .iter()
            .flat_map(|byte| [byte >> 4, byte & 15])
            .filter_map(|n| char::from_digit(n.into(), 16))
            .collect()
    }

    fn rows() -> Vec<RowView> {
        let mut prev = Digest::ZERO;
        [Kind::Boot, Kind::Intent, Kind::Outcome]
            .into_iter()
            .zip(0_u64..)
            .map(|(kind, seq)| {
                let record = Record {
                    origin: "audit.example.org/cs".parse().unwrap(),
                    seq,
                    prev,
                    kind,
                    at: Timestamp(1),
                    node: NodeId::from_uuid("01930000-0000-7000-8000-000000000001".parse().unwrap()),
                    boot: BootId::from_uuid("01930000-0000-7000-8000-000000000002".parse().unwrap()),
                    key: KeyId::new(Digest::of(&[b"key"])),
                    session: None,
                    exchange: Some("exc_01930000000070008000000000000003".parse::<ExchangeId>().unwrap()),
                    policy: None,
                    commitments: vec![],
                };
                let bytes = record.encode();
                let leaf = leaf_hash(&bytes);
                let row = RowView {
                    seq: seq.try_into().unwrap(),
                    kind: kind.name().into(),
                    at: Timestamp(1),
                    leaf_hash: leaf.to_string(),
                    prev: prev.to_string(),
                    record: hex(&bytes),
                };
                prev = leaf;
                row
            })
            .collect()
    }

    #[test]
    fn whole_rows_hold_in_any_order() {
        let mut rows = rows();
        rows.reverse();
        assert_eq!(check(&rows, &[]), Proof::Holds { rows: 3, links: 2 });
        rows.remove(1);
        assert_eq!(check(&rows, &[]), Proof::Holds { rows: 2, links: 0 });
    }

    #[test]
    fn every_altered_byte_is_seen() {
        let whole = rows();
        for at in 0..whole[1].record.len() {
            let mut rows = whole.clone();
            let flipped = if &rows[1].record[at..=at] == "0" { "1" } else { "0" };
            rows[1].record.replace_range(at..=at, flipped);
            assert!(matches!(check(&rows, &[]), Proof::Broken { seq: 1, .. }), "hex digit {at}");
        }
    }

    #[test]
    fn wrong_labels_and_links_are_seen() {
        let mut relabelled = rows();
        relabelled[2].kind = "refused".into();
        assert!(matches!(check(&relabelled, &[]), Proof::Broken { seq: 2, .. }));
        let mut renumbered = rows();
        renumbered[2].seq = 9;
        assert!(matches!(check(&renumbered, &[]), Proof::Broken { seq: 9, .. }));
        let mut relinked = rows();
        relinked[1].leaf_hash = relinked[0].leaf_hash.clone();
        assert!(matches!(check(&relinked, &[]), Proof::Broken { seq: 1, .. }));
        let mut unreadable = rows();
        unreadable[0].record = "zz".into();
        assert!(matches!(check(&unreadable, &[]), Proof::Broken { seq: 0, .. }));
    }

    #[test]
    fn a_row_that_cannot_be_shown_whole_is_broken_whatever_its_hash_says() {
        let rows = rows();
        assert!(matches!(check(&rows, &[1]), Proof::Broken { seq: 1, .. }));
        assert!(matches!(check(&rows[..2], &[2]), Proof::Broken { seq: 2, .. }));
    }

    #[test]
    fn only_a_check_that_holds_says_unaltered() {
        let holds = Proof::Holds { rows: 1, links: 0 };
        let broken = Proof::Broken { seq: 1, sentence: String::new() };
        assert!(claim(Some(&holds)).contains("unaltered"));
        assert!(!claim(Some(&broken)).contains("unaltered"));
        assert!(!claim(None).contains("unaltered"));
    }
}
