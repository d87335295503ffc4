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

/// What runs in the browser.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Module {
    /// Every page's.
    Frontend,
    /// The detector's, for pages that need it.
    Worker,
}

impl Module {
    fn package(self) -> &'static str {
        match self {
            Self::Frontend => "frontend",
            Self::Worker => "worker",
        }
    }

    fn profile(self, profile: Profile) -> &'static str {
        match (self, profile) {
            (_, Profile::Dev) => "dev",
            (Self::Frontend, Profile::Release) => "wasm-release",
            (Self::Worker, Profile::Release) => "wasm-worker",
        }
    }
}

/// Builds a module of the browser's; gives it as rustc leaves it.
pub fn build_wasm(module: Module, profile: Profile) -> Done<PathBuf> {
    ensure_wasm_target()?;
    let named = module.profile(profile);
    run(cargo().args(["build", "-p", module.package(), "--target", WASM, "--profile", named]))?;
    let folder = if named == "dev" { "debug" } else { named };
    Ok(target_dir()?.join(WASM).join(folder).join(format!("{}.wasm", module.package())))
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
