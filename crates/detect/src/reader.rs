//! Reads one text in every form it may be meant in: as it stands, plainly where something is disguised, and by column
//! where it is a table.
//!
//! Promises: for every cutting the same is found. What is before the frontier is decided in all readings. Places are
//! bytes of the text as given; a match never begins or ends inside an escape.

use crate::index::Index;
use crate::merge::Merge;
use crate::plain::Plain;
use crate::scanner::{Found, Scanner, Window};
use crate::tables::Tables;
use crate::topics::Said;
use crate::watch::{Trigger, Watch};

/// Escapes remembered before those that are decided are dropped.
const SLACK: usize = 64;

#[derive(Debug)]
pub struct Reader {
    raw: Scanner,
    /// A cell has none.
    tables: Option<Tables>,
    watch: Watch,
    plain: Option<Plain>,
    /// The plain readings before had decided everything before.
    plain_floor: usize,
    /// Found in plain readings.
    plainly: Vec<Found>,
    /// Escapes met of late.
    escapes: Vec<(usize, usize)>,
    /// Matches of `raw` whose beginning was looked at.
    settled: usize,
    merge: Merge,
    frontier: usize,
    #[cfg(test)]
    reads_before: u64,
}

impl Default for Reader {
    fn default() -> Self {
        Self::new(Scanner::default(), Some(Tables::default()))
    }
}

impl Reader {
    fn new(raw: Scanner, tables: Option<Tables>) -> Self {
        Self {
            raw,
            tables,
            watch: Watch::default(),
            plain: None,
            plain_floor: 0,
            plainly: Vec::new(),
            escapes: Vec::new(),
            settled: 0,
            merge: Merge::default(),
            frontier: 0,
            #[cfg(test)]
            reads_before: 0,
        }
    }

    /// Reads text that was found in so many codings, behind what was `said`.
    pub fn within(depth: u8, said: Said) -> Self {
        Self::new(Scanner::within(depth, said), Some(Tables::within(depth)))
    }

    /// Reads a column's head and a cell of it, in a text that was found in so many codings.
    pub fn of_cell(depth: u8) -> Self {
        Self::new(Scanner::within(depth, Said::default()), None)
    }

    /// Everything before is decided and may be released or masked.
    pub fn frontier(&self) -> usize {
        self.frontier
    }

    /// By start, never overlapping. The last may still grow, up to the frontier at least.
    pub fn found(&self) -> &[Found] {
        self.merge.united()
    }

    #[cfg(test)]
    pub fn reads(&self) -> u64 {
        self.raw.reads() + self.reads_before + self.plain.as_ref().map_or(0, Plain::reads)
    }

    /// Decides as much of the window as can be.
    pub fn advance(&mut self, index: &Index, window: Window<'_>) {
        loop {
            let (upto, trigger) = self.watch.advance(window, self.plain.as_mut().map(Plain::until));
            let text = &window.text[..upto - window.base];
            let seen = Window { text, last: window.last && trigger.is_none(), ..window };
            self.scan(index, seen);
            match trigger {
                Some(trigger) => self.disguised(trigger, window),
                None => break,
            }
        }
        if let Some(tables) = &mut self.tables {
            tables.advance(index, window);
        }
        let end = window.base + window.text.len();
        self.frontier = if window.last {
            end
        } else {
            let tables = self.tables.as_ref().map_or(end, Tables::frontier);
            self.plain.as_ref().map_or(end, Plain::frontier).min(self.raw.head()).min(tables)
        };
        // What its column says of a cell goes before what its neighbours say.
        let by_column = self.tables.as_ref().map_or(&[][..], Tables::found);
        self.merge.advance(&[by_column, self.raw.found(), &self.plainly], self.frontier);
        if self.escapes.len() > SLACK {
            let frontier = self.frontier;
            self.escapes.retain(|(_, end)| *end > frontier);
        }
    }

    /// Brings every reading to the end of the window.
    fn scan(&mut self, index: &Index, window: Window<'_>) {
        if let Some(plain) = &mut self.plain {
            plain.advance(index, window, &mut self.escapes, &mut self.plainly);
            if plain.is_done() {
                self.plain_floor = plain.frontier();
                #[cfg(test)]
                {
                    self.reads_before += plain.reads();
                }
                self.plain = None;
            }
        }
        self.raw.advance(index, window, usize::MAX);
        // The letter of an escape is no letter of the text: a match that begins with it begins behind the escape.
        for found in &mut self.raw.found_mut()[self.settled..] {
            let before = self.escapes.partition_point(|(start, _)| *start < found.start);
            if let Some((_, end)) = before.checked_sub(1).map(|before| self.escapes[before])
                && found.start < end
            {
                found.start = end;
            }
        }
        self.settled = self.raw.found().len();
    }

    fn disguised(&mut self, trigger: Trigger, window: Window<'_>) {
        if let Some(plain) = &mut self.plain {
            plain.extend(trigger);
        } else {
            let start = self.raw.head().max(self.plain_floor);
            self.plain = Some(Plain::open(start, &self.raw, window, trigger));
        }
    }
}
