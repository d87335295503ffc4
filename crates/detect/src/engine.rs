//! The rules, ready to run.

use std::sync::{Arc, LazyLock};

use crate::entities::STANDARD;
use crate::output::{Output, Sink};
use crate::reader::Reader;
use crate::scanner::{Index, Window};
use crate::{Definition, Masked, Span, Stream};

/// All rules, immutable. Share it by `Arc`.
#[derive(Debug)]
pub struct Engine {
    index: Arc<Index>,
}

/// Made once: its tables take longer to make than most texts to read.
static STANDARD_INDEX: LazyLock<Arc<Index>> = LazyLock::new(|| Arc::new(Index::new(STANDARD)));

impl Engine {
    /// All standard definitions.
    pub fn standard() -> Self {
        Self { index: Arc::clone(&STANDARD_INDEX) }
    }

    /// What [`Engine::standard`] finds, with samples.
    pub fn definitions() -> &'static [&'static Definition] {
        STANDARD
    }

    /// By start, never overlapping. Offsets are bytes of `text`.
    pub fn scan(&self, text: &str) -> Vec<Span> {
        self.read(text, &mut Discard)
    }

    pub fn mask(&self, text: &str) -> Masked {
        let mut rewritten = Rewrite { text, kept: 0, out: None };
        let spans = self.read(text, &mut rewritten);
        Masked { text: rewritten.out, spans }
    }

    fn read(&self, text: &str, sink: &mut impl Sink) -> Vec<Span> {
        let mut reader = Reader::default();
        let mut output = Output::default();
        let window = Window { text, base: 0, last: true };
        reader.advance(&self.index, window);
        output.advance(&reader, window, sink);
        output.into_spans()
    }

    /// State for one text that arrives in pieces.
    pub fn stream(self: &Arc<Self>) -> Stream {
        Stream::new(Arc::clone(self))
    }

    pub(crate) fn index(&self) -> &Index {
        &self.index
    }
}

struct Discard;

impl Sink for Discard {
    fn text(&mut self, _: &str) {}
    fn label(&mut self, _: &'static str) {}
}

/// Copies nothing until there is something to mask.
struct Rewrite<'a> {
    text: &'a str,
    /// Bytes of `text` that stand, while there is no `out`.
    kept: usize,
    out: Option<String>,
}

impl Sink for Rewrite<'_> {
    fn text(&mut self, text: &str) {
        match &mut self.out {
            Some(out) => out.push_str(text),
            None => self.kept += text.len(),
        }
    }

    fn label(&mut self, label: &'static str) {
        self.out
            .get_or_insert_with(|| {
                let mut out = String::with_capacity(self.text.len() + 64);
                out.push_str(&self.text[..self.kept]);
                out
            })
            .push_str(label);
    }
}
