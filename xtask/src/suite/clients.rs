//! Real clients against the real server: the programs and libraries that people point at it.
//!
//! `end2end/clients/` holds pytest files (`test_*.py`, with `requirements.txt`) and node test files
//! (`*.test.mjs`, with an npm lock file). Each starts the servers it needs: `COUNTERSIGN_BIN` is the program,
//! `COUNTERSIGN_TEST_DATABASE_URL` a database server on which it may make databases.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::tally::{Counts, judged, junit, tap};
use super::{npm, parts};
use crate::cargo::target_dir;
use crate::failure::{Done, Failure};
use crate::step::step;
use crate::surroundings::{root, run};

pub fn exist() -> bool {
    !files(|name| name.starts_with("test_") && has_ending(name, "py")).is_empty() || !node_files().is_empty()
}

pub fn python(surroundings: &[(&str, PathBuf)]) -> Done<Counts> {
    if files(|name| name.starts_with("test_") && has_ending(name, "py")).is_empty() {
        return Ok(Counts::default());
    }
    parts::install(&[parts::PYTHON])?;
    let python = virtual_environment()?;
    let report = target_dir()?.join("clients-python.xml");
    let _none_yet = fs::remove_file(&report);
    let mut command = Command::new(python);
    command.current_dir(folder()).args(["-B", "-m", "pytest", "-q", "-p", "no:cacheprovider"]);
    command.arg(format!("--junitxml={}", report.display()));
    command.envs(surroundings.iter().map(|(name, value)| (name, value)));
    judged(run(&mut command), junit(&report))
}

pub fn node(surroundings: &[(&str, PathBuf)]) -> Done<Counts> {
    let files = node_files();
    if files.is_empty() {
        return Ok(Counts::default());
    }
    npm::install()?;
    let report = target_dir()?.join("clients-node.tap");
    let _none_yet = fs::remove_file(&report);
    let mut command = Command::new("node");
    command.current_dir(folder()).arg("--test");
    for (reporter, destination) in [("spec", "stdout".into()), ("tap", report.display().to_string())] {
        command
            .arg(format!("--test-reporter={reporter}"))
            .arg(format!("--test-reporter-destination={destination}"));
    }
    command.args(files).envs(surroundings.iter().map(|(name, value)| (name, value)));
    judged(run(&mut command), tap(&report))
}

/// The environment's python, with exactly what `requirements.txt` says.
fn virtual_environment() -> Done<PathBuf> {
    let home = target_dir()?.join("clients-venv");
    let python = home.join("bin/python");
    let list = folder().join("requirements.txt");
    let wanted = fs::read(&list).map_err(Failure::file("read", &list))?;
    let installed = home.join("installed.txt");
    if fs::read(&installed).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    step("python packages", || {
        run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&home))?;
        run(Command::new(&python).args(["-m", "pip", "install", "-q", "--no-compile", "-r"]).arg(&list))?;
        fs::write(&installed, &wanted).map_err(Failure::file("write", &installed))?;
        Ok(python)
    })
}

fn node_files() -> Vec<PathBuf> {
    files(|name| name.contains(".test.") && (has_ending(name, "mjs") || has_ending(name, "js")))
}

fn files(wanted: impl Fn(&str) -> bool) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder())
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| wanted(&entry.file_name().to_string_lossy()))
        .map(|entry| entry.path())
        .collect();
    files.sort();
    files
}

fn has_ending(name: &str, ending: &str) -> bool {
    Path::new(name).extension().is_some_and(|found| found == ending)
}

fn folder() -> PathBuf {
    root().join("end2end/clients")
}
