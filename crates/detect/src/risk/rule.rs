//! What a rule is, and how it is held against what was read.
//!
//! A rule is no sentence but its parts: an act, what it must stand beside, what makes it worse, what makes it harmless.
//! Promise: an event costs a rule a stretch of bounded length around it.

use countersign_model::risk::RiskKind;

use super::concept::{Concepts, DISCUSS, MY, NEGATION, OTHER, TOPIC, YOU, YOUR};
use super::reader::{Event, Manner};

/// One way to misuse a model.
#[derive(Debug)]
pub struct Rule {
    /// Stable, as stored.
    pub id: &'static str,
    /// For people, after "because".
    pub why: &'static str,
    /// The act the rule is asked about.
    pub anchor: Concepts,
    /// Each must stand within `span` words of the act, in its sentence.
    pub with: &'static [Concepts],
    pub span: u32,
    /// What goes with the act stands behind it.
    pub ahead: bool,
    /// A verb that somebody else did, or that is denied, is none.
    pub verb: bool,
    pub score: f32,
    /// What it adds: concept, score, words around the match. In this sentence or one beside it.
    pub raise: &'static [(Concepts, f32, u32)],
    /// What it takes: concept, factor, words around the match. In this sentence or one beside it.
    pub lower: &'static [(Concepts, f32, u32)],
    /// What is left when the act is done to something of the speaker's own: `my previous instructions`.
    pub own: f32,
    /// Factors for a user's, a system's, a tool's, and a model's text.
    pub roles: [f32; 4],
}

/// Of all languages alike.
pub const EVERYWHERE: [f32; 4] = [1.0, 0.35, 1.1, 0.6];

impl Rule {
    /// What a rule does not say is taken from here.
    pub const BLANK: Self = Self {
        id: "",
        why: "",
        anchor: NEGATION,
        with: &[],
        span: 8,
        ahead: false,
        verb: true,
        score: 0.0,
        raise: &[],
        lower: &[],
        own: 0.45,
        roles: EVERYWHERE,
    };
}

/// A kind of risk: what belongs to it, and samples.
#[derive(Debug)]
pub struct Definition {
    pub kind: RiskKind,
    /// For people.
    pub about: &'static str,
    pub rules: &'static [Rule],
    /// Texts with a signal of this kind, of medium score at least.
    pub hits: &'static [(super::Role, &'static str)],
    /// Texts with no signal of any kind of medium score.
    pub misses: &'static [(super::Role, &'static str)],
}

/// A rule that applies, before it is known whose text it is.
#[derive(Debug, Clone, Copy)]
pub struct Lead {
    pub kind: RiskKind,
    pub rule: &'static Rule,
    pub score: f32,
    pub start: usize,
    pub end: usize,
}

/// What a disguise adds.
const DISGUISE: f32 = 0.15;
/// Talk about such words, in the same sentence, before them.
const TALK: u32 = 12;
/// A text on the subject.
const SUBJECT: u32 = 25;
/// Words between `my` and what is mine.
const OWN: u32 = 2;
/// Most parts of a rule.
const PARTS: usize = 5;

impl Rule {
    /// Whether a sentence with these concepts has all parts of the rule.
    #[inline]
    pub fn has_parts(&self, within: Concepts) -> bool {
        within.meets(self.anchor) && self.with.iter().all(|part| within.meets(*part))
    }

    /// Whether a text with these concepts could give the rule so much of a score.
    pub fn may_apply(&self, within: Concepts, least: f32) -> bool {
        self.has_parts(within) && {
            let raised = self.raise.iter().filter(|(concepts, ..)| within.meets(*concepts));
            self.score + DISGUISE + raised.map(|(_, more, _)| more).sum::<f32>() >= least
        }
    }

    /// Holds the rule against the event at `at`, which is its act. Gives the score and the stretch.
    pub fn apply(&self, events: &[Event], at: usize) -> Option<(f32, usize, usize)> {
        let mut used = [at; PARTS];
        for (part, concepts) in self.with.iter().enumerate() {
            let taken = &used[..=part];
            used[part + 1] = self.nearest(events, at, *concepts, taken)?;
        }
        let used = &used[..=self.with.len()];
        let first = used.iter().copied().min().unwrap_or(at);
        let last = used.iter().copied().max().unwrap_or(at);
        let match_ = Match { events, first, last, used };
        let mut score = self.score;
        for (concepts, more, reach) in self.raise {
            if match_.beside(*concepts, *reach, 1, self.asks_for(*concepts)) {
                score += more;
            }
        }
        let disguised = used.iter().any(|part| events[*part].manner.has(Manner::DISGUISED));
        if disguised {
            score += DISGUISE;
        }
        for (concepts, factor, reach) in self.lower {
            if match_.beside(*concepts, *reach, 2, true) {
                score *= factor;
            }
        }
        if let Some(object) = used.get(1)
            && is_own(events, *object)
        {
            score *= self.own;
        }
        score *= match_.manner();
        if self.verb {
            score *= mood(events, at);
        }
        let start = used.iter().map(|part| events[*part].start).min().unwrap_or_default();
        let end = used.iter().map(|part| events[*part].end).max().unwrap_or_default();
        Some((score, start, end))
    }

    /// Whether these concepts are among the rule's own parts: then a part does not count twice.
    fn asks_for(&self, concepts: Concepts) -> bool {
        self.anchor.meets(concepts) || self.with.iter().any(|part| part.meets(concepts))
    }

    /// The nearest event of these concepts in the act's sentence that is not taken.
    fn nearest(&self, events: &[Event], at: usize, concepts: Concepts, taken: &[usize]) -> Option<usize> {
        let act = &events[at];
        let fits = |other: usize| {
            let event = &events[other];
            event.concepts.meets(concepts) && event.sentence == act.sentence && !taken.contains(&other)
        };
        let near = |other: &usize| events[*other].word.abs_diff(act.word) <= self.span;
        let after = (at + 1..events.len()).take_while(near).find(|other| fits(*other));
        if self.ahead {
            return after;
        }
        let before = (0..at).rev().take_while(near).find(|other| fits(*other));
        let distance = |other: usize| events[other].word.abs_diff(act.word);
        match (before, after) {
            (Some(before), Some(after)) if distance(before) < distance(after) => Some(before),
            (before, after) => after.or(before),
        }
    }
}

/// Where a rule's parts stand.
struct Match<'a> {
    events: &'a [Event],
    first: usize,
    last: usize,
    used: &'a [usize],
}

impl Match<'_> {
    /// Whether one of these concepts stands among the parts or so many words and sentences around them.
    fn beside(&self, concepts: Concepts, reach: u32, sentences: u32, but_parts: bool) -> bool {
        let (first, last) = (&self.events[self.first], &self.events[self.last]);
        let fits = |at: usize| {
            let event = &self.events[at];
            event.concepts.meets(concepts)
                && event.sentence + sentences >= first.sentence
                && event.sentence <= last.sentence + sentences
                && !(but_parts && self.used.contains(&at))
        };
        (self.first..=self.last).any(fits)
            || (self.last + 1..self.events.len())
                .take_while(|at| self.events[*at].word.saturating_sub(last.word) <= reach)
                .any(fits)
            || (0..self.first)
                .rev()
                .take_while(|at| first.word.saturating_sub(self.events[*at].word) <= reach)
                .any(fits)
    }

    /// What the way it is written and talked about leaves of it.
    fn manner(&self) -> f32 {
        let parts = || self.used.iter().map(|part| self.events[*part].manner);
        let quoted = parts().all(|manner| manner.has(Manner::QUOTED));
        let mut factor = 1.0;
        if parts().any(|manner| manner.has(Manner::NAME)) {
            factor *= 0.25;
        }
        if parts().any(|manner| manner.has(Manner::FENCED)) {
            factor *= 0.7;
        }
        let first = &self.events[self.first];
        let before = || {
            (0..self.first)
                .rev()
                .map(|at| &self.events[at])
                .take_while(|event| first.word.saturating_sub(event.word) <= TALK)
                .any(|event| event.sentence == first.sentence && event.concepts.meets(DISCUSS))
        };
        // Of what is quoted one may speak behind it too.
        let talked = if quoted { self.beside(DISCUSS, TALK, 1, true) } else { before() };
        factor *= match (quoted, talked) {
            (true, true) => 0.35,
            (true, false) => 0.8,
            (false, true) => 0.55,
            (false, false) => 1.0,
        };
        if self.beside(TOPIC, SUBJECT, 2, true) {
            factor *= 0.5;
        }
        factor
    }
}

/// Whether what stands at `at` is said to be the speaker's.
fn is_own(events: &[Event], at: usize) -> bool {
    let object = &events[at];
    (0..at)
        .rev()
        .map(|before| &events[before])
        .take_while(|event| object.word - event.word <= OWN && event.sentence == object.sentence)
        .any(|event| event.concepts.meets(MY) && !event.concepts.meets(YOUR))
}

/// Whether the act is asked for: not denied, not what somebody else does or did.
fn mood(events: &[Event], at: usize) -> f32 {
    let act = &events[at];
    let mut factor = if act.manner.has(Manner::TOLD) { 0.5 } else { 1.0 };
    let before = |within: u32| {
        (0..at)
            .rev()
            .map(|before| &events[before])
            .take_while(move |event| act.word - event.word <= within)
            .filter(|event| event.sentence == act.sentence && event.clause == act.clause)
    };
    if before(2).any(|event| event.concepts.meets(NEGATION)) {
        factor *= 0.2;
    }
    // `Can you ignore …` asks; `you can …` allows.
    if before(2).any(|event| event.concepts.meets(OTHER)) && !before(3).any(|event| event.concepts.meets(YOU))
    {
        factor *= 0.45;
    }
    factor
}
