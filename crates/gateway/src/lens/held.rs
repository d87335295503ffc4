//! A text that is looked at whole at its end, because the connection's analyzer was asked about all of it. Only texts that
//! are there whole are: a streamed answer is not asked about.

use std::sync::Arc;

use countersign_detect::{Engine, Span, Writer};

use crate::analyzer::Analysis;

pub(super) struct Held {
    engine: Arc<Engine>,
    analysis: Arc<Analysis>,
    place: String,
    text: String,
    spans: Vec<Span>,
    unasked: bool,
}

impl Held {
    pub fn new(engine: &Arc<Engine>, analysis: &Arc<Analysis>, place: &str) -> Self {
        Self {
            engine: Arc::clone(engine),
            analysis: Arc::clone(analysis),
            place: place.to_owned(),
            text: String::new(),
            spans: Vec::new(),
            unasked: false,
        }
    }

    pub fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Appends all of it, masked.
    pub fn finish(&mut self, writer: &mut Writer, out: &mut String) {
        let theirs = self.analysis.spans(&self.place, &self.text);
        self.unasked = theirs.is_none();
        let masked = self.engine.mask_with_foreign(&self.text, theirs.unwrap_or_default(), writer);
        self.spans = masked.spans;
        out.push_str(masked.text.as_deref().unwrap_or(&self.text));
    }

    /// What was found.
    pub fn spans(&self) -> &[Span] {
        &self.spans
    }

    /// Whether it should have been asked about and was not.
    pub const fn is_unasked(&self) -> bool {
        self.unasked
    }
}
