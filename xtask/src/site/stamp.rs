//! Whether what a folder holds was made from these inputs.

use std::fs;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::cargo::Profile;
use crate::failure::{Done, Failure};

/// Beside the files themselves; the server serves no name that starts with a dot.
const NAME: &str = ".inputs";

/// Raise when the way from inputs to site changes.
const RECIPE: u32 = 2;

pub struct Stamp(Sha256);

impl Stamp {
    pub fn new(profile: Profile) -> Self {
        let mut stamp = Self(Sha256::new());
        stamp.add("recipe", &RECIPE.to_be_bytes());
        stamp.add("profile", format!("{profile:?}").as_bytes());
        stamp
    }

    pub fn add(&mut self, name: &str, bytes: &[u8]) {
        for part in [name.as_bytes(), bytes] {
            self.0.update((part.len() as u64).to_be_bytes());
            self.0.update(part);
        }
    }

    pub fn matches(&self, folder: &Path) -> bool {
        fs::read_to_string(folder.join(NAME)).is_ok_and(|old| old == self.text())
    }

    /// Written last: a folder with a stamp is whole.
    pub fn leave(&self, folder: &Path) -> Done {
        let place = folder.join(NAME);
        fs::write(&place, self.text()).map_err(Failure::file("write", &place))
    }

    fn text(&self) -> String {
        hex::encode(self.0.clone().finalize())
    }
}
