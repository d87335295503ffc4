//! What the ledger says of what happened: every exchange, refusal, change and reading, once.

use countersign_ledger::Kind;
use countersign_model::person::Role;
use http::Method;
use serde_json::json;

use crate::{
    browser,
    house::{House, Row, connection, hello, hello_streamed},
    model::Model,
};

fn events(rows: &[Row], kind: Kind) -> Vec<String> {
    let of_kind = rows.iter().filter(|row| row.kind == kind);
    of_kind.map(|row| row.facts["event"].as_str().unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn every_exchange_is_an_intent_and_an_outcome_and_its_receipt_is_a_row() {
    let house = House::open().await;
    let model = Model::start().await;
    let mut root = house.admin().await;
    house.connect(&mut root, &model).await;
    let mut ana = house.person(&mut root, "ana", &[Role::User], "staff").await;
    let token = house.token(&mut ana, "").await;
    let mut receipts = Vec::new();
    for body in [hello(), hello_streamed(), hello()] {
        let answer = house.chat(&token, &body).await;
        assert_eq!((answer.status, answer.header("x-countersign-masked")), (200, "1"));
        receipts.push((
            answer.header("x-countersign-receipt").to_owned(),
            answer.header("x-countersign-exchange").to_owned(),
        ));
    }
    model.answers(500, r#"{"error":{"message":"no"}}"#);
    let answer = house.chat(&token, &hello()).await;
    assert_eq!(answer.status, 500);
    receipts.push((
        answer.header("x-countersign-receipt").to_owned(),
        answer.header("x-countersign-exchange").to_owned(),
    ));
    let rows = house.settled().await;
    assert!(rows.iter().enumerate().all(|(at, row)| row.seq == at as u64), "dense");
    for (receipt, exchange) in &receipts {
        let (seq, leaf) = receipt.split_once(':').unwrap();
        let row = &rows[seq.parse::<usize>().unwrap()];
        assert_eq!(
            (row.leaf.as_str(), row.kind, row.exchange.as_ref()),
            (leaf, Kind::Intent, Some(exchange))
        );
        let closed: Vec<_> = rows
            .iter()
            .filter(|row| row.kind == Kind::Outcome && row.exchange.as_ref() == Some(exchange))
            .collect();
        assert_eq!(closed.len(), 1);
        assert!(closed[0].seq > row.seq);
    }
    let intents = rows.iter().filter(|row| row.kind == Kind::Intent).count();
    let ends: Vec<_> =
        rows.iter().filter(|row| row.kind == Kind::Outcome).map(|row| row.facts["end"].clone()).collect();
    assert_eq!(
        (intents, ends),
        (4, vec![json!("completed"), json!("completed"), json!("completed"), json!("upstream_error")])
    );
    let first = rows.iter().find(|row| row.kind == Kind::Intent).unwrap();
    assert_eq!(
        (&first.facts["caller"]["label"], &first.facts["connection_name"]),
        (&json!("ana"), &json!("fake"))
    );
    assert!(first.facts["preview"].as_str().unwrap().contains("[EMAIL_ADDRESS]"));
}

#[tokio::test]
async fn every_refusal_is_a_row_with_its_reason_and_sends_nothing() {
    let house = House::open().await;
    let model = Model::start().await;
    let mut root = house.admin().await;
    house.connect(&mut root, &model).await;
    let mut ana = house.person(&mut root, "ana", &[Role::User], "staff").await;
    let mut eve = house.person(&mut root, "eve", &[Role::User], "others").await;
    let (ana, eve) = (house.token(&mut ana, "").await, house.token(&mut eve, "").await);
    let forged = format!("{}AAAA", &ana[..48]);
    let good = hello().to_string();
    let numbers = json!({"model": "m", "prompt": [1, 2, 3]}).to_string();
    let chat = "/c/fake/chat/completions";
    let cases: [(&str, &str, &str, &str, &str, &str); 9] = [
        ("missing_api_key", chat, "", "application/json", &good, ""),
        ("invalid_api_key", chat, &forged, "application/json", &good, ""),
        ("invalid_api_key", chat, "sk-anything", "application/json", &good, ""),
        ("unknown_connection", "/c/none/chat/completions", &ana, "application/json", &good, ""),
        ("unknown_connection", chat, &eve, "application/json", &good, ""),
        ("malformed_body", chat, &ana, "application/json", "{\"model\":", ""),
        ("unsupported_content_encoding", chat, &ana, "application/json", &good, "br"),
        (
            "uninspectable_body",
            "/c/fake/audio/transcriptions",
            &ana,
            "application/octet-stream",
            "\u{1}\u{2}",
            "",
        ),
        ("token_ids_refused", "/c/fake/completions", &ana, "application/json", &numbers, ""),
    ];
    let before = house.rows().await.len();
    for (code, path, token, media, body, coding) in &cases {
        let bearer = format!("Bearer {token}");
        let mut headers = vec![("content-type", *media)];
        if !token.is_empty() {
            headers.push(("authorization", bearer.as_str()));
        }
        if !coding.is_empty() {
            headers.push(("content-encoding", coding));
        }
        let answer = browser::send(house.address, Method::POST, path, &headers, (*body).to_owned()).await;
        assert_eq!(answer.code(), *code, "{path}: {} {}", answer.status, answer.body);
        assert!(answer.header("x-request-id").starts_with("req_"));
    }
    let rows = house.rows().await;
    let refused: Vec<_> = rows[before..]
        .iter()
        .filter(|row| row.kind == Kind::Refused)
        .map(|row| row.facts["reason"].clone())
        .collect();
    let expected: Vec<_> = cases.iter().map(|case| json!(case.0)).collect();
    assert_eq!(refused, expected);
    assert!(rows.iter().all(|row| row.kind != Kind::Intent));
    assert_eq!(model.bytes(), 0);
}

#[tokio::test]
async fn changes_sign_ins_and_readings_are_rows() {
    let house = House::open().await;
    let model = Model::start().await;
    let mut root = house.admin().await;
    house.connect(&mut root, &model).await;
    let mut ana = house.person(&mut root, "ana", &[Role::User], "staff").await;
    let mut auditor = house.person(&mut root, "aud", &[Role::Auditor], "").await;
    let token = house.token(&mut ana, "").await;
    let session = house.chat(&token, &hello()).await.header("x-countersign-session").to_owned();
    let mut form = connection(&model.url);
    form.push(("version", "1"));
    assert_eq!(root.post("/connections/fake", &form).await.status, 303);
    house.sign_in(&mut house.stranger(), "ana", "a wrong sentence").await;
    let changes = events(&house.settled().await, Kind::AdminChange);
    for event in ["connection.created", "connection.updated", "person.created", "token.issued"] {
        assert!(changes.iter().any(|change| change == event), "{event} in {changes:?}");
    }
    let sign_ins = events(&house.rows().await, Kind::SignIn);
    for event in ["sign_in.succeeded", "sign_in.failed"] {
        assert!(sign_ins.iter().any(|sign_in| sign_in == event), "{event} in {sign_ins:?}");
    }

    let path = format!("/sessions/{session}");
    for _ in 0..250 {
        if auditor.get("/sessions").await.body.contains(&session) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let before = events(&house.rows().await, Kind::AuditorRead).len();
    assert_eq!(auditor.get(&path).await.status, 200);
    let reads: Vec<Row> =
        house.rows().await.into_iter().filter(|row| row.kind == Kind::AuditorRead).skip(before).collect();
    assert_eq!(reads.len(), 1, "one reading, one row: {reads:?}");
    assert_eq!((&reads[0].facts["actor"], &reads[0].facts["subject"]), (&json!("aud"), &json!(session)));
    assert_eq!(ana.get(&path).await.status, 200, "one's own");
    assert_eq!(house.rows().await.iter().filter(|row| row.kind == Kind::AuditorRead).count(), before + 1);
    assert_eq!(auditor.post("/audit/verify", &[]).await.status, 303);
    let page = auditor.get("/audit").await.words();
    assert!(page.to_lowercase().contains("verified"), "{page}");
}

#[tokio::test]
async fn a_stopped_server_leaves_nothing_open_and_the_next_start_goes_on() {
    let mut house = House::open().await;
    let model = Model::start().await;
    let mut root = house.admin().await;
    house.connect(&mut root, &model).await;
    let mut ana = house.person(&mut root, "ana", &[Role::User], "staff").await;
    let token = house.token(&mut ana, "").await;
    model.pace(std::time::Duration::from_millis(20));
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    let path = "/c/fake/chat/completions";
    let running =
        browser::begin(house.address, Method::POST, path, &headers, hello_streamed().to_string()).await;
    assert_eq!(running.as_ref().unwrap().response.status().as_u16(), 200);
    drop(running);
    house.stop();
    let rows = house.rows().await;
    let (intents, outcomes) = (
        rows.iter().filter(|row| row.kind == Kind::Intent).count(),
        rows.iter().filter(|row| row.kind == Kind::Outcome).count(),
    );
    assert_eq!((intents, outcomes), (1, 1));
    assert_eq!(rows.iter().find(|row| row.kind == Kind::Outcome).unwrap().facts["end"], "client_gone");

    // The next start goes on where this one ended, and whoever was signed in still is.
    house.again().await;
    assert!(house.setup.is_none(), "no set-up link once there is an administrator");
    ana.address = house.address;
    assert_eq!(ana.get("/account").await.status, 200);
    assert_eq!(house.chat(&token, &hello()).await.status, 200);
    let after = house.settled().await;
    assert!(after.iter().enumerate().all(|(at, row)| row.seq == at as u64), "dense");
    assert!(after.iter().zip(&rows).all(|(now, then)| now.leaf == then.leaf), "nothing was rewritten");
}
