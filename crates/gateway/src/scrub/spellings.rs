//! The ways a secret may be written that whole bytes of text can be searched for: as it is, backwards, in hexadecimal,
//! in base64 (RFC 4648) at each of its three alignments, so that it is found inside a longer encoded text too.

use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// Shorter secrets are not searched for: they would hit ordinary text.
pub const SHORTEST: usize = 6;
/// From this length on, upper and lower case are one: a shorter key may be an ordinary word.
const CASELESS: usize = 12;
/// Fewest characters of an encoded form that are told from chance.
const SHORTEST_ENCODED: usize = 8;

/// One literal to search for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spelling {
    pub bytes: Vec<u8>,
    /// Upper and lower case of ASCII are one; `bytes` is lower case.
    pub caseless: bool,
}

/// All spellings of a secret; none for `None` or one that is too short.
pub fn of(secret: Option<&str>) -> Vec<Spelling> {
    let Some(plain) = plain(secret) else { return Vec::new() };
    let secret = secret.map(str::as_bytes).unwrap_or_default();
    let mut backwards = plain.clone();
    backwards.bytes.reverse();
    let hex = secret.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(digit).collect();
    let mut all = vec![plain, backwards, Spelling { bytes: hex, caseless: true }];
    for lead in 0..3 {
        for text in [base64(&STANDARD_NO_PAD, secret, lead), base64(&URL_SAFE_NO_PAD, secret, lead)] {
            let spelling = Spelling { bytes: text, caseless: false };
            if spelling.bytes.len() >= SHORTEST_ENCODED && !all.contains(&spelling) {
                all.push(spelling);
            }
        }
    }
    all.dedup();
    all
}

/// The secret as it is.
pub fn plain(secret: Option<&str>) -> Option<Spelling> {
    let secret = secret.filter(|secret| secret.len() >= SHORTEST)?;
    let caseless = secret.len() >= CASELESS;
    let text = if caseless { secret.to_ascii_lowercase() } else { secret.to_owned() };
    Some(Spelling { bytes: text.into_bytes(), caseless })
}

/// The characters of base64 that the secret alone decides when `lead` bytes stand before it in its group.
fn base64(alphabet: &impl base64::Engine, secret: &[u8], lead: usize) -> Vec<u8> {
    let padded: Vec<u8> = std::iter::repeat_n(0, lead).chain(secret.iter().copied()).collect();
    let text = alphabet.encode(&padded).into_bytes();
    let first = (lead * 8).div_ceil(6);
    let whole = padded.len() * 8 / 6;
    text.get(first..whole).unwrap_or_default().to_vec()
}

fn digit(nibble: u8) -> u8 {
    b"0123456789abcdef"[usize::from(nibble & 15)]
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;

    use super::*;

    #[test]
    fn base64_is_found_wherever_it_stands_in_its_text() {
        let secret = "upstream-Key/+1";
        let all = of(Some(secret));
        for before in 0..7 {
            for after in 0..4 {
                let text =
                    STANDARD_NO_PAD.encode(format!("{}{secret}{}", "x".repeat(before), "y".repeat(after)));
                let has = |spelling: &Spelling| {
                    text.as_bytes().windows(spelling.bytes.len()).any(|window| window == spelling.bytes)
                };
                assert!(all.iter().any(has), "{before} before, {after} after");
            }
        }
    }

    #[test]
    fn short_secrets_are_not_searched_for_and_short_words_keep_their_case() {
        assert!(of(Some("12345")).is_empty() && of(None).is_empty());
        assert!(!plain(Some("Banana")).unwrap().caseless);
        assert!(plain(Some("sk-0123456789")).unwrap().caseless);
    }
}
