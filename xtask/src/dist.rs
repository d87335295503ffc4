//! What is shipped: one program with the site inside.

use std::fs;

use crate::cargo::{Profile, build_server};
use crate::failure::{Done, Failure};
use crate::site;
use crate::step::step;
use crate::surroundings::root;

pub fn make() -> Done {
    site::assemble(Profile::Release)?;
    let built = step("server, release, with the site inside", || build_server(Profile::Release))?;
    let folder = root().join("dist");
    fs::create_dir_all(&folder).map_err(Failure::file("make", &folder))?;
    let shipped = folder.join("countersign");
    // Not over a running program's file, which the kernel refuses.
    let fresh = folder.join("countersign.new");
    fs::copy(&built, &fresh).map_err(Failure::file("write", &fresh))?;
    fs::rename(&fresh, &shipped).map_err(Failure::file("write", &shipped))?;
    let size = fs::metadata(&shipped).map_err(Failure::file("read", &shipped))?.len();
    println!("✓ dist/countersign, {:.1} MB", size as f64 / 1e6);
    Ok(())
}
