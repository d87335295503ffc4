//! Records and the verifier.

mod log;

use countersign_ledger::{Digest, MAX_RECORD_LEN, Record, Row, Verifier};

use crate::input::Input;
use log::{Log, keys, origin};

/// No head. What is a record has these bytes and no others, and what is none is refused.
pub fn ledger_record(bytes: &[u8]) {
    let Ok(record) = Record::decode(bytes) else { return };
    assert!(bytes.len() <= MAX_RECORD_LEN);
    assert_eq!(record.encode(), bytes, "{record:?}");
    assert_eq!(Record::decode(&record.encode()), Ok(record));
}

/// Head: the length of a log's plan, the plan, then edits: which, where, with what. A second verifier is given any rows.
///
/// A log as it was written is found whole; one with an edit is not, and the place that is named is no later than the
/// edit's batch; rows of any bytes are an answer, not a panic.
pub fn ledger_verify(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let length = 1 + input.below(48);
    let log = Log::planned(input.take(length));
    let report = log.verify();
    assert!(report.as_ref().is_ok_and(|report| report.rows == log.rows.len() as u64), "{report:?} {log:?}");
    let mut edited = log.clone();
    while !input.is_empty() {
        edited.edit(&mut input);
    }
    if let Some(first) = log.first_difference(&edited) {
        let finding = edited.verify();
        assert!(
            finding.as_ref().is_err_and(|finding| finding.seq <= log.batch_end(first)),
            "{finding:?} at {first} of {edited:?}"
        );
    }
    let mut verifier = Verifier::new(origin(), keys());
    let mut input = Input::new(bytes);
    while !input.is_empty() {
        let (seq, kind, tag) = (u64::from(input.byte()), input.byte(), input.byte());
        let length = input.below(200);
        let record = input.take(length);
        let payloads = [(tag, Digest::of(&[record]))];
        let payloads = &payloads[..usize::from(tag & 1)];
        let leaf = countersign_ledger::leaf_hash(record);
        if verifier.row(Row { seq, kind, record, leaf, payloads }).is_err() {
            break;
        }
    }
}
