//! Patterns and dictionaries of administrators: in use on the data path within a moment, and gone as soon.

use std::time::Duration;

use countersign_model::person::Role;
use serde_json::json;
use tokio::time::{sleep, timeout};

use crate::{
    browser::Browser,
    house::{House, connection},
    model::Model,
};

const PATTERN: &[(&str, &str)] = &[
    ("name", "STAFF_NUMBER"),
    ("description", "Ours"),
    ("enabled", "on"),
    ("pattern", "SN-[0-9]{6}"),
    ("score", "0.9"),
    ("hits", "ask SN-123456\nSN-000001"),
    ("misses", "SN-12"),
];

const DICTIONARY: &[(&str, &str)] = &[
    ("name", "PROJECT_NAME"),
    ("enabled", "on"),
    ("terms", "Blue Heron\r\nQuarterdeck\r\n\r\n"),
    ("ignore_case", "on"),
];

fn but<'a>(form: &[(&'a str, &'a str)], name: &'a str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    let kept = form.iter().filter(|(key, _)| *key != name).copied();
    kept.chain([(name, value)]).collect()
}

/// Makes one and gives its path.
async fn made(root: &mut Browser, kind: &str, form: &[(&str, &str)]) -> String {
    let answer = root.post(&format!("/entities/new/{kind}"), form).await;
    assert_eq!(answer.status, 303, "{}", answer.words());
    answer.location().strip_suffix("?done=entity-created").unwrap().to_owned()
}

/// Asks until the model reads this in place of the text, as the notice of a change travels through the database.
async fn model_reads(house: &House, model: &Model, token: &str, text: &str, expected: &str) {
    let body = json!({"model": "m", "messages": [{"role": "user", "content": text}]});
    let read = async {
        loop {
            assert_eq!(house.chat(token, &body).await.status, 200);
            let last = model.requests().pop().unwrap();
            if last.contains(&format!("\"{expected}\"")) {
                return;
            }
            sleep(Duration::from_millis(50)).await;
        }
    };
    let read = timeout(Duration::from_secs(5), read).await;
    assert!(read.is_ok(), "{expected}: {}", model.requests().pop().unwrap());
}

#[tokio::test]
async fn what_is_saved_is_looked_for_and_what_is_deleted_is_not() {
    let house = House::open().await;
    let model = Model::start().await;
    let mut root = house.admin().await;
    house.connect(&mut root, &model).await;
    let mut ana = house.person(&mut root, "ana", &[Role::User], "staff").await;
    let token = house.token(&mut ana, "").await;
    let text = "SN-123456 is on BLUE  heron";
    model_reads(&house, &model, &token, text, text).await;
    assert!(house.settled().await.iter().any(|row| row.exchange.is_some()));

    let pattern = made(&mut root, "pattern", PATTERN).await;
    model_reads(&house, &model, &token, text, "[STAFF_NUMBER] is on BLUE  heron").await;
    let dictionary = made(&mut root, "dictionary", DICTIONARY).await;
    model_reads(&house, &model, &token, text, "[STAFF_NUMBER] is on [PROJECT_NAME]").await;

    // Shown on its page, and its terms as a file; neither terms nor samples go on record.
    let page = root.get(&dictionary).await;
    assert!(page.words().contains("2 terms : Blue Heron · Quarterdeck"), "{}", page.words());
    let file = root.get(&format!("{dictionary}/terms.txt")).await;
    assert_eq!((file.status, file.body.as_str()), (200, "Blue Heron\nQuarterdeck\n"));
    let told = format!("{:?}", house.settled().await.iter().map(|row| row.facts.clone()).collect::<Vec<_>>());
    assert!(told.contains("own_entity.created") && told.contains("2 terms"), "{told}");
    assert!(!told.contains("Quarterdeck") && !told.contains("SN-000001"), "{told}");

    // A connection may have an exception for it.
    let form = but(&connection(&model.url), "version", "1");
    let form = but(&but(&form, "exception_entity_0", "PROJECT_NAME"), "exception_action_0", "redact");
    assert_eq!(
        root.post("/connections/fake", &but(&form, "exception_passage_0", "everywhere")).await.status,
        303
    );
    model_reads(&house, &model, &token, text, "[STAFF_NUMBER] is on [REDACTED]").await;

    // Terms that are left empty stay.
    let form = but(&but(DICTIONARY, "terms", ""), "version", "1");
    assert_eq!(root.post(&dictionary, &form).await.status, 303);
    let off: Vec<_> =
        but(PATTERN, "version", "1").into_iter().filter(|(name, _)| *name != "enabled").collect();
    assert_eq!(root.post(&pattern, &off).await.status, 303);
    model_reads(&house, &model, &token, text, "SN-123456 is on [REDACTED]").await;
    assert_eq!(root.post(&format!("{dictionary}/delete"), &[("version", "2")]).await.status, 303);
    model_reads(&house, &model, &token, text, text).await;
    assert_eq!(root.get(&dictionary).await.status, 404);
}

#[tokio::test]
async fn what_could_not_be_looked_for_is_not_saved() {
    let house = House::open().await;
    let mut root = house.admin().await;
    for (field, value, said) in [
        ("name", "no name", "A name has 3 to 48 capitals"),
        ("pattern", "SN-[0-9]+", "At character 9: This repetition has no end"),
        ("pattern", "^SN-[0-9]{6}", "Anchors and boundaries are not needed"),
        ("pattern", "SN-[0-9", "At character 4"),
        ("pattern", "(SN-[0-9]{6})?", "or the empty text"),
        ("score", "much", "A score is from 0 to 1"),
        ("score", "1.5", "A score is from 0 to 1"),
        ("hits", "SN-123456\nnone here", "Sample 2: Nothing is found in it."),
        ("hits", "", "At least one sample"),
        ("misses", "SN-123456", "Sample 1: Something is found in it."),
        ("words", "a\nb c d e f g", "Word 2"),
    ] {
        let answer = root.post("/entities/new/pattern", &but(PATTERN, field, value)).await;
        assert_eq!(answer.status, 422, "{field} {value}");
        assert!(answer.words().contains(said), "{field} {value}: {}", answer.words());
        assert!(answer.body.contains("value=\"Ours\""), "what was typed stays");
    }
    for (terms, said) in [("ab", "Term 1: A term has 3 to 256 bytes."), ("", "A dictionary has 1 to")] {
        let answer = root.post("/entities/new/dictionary", &but(DICTIONARY, "terms", terms)).await;
        assert_eq!(answer.status, 422, "{terms}");
        assert!(answer.words().contains(said), "{}", answer.words());
    }
    let pattern = made(&mut root, "pattern", PATTERN).await;
    let twice = root.post("/entities/new/dictionary", &but(DICTIONARY, "name", "STAFF_NUMBER")).await;
    assert_eq!(twice.status, 422);
    assert!(twice.words().contains("There is already a pattern or dictionary with this name."));
    let stale = root.post(&pattern, &but(PATTERN, "version", "7")).await;
    assert_eq!(stale.status, 409);

    // As many terms as there may be, and then one dictionary more.
    let all = |from: u32, count: u32| {
        (from..from + count).map(|n| format!("term{n:07}")).collect::<Vec<_>>().join("\n")
    };
    let first = all(0, 99_999);
    let large = made(&mut root, "dictionary", &but(DICTIONARY, "terms", &first)).await;
    assert!(root.get(&large).await.words().contains("99 999 terms"));
    let more = all(200_000, 2);
    let form = but(&but(DICTIONARY, "name", "OTHER_NAME"), "terms", &more);
    let much = root.post("/entities/new/dictionary", &form).await;
    assert_eq!(much.status, 409);
    assert!(much.words().contains("Remove some first."), "{}", much.words());
}

/// Such as a rule that an older version could compile.
#[tokio::test]
async fn rules_that_cannot_be_compiled_let_nothing_pass() {
    let mut house = House::open().await;
    let model = Model::start().await;
    let mut root = house.admin().await;
    house.connect(&mut root, &model).await;
    let mut ana = house.person(&mut root, "ana", &[Role::User], "staff").await;
    let token = house.token(&mut ana, "").await;
    made(&mut root, "pattern", PATTERN).await;
    model_reads(&house, &model, &token, "SN-123456", "[STAFF_NUMBER]").await;
    let broken = r#"UPDATE own_entity SET version = 2, rule = jsonb_set(rule, '{pattern}', '"("')"#;
    sqlx::query(broken).execute(house.database.pages()).await.unwrap();
    // The notice travels through the database.
    sleep(Duration::from_millis(500)).await;
    model_reads(&house, &model, &token, "SN-123456", "[STAFF_NUMBER]").await;

    house.stop();
    house.again().await;
    let before = model.requests().len();
    let body = json!({"model": "m", "messages": [{"role": "user", "content": "SN-123456"}]});
    let answer = house.chat(&token, &body).await;
    assert_eq!((answer.status, answer.code().as_str()), (404, "unknown_connection"));
    assert_eq!(model.requests().len(), before);
}
