//! What words stand for, as far as rules ask: a set of concepts for each word.

use std::ops::BitOr;

/// Several concepts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Concepts(u64);

impl Concepts {
    const fn bit(bit: u8) -> Self {
        Self(1 << bit)
    }

    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Any of the others.
    #[inline]
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// All of the others.
    pub const fn holds(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// `|` for tables.
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitOr for Concepts {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        self.or(other)
    }
}

macro_rules! concepts {
    ($($(#[$about:meta])* $name:ident = $bit:literal,)*) => {
        $($(#[$about])* pub const $name: Concepts = Concepts::bit($bit);)*
    };
}

concepts! {
    /// Leave aside: ignore, forget, override, bypass.
    IGNORE = 0,
    /// What came before: previous, above, earlier.
    PRIOR = 1,
    ALL = 2,
    YOUR = 3,
    MY = 4,
    /// What a model is told: instructions, guidelines, a prompt.
    ORDERS = 5,
    /// The same, and much else: rules, commands, context.
    RULES = 6,
    TOLD = 7,
    NEW = 8,
    NOW = 9,
    NEGATION = 10,
    /// Somebody who does it himself: I, they, users.
    OTHER = 11,
    YOU = 12,
    PRETEND = 13,
    /// Free of rules: unrestricted, uncensored, jailbroken.
    FREED = 14,
    WITHOUT = 15,
    /// What keeps a model from answering: restrictions, filters, safety.
    LIMITS = 16,
    AI = 17,
    MODE = 18,
    /// Which mode: developer, god, debug.
    DEBUG = 19,
    ENABLE = 20,
    /// Words of a refusal: sorry, refuse, disclaimer.
    REFUSAL = 21,
    OBEY = 22,
    BEGIN = 23,
    REPLY = 24,
    /// Words an obedient answer begins with: sure, certainly.
    SURE = 25,
    /// Give out in its own words: reveal, repeat, print.
    REVEAL = 26,
    /// Give out or sum up: show, tell, list.
    SHOW = 27,
    /// Of the model's own set-up: system, hidden, initial.
    SYSTEM = 28,
    TEXT = 29,
    VERBATIM = 30,
    SEND = 31,
    /// An address on the web.
    LINK = 32,
    /// Keys, passwords, environment variables.
    SECRET = 33,
    /// What was said to the model: conversation, history, data.
    CHAT = 34,
    ENCODED = 35,
    /// A place to fill in within an address.
    BLANK = 36,
    ASK = 37,
    /// What opens an account: password, PIN.
    LOGIN = 38,
    /// What nobody ever asks for in good faith: seed phrase, one-time code, card security code.
    PHRASE = 39,
    ACCOUNT = 40,
    URGENT = 41,
    VERIFY = 42,
    CLICK = 43,
    /// Talks about words: explain, translate, what does it mean.
    DISCUSS = 44,
    /// The field itself: prompt injection, phishing, awareness.
    TOPIC = 45,
    WRITE = 46,
    TALE = 47,
    /// Things that have modes and filters of their own: phone, browser.
    DEVICE = 48,
    /// A chat template's mark: `<|im_start|>`.
    MARKER = 49,
    /// The head of a turn: `System:` at the beginning of a line.
    TURN = 50,
    /// Text that a page does not show: a comment, a hidden element.
    HIDDEN = 51,
    /// Programming.
    CODE = 52,
    /// Calls somebody: note to, attention, dear.
    CALL = 53,
    REGARDLESS = 54,
    /// Illegal, unethical, harmful.
    WRONG = 55,
    ANYTHING = 56,
    DO = 57,
    STOP = 58,
    FOLLOW = 59,
    SUPERSEDE = 60,
    IMAGE = 61,
    /// What an ordinary text is about where these words stand: email, recipe, exam.
    MATTER = 62,
    WHAT = 63,
}
