//! From rustc's module to what the browser loads: the generator as a library, so that it is always the version
//! that the code was built with.

use std::fs;
use std::path::Path;
use std::process::Command;

use sha2::{Digest, Sha256};
use wasm_bindgen_cli_support::Bindgen;

use super::stamp::Stamp;
use crate::cargo::{Profile, target_dir};
use crate::failure::{Done, Failure};
use crate::surroundings::{program, run};

/// A module's name in the package folder.
pub const PAGES: &str = "countersign";
pub const DETECTOR: &str = "detector";

/// What rustc emits for the browser today; older optimisers have to be told.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// File names in the package folder.
pub struct Script {
    pub js: String,
    pub wasm: String,
}

/// Writes the module and its glue into `package`. The glue finds the module by the argument of `init` only.
pub fn generate(name: &str, module: &[u8], package: &Path, profile: Profile) -> Done<Script> {
    let generated = target_dir()?.join("site-wasm").join(name);
    let mut stamp = Stamp::new(profile);
    stamp.add("module", module);
    // Kept, since it takes seconds and most edits of the site are to its style.
    if !stamp.matches(&generated) {
        super::remove(&generated)?;
        generate_afresh(name, module, &generated, profile)?;
        stamp.leave(&generated)?;
    }
    let mut script = Script { js: String::new(), wasm: String::new() };
    let (glue, wasm) = (format!("{name}.js"), format!("{name}_bg.wasm"));
    for (place, file) in super::files_in(&generated)? {
        let content = fs::read(&file).map_err(Failure::file("read", &file))?;
        if place == Path::new(&glue) {
            script.js = put_hashed(package, name, "js", &content)?;
        } else if place == Path::new(&wasm) {
            script.wasm = put_hashed(package, name, "wasm", &content)?;
        } else if place.starts_with("snippets") {
            super::copy(&file, &package.join(place))?;
        }
    }
    Ok(script)
}

fn generate_afresh(name: &str, module: &[u8], folder: &Path, profile: Profile) -> Done {
    let small = profile == Profile::Release;
    let mut generator = Bindgen::new();
    generator.input_bytes(name, module.to_vec());
    generator.web(true).map_err(generator_failed)?;
    generator
        .typescript(false)
        .omit_default_module_path(true)
        .remove_name_section(small)
        .remove_producers_section(small);
    generator.generate(folder).map_err(generator_failed)?;
    if small && let Some(optimiser) = program("wasm-opt") {
        let wasm = folder.join(format!("{name}_bg.wasm"));
        run(Command::new(optimiser).arg("-Oz").args(FEATURES).arg(&wasm).arg("-o").arg(&wasm))?;
    }
    Ok(())
}

/// Writes `<name>.<hash>.<kind>`; gives the file name.
pub fn put_hashed(package: &Path, name: &str, kind: &str, content: &[u8]) -> Done<String> {
    let hash = &hex::encode(Sha256::digest(content))[..16];
    let name = format!("{name}.{hash}.{kind}");
    let place = package.join(&name);
    fs::write(&place, content).map_err(Failure::file("write", &place))?;
    Ok(name)
}

fn generator_failed(error: impl std::fmt::Debug) -> Failure {
    Failure::new(format!("wasm-bindgen cannot read the module: {error:?}"))
}
