//! Who may import whom: the table below is the architecture's, and `cargo metadata` is what is true.
//!
//! Ours are told apart by being workspace members. A crate that is not in the table fails the test, so a new
//! one is a decision. Dependencies for tests and for build scripts' sake are not looked at.
#![expect(clippy::unwrap_used, reason = "a test: cargo's answer has the documented form or the test fails")]

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

struct Rule {
    name: &'static str,
    /// All of ours that it may name in its manifest.
    may: &'static [&'static str],
    /// What may be nowhere below it, ours or others'.
    never: &'static [&'static str],
}

/// No I/O, no runtime, no database, no C: this code also runs in the browser.
const IMPURE: &[&str] = &["tokio", "sqlx", "axum", "hyper", "aws-lc-rs", "aws-lc-sys", "leptos"];
const DATABASE: &[&str] = &["countersign-store", "sqlx", "sqlx-core"];
const MODEL: &[&str] = &["countersign-model"];

const RULES: &[Rule] = &[
    Rule { name: "countersign-model", may: &[], never: IMPURE },
    Rule { name: "countersign-detect", may: MODEL, never: IMPURE },
    Rule { name: "countersign-policy", may: MODEL, never: IMPURE },
    Rule { name: "countersign-wire", may: MODEL, never: IMPURE },
    Rule { name: "countersign-ledger", may: MODEL, never: IMPURE },
    Rule { name: "countersign-identity", may: MODEL, never: DATABASE },
    Rule {
        name: "countersign-gateway",
        may: &[
            "countersign-detect",
            "countersign-ledger",
            "countersign-model",
            "countersign-policy",
            "countersign-wire",
        ],
        never: DATABASE,
    },
    Rule {
        name: "countersign-store",
        may: &["countersign-ledger", "countersign-model"],
        never: &["axum", "leptos"],
    },
    Rule {
        name: "countersign-admin",
        may: &[
            "countersign-detect",
            "countersign-identity",
            "countersign-ledger",
            "countersign-model",
            "countersign-policy",
            "countersign-store",
            "countersign-wire",
        ],
        never: &["leptos"],
    },
    Rule {
        name: "app",
        may: &[
            "countersign-admin",
            "countersign-ledger",
            "countersign-model",
            "countersign-policy",
            "countersign-wire",
        ],
        // The detector is the worker's: most pages would load it for nothing.
        // The database lies below it through `admin`, on the server's side; see `ONLY_DIRECTLY_IN`.
        never: &["countersign-gateway"],
    },
    Rule { name: "frontend", may: &["app"], never: &["countersign-gateway"] },
    Rule { name: "worker", may: &["countersign-detect", "countersign-model"], never: IMPURE },
    Rule {
        name: "server",
        may: &[
            "app",
            "countersign-admin",
            "countersign-detect",
            "countersign-gateway",
            "countersign-identity",
            "countersign-ledger",
            "countersign-model",
            "countersign-policy",
            "countersign-store",
            "countersign-wire",
        ],
        never: &[],
    },
    // What the fuzz targets and the corpus test call; nothing of the product does.
    Rule {
        name: "countersign-properties",
        may: &[
            "countersign-detect",
            "countersign-identity",
            "countersign-ledger",
            "countersign-model",
            "countersign-wire",
        ],
        never: DATABASE,
    },
    Rule { name: "xtask", may: &[], never: &["sqlx", "leptos"] },
    // Drives the finished binary from outside; measures a bare commit with a connection of its own.
    Rule { name: "load", may: &[], never: &["leptos"] },
];

/// What only these of ours may name in their manifests.
const ONLY_DIRECTLY_IN: &[(&str, &[&str])] = &[("sqlx", &["countersign-store", "load"])];

#[test]
fn nobody_imports_what_is_not_theirs() {
    let faults = faults(&Graph::of_workspace(), RULES);
    assert!(faults.is_empty(), "forbidden imports:\n  {}", faults.join("\n  "));
}

#[test]
fn the_check_sees_each_kind_of_fault() {
    let graph = Graph::made_of(&[
        ("countersign-model", &["serde"]),
        ("countersign-detect", &["countersign-model", "innocent"]),
        ("innocent", &["tokio"]),
        ("countersign-store", &["countersign-model", "sqlx"]),
        ("countersign-gateway", &["countersign-store"]),
        ("countersign-admin", &["sqlx"]),
        ("countersign-unheard-of", &[]),
    ]);
    let faults = faults(&graph, RULES);
    for fault in [
        "countersign-detect must not have tokio below it (countersign-detect > innocent > tokio)",
        "countersign-gateway must not import countersign-store",
        "countersign-gateway must not have sqlx below it (countersign-gateway > countersign-store > sqlx)",
        "countersign-admin must not import sqlx, which is for countersign-store and load",
        "countersign-unheard-of has no rule: say in this file what it may import",
    ] {
        assert!(faults.iter().any(|found| found == fault), "not seen: {fault}\nseen: {faults:#?}");
    }
    assert!(!faults.iter().any(|fault| fault.starts_with("countersign-model ")), "{faults:#?}");
}

/// Packages by name; two versions of one package are one.
struct Graph {
    ours: BTreeSet<String>,
    imports: BTreeMap<String, BTreeSet<String>>,
}

impl Graph {
    fn of_workspace() -> Self {
        // The browser's side is a subset of this: features are united over the whole workspace.
        let output = Command::new(env!("CARGO"))
            .args(["metadata", "--format-version=1", "--filter-platform=x86_64-unknown-linux-gnu"])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let list = |value: &Value| value.as_array().unwrap().clone();
        let names: BTreeMap<String, String> = list(&metadata["packages"])
            .iter()
            .map(|package| (text(&package["id"]), text(&package["name"])))
            .collect();
        let mut graph = Self {
            ours: list(&metadata["workspace_members"]).iter().map(|id| names[&text(id)].clone()).collect(),
            imports: BTreeMap::new(),
        };
        for node in list(&metadata["resolve"]["nodes"]) {
            let imports = graph.imports.entry(names[&text(&node["id"])].clone()).or_default();
            for import in list(&node["deps"]) {
                // `null` is a plain dependency; the others are "dev" and "build".
                if list(&import["dep_kinds"]).iter().any(|kind| kind["kind"].is_null()) {
                    imports.insert(names[&text(&import["pkg"])].clone());
                }
            }
        }
        assert!(graph.ours.contains("xtask"), "the workspace was not read");
        graph
    }

    fn made_of(packages: &[(&str, &[&str])]) -> Self {
        let own = |name: &&str| (*name).to_owned();
        Self {
            ours: packages
                .iter()
                .map(|(name, _)| *name)
                .filter(|name| *name != "innocent")
                .map(str::to_owned)
                .collect(),
            imports: packages
                .iter()
                .map(|(name, imports)| (own(name), imports.iter().map(own).collect()))
                .collect(),
        }
    }

    /// The chain of imports from one package down to another.
    fn way(&self, from: &str, to: &str) -> Option<Vec<String>> {
        let mut seen = BTreeSet::new();
        let mut ways = vec![vec![from.to_owned()]];
        while let Some(way) = ways.pop() {
            let last = way.last().unwrap();
            if last == to && way.len() > 1 {
                return Some(way);
            }
            if seen.insert(last.clone()) {
                for next in self.imports.get(last).into_iter().flatten() {
                    ways.push(way.iter().chain([next]).cloned().collect());
                }
            }
        }
        None
    }
}

fn faults(graph: &Graph, rules: &[Rule]) -> Vec<String> {
    let mut faults = vec![];
    for name in &graph.ours {
        let Some(rule) = rules.iter().find(|rule| rule.name == name) else {
            faults.push(format!("{name} has no rule: say in this file what it may import"));
            continue;
        };
        let imports = graph.imports.get(name).cloned().unwrap_or_default();
        for import in imports.intersection(&graph.ours) {
            if !rule.may.contains(&import.as_str()) {
                faults.push(format!("{name} must not import {import}"));
            }
        }
        for (import, owners) in ONLY_DIRECTLY_IN {
            if imports.contains(*import) && !owners.contains(&name.as_str()) {
                faults
                    .push(format!("{name} must not import {import}, which is for {}", owners.join(" and ")));
            }
        }
        for banned in rule.never {
            if let Some(way) = graph.way(name, banned) {
                faults.push(format!("{name} must not have {banned} below it ({})", way.join(" > ")));
            }
        }
    }
    faults
}
