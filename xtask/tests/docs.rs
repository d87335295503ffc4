//! What the pages say of the code is what the code says of itself: files and tests they name exist, tables they hold
//! are the code's own lists.
//!
//! `docs/errors.md`, `docs/masking.md` and `docs/risk.md` are in part written from the code:
//! `cargo test -p xtask --test docs -- --ignored`.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test: a page that cannot be read fails it")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use countersign_detect::{
    Engine, Entity,
    inquiry::{Code, Offsets},
    risk,
};
use countersign_model::reason::Reason;

/// Folders whose files pages may name by path. Each must be there.
const ROOMS: [&str; 11] = [
    "app",
    "benches",
    "crates",
    "docs",
    "end2end",
    "frontend",
    "migrations",
    "public",
    "server",
    "style",
    "xtask",
];
/// A name that ends so is a file of ours.
const ENDINGS: [&str; 8] = [".rs", ".md", ".toml", ".sql", ".css", ".ts", ".mjs", ".py"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// All files below a folder, without what tools put there.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![];
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if !path.is_dir() {
            found.push(path);
        } else if !["node_modules", "target", "test-results"].iter().any(|name| path.ends_with(name)) {
            found.extend(files(&path));
        }
    }
    found
}

/// Pages by their path from the root.
fn pages() -> BTreeMap<String, String> {
    let outside = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md"];
    let mut names: Vec<String> = outside.iter().map(|&name| name.to_owned()).collect();
    for room in ["docs", "migrations", "style"] {
        let pages =
            files(&root().join(room)).into_iter().filter(|path| path.extension().is_some_and(|e| e == "md"));
        names.extend(pages.map(|path| path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned()));
    }
    names.into_iter().map(|name| (name.clone(), read(&name))).collect()
}

/// A page's text without its fenced blocks.
fn prose(page: &str) -> String {
    page.split("```").step_by(2).collect()
}

fn in_backticks(text: &str) -> Vec<&str> {
    text.lines().flat_map(|line| line.split('`').skip(1).step_by(2)).collect()
}

/// What a page names that is not there.
fn faults(name: &str, page: &str, names: &BTreeSet<String>) -> Vec<String> {
    let text = prose(page);
    let here = Path::new(name).parent().unwrap();
    let mut faults = vec![];
    for link in text.split("](").skip(1) {
        let target = link.split([')', '#']).next().unwrap();
        let ours = !target.is_empty() && !target.contains("://") && !target.starts_with("mailto:");
        if ours && !root().join(here).join(target).exists() {
            faults.push(format!("{name}: no file at the link {target}"));
        }
    }
    for token in in_backticks(&text) {
        if let Some((file, test)) = token.split_once("::").filter(|(file, _)| file.contains('/')) {
            if !has_test(file, test) {
                faults.push(format!("{name}: no test {token}"));
            }
            continue;
        }
        let plain =
            !token.is_empty() && token.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-/".contains(&b));
        let in_a_room = token.split_once('/').is_some_and(|(room, _)| ROOMS.contains(&room));
        let a_file = ENDINGS.iter().any(|ending| token.ends_with(ending) && token.len() > ending.len());
        let there = root().join(token).exists() || (!token.contains('/') && names.contains(token));
        let a_form = token.contains("NNNN");
        if plain && (in_a_room || a_file) && !there && !a_form {
            faults.push(format!("{name}: no file {token}"));
        }
    }
    faults
}

/// Whether the file has a test of that name: a Rust one with its attribute, a Python one, or a title.
fn has_test(file: &str, test: &str) -> bool {
    let Ok(text) = fs::read_to_string(root().join(file)) else { return false };
    let lines: Vec<&str> = text.lines().collect();
    if Path::new(file).extension().is_none_or(|kind| kind != "rs") {
        return lines
            .iter()
            .any(|line| line.contains(&format!("def {test}(")) || line.contains(&format!("\"{test}\"")));
    }
    let head = format!("fn {test}(");
    lines.iter().enumerate().any(|(at, line)| {
        let above = &lines[at.saturating_sub(3)..at];
        line.contains(&head)
            && above.iter().any(|line| line.contains("#[test]") || line.contains("#[tokio::test"))
    })
}

fn file_names() -> BTreeSet<String> {
    let below = ROOMS.iter().flat_map(|room| files(&root().join(room)));
    let outside = fs::read_dir(root()).unwrap().flatten().map(|entry| entry.path());
    below.chain(outside).map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect()
}

#[test]
fn everything_named_is_there() {
    let names = file_names();
    let found: Vec<String> = pages().iter().flat_map(|(name, page)| faults(name, page, &names)).collect();
    assert!(found.is_empty(), "\n  {}", found.join("\n  "));
}

#[test]
fn the_check_sees_each_kind_of_fault() {
    let page = "See [a](docs/gone.md), [b](README.md#x) and [c](https://example.com/x.md).\n\
                `crates/gone`, `gone.rs`, `docs.rs`, `application/json`, `xtask/tests/docs.rs::gone`,\n\
                `xtask/tests/docs.rs::read`, `xtask/tests/docs.rs::everything_named_is_there`\n\
                ```\n`crates/in-a-block`\n```\n";
    let found = faults("README.md", page, &file_names());
    assert_eq!(
        found,
        [
            "README.md: no file at the link docs/gone.md",
            "README.md: no file crates/gone",
            "README.md: no file gone.rs",
            "README.md: no test xtask/tests/docs.rs::gone",
            "README.md: no test xtask/tests/docs.rs::read",
        ]
    );
}

#[test]
fn the_map_shows_every_crate() {
    let map = read("ARCHITECTURE.md");
    for entry in fs::read_dir(root().join("crates")).unwrap().flatten() {
        let name = format!("`crates/{}`", entry.file_name().to_string_lossy());
        assert!(map.contains(&name), "ARCHITECTURE.md does not show {name}");
    }
}

/// A page, with the part between the marks of this name as the code has it.
fn written(page: &str, mark: &str, part: &str) -> String {
    let [begin, end] = ["begin", "end"].map(|side| format!("<!-- {mark}: {side} -->\n"));
    let (before, rest) = page.split_once(&begin).unwrap();
    let (_, after) = rest.split_once(&end).unwrap();
    format!("{before}{begin}{part}{end}{after}")
}

/// The pages with parts that are written from the code.
fn written_pages() -> [(&'static str, &'static str, String); 3] {
    [
        ("docs/errors.md", "reasons", reasons()),
        ("docs/masking.md", "entities", entities()),
        ("docs/risk.md", "signals", signals()),
    ]
}

#[test]
fn written_pages_are_as_the_code_is() {
    for (name, mark, part) in written_pages() {
        let page = read(name);
        let same = page == written(&page, mark, &part);
        assert!(same, "{name} is old: cargo test -p xtask --test docs -- --ignored");
    }
}

#[test]
#[ignore = "writes docs/errors.md, docs/masking.md and docs/risk.md from the code"]
fn write_the_pages() {
    for (name, mark, part) in written_pages() {
        fs::write(root().join(name), written(&read(name), mark, &part)).unwrap();
    }
}

#[test]
fn the_detect_page_lists_the_codes_and_the_units() {
    let page = read("docs/detect.md");
    let source = read("server/src/http/detect.rs");
    let of_http = source.split("No::Http(StatusCode::").skip(1).filter_map(|rest| rest.split('"').nth(1));
    let mut known: BTreeSet<&str> = of_http.collect();
    known.extend(Code::ALL.map(Code::name));
    assert!(known.len() > Code::ALL.len() + 3, "the source was not understood: {known:?}");
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` |"));
    // A row of a code has its status beside it.
    let listed: BTreeSet<&str> = rows
        .filter(|(_, rest)| rest.trim_start().bytes().take(3).all(|byte| byte.is_ascii_digit()))
        .map(|(code, _)| code)
        .collect();
    assert_eq!(listed, known);
    for offsets in Offsets::ALL {
        assert!(page.contains(&format!("`{}`", offsets.name())), "{}", offsets.name());
    }
}

fn reasons() -> String {
    let mut out = "| code | status | retry | sentence |\n|---|---|---|---|\n".to_owned();
    for r in Reason::ALL {
        writeln!(out, "| `{}` | {} | {} | {} |", r.code(), r.status(), r.retry(), r.sentence()).unwrap();
    }
    out
}

/// Fields of the structs in a source file: name, type, and the attributes above it.
fn structs(source: &str) -> BTreeMap<String, Vec<[String; 3]>> {
    let mut found: BTreeMap<String, Vec<[String; 3]>> = BTreeMap::new();
    let (mut inside, mut attributes) = (None, String::new());
    for line in source.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix("pub struct ").and_then(|rest| rest.strip_suffix(" {")) {
            inside = Some(name.to_owned());
        } else if line == "}" {
            inside = None;
        } else if let Some(name) = &inside {
            if line.starts_with("#[") {
                attributes.push_str(line);
            } else if let Some((field, kind)) =
                line.strip_prefix("pub ").and_then(|rest| rest.split_once(": "))
            {
                let field = [
                    field.to_owned(),
                    kind.trim_end_matches(',').to_owned(),
                    std::mem::take(&mut attributes),
                ];
                found.entry(name.clone()).or_default().push(field);
            }
        }
    }
    found
}

/// Every way to set something: file keys, flags, environment variables.
fn settings_in_the_code() -> BTreeSet<String> {
    let mut known = BTreeSet::new();
    let mut shapes = structs(&read("server/src/config/file.rs"));
    shapes.extend(structs(&read("server/src/config/identity.rs")));
    for [field, kind, _] in &shapes["File"] {
        let list = kind.strip_prefix("Vec<").and_then(|rest| rest.strip_suffix('>'));
        match shapes.get(list.unwrap_or(kind)) {
            Some(inner) => {
                let many = if list.is_some() { "[]" } else { "" };
                known.extend(inner.iter().map(|[name, ..]| format!("{field}{many}.{name}")));
            }
            None => _ = known.insert(field.clone()),
        }
    }
    let cli = structs(&read("server/src/cli.rs"));
    for [field, _, attributes] in cli["Options"].iter().chain(&cli["Verify"]) {
        assert!(
            !attributes.contains("long ="),
            "{field}: a flag with a name of its own is not understood here"
        );
        if attributes.contains("long") {
            known.insert(format!("--{}", field.replace('_', "-")));
        }
    }
    let of_tests = |file: &PathBuf| file.iter().any(|part| part == "tests" || part == "tests.rs");
    for file in files(&root().join("server/src")).into_iter().filter(|file| !of_tests(file)) {
        let source = fs::read_to_string(file).unwrap();
        let literals = source.lines().flat_map(|line| line.split('"').skip(1).step_by(2));
        known.extend(literals.filter(|text| is_variable(text)).map(str::to_owned));
    }
    known
}

fn is_variable(text: &str) -> bool {
    let tail = text.strip_prefix("COUNTERSIGN_").unwrap_or_default();
    text == "DATABASE_URL" || (!tail.is_empty() && tail.bytes().all(|b| b.is_ascii_uppercase() || b == b'_'))
}

#[test]
fn the_configuration_page_lists_the_settings() {
    let page = read("docs/configuration.md");
    let listed: BTreeSet<String> = page
        .lines()
        .filter(|line| line.starts_with("| "))
        .flat_map(|line| line.split(" | ").take(3))
        .filter_map(|cell| cell.trim_start_matches('|').trim().strip_prefix('`')?.strip_suffix('`'))
        .filter(|name| name.starts_with("--") || is_variable(name) || !name.contains([':', ',', ' ']))
        .map(str::to_owned)
        .collect();
    let known = settings_in_the_code();
    assert!(known.len() > 30, "the sources were not understood: {known:?}");
    let missing: Vec<_> = known.difference(&listed).collect();
    let made_up: Vec<_> = listed.difference(&known).collect();
    assert!(missing.is_empty() && made_up.is_empty(), "not listed: {missing:?}; no settings: {made_up:?}");
}

/// A sample in code marks. Keys are cut short, so that nobody's scanner takes the page for a leak.
fn sample(text: &str) -> String {
    let mut shown = String::new();
    let mut at = 0;
    for span in Engine::standard().scan(text) {
        shown.push_str(&text[at..span.start]);
        shown.push_str(&shortened(&text[span.start..span.end], is_secret(span.entity)));
        at = span.end;
    }
    shown.push_str(&text[at..]);
    // Without a finding it is a sample of what only looks like a key.
    let looks_like_one = |word: &str| at == 0 && word.len() > 28;
    let words: Vec<String> = shown.split(' ').map(|word| shortened(word, looks_like_one(word))).collect();
    code(&words.join(" "))
}

fn shortened(text: &str, cut: bool) -> String {
    if cut && text.chars().count() > 12 {
        format!("{}…", text.chars().take(10).collect::<String>())
    } else {
        text.to_owned()
    }
}

fn is_secret(entity: Entity) -> bool {
    let name = entity.name();
    let parts =
        ["KEY", "TOKEN", "SECRET", "PASSWORD", "AUTHORIZATION", "JWT", "WEBHOOK", "ENCODED", "CRYPTO"];
    parts.iter().any(|part| name.contains(part))
}

fn code(text: &str) -> String {
    let text = text.replace('\n', "\\n").replace('\r', "\\r").replace('\t', "\\t");
    if text.contains('`') { format!("`` {text} ``") } else { format!("`{text}`") }
}

fn signals() -> String {
    let mut out = String::new();
    for definition in risk::KINDS {
        writeln!(out, "### `{}`\n\n{}.\n", definition.kind.name(), capital(definition.about)).unwrap();
        writeln!(out, "| rule | because |\n|---|---|").unwrap();
        for (_, rule) in risk::rules().filter(|(kind, _)| *kind == definition.kind) {
            writeln!(out, "| `{}` | {} |", rule.id, rule.why).unwrap();
        }
        for (title, samples) in [("Flagged", definition.hits), ("Not flagged", definition.misses)] {
            writeln!(out, "\n{title}:\n").unwrap();
            for (role, text) in samples {
                writeln!(out, "- {}: {}", role.name(), code(&visible(text))).unwrap();
            }
        }
        out.push('\n');
    }
    out
}

fn capital(text: &str) -> String {
    let (first, rest) = text.split_at(1);
    first.to_uppercase() + rest
}

/// With what nobody sees written as its number.
fn visible(text: &str) -> String {
    let unseen = |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{e0000}'..='\u{e01ff}');
    text.chars().map(|c| if unseen(c) { c.escape_unicode().to_string() } else { c.to_string() }).collect()
}

fn entities() -> String {
    let mut out = String::new();
    writeln!(out, "{} kinds.\n", Entity::ALL.len()).unwrap();
    for definition in Engine::definitions() {
        let name = definition.entity.name();
        writeln!(out, "### {name}\n\n{}.\n", definition.about).unwrap();
        for (text, masked) in definition.hits {
            writeln!(out, "- {} → {}", sample(text), code(masked)).unwrap();
        }
        let misses: Vec<String> = definition.misses.iter().map(|text| sample(text)).collect();
        writeln!(out, "- left alone: {}\n", misses.join(", ")).unwrap();
    }
    out
}
