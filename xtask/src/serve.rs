//! The development server.

use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;

use crate::cargo::{Profile, build_server};
use crate::failure::{Done, Failure};
use crate::site;
use crate::step::step;
use crate::suite::parts;
use crate::surroundings::{root, variable};

pub fn build() -> Done {
    site_and_server().map(drop)
}

/// The site and the server, in the development profile; gives the server's program.
pub fn site_and_server() -> Done<PathBuf> {
    site::assemble(Profile::Dev)?;
    step("server", || build_server(Profile::Dev))
}

/// Becomes the server, so that signals reach it directly.
pub fn build_and_run(args: &[&str]) -> Done {
    let serves = args.is_empty() || args.first() == Some(&"serve");
    let has_database =
        variable("DATABASE_URL").is_some() || args.iter().any(|arg| arg.starts_with("--database-url"));
    if serves && !has_database {
        parts::install(&[parts::POSTGRES])?;
    }
    let server = site_and_server()?;
    let args = if args.is_empty() { &["serve"] } else { args };
    println!("▸ countersign {}", args.join(" "));
    let error = Command::new(&server).current_dir(root()).args(args).exec();
    Err(Failure::file("start", &server)(error))
}
