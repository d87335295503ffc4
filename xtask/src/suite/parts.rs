//! System packages that a test run needs: installed when we are root on a Debian, named otherwise.

use std::process::Command;

use nix::unistd::geteuid;

use crate::failure::{Done, Failure};
use crate::step::step;
use crate::surroundings::{chromium, program, run, succeeds};

#[derive(Clone, Copy)]
pub struct Part {
    packages: &'static [&'static str],
    present: fn() -> bool,
}

pub const POSTGRES: Part = Part { packages: &["postgresql"], present: || false };

pub const CHROMIUM: Part =
    Part { packages: &["chromium", "fonts-liberation"], present: || chromium().is_some() };

pub const NODE: Part =
    Part { packages: &["nodejs", "npm"], present: || program("node").is_some() && program("npm").is_some() };

/// Debian's python3 comes without the two modules that a virtual environment is made with.
pub const PYTHON: Part = Part {
    packages: &["python3", "python3-venv"],
    present: || succeeds(Command::new("python3").args(["-c", "import venv, ensurepip"])),
};

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
