//! How an entity is defined: where it may begin, how it is recognised, and samples of both kinds.
//!
//! Promise: a definition is data and pure functions. Its samples run as tests, alone and cut everywhere.

use crate::Entity;
use crate::alphabet::{DIGIT, LETTER, UPPER, within};
use crate::heads::BEHIND;
use crate::latch::Latch;
use crate::probe::{Hit, Need, Outcome, Probe};
use crate::shapes::Forms;

/// One entity.
#[derive(Debug)]
pub struct Definition {
    pub entity: Entity,
    /// What makes it one, for people: checks made, source of the form.
    pub about: &'static str,
    /// Texts that hold one or more, and the same masked.
    pub hits: &'static [(&'static str, &'static str)],
    /// Texts in which no rule at all finds anything.
    pub misses: &'static [&'static str],
    /// Words and phrases before a value that say it is one, in any spelling: `nhs number` is also `nhsNumber`.
    pub words: &'static [&'static str],
    pub(crate) rules: &'static [Rule],
    /// Ways to write it as a number of fixed form.
    pub(crate) forms: &'static [Forms],
}

#[derive(Debug)]
pub(crate) struct Rule {
    pub starts: Starts,
    pub matcher: Matcher,
    /// Also judges plain words: ASCII or Latin letters alone and then a `WORD_END`. Most text is plain words, and most rules
    /// say `false` here: they need a digit, a mark or a dot. Tests hold every rule to it.
    pub plain: bool,
    /// Begins with [`LONG`] bytes of base64 in either alphabet, of which few words of prose have so many.
    pub long: bool,
    /// These are letters and digits alone.
    pub unbroken: bool,
    /// Begins at a sign behind which a named value may stand.
    pub signed: bool,
    /// Sets of the second, third and fourth byte, one row for each way to go on; 0: the byte may be any.
    pub heads: &'static [[u16; BEHIND]],
    /// Of plain words, and of characters that are neither ASCII nor letters of words, the first three bytes of those it is
    /// asked about, letters as small ones; 0 for any. None: any.
    pub beginnings: &'static [[u8; 3]],
}

/// The beginnings of words, for each of which something stands, for [`Rule::beginning_with`].
pub(crate) const fn beginnings<T, const N: usize>(words: &[(&str, T)]) -> [[u8; 3]; N] {
    let mut all = [[0; 3]; N];
    let mut number = 0;
    while number < N {
        let word = words[number].0.as_bytes();
        let mut at = 0;
        while at < 3 && at < word.len() {
            all[number][at] = word[at].to_ascii_lowercase();
            at += 1;
        }
        number += 1;
    }
    all
}

/// Bytes in a row that make a word a long one.
pub(crate) const LONG: usize = 14;

/// Where a rule may begin. A letter or digit is a start only where no word character stands before it.
#[derive(Debug)]
pub(crate) enum Starts {
    /// At a byte of these sets.
    Sets(u16),
    /// At one of these bytes.
    Bytes(&'static [u8]),
    /// Behind `scheme://`.
    Authority,
    /// Where the first three bytes of a prefix stand.
    Lead,
}

#[derive(Debug)]
pub(crate) enum Matcher {
    Recogniser(fn(&Probe<'_>) -> Outcome),
    Prefix(Prefix),
}

/// A key that says what it is: a fixed prefix, then at least so many bytes of an alphabet.
#[derive(Debug)]
pub(crate) struct Prefix {
    pub lead: &'static [u8],
    /// Sets of the bytes behind the prefix. They are swallowed as far as they go.
    pub body: u16,
    /// Fewest bytes of the body.
    pub least: usize,
    /// Fewest digits among those: real keys are random, names made of words are not.
    pub digits: usize,
}

impl Definition {
    /// Finds nothing: what a definition does not say is taken from here.
    pub(crate) const BLANK: Self = Self {
        entity: Entity::EncodedText,
        about: "",
        hits: &[],
        misses: &[],
        words: &[],
        rules: &[],
        forms: &[],
    };
}

impl Prefix {
    pub const fn new(prefix: &'static [u8], body: u16, least: usize) -> Self {
        Self { lead: prefix, body, least, digits: 1 }
    }

    /// A rule for this prefix.
    pub const fn rule(self) -> Rule {
        Rule { starts: Starts::Lead, matcher: Matcher::Prefix(self), ..Rule::BLANK }
    }

    pub fn recognise(&self, probe: &Probe<'_>) -> Outcome {
        if !probe.literal(0, self.lead)? {
            return Ok(None);
        }
        let body = self.lead.len();
        let (mut digits, mut cases) = (0, 0);
        let mut before = 0;
        for i in body..body + self.least {
            let byte = probe.get(i)?;
            if !within(byte, self.body) {
                return Ok(None);
            }
            digits += usize::from(within(byte, DIGIT));
            let letters = within(before, LETTER) && within(byte, LETTER);
            cases += usize::from(letters && within(before, UPPER) != within(byte, UPPER));
            before = byte;
        }
        // One key in some dozens has no digit; then its letters are mixed as no word's are.
        let random = digits >= self.digits || (self.digits == 1 && cases * 3 >= self.least);
        Ok(random.then(|| Hit::pattern(body + self.least, 0.95).latched(Latch::Key(self.body))))
    }
}

impl Rule {
    const BLANK: Self = Self {
        starts: Starts::Lead,
        matcher: Matcher::Recogniser(|_| Ok(None)),
        plain: false,
        long: false,
        unbroken: false,
        signed: false,
        heads: &[],
        beginnings: &[],
    };

    pub const fn new(starts: Starts, recogniser: fn(&Probe<'_>) -> Outcome) -> Self {
        Self { starts, matcher: Matcher::Recogniser(recogniser), ..Self::BLANK }
    }

    pub const fn judging_plain_words(self) -> Self {
        Self { plain: true, ..self }
    }

    /// Of plain words and foreign characters, only asked about those that begin so.
    pub const fn beginning_with(self, beginnings: &'static [[u8; 3]]) -> Self {
        Self { beginnings, ..self }
    }

    /// Only asked where the bytes behind the first are of the sets of one of these rows.
    pub const fn going_on_with(self, heads: &'static [[u16; BEHIND]]) -> Self {
        Self { heads, ..self }
    }

    /// Whether it is asked where the bytes behind the first are of these sets.
    pub fn goes_on_with(&self, sets: [u16; BEHIND]) -> bool {
        let fits =
            |head: &[u16; BEHIND]| head.iter().zip(sets).all(|(head, sets)| *head == 0 || head & sets != 0);
        self.heads.is_empty() || self.heads.iter().any(fits)
    }

    /// Only asked where a long word begins, of letters and digits alone.
    pub const fn of_long_words(self) -> Self {
        Self { long: true, unbroken: true, ..self }
    }

    /// Only asked where a long run of base64 begins.
    pub const fn of_long_runs(self) -> Self {
        Self { long: true, ..self }
    }

    /// Only asked where something that has a name may begin.
    pub const fn of_named_values(self) -> Self {
        Self { signed: true, ..self }
    }

    /// Whether the entity begins at the probe's start.
    #[inline]
    pub fn recognise(&self, probe: &Probe<'_>) -> Result<Option<Hit>, Need> {
        match &self.matcher {
            Matcher::Recogniser(recogniser) => recogniser(probe),
            Matcher::Prefix(prefix) => prefix.recognise(probe),
        }
    }

    /// Whether it is no prefix that a short word, letters alone, may be.
    pub fn is_no_short_word(&self) -> bool {
        match &self.matcher {
            Matcher::Prefix(Prefix { lead, least, .. }) => {
                let marks = b"([{<>&*|]}";
                let parts = lead.iter().filter(|byte| !byte.is_ascii_alphabetic()).count();
                !lead.iter().any(|byte| marks.contains(byte)) && (parts > 0 || lead.len() + least >= LONG)
            }
            Matcher::Recogniser(_) => true,
        }
    }

    /// Whether `byte` may be the first.
    pub fn begins_with(&self, byte: u8) -> bool {
        match &self.starts {
            Starts::Sets(sets) => within(byte, *sets),
            Starts::Bytes(bytes) => bytes.contains(&byte),
            Starts::Authority | Starts::Lead => false,
        }
    }
}
