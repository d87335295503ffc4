//! What of one direction of an exchange was looked at, by what, and what could not be. Part of the facts of its rows.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What of an exchange was looked at. Never "success" for bytes nobody looked at.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Coverage {
    /// Bytes of the body as received (after content decoding).
    pub bytes: u64,
    /// Bytes of text given to the detector.
    pub inspected_bytes: u64,
    /// Texts given to the detector.
    pub texts: u64,
    /// Parts nobody looked inside: kind and bytes, such as `image/png (20481 bytes)` or `body: application/octet-stream`.
    pub uninspected: Vec<String>,
    /// Most bytes of text held back at once while masking a stream.
    pub held_max: u64,
    /// The parts nobody looked inside whose bytes were there: images, sound, files, also inside a body.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub media: Vec<Medium>,
    /// Values found, by entity: all of them, also those beyond what a row lists. Empty in rows written before this was kept.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub found: BTreeMap<String, u64>,
    /// What looked. `None` in rows written before this was kept, and where nothing was looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rules_run: Option<RulesRun>,
    /// What the connection's analyzer was asked. `None` where it has none, and where `not_run` says why it was not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub analyzer: Option<AnalyzerRun>,
    /// What could not look, or not at everything, and why.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_run: Vec<NotRun>,
}

impl Coverage {
    /// Values found, by entity; `listed` are the entities of the findings the row lists, which count where the row does not.
    pub fn counted<'a>(&'a self, listed: impl IntoIterator<Item = &'a str>) -> BTreeMap<&'a str, u64> {
        if !self.found.is_empty() {
            return self.found.iter().map(|(entity, &count)| (entity.as_str(), count)).collect();
        }
        let mut counts = BTreeMap::new();
        for entity in listed {
            *counts.entry(entity).or_default() += 1;
        }
        counts
    }
}

/// Which rules looked at a direction's text: their number, and the version that has them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RulesRun {
    /// Digest of the names of all rules and signals, so that two rows can be told to have been looked at alike.
    pub version: String,
    /// Kinds of sensitive data looked for.
    pub entities: u32,
    /// Rules for prompt-risk signals.
    pub signals: u32,
}

/// What the analyzer was asked about a direction's texts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AnalyzerRun {
    /// Different texts it was asked about.
    pub texts: u64,
    /// Spans it gave.
    pub spans: u64,
    /// How long all of it took, microseconds.
    pub micros: u64,
}

/// A rule that could not run, or not on everything.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NotRun {
    /// What did not run: `masking`, `risk`, `analyzer`, or the name of a rule.
    pub rule: String,
    /// A sentence's part for people, without content, such as `the stream broke off before the text ended`.
    pub why: String,
}

/// Something that is not text, by what can be said of it without keeping it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Medium {
    /// Where it stood, such as `messages[0].content[1].image_url.url`, `form.file` or `body`.
    pub place: String,
    /// Media type as stated, or what it is: `image`, `audio`, `video`, `file`, `tensor`.
    pub media_type: String,
    /// Bytes, decoded.
    pub bytes: u64,
    /// SHA-256 of those bytes, lower-case hex.
    pub sha256: String,
}
