//! The build's only entry: `cargo xtask <command>`.
//!
//! Promises: everything comes from the workspace's own lock file, nothing is installed globally except what a
//! command says it installs; a second run with unchanged inputs is quick; an error is one sentence with the
//! remedy. Never: runs in production.
#![expect(clippy::print_stdout, reason = "a build tool talks to the person at the terminal")]

mod bench;
mod cargo;
mod check;
mod dist;
mod failure;
mod fuzz;
#[cfg_attr(
    not(test),
    expect(dead_code, reason = "the server watches its PostgreSQL; a test run only uses one")
)]
#[path = "../../server/src/postgres/mod.rs"]
mod postgres;
mod serve;
mod site;
mod step;
mod suite;
mod surroundings;

use std::process::ExitCode;

use failure::{Done, Failure};

const USAGE: &str = "\
cargo xtask <command>

  run [-- ARGS]        build the site and the server, and run the server (ARGS default to `serve`)
  build                build the site and the server
  check                formatting, lints for server and browser, the pure crates for wasm32
  test [--only PART]   everything CI runs; PART is one of check, unit, doc, clients, e2e
  e2e [-- ARGS]        the browser tests only; ARGS go to Playwright
  dist                 one optimised binary with the site inside: dist/countersign
  bench [NAME]         masking, peers, ledger or load
  fuzz [TARGET] [--seconds N]
                       fuzz one target or all in turn, a minute each unless said otherwise";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match dispatch(&args) {
        Ok(code) => code,
        Err(failure) => {
            println!("xtask: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(args: &[&str]) -> Done<ExitCode> {
    match args {
        ["run", "--", rest @ ..] | ["run", rest @ ..] => serve::build_and_run(rest)?,
        ["build"] => serve::build()?,
        ["check"] => check::all()?,
        ["test"] => return suite::run(None, &[]),
        ["test", "--only", part] => return suite::run(Some(part), &[]),
        ["e2e"] => return suite::run(Some("e2e"), &[]),
        ["e2e", "--", rest @ ..] => return suite::run(Some("e2e"), rest),
        ["dist"] => dist::make()?,
        ["bench"] => bench::list(),
        ["bench", name, rest @ ..] => bench::run(name, rest)?,
        ["fuzz", rest @ ..] => return fuzz::targets(rest),
        [] | ["help" | "--help" | "-h"] => println!("{USAGE}"),
        other => {
            return Err(Failure::new(format!("`{}` is no command of xtask\n\n{USAGE}", other.join(" "))));
        }
    }
    Ok(ExitCode::SUCCESS)
}
