//! An analyzer of a connection: set through the form, asked about prompts, and without it what was chosen.

use std::time::Duration;

use countersign_ledger::Kind;
use countersign_model::person::Role;
use tokio::time::{sleep, timeout};

use crate::{
    browser::Browser,
    house::{House, connection, hello},
    model::Model,
};

fn but<'a>(form: &[(&'a str, &'a str)], name: &'a str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    let kept = form.iter().filter(|(key, _)| *key != name).copied();
    kept.chain([(name, value)]).collect()
}

/// Asks until the answer has this status, as the notice of a change travels through the database.
async fn answered(house: &House, token: &str, status: u16) -> String {
    let asked = async {
        loop {
            let answer = house.chat(token, &hello()).await;
            if answer.status == status {
                return answer.body;
            }
            sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(Duration::from_secs(5), asked).await.expect("the change is in use within seconds")
}

async fn saved(root: &mut Browser, form: &[(&str, &str)]) {
    let answer = root.post("/connections/fake", form).await;
    assert_eq!(answer.status, 303, "{}", answer.words());
}

async fn tested(root: &mut Browser) -> String {
    // A connection that was just saved may not be in use yet.
    let tested = async {
        loop {
            let answer = root.post("/connections/fake/test", &[]).await;
            if answer.status == 303 {
                return answer.location().to_owned();
            }
            sleep(Duration::from_millis(50)).await;
        }
    };
    let page = timeout(Duration::from_secs(5), tested).await.expect("the change is in use within seconds");
    root.get(&page).await.words()
}

#[tokio::test]
async fn it_is_set_by_form_asked_in_clear_and_missed_as_chosen() {
    let house = House::open().await;
    let (model, analyzer) = (Model::start().await, Model::start().await);
    analyzer.answers(200, "[]");
    let mut root = house.admin().await;
    house.connect(&mut root, &model).await;
    let mut ana = house.person(&mut root, "ana", &[Role::User], "staff").await;
    let token = house.token(&mut ana, "").await;
    answered(&house, &token, 200).await;
    assert_eq!(analyzer.bytes(), 0);

    let url = format!("{}/analyze", analyzer.url);
    let form = but(&connection(&model.url), "analyzer_url", &url);
    let form = but(&but(&form, "analyzer_when_it_fails", "closed"), "analyzer_entities", "person, NRP");
    saved(&mut root, &but(&form, "version", "1")).await;
    let page = root.get("/connections/fake").await.body;
    assert!(page.contains(&format!("value=\"{}\"", analyzer.url)) && page.contains("value=\"PERSON, NRP\""));
    let changed = house.settled().await.pop().unwrap();
    assert!(changed.facts.to_string().contains("kinds=PERSON,NRP"), "{}", changed.facts);

    while analyzer.bytes() == 0 {
        answered(&house, &token, 200).await;
    }
    let asked = analyzer.requests();
    assert!(asked[0].starts_with("POST /v1/analyze HTTP/1.1"), "{}", asked[0]);
    assert!(asked.iter().any(|asked| asked.contains("hello, I am ana.example@example.com")));
    assert!(model.requests().pop().unwrap().contains("hello, I am [EMAIL_ADDRESS]"));
    let words = tested(&mut root).await;
    assert!(words.contains("The analyzer: every step passed."), "{words}");

    analyzer.answers(200, "{}");
    let before = model.bytes();
    let refused = answered(&house, &token, 503).await;
    assert!(refused.contains("analyzer_unavailable"), "{refused}");
    assert_eq!(model.bytes(), before, "nothing was sent");
    let row = house.settled().await.pop().unwrap();
    assert_eq!(row.kind, Kind::Refused);
    assert_eq!(row.facts["detail"], "analyzer: bad answer: no list of findings");
    let words = tested(&mut root).await;
    assert!(
        words.contains("Every step passed.")
            && words.contains("The analyzer: the test stopped at “Protocol”.")
    );
    assert!(words.contains("not with a list of findings"), "{words}");

    saved(&mut root, &but(&but(&form, "analyzer_when_it_fails", "open"), "version", "2")).await;
    answered(&house, &token, 200).await;
    let rows = house.settled().await;
    let intent = rows.iter().rev().find(|row| row.kind == Kind::Intent).unwrap();
    assert_eq!(
        intent.facts["coverage"]["not_run"][0],
        serde_json::json!({"rule": "analyzer", "why": "bad answer: no list of findings"})
    );

    // Emptied, it is gone.
    saved(&mut root, &but(&but(&form, "analyzer_url", ""), "version", "3")).await;
    assert!(!root.get("/connections/fake").await.body.contains(&analyzer.url));
}

#[tokio::test]
async fn what_is_wrong_is_told_at_its_field() {
    let house = House::open().await;
    let mut root = house.admin().await;
    let form = connection("http://127.0.0.1:9/v1");
    let form = but(&but(&form, "analyzer_url", "http://127.0.0.1:9"), "analyzer_when_it_fails", "open");
    for (field, value, said) in [
        (
            "analyzer_url",
            "http://ada:pw@host",
            "Put no user name or password into the address; an analyzer is sent none.",
        ),
        ("analyzer_url", "ftp://host", "The address must begin with http:// or https://."),
        ("analyzer_when_it_fails", "", "Choose what happens when it fails."),
        ("analyzer_when_it_fails", "ajar", "Choose what happens when it fails."),
        ("analyzer_score", "1.5", "Enter a number from 0 to 1"),
        ("analyzer_timeout_ms", "10", "Between 50 and 60000 milliseconds."),
        ("analyzer_timeout_ms", "soon", "Enter a whole number."),
        ("analyzer_language", "en us", "Enter a language such as en or de."),
        ("analyzer_entities", "PERSON, ÄPFEL", "“ÄPFEL” is no name of a kind."),
    ] {
        let answer = root.post("/connections/new", &but(&form, field, value)).await;
        assert_eq!(answer.status, 422, "{field} {value}");
        assert!(answer.body.contains(&format!("id=\"{field}-wrong\"")), "{field} {value}");
        assert!(answer.words().contains(said), "{field} {value}: {}", answer.words());
        assert!(answer.body.contains("value=\"a test\""), "what was typed stays");
    }
}
