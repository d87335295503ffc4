//! The site: what the browser loads.
//!
//! | in `site/` | what |
//! |---|---|
//! | `pkg/countersign.<hash>.{js,wasm,css}` | what every page loads; named by content, so that it may be cached for ever |
//! | `pkg/detector.<hash>.{js,wasm}`, `pkg/worker.<hash>.js` | the detector and what begins its worker, for pages that need it |
//! | `pkg/snippets/` | scripts that crates bring along, when there are any; the glue refers to them |
//! | `manifest.json` | `{"js": …, "wasm": …, "css": …, "worker": …, "detector": …}`, the file names in `pkg/` |
//! | anything else | `public/`, as it is |
//!
//! The release form also has `.br` and `.gz` beside each file. The folder is made afresh and put in place whole:
//! a stale compressed file would give the browser an old module and a hydration panic.

mod compress;
mod stamp;
mod style;
mod wasm;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::cargo::{Module, Profile, build_wasm};
use crate::failure::{Done, Failure};
use crate::step::step;
use crate::surroundings::root;
use stamp::Stamp;

/// Builds what changed.
pub fn assemble(profile: Profile) -> Done {
    let module = step("wasm", || build_wasm(Module::Frontend, profile))?;
    let module = fs::read(&module).map_err(Failure::file("read", &module))?;
    let detector = step("wasm: the detector", || build_wasm(Module::Worker, profile))?;
    let detector = fs::read(&detector).map_err(Failure::file("read", &detector))?;
    let start = root().join("worker/start.js");
    let start = fs::read_to_string(&start).map_err(Failure::file("read", &start))?;
    let css = style::bundle(&root().join("style/main.css"))?;
    let public = files_in(&root().join("public"))?;

    let site = root().join("site");
    let mut stamp = Stamp::new(profile);
    stamp.add("module", &module);
    stamp.add("detector", &detector);
    stamp.add("worker", start.as_bytes());
    stamp.add("css", css.as_bytes());
    for (name, file) in &public {
        stamp.add(&name.to_string_lossy(), &fs::read(file).map_err(Failure::file("read", file))?);
    }
    if stamp.matches(&site) {
        println!("✓ site, unchanged");
        return Ok(());
    }
    step("site", || {
        let fresh = root().join("site.new");
        remove(&fresh)?;
        let package = fresh.join("pkg");
        fs::create_dir_all(&package).map_err(Failure::file("make", &package))?;
        let script = wasm::generate(wasm::PAGES, &module, &package, profile)?;
        let detector = wasm::generate(wasm::DETECTOR, &detector, &package, profile)?;
        let start = start.replace("GLUE", &detector.js);
        let worker = wasm::put_hashed(&package, "worker", "js", start.as_bytes())?;
        let css = wasm::put_hashed(&package, wasm::PAGES, "css", css.as_bytes())?;
        for (name, file) in &public {
            copy(file, &fresh.join(name))?;
        }
        if profile == Profile::Release {
            compress::all(&fresh)?;
            first_load(&package.join(&script.wasm))?;
        }
        let manifest = json!({
            "js": script.js,
            "wasm": script.wasm,
            "css": css,
            "worker": worker,
            "detector": detector.wasm,
        });
        let place = fresh.join("manifest.json");
        fs::write(&place, format!("{manifest:#}\n")).map_err(Failure::file("write", &place))?;
        stamp.leave(&fresh)?;
        remove(&site)?;
        fs::rename(&fresh, &site).map_err(Failure::file("put in place", &site))
    })
}

/// Most that a first page may load of the module, compressed, bytes.
const FIRST_LOAD: u64 = 600_000;

/// Refuses a module that has outgrown what a first page may load.
fn first_load(module: &Path) -> Done {
    let small = PathBuf::from(format!("{}.br", module.display()));
    let size = fs::metadata(&small).map_err(Failure::file("read", &small))?.len();
    if size <= FIRST_LOAD {
        return Ok(());
    }
    Err(Failure::new(format!(
        "every page would load a module of {size} bytes of brotli, and {FIRST_LOAD} is the most: does `app` link the detector?"
    )))
}

fn remove(folder: &Path) -> Done {
    if folder.exists() { fs::remove_dir_all(folder).map_err(Failure::file("empty", folder)) } else { Ok(()) }
}

/// Copies a file, making the folders on the way.
fn copy(file: &Path, place: &Path) -> Done {
    let folder = place.parent().unwrap_or(place);
    fs::create_dir_all(folder).map_err(Failure::file("make", folder))?;
    fs::copy(file, place).map(drop).map_err(Failure::file("write", place))
}

/// Every file below `folder` with its path relative to it, in a fixed order; none when there is no such folder.
fn files_in(folder: &Path) -> Done<Vec<(PathBuf, PathBuf)>> {
    let mut files = vec![];
    let mut todo = vec![folder.to_owned()];
    while let Some(next) = todo.pop().filter(|next| next.is_dir()) {
        for entry in fs::read_dir(&next).map_err(Failure::file("list", &next))? {
            let path = entry.map_err(Failure::file("list", &next))?.path();
            if path.is_dir() {
                todo.push(path);
            } else if let Ok(name) = path.strip_prefix(folder) {
                files.push((name.to_owned(), path.clone()));
            }
        }
    }
    files.sort();
    Ok(files)
}
