//! The report for people.
#![expect(clippy::print_stdout, reason = "prints the report")]

use crate::{
    figures::Spread,
    gateway,
    memory::Memory,
    report::{AIM_OVER_COMMIT, AIM_RESIDENT_KB, Report},
};

/// Prints everything.
pub fn print(report: &Report) {
    surroundings(report);
    checks(report);
    plain(report);
    commit(report);
    streams(report);
    memory(report);
}

fn surroundings(report: &Report) {
    let (machine, options) = (&report.machine, &report.options);
    println!(
        "\nMachine     {}, {} cores, Linux {}, {}",
        machine.processor, machine.cores, machine.kernel, machine.filesystem
    );
    println!(
        "Load        {} at the start, {} at the end (ours included)",
        machine.load_at_start, report.load_at_end
    );
    println!("Cores       {}", report.cores);
    let settings: Vec<_> =
        report.durable.settings.iter().map(|(name, value)| format!("{name} = {value}")).collect();
    println!("PostgreSQL  {}, {}", report.durable.server_version, settings.join(", "));
    println!(
        "Method      open loop, {}/s, {} s for each way and size in {} rounds, ways in turn; time counts from when a \
         request was due;\n            figures are medians over the rounds, microseconds",
        options.rate, options.seconds, options.rounds
    );
}

fn checks(report: &Report) {
    println!("\nOne request each, looked at on both sides:");
    for check in &report.checks {
        let saw = |yes| if yes { "saw it" } else { "did not see it" };
        println!(
            "  {:24} the e-mail address of the prompt: model {}; of the answer: caller {}{}",
            check.lane,
            saw(check.model_saw_address),
            saw(check.caller_saw_address),
            if check.as_expected { "" } else { "   NOT AS EXPECTED" }
        );
    }
    println!("  (masking off still finds, and records masked text: only what is passed on differs)");
}

fn plain(report: &Report) {
    println!(
        "\n{:7}{:26}{:>9}{:>9}{:>11}{:>11}{:>9}{:>9}{:>9}{:>9}{:>8}",
        "prompt",
        "whole answers",
        "p50",
        "p99",
        "added p50",
        "added p99",
        "x nginx",
        "on core",
        "late p99",
        "sent",
        "failed"
    );
    for row in &report.plain {
        println!(
            "{:7}{:26}{:>9.0}{:>9.0}{:>11.0}{:>11.0}{:>9}{:>9}{:>9.0}{:>9}{:>8}",
            row.size,
            row.lane,
            row.p50.median,
            row.p99.median,
            row.added_p50.median,
            row.added_p99.median,
            row.nginx_p50.map_or_else(|| "-".to_owned(), |ratio| format!("{:.2}", ratio.median)),
            row.core_time.map_or_else(|| "-".to_owned(), |time| format!("{:.0}", time.median)),
            row.harness_late_p99.median,
            row.requests,
            row.failed,
        );
    }
    println!(
        "(on core: processor time per request of nginx, or of the gateway and its PostgreSQL with all they do beside; late \
         p99: how late\n the harness itself was, inside every time above)"
    );
}

fn commit(report: &Report) {
    let (quiet, loaded) = (&report.commit.quiet, &report.commit.loaded);
    println!("\nOne durable commit{:>18}{:>9}", "p50", "p99");
    let line = |what: &str, p50: f64, p99: f64| println!("  {what:25}{p50:>9.0}{p99:>9.0}");
    line("flush of 8 KB", quiet.flush.p50, quiet.flush.p99);
    line("one-row INSERT, quiet", quiet.insert.p50, quiet.insert.p99);
    line("one-row INSERT, loaded", loaded.p50, loaded.p99);
    for recorded in &report.commit.ledger.recorded {
        println!(
            "  {:25}{:>9.0}{:>9.0}   arrival until the intent row was durable, by the gateway's own record of {} requests",
            format!("{}, {}", recorded.connection, recorded.model),
            recorded.p50,
            recorded.p99,
            recorded.exchanges
        );
    }
    println!("  {} ledger rows in {} commits", report.commit.ledger.rows, report.commit.ledger.batches);
    let Some(row) = report.aimed() else { return };
    let over = |commit: f64| {
        let rest = row.added_p50.median - commit;
        let aim = if rest <= AIM_OVER_COMMIT { "met" } else { "missed" };
        (rest, aim)
    };
    let Spread { median, lowest, highest } = row.added_p50;
    println!(
        "\nEverything on, 2 KB prompt: {median:.0} µs added at p50 (rounds {lowest:.0} to {highest:.0})"
    );
    let mine =
        report.commit.ledger.recorded.iter().find(|at| at.connection == gateway::ON && at.model == "mock-2k");
    let commits = [
        ("a one-row INSERT on the quiet system", Some(quiet.insert.p50)),
        ("a one-row INSERT beside the same load", Some(loaded.p50)),
        ("arrival until its own intent row was durable", mine.map(|recorded| recorded.p50)),
    ];
    for (name, commit) in commits {
        let Some(commit) = commit else { continue };
        let (rest, aim) = over(commit);
        println!(
            "  = {name} ({commit:.0} µs) + {rest:.0} µs   aim: at most + {AIM_OVER_COMMIT:.0} µs: {aim}"
        );
    }
}

fn streams(report: &Report) {
    println!(
        "\n{:26}{:>8}{:>8}{:>8}{:>12}{:>12}{:>9}{:>9}{:>9}{:>8}{:>7}{:>13}",
        "streams",
        "first",
        "first",
        "added",
        "added",
        "added",
        "gap",
        "gap",
        "end",
        "streams",
        "whole",
        "deltas"
    );
    println!(
        "{:26}{:>8}{:>8}{:>8}{:>12}{:>12}{:>9}{:>9}{:>9}{:>8}{:>7}{:>13}",
        "", "event", "text", "event", "text p50", "text p99", "p50", "p99", "p50", "", "", "came/sent"
    );
    let Some(direct) = report.streams.first() else { return };
    for row in &report.streams {
        println!(
            "{:26}{:>8.0}{:>8.0}{:>8.0}{:>12.0}{:>12.0}{:>9.0}{:>9.0}{:>9.0}{:>8}{:>7}{:>13}",
            row.lane,
            row.first_event.p50,
            row.first_text.p50,
            row.first_event.p50 - direct.first_event.p50,
            row.first_text.p50 - direct.first_text.p50,
            row.first_text.p99 - direct.first_text.p99,
            row.gap.p50,
            row.gap.p99,
            row.tail.p50,
            row.streams,
            row.whole,
            format!("{}/{}", row.deltas_came, row.deltas_sent),
        );
    }
    println!(
        "(deltas every {} ms; first text waits for a word's end where masking is on; the end waits for the outcome row)",
        crate::mock::PACE.as_millis()
    );
}

fn memory(report: &Report) {
    let idle = &report.memory.idle;
    println!("\nMemory of the gateway{:>22}{:>26}", "resident", "its PostgreSQL (PSS)");
    let line = |what: &str, memory: Memory| {
        let mb = |kb: u64| kb as f64 / 1_024.0;
        println!("  {what:27}{:>11.1} MB{:>23.1} MB", mb(memory.resident_kb), mb(memory.children_kb));
    };
    line("fresh", report.memory.fresh);
    line("after the load", report.memory.after_load);
    line(&format!("{} idle streams open", idle.open), idle.at_most);
    line("after they closed", idle.after);
    let aim = if idle.at_most.resident_kb <= AIM_RESIDENT_KB { "met" } else { "missed" };
    println!("  aim: at most {} MB at 1,000 streams: {aim}", AIM_RESIDENT_KB / 1_024);
    println!(
        "  {} of {} streams were open; {} without outcome {:.1} s after their callers left",
        idle.open, idle.streams, idle.without_outcome, idle.outcomes_after_s
    );
}
