//! Reads a text that arrives in pieces, in windows whose places are a function of the text.
//!
//! Promises: for every cutting the same; keeps at most [`WINDOW`] bytes and what the pieces bring.
//! Never: holds anything back from anybody. What spans more than [`OVERLAP`] bytes at a window's end is not seen.

use countersign_model::risk::RiskLevel;

use super::rule::Lead;
use super::{Role, Seen, Signal, read};

/// Bytes that are read at a time.
const WINDOW: usize = 16 << 10;
/// Bytes that two windows share.
const OVERLAP: usize = 1 << 10;

/// What was seen of a text, before it is known whose it is.
#[derive(Debug, Clone, Default)]
pub struct Leads(Seen);

/// One text that arrives in pieces.
#[derive(Debug, Default)]
pub struct Watch {
    text: String,
    /// Bytes of the whole text before `text`.
    base: usize,
    seen: Seen,
}

impl Watch {
    /// Takes the next piece.
    pub fn push(&mut self, mut text: &str) {
        // A large piece is taken in steps, so that no more than a window is copied.
        while !text.is_empty() {
            let room = (WINDOW + 4).saturating_sub(self.text.len()).max(4);
            let (now, rest) = text.split_at(text.ceil_char_boundary(room.min(text.len())));
            self.text.push_str(now);
            text = rest;
            while self.text.len() > WINDOW {
                let end = self.text.floor_char_boundary(WINDOW);
                self.read(end);
                let next = self.text.floor_char_boundary(WINDOW - OVERLAP);
                self.text.drain(..next);
                self.base += next;
            }
        }
    }

    /// The text has ended.
    pub fn finish(mut self) -> Leads {
        self.read(self.text.len());
        Leads(self.seen)
    }

    fn read(&mut self, end: usize) {
        let mut found = Seen::default();
        read(&self.text[..end], 0, &mut found);
        self.seen.too_deep |= found.too_deep;
        for lead in found.leads {
            let base = self.base;
            self.seen.keep(Lead { start: lead.start + base, end: lead.end + base, ..lead });
        }
    }
}

impl Leads {
    /// No rule saw anything, whosever text it is.
    pub fn is_empty(&self) -> bool {
        self.0.leads.is_empty()
    }

    /// Encoded text within encoded text within encoded text was there, and was not read.
    pub const fn too_deep(&self) -> bool {
        self.0.too_deep
    }

    /// What they say of a text of this role, the gravest first.
    pub fn signals(&self, role: Role) -> Vec<Signal> {
        let weighed = |lead: &Lead| lead.score.max(0.0) * lead.rule.roles[role as usize];
        // Several ways at once are graver than each by itself.
        let grave = self.0.leads.iter().filter(|lead| weighed(lead) >= RiskLevel::LOW).count();
        let company = 0.08 * (grave.saturating_sub(1).min(3) as f32);
        let mut signals: Vec<Signal> = self
            .0
            .leads
            .iter()
            .filter_map(|lead| {
                let weight = weighed(lead);
                let score = if weight >= RiskLevel::LOW { weight + company } else { weight };
                let score = (score.min(0.99) * 100.0).round() / 100.0;
                RiskLevel::of(score)?;
                Some(Signal {
                    kind: lead.kind,
                    score,
                    rule: lead.rule.id,
                    why: lead.rule.why,
                    start: lead.start,
                    end: lead.end,
                })
            })
            .collect();
        signals
            .sort_by(|a, b| b.score.total_cmp(&a.score).then(a.start.cmp(&b.start)).then(a.rule.cmp(b.rule)));
        signals
    }
}
