//! Tables as people paste them: a line of column heads, then rows, parted by commas, semicolons, tabs or bars.
//!
//! A cell under a head that says something reads as `head: cell`, by the same rules as a line that says so. Promises: a
//! function of the text, however it is cut; a cell is decided when it ends, and nothing is withheld but the cell that is
//! being read, [`CELL`] bytes of it at most. Text that is no table costs a look at the beginning of each line.
//! Never: says what a cell is; the rules do.

mod head;

use memchr::memchr;

use self::head::{Heads, LINE};
use crate::index::Index;
use crate::reader::Reader;
use crate::scanner::{Found, Window};

/// Most bytes of a cell that is read, and withheld for it.
const CELL: usize = 256;
/// Most bytes of a cell in quotes, within which marks and line ends part nothing.
const QUOTED: usize = 4096;

/// Finds tables in a text, and what is in their cells.
#[derive(Debug, Default)]
pub struct Tables {
    /// Bytes before were read.
    read: usize,
    /// What earlier windows held of the line at hand, as far as it may be one of heads.
    line: Vec<u8>,
    /// The columns, while the lines are rows.
    heads: Option<Heads>,
    row: Row,
    found: Vec<Found>,
    /// How many codings the text was found in.
    depth: u8,
    /// Room for a head and a cell.
    room: String,
}

/// How far a row is read.
#[derive(Debug, Default, Clone, Copy)]
struct Row {
    /// Marks before the cell.
    column: usize,
    /// Where the cell begins.
    cell: usize,
    quotes: Quotes,
    /// A backslash stands before the next byte: a bar behind it parts nothing (GitHub Flavored Markdown 4.10).
    escaped: bool,
}

/// What quotes have to do with a cell: they count where they begin it (RFC 4180, 2.5 to 2.7).
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Quotes {
    /// There were only blanks so far.
    #[default]
    Perhaps,
    None,
    Open,
    Closed,
}

impl Tables {
    /// In a text that was found in so many codings.
    pub fn within(depth: u8) -> Self {
        Self { depth, ..Self::default() }
    }

    /// By start, never overlapping.
    pub fn found(&self) -> &[Found] {
        &self.found
    }

    /// Everything before is decided.
    pub fn frontier(&self) -> usize {
        let told = self.heads.as_ref().is_some_and(|heads| heads.get(self.row.column).is_some());
        if told && self.read - self.row.cell <= CELL { self.row.cell } else { self.read }
    }

    /// Reads to the end of the window.
    pub fn advance(&mut self, index: &Index, window: Window<'_>) {
        let bytes = window.text.as_bytes();
        while let Some(rest) = bytes.get(self.read - window.base..).filter(|rest| !rest.is_empty()) {
            let mark = self.heads.as_ref().map(Heads::mark);
            let end = match mark {
                None => memchr(b'\n', rest),
                Some(mark) => self.read_row(index, window, rest, mark),
            };
            let Some(length) = end else {
                self.read += rest.len();
                if !window.last {
                    let room = (LINE + 1).saturating_sub(self.line.len());
                    self.line.extend(&rest[..room.min(rest.len())]);
                }
                break;
            };
            self.read += length + 1;
            self.end_line(index, &rest[..length]);
        }
        if window.last && self.heads.is_some() {
            self.end_cell(index, window, self.read);
            self.row.cell = self.read;
        }
    }

    /// Reads on to the end of the row, and gives its place in `rest`, which begins at `self.read`.
    fn read_row(&mut self, index: &Index, window: Window<'_>, rest: &[u8], mark: u8) -> Option<usize> {
        for (i, byte) in rest.iter().enumerate() {
            let place = self.read + i;
            let inside = self.row.quotes == Quotes::Open && place - self.row.cell <= QUOTED;
            let escaped = self.row.escaped;
            self.row.escaped = *byte == b'\\' && !escaped;
            self.row.quotes = match (*byte, self.row.quotes) {
                (b'\n', _) if !inside => {
                    self.end_cell(index, window, place);
                    return Some(i);
                }
                (byte, _) if byte == mark && !inside && !(byte == b'|' && escaped) => {
                    self.end_cell(index, window, place);
                    self.row.column += 1;
                    self.row.cell = place + 1;
                    Quotes::Perhaps
                }
                (b'"', Quotes::Perhaps | Quotes::Closed) => Quotes::Open,
                (b'"', Quotes::Open) => Quotes::Closed,
                (b' ', Quotes::Perhaps) => Quotes::Perhaps,
                (_, Quotes::Perhaps) => Quotes::None,
                (_, quotes) => quotes,
            };
        }
        None
    }

    /// Takes the end of a line, of which `rest` is what the window holds of it.
    fn end_line(&mut self, index: &Index, rest: &[u8]) {
        let earlier = std::mem::take(&mut self.line);
        let whole;
        let line = if earlier.is_empty() {
            rest
        } else {
            whole = [&earlier, rest].concat();
            &whole
        };
        self.heads = match self.heads.take() {
            Some(heads) if heads.have_row(self.row.column + 1, line) => Some(heads),
            // A line that is no row may be the heads of the next table.
            _ => Heads::read(index, line),
        };
        self.row = Row { cell: self.read, ..Row::default() };
    }

    /// Takes what is in the cell that ends at `end`.
    fn end_cell(&mut self, index: &Index, window: Window<'_>, end: usize) {
        let start = self.row.cell;
        let Some(head) = self.heads.as_ref().and_then(|heads| heads.get(self.row.column)) else { return };
        if end - start > CELL {
            return;
        }
        // It was withheld, so it is all there.
        let Some(cell) = window.text.get(start.wrapping_sub(window.base)..end - window.base) else { return };
        let value = cell.trim();
        let value = value.strip_prefix('"').and_then(|inner| inner.strip_suffix('"')).unwrap_or(value);
        if !head.may_name(value) {
            return;
        }
        let value_at = start + (value.as_ptr() as usize - cell.as_ptr() as usize);
        self.room.clear();
        self.room.extend([head.text(), ": "]);
        let before = self.room.len();
        self.room.push_str(value);
        let mut reader = Reader::of_cell(self.depth);
        reader.advance(index, Window { text: &self.room, base: 0, last: true });
        // A secret without blanks is one, whatever marks it has.
        let whole = head.is_secret() && !value.contains(char::is_whitespace);
        let found = reader.found().iter().filter(|found| found.end > before).map(|found| {
            let place = |at: usize| value_at + at.max(before) - before;
            let (start, end) = if whole {
                (value_at, value_at + value.len())
            } else {
                (place(found.start), place(found.end))
            };
            Found { start, end, certain: end, latched: false, ..*found }
        });
        self.found.extend(found.take(if whole { 1 } else { CELL }));
    }
}
