//! Which rules may begin at a place, by its first four bytes: one look into a table, however many rules there are.
//!
//! Promises: a byte that is not there yet rules nothing out, so how a text is cut changes no answer; a rule that is left
//! out would find nothing.

use std::collections::HashMap;

use crate::alphabet::sets;
use crate::definition::Rule;
use crate::probe::Probe;

/// Bytes behind the first that are looked at.
pub const BEHIND: usize = 3;

#[derive(Debug)]
pub struct Heads {
    /// By byte: its row, of those with which the same rules begin.
    rows: [u8; 256],
    /// By byte: its kind, as far as rules tell bytes apart behind the first. 0 is one that is not there yet.
    kinds: [u8; 256],
    /// Kinds there are.
    count: usize,
    /// By row and the kinds of three bytes: where in `order` the rules stand.
    spans: Vec<(u16, u16)>,
    order: Vec<u16>,
}

impl Heads {
    /// The rules by number, without those of long words.
    pub fn new<'a>(rules: impl Iterator<Item = &'a Rule> + Clone) -> Self {
        let told_apart =
            rules.clone().flat_map(|rule| rule.heads.iter().flatten()).fold(0, |all, one| all | one);
        // What is known of a byte of each kind: all of it of one that is not there.
        let mut known = vec![u16::MAX];
        let kinds = std::array::from_fn(|byte| {
            let sets = sets(byte as u8) & told_apart;
            let kind = known[1..].iter().position(|other| *other == sets).unwrap_or_else(|| {
                known.push(sets);
                known.len() - 2
            });
            kind as u8 + 1
        });
        let mut begun: Vec<Vec<(u16, &Rule)>> = Vec::new();
        let rows = std::array::from_fn(|byte| {
            let begin: Vec<(u16, &Rule)> = (0..)
                .zip(rules.clone())
                .filter(|(_, rule)| !rule.long && rule.begins_with(byte as u8))
                .collect();
            let same = |other: &Vec<(u16, &Rule)>| {
                other.iter().map(|(number, _)| number).eq(begin.iter().map(|(number, _)| number))
            };
            let row = begun.iter().position(same).unwrap_or(begun.len());
            if row == begun.len() {
                begun.push(begin);
            }
            row as u8
        });
        let mut order: Vec<u16> = Vec::new();
        let mut placed: HashMap<Vec<u16>, (u16, u16)> = HashMap::new();
        let mut spans: Vec<(u16, u16)> = Vec::new();
        for begin in &begun {
            // Most rules say nothing of what is behind the first byte.
            let told = begin.iter().any(|(_, rule)| !rule.heads.is_empty());
            for combination in 0..known.len().pow(BEHIND as u32) {
                if let Some(span) = spans.last().copied()
                    && combination > 0
                    && !told
                {
                    spans.push(span);
                    continue;
                }
                let kinds = [
                    combination / (known.len() * known.len()),
                    combination / known.len() % known.len(),
                    combination % known.len(),
                ];
                let asked = begin
                    .iter()
                    .filter(|(_, rule)| rule.goes_on_with(kinds.map(|kind| known[kind])))
                    .map(|(number, _)| *number);
                let span = match spans.last() {
                    // Often the same as beside it.
                    Some((from, to))
                        if asked.clone().eq(order[usize::from(*from)..usize::from(*to)].iter().copied()) =>
                    {
                        (*from, *to)
                    }
                    _ => *placed.entry(asked.collect()).or_insert_with_key(|asked: &Vec<u16>| {
                        let from = order.len() as u16;
                        order.extend(asked);
                        (from, order.len() as u16)
                    }),
                };
                spans.push(span);
            }
        }
        Self { rows, kinds, count: known.len(), spans, order }
    }

    /// The rules that may begin at the start.
    #[inline]
    pub fn at(&self, probe: &Probe<'_>) -> &[u16] {
        let kind = |i: usize| match probe.text.get(probe.at + i) {
            Some(byte) => usize::from(self.kinds[usize::from(*byte)]),
            None if probe.last => usize::from(self.kinds[0]),
            None => 0,
        };
        let row = usize::from(self.rows[usize::from(probe.text[probe.at])]);
        let place = ((row * self.count + kind(1)) * self.count + kind(2)) * self.count + kind(3);
        let (from, to) = self.spans[place];
        &self.order[usize::from(from)..usize::from(to)]
    }
}
