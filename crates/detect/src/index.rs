//! All rules by where they may begin, and the best match at one start.
//!
//! Promise: among matches at one start the longest wins (one that is latched counts as longest), then the rule defined
//! first.

use countersign_model::entity::Evidence;

use crate::Entity;
use crate::alphabet::{ALNUM, BASE64, BASE64_URL, CONTINUATION, WORD, within};
use crate::assignment;
use crate::definition::{Definition, LONG, Matcher, Rule, Starts};
use crate::encoded;
use crate::heads::Heads;
use crate::leads::Leads;
use crate::own::Own;
use crate::plain_word::Judged;
use crate::probe::{Hit, Need, Probe};
use crate::shapes::Shapes;
use crate::topics::Words;

/// Which rules may begin with which byte.
#[derive(Debug)]
pub struct Index {
    rules: Vec<(Entity, &'static Rule)>,
    heads: Heads,
    /// Those that judge plain words.
    judged: Judged,
    /// Those that judge characters that are neither ASCII nor parts of words.
    foreign: Judged,
    /// Those that judge only long ones; they are not in `heads`.
    long: ByByte,
    authority: Vec<u16>,
    leads: Leads,
    shapes: Shapes,
    pub words: Words,
    /// What an administrator looks for.
    own: Option<Box<Own>>,
    /// What the scanner does at each byte.
    pub starts: [Start; 256],
}

/// What a byte is to the scanner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// Belongs to the character before it.
    Continuation,
    /// Is part of a word. Something may begin with it, or nothing does.
    Word { begins: bool },
    /// Parts words.
    Mark { begins: bool },
}

impl Start {
    fn of(byte: u8, begins: bool) -> Self {
        if within(byte, CONTINUATION) {
            Self::Continuation
        } else if within(byte, WORD) {
            Self::Word { begins }
        } else {
            Self::Mark { begins }
        }
    }
}

/// Numbers of rules by first byte, flat: those of byte `b` are `order[first[b]..first[b + 1]]`.
#[derive(Debug)]
struct ByByte {
    first: [u16; 257],
    order: Vec<u16>,
}

impl Index {
    pub fn new(definitions: &[&'static Definition]) -> Self {
        let rules: Vec<_> = definitions
            .iter()
            .flat_map(|definition| definition.rules.iter().map(|rule| (definition.entity, rule)))
            .collect();
        let heads = Heads::new(rules.iter().map(|(_, rule)| *rule));
        let long = ByByte::new(&rules, |rule| rule.long);
        let authority = (0..rules.len() as u16)
            .filter(|number| matches!(rules[usize::from(*number)].1.starts, Starts::Authority))
            .collect();
        let leads = Leads::new(rules.iter().map(|(_, rule)| match &rule.matcher {
            Matcher::Prefix(prefix) => Some(prefix.lead),
            Matcher::Recogniser(_) => None,
        }));
        let forms = definitions
            .iter()
            .flat_map(|definition| definition.forms.iter().map(|forms| (definition.entity, forms)));
        let words = Words::new(definitions);
        let judged = Judged::new(rules.iter().map(|(_, rule)| *rule), |rule| rule.plain);
        let foreign = Judged::new(rules.iter().map(|(_, rule)| *rule), |rule| {
            (0x80..=u8::MAX).any(|byte| !within(byte, WORD) && rule.begins_with(byte))
        });
        let starts = std::array::from_fn(|byte| {
            let byte = byte as u8;
            debug_assert!(
                within(byte, BASE64 | BASE64_URL) || long.of(byte).is_empty(),
                "a long word begins so"
            );
            let begins = within(byte, ALNUM)
                || leads.begins_with(byte)
                || rules.iter().any(|(_, rule)| rule.begins_with(byte));
            Start::of(byte, begins)
        });
        debug_assert!(
            starts[usize::from(b' ')] == Start::Mark { begins: false },
            "the scanner passes over blanks"
        );
        debug_assert!(
            rules.iter().all(|(_, rule)| rule.is_no_short_word()),
            "a prefix of a few letters alone is passed over"
        );
        Self {
            heads,
            judged,
            foreign,
            long,
            authority,
            leads,
            shapes: Shapes::new(forms),
            words,
            own: None,
            starts,
            rules,
        }
    }

    /// The same, and what an administrator looks for.
    pub fn with(definitions: &[&'static Definition], own: Own) -> Self {
        let mut index = Self::new(definitions);
        for byte in (0..=u8::MAX).filter(|byte| own.begins_with(*byte)) {
            index.starts[usize::from(byte)] = Start::of(byte, true);
        }
        index.own = Some(Box::new(own));
        index
    }
}

impl ByByte {
    fn new(rules: &[(Entity, &'static Rule)], counts: impl Fn(&Rule) -> bool) -> Self {
        let mut first = [0; 257];
        let mut order = Vec::new();
        for byte in 0..=u8::MAX {
            for (number, (_, rule)) in rules.iter().enumerate() {
                if counts(rule) && rule.begins_with(byte) {
                    order.push(number as u16);
                }
            }
            first[usize::from(byte) + 1] = order.len() as u16;
        }
        Self { first, order }
    }

    #[inline]
    fn of(&self, byte: u8) -> &[u16] {
        &self.order
            [usize::from(self.first[usize::from(byte)])..usize::from(self.first[usize::from(byte) + 1])]
    }
}

impl Index {
    /// Whether nothing begins with a word that is only letters, so many, as far as its first letters tell.
    #[inline]
    pub fn passes_over_word(&self, probe: &Probe<'_>, letters: usize) -> bool {
        let word = &probe.text[probe.at..];
        !(self.judged.of(word) != 0
            || letters >= encoded::LETTERS && encoded::may_be_text(word)
            || self.own.as_ref().is_some_and(|own| own.begins_with(word[0])))
    }

    /// Whether nothing begins with a byte that is no part of a word, nor behind it.
    #[inline]
    pub fn passes_over_mark(&self, byte: u8) -> bool {
        matches!(self.starts[usize::from(byte)], Start::Mark { begins: false } | Start::Continuation)
            && byte != b'/'
    }

    /// Whether nothing begins with the character that `text` begins with, neither ASCII nor part of a word.
    #[inline]
    pub fn passes_over_character(&self, text: &[u8]) -> bool {
        !text[0].is_ascii()
            && text.len() > 1
            && self.foreign.of(text) == 0
            && self.own.as_ref().is_none_or(|own| !own.begins_with(text[0]))
    }

    /// The best match at the start of a word that is only letters, so many.
    pub fn judge_plain(&self, probe: &Probe<'_>, letters: usize) -> Judgement {
        let mut best = None;
        let mut asked = self.judged.of(&probe.text[probe.at..]);
        while asked != 0 {
            let number = self.judged.numbers[asked.trailing_zeros() as usize];
            asked &= asked - 1;
            self.take_better(number, probe, &mut best)?;
        }
        if best.is_none() && letters >= encoded::LETTERS {
            best = encoded::recognise(self, probe)?;
        }
        self.or_own(probe, best)
    }

    /// Whether no rule and no form finds something in a word that is passed over.
    #[cfg(debug_assertions)]
    pub fn passes_over(&self, probe: &Probe<'_>) -> bool {
        self.leaves_out(&[], probe) && !matches!(self.shapes.recognise(probe), Ok(Some(_)))
    }

    #[cfg(not(debug_assertions))]
    pub const fn passes_over(&self, _: &Probe<'_>) -> bool {
        true
    }

    /// Whether no rule finds something that is not one of `asked`.
    #[cfg(debug_assertions)]
    fn leaves_out(&self, asked: &[u16], probe: &Probe<'_>) -> bool {
        #[cfg(test)]
        let reads = probe.memo.reads.get();
        let begins = |rule: &Rule| !rule.long && rule.begins_with(probe.text[probe.at]);
        let nothing = (0..).zip(&self.rules).all(|(number, (_, rule))| {
            !begins(rule) || asked.contains(&number) || !matches!(rule.recognise(probe), Ok(Some(_)))
        });
        #[cfg(test)]
        probe.memo.reads.set(reads);
        nothing
    }

    #[cfg(not(debug_assertions))]
    const fn leaves_out(&self, _: &[u16], _: &Probe<'_>) -> bool {
        true
    }

    /// What a rule found behind a sign or word, but by the name its own form gives it, if that covers all of it.
    pub fn named_by_its_form(
        &self,
        probe: &Probe<'_>,
        (entity, hit): (Entity, Hit),
    ) -> Result<(Entity, Hit), Need> {
        if hit.skip == 0 {
            return Ok((entity, hit));
        }
        let inner = Probe { at: probe.at + hit.skip, ..*probe };
        inner.get(0)?;
        let Some((own, form)) = self.judge(&inner, false)? else {
            return Ok((entity, hit));
        };
        let form = Hit { skip: form.skip + hit.skip, length: form.length + hit.skip, ..form };
        let value = &probe.text[probe.at..probe.at + hit.length];
        let covers = match form.latch {
            _ if form.skip > hit.skip || own == Entity::GenericSecret => false,
            Some(latch) => latch.swallows_all(value.get(form.length..).unwrap_or_default()),
            None => hit.latch.is_none() && form.length >= hit.length,
        };
        Ok(if covers { (own, form) } else { (entity, hit) })
    }

    /// The best match at the probe's start.
    #[inline]
    pub fn judge(&self, probe: &Probe<'_>, behind_slash: bool) -> Judgement {
        let mut best = None;
        let behind_scheme =
            behind_slash && probe.back(2) == b'/' && probe.back(3) == b':' && within(probe.back(4), ALNUM);
        if behind_scheme {
            for number in &self.authority {
                self.take_better(*number, probe, &mut best)?;
            }
        }
        for number in self.leads.at(probe)? {
            self.take_better(*number, probe, &mut best)?;
        }
        let rules = self.heads.at(probe);
        debug_assert!(self.leaves_out(rules, probe), "a rule begins otherwise");
        let unnamed = assignment::is_unnamed(probe)?;
        for number in rules {
            if !(unnamed && self.rules[usize::from(*number)].1.signed) {
                self.take_better(*number, probe, &mut best)?;
            }
        }
        let long = self.long.of(probe.get(0)?);
        let digits = if long.is_empty() { 0 } else { probe.run(0, BASE64 | BASE64_URL, LONG)? };
        if digits == LONG {
            let broken = probe.run(0, ALNUM, LONG)? < LONG;
            for number in long {
                if !(broken && self.rules[usize::from(*number)].1.unbroken) {
                    self.take_better(*number, probe, &mut best)?;
                }
            }
        }
        if probe.is(0, ALNUM)? {
            match self.shapes.recognise(probe) {
                Ok(None) => {}
                Ok(Some((entity, hit))) => keep_better(entity, &hit, &mut best),
                Err(Need) => return Err(Need),
            }
            if digits >= encoded::LEAST
                && best.is_none_or(|(_, hit)| hit.latch.is_none())
                && let Some((entity, hit)) = encoded::recognise(self, probe)?
            {
                keep_better(entity, &hit, &mut best);
            }
        }
        self.or_own(probe, best)
    }

    /// What an administrator looks for, if it begins here and is as long as what was found.
    #[inline]
    fn or_own(&self, probe: &Probe<'_>, best: Option<(Entity, Hit)>) -> Judgement {
        let Some(own) = &self.own else {
            return if best.is_none() { Ok(None) } else { Ok(best) };
        };
        let found = own.recognise(probe)?;
        Ok(match (found, best) {
            (Some((_, hit)), Some((_, other))) if other.latch.is_some() || other.length > hit.length => best,
            (None, _) => best,
            _ => found,
        })
    }

    /// Puts the rule's match in place of `best` if it goes before it.
    #[inline]
    fn take_better(
        &self,
        number: u16,
        probe: &Probe<'_>,
        best: &mut Option<(Entity, Hit)>,
    ) -> Result<(), Need> {
        let (entity, rule) = self.rules[usize::from(number)];
        // Matched at once, not by `?`: most rules find nothing, and a hit is big to move.
        match rule.recognise(probe) {
            Ok(None) => Ok(()),
            Ok(Some(hit)) => {
                keep_better(entity, &hit, best);
                Ok(())
            }
            Err(Need) => Err(Need),
        }
    }
}

/// Puts a match in place of `best` if it goes before it.
fn keep_better(entity: Entity, hit: &Hit, best: &mut Option<(Entity, Hit)>) {
    if best.is_none_or(|(_, other)| precedes(hit, &other)) {
        *best = Some((entity, *hit));
    }
}

pub type Judgement = Result<Option<(Entity, Hit)>, Need>;

/// Whether `hit` goes before `other`, whose rule comes first: it reaches further, or a word says what it is, or says
/// so from nearer.
fn precedes(hit: &Hit, other: &Hit) -> bool {
    let rank = |hit: &Hit| {
        let length = if hit.latch.is_some() { usize::MAX } else { hit.length };
        (length, hit.evidence == Evidence::Context, u32::MAX - hit.gap)
    };
    rank(hit) > rank(other)
}
