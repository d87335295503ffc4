//! Node packages for the suites, exactly as their lock files say.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::parts;
use crate::failure::{Done, Failure};
use crate::step::step;
use crate::surroundings::{root, run};

/// `npm ci` in `end2end` and its direct subfolders, each only when its lock file has changed since the last.
pub fn install() -> Done {
    parts::install(&[parts::NODE])?;
    let end2end = root().join("end2end");
    let mut folders = vec![end2end.clone()];
    for entry in fs::read_dir(&end2end).map_err(Failure::file("list", &end2end))?.flatten() {
        folders.push(entry.path());
    }
    folders.sort();
    folders
        .into_iter()
        .filter(|folder| folder.join("package-lock.json").is_file())
        .try_for_each(|folder| ci(&folder))
}

fn ci(folder: &Path) -> Done {
    let lock = folder.join("package-lock.json");
    let wanted = fs::read(&lock).map_err(Failure::file("read", &lock))?;
    let installed: PathBuf = folder.join("node_modules/.installed-lock.json");
    if fs::read(&installed).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    let name = folder.strip_prefix(root()).unwrap_or(folder).display().to_string();
    step(&format!("npm ci in {name}"), || {
        let flags = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
        run(Command::new("npm").args(flags).current_dir(folder))?;
        if installed.parent().is_some_and(Path::is_dir) {
            fs::write(&installed, &wanted).map_err(Failure::file("write", &installed))?;
        }
        Ok(())
    })
}
