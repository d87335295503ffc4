//! The detector as the wire's [`Masker`]: every text goes through the credential scrubber, then through the engine,
//! and what is found is kept with its place.

use std::sync::Arc;

use countersign_detect::{Engine, Stream};
use countersign_model::entity::{Direction, Finding};
use countersign_wire::{Masker, TextStream};

use crate::scrub::Scrubber;

/// Findings beyond this many are counted, not listed.
const LISTED_FINDINGS: usize = 1_000;

/// Masks the texts of one direction of one exchange.
pub struct Lens {
    engine: Arc<Engine>,
    direction: Direction,
    scrubber: Scrubber,
    findings: Vec<Finding>,
    found: u64,
    inspected_bytes: u64,
    texts: u64,
    held_max: u64,
}

impl Lens {
    /// For one direction; `secret` is the model server's credential, which no text may carry.
    pub fn new(engine: Arc<Engine>, direction: Direction, secret: Option<&str>) -> Self {
        Self {
            engine,
            direction,
            scrubber: Scrubber::new(secret),
            findings: Vec::new(),
            found: 0,
            inspected_bytes: 0,
            texts: 0,
            held_max: 0,
        }
    }

    /// Masks a text that stands by itself.
    pub fn text(&mut self, place: &str, text: &str) -> Option<String> {
        self.whole(place, text)
    }

    /// What was found, at most a thousand of it listed.
    pub fn take_findings(&mut self) -> Vec<Finding> {
        std::mem::take(&mut self.findings)
    }

    /// How many spans were found.
    pub const fn found(&self) -> u64 {
        self.found
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

    fn note(&mut self, place: &str, spans: &[countersign_detect::Span]) {
        self.found += spans.len() as u64;
        let room = LISTED_FINDINGS.saturating_sub(self.findings.len());
        self.findings.extend(spans.iter().take(room).map(|span| Finding {
            entity: span.entity.name().to_owned(),
            direction: self.direction,
            place: place.to_owned(),
            at: span.at as u64,
            score: span.score,
            evidence: span.evidence,
            undone: span.undone,
        }));
    }
}

/// A streamed text on its way through the scrubber and the engine.
pub struct Channel {
    scrubber: Scrubber,
    stream: Stream,
    passed: Vec<u8>,
    bytes: u64,
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
            self.stream.push(text, out);
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
        self.stream.finish(out);
    }
}

impl Masker for Lens {
    type Text = Channel;

    fn whole(&mut self, place: &str, text: &str) -> Option<String> {
        self.texts += 1;
        self.inspected_bytes += text.len() as u64;
        let scrubbed = self.scrubber.whole(text);
        let masked = self.engine.mask(scrubbed.as_deref().unwrap_or(text));
        if !masked.spans.is_empty() {
            self.note(place, &masked.spans);
        }
        masked.text.or(scrubbed)
    }

    fn open(&mut self, _place: &str) -> Channel {
        Channel {
            scrubber: self.scrubber.clone(),
            stream: self.engine.stream(),
            passed: Vec::new(),
            bytes: 0,
        }
    }

    fn close(&mut self, place: &str, text: Channel) {
        self.texts += 1;
        self.inspected_bytes += text.bytes;
        self.held_max = self.held_max.max(text.stream.max_held() as u64);
        self.note(place, text.stream.spans());
    }
}
