//! A search for several literals at once over characters that arrive one by one, each with the bytes it was written as.
//!
//! Promises: what comes out is what went in with each occurrence replaced; it depends on the characters only, not on
//! how they were cut; held back is what may still begin an occurrence, and nothing else.

use std::{collections::VecDeque, sync::Arc};

use super::spellings::Spelling;

/// Searches for all of them (Knuth, Morris and Pratt, side by side: they are few). Cheap to clone.
#[derive(Debug, Clone)]
pub struct Search {
    set: Arc<Set>,
    /// How many of the last characters match, by literal.
    matched: Vec<usize>,
    /// The bytes of the held-back characters, and how many each took.
    held: VecDeque<u8>,
    lengths: VecDeque<usize>,
}

#[derive(Debug)]
struct Set {
    literals: Vec<Literal>,
    /// Bytes that begin a literal.
    begins: [bool; 256],
}

#[derive(Debug)]
struct Literal {
    spelling: Spelling,
    /// `fall[i]`: length of the longest proper border of the first `i + 1` bytes.
    fall: Vec<usize>,
}

/// A character that no literal holds.
pub const NEVER: u16 = 256;

impl Search {
    pub fn new(spellings: Vec<Spelling>) -> Self {
        let mut begins = [false; 256];
        for spelling in &spellings {
            if let Some(&first) = spelling.bytes.first() {
                begins[usize::from(first)] = true;
                if spelling.caseless {
                    begins[usize::from(first.to_ascii_uppercase())] = true;
                }
            }
        }
        let literals: Vec<_> = spellings.into_iter().map(Literal::new).collect();
        let matched = vec![0; literals.len()];
        let set = Arc::new(Set { literals, begins });
        Self { set, matched, held: VecDeque::new(), lengths: VecDeque::new() }
    }

    /// Nothing is searched for.
    pub fn is_open(&self) -> bool {
        self.matched.is_empty()
    }

    /// Nothing is held back, and `byte` begins nothing.
    pub fn passes(&self, byte: u8) -> bool {
        self.lengths.is_empty() && !self.set.begins[usize::from(byte)]
    }

    /// Takes a character: what it means, and how it was written. True: it completed an occurrence.
    pub fn character(&mut self, meant: u16, written: &[u8], out: &mut Vec<u8>) -> bool {
        self.held.extend(written);
        self.lengths.push_back(written.len());
        let byte = u8::try_from(meant).ok();
        let mut longest = 0;
        let mut complete = 0;
        for (literal, matched) in self.set.literals.iter().zip(&mut self.matched) {
            *matched = literal.step(*matched, byte);
            if *matched == literal.spelling.bytes.len() {
                complete = complete.max(*matched);
            }
            longest = longest.max(*matched);
        }
        if complete > 0 {
            self.release(complete, out);
            out.extend_from_slice(super::REPLACEMENT);
            self.held.clear();
            self.lengths.clear();
            self.matched.fill(0);
            return true;
        }
        self.release(longest, out);
        false
    }

    /// The end: releases what was held.
    pub fn finish(&mut self, out: &mut Vec<u8>) {
        self.release(0, out);
        self.matched.fill(0);
    }

    /// Lets all but the last `keep` characters go.
    fn release(&mut self, keep: usize, out: &mut Vec<u8>) {
        let passed: usize = self.lengths.drain(..self.lengths.len() - keep).sum();
        out.extend(self.held.drain(..passed));
    }
}

impl Literal {
    fn new(spelling: Spelling) -> Self {
        let fall = borders(&spelling.bytes);
        Self { spelling, fall }
    }

    /// How many characters match after one more.
    fn step(&self, mut matched: usize, byte: Option<u8>) -> usize {
        let Some(byte) = byte else { return 0 };
        let byte = if self.spelling.caseless { byte.to_ascii_lowercase() } else { byte };
        while matched > 0 && byte != self.spelling.bytes[matched] {
            matched = self.fall[matched - 1];
        }
        matched + usize::from(byte == self.spelling.bytes[matched])
    }
}

/// For each prefix, the length of its longest proper border.
fn borders(literal: &[u8]) -> Vec<usize> {
    let mut fall = vec![0; literal.len()];
    let mut border = 0;
    for at in 1..literal.len() {
        while border > 0 && literal[at] != literal[border] {
            border = fall[border - 1];
        }
        if literal[at] == literal[border] {
            border += 1;
        }
        fall[at] = border;
    }
    fall
}
