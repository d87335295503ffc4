//! What a streamed answer goes through: it is masked for the record, masked for the caller where that is another text,
//! and then the caller's own values are put back. Scanned first, restored last: what the model wrote is judged as it
//! wrote it, and no restored value is ever scanned or recorded.
//!
//! Promise: what the caller has is on record no later than it can be read; the record's stage sees each byte first.

use std::sync::Arc;

use countersign_detect::{Issued, Restore, Terms, View};
use countersign_model::action::Passage;
use countersign_wire::{
    End, Framing, Masker, Options, Release, Shape, StreamError, StreamRecord, StreamRewriter, TextStream,
};

use crate::lens::Lens;

/// Restored text may be longer than what an upstream may send in one event.
const MAX_EVENT: usize = 16 << 20;

/// The stages of one answer.
pub struct Stages {
    record: StreamRewriter<Lens>,
    lens: Lens,
    caller: Option<(StreamRewriter<Lens>, Lens)>,
    restore: Option<(StreamRewriter<Restorer>, Restorer)>,
}

impl Stages {
    /// For an answer under these terms; `lens_for` makes one for a view, and `issued` are the request's tokens.
    pub fn new(
        (shape, framing): (Shape, Framing),
        terms: &Terms,
        lens_for: impl Fn(View) -> Lens,
        issued: &Arc<Issued>,
    ) -> Self {
        let masked = terms.masking.response;
        let release = if masked { Release::Masked } else { Release::Original };
        let record = StreamRewriter::new(shape, framing, Options { release, ..Options::default() });
        let caller = (masked && terms.masking.may_show())
            .then(|| (StreamRewriter::new(shape, framing, Options::default()), lens_for(View::PassedOn)));
        let options = Options { max_event: MAX_EVENT, ..Options::default() };
        let restore = (!issued.is_empty())
            .then(|| (StreamRewriter::new(shape, framing, options), Restorer::new(Arc::clone(issued))));
        Self { record, lens: lens_for(View::Record), caller, restore }
    }

    /// What was learnt so far, all of it masked for the record.
    pub fn record(&self) -> &StreamRecord {
        self.record.record()
    }

    /// What the record's stage has seen.
    pub fn lens(&mut self) -> &mut Lens {
        &mut self.lens
    }

    /// Takes bytes of the upstream and appends what the caller may have.
    ///
    /// # Errors
    /// As [`StreamRewriter::push`].
    pub fn push(&mut self, bytes: &[u8], out: &mut Vec<u8>) -> Result<(), StreamError> {
        self.run(out, |rewriter, lens, out| rewriter.push(bytes, lens, out), None)
    }

    /// The upstream's bytes have ended.
    ///
    /// # Errors
    /// As [`StreamRewriter::finish`].
    pub fn finish(&mut self, end: End, out: &mut Vec<u8>) -> Result<(), StreamError> {
        self.run(out, |rewriter, lens, out| rewriter.finish(end, lens, out), Some(end))
    }

    fn run(
        &mut self,
        out: &mut Vec<u8>,
        step: impl Fn(&mut StreamRewriter<Lens>, &mut Lens, &mut Vec<u8>) -> Result<(), StreamError>,
        end: Option<End>,
    ) -> Result<(), StreamError> {
        if self.caller.is_none() && self.restore.is_none() {
            return step(&mut self.record, &mut self.lens, out);
        }
        let mut masked = Vec::new();
        let mut done = step(&mut self.record, &mut self.lens, &mut masked);
        if let Some((caller, lens)) = &mut self.caller {
            masked.clear();
            done = done.and(step(caller, lens, &mut masked));
        }
        let Some((restore, restorer)) = &mut self.restore else {
            out.append(&mut masked);
            return done;
        };
        let mut restored = restore.push(&masked, restorer, out);
        if let Some(end) = end {
            let end = if done.is_ok() { end } else { End::Broken };
            restored = restored.and(restore.finish(end, restorer, out));
        }
        done.and(restored)
    }
}

/// Puts the values of the request's tokens back into what the model says and into what it hands to tools.
pub struct Restorer {
    issued: Arc<Issued>,
}

impl Restorer {
    pub fn new(issued: Arc<Issued>) -> Self {
        Self { issued }
    }
}

impl Masker for Restorer {
    type Text = Restored;

    fn whole(&mut self, _place: &str, passage: Passage, text: &str) -> Option<String> {
        let argument = passage == Passage::ToolArguments;
        restores(passage).then(|| Restore::whole(&self.issued, argument, text)).flatten()
    }

    fn open(&mut self, _place: &str, passage: Passage) -> Restored {
        let argument = passage == Passage::ToolArguments;
        Restored(restores(passage).then(|| Restore::new(Arc::clone(&self.issued), argument)))
    }

    fn close(&mut self, _place: &str, _text: Restored) {}
}

/// What a tool of the model server's own gave back is not the model's answer to the caller.
const fn restores(passage: Passage) -> bool {
    !matches!(passage, Passage::ToolResult)
}

/// A growing text; `None`: nothing is put back into it.
pub struct Restored(Option<Restore>);

impl TextStream for Restored {
    fn push(&mut self, text: &str, out: &mut String) {
        match &mut self.0 {
            Some(restore) => restore.push(text, out),
            None => out.push_str(text),
        }
    }

    fn finish(&mut self, out: &mut String) {
        if let Some(restore) = &mut self.0 {
            restore.finish(out);
        }
    }
}
