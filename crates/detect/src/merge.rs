//! Unites what several readings of one text found.
//!
//! Promises: a function of the text: a match is taken once every reading has decided its start, by start, then the
//! one still open, then the longest, then the reading that undid least. Matches that overlap are masked as one.

use crate::scanner::Found;

/// Matches united, by start, never overlapping.
#[derive(Debug, Default)]
pub struct Merge {
    united: Vec<Found>,
    /// By reading: how many of its matches were taken, and whether the last of them is part of the last united.
    taken: Vec<(usize, bool)>,
}

impl Merge {
    pub fn united(&self) -> &[Found] {
        &self.united
    }

    /// Takes from each of `readings` what begins before `frontier`.
    pub fn advance(&mut self, readings: &[&[Found]], frontier: usize) {
        self.taken.resize(readings.len(), (0, false));
        if let Some(last) = self.united.last_mut() {
            for (found, (taken, shared)) in readings.iter().zip(&self.taken) {
                if *shared {
                    last.end = last.end.max(found[taken - 1].end);
                }
            }
        }
        while let Some((reading, found)) = self.next(readings)
            && found.start < frontier
        {
            self.taken[reading].0 += 1;
            if found.start >= found.end {
                // It is nothing, and no part of what this reading found before.
                self.taken[reading].1 = false;
                continue;
            }
            match self.united.last_mut() {
                Some(last) if found.start < last.end => last.end = last.end.max(found.end),
                _ => {
                    self.united.push(found);
                    self.taken.iter_mut().for_each(|(_, shared)| *shared = false);
                }
            }
            self.taken[reading].1 = true;
        }
    }

    fn next(&self, readings: &[&[Found]]) -> Option<(usize, Found)> {
        let mut best: Option<(usize, Found)> = None;
        for (reading, (found, (taken, _))) in readings.iter().zip(&self.taken).enumerate() {
            if let Some(found) = found.get(*taken)
                && best.is_none_or(|(_, best)| is_before(found, &best))
            {
                best = Some((reading, *found));
            }
        }
        best
    }
}

fn is_before(one: &Found, other: &Found) -> bool {
    (one.start, !one.latched, other.certain) < (other.start, !other.latched, one.certain)
}
