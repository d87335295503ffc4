//! What a streamed answer amounts to for its rows: the turns that no confirmed segment holds yet, and the outcome.

use countersign_detect::risk::Role;
use countersign_model::{
    exchange::{Coverage, End, Medium, Turn, Usage},
    reason::Reason,
};
use sha2::Digest as _;
use tokio::task::JoinHandle;

use super::{Content, Streaming};
use crate::{
    close::Outcome,
    decode,
    ports::{JournalUnavailable, Receipt},
    turns,
};

/// Turns of an answer, as far as no confirmed row holds them.
#[derive(Default)]
pub(super) struct Fresh {
    /// Which turn of the answer each of `turns` begins or continues.
    pub parts: Vec<u32>,
    /// And at which byte of it.
    pub offsets: Vec<u64>,
    pub turns: Vec<Turn>,
    /// Bytes of each turn that are on record once these are.
    pub reached: Vec<usize>,
}

impl Streaming {
    /// What of the answer no confirmed segment holds yet.
    pub(super) fn fresh_turns(&self) -> Fresh {
        let mut fresh = Fresh { reached: self.confirmed.clone(), ..Fresh::default() };
        let Content::Masked { stages, .. } = &self.content else { return fresh };
        for (at, turn) in stages.record().turns().into_iter().map(turns::of_wire).enumerate() {
            let held = self.confirmed.get(at).copied();
            let from = held.unwrap_or(0);
            if held.is_some() && turn.text.len() <= from {
                continue;
            }
            fresh.reached.resize(fresh.reached.len().max(at + 1), 0);
            fresh.reached[at] = turn.text.len();
            fresh.parts.push(u32::try_from(at).unwrap_or(u32::MAX));
            fresh.offsets.push(from as u64);
            fresh.turns.push(Turn { text: turn.text.get(from..).unwrap_or("").to_owned(), ..turn });
        }
        fresh
    }

    /// Hands the outcome over to be written.
    pub(super) fn settle(
        &mut self,
        end: End,
        reason: Option<Reason>,
    ) -> Option<JoinHandle<Result<Receipt, JournalUnavailable>>> {
        let open = self.open.take()?;
        let Fresh { parts, offsets, turns, .. } = self.fresh_turns();
        let mut outcome = Outcome {
            end: Some(end),
            reason,
            status: Some(self.status),
            timings: self.timings,
            released_bytes: self.released,
            parts,
            offsets,
            turns,
            ..Outcome::default()
        };
        match &mut self.content {
            Content::Opaque { what, hash } => {
                outcome.coverage.bytes = self.received;
                outcome.coverage.uninspected = vec![format!("{what} ({} bytes)", self.received)];
                outcome.coverage.media = vec![Medium {
                    place: "body".to_owned(),
                    media_type: what.strip_prefix("body: ").unwrap_or(what).to_owned(),
                    bytes: self.received,
                    sha256: decode::hex(&hash.clone().finalize()),
                }];
            }
            Content::Masked { stages, .. } => {
                let lens = stages.lens();
                let found = lens.found_by_entity();
                let (texts, held_max) = (lens.texts(), lens.held_max());
                let (rules_run, not_run) = (lens.rules_run(), lens.not_run());
                outcome.risks = lens.risks(|_| Role::Answer);
                outcome.findings = lens.take_findings();
                let record = stages.record();
                let usage = record.usage.unwrap_or_default();
                outcome.usage =
                    Usage { prompt_tokens: usage.prompt_tokens, completion_tokens: usage.completion_tokens };
                outcome.events = record.events;
                outcome.finish_reasons =
                    record.finish_reasons.iter().map(|(_, reason)| reason.clone()).collect();
                outcome.truncated = record.texts.iter().any(|text| text.truncated);
                outcome.coverage = Coverage {
                    bytes: self.received,
                    inspected_bytes: record.bytes_inspected,
                    texts,
                    uninspected: record.uninspected.iter().map(decode::media).collect(),
                    held_max,
                    media: record.uninspected.iter().filter_map(decode::medium).collect(),
                    found,
                    rules_run,
                    // It flows to its reader as it comes.
                    analyzer: None,
                    not_run,
                };
                if let Some(error) = record.unreadable {
                    outcome.coverage.uninspected.push(format!("what followed: {error}"));
                }
            }
        }
        open.close(outcome)
    }
}
