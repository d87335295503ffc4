//! What no reader sees. These have no act: the reader finds them by themselves.

use crate::risk::rule::Rule;

/// Text spelt in tag characters.
pub static TAGS: Rule = Rule {
    id: "hidden_tag_characters",
    why: "text is spelt in characters that no reader sees",
    score: 0.85,
    roles: [1.0, 0.8, 1.1, 1.0],
    ..Rule::BLANK
};

/// A long run of characters that show nothing.
pub static INVISIBLE: Rule = Rule {
    id: "hidden_invisible_run",
    why: "a long run of invisible characters carries something",
    score: 0.55,
    roles: [1.0, 0.8, 1.1, 1.0],
    ..Rule::BLANK
};

/// Encoded text that is one of the other signals.
pub static ENCODED: Rule = Rule {
    id: "encoded_instructions",
    why: "encoded text decodes to instructions",
    score: 0.6,
    ..Rule::BLANK
};
