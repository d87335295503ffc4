//! The rules, ready to run.

use std::sync::{Arc, LazyLock};

use crate::entities::STANDARD;
use crate::index::Index;
use crate::output::{Output, Sink};
use crate::own::{Custom, Dictionary, Fault, Own};
use crate::reader::Reader;
use crate::replace::{Labels, Replace};
use crate::scanner::Window;
use crate::{Definition, Foreign, Masked, Span, Stream, foreign};

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

    /// All standard definitions, and what an administrator looks for.
    pub fn with(customs: &[Custom], dictionaries: &[Dictionary]) -> Result<Self, Fault> {
        let own = Own::new(customs, dictionaries)?;
        Ok(Self { index: Arc::new(Index::with(STANDARD, own)) })
    }

    /// What [`Engine::standard`] finds, with samples.
    pub fn definitions() -> &'static [&'static Definition] {
        STANDARD
    }

    /// By start, never overlapping. Offsets are bytes of `text`.
    pub fn scan(&self, text: &str) -> Vec<Span> {
        self.read(text, &mut Labels, &mut Discard)
    }

    /// With a label in place of everything that is found.
    pub fn mask(&self, text: &str) -> Masked {
        self.mask_with(text, &mut Labels)
    }

    /// With what `replace` writes in place of what is found.
    pub fn mask_with(&self, text: &str, replace: &mut impl Replace) -> Masked {
        let mut rewritten = Rewrite { text, kept: 0, out: None };
        let spans = self.read(text, replace, &mut rewritten);
        Masked { text: rewritten.out, spans }
    }

    /// As [`Engine::mask_with`], with what somebody else's analyzer found in this text besides.
    pub fn mask_with_foreign(&self, text: &str, theirs: &[Foreign], replace: &mut impl Replace) -> Masked {
        if theirs.is_empty() {
            return self.mask_with(text, replace);
        }
        let mut rewritten = Rewrite { text, kept: 0, out: None };
        let mut reader = Reader::default();
        let mut output = Output::default();
        let window = Window { text, base: 0, last: true };
        reader.advance(&self.index, window);
        let found = foreign::unite(text, reader.found(), theirs);
        output.write_all(&found, window, replace, &mut rewritten);
        Masked { text: rewritten.out, spans: output.into_spans() }
    }

    fn read(&self, text: &str, replace: &mut impl Replace, sink: &mut impl Sink) -> Vec<Span> {
        let mut reader = Reader::default();
        let mut output = Output::default();
        let window = Window { text, base: 0, last: true };
        reader.advance(&self.index, window);
        output.advance(&reader, window, replace, sink);
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
    fn instead(&mut self, _: &str) {}
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

    fn instead(&mut self, written: &str) {
        self.out
            .get_or_insert_with(|| {
                let mut out = String::with_capacity(self.text.len() + 64);
                out.push_str(&self.text[..self.kept]);
                out
            })
            .push_str(written);
    }
}
