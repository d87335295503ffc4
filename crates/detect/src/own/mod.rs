//! What an administrator looks for besides the standard entities: words of dictionaries, and patterns.
//!
//! Promises: found by the same scanner, with the same boundaries, in every cutting and disguise as everything else. At
//! one start the longest match wins, then a pattern before a word, then what was given first; and one's own before a
//! standard entity of equal length. Text in which none can begin pays one look at a table.

mod boundary;
mod custom;
mod dictionary;
mod fault;
mod name;

pub use countersign_model::own_entity::{CustomText, DictionaryText};
pub use custom::Custom;
pub use dictionary::Dictionary;
pub use fault::{Fault, Place};
pub use name::OwnName;
pub(crate) use name::foreign;

use crate::Entity;
use crate::probe::{Hit, Need, Probe};
use crate::topics::Words;

/// Most dictionaries, and most patterns.
pub const MOST: usize = 64;
/// Most terms of all dictionaries, and their bytes.
pub const TERMS: usize = 100_000;
pub const BYTES: usize = 8 << 20;

#[derive(Debug)]
pub struct Own {
    customs: Vec<Custom>,
    dictionaries: Vec<Dictionary>,
    /// Whether something may begin with the byte.
    begins: [bool; 256],
    words: Words,
}

impl Own {
    pub fn new(customs: &[Custom], dictionaries: &[Dictionary]) -> Result<Self, Fault> {
        let whole = |message: String| Fault { place: Place::Whole, message };
        if customs.len() > MOST || dictionaries.len() > MOST {
            return Err(whole(format!("At most {MOST} dictionaries and {MOST} patterns.")));
        }
        let terms: usize = dictionaries.iter().map(Dictionary::terms).sum();
        let bytes: usize = dictionaries.iter().map(Dictionary::bytes).sum();
        if terms > TERMS || bytes > BYTES {
            return Err(whole(format!("At most {TERMS} terms and 8 MiB in all dictionaries together.")));
        }
        let mut begins = [false; 256];
        for byte in 0..=u8::MAX {
            begins[usize::from(byte)] = customs.iter().any(|custom| custom.begins_with(byte))
                || dictionaries.iter().any(|dictionary| dictionary.begins_with(byte));
        }
        let phrases = customs
            .iter()
            .enumerate()
            .flat_map(|(number, custom)| custom.words().iter().map(move |word| (word.as_str(), number)));
        let words = Words::of(phrases);
        Ok(Self { customs: customs.to_vec(), dictionaries: dictionaries.to_vec(), begins, words })
    }

    #[inline]
    pub fn begins_with(&self, byte: u8) -> bool {
        self.begins[usize::from(byte)]
    }

    /// The best match at the start.
    pub fn recognise(&self, probe: &Probe<'_>) -> Result<Option<(Entity, Hit)>, Need> {
        let first = probe.get(0)?;
        if !self.begins_with(first) {
            return Ok(None);
        }
        let mut best: Option<(Entity, Hit)> = None;
        let mut take = |found: Option<(Entity, Hit)>| {
            if let Some((entity, hit)) = found
                && best.is_none_or(|(_, other)| hit.length > other.length)
            {
                best = Some((entity, hit));
            }
        };
        for (number, custom) in self.customs.iter().enumerate() {
            if custom.begins_with(first) {
                take(custom.recognise(probe, &self.words, number)?);
            }
        }
        let mut keys = None;
        for dictionary in &self.dictionaries {
            if dictionary.begins_with(first) {
                let keys = match keys {
                    Some(keys) => keys,
                    None => *keys.insert(dictionary::Keys::at(probe)?),
                };
                take(dictionary.recognise(probe, &keys)?);
            }
        }
        Ok(best)
    }
}
