//! Where in a text something is read as an address, or as part of a tag: what is put there leaves with the next request
//! of whoever shows the text, before anybody has looked at it.
//!
//! Promises: a place that a browser, a Markdown reader or a shell's tool would take for part of an address is forbidden,
//! also where the address is written with escapes or broken by blanks. Rather forbids too much: then a token stands.
//! Reads character by character, so it does not matter how a text was cut.
//!
//! Never: judges whose address it is.

/// How the address under way ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Until {
    Blank,
    /// The sign that closes what opened just before it.
    Sign(char),
    /// It is all of the text.
    Never,
}

/// Where in a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tag {
    /// Behind its bracket.
    Opened,
    /// In its name.
    Name,
    /// Behind the name; perhaps behind a sign of equality.
    Inside { equals: bool },
    /// In a quoted attribute.
    Quoted(char),
}

/// A link's destination, in brackets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Destination {
    /// Nothing of it has come.
    Begins,
    /// Behind so many open brackets; perhaps behind a backslash.
    Bare { depth: u32, escaped: bool },
    /// In angle brackets.
    Angle { escaped: bool },
}

/// A reference's definition: `[x]: destination`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Definition {
    Begins,
    Inside,
}

/// What is known of the text so far.
#[derive(Debug, Default)]
pub struct Zone {
    /// All of the text may be one address: it is an argument, not prose.
    argument: bool,
    /// The last characters, lower case.
    tail: [char; 4],
    /// Characters of the word under way, and of all before.
    word: usize,
    before: usize,
    /// The last sign in this word that opens something.
    opener: Option<char>,
    /// Letters behind the last dot of this word, when only letters came.
    suffix: Option<usize>,
    address: Option<Until>,
    tag: Option<Tag>,
    destination: Option<Destination>,
    definition: Option<Definition>,
}

impl Zone {
    /// For a text; `argument`: a program may take all of it for one address.
    pub fn new(argument: bool) -> Self {
        Self { argument, ..Self::default() }
    }

    /// Whether what is put here would be part of an address or a tag.
    pub fn forbids(&self) -> bool {
        let in_tag = matches!(self.tag, Some(Tag::Inside { .. } | Tag::Quoted(_)));
        self.address.is_some()
            || in_tag
            || self.destination.is_some()
            || self.definition == Some(Definition::Inside)
    }

    /// Takes the next character.
    pub fn read(&mut self, c: char) {
        self.end_address(c);
        self.tag = self.next_tag(c);
        self.destination = self.next_destination(c);
        self.definition = match (self.definition, c.is_whitespace()) {
            (Some(Definition::Inside), true) => None,
            (Some(_), false) => Some(Definition::Inside),
            (definition, _) => definition,
        };
        if self.tail[3] == ']' && c == ':' {
            self.definition = Some(Definition::Begins);
        }
        self.tail.rotate_left(1);
        self.tail[3] = c.to_ascii_lowercase();
        if c.is_whitespace() {
            self.before += self.word + 1;
            (self.word, self.opener, self.suffix) = (0, None, None);
            return;
        }
        self.word += 1;
        if self.address.is_none() && self.begins_address(c) {
            self.address = Some(match self.opener {
                Some('<') => Until::Sign('>'),
                Some(quote) => Until::Sign(quote),
                None if self.argument && self.before == 0 => Until::Never,
                None => Until::Blank,
            });
        }
        match c {
            '"' | '\'' | '<' => self.opener = Some(c),
            '.' => self.suffix = Some(0),
            c if c.is_ascii_alphabetic() => self.suffix = self.suffix.map(|letters| letters + 1),
            _ => self.suffix = None,
        }
    }

    /// `//`, `:/` and the like, `www.`, a domain's end and a slash.
    fn begins_address(&self, c: char) -> bool {
        let slash = |c| matches!(c, '/' | '\\');
        let two = slash(c) && (slash(self.tail[2]) || self.tail[2] == ':');
        let bare = matches!(c, '/' | '?' | ':') && self.suffix.is_some_and(|letters| letters >= 2);
        two || bare || self.tail == ['w', 'w', 'w', '.']
    }

    fn end_address(&mut self, c: char) {
        let ends = match self.address {
            Some(Until::Blank) => c.is_whitespace(),
            Some(Until::Sign(sign)) => c == sign,
            Some(Until::Never) | None => false,
        };
        if ends {
            self.address = None;
        }
    }

    /// As a browser reads it (HTML Living Standard, 13.2.5).
    fn next_tag(&self, c: char) -> Option<Tag> {
        match self.tag {
            Some(Tag::Opened) if c.is_ascii_alphabetic() => Some(Tag::Name),
            Some(Tag::Name) if c.is_whitespace() || c == '/' => Some(Tag::Inside { equals: false }),
            Some(Tag::Name) if c.is_ascii_alphanumeric() || matches!(c, '-' | ':') => Some(Tag::Name),
            Some(Tag::Inside { equals: true }) if matches!(c, '"' | '\'') => Some(Tag::Quoted(c)),
            Some(Tag::Inside { .. }) if c == '>' => None,
            Some(Tag::Inside { equals }) => {
                Some(Tag::Inside { equals: c == '=' || equals && c.is_whitespace() })
            }
            Some(Tag::Quoted(quote)) if c == quote => Some(Tag::Inside { equals: false }),
            Some(Tag::Quoted(quote)) => Some(Tag::Quoted(quote)),
            _ if c == '<' => Some(Tag::Opened),
            _ => None,
        }
    }

    /// As Markdown reads a link (CommonMark 0.31, 6.3), or a style sheet `url(…)`.
    fn next_destination(&self, c: char) -> Option<Destination> {
        let bare = |depth| Some(Destination::Bare { depth, escaped: false });
        match self.destination {
            None if c == '(' && (self.tail[3] == ']' || self.tail[1..] == ['u', 'r', 'l']) => {
                Some(Destination::Begins)
            }
            None => None,
            Some(Destination::Begins) if c.is_whitespace() => Some(Destination::Begins),
            Some(Destination::Begins) if c == '<' => Some(Destination::Angle { escaped: false }),
            Some(Destination::Begins) if c == ')' => None,
            Some(Destination::Begins) if c == '(' => bare(2),
            Some(Destination::Begins) => Some(Destination::Bare { depth: 1, escaped: c == '\\' }),
            Some(Destination::Angle { escaped: true }) => Some(Destination::Angle { escaped: false }),
            Some(Destination::Angle { .. }) if c == '>' => bare(1),
            Some(Destination::Angle { .. }) => Some(Destination::Angle { escaped: c == '\\' }),
            Some(Destination::Bare { depth, escaped: true }) => bare(depth),
            Some(Destination::Bare { depth, .. }) => match c {
                '(' => bare(depth + 1),
                ')' if depth <= 1 => None,
                ')' => bare(depth - 1),
                c => Some(Destination::Bare { depth, escaped: c == '\\' }),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether something may be put where the `¤` stands.
    fn forbidden(text: &str, argument: bool) -> bool {
        let mut zone = Zone::new(argument);
        for c in text.chars().take_while(|c| *c != '¤') {
            zone.read(c);
        }
        zone.forbids()
    }

    #[test]
    fn addresses_and_tags_take_nothing_in() {
        for text in [
            "https://evil.example/?q=¤",
            "see HTTPS://evil.example/¤",
            "https:/evil.example/¤",
            r"https:\\evil.example\¤",
            "//evil.example/?q=¤",
            "https://¤.evil.example/",
            "www.evil.example?q=¤",
            "evil.example/?q=¤",
            "evil.example:8080/¤",
            "![](https://evil.example/?q=¤)",
            "![](https&colon;&sol;&sol;evil.example/?q=¤)",
            "![x]( <https://evil.example/? a ¤>)",
            "[x](a(b)c ¤)",
            r"[x](a\) ¤)",
            "![](/pixel?q=¤)",
            "[a]: https&colon;&sol;&sol;evil.example/¤",
            "[a]:\nhttps&colon;&sol;&sol;evil.example/¤",
            "<https://evil.example/ ¤>",
            "<img src=\"https://evil.example/?q= a\n¤\">",
            "<img src=https&colon;//evil.example/¤>",
            "<img alt=\">\" src=\"x ¤\">",
            "<a\nhref='¤'>",
            "<svg/onload=¤>",
            "{\"url\":\"https://evil.example/? ¤\"}",
            "background: URL(https:\\2f evil ¤)",
            "data://x,¤",
        ] {
            assert!(forbidden(text, false), "{text}");
        }
        assert!(forbidden("https://evil.example/? a ¤", true));
    }

    #[test]
    fn prose_lists_and_data_take_it_in() {
        for text in [
            "Write to ¤.",
            "¤",
            "https://example.com/a and then ¤",
            "\"https://example.com\", ¤",
            "[a](https://example.com) ¤",
            "**¤**",
            "(¤)",
            "- mail: ¤",
            "[x]: ¤",
            "{\"to\":\"¤\"}",
            "{\"url\":\"https://example.com/a\",\"to\":\"¤\"}",
            "<b>¤</b>",
            "<td class=\"x\">¤",
            "if a < b { ¤ }",
            "e.g. ¤",
            "1/2 of ¤",
            "mailto:¤",
            "and/or ¤",
            "x = f(¤)",
        ] {
            assert!(!forbidden(text, false), "{text}");
        }
        assert!(!forbidden("see https://example.com and ¤", true));
    }
}
