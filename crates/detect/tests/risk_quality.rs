//! How often risk signals are right: recall on families of attacks, and false alarms on ordinary texts with their words.
//!
//! Rules were tuned on `negatives.txt`, `positives.txt`, `second.txt` and `third.txt`, and are measured on `held_out.txt` and
//! `held_out_second.txt`, which were written before that. The figures of both are held against a floor. Flagged means medium or more. What goes wrong is listed for what
//! was tuned on only.
#![expect(clippy::panic, reason = "a corpus that cannot be read fails it")]

use std::collections::BTreeMap;

use countersign_detect::risk::{Role, assess, gravest};
use countersign_model::risk::{RiskKind, RiskLevel};

const NEGATIVES: &str = include_str!("risk_corpus/negatives.txt");
const POSITIVES: &str = include_str!("risk_corpus/positives.txt");
const SECOND: &str = include_str!("risk_corpus/second.txt");
const THIRD: &str = include_str!("risk_corpus/third.txt");
const HELD_OUT: &str = include_str!("risk_corpus/held_out.txt");
const HELD_OUT_SECOND: &str = include_str!("risk_corpus/held_out_second.txt");
/// Texts made of one template.
const EACH: usize = 4;

struct Sample {
    /// `None`: ordinary.
    kind: Option<RiskKind>,
    role: Role,
    text: String,
    held_out: bool,
}

/// FNV-1a.
fn hash(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
}

/// One text of a template: each `{a|b}` becomes the choice that `number` and the place say. Braces without a bar stay.
fn fill(template: &str, number: usize) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        let (before, behind) = rest.split_at(open);
        out.push_str(before);
        let close = behind.find('}').unwrap_or(behind.len() - 1);
        let inner = &behind[1..close];
        if inner.contains('|') && !inner.contains('{') {
            let choices: Vec<&str> = inner.split('|').collect();
            let seed = hash(&format!("{number} {} {inner}", out.len()));
            out.push_str(choices[(seed >> 20) as usize % choices.len()]);
            rest = &behind[close + 1..];
        } else {
            out.push('{');
            rest = &behind[1..];
        }
    }
    out.push_str(rest);
    out.replace("\\n", "\n")
}

fn role(name: &str) -> Option<Role> {
    Role::ALL.into_iter().find(|role| role.name() == name)
}

fn kind(name: &str) -> RiskKind {
    RiskKind::ALL
        .into_iter()
        .find(|kind| kind.name().contains(name))
        .unwrap_or_else(|| panic!("no kind {name}"))
}

fn lines(file: &'static str) -> impl Iterator<Item = &'static str> {
    file.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn samples() -> Vec<Sample> {
    let mut samples = Vec::new();
    let mut add = |kind: Option<RiskKind>, role: Role, template: &str, held_out: bool| {
        let mut texts: Vec<String> = (0..EACH).map(|number| fill(template, number)).collect();
        texts.sort();
        texts.dedup();
        samples.extend(texts.into_iter().map(|text| Sample { kind, role, text, held_out }));
    };
    for line in lines(NEGATIVES) {
        let told = line.split_once(": ").and_then(|(name, text)| Some((role(name)?, text)));
        let (role, template) = told.unwrap_or((Role::User, line));
        add(None, role, template, false);
    }
    for (file, held_out) in
        [(POSITIVES, false), (SECOND, false), (THIRD, false), (HELD_OUT, true), (HELD_OUT_SECOND, true)]
    {
        for line in lines(file) {
            let mut parts = line.splitn(3, ' ');
            let (Some(of), Some(whose), Some(template)) = (parts.next(), parts.next(), parts.next()) else {
                panic!("not a family: {line}")
            };
            let role = role(whose).unwrap_or_else(|| panic!("no role {whose}"));
            add((of != "none").then(|| kind(of)), role, template, held_out);
        }
    }
    samples
}

#[derive(Default)]
struct Score {
    right: usize,
    all: usize,
}

impl Score {
    fn share(&self) -> f64 {
        self.right as f64 / self.all.max(1) as f64
    }
}

#[test]
fn attacks_are_found_and_ordinary_texts_are_let_be() {
    let mut recall: BTreeMap<(bool, RiskKind), Score> = BTreeMap::new();
    let mut whole: BTreeMap<bool, Score> = BTreeMap::new();
    let mut alarms: BTreeMap<bool, Score> = BTreeMap::new();
    let mut wrong = Vec::new();
    for sample in samples() {
        let signals = assess(&sample.text, sample.role);
        let flagged = gravest(&signals) >= Some(RiskLevel::Medium);
        let ok = match sample.kind {
            None => {
                let score = alarms.entry(sample.held_out).or_default();
                score.all += 1;
                score.right += usize::from(flagged);
                !flagged
            }
            Some(kind) => {
                for score in [
                    recall.entry((sample.held_out, kind)).or_default(),
                    whole.entry(sample.held_out).or_default(),
                ] {
                    score.all += 1;
                    score.right += usize::from(flagged);
                }
                flagged
            }
        };
        if !ok && !sample.held_out {
            let seen: Vec<String> =
                signals.iter().map(|signal| format!("{} {:.2}", signal.rule, signal.score)).collect();
            wrong.push(format!(
                "{:?} {} {:?} [{}]",
                sample.kind,
                sample.role.name(),
                sample.text,
                seen.join(", ")
            ));
        }
    }
    for line in &wrong {
        println!("{line}");
    }
    for ((held_out, kind), score) in &recall {
        let half = if *held_out { "held out" } else { "tuned on" };
        println!("{half}: {}: {} of {} found", kind.name(), score.right, score.all);
    }
    for held_out in [false, true] {
        let (found, alarms) = (&whole[&held_out], &alarms[&held_out]);
        let half = if held_out { "held out" } else { "tuned on" };
        println!(
            "{half}: recall {:.1} % of {}, false alarms {:.2} % of {}",
            found.share() * 100.0,
            found.all,
            alarms.share() * 100.0,
            alarms.all
        );
    }
    // Floors under what was measured, so that a change that costs much is noticed. docs/risk.md has the figures.
    assert!(whole[&false].share() >= 0.94 && whole[&true].share() >= 0.80, "recall");
    assert!(alarms[&false].share() <= 0.012 && alarms[&true].share() <= 0.025, "false alarms");
}
