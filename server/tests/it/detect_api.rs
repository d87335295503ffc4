//! `POST /api/v1/detect`: who may ask, what is answered, and that nothing of it stays.

use countersign_model::person::Role;
use http::Method;
use serde_json::{Value, json};

use crate::{
    browser::{self, Answer, Browser},
    house::{self, House},
};

const PATH: &str = "/api/v1/detect";
const JSON: (&str, &str) = ("content-type", "application/json");

async fn ask(house: &House, headers: &[(&str, &str)], body: &str) -> Answer {
    browser::send(house.address, Method::POST, PATH, headers, body.to_owned()).await
}

async fn from_a_page(person: &mut Browser, headers: &[(&str, &str)], body: &Value) -> Answer {
    let mut all = vec![JSON];
    all.extend_from_slice(headers);
    person.ask(Method::POST, PATH, &all, body.to_string()).await
}

fn json_of(answer: &Answer) -> Value {
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(answer.header("x-request-id").starts_with("req_"), "{:?}", answer.headers);
    serde_json::from_str(&answer.body).unwrap()
}

/// Status, code, and the field it is about.
fn refusal(answer: &Answer) -> (u16, String, Value) {
    let error = json_of(answer)["error"].clone();
    assert!(error["message"].as_str().is_some_and(|message| message.ends_with('.')), "{error}");
    assert!(error["type"].as_str().is_some_and(|kind| kind.ends_with("_error")), "{error}");
    assert!(["true", "false"].contains(&answer.header("x-should-retry")));
    (answer.status, error["code"].as_str().unwrap().to_owned(), error["param"].clone())
}

#[tokio::test]
async fn a_token_or_a_signed_in_page_is_answered() {
    let house = House::open().await;
    let mut root = house.admin().await;
    let token = house.token(&mut root, "1").await;
    let bearer = format!("Bearer {token}");
    let question = json!({"text": "𝒳 write to ann@example.com", "id": ["a", 1]});
    let expected = json!([11, 26]);

    for (name, value) in [("authorization", bearer.as_str()), ("x-api-key", &token), ("api-key", &token)] {
        let answer = ask(&house, &[(name, value), JSON], &question.to_string()).await;
        assert_eq!(answer.status, 200, "{name}: {}", answer.body);
        let found = json_of(&answer);
        assert_eq!(found["id"], question["id"]);
        assert_eq!(found["masked"], "𝒳 write to [EMAIL_ADDRESS]");
        assert_eq!(json!([found["spans"][0]["start"], found["spans"][0]["end"]]), expected);
        assert_eq!(found["spans"][0]["entity"], "EMAIL_ADDRESS");
    }
    // The token is good for one use, and asking is none.
    let chunks = json!({"chunks": ["ann@exam", "ple.com"], "offsets": "utf16"});
    let answer = ask(&house, &[("x-api-key", &token), JSON], &chunks.to_string()).await;
    assert_eq!(json_of(&answer)["masked"], "[EMAIL_ADDRESS]");
    let kind = ("content-type", "Application/JSON; charset=utf-8");
    assert_eq!(ask(&house, &[("x-api-key", &token), kind], &chunks.to_string()).await.status, 200);

    let origin = house.origin.clone();
    for own in [("sec-fetch-site", "same-origin"), ("origin", origin.as_str())] {
        let answer = from_a_page(&mut root, &[own], &question).await;
        assert_eq!(json_of(&answer)["masked"], "𝒳 write to [EMAIL_ADDRESS]");
    }
}

#[tokio::test]
async fn strangers_and_other_sites_are_refused() {
    let house = House::open().await;
    let mut root = house.admin().await;
    let token = house.token(&mut root, "").await;
    let body = r#"{"text":"a"}"#;
    let code = |answer: &Answer| refusal(answer).1;

    let answer = ask(&house, &[JSON], body).await;
    assert_eq!((answer.status, code(&answer).as_str()), (401, "missing_api_key"));
    assert_eq!(answer.header("www-authenticate"), "Bearer realm=\"countersign\"");
    let wrong = format!("cs_{}", "A".repeat(49));
    for (headers, expected) in [
        (vec![("x-api-key", wrong.as_str())], "invalid_api_key"),
        (vec![("authorization", "Basic YTpi")], "invalid_api_key"),
        (vec![("x-api-key", token.as_str()), ("api-key", wrong.as_str())], "invalid_api_key"),
    ] {
        let headers: Vec<_> = headers.into_iter().chain([JSON]).collect();
        let answer = ask(&house, &headers, body).await;
        assert_eq!((answer.status, code(&answer).as_str()), (401, expected), "{headers:?}");
    }
    let path = format!("{PATH}?key={token}");
    let answer = browser::send(house.address, Method::POST, &path, &[JSON], body.to_owned()).await;
    assert_eq!((answer.status, code(&answer).as_str()), (400, "credential_in_url"));

    for foreign in [
        vec![("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")],
        vec![("sec-fetch-site", "same-site")],
        vec![("origin", "null")],
        vec![],
    ] {
        let answer = from_a_page(&mut root, &foreign, &json!({"text": "a"})).await;
        assert_eq!((answer.status, code(&answer).as_str()), (403, "cross_site"), "{foreign:?}");
    }

    let mut other = house.person(&mut root, "uma", &[Role::Approver], "").await;
    assert_eq!(
        from_a_page(&mut other, &[("sec-fetch-site", "same-origin")], &json!({"text": "a"})).await.status,
        200
    );
    other.post("/sign-out", &[]).await;
    let answer = from_a_page(&mut other, &[("sec-fetch-site", "same-origin")], &json!({"text": "a"})).await;
    assert_eq!((answer.status, code(&answer).as_str()), (401, "missing_api_key"));
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_and_said_so() {
    let house = House::open().await;
    let mut root = house.admin().await;
    let token = house.token(&mut root, "").await;
    let key = ("x-api-key", token.as_str());

    for (body, expected, field) in [
        ("", "invalid_json", Value::Null),
        ("{", "invalid_json", Value::Null),
        ("[]", "invalid_request", Value::Null),
        ("{}", "invalid_request", Value::Null),
        (r#"{"text":1}"#, "invalid_request", json!("text")),
        (r#"{"text":"a","offsets":"word"}"#, "invalid_request", json!("offsets")),
        (r#"{"text":"a","lang":"de"}"#, "invalid_request", Value::Null),
    ] {
        let answer = ask(&house, &[key, JSON], body).await;
        assert_eq!(refusal(&answer), (400, expected.to_owned(), field), "{body}");
    }
    let answer = ask(&house, &[key, JSON], r#"{"id":{"n":1},"text":1}"#).await;
    assert_eq!(json_of(&answer)["id"], json!({"n": 1}));

    for kind in ["text/plain", "application/x-www-form-urlencoded", ""] {
        let answer = ask(&house, &[key, ("content-type", kind)], r#"{"text":"a"}"#).await;
        assert_eq!(refusal(&answer).1, "unsupported_media_type", "{kind}");
        assert_eq!(answer.status, 415);
    }
    let answer = ask(&house, &[key, JSON, ("content-encoding", "gzip")], r#"{"text":"a"}"#).await;
    assert_eq!(answer.status, 415);

    for method in [Method::GET, Method::PUT, Method::DELETE] {
        let answer = browser::send(house.address, method.clone(), PATH, &[key], String::new()).await;
        assert_eq!((answer.status, answer.header("allow")), (405, "POST"), "{method}");
        assert_eq!(refusal(&answer).1, "method_not_allowed");
    }

    let large = json!({"text": "x".repeat(3 << 20)}).to_string();
    assert_eq!(ask(&house, &[key, JSON], &large).await.status, 200);
    let larger = json!({"text": "x".repeat(5 << 20)}).to_string();
    let answer = ask(&house, &[key, JSON], &larger).await;
    assert_eq!(refusal(&answer), (413, "too_large".to_owned(), Value::Null));
}

#[tokio::test]
async fn nothing_of_it_is_stored_or_logged() {
    let house = House::open().await;
    let mut root = house.admin().await;
    let token = house.token(&mut root, "").await;
    let rows = house.rows().await.len();
    let secret = "zebra-7731@example.com";
    for body in [json!({"text": secret}), json!({"text": [secret]}), json!({"offsets": secret, "text": ""})] {
        ask(&house, &[("x-api-key", &token), JSON], &body.to_string()).await;
        from_a_page(&mut root, &[("sec-fetch-site", "same-origin")], &body).await;
    }
    ask(&house, &[JSON], &json!({"text": secret}).to_string()).await;
    assert_eq!(house.rows().await.len(), rows, "no rows");
    assert!(!house::logged().contains("zebra-7731"), "nothing in the log");
}
