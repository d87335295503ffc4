//! The command `detect` as a process in a pipe.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

/// Longer than any answer may take, also on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

struct Filter {
    child: Child,
    input: Option<ChildStdin>,
    lines: Receiver<String>,
}

fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
    // Nothing of the surroundings is needed, and a wrong setting of the server's is none of its business.
    command
        .arg("detect")
        .args(args)
        .env_clear()
        .env("DATABASE_URL", "no url")
        .env("COUNTERSIGN_CONFIG", "/nowhere");
    command
}

impl Filter {
    fn start(args: &[&str]) -> Self {
        let mut child = command(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let (heard, lines) = channel();
        thread::spawn(move || {
            for line in output.lines() {
                if heard.send(line.unwrap()).is_err() {
                    return;
                }
            }
        });
        Self { input: child.stdin.take(), child, lines }
    }

    fn say(&mut self, bytes: &[u8]) {
        self.input.as_mut().unwrap().write_all(bytes).unwrap();
    }

    fn hear(&self) -> String {
        self.lines.recv_timeout(PATIENCE).expect("an answer at once")
    }

    fn ask(&mut self, question: &Value) -> Value {
        self.say(format!("{question}\n").as_bytes());
        serde_json::from_str(&self.hear()).unwrap()
    }

    /// Closes the input; gives the exit code and what was said at the terminal.
    fn end(mut self) -> (i32, String) {
        drop(self.input.take());
        let code = self.child.wait().unwrap().code().unwrap();
        let mut said = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        (code, said)
    }
}

/// Whole input at once; gives output, what was said at the terminal, and the exit code.
fn pipe(args: &[&str], input: &[u8]) -> (String, String, i32) {
    let mut child =
        command(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    // It may end before it has read everything.
    let writing = thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().unwrap();
    writing.join().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr), output.status.code().unwrap())
}

#[test]
fn text_goes_in_and_masked_text_comes_out() {
    let (out, said, code) = pipe(&[], "é ann@example.com\npay 4111 1111 1111 1111".as_bytes());
    assert_eq!((out.as_str(), said.as_str(), code), ("é [EMAIL_ADDRESS]\npay [CREDIT_CARD]", "", 0));
    assert_eq!(pipe(&[], b""), (String::new(), String::new(), 0));
}

#[test]
fn what_is_decided_is_seen_while_the_input_is_open() {
    let mut filter = Filter::start(&[]);
    filter.say(b"first ann@example.com, done\nsecond ");
    assert_eq!(filter.hear(), "first [EMAIL_ADDRESS], done");
    filter.say(b"4111 1111 ");
    filter.say(b"1111 1111 ok\nthird\n");
    assert_eq!(filter.hear(), "second [CREDIT_CARD] ok");
    assert_eq!(filter.hear(), "third");
    assert_eq!(filter.end(), (0, String::new()));
}

#[test]
fn bytes_that_are_no_text_end_it_with_a_sentence() {
    let (out, said, code) = pipe(&[], b"one ann@example.com\n415-555-\xff0132\n");
    assert_eq!((out.as_str(), code), ("one [EMAIL_ADDRESS]\n", 2));
    assert!(said.contains("not UTF-8") && said.contains("byte 28"), "{said}");
    let (_, said, code) = pipe(&[], "cut: é".as_bytes().split_last().unwrap().1);
    assert_eq!(code, 2, "{said}");
}

#[test]
fn questions_are_answered_one_by_one_and_at_once() {
    let mut filter = Filter::start(&["--json"]);
    for number in 0..200 {
        let cut = number % 17;
        let text = format!("𝒳 {number} ann@example.com");
        let chars: Vec<char> = text.chars().collect();
        let (first, second) = chars.split_at(cut);
        let chunks: [String; 2] = [first.iter().collect(), second.iter().collect()];
        let question = if number % 2 == 0 {
            json!({"text": text, "id": number})
        } else {
            json!({"chunks": chunks, "id": {"n": [number]}})
        };
        let answer = filter.ask(&question);
        assert_eq!(answer["id"], question["id"]);
        assert_eq!(answer["masked"], format!("𝒳 {number} [EMAIL_ADDRESS]"));
        let start = 3 + number.to_string().len();
        assert_eq!(answer["spans"][0]["start"], start);
        assert_eq!(answer["spans"][0]["end"], start + 15);
        assert_eq!(answer["spans"][0]["entity"], "EMAIL_ADDRESS");
        assert!(answer["spans"][0]["score"].as_f64().is_some_and(|score| (0.0..=1.0).contains(&score)));
    }
    assert_eq!(filter.end(), (0, String::new()));
}

#[test]
fn many_lines_in_one_write_have_as_many_answers_in_their_order() {
    let questions: Vec<_> = (0..5_000).map(|id| format!("{{\"id\":{id},\"text\":\"n {id}\"}}\n")).collect();
    let questions = questions.concat();
    let (out, _, code) = pipe(&["--json"], questions.as_bytes());
    assert_eq!(code, 0);
    for (at, line) in out.lines().enumerate() {
        assert_eq!(line, format!("{{\"id\":{at},\"spans\":[],\"masked\":\"n {at}\"}}"));
    }
    assert_eq!(out.lines().count(), 5_000);
}

#[test]
fn a_broken_line_is_answered_and_the_next_is_read() {
    let mut filter = Filter::start(&["--json"]);
    for (line, code) in [
        (&b"not json"[..], "invalid_json"),
        (b"", "invalid_json"),
        (b"[1]", "invalid_request"),
        (b"{\"text\":\"a\",\"chunks\":[\"a\"]}", "invalid_request"),
        (b"{\"id\":1}", "invalid_request"),
        (b"{\"text\":7}", "invalid_request"),
        (b"{\"text\":\"a\",\"language\":\"de\"}", "invalid_request"),
        (b"{\"text\":\"\xff\"}", "invalid_utf8"),
        (b"{\"text\":\"\xe2\x82", "invalid_utf8"),
    ] {
        filter.say(line);
        filter.say(b"\n");
        let answer: Value = serde_json::from_str(&filter.hear()).unwrap();
        assert_eq!(answer["error"]["code"], code, "{}", String::from_utf8_lossy(line));
        assert!(
            answer["error"]["message"].as_str().is_some_and(|message| message.ends_with('.')),
            "{answer}"
        );
        let good = filter.ask(&json!({"text": "ann@example.com", "id": "next"}));
        assert_eq!((&good["masked"], &good["id"]), (&json!("[EMAIL_ADDRESS]"), &json!("next")));
    }
    assert_eq!(filter.ask(&json!({"id": "kept", "text": "a", "x": 1}))["id"], "kept");
    assert_eq!(filter.end(), (0, String::new()), "lines that made no sense are no failure of the process");
}

#[test]
fn large_lines_are_taken_and_larger_ones_refused() {
    let large = "ann@example.com ".repeat(500_000);
    let mut input = format!("{}\n", json!({"text": large, "id": 1})).into_bytes();
    input.extend(format!("{{\"text\":\"{}\"}}\n", "x".repeat(40 << 20)).into_bytes());
    // No end of line: the end of the input ends it.
    input.extend(b"{\"text\":\"last\",\"id\":3}");
    let (out, _, code) = pipe(&["--json"], &input);
    let lines: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((lines.len(), code), (3, 0));
    assert_eq!(lines[0]["spans"].as_array().unwrap().len(), 500_000);
    assert_eq!(lines[0]["spans"][499_999]["end"], large.len() - 1);
    assert_eq!(lines[1]["error"]["code"], "too_large");
    assert_eq!(lines[2], json!({"id": 3, "spans": [], "masked": "last"}));
}

#[test]
fn offsets_are_what_the_flag_or_the_question_says() {
    let start = |args: &[&str], question: Value| {
        let (out, _, _) = pipe(args, question.to_string().as_bytes());
        serde_json::from_str::<Value>(&out).unwrap()["spans"][0]["start"].as_u64().unwrap()
    };
    let question = json!({"text": "𝒳é ann@example.com"});
    assert_eq!(start(&["--json"], question.clone()), 3);
    assert_eq!(start(&["--json", "--offsets", "char"], question.clone()), 3);
    assert_eq!(start(&["--json", "--offsets", "utf16"], question.clone()), 4);
    assert_eq!(start(&["--json", "--offsets=byte"], question.clone()), 7);
    let own = json!({"text": "𝒳é ann@example.com", "offsets": "char"});
    assert_eq!(start(&["--json", "--offsets=byte"], own), 3);
    let (_, said, code) = pipe(&["--json", "--offsets", "words"], b"");
    assert_eq!(code, 2);
    assert!(said.contains("char, byte or utf16"), "{said}");
}

#[test]
fn a_reader_that_goes_away_ends_it_quietly() {
    let mut child =
        command(&[]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().unwrap();
    let began = Instant::now();
    while stdin.write_all(b"one line after another\n").is_ok() {
        assert!(began.elapsed() < PATIENCE, "it goes on for nobody");
    }
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap()), (Some(141), String::new()));
}

#[test]
fn what_can_be_found_is_listed() {
    let (out, _, code) = pipe(&["--entities"], b"");
    assert_eq!(code, 0);
    assert!(out.lines().any(|line| line.starts_with("EMAIL_ADDRESS ")), "{out}");
    let (out, _, _) = pipe(&["--entities", "--json"], b"");
    let list: Vec<Value> = serde_json::from_str(&out).unwrap();
    for entity in countersign_detect::Entity::ALL {
        let one = list.iter().find(|one| one["name"] == entity.name()).unwrap();
        assert_eq!(one["label"], entity.label());
        assert!(!one["about"].as_str().unwrap().is_empty());
    }
}

#[test]
fn rules_of_ones_own_are_found_and_bad_ones_named() {
    let folder = tempfile::tempdir().unwrap();
    let with = |rules: &str, input: &str| {
        let file = folder.path().join("own.toml");
        std::fs::write(&file, rules).unwrap();
        let mut child = command(&["--rules", file.to_str().unwrap()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A process that refuses its rules does not read.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let done = child.wait_with_output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (done.status.code(), text(done.stdout), text(done.stderr))
    };
    let good = r#"
        [[dictionary]]
        name = "PROJECT_NAME"
        terms = ["Blue Heron"]
        [[pattern]]
        name = "STAFF_NUMBER"
        pattern = "S-[0-9]{6}"
        hits = ["ask S-104233"]
    "#;
    let (code, said, _) = with(good, "Blue Heron: S-104233, ann@example.com");
    assert_eq!((code, &*said), (Some(0), "[PROJECT_NAME]: [STAFF_NUMBER], [EMAIL_ADDRESS]"));
    for (rules, part) in [
        (good.replace("{6}", "+"), "pattern 1 (STAFF_NUMBER): pattern, character"),
        (good.replace("S-104233", "nothing"), "pattern 1 (STAFF_NUMBER): sample 1"),
        (good.replace("terms", "words"), "unknown field"),
        ("[[dictionary".to_owned(), "own.toml"),
    ] {
        let (code, said, why) = with(&rules, "Blue Heron");
        assert_eq!((code, &*said), (Some(2), ""), "{rules}");
        assert!(why.contains(part), "{why}");
    }
}
