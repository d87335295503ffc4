//! One growing text of a stream and its masker.

use countersign_model::action::Passage;

use super::dialect::{Family, Group, Role};
use crate::{Masker, TextStream, arguments::Arguments};

#[derive(Debug)]
enum Body<T> {
    Text(T),
    Json(Box<Arguments<T>>),
}

/// An event with room for one text: what other shapes get when held text must be sent on its own.
#[derive(Debug, Default, Clone)]
pub(super) struct Template {
    pub head: Vec<u8>,
    pub tail: Vec<u8>,
}

impl Template {
    /// Bytes it takes.
    pub fn len(&self) -> usize {
        self.head.len() + self.tail.len()
    }
}

/// One growing text.
#[derive(Debug)]
pub(super) struct Channel<T> {
    body: Body<T>,
    /// A tool's name, which fills a hole in the event it began in.
    pub is_name: bool,
    /// The protocol it flows in.
    pub family: Family,
    /// The part of the answer it belongs to.
    pub group: Group,
    /// Its number in the record.
    pub slot: usize,
    /// What went in and has not come out, as long as what came out is what went in.
    pending: String,
    /// What came out is not what went in: something was masked.
    pub has_moved: bool,
    /// How to send its rest in shapes that are not understood.
    pub template: Option<Template>,
}

impl<T: TextStream> Channel<T> {
    /// Opens a channel.
    pub fn open<M: Masker<Text = T>>(
        role: Role,
        (place, passage): (&str, Passage),
        family: Family,
        group: Group,
        slot: usize,
        masker: &mut M,
    ) -> Self {
        let body = if role == Role::Json {
            Body::Json(Box::new(Arguments::new(place, Passage::ToolArguments)))
        } else {
            Body::Text(masker.open(place, passage))
        };
        Self {
            body,
            is_name: role == Role::Name,
            family,
            group,
            slot,
            pending: String::new(),
            has_moved: false,
            template: None,
        }
    }

    /// Takes more text; gives what may be released.
    pub fn push<M: Masker<Text = T>>(&mut self, text: &str, masker: &mut M) -> String {
        let mut out = String::with_capacity(text.len());
        match &mut self.body {
            Body::Text(stream) => stream.push(text, &mut out),
            Body::Json(arguments) => arguments.push(text, masker, &mut out),
        }
        self.compare(text, &out);
        out
    }

    /// False when all that went in has come out, unchanged: there is nothing to send later.
    pub fn may_hold(&self) -> bool {
        self.has_moved || !self.pending.is_empty()
    }

    fn compare(&mut self, text: &str, released: &str) {
        if self.has_moved || (self.pending.is_empty() && text == released) {
            return;
        }
        self.pending.push_str(text);
        if self.pending.starts_with(released) {
            self.pending.drain(..released.len());
        } else {
            self.has_moved = true;
            self.pending = String::new();
        }
    }

    /// The text has ended; gives what was held.
    pub fn finish<M: Masker<Text = T>>(self, place: &str, masker: &mut M) -> String {
        let mut out = String::new();
        match self.body {
            Body::Text(mut stream) => {
                stream.finish(&mut out);
                masker.close(place, stream);
            }
            Body::Json(mut arguments) => arguments.finish(masker, &mut out),
        }
        out
    }
}
