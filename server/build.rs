//! A release carries the built pages: build again when they change.

fn main() {
    if cfg!(feature = "embed") {
        println!("cargo:rerun-if-changed=../site");
    } else {
        println!("cargo:rerun-if-changed=build.rs");
    }
}
