//! The file with dictionaries and patterns of one's own that `detect --rules` takes.
//!
//! Never: goes on without a part of it. What cannot be used is named by its place in the file.

use std::{fmt, fs, path::Path};

use countersign_detect::{Custom, CustomText, Dictionary, DictionaryText, Engine};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    pattern: Vec<CustomText>,
    #[serde(default)]
    dictionary: Vec<DictionaryText>,
}

/// The standard rules and those of the file, or a sentence why not.
pub fn engine(path: &Path) -> Result<Engine, String> {
    let text = fs::read_to_string(path).map_err(|error| error.to_string())?;
    let file: File = toml::from_str(&text).map_err(|error| error.to_string())?;
    let named = |kind: &str, number: usize, name: &str, fault: &dyn fmt::Display| {
        format!("{kind} {} ({name}): {fault}", number + 1)
    };
    let patterns = file.pattern.iter().enumerate().map(|(number, text)| {
        Custom::new(text).map_err(|fault| named("pattern", number, &text.name, &fault))
    });
    let dictionaries = file.dictionary.iter().enumerate().map(|(number, text)| {
        Dictionary::new(text).map_err(|fault| named("dictionary", number, &text.name, &fault))
    });
    let (patterns, dictionaries): (Vec<_>, Vec<_>) =
        (patterns.collect::<Result<_, _>>()?, dictionaries.collect::<Result<_, _>>()?);
    Engine::with(&patterns, &dictionaries).map_err(|fault| fault.to_string())
}
