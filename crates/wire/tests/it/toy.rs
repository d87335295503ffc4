//! A toy masker with real hold-back: masks `SECRET<digits>!`, `clé😀<digits>!` and eight nines.
//!
//! Its labels hold a quote and a backslash, so that escaping is put to the test.

use countersign_model::action::Passage;
use countersign_wire::{Masker, TextStream};

pub const LABEL: &str = "<S\"\\>";

/// How far the text from here is a secret.
enum Look {
    Match(usize),
    Alive,
    No,
}

fn look(text: &str) -> Look {
    for stem in ["SECRET", "clé😀"] {
        if stem.starts_with(text) {
            return Look::Alive;
        }
        if let Some(rest) = text.strip_prefix(stem) {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            return match rest.as_bytes().get(digits) {
                None => Look::Alive,
                Some(b'!') if digits > 0 => Look::Match(stem.len() + digits + 1),
                Some(_) => Look::No,
            };
        }
    }
    match text.bytes().take_while(|&b| b == b'9').count() {
        8.. => Look::Match(8),
        n if n == text.len() => Look::Alive,
        _ => Look::No,
    }
}

#[derive(Default)]
pub struct ToyText {
    held: String,
}

impl ToyText {
    fn run(&mut self, last: bool, out: &mut String) {
        let text = std::mem::take(&mut self.held);
        let mut at = 0;
        while at < text.len() {
            match look(&text[at..]) {
                Look::Match(length) => {
                    out.push_str(LABEL);
                    at += length;
                }
                Look::Alive if !last => break,
                _ => {
                    let c = text[at..].chars().next().unwrap();
                    out.push(c);
                    at += c.len_utf8();
                }
            }
        }
        self.held.push_str(&text[at..]);
    }
}

impl TextStream for ToyText {
    fn push(&mut self, text: &str, out: &mut String) {
        self.held.push_str(text);
        self.run(false, out);
    }
    fn finish(&mut self, out: &mut String) {
        self.run(true, out);
    }
}

/// Counts what it was given; `places` are those of texts opened and closed.
#[derive(Default)]
pub struct Toy {
    pub opened: Vec<String>,
    pub closed: Vec<String>,
    pub seen: Vec<(String, String)>,
    /// Of each text, in the order they were seen or opened.
    pub passages: Vec<(String, Passage)>,
}

impl Masker for Toy {
    type Text = ToyText;
    fn whole(&mut self, place: &str, passage: Passage, text: &str) -> Option<String> {
        self.passages.push((place.to_owned(), passage));
        self.seen.push((place.to_owned(), text.to_owned()));
        let masked = mask(text);
        (masked != text).then_some(masked)
    }
    fn open(&mut self, place: &str, passage: Passage) -> ToyText {
        self.passages.push((place.to_owned(), passage));
        self.opened.push(place.to_owned());
        ToyText::default()
    }
    fn close(&mut self, place: &str, _: ToyText) {
        self.closed.push(place.to_owned());
    }
}

pub fn mask(text: &str) -> String {
    let mut out = String::new();
    let mut stream = ToyText::default();
    stream.push(text, &mut out);
    stream.finish(&mut out);
    out
}

/// Changes nothing, but holds everything back until the end.
#[derive(Default)]
pub struct Identity;

#[derive(Default)]
pub struct Held(String);

impl TextStream for Held {
    fn push(&mut self, text: &str, _: &mut String) {
        self.0.push_str(text);
    }
    fn finish(&mut self, out: &mut String) {
        out.push_str(&self.0);
    }
}

impl Masker for Identity {
    type Text = Held;
    fn whole(&mut self, _: &str, _: Passage, _: &str) -> Option<String> {
        None
    }
    fn open(&mut self, _: &str, _: Passage) -> Held {
        Held::default()
    }
    fn close(&mut self, _: &str, _: Held) {}
}
