//! Signals that a text may be meant to misuse a model: prompt injection, jailbreak, exfiltration, credential phishing.
//!
//! Each signal has a score, a place and a reason, for policy to weigh. Rules are made of parts that stand near each
//! other (an act, what it is done to, whose that is), and of what makes them harmless (talk about such words, quotation,
//! negation, code), not of sentences.
//!
//! Promises:
//! - **Linear.** A text is read once, in windows of bounded size; no rule looks further than a few words around an act.
//! - **The same in pieces.** A [`Watch`] says of a text that arrives in pieces what [`assess`] says of the whole.
//! - **Sees through disguises**: invisible characters, look-alikes, full width, digits for letters, letters set apart,
//!   ROT13, escapes, base64 and hex (two deep), text in tag characters.
//! - **Pure.** No I/O, no clock, no randomness; builds for wasm32.
//!
//! Never: holds text back, changes it, or decides anything. A signal is a reason to look; an attack in other words
//! than these has none.

mod concept;
mod encoded;
mod escaped;
mod kinds;
mod lexicon;
mod reader;
mod rule;
mod stream;
mod words;

use std::sync::LazyLock;

use countersign_model::risk::{RiskKind, RiskLevel};

use concept::Concepts;
pub use kinds::KINDS;
use reader::{Event, Find};
use rule::Lead;
pub use rule::{Definition, Rule};
pub use stream::{Leads, Watch};

/// Whose text it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Role {
    /// Somebody who asks; also where it is not known.
    #[default]
    User,
    /// Who runs the model: may tell it what to do.
    System,
    /// A tool's result, a document: may tell the model nothing.
    Tool,
    /// The model's own.
    Answer,
}

impl Role {
    pub const ALL: [Self; 4] = [Self::User, Self::System, Self::Tool, Self::Answer];

    /// For people and for the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::System => "system",
            Self::Tool => "tool",
            Self::Answer => "answer",
        }
    }
}

/// One reason to look at a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Signal {
    pub kind: RiskKind,
    /// 0 to 1; see [`RiskLevel`].
    pub score: f32,
    /// Which rule, such as `override_instructions`.
    pub rule: &'static str,
    /// For people.
    pub why: &'static str,
    /// In the text as given, bytes.
    pub start: usize,
    /// Exclusive.
    pub end: usize,
}

/// What a whole text gives reason to look at, the gravest first. At most one signal of each rule.
pub fn assess(text: &str, role: Role) -> Vec<Signal> {
    leads(text).signals(role)
}

/// The same before it is known whose text it is.
pub fn leads(text: &str) -> Leads {
    let mut watch = Watch::default();
    watch.push(text);
    watch.finish()
}

/// How often text within encoded text is read.
const DEPTH: u8 = 2;
/// A match below this is not followed up.
const FAINT: f32 = 0.2;

/// What was seen so far.
#[derive(Debug, Clone, Default)]
struct Seen {
    leads: Vec<Lead>,
    /// Text within encoded text was not read: it is too deep.
    too_deep: bool,
}

/// Reads one window of a text.
fn read(text: &str, depth: u8, seen: &mut Seen) {
    let Some(view) = escaped::undo(text) else { return read_plainly(text, depth, seen) };
    let mut inner = Seen::default();
    read_plainly(&view.text, depth, &mut inner);
    seen.too_deep |= inner.too_deep;
    for lead in inner.leads {
        seen.keep(Lead { start: view.start(lead.start), end: view.ending(lead.end), ..lead });
    }
}

fn read_plainly(text: &str, depth: u8, seen: &mut Seen) {
    let notes = reader::read(text);
    let events = &notes.events;
    // Most texts have the words of few rules, and most sentences those of none.
    let all = concepts(events);
    let able: Vec<(RiskKind, &'static Rule)> =
        RULES.iter().copied().filter(|(_, rule)| rule.may_apply(all, FAINT)).collect();
    let mut from = 0;
    while from < events.len() && !able.is_empty() {
        let sentence = events[from].sentence;
        let to = from + events[from..].iter().take_while(|event| event.sentence == sentence).count();
        let within = concepts(&events[from..to]);
        for (kind, rule) in able.iter().filter(|(_, rule)| rule.has_parts(within)) {
            for at in (from..to).filter(|at| events[*at].concepts.meets(rule.anchor)) {
                if let Some((score, start, end)) = rule.apply(events, at) {
                    seen.keep(Lead { kind: *kind, rule, score, start, end });
                }
            }
        }
        from = to;
    }
    for (find, start, end) in &notes.finds {
        follow_up(find, *start, *end, depth, seen);
    }
}

fn concepts(events: &[Event]) -> Concepts {
    events.iter().fold(Concepts::default(), |all, event| all | event.concepts)
}

/// The rules of all kinds, side by side.
static RULES: LazyLock<Vec<(RiskKind, &'static Rule)>> = LazyLock::new(|| {
    KINDS.iter().flat_map(|definition| definition.rules.iter().map(|rule| (definition.kind, rule))).collect()
});

/// What stands behind something that no reader sees.
fn follow_up(find: &Find, start: usize, end: usize, depth: u8, seen: &mut Seen) {
    let mut inner = Seen::default();
    let (rule, alone) = match find {
        Find::Invisible => (&kinds::INVISIBLE, true),
        Find::Tags(text) => {
            read_plainly(text, depth + 1, &mut inner);
            (&kinds::TAGS, true)
        }
        Find::Encoded(text) if depth < DEPTH => {
            read(text, depth + 1, &mut inner);
            (&kinds::ENCODED, false)
        }
        Find::Encoded(_) => {
            seen.too_deep = true;
            return;
        }
    };
    seen.too_deep |= inner.too_deep;
    let gravest = inner.leads.iter().map(|lead| lead.score).fold(0.0, f32::max);
    if alone || gravest >= FAINT {
        let kind = if alone { RiskKind::PromptInjection } else { RiskKind::Jailbreak };
        let score = if gravest > 0.0 { rule.score.max(gravest + 0.2) } else { rule.score };
        seen.keep(Lead { kind, rule, score, start, end });
    }
    for lead in inner.leads {
        seen.keep(Lead { start, end, ..lead });
    }
}

impl Seen {
    /// Keeps the gravest lead of each rule.
    fn keep(&mut self, lead: Lead) {
        if lead.score < FAINT {
            return;
        }
        match self.leads.iter_mut().find(|kept| std::ptr::eq(kept.rule, lead.rule) && kept.kind == lead.kind)
        {
            Some(kept) if kept.score >= lead.score => {}
            Some(kept) => *kept = lead,
            None => self.leads.push(lead),
        }
    }
}

/// All rules by name and reason, those that find what is hidden last.
pub fn rules() -> impl Iterator<Item = (RiskKind, &'static Rule)> {
    let hidden = [
        (RiskKind::PromptInjection, &kinds::TAGS),
        (RiskKind::PromptInjection, &kinds::INVISIBLE),
        (RiskKind::Jailbreak, &kinds::ENCODED),
    ];
    KINDS
        .iter()
        .flat_map(|definition| definition.rules.iter().map(|rule| (definition.kind, rule)))
        .chain(hidden)
}

/// What a rule says, by its name; `None`: a rule of another version.
pub fn why(rule: &str) -> Option<&'static str> {
    rules().find(|(_, known)| known.id == rule).map(|(_, known)| known.why)
}

/// The gravest signal.
pub fn gravest(signals: &[Signal]) -> Option<RiskLevel> {
    signals.iter().filter_map(|signal| RiskLevel::of(signal.score)).max()
}

#[cfg(test)]
mod tests;
