//! Two maskers: one that changes nothing, and one whose values are easy to make up. The second holds back what may
//! become one: `SECRET<digits>!`, `clé😀<digits>!` and eight nines. Its label holds a quote and a backslash, so that
//! escaping is put to the test.

use countersign_model::action::Passage;
use countersign_wire::{Masker, TextStream};

pub const LABEL: &str = "<S\"\\>";

enum Look {
    /// A value of so many bytes.
    Match(usize),
    /// More text could make it one.
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
                    let next = text.ceil_char_boundary(at + 1);
                    out.push_str(&text[at..next]);
                    at = next;
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

/// Counts the texts that are open.
#[derive(Default)]
pub struct Toy {
    pub open: usize,
}

impl Masker for Toy {
    type Text = ToyText;

    fn whole(&mut self, _: &str, _: Passage, text: &str) -> Option<String> {
        let masked = mask(text);
        (masked != text).then_some(masked)
    }

    fn open(&mut self, _: &str, _: Passage) -> ToyText {
        self.open += 1;
        ToyText::default()
    }

    fn close(&mut self, _: &str, _: ToyText) {
        self.open -= 1;
    }
}

pub fn mask(text: &str) -> String {
    let (mut stream, mut out) = (ToyText::default(), String::new());
    stream.push(text, &mut out);
    stream.finish(&mut out);
    out
}

/// Finds nothing.
pub struct Nothing;

impl TextStream for Nothing {
    fn push(&mut self, text: &str, out: &mut String) {
        out.push_str(text);
    }

    fn finish(&mut self, _: &mut String) {}
}

impl Masker for Nothing {
    type Text = Self;

    fn whole(&mut self, _: &str, _: Passage, _: &str) -> Option<String> {
        None
    }

    fn open(&mut self, _: &str, _: Passage) -> Self {
        Self
    }

    fn close(&mut self, _: &str, _: Self) {}
}
