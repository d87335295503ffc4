//! Passwords that are tried first: well-known words with digits around them, runs over a keyboard, repetitions.
//!
//! A form test instead of a long list: what people append to a known word does not make it unknown.

/// Words that stay guessable with any digits and signs around them.
const WORDS: &[&str] = &[
    "administrator",
    "administration",
    "admin",
    "adminadmin",
    "adminpassword",
    "baseball",
    "changeit",
    "changeme",
    "changemenow",
    "correcthorsebatterystaple",
    "countersign",
    "default",
    "defaultpassword",
    "dragon",
    "football",
    "gateway",
    "guest",
    "iloveyou",
    "iloveyousomuch",
    "letmein",
    "letmeinplease",
    "loveyou",
    "master",
    "masterpassword",
    "monkey",
    "mypassword",
    "newpassword",
    "oracle",
    "pass",
    "passphrase",
    "passw0rd",
    "password",
    "passwordpassword",
    "passwort",
    "postgres",
    "princess",
    "root",
    "rootroot",
    "rootpassword",
    "secret",
    "secretpassword",
    "sunshine",
    "superman",
    "supersecret",
    "temporary",
    "temppassword",
    "test",
    "testpassword",
    "testtest",
    "thisisapassword",
    "trustnoone",
    "unknown",
    "welcome",
    "welcomehome",
    "whatever",
];

/// Neighbours on keyboards and in alphabets, both ways.
const RUNS: &[&str] = &[
    "01234567890123456789",
    "09876543210987654321",
    "abcdefghijklmnopqrstuvwxyz",
    "zyxwvutsrqponmlkjihgfedcba",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
    "azertyuiopqsdfghjklmwxcvbn",
    "mnbvcxzlkjhgfdsapoiuytrewq",
    "1qaz2wsx3edc4rfv5tgb6yhn",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "qazwsxedcrfvtgbyhnujm",
];

/// Whether a lower-case password is one of those.
pub(super) fn is_common(lower: &str) -> bool {
    let letters: String = lower.chars().filter(|c| c.is_alphabetic()).collect();
    // What was appended must not be read as letters.
    let core = lower.trim_matches(|c: char| !c.is_alphabetic());
    let unmasked: String = core.chars().map(plain).filter(|c| c.is_alphabetic()).collect();
    let word = |text: &str| WORDS.contains(&text);
    word(lower) || word(&letters) || word(&unmasked) || repeats(lower) || runs(lower)
}

/// The letter a digit or sign stands for in "leet" spelling.
const fn plain(c: char) -> char {
    match c {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        c => c,
    }
}

/// The same one to four characters again and again.
fn repeats(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    (1..=4).any(|period| chars.iter().zip(chars.iter().skip(period)).all(|(a, b)| a == b))
}

/// Nothing but one run, or a run with little around it.
fn runs(text: &str) -> bool {
    let core = text.trim_matches(|c: char| !c.is_alphanumeric());
    RUNS.iter().any(|run| core.len() >= 6 && run.contains(core))
        || RUNS
            .iter()
            .any(|run| run.get(..10).is_some_and(|start| core.starts_with(start) && core.len() < 15))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_and_signs_do_not_hide_a_known_word() {
        for text in [
            "p@ssw0rd2026",
            "!!welcome2026!!",
            "changeme1234",
            "abcabcabcabc",
            "1qaz2wsx3edc",
            "9876543210987",
        ] {
            assert!(is_common(text), "{text}");
        }
        for text in ["correct horse battery", "abcabcabcabd-x9", "rainy monday lamp"] {
            assert!(!is_common(text), "{text}");
        }
    }
}
