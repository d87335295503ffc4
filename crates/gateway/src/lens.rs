//! The detector as the wire's [`Masker`]: every text goes through the credential scrubber, then through the engine,
//! and what is found is kept with its place. What is written for it, in one of the two views, the terms say.

use std::{collections::BTreeMap, sync::Arc};

use countersign_detect::{
    Engine, Entity, Foreign, Span, Stream, Terms, View, Writer,
    risk::{Leads, Role, Watch, leads},
};
use countersign_model::{
    action::{Action, Passage},
    entity::Finding,
    exchange::{AnalyzerRun, NotRun, RulesRun},
    risk::Risk,
};
use countersign_wire::{Masker, TextStream};

use self::held::Held;
use crate::{analyzer::Asked, scrub::Scrubber};

mod held;

/// Findings beyond this many are counted, not listed,
const LISTED_FINDINGS: usize = 1_000;
/// but for the first ones of each entity.
const LISTED_OF_EACH: u64 = 10;
/// Signals of more texts than this are not kept.
const LISTED_TEXTS: usize = 64;

/// Masks the texts of one direction of one exchange.
pub struct Lens {
    engine: Arc<Engine>,
    terms: Terms,
    view: View,
    scrubber: Scrubber,
    findings: Vec<Finding>,
    found: BTreeMap<Entity, u64>,
    masked: u64,
    shown: bool,
    inspected_bytes: u64,
    texts: u64,
    held_max: u64,
    /// What risk rules saw, by place. Whose text it is, is known only when all of the body is.
    leads: Vec<(String, Leads)>,
    /// Texts with signals beyond those.
    unlisted: u64,
    /// Values that were masked because they are too long to be looked into.
    unread: u64,
    /// Texts with encoded text too deep for the risk rules.
    too_deep: u64,
    /// What the connection's analyzer said.
    asked: Asked,
    /// Texts that it was not asked about, and should have been.
    unasked: u64,
}

impl Lens {
    /// For one direction and one view of it; `secret` is the model server's credential, which no text may carry.
    pub fn new(engine: Arc<Engine>, terms: Terms, view: View, secret: Option<&str>) -> Self {
        Self {
            engine,
            terms,
            view,
            scrubber: Scrubber::new(secret),
            findings: Vec::new(),
            found: BTreeMap::new(),
            masked: 0,
            shown: false,
            inspected_bytes: 0,
            texts: 0,
            held_max: 0,
            leads: Vec::new(),
            unlisted: 0,
            unread: 0,
            too_deep: 0,
            asked: Asked::Nobody,
            unasked: 0,
        }
    }

    /// With what the connection's analyzer said of these texts.
    pub fn with(self, asked: Asked) -> Self {
        Self { asked, ..self }
    }

    /// Masks a text that stands by itself.
    pub fn text(&mut self, place: &str, text: &str) -> Option<String> {
        self.whole(place, Passage::of(self.terms.direction), text)
    }

    /// What was found: the first thousand, and the first ten of each entity.
    pub fn take_findings(&mut self) -> Vec<Finding> {
        std::mem::take(&mut self.findings)
    }

    /// How many spans were found.
    pub fn found(&self) -> u64 {
        self.found.values().sum()
    }

    /// How many spans were found, by entity.
    pub fn found_by_entity(&self) -> BTreeMap<String, u64> {
        self.found.iter().map(|(entity, &count)| (entity.name().to_owned(), count)).collect()
    }

    /// How many of them did not stand as they were.
    pub const fn masked(&self) -> u64 {
        self.masked
    }

    /// Whether some value can be read, all of it or a part, in what is passed on: the record is another text then.
    pub const fn shown(&self) -> bool {
        self.shown
    }

    /// Bytes of text looked at.
    pub const fn inspected_bytes(&self) -> u64 {
        self.inspected_bytes
    }

    /// Texts looked at.
    pub const fn texts(&self) -> u64 {
        self.texts
    }

    /// Most bytes held back at once.
    pub const fn held_max(&self) -> u64 {
        self.held_max
    }

    /// Some risk rule saw something.
    pub const fn has_leads(&self) -> bool {
        !self.leads.is_empty()
    }

    /// The risk signals of texts whose role is known by now. Most texts have none.
    pub fn risks(&self, role_of: impl Fn(&str) -> Role) -> Vec<Risk> {
        let mut risks = Vec::new();
        for (place, leads) in &self.leads {
            risks.extend(leads.signals(role_of(place)).into_iter().map(|signal| Risk {
                kind: signal.kind,
                direction: self.terms.direction,
                rule: signal.rule.to_owned(),
                place: place.clone(),
                score: signal.score,
            }));
        }
        risks
    }

    /// What looked; `None` when there was no text.
    pub fn rules_run(&self) -> Option<RulesRun> {
        let version = countersign_detect::version();
        (self.texts > 0).then(|| RulesRun {
            version: version.digest.clone(),
            entities: version.entities,
            signals: version.signals,
        })
    }

    /// What the connection's analyzer was asked.
    pub fn analyzer_run(&self) -> Option<AnalyzerRun> {
        self.asked.run()
    }

    /// Texts that the connection's analyzer was not asked about, and should have been.
    pub const fn unasked(&self) -> u64 {
        self.unasked
    }

    /// What could not look at everything, and why.
    pub fn not_run(&self) -> Vec<NotRun> {
        let said = [
            (self.unread, "masking", "encoded values too long to be looked into were masked unread"),
            (self.too_deep, "risk", "texts hold text that is encoded more than twice"),
            (self.unlisted, "risk", "more texts with signals are not listed"),
        ];
        said.into_iter()
            .filter(|(count, ..)| *count > 0)
            .map(|(count, rule, why)| NotRun { rule: rule.to_owned(), why: format!("{count} {why}") })
            .chain(self.asked.not_run(self.unasked))
            .collect()
    }

    fn note_leads(&mut self, place: &str, leads: Leads) {
        self.too_deep += u64::from(leads.too_deep());
        if leads.is_empty() {
            return;
        }
        if self.leads.len() < LISTED_TEXTS {
            self.leads.push((place.to_owned(), leads));
        } else {
            self.unlisted += 1;
        }
    }

    fn note(&mut self, place: &str, passage: Passage, spans: &[Span]) {
        self.unread += spans.iter().filter(|span| span.entity == Entity::EncodedText).count() as u64;
        for span in spans {
            // The record has a label where a value stands; what happened to it is that it stands.
            let action = match self.terms.action(passage, span.entity) {
                Action::Allow => Action::Allow,
                _ => span.action,
            };
            self.masked += u64::from(action != Action::Allow);
            self.shown |= action.on_record() != action;
            let of_this = self.found.entry(span.entity).or_default();
            *of_this += 1;
            if self.findings.len() < LISTED_FINDINGS || *of_this <= LISTED_OF_EACH {
                self.findings.push(Finding {
                    entity: span.entity.name().to_owned(),
                    direction: self.terms.direction,
                    place: place.to_owned(),
                    at: span.at as u64,
                    score: span.score,
                    evidence: span.evidence,
                    undone: span.undone,
                    action,
                });
            }
        }
    }
}

/// A streamed text on its way through the scrubber and the engine.
pub struct Channel {
    scrubber: Scrubber,
    stream: Stream,
    writer: Writer,
    passed: Vec<u8>,
    bytes: u64,
    /// Reads along and holds nothing back.
    watch: Watch,
    held: Option<Held>,
}

impl Channel {
    /// Gives what the scrubber released to the engine. The scrubber works on bytes and releases whole characters
    /// late at most, because its needle is found byte by byte; an incomplete character waits here.
    fn forward(&mut self, out: &mut String) {
        let whole = match std::str::from_utf8(&self.passed) {
            Ok(text) => text.len(),
            Err(cut) => cut.valid_up_to(),
        };
        if let Ok(text) = std::str::from_utf8(&self.passed[..whole]) {
            self.watch.push(text);
            match &mut self.held {
                Some(held) => held.push(text),
                None => self.stream.push_with(text, &mut self.writer, out),
            }
        }
        self.passed.drain(..whole);
    }
}

impl TextStream for Channel {
    fn push(&mut self, text: &str, out: &mut String) {
        self.bytes += text.len() as u64;
        self.scrubber.push(text.as_bytes(), &mut self.passed);
        self.forward(out);
    }

    fn finish(&mut self, out: &mut String) {
        self.scrubber.finish(&mut self.passed);
        self.forward(out);
        match &mut self.held {
            Some(held) => held.finish(&mut self.writer, out),
            None => self.stream.finish_with(&mut self.writer, out),
        }
    }
}

impl Masker for Lens {
    type Text = Channel;

    fn whole(&mut self, place: &str, passage: Passage, text: &str) -> Option<String> {
        self.texts += 1;
        self.inspected_bytes += text.len() as u64;
        let scrubbed = self.scrubber.whole(text);
        let given = scrubbed.as_deref().unwrap_or(text);
        self.note_leads(place, leads(given));
        let mut writer = self.terms.writer(passage, self.view);
        let theirs: Option<&[Foreign]> = match &self.asked {
            Asked::Said(analysis) => analysis.spans(place, given),
            Asked::Nobody | Asked::Not(_) => Some(&[]),
        };
        self.unasked += u64::from(theirs.is_none());
        let masked = self.engine.mask_with_foreign(given, theirs.unwrap_or_default(), &mut writer);
        if !masked.spans.is_empty() {
            self.note(place, passage, &masked.spans);
        }
        masked.text.or(scrubbed)
    }

    fn open(&mut self, place: &str, passage: Passage) -> Channel {
        let held = match &self.asked {
            Asked::Said(analysis) => Some(Held::new(&self.engine, analysis, place)),
            Asked::Nobody | Asked::Not(_) => None,
        };
        Channel {
            held,
            scrubber: self.scrubber.clone(),
            stream: self.engine.stream(),
            writer: self.terms.writer(passage, self.view),
            passed: Vec::new(),
            bytes: 0,
            watch: Watch::default(),
        }
    }

    fn close(&mut self, place: &str, text: Channel) {
        self.texts += 1;
        self.inspected_bytes += text.bytes;
        self.held_max = self.held_max.max(text.stream.max_held() as u64);
        let spans = text.held.as_ref().map_or(text.stream.spans(), Held::spans);
        self.note(place, text.writer.passage(), spans);
        self.unasked += u64::from(text.held.as_ref().is_some_and(Held::is_unasked));
        self.note_leads(place, text.watch.finish());
    }
}
