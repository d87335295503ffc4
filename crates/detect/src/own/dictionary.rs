//! Words of a dictionary: tens of thousands of literal terms under one name.
//!
//! Promises: a term is found as a whole word, blanks in it stand for up to [`BLANKS`] white-space characters. A start costs
//! a hash of its first word and a look into a bit set, and where that says maybe, a walk down the sorted terms that ends
//! with the last one still possible. Text before a term that is still possible is not decided.

use std::sync::Arc;

use countersign_model::own_entity::DictionaryText;

use super::boundary;
use super::name::entity;
use super::{BYTES, Fault, Place, TERMS};
use crate::Entity;
use crate::alphabet::{SPACE, WORD, within};
use crate::probe::{Hit, Need, Probe};

/// Shortest and longest term, in bytes.
const LEAST: usize = 3;
const LONGEST: usize = 256;
/// Most white-space characters that are one blank of a term.
const BLANKS: usize = 8;
/// Most bytes of a first word that are hashed.
const HASHED: usize = 32;

/// A dictionary, ready to be looked up in. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Dictionary(Arc<Sorted>);

struct Sorted {
    entity: Entity,
    ignore_case: bool,
    /// All terms, sorted, one behind the other.
    text: Box<[u8]>,
    /// Where each ends.
    ends: Box<[u32]>,
    begins: [bool; 256],
    /// A bit for each key that a term may have.
    keys: Box<[u64]>,
}

impl std::fmt::Debug for Sorted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} terms of {}", self.ends.len(), self.entity.name())
    }
}

/// What the first word at a start, or the first characters where no word begins, can be looked up by.
#[derive(Debug, Clone, Copy)]
pub struct Keys([u32; 2]);

impl Dictionary {
    pub fn new(text: &DictionaryText) -> Result<Self, Fault> {
        let entity = entity(&text.name)?;
        let mut terms = Vec::with_capacity(text.terms.len());
        let mut bytes = 0;
        for (number, term) in text.terms.iter().enumerate() {
            let fault = |message: &str| Fault { place: Place::Term(number + 1), message: message.to_owned() };
            let term = term.split_whitespace().collect::<Vec<_>>().join(" ");
            if !(LEAST..=LONGEST).contains(&term.len()) {
                return Err(fault("A term has 3 to 256 bytes."));
            }
            if term.chars().any(char::is_control) {
                return Err(fault("A term has no control characters."));
            }
            if !term.contains(char::is_alphanumeric) {
                return Err(fault("A term has a letter or a digit."));
            }
            bytes += term.len();
            terms.push(if text.ignore_case { term.chars().map(small).collect() } else { term });
        }
        if terms.is_empty() || terms.len() > TERMS || bytes > BYTES {
            let message = format!("A dictionary has 1 to {TERMS} terms, and at most 8 MiB.");
            return Err(Fault { place: Place::Whole, message });
        }
        terms.sort_unstable();
        terms.dedup();
        // Sixteen bits a term: one start in sixteen or fewer is looked at in vain.
        let mut keys = vec![0; (terms.len() * 16).next_power_of_two().max(64) / 64].into_boxed_slice();
        let mut begins = [false; 256];
        let mut sorted = Vec::with_capacity(bytes);
        let mut ends = Vec::with_capacity(terms.len());
        for term in &terms {
            let key = Keys::of(term);
            let (lane, bit) = place(&keys, key);
            keys[lane] |= bit;
            let first = term.chars().next().unwrap_or_default();
            for spelled in [Some(first), text.ignore_case.then(|| large(first))].into_iter().flatten() {
                begins[usize::from(spelled.encode_utf8(&mut [0; 4]).as_bytes()[0])] = true;
            }
            sorted.extend_from_slice(term.as_bytes());
            ends.push(sorted.len() as u32);
        }
        Ok(Self(Arc::new(Sorted {
            entity,
            ignore_case: text.ignore_case,
            text: sorted.into(),
            ends: ends.into(),
            begins,
            keys,
        })))
    }

    pub fn entity(&self) -> Entity {
        self.0.entity
    }

    pub fn terms(&self) -> usize {
        self.0.ends.len()
    }

    pub fn bytes(&self) -> usize {
        self.0.text.len()
    }

    #[inline]
    pub fn begins_with(&self, byte: u8) -> bool {
        self.0.begins[usize::from(byte)]
    }

    /// The longest term that stands at the start, of which `keys` are the keys.
    pub fn recognise(&self, probe: &Probe<'_>, keys: &Keys) -> Result<Option<(Entity, Hit)>, Need> {
        let sorted = &*self.0;
        let may = keys.0.iter().any(|key| {
            let (lane, bit) = place(&sorted.keys, *key);
            sorted.keys[lane] & bit != 0
        });
        if !may || !boundary::begins(probe)? {
            return Ok(None);
        }
        let length = sorted.walk(probe)?;
        Ok((length > 0).then(|| (sorted.entity, Hit::pattern(length, 0.9))))
    }
}

impl Sorted {
    fn term(&self, number: usize) -> &[u8] {
        let from = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[from as usize..self.ends[number] as usize]
    }

    /// Bytes of the longest term; 0: none.
    fn walk(&self, probe: &Probe<'_>) -> Result<usize, Need> {
        let (mut from, mut to) = (0, self.ends.len());
        let (mut depth, mut i, mut best) = (0, 0, 0);
        loop {
            let mut seen = [0; 4];
            let (length, read) = self.character(probe, i, &mut seen)?;
            for byte in &seen[..length] {
                // The shortest sorts first; it has no byte here.
                from += usize::from(from < to && self.term(from).len() == depth);
                let (low, high) = (from, to);
                from = low + self.partition(low, high, |term| term[depth] < *byte);
                to = from + self.partition(from, high, |term| term[depth] == *byte);
                if from == to {
                    return Ok(best);
                }
                depth += 1;
            }
            i += read;
            if self.term(from).len() == depth && boundary::ends(probe, i)? {
                best = i;
            }
        }
    }

    /// How many of the terms `low..high` from the first fit.
    fn partition(&self, low: usize, high: usize, fits: impl Fn(&[u8]) -> bool) -> usize {
        let (mut less, mut more) = (low, high);
        while less < more {
            let middle = usize::midpoint(less, more);
            if fits(self.term(middle)) { less = middle + 1 } else { more = middle }
        }
        less - low
    }

    /// The character at `i` as terms are written: how many bytes of `seen` that are, and how many of the text.
    fn character(&self, probe: &Probe<'_>, i: usize, seen: &mut [u8; 4]) -> Result<(usize, usize), Need> {
        let first = probe.get(i)?;
        if within(first, SPACE) {
            seen[0] = b' ';
            return Ok((1, probe.run(i, SPACE, BLANKS)?));
        }
        read(probe, i, self.ignore_case, seen)
    }
}

/// The character at `i`, in small letters if wanted: how many bytes of `seen` that are, and as many of the text.
fn read(probe: &Probe<'_>, i: usize, ignore_case: bool, seen: &mut [u8; 4]) -> Result<(usize, usize), Need> {
    let first = probe.get(i)?;
    if first < 0x80 {
        seen[0] = if ignore_case { first.to_ascii_lowercase() } else { first };
        return Ok((1, 1));
    }
    let length = match first {
        0xF0.. => 4,
        0xE0.. => 3,
        _ => 2,
    };
    for (k, byte) in seen.iter_mut().enumerate().take(length) {
        *byte = probe.get(i + k)?;
    }
    if ignore_case
        && let Ok(text) = std::str::from_utf8(&seen[..length])
        && let Some(character) = text.chars().next()
    {
        small(character).encode_utf8(seen);
    }
    Ok((length, length))
}

/// In small letters, if that has as many bytes.
fn small(character: char) -> char {
    let mut small = character.to_lowercase();
    match (small.next(), small.next()) {
        (Some(one), None) if one.len_utf8() == character.len_utf8() => one,
        _ => character,
    }
}

fn large(character: char) -> char {
    character.to_uppercase().next().filter(|large| small(*large) == character).unwrap_or(character)
}

const SEED: u32 = 0x811C_9DC5;

const fn mixed(hash: u32, byte: u8) -> u32 {
    (hash ^ byte as u32).wrapping_mul(0x0100_0193)
}

/// Where the bit of a key is.
fn place(keys: &[u64], key: u32) -> (usize, u64) {
    let bit = (key.wrapping_mul(0x9E37_79B1) >> 7) as usize & (keys.len() * 64 - 1);
    (bit / 64, 1 << (bit % 64))
}

impl Keys {
    /// The key of a term: of its first word, without case and letters that are not ASCII; if it begins with none, of its
    /// first six bytes or, if it has fewer, three.
    fn of(term: &str) -> u32 {
        let bytes = term.as_bytes();
        if within(bytes[0], WORD) {
            return Self::word(bytes.iter().copied().take_while(|byte| within(*byte, WORD)).take(HASHED));
        }
        let (mut hash, mut count) = (SEED, 0);
        let mut short = 0;
        for character in term.chars().map(small) {
            for byte in character.encode_utf8(&mut [0; 4]).bytes() {
                hash = mixed(hash, byte);
            }
            count += character.len_utf8();
            if short == 0 && count >= 3 {
                short = hash;
            }
            if count >= 6 {
                return hash;
            }
        }
        !short
    }

    fn word(bytes: impl Iterator<Item = u8>) -> u32 {
        bytes.filter(u8::is_ascii).fold(SEED, |hash, byte| mixed(hash, byte.to_ascii_lowercase()))
    }

    /// The keys of what stands at the start.
    pub fn at(probe: &Probe<'_>) -> Result<Self, Need> {
        if probe.is(0, WORD)? {
            let length = probe.run(0, WORD, HASHED)?;
            let key = Self::word(probe.text[probe.at..probe.at + length].iter().copied());
            return Ok(Self([key; 2]));
        }
        let (mut hash, mut count) = (SEED, 0);
        let mut short = 0;
        while count < 6 {
            let mut seen = [0; 4];
            // After the end of the text NUL follows, which no term has.
            let blank = count > 0 && probe.is(count, SPACE)?;
            let (length, _) = if blank { (1, 1) } else { read(probe, count, true, &mut seen)? };
            if blank {
                seen[0] = b' ';
            }
            for byte in &seen[..length] {
                hash = mixed(hash, *byte);
            }
            count += length;
            if short == 0 && count >= 3 {
                short = !hash;
            }
        }
        Ok(Self([short, hash]))
    }
}
