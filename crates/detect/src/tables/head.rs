//! The heads of a table's columns: whether a line is one of heads, and which of them say something.

use crate::assignment::{Kind, key};
use crate::fold::{Fold, fold};
use crate::index::Index;
use crate::labelled::{self, Of};

/// Longest line of heads, in bytes.
pub const LINE: usize = 1024;
/// Most columns.
const COLUMNS: usize = 64;
/// Longest head, in bytes and in words.
const HEAD: usize = 40;
const WORDS: usize = 4;
/// What may stand in a head beside letters and digits, and around it.
const MARKS: &[u8] = b" _-./()#\"'*`";

/// A table's columns.
#[derive(Debug)]
pub struct Heads {
    /// What parts them.
    mark: u8,
    /// Those that say something.
    heads: Vec<Option<Head>>,
}

/// What stands above a column, and says what its cells are.
#[derive(Debug)]
pub struct Head {
    text: String,
    /// What a cell must have to be worth reading.
    needs: Needs,
    secret: bool,
    /// It says that the table is about somebody: a list of cities or firms alone is common knowledge.
    tells: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Needs {
    Letter,
    Digit,
    Nothing,
}

impl Heads {
    /// The heads that `line` is. Most lines are none, and most of those say so in their first word or two.
    pub fn read(index: &Index, line: &[u8]) -> Option<Self> {
        let mark = mark_of(line)?;
        if line.len() > LINE {
            return None;
        }
        let text = std::str::from_utf8(line).ok()?;
        let mut heads = Vec::new();
        let mut set_off = false;
        for (number, cell) in text.split(char::from(mark)).enumerate() {
            let plain = plain(cell);
            let head = bare(plain.trim());
            let parts_words = matches!(mark, b',' | b';');
            if number == COLUMNS || !is_head(head, !parts_words) {
                return None;
            }
            set_off |= number > 0 && cell.starts_with(' ');
            heads.push(Head::new(index, head));
        }
        let telling = heads.iter().flatten().count();
        let tells = heads.iter().flatten().any(|head| head.tells);
        // Commas with blanks behind them also part the words of a sentence.
        let least = if matches!(mark, b',' | b';') && set_off { 2 } else { 1 };
        (heads.len() > 1 && telling >= least && tells).then_some(Self { mark, heads })
    }

    pub fn mark(&self) -> u8 {
        self.mark
    }

    pub fn get(&self, column: usize) -> Option<&Head> {
        self.heads.get(column)?.as_ref()
    }

    /// Whether a line of so many cells is a row of this table. Rows may be ragged: values have marks of their own.
    pub fn have_row(&self, cells: usize, line: &[u8]) -> bool {
        cells > 1 && cells * 2 >= self.heads.len() || is_rule(line)
    }
}

impl Head {
    fn new(index: &Index, text: &str) -> Option<Self> {
        if text.is_empty() {
            return None;
        }
        let bytes = text.as_bytes();
        let (label, word) = (labelled::label(bytes), index.words.tell_something(bytes));
        let secret = !matches!(key::kind(bytes), Kind::Open | Kind::Value | Kind::Type | Kind::Weak);
        let needs = match (label, word) {
            _ if secret => Needs::Nothing,
            (None, false) => return None,
            (Some(_), false) => Needs::Letter,
            (None, true) => Needs::Digit,
            (Some(_), true) => Needs::Nothing,
        };
        let tells = secret || !matches!(label, Some(Of::City | Of::Company | Of::Organization));
        Some(Self { text: text.to_owned(), needs, secret, tells })
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// The cells are passwords or keys.
    pub fn is_secret(&self) -> bool {
        self.secret
    }

    /// Whether `cell` may be what the head says.
    pub fn may_name(&self, cell: &str) -> bool {
        let has = |wanted: fn(char) -> bool| cell.chars().any(wanted);
        match self.needs {
            Needs::Letter => has(char::is_alphabetic),
            Needs::Digit => has(char::is_numeric),
            Needs::Nothing => !cell.is_empty(),
        }
    }
}

/// The mark that parts the cells of `line`, if its first cell may be a head.
fn mark_of(line: &[u8]) -> Option<u8> {
    for byte in line.iter().take(HEAD + 8) {
        match byte {
            b'\t' | b'|' | b';' | b',' => return Some(*byte),
            byte if byte.is_ascii_alphanumeric() || !byte.is_ascii() || MARKS.contains(byte) => {}
            _ => return None,
        }
    }
    None
}

/// A cell without what nobody sees, such as the mark that spreadsheets put before everything, and with the usual form of
/// characters that have others.
fn plain(cell: &str) -> String {
    let seen = |character| match fold(character) {
        Fold::Drop => None,
        Fold::To(usual) => Some(char::from(usual)),
        Fold::Keep | Fold::LookAlike(_) => Some(character),
    };
    cell.chars().filter_map(seen).collect()
}

/// A cell without quotes and emphasis.
fn bare(cell: &str) -> &str {
    let inner = |around: &&str| cell.strip_prefix(*around)?.strip_suffix(*around);
    ["\"", "'", "`", "**", "*", "__"].iter().find_map(inner).unwrap_or(cell)
}

/// Whether a cell, trimmed, may be a head.
fn is_head(cell: &str, may_be_empty: bool) -> bool {
    let Some(first) = cell.chars().next() else { return may_be_empty };
    let fits = |sign: char| sign.is_alphanumeric() || " _-./()#'".contains(sign);
    cell.len() <= HEAD
        && (first.is_alphabetic() || first == '_' || first == '#')
        && cell.chars().all(fits)
        && cell.split(' ').count() <= WORDS
}

/// Whether the line only rules off what is above it.
fn is_rule(line: &[u8]) -> bool {
    // Of a longer one not all of it is at hand in every cutting.
    (3..=LINE).contains(&line.len())
        && line.iter().all(|byte| b"-+|:=\t \r".contains(byte))
        && line.contains(&b'-')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entities::STANDARD;

    #[test]
    fn heads_are_known_and_sentences_are_none() {
        let index = Index::new(STANDARD);
        for line in [
            "name,email,ssn",
            "id;Name;Telefon",
            "| Name | Passport |",
            " name | ssn ",
            "first_name\tlast_name",
            "\"Full Name\",\"Card number\"\r",
            "sku,password",
            "| **Name** | `ssn` |",
            "| Company | Phone |",
            "\u{feff}id,password",
            "id,pass\u{200b}word",
            "ｉｄ,ｐａｓｓｗｏｒｄ",
            "姓名,电话",
        ] {
            assert!(Heads::read(&index, line.as_bytes()).is_some(), "{line}");
        }
        for line in [
            "",
            "name",
            "Hello, this is a sentence, with some commas in it and more words than a head has.",
            "Dear Anna, thanks",
            "Well, my name, is",
            "let name = x, phone;",
            "price,colour,size",
            "1,2,3",
            "name,4155550132",
            "a | b",
            "'alias|bg|pass|read|type",
            "| City | Population |",
            "Company,Revenue,Employees",
        ] {
            assert!(Heads::read(&index, line.as_bytes()).is_none(), "{line}");
        }
    }
}
