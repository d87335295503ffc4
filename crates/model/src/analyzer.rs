//! An analyzer of somebody else's that is asked about a connection's texts: one that speaks Microsoft Presidio's
//! `/analyze`. What is set of it here is what is stored; whether it can be used, the rules of connections say.

use serde::{Deserialize, Serialize};

/// What is done with a request, or with an answer, that the analyzer could not be asked about. There is no usual choice:
/// whoever sets an analyzer makes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhenItFails {
    /// It is refused, and nothing is passed on.
    Closed,
    /// It goes on with what is built in, and the record says so.
    Open,
}

impl WhenItFails {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Closed, Self::Open];

    /// The stable name, as posted and as in the rows of changes.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Open => "open",
        }
    }

    /// Reads the stable name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.name() == name)
    }
}

/// A score between 0 and 1 in steps of a hundredth, so that settings can be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Hundredths(u8);

impl Hundredths {
    /// A number between 0 and 1 as people write it, such as `0.35`, with two digits behind the point at most.
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, rest) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || !digits(rest) || rest.len() > 2 {
            return None;
        }
        let hundredths =
            whole.parse::<u32>().ok()?.checked_mul(100)? + format!("{rest:0<2}").parse::<u32>().ok()?;
        u8::try_from(hundredths).ok().filter(|hundredths| *hundredths <= 100).map(Self)
    }

    /// As people write it.
    pub fn text(self) -> String {
        format!("{}.{:02}", self.0 / 100, self.0 % 100)
    }

    /// As a number.
    pub fn value(self) -> f64 {
        f64::from(self.0) / 100.0
    }
}

impl Default for Hundredths {
    /// 0.35: below it Presidio's own recognizers have what only looks like a value.
    fn default() -> Self {
        Self(35)
    }
}

/// Where it is and how it is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnalyzerSettings {
    /// `http(s)://host[:port][/path]`, no query, no user info; `/analyze` comes behind it.
    pub url: String,
    /// The language that texts are said to be in, such as `en`.
    pub language: String,
    /// What it is less sure of is no finding.
    pub score: Hundredths,
    /// Kinds it is asked for; empty: all it knows.
    pub entities: Vec<String>,
    /// For all texts of a request, or of an answer, together, milliseconds.
    pub timeout_ms: u32,
    pub when_it_fails: WhenItFails,
}

impl AnalyzerSettings {
    /// What is usual to wait, milliseconds.
    pub const USUAL_TIMEOUT_MS: u32 = 5_000;
    /// What is usually said of the language.
    pub const USUAL_LANGUAGE: &str = "en";

    /// All of it in one line that never changes for the same settings: for rows of changes and for the policy's digest.
    pub fn line(&self) -> String {
        let kinds = if self.entities.is_empty() { "all".to_owned() } else { self.entities.join(",") };
        format!(
            "{} language={} score={} kinds={kinds} timeout_ms={} when_it_fails={}",
            self.url,
            self.language,
            self.score.text(),
            self.timeout_ms,
            self.when_it_fails.name()
        )
    }

    /// Where it is asked.
    pub fn address(&self) -> String {
        format!("{}/analyze", self.url.trim_end_matches('/'))
    }

    /// Whether it can be the name of a kind: a capital, then 1 to 47 capitals, digits and underscores.
    pub fn is_kind(name: &str) -> bool {
        (2..=48).contains(&name.len())
            && name.starts_with(|first: char| first.is_ascii_uppercase())
            && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_are_read_as_they_are_written() {
        for (text, shown) in [
            ("0", "0.00"),
            ("0.4", "0.40"),
            ("0.35", "0.35"),
            ("1", "1.00"),
            ("1.0", "1.00"),
            ("00.05", "0.05"),
        ] {
            assert_eq!(Hundredths::parse(text).map(Hundredths::text).as_deref(), Some(shown), "{text}");
        }
        for wrong in ["", ".", ".5", "5.", "-0.1", "1.01", "2", "0.355", "0,5", "1e-1", "NaN", "99999999999"]
        {
            assert_eq!(Hundredths::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn kinds_have_strict_names() {
        for name in ["PERSON", "ID", "O365_KEY", &"A".repeat(48)] {
            assert!(AnalyzerSettings::is_kind(name), "{name}");
        }
        for wrong in ["", "A", "person", "_ID", "1A", "A B", "A]", "É_ID", &"A".repeat(49)] {
            assert!(!AnalyzerSettings::is_kind(wrong), "{wrong}");
        }
    }
}
