//! From rustc's module to what the browser loads: the generator as a library, so that it is always the version
//! that the code was built with.

use std::fs;
use std::path::Path;
use std::process::Command;

use sha2::{Digest, Sha256};
use wasm_bindgen_cli_support::Bindgen;

use crate::cargo::Profile;
use crate::failure::{Done, Failure};
use crate::surroundings::{program, run};

const NAME: &str = "countersign";

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
pub fn generate(module: &[u8], package: &Path, profile: Profile) -> Done<Script> {
    let small = profile == Profile::Release;
    let mut generator = Bindgen::new();
    generator.input_bytes("frontend", module.to_vec()).out_name(NAME);
    generator.web(true).map_err(generator_failed)?;
    generator
        .typescript(false)
        .omit_default_module_path(true)
        .remove_name_section(small)
        .remove_producers_section(small);
    generator.generate(package).map_err(generator_failed)?;

    let wasm = package.join(format!("{NAME}_bg.wasm"));
    if small && let Some(optimiser) = program("wasm-opt") {
        run(Command::new(optimiser).arg("-Oz").args(FEATURES).arg(&wasm).arg("-o").arg(&wasm))?;
    }
    Ok(Script { js: rename_hashed(&package.join(format!("{NAME}.js")))?, wasm: rename_hashed(&wasm)? })
}

/// Writes `countersign.<hash>.<kind>`; gives the file name.
pub fn put_hashed(package: &Path, kind: &str, content: &[u8]) -> Done<String> {
    let hash = &hex::encode(Sha256::digest(content))[..16];
    let name = format!("{NAME}.{hash}.{kind}");
    let place = package.join(&name);
    fs::write(&place, content).map_err(Failure::file("write", &place))?;
    Ok(name)
}

fn rename_hashed(file: &Path) -> Done<String> {
    let content = fs::read(file).map_err(Failure::file("read", file))?;
    let kind = file.extension().unwrap_or_default().to_string_lossy();
    let name = put_hashed(file.parent().unwrap_or(file), &kind, &content)?;
    fs::remove_file(file).map_err(Failure::file("remove", file))?;
    Ok(name)
}

fn generator_failed(error: impl std::fmt::Debug) -> Failure {
    Failure::new(format!("wasm-bindgen cannot read the module: {error:?}"))
}
