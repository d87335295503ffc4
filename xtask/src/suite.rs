//! `cargo xtask test`: everything CI runs, on a bare machine too.
//!
//! Goes on after a failure, so that one run tells all. The last line is `N passed, M failed`: the tests of every
//! runner, and one failure for each step that could not do its work. A static check that passes counts nothing.

mod browser;
mod clients;
mod database;
mod npm;
pub mod parts;
mod rust;
mod tally;

use std::path::PathBuf;
use std::process::ExitCode;

use crate::check::CHECKS;
use crate::failure::{Done, Failure};
use crate::serve;
use crate::step::step;
use database::Database;
use tally::Counts;

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Part {
    Check,
    Unit,
    Doc,
    Clients,
    EndToEnd,
}

const PARTS: [(&str, Part); 5] = [
    ("check", Part::Check),
    ("unit", Part::Unit),
    ("doc", Part::Doc),
    ("clients", Part::Clients),
    ("e2e", Part::EndToEnd),
];

/// What is shared by the parts of one run and made when first needed.
#[derive(Default)]
struct Suite {
    counts: Counts,
    database: Option<Database>,
    server: Option<PathBuf>,
}

/// Runs one part or all; `playwright` goes to the browser tests' runner.
pub fn run(only: Option<&str>, playwright: &[&str]) -> Done<ExitCode> {
    let wanted: Vec<Part> = match only {
        None => PARTS.into_iter().map(|(_, part)| part).collect(),
        Some(name) => {
            let known = || PARTS.map(|(name, _)| name).join(", ");
            let part = PARTS.into_iter().find(|(known, _)| *known == name);
            vec![
                part.ok_or_else(|| {
                    Failure::new(format!("`{name}` is no part of the tests: take one of {}", known()))
                })?
                .1,
            ]
        }
    };
    let mut suite = Suite::default();
    for part in wanted {
        suite.part(part, playwright);
    }
    // Before the last line, which must be the last.
    drop(suite.database);
    println!("{} passed, {} failed", suite.counts.passed, suite.counts.failed);
    Ok(if suite.counts.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

impl Suite {
    fn part(&mut self, part: Part, playwright: &[&str]) {
        match part {
            Part::Check => {
                for (name, check) in CHECKS {
                    self.take(name, |_| check().map(|()| Counts::default()));
                }
            }
            Part::Unit => {
                // The peers the tests talk to (an identity provider, for one) are node programs.
                self.take("peers of the tests", |_| npm::install().map(|()| Counts::default()));
                self.take("tests", |suite| rust::tests(suite.database()?.url()));
            }
            Part::Doc => self.take("examples in the documentation", |_| rust::doc_tests()),
            Part::Clients => {
                if clients::exist() {
                    self.take("real clients, python", |suite| clients::python(&suite.surroundings()?));
                    self.take("real clients, node", |suite| clients::node(&suite.surroundings()?));
                } else {
                    println!("· no client suites yet");
                }
            }
            Part::EndToEnd => {
                if browser::exist() {
                    self.take("browser", |suite| browser::tests(&suite.surroundings()?, playwright));
                } else {
                    println!("· no browser tests yet");
                }
            }
        }
    }

    /// Runs a step and adds what it counted; a step that could not do its work is one failure.
    fn take(&mut self, name: &str, work: impl FnOnce(&mut Self) -> Done<Counts>) {
        match step(name, || work(self)) {
            Ok(counts) => {
                if counts != Counts::default() {
                    println!("  {} passed, {} failed ({name})", counts.passed, counts.failed);
                }
                self.counts += counts;
            }
            Err(failure) => {
                println!("  {failure}");
                self.counts.failed += 1;
            }
        }
    }

    fn database(&mut self) -> Done<&Database> {
        if self.database.is_none() {
            self.database = Some(Database::start()?);
        }
        self.database.as_ref().ok_or_else(|| Failure::new("the test database is gone"))
    }

    /// What a suite that drives the server from outside is told, as environment variables.
    fn surroundings(&mut self) -> Done<Vec<(&'static str, PathBuf)>> {
        let server = match &self.server {
            Some(server) => server.clone(),
            None => self.server.insert(serve::site_and_server()?).clone(),
        };
        let database = PathBuf::from(self.database()?.url());
        Ok(vec![("COUNTERSIGN_BIN", server), (database::VARIABLE, database)])
    }
}
