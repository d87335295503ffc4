//! The browser tests: Playwright with the system's Chromium against the development server.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::tally::{Counts, judged, playwright};
use super::{npm, parts};
use crate::cargo::target_dir;
use crate::failure::{Done, Failure};
use crate::surroundings::{chromium, root, run};

pub fn exist() -> bool {
    let end2end = root().join("end2end");
    end2end.join("package-lock.json").is_file() && has_specs(&end2end)
}

/// `surroundings` are environment variables for the configuration; `args` go to Playwright.
pub fn tests(surroundings: &[(&str, PathBuf)], args: &[&str]) -> Done<Counts> {
    parts::install(&[parts::NODE, parts::CHROMIUM])?;
    npm::install()?;
    let chromium =
        chromium().ok_or_else(|| Failure::new("no chromium: name one with COUNTERSIGN_CHROMIUM"))?;
    let report = target_dir()?.join("playwright.json");
    // An old one would be counted if this run does not get as far as writing one.
    let _none_yet = fs::remove_file(&report);
    let end2end = root().join("end2end");
    let mut command = Command::new(end2end.join("node_modules/.bin/playwright"));
    command.current_dir(&end2end).args(["test", "--reporter=list,json"]).args(args);
    command.env("PLAYWRIGHT_JSON_OUTPUT_NAME", &report).env("COUNTERSIGN_CHROMIUM", chromium);
    command.envs(surroundings.iter().map(|(name, value)| (name, value)));
    judged(run(&mut command), playwright(&report))
}

fn has_specs(folder: &Path) -> bool {
    fs::read_dir(folder).into_iter().flatten().flatten().any(|entry| {
        let (path, name) = (entry.path(), entry.file_name());
        if path.is_dir() {
            name != OsStr::new("node_modules") && has_specs(&path)
        } else {
            name.to_string_lossy().ends_with(".spec.ts")
        }
    })
}
