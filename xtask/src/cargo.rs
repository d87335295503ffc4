//! Cargo's side of the build: targets, profiles, where it puts things.

use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::failure::{Done, Failure};
use crate::step::step;
use crate::surroundings::{cargo, output, program, root, run};

pub const WASM: &str = "wasm32-unknown-unknown";

/// The crates that promise to build for the browser.
pub const PURE_RING: [&str; 5] = [
    "countersign-model",
    "countersign-detect",
    "countersign-policy",
    "countersign-wire",
    "countersign-ledger",
];

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Profile {
    Dev,
    Release,
}

impl Profile {
    fn wasm_name(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Release => "wasm-release",
        }
    }

    fn wasm_folder(self) -> &'static str {
        match self {
            Self::Dev => "debug",
            Self::Release => "wasm-release",
        }
    }
}

/// Where cargo builds, whatever the environment or a configuration file says.
pub fn target_dir() -> Done<PathBuf> {
    let text = output(cargo().args(["metadata", "--format-version=1", "--no-deps"]))?;
    serde_json::from_str::<Value>(&text)
        .ok()
        .and_then(|metadata| metadata["target_directory"].as_str().map(PathBuf::from))
        .ok_or_else(|| Failure::new("cargo metadata does not name the target folder"))
}

/// Adds the browser's target when it is missing. A rust-toolchain file alone does not, where rustup's automatic
/// installation is switched off.
pub fn ensure_wasm_target() -> Done {
    let libraries = output(Command::new("rustc").current_dir(root()).args([
        "--print",
        "target-libdir",
        "--target",
        WASM,
    ]));
    if libraries.is_ok_and(|folder| PathBuf::from(folder.trim()).is_dir()) {
        return Ok(());
    }
    if program("rustup").is_none() {
        return Err(Failure::new(format!(
            "the Rust library for {WASM} is missing and there is no rustup: install that target with your system's packages"
        )));
    }
    step("rustup: add wasm32-unknown-unknown", || {
        run(Command::new("rustup").current_dir(root()).args(["target", "add", WASM]))
    })
}

/// Builds `frontend`; gives the module as rustc leaves it.
pub fn build_wasm(profile: Profile) -> Done<PathBuf> {
    ensure_wasm_target()?;
    run(cargo().args(["build", "-p", "frontend", "--target", WASM, "--profile", profile.wasm_name()]))?;
    Ok(target_dir()?.join(WASM).join(profile.wasm_folder()).join("frontend.wasm"))
}

/// Builds the server; gives the program. The release form holds the site, which must be there already.
pub fn build_server(profile: Profile) -> Done<PathBuf> {
    let mut command = cargo();
    command.args(["build", "-p", "server"]);
    let folder = match profile {
        Profile::Dev => "debug",
        Profile::Release => {
            command.args(["--release", "--features", "embed"]);
            "release"
        }
    };
    run(&mut command)?;
    Ok(target_dir()?.join(folder).join("countersign"))
}
