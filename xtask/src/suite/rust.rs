//! The Rust tests, and the examples in the documentation.

use std::fs;
use std::path::Path;

use super::database::VARIABLE;
use super::tally::{Counts, judged, junit, libtest};
use crate::failure::{Done, Failure};
use crate::step::step;
use crate::surroundings::{cargo, root, run, succeeds};

/// A version that builds with the workspace's Rust.
const NEXTEST: &str = "0.9.143";

/// All but `frontend`, which is for the browser only.
const WORKSPACE: [&str; 3] = ["--workspace", "--exclude", "frontend"];

/// Runs every test with the database at `url`.
pub fn tests(url: &str) -> Done<Counts> {
    if !have_nextest() {
        println!("  without cargo-nextest; the slower `cargo test` takes its place");
        return libtest(
            cargo().arg("test").args(WORKSPACE).args(["--all-targets", "--no-fail-fast"]).env(VARIABLE, url),
        );
    }
    // Where `.config/nextest.toml` puts it, wherever cargo builds.
    let report = root().join("target/nextest/ci/junit.xml");
    // An old one would be counted if this run does not get as far as writing one.
    let _none_yet = fs::remove_file(&report);
    let ran = run(cargo().args(["nextest", "run", "--profile", "ci"]).args(WORKSPACE).env(VARIABLE, url));
    judged(ran, junit(&report))
}

fn have_nextest() -> bool {
    let there = || succeeds(cargo().args(["nextest", "--version"]));
    let install = || {
        step("install cargo-nextest", || {
            run(cargo().args(["install", "-q", "--locked", "cargo-nextest", "--version", NEXTEST]))
        })
    };
    there() || (install().is_ok() && there())
}

/// Runs the examples of the crates that have any: each crate without costs a second for nothing.
pub fn doc_tests() -> Done<Counts> {
    let mut command = cargo();
    command.args(["test", "--doc", "--no-fail-fast"]);
    let mut any = false;
    let crates = root().join("crates");
    for entry in fs::read_dir(&crates).map_err(Failure::file("list", &crates))?.flatten() {
        let manifest = fs::read_to_string(entry.path().join("Cargo.toml")).unwrap_or_default();
        let name = manifest.lines().find_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'));
        if let Some(name) = name.filter(|_| has_examples(&entry.path().join("src"))) {
            command.args(["-p", name]);
            any = true;
        }
    }
    if any { libtest(&mut command) } else { Ok(Counts::default()) }
}

/// Whether a documentation comment below `folder` holds a code block.
fn has_examples(folder: &Path) -> bool {
    fs::read_dir(folder).into_iter().flatten().flatten().any(|entry| {
        let path = entry.path();
        path.is_dir() && has_examples(&path)
            || fs::read_to_string(&path)
                .is_ok_and(|text| text.contains("/// ```") || text.contains("//! ```"))
    })
}
