//! Which rules these are: a digest that changes whenever a rule is added, renamed or weighed otherwise.

use std::sync::LazyLock;

use crate::{Engine, risk};

/// The rules of this build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// 16 hex digits.
    pub digest: String,
    /// Kinds of sensitive data.
    pub entities: u32,
    /// Rules for risk signals.
    pub signals: u32,
}

static VERSION: LazyLock<Version> = LazyLock::new(|| {
    let mut hash = Fnv::new();
    hash.take(env!("CARGO_PKG_VERSION"));
    for definition in Engine::definitions() {
        hash.take(definition.entity.name());
        hash.take(definition.about);
        definition.words.iter().for_each(|word| hash.take(word));
    }
    for (kind, rule) in risk::rules() {
        hash.take(kind.name());
        hash.take(&format!("{rule:?}"));
    }
    Version {
        digest: format!("{:016x}", hash.0),
        entities: Engine::definitions().len() as u32,
        signals: risk::rules().count() as u32,
    }
});

/// The rules of this build, made once.
pub fn version() -> &'static Version {
    &VERSION
}

/// FNV-1a of 64 bits: tells versions apart, and guards nothing.
struct Fnv(u64);

impl Fnv {
    const fn new() -> Self {
        Self(0xCBF2_9CE4_8422_2325)
    }

    fn take(&mut self, text: &str) {
        for byte in text.bytes().chain([0]) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x100_0000_01B3);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_counts_what_there_is() {
        assert_eq!(version().digest.len(), 16);
        assert_eq!(version().entities as usize, Engine::definitions().len());
        assert!(version().signals as usize > risk::KINDS.len());
    }
}
