//! The measurements there are, by the name of what they measure.

use std::fs;
use std::process::Command;

use crate::failure::{Done, Failure};
use crate::surroundings::{cargo, root};

enum Bench {
    /// Criterion benches of a package.
    Package { name: &'static str, folder: &'static str },
    /// An example of a package, which needs the package's testing feature.
    Example { package: &'static str, name: &'static str, file: &'static str },
    /// A program of its own, with its own description.
    Harness { program: &'static str },
}

const BENCHES: [(&str, &str, Bench); 3] = [
    (
        "masking",
        "how fast sensitive data is found and masked",
        Bench::Package { name: "countersign-detect", folder: "crates/detect" },
    ),
    (
        "ledger",
        "how many durable rows a second, how long a receipt takes, how fast all is verified",
        Bench::Example {
            package: "countersign-store",
            name: "ledger_bench",
            file: "crates/store/examples/ledger_bench.rs",
        },
    ),
    (
        "load",
        "the gateway under load, side by side with a bare proxy",
        Bench::Harness { program: "benches/load/run" },
    ),
];

pub fn list() {
    for (name, what, bench) in &BENCHES {
        println!("{name:10} {what}{}", if bench.exists() { "" } else { " (not there yet)" });
    }
}

pub fn run(name: &str, args: &[&str]) -> Done {
    let Some((_, _, bench)) = BENCHES.iter().find(|bench| bench.0 == name) else {
        return Err(Failure::new(format!("there is no bench `{name}`; `cargo xtask bench` lists them")));
    };
    if !bench.exists() {
        return Err(Failure::new(format!("the bench `{name}` is not there yet")));
    }
    match bench {
        Bench::Package { name, .. } => {
            crate::surroundings::run(cargo().args(["bench", "-p", name]).args(args))
        }
        Bench::Example { package, name, .. } => crate::surroundings::run(
            cargo()
                .args(["run", "--release", "-p", package, "--features", "testing", "--example", name, "--"])
                .args(args),
        ),
        Bench::Harness { program } => {
            crate::surroundings::run(Command::new(root().join(program)).current_dir(root()).args(args))
        }
    }
}

impl Bench {
    fn exists(&self) -> bool {
        match self {
            Self::Package { folder, .. } => fs::read_to_string(root().join(folder).join("Cargo.toml"))
                .is_ok_and(|manifest| manifest.contains("[[bench]]")),
            Self::Example { file, .. } => root().join(file).is_file(),
            Self::Harness { program } => root().join(program).is_file(),
        }
    }
}
