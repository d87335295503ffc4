//! Counting: how many tests passed and failed, read from what each runner writes for machines.

use std::fs;
use std::io::{BufRead, BufReader};
use std::ops::AddAssign;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::failure::{Done, Failure};
use crate::surroundings::shown;

/// Skipped tests are in neither number.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Counts {
    pub passed: u64,
    pub failed: u64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// A JUnit report, as nextest and pytest write it.
pub fn junit(report: &Path) -> Done<Counts> {
    let text = read(report)?;
    let mut counts = Counts::default();
    for suite in text.split("<testsuite ").skip(1) {
        let tag = suite.split('>').next().unwrap_or_default();
        let number = |name: &str| {
            let value = tag.split(&format!("{name}=\"")).nth(1)?.split('"').next()?;
            value.parse::<u64>().ok()
        };
        let tests =
            number("tests").ok_or_else(|| Failure::new(format!("{} counts no tests", report.display())))?;
        let failed = number(" failures").unwrap_or(0) + number(" errors").unwrap_or(0);
        counts += Counts { passed: tests.saturating_sub(failed + number(" skipped").unwrap_or(0)), failed };
    }
    Ok(counts)
}

/// Playwright's JSON report. A test that passed at a second try has passed.
pub fn playwright(report: &Path) -> Done<Counts> {
    let json: Value = serde_json::from_str(&read(report)?).map_err(Failure::file("read", report))?;
    let stat = |name: &str| json["stats"][name].as_u64();
    let (Some(expected), Some(failed), Some(flaky)) = (stat("expected"), stat("unexpected"), stat("flaky"))
    else {
        return Err(Failure::new(format!("{} counts no tests", report.display())));
    };
    // Outside any test: a spec that does not load, a server that does not start.
    let errors = json["errors"].as_array().map_or(0, |errors| errors.len() as u64);
    Ok(Counts { passed: expected + flaky, failed: failed + errors })
}

/// Node's TAP report: `# pass 3`, `# fail 0`, `# cancelled 0` at its end.
pub fn tap(report: &Path) -> Done<Counts> {
    let text = read(report)?;
    let number = |name: &str| -> Option<u64> {
        text.lines().rev().find_map(|line| line.strip_prefix(&format!("# {name} "))?.trim().parse().ok())
    };
    match (number("pass"), number("fail")) {
        (Some(passed), Some(failed)) => {
            Ok(Counts { passed, failed: failed + number("cancelled").unwrap_or(0) })
        }
        _ => Err(Failure::new(format!("{} counts no tests", report.display()))),
    }
}

/// What a run comes to: its report's numbers, unless it failed in a way that the report does not show.
pub fn judged(ran: Done, counts: Done<Counts>) -> Done<Counts> {
    match (ran, counts) {
        (Ok(()), counts) => counts,
        // The report says what failed.
        (Err(_), Ok(counts)) if counts.failed > 0 => Ok(counts),
        (Err(failure), _) => Err(failure),
    }
}

/// Runs `cargo test …`, passing its output on, and adds up its `test result:` lines.
pub fn libtest(command: &mut Command) -> Done<Counts> {
    let what = shown(command);
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| Failure::new(format!("cannot start `{what}`: {error}")))?;
    let mut counts = Counts::default();
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            println!("{line}");
            counts += result_line(&line).unwrap_or_default();
        }
    }
    let status = child.wait().map_err(|error| Failure::new(format!("lost `{what}`: {error}")))?;
    if status.success() || counts.failed > 0 {
        Ok(counts)
    } else {
        Err(Failure::new(format!("`{what}` failed ({status})")))
    }
}

/// `test result: ok. 3 passed; 0 failed; 1 ignored; …`
fn result_line(line: &str) -> Option<Counts> {
    let (_, numbers) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let number =
        |name: &str| numbers.split("; ").find_map(|part| part.strip_suffix(name)?.trim().parse().ok());
    Some(Counts { passed: number("passed")?, failed: number("failed")? })
}

fn read(report: &Path) -> Done<String> {
    fs::read_to_string(report).map_err(Failure::file("read", report))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(by: fn(&Path) -> Done<Counts>, text: &str) -> Option<Counts> {
        let folder = tempfile::tempdir().unwrap();
        let report = folder.path().join("report");
        fs::write(&report, text).unwrap();
        by(&report).ok()
    }

    #[test]
    fn nextest_and_pytest() {
        let nextest = r#"<?xml version="1.0"?><testsuites name="r" tests="5" failures="1" errors="0">
            <testsuite name="a" tests="2" disabled="0" errors="0" failures="1"><testcase name="x"></testcase></testsuite>
            <testsuite name="b" tests="3" disabled="0" errors="0" failures="0"></testsuite></testsuites>"#;
        assert_eq!(counted(junit, nextest), Some(Counts { passed: 4, failed: 1 }));
        let pytest = r#"<testsuites name="pytest tests"><testsuite name="pytest" errors="1" failures="1" skipped="2" tests="9" time="0.1"></testsuite></testsuites>"#;
        assert_eq!(counted(junit, pytest), Some(Counts { passed: 5, failed: 2 }));
    }

    #[test]
    fn browser_and_node() {
        let report =
            r#"{"errors": [{}], "stats": {"expected": 7, "skipped": 1, "unexpected": 2, "flaky": 1}}"#;
        assert_eq!(counted(playwright, report), Some(Counts { passed: 8, failed: 3 }));
        assert_eq!(counted(playwright, "{}"), None);
        assert_eq!(
            counted(tap, "TAP version 13\n# tests 5\n# pass 3\n# fail 1\n# cancelled 1\n"),
            Some(Counts { passed: 3, failed: 2 })
        );
        assert_eq!(counted(tap, "TAP version 13\n"), None);
    }

    #[test]
    fn cargo_test() {
        let line = "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.1s";
        assert_eq!(result_line(line), Some(Counts { passed: 12, failed: 3 }));
        assert_eq!(result_line("running 3 tests"), None);
    }
}
