//! A pattern of an administrator: a regular expression that is an automaton without memory.
//!
//! Promises: one step a byte from a start, at most [`LONGEST`] of them, and none once no match is possible; so text before
//! a match that is still possible is not decided, and text before one that is not is released. The compiled size is
//! capped. What cannot be had so is refused with the place in the pattern, and the samples are tried before anything else
//! is: those that must hold a match and those that must not.
//! Never: looks behind or ahead, or matches nothing.

use std::sync::Arc;

use countersign_model::own_entity::CustomText;
use regex_automata::Anchored;
use regex_automata::MatchKind;
use regex_automata::dfa::{Automaton, StartKind, dense};
use regex_automata::nfa::thompson::{self, WhichCaptures};
use regex_automata::util::primitives::StateID;
use regex_syntax::ast::{self, Ast, RepetitionKind, RepetitionRange};

use super::boundary;
use super::name::entity;
use super::{Fault, Own, Place};
use crate::index::Index;
use crate::probe::{Hit, Need, Probe};
use crate::reader::Reader;
use crate::scanner::Window;
use crate::topics::Words;
use crate::{Entity, probe};

/// Longest match, in bytes.
const LONGEST: usize = 1024;
/// Longest pattern, in bytes.
const PATTERN: usize = 2048;
/// Most bytes of the compiled pattern.
const COMPILED: usize = 1 << 20;
/// Deepest nesting.
const NESTING: u32 = 32;
/// Most words, samples of each kind, and their length.
const SAMPLES: usize = 64;
const SAMPLE: usize = 4096;
/// Most words between one that says what it is and the value.
const REACH: u32 = 5;

/// A pattern, ready to be looked for. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Custom(Arc<Compiled>);

#[derive(Debug)]
struct Compiled {
    entity: Entity,
    words: Vec<String>,
    score: f32,
    automaton: dense::DFA<Vec<u32>>,
    start: StateID,
    begins: [bool; 256],
}

impl Custom {
    /// Compiles it and tries its samples.
    pub fn new(text: &CustomText) -> Result<Self, Fault> {
        let entity = entity(&text.name)?;
        if !(0.0..=1.0).contains(&text.score) {
            return Err(Fault { place: Place::Score, message: "A score is from 0 to 1.".to_owned() });
        }
        for (number, word) in text.words.iter().enumerate() {
            if word.len() > probe::LEFT / 2 || !Words::is_phrase(word) || number == SAMPLES {
                let message =
                    "A word or phrase has up to three words, or eight Chinese characters, and 64 bytes.";
                return Err(Fault { place: Place::Word(number + 1), message: message.to_owned() });
            }
        }
        let (automaton, start) = compiled(text)?;
        let mut begins = [false; 256];
        for byte in 0..=u8::MAX {
            begins[usize::from(byte)] = !automaton.is_dead_state(automaton.next_state(start, byte));
        }
        let custom = Self(Arc::new(Compiled {
            entity,
            words: text.words.clone(),
            score: text.score,
            automaton,
            start,
            begins,
        }));
        custom.try_samples(text)?;
        Ok(custom)
    }

    fn try_samples(&self, text: &CustomText) -> Result<(), Fault> {
        let index = Index::with(&[], Own::new(std::slice::from_ref(self), &[])?);
        let finds = |sample: &str| {
            let mut reader = Reader::default();
            reader.advance(&index, Window { text: sample, base: 0, last: true });
            !reader.found().is_empty()
        };
        let places: [fn(usize) -> Place; 2] = [Place::Hit, Place::Miss];
        for ((samples, place), wanted) in
            [&text.hits, &text.misses].into_iter().zip(places).zip([true, false])
        {
            for (number, sample) in samples.iter().enumerate() {
                let fault =
                    |message: &str| Err(Fault { place: place(number + 1), message: message.to_owned() });
                if sample.len() > SAMPLE || number == SAMPLES {
                    return fault("At most 64 samples of each kind, of at most 4,096 bytes each.");
                }
                if finds(sample) != wanted {
                    return fault(if wanted {
                        "Nothing is found in it."
                    } else {
                        "Something is found in it."
                    });
                }
            }
        }
        if text.hits.is_empty() {
            let message = "At least one sample that holds a match is needed.";
            return Err(Fault { place: Place::Hit(1), message: message.to_owned() });
        }
        Ok(())
    }

    pub fn entity(&self) -> Entity {
        self.0.entity
    }

    pub fn words(&self) -> &[String] {
        &self.0.words
    }

    #[inline]
    pub fn begins_with(&self, byte: u8) -> bool {
        self.0.begins[usize::from(byte)]
    }

    /// The longest match at the start that is a whole word. `number` is its own among `words`.
    pub fn recognise(
        &self,
        probe: &Probe<'_>,
        words: &Words,
        number: usize,
    ) -> Result<Option<(Entity, Hit)>, Need> {
        if !boundary::begins(probe)? {
            return Ok(None);
        }
        let automaton = &self.0.automaton;
        let mut state = self.0.start;
        let mut length = 0;
        let mut best = 0;
        loop {
            // The automaton says of a match one byte later.
            let byte = probe.get(length)?;
            let ended = probe.at + length >= probe.text.len();
            state = if ended { automaton.next_eoi_state(state) } else { automaton.next_state(state, byte) };
            if automaton.is_match_state(state) && boundary::ends(probe, length)? {
                best = length;
            }
            if ended || automaton.is_dead_state(state) || automaton.is_quit_state(state) {
                break;
            }
            length += 1;
        }
        if best == 0 {
            return Ok(None);
        }
        let score = self.0.score;
        let hit = if self.0.words.is_empty() {
            Hit::pattern(best, score)
        } else {
            match probe.own_name(words, number).filter(|name| name.gap <= REACH) {
                Some(name) => Hit { gap: name.gap, ..Hit::in_context(best, score) },
                None => return Ok(None),
            }
        };
        Ok(Some((self.0.entity, hit)))
    }
}

fn fault(at: usize, message: impl Into<String>) -> Fault {
    Fault { place: Place::Pattern(at), message: message.into() }
}

fn compiled(text: &CustomText) -> Result<(dense::DFA<Vec<u32>>, StateID), Fault> {
    if text.pattern.len() > PATTERN {
        return Err(fault(PATTERN, "A pattern has at most 2,048 bytes."));
    }
    let mut parser = regex_syntax::ParserBuilder::new()
        .nest_limit(NESTING)
        .case_insensitive(text.ignore_case)
        .utf8(true)
        .build();
    let hir = parser.parse(&text.pattern).map_err(|error| match &error {
        regex_syntax::Error::Parse(error) => fault(error.span().start.column, format!("{}.", error.kind())),
        regex_syntax::Error::Translate(error) => {
            fault(error.span().start.column, format!("{}.", error.kind()))
        }
        _ => fault(1, error.to_string()),
    })?;
    let properties = hir.properties();
    if !properties.look_set().is_empty() {
        let at = place_of(&text.pattern, |ast| matches!(ast, Ast::Assertion(_)));
        return Err(fault(at, "Anchors and boundaries are not needed: a match begins and ends with a word."));
    }
    if properties.minimum_len().is_none_or(|least| least == 0) {
        return Err(fault(1, "The pattern matches nothing, or the empty text."));
    }
    match properties.maximum_len() {
        None => {
            let at = place_of(&text.pattern, is_endless);
            return Err(fault(at, "This repetition has no end. Say how often at most, such as {1,20}."));
        }
        Some(most) if most > LONGEST => {
            return Err(fault(1, format!("A match may be {most} bytes long; at most {LONGEST} can be.")));
        }
        Some(_) => {}
    }
    let large = || {
        fault(
            1,
            "The pattern is too large when it is compiled. Shorten its repetitions, or write classes of \
                  ASCII characters, such as [A-Za-z0-9] for \\w and [0-9] for \\d.",
        )
    };
    let nfa = thompson::Compiler::new()
        .configure(thompson::Config::new().nfa_size_limit(Some(COMPILED)).which_captures(WhichCaptures::None))
        .build_from_hir(&hir)
        .map_err(|_| large())?;
    let automaton = dense::Builder::new()
        .configure(
            dense::Config::new()
                .start_kind(StartKind::Anchored)
                .match_kind(MatchKind::All)
                .accelerate(false)
                .dfa_size_limit(Some(COMPILED))
                .determinize_size_limit(Some(4 * COMPILED)),
        )
        .build_from_nfa(&nfa)
        .map_err(|_| large())?;
    let start = automaton.universal_start_state(Anchored::Yes).ok_or_else(large)?;
    Ok((automaton, start))
}

fn is_endless(ast: &Ast) -> bool {
    matches!(
        ast,
        Ast::Repetition(repetition) if matches!(
            repetition.op.kind,
            RepetitionKind::ZeroOrMore | RepetitionKind::OneOrMore | RepetitionKind::Range(RepetitionRange::AtLeast(_))
        )
    )
}

/// The character, from 1, at which the first part that `fits` stands.
fn place_of(pattern: &str, fits: fn(&Ast) -> bool) -> usize {
    struct Search {
        fits: fn(&Ast) -> bool,
        found: Option<usize>,
    }
    impl ast::Visitor for Search {
        type Output = Option<usize>;
        type Err = ();

        fn finish(self) -> Result<Self::Output, ()> {
            Ok(self.found)
        }

        fn visit_pre(&mut self, ast: &Ast) -> Result<(), ()> {
            if self.found.is_none() && (self.fits)(ast) {
                self.found = Some(match ast {
                    Ast::Repetition(repetition) => repetition.op.span.start.column,
                    other => other.span().start.column,
                });
            }
            Ok(())
        }
    }
    let Ok(ast) = ast::parse::Parser::new().parse(pattern) else { return 1 };
    ast::visit(&ast, Search { fits, found: None }).ok().flatten().unwrap_or(1)
}
