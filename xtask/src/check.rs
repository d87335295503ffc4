//! What can be told without running anything: formatting, lints, and that the pure crates build for the browser.

use crate::cargo::{PURE_RING, WASM, ensure_wasm_target};
use crate::failure::Done;
use crate::step::step;
use crate::surroundings::{cargo, run};

type Check = (&'static str, fn() -> Done);

/// In the order of what fails fastest.
pub const CHECKS: [Check; 4] = [
    ("fmt", fmt),
    ("clippy: server side", clippy_ssr),
    ("clippy: browser side", clippy_hydrate),
    ("the pure crates for wasm32", pure_ring),
];

pub fn all() -> Done {
    CHECKS.into_iter().try_for_each(|(name, check)| step(name, check))
}

fn fmt() -> Done {
    run(cargo().args(["fmt", "--all", "--check"]))
}

fn clippy_ssr() -> Done {
    run(cargo().args([
        "clippy",
        "--workspace",
        "--exclude",
        "frontend",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ]))
}

fn clippy_hydrate() -> Done {
    ensure_wasm_target()?;
    let packages = ["-p", "app", "-p", "frontend", "-p", "worker", "--features", "app/hydrate"];
    run(cargo().arg("clippy").args(packages).args(["--target", WASM, "--", "-D", "warnings"]))
}

fn pure_ring() -> Done {
    ensure_wasm_target()?;
    let packages = PURE_RING.into_iter().flat_map(|name| ["-p", name]);
    run(cargo().arg("build").args(packages).args(["--target", WASM]))
}
