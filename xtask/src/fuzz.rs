//! Fuzzing: each target of `fuzz/` in turn, from the corpus that is committed and what was found before.
//!
//! What is new goes to `fuzz/target/corpus`, what breaks a property to `fuzz/artifacts`; neither is committed. The
//! crates hold no unsafe code, so no sanitizer looks for what that could do, and the stable compiler will do.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

use crate::failure::{Done, Failure};
use crate::step::step;
use crate::surroundings::{cargo, program, root, run, succeeds};

const FLAGS: [&str; 4] = ["--fuzz-dir", "fuzz", "--sanitizer", "none"];
/// Longest input, in bytes, that libFuzzer makes up.
const LONGEST: &str = "-max_len=4096";

/// `fuzz [TARGET] [--seconds N]`: a minute each, unless said otherwise.
pub fn targets(args: &[&str]) -> Done<ExitCode> {
    let (named, seconds) = match args {
        [] => (None, "60"),
        ["--seconds", seconds] => (None, *seconds),
        [name] => (Some(*name), "60"),
        [name, "--seconds", seconds] => (Some(*name), *seconds),
        _ => return Err(Failure::new("`fuzz` takes a target and `--seconds` with a number")),
    };
    let seconds: u64 =
        seconds.parse().map_err(|_| Failure::new(format!("`{seconds}` is no number of seconds")))?;
    let mut names = names()?;
    if let Some(named) = named {
        if !names.iter().any(|name| name == named) {
            return Err(Failure::new(format!("`{named}` is no target: take one of {}", names.join(", "))));
        }
        names.retain(|name| name == named);
    }
    ensure_cargo_fuzz()?;
    let mut found = 0;
    for name in &names {
        found += u32::from(!step(&format!("fuzz {name}"), || one(name, Duration::from_secs(seconds)))?);
    }
    println!("{} targets, {found} with a finding", names.len());
    Ok(if found == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Runs one; false when it found something.
fn one(name: &str, time: Duration) -> Done<bool> {
    run(fuzz("build").arg(name))?;
    let grown = root().join("fuzz/target/corpus").join(name);
    fs::create_dir_all(&grown).map_err(Failure::file("make", &grown))?;
    let mut command = fuzz("run");
    command.args([name]).arg(&grown).arg(root().join("fuzz/corpus").join(name)).arg("--");
    command.args([LONGEST, "-timeout=20", "-print_final_stats=1", "-verbosity=1"]);
    command.arg(format!("-max_total_time={}", time.as_secs()));
    let words = dictionary(name);
    if words.is_file() {
        command.arg(format!("-dict={}", words.display()));
    }
    let output = command
        .stdout(Stdio::null())
        .output()
        .map_err(|error| Failure::new(format!("cannot start cargo-fuzz: {error}")))?;
    let log = String::from_utf8_lossy(&output.stderr);
    let executions = log.lines().find_map(|line| line.strip_prefix("stat::number_of_executed_units:"));
    println!("  {} executions in {} s", executions.map_or("?", str::trim), time.as_secs());
    if !output.status.success() {
        println!("{log}");
    }
    Ok(output.status.success())
}

fn dictionary(name: &str) -> PathBuf {
    root().join("fuzz/dictionaries").join(format!("{name}.dict"))
}

fn fuzz(what: &str) -> Command {
    let mut command = cargo();
    // There is one toolchain, and it is stable.
    command.args(["fuzz", what]).args(FLAGS).env("RUSTC_BOOTSTRAP", "1");
    command
}

fn names() -> Done<Vec<String>> {
    let folder = root().join("fuzz/fuzz_targets");
    let files = fs::read_dir(&folder).map_err(Failure::file("list", &folder))?;
    let name = |path: PathBuf| path.file_stem().map(|name| name.to_string_lossy().into_owned());
    let mut names: Vec<String> = files.flatten().filter_map(|file| name(file.path())).collect();
    names.sort();
    Ok(names)
}

fn ensure_cargo_fuzz() -> Done {
    if program("cargo-fuzz").is_some() || succeeds(cargo().args(["fuzz", "--version"])) {
        return Ok(());
    }
    step("install cargo-fuzz", || run(cargo().args(["install", "cargo-fuzz", "--locked"])))
}
