//! Damage of every kind is found at the right place; clean logs raise no alarm.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::format_collect,
    clippy::allow_attributes,
    reason = "a test"
)]

mod support;

use countersign_ledger::{Digest, Finding, Kind, MAX_RECORD_LEN, Reason, Record, TreeHead, leaf_hash};
use proptest::{prelude::*, sample::Index};
use support::{Log, Step, build, log};

fn at(seq: u64, reason: Reason) -> Result<(), Finding> {
    Err(Finding { seq, reason })
}

fn verdict(log: &Log) -> Result<(), Finding> {
    log.verify().map(|_| ())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn clean_logs_raise_no_alarm(log in log()) {
        let report = log.verify().unwrap();
        prop_assert_eq!(report.rows, log.rows.len() as u64);
        prop_assert_eq!(report.batches, log.batches.len() as u64);
        prop_assert_eq!(report.head, log.head);
        let count = |kind| report.kinds.get(&kind).copied().unwrap_or(0);
        prop_assert_eq!(report.open, count(Kind::Intent) - count(Kind::Outcome));
        prop_assert_eq!(report.open, report.open_intents.len() as u64);
    }
}

proptest! {
    #[test]
    fn records_round_trip_and_fit(log in log()) {
        for row in &log.rows {
            let record = Record::decode(&row.record).unwrap();
            prop_assert_eq!(&record.encode(), &row.record);
            prop_assert!(row.record.len() <= MAX_RECORD_LEN);
            prop_assert!((0..row.record.len()).all(|cut| Record::decode(&row.record[..cut]).is_err()));
            prop_assert!(Record::decode(&[row.record.as_slice(), &[0]].concat()).is_err());
        }
    }

    #[test]
    fn any_bytes_decode_to_themselves_or_not_at_all(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        if let Ok(record) = Record::decode(&bytes) {
            prop_assert_eq!(record.encode(), bytes);
        }
    }

    #[test]
    fn a_flipped_record_still_has_one_spelling(log in log(), row in any::<Index>(), byte in any::<Index>(), bit in 0_u32..8) {
        let mut bytes = row.get(&log.rows).record.clone();
        let place = byte.index(bytes.len());
        bytes[place] ^= 1_u8 << bit;
        if let Ok(record) = Record::decode(&bytes) {
            prop_assert_eq!(record.encode(), bytes);
        }
    }

    #[test]
    fn a_flipped_bit_in_a_record_is_found_there(mut log in log(), row in any::<Index>(), byte in any::<Index>(), bit in 0_u32..8) {
        let row = row.index(log.rows.len());
        let record = &mut log.rows[row].record;
        let place = byte.index(record.len());
        record[place] ^= 1_u8 << bit;
        prop_assert_eq!(verdict(&log), at(row as u64, Reason::BadLeaf));
    }

    #[test]
    fn a_flipped_bit_in_a_leaf_hash_is_found_there(mut log in log(), row in any::<Index>(), bit in 0_usize..256) {
        let row = row.index(log.rows.len());
        let mut leaf = *log.rows[row].leaf.as_bytes();
        leaf[bit / 8] ^= 1 << (bit % 8);
        log.rows[row].leaf = Digest::new(leaf);
        prop_assert_eq!(verdict(&log), at(row as u64, Reason::BadLeaf));
    }

    /// An attacker who recomputes the leaf hash breaks the next link, or the signed root of the batch.
    #[test]
    fn an_edited_and_rehashed_record_breaks_the_next_link_or_the_root(mut log in log(), row in any::<Index>()) {
        let row = row.index(log.rows.len());
        let mut record = Record::decode(&log.rows[row].record).unwrap();
        record.at.0 += 1;
        log.rows[row].record = record.encode();
        log.rows[row].leaf = leaf_hash(&log.rows[row].record);
        let seq = row as u64;
        let last_of_batch = log.batches.iter().any(|b| b.batch.end() == Some(seq + 1));
        let expected = if last_of_batch {
            at(log.batch_start(seq), Reason::RootMismatch)
        } else {
            at(seq + 1, Reason::BrokenLink)
        };
        prop_assert_eq!(verdict(&log), expected);
    }

    /// Whoever rebuilds the chain from a row on is stopped by the signature of the batch the row is in.
    #[test]
    fn a_rebuilt_chain_is_found_at_its_batch(mut log in log(), row in any::<Index>()) {
        let row = row.index(log.rows.len());
        let mut prev = Digest::ZERO;
        for (seq, stored) in log.rows.iter_mut().enumerate() {
            let mut record = Record::decode(&stored.record).unwrap();
            record.prev = prev;
            record.at.0 += i64::from(seq == row);
            stored.record = record.encode();
            stored.leaf = leaf_hash(&stored.record);
            prev = stored.leaf;
        }
        prop_assert_eq!(verdict(&log), at(log.batch_start(row as u64), Reason::RootMismatch));
    }

    #[test]
    fn a_deleted_row_is_found_at_its_place(mut log in log(), row in any::<Index>()) {
        let row = row.index(log.rows.len());
        let last = row + 1 == log.rows.len();
        log.rows.remove(row);
        // Without its last row the last batch does not cover what is there.
        let expected = if last {
            at(log.batch_start(row as u64), Reason::BatchMismatch)
        } else {
            at(row as u64, Reason::Gap)
        };
        prop_assert_eq!(verdict(&log), expected);
    }

    #[test]
    fn a_deleted_and_renumbered_row_is_found_at_its_place(mut log in log(), row in any::<Index>()) {
        let row = row.index(log.rows.len());
        prop_assume!(row + 1 < log.rows.len());
        log.rows.remove(row);
        for (seq, stored) in log.rows.iter_mut().enumerate() {
            stored.seq = seq as u64;
        }
        prop_assert_eq!(verdict(&log), at(row as u64, Reason::Misplaced));
    }

    #[test]
    fn a_doubled_row_is_found_after_it(mut log in log(), row in any::<Index>()) {
        let row = row.index(log.rows.len());
        log.rows.insert(row, log.rows[row].clone());
        // The first of the two is in its place; only the second is wrong.
        prop_assert_eq!(verdict(&log), at(row as u64 + 1, Reason::OutOfOrder));
    }

    #[test]
    fn two_swapped_records_are_found_at_the_first(mut log in log(), a in any::<Index>(), b in any::<Index>()) {
        let (a, b) = (a.index(log.rows.len()), b.index(log.rows.len()));
        prop_assume!(a < b);
        log.rows.swap(a, b);
        (log.rows[a].seq, log.rows[b].seq) = (a as u64, b as u64);
        prop_assert_eq!(verdict(&log), at(a as u64, Reason::Misplaced));
    }

    #[test]
    fn a_truncated_tail_is_found_even_with_its_batches(mut log in log(), keep in any::<Index>()) {
        let whole = log.head;
        let keep = keep.index(log.batches.len());
        log.batches.truncate(keep);
        let size = log.batches.last().map_or(0, |b| b.batch.end().unwrap());
        log.rows.truncate(size as usize);
        prop_assert_eq!(verdict(&log), at(size, Reason::Truncated));
        // With the head row edited as well, only a head remembered outside tells.
        log.head = TreeHead { size, root: log.batches.last().map_or(Digest::of(&[]), |b| b.batch.root) };
        prop_assert_eq!(verdict(&log), Ok(()));
        prop_assert_eq!(log.verify_against(vec![whole]).map(|_| ()), at(size, Reason::Truncated));
    }

    #[test]
    fn payload_damage_is_found_there(mut log in log(), row in any::<Index>(), which in 0..3) {
        let rows: Vec<_> = (0..log.rows.len()).filter(|row| !log.rows[*row].payloads.is_empty()).collect();
        prop_assume!(!rows.is_empty());
        let row = *row.get(&rows);
        let reason = match which {
            0 => { log.rows[row].payloads.pop(); Reason::PayloadMissing }
            1 => { log.rows[row].payloads[0].1 = Digest::ZERO; Reason::PayloadAltered }
            _ => { log.rows[row].payloads.push((200, Digest::ZERO)); Reason::PayloadUnexpected }
        };
        prop_assert_eq!(verdict(&log), at(row as u64, reason));
    }

    #[test]
    fn batch_damage_is_found_at_its_first_row(mut log in log(), which in any::<Index>(), edit in 0..5) {
        let which = which.index(log.batches.len());
        let first = log.batches[which].batch.first;
        let batch = &mut log.batches[which];
        let reason = match edit {
            0 => { batch.signature[5] ^= 4; Reason::BatchSignature }
            1 => { batch.batch.number += 1; Reason::BatchSignature }
            2 => { batch.batch.key = countersign_ledger::KeyId::new(Digest::ZERO); Reason::UnknownKey }
            3 => { batch.batch.previous_root = Digest::ZERO; Reason::BatchSignature }
            _ => { batch.batch.count = 0; Reason::BatchMismatch }
        };
        prop_assert_eq!(verdict(&log), at(first, reason));
    }

    /// A statement that is missing or too long is noticed when it should end, or at the first row of another author.
    #[test]
    fn rows_without_their_own_statement_are_found(mut log in log(), which in any::<Index>(), remove: bool) {
        let which = which.index(log.batches.len());
        let batch = log.batches[which].batch;
        if remove {
            log.batches.remove(which);
        } else {
            log.batches[which].batch.count += 1;
        }
        let finding = verdict(&log).unwrap_err();
        match finding.reason {
            Reason::BatchMismatch | Reason::BatchSignature => prop_assert_eq!(finding.seq, batch.first),
            Reason::WrongAuthor => prop_assert_eq!(Some(finding.seq), batch.end()),
            other => prop_assert!(false, "{}", other),
        }
    }

    /// A doubled statement covers nothing: it is found at the end of the first.
    #[test]
    fn a_doubled_statement_is_found_after_it(mut log in log(), which in any::<Index>()) {
        let which = which.index(log.batches.len());
        log.batches.insert(which, log.batches[which]);
        let end = log.batches[which].batch.end().unwrap();
        prop_assert_eq!(verdict(&log), at(end, Reason::BatchMismatch));
    }
}

#[test]
fn the_copied_kind_column_is_compared() {
    let mut log = build(&[(0, vec![(Step::Plain(7), 1), (Step::Plain(7), 2)])]);
    log.rows[1].kind = Kind::SignIn.code();
    assert_eq!(verdict(&log), at(1, Reason::Misplaced));
}

#[test]
fn a_record_of_another_log_is_refused() {
    let mut log = build(&[(0, vec![(Step::Plain(7), 1)])]);
    let mut record = Record::decode(&log.rows[0].record).unwrap();
    record.origin = "log.test/other".parse().unwrap();
    log.rows[0].record = record.encode();
    log.rows[0].leaf = leaf_hash(&log.rows[0].record);
    assert_eq!(verdict(&log), at(0, Reason::WrongOrigin));
}

#[test]
fn rows_by_two_authors_in_one_batch_are_refused() {
    let mut log = build(&[(0, vec![(Step::Plain(7), 1)]), (1, vec![(Step::Plain(7), 2)])]);
    log.batches.remove(0);
    assert_eq!(verdict(&log), at(1, Reason::WrongAuthor));
}

#[test]
fn rows_after_the_head_and_a_wrong_head_are_found() {
    let mut log = build(&[(0, vec![(Step::Plain(7), 1)]), (1, vec![(Step::Plain(7), 2)])]);
    log.head.root = Digest::ZERO;
    assert_eq!(verdict(&log), at(1, Reason::HeadMismatch));
    log.head = TreeHead { size: 1, root: log.batches[0].batch.root };
    assert_eq!(verdict(&log), at(1, Reason::BeyondHead));
}

#[test]
fn a_head_remembered_outside_must_be_part_of_the_log() {
    let log = build(&[(0, vec![(Step::Plain(7), 1)]), (1, vec![(Step::Plain(7), 2), (Step::Plain(7), 3)])]);
    let good = TreeHead { size: 1, root: log.batches[0].batch.root };
    assert_eq!(log.verify_against(vec![good, log.head]).unwrap().anchored, Some(3));
    let rewritten = TreeHead { size: 2, root: good.root };
    assert_eq!(log.verify_against(vec![good, rewritten]).map(|_| ()), at(1, Reason::Rewritten));
}

#[test]
fn each_intent_has_exactly_one_outcome() {
    let template = build(&[(0, vec![(Step::Intent, 1), (Step::Segment, 1), (Step::Outcome, 1)])]);
    assert_eq!(template.verify().unwrap().open, 0);
    let alter = |edits: &[(usize, Kind)]| {
        let mut log = template.clone();
        let mut prev = Digest::ZERO;
        for (seq, stored) in log.rows.iter_mut().enumerate() {
            let mut record = Record::decode(&stored.record).unwrap();
            record.prev = prev;
            if let Some((_, kind)) = edits.iter().find(|(row, _)| *row == seq) {
                record.kind = *kind;
                stored.kind = kind.code();
            }
            stored.record = record.encode();
            stored.leaf = leaf_hash(&stored.record);
            prev = stored.leaf;
        }
        verdict(&log)
    };
    assert_eq!(alter(&[(1, Kind::Outcome)]), at(2, Reason::SecondOutcome));
    assert_eq!(alter(&[(1, Kind::Intent)]), at(1, Reason::SecondIntent));
    assert_eq!(alter(&[(1, Kind::Outcome), (2, Kind::Intent)]), at(2, Reason::SecondIntent));
    assert_eq!(alter(&[(0, Kind::Approval)]), at(1, Reason::OutcomeWithoutIntent));
    assert_eq!(alter(&[(0, Kind::Outcome)]), at(0, Reason::OutcomeWithoutIntent));
}
