//! What must not be seen: other people's sessions, credentials, tokens; and what must stop working at once.

use std::time::Duration;

use countersign_ledger::Kind;
use countersign_model::person::Role;
use http::Method;
use serde_json::json;
use sqlx::Row as _;
use tokio::time::sleep;

use crate::{
    browser::{self, Browser},
    house::{House, PASSWORD, SECRET, connection, hello, hello_streamed, logged},
    model::{Model, SAYS_MASKED},
    origin::functions,
    pages::pages,
};

async fn id_of(house: &House, login: &str) -> String {
    let (id,): (String,) =
        sqlx::query_as("SELECT 'per_' || replace(id::text, '-', '') FROM person WHERE login = $1")
            .bind(login)
            .fetch_one(house.database.pages())
            .await
            .unwrap();
    id
}

/// Waits until the lists, which trail the ledger by a moment, show a session to its owner.
async fn listed(browser: &mut Browser, session: &str) -> String {
    for _ in 0..250 {
        let page = browser.get("/sessions").await;
        if page.body.contains(session) {
            return page.body;
        }
        sleep(Duration::from_millis(20)).await;
    }
    panic!("{session} is not listed within five seconds");
}

#[tokio::test]
async fn a_user_sees_their_own_sessions_and_nobody_elses() {
    let house = House::open().await;
    let model = Model::start().await;
    let mut root = house.admin().await;
    house.connect(&mut root, &model).await;
    let mut ana = house.person(&mut root, "ana", &[Role::User], "staff").await;
    let mut ben = house.person(&mut root, "ben", &[Role::User], "staff").await;
    let (ana_token, ben_token) = (house.token(&mut ana, "").await, house.token(&mut ben, "").await);
    let of_ana = house.chat(&ana_token, &hello()).await.header("x-countersign-session").to_owned();
    let of_ben = house.chat(&ben_token, &hello()).await.header("x-countersign-session").to_owned();
    assert_ne!(of_ana, of_ben);
    assert!(!listed(&mut ana, &of_ana).await.contains(&of_ben));
    assert!(!listed(&mut ben, &of_ben).await.contains(&of_ana));
    assert_eq!(ana.get(&format!("/sessions/{of_ana}")).await.status, 200);
    let page = ana.get(&format!("/sessions/{of_ben}")).await;
    assert_eq!(page.status, 404, "as if there were none");
    assert!(!page.words().contains("ben"), "{}", page.words());
    for query in ["?caller=ben", "?connection=fake", "?end=completed", "?cursor=zzz"] {
        assert!(!ana.get(&format!("/sessions{query}")).await.body.contains(&of_ben), "{query}");
    }
    let auditor = house.person(&mut root, "auditor", &[Role::Auditor], "").await;
    let everything = listed(&mut auditor.clone(), &of_ben).await;
    assert!(everything.contains(&of_ana));
}

#[tokio::test]
async fn disabling_somebody_ends_their_tokens_and_their_sessions() {
    let house = House::open().await;
    let model = Model::start().await;
    let mut root = house.admin().await;
    house.connect(&mut root, &model).await;
    let mut ana = house.person(&mut root, "ana", &[Role::User], "staff").await;
    let token = house.token(&mut ana, "").await;
    assert_eq!(house.chat(&token, &hello()).await.status, 200, "remembered from now on");
    let id = id_of(&house, "ana").await;
    assert_eq!(root.post(&format!("/people/{id}"), &[("action", "disable")]).await.status, 303);
    assert!(ana.get("/account").await.location().starts_with("/sign-in"), "at once");
    assert_eq!(house.sign_in(&mut ana, "ana", PASSWORD).await.status, 403);
    // The data path remembers a token for a second at most, and is told sooner.
    sleep(Duration::from_millis(1_100)).await;
    let before = model.bytes();
    let answer = house.chat(&token, &hello()).await;
    assert!([401, 403].contains(&answer.status), "{} {}", answer.status, answer.body);
    assert_eq!(model.bytes(), before);

    let refused = house.settled().await.into_iter().rev().find(|row| row.kind == Kind::Refused).unwrap();
    assert!(refused.facts["reason"].as_str().is_some_and(|reason| reason == answer.code()), "{refused:?}");
    assert_eq!(root.post(&format!("/people/{id}"), &[("action", "enable")]).await.status, 303);
    assert_eq!(house.sign_in(&mut ana, "ana", PASSWORD).await.status, 303);
}

#[tokio::test]
async fn a_revoked_token_and_a_lost_grant_stop_working() {
    let house = House::open().await;
    let model = Model::start().await;
    let mut root = house.admin().await;
    house.connect(&mut root, &model).await;
    let mut ana = house.person(&mut root, "ana", &[Role::User], "staff").await;
    let (first, second) = (house.token(&mut ana, "").await, house.token(&mut ana, "").await);
    assert_eq!(
        (house.chat(&first, &hello()).await.status, house.chat(&second, &hello()).await.status),
        (200, 200)
    );
    let (id,): (String,) =
        sqlx::query_as("SELECT 'tok_' || replace(id::text, '-', '') FROM gateway_token WHERE hint = $1")
            .bind(&first[..8])
            .fetch_one(house.database.pages())
            .await
            .unwrap();
    let mut ben = house.person(&mut root, "ben", &[Role::User], "staff").await;
    assert_eq!(ben.post("/connect/revoke", &[("id", &id)]).await.status, 404, "not his");
    assert_eq!(ana.post("/connect/revoke", &[("id", &id)]).await.status, 303);
    sleep(Duration::from_millis(1_100)).await;
    assert_eq!(house.chat(&first, &hello()).await.code(), "revoked_api_key");
    assert_eq!(house.chat(&second, &hello()).await.status, 200);
    let ana_id = id_of(&house, "ana").await;
    let form = [("action", "roles"), ("roles", "user"), ("groups", "others")];
    assert_eq!(root.post(&format!("/people/{ana_id}"), &form).await.status, 303);
    sleep(Duration::from_millis(1_100)).await;
    assert_eq!(house.chat(&second, &hello()).await.code(), "unknown_connection");
}

#[tokio::test]
async fn a_one_use_token_is_good_for_one_of_many_at_once() {
    let house = House::open().await;
    let model = Model::start().await;
    let mut root = house.admin().await;
    house.connect(&mut root, &model).await;
    let mut ana = house.person(&mut root, "ana", &[Role::User], "staff").await;
    let token = house.token(&mut ana, "1").await;
    let body = hello();
    let answers = futures::future::join_all((0..8).map(|_| house.chat(&token, &body))).await;
    let served = answers.iter().filter(|answer| answer.status == 200).count();
    let spent = answers.iter().filter(|answer| answer.code() == "spent_api_key").count();
    assert_eq!((served, spent, model.requests().len()), (1, 7, 1));
}

/// The model server's credential, gateway tokens and passwords: looked for in everything that is shown, stored or
/// logged, at a log level no product runs with.
#[tokio::test]
async fn no_secret_is_shown_stored_or_logged() {
    let house = House::open().await;
    let model = Model::start().await;
    let mut root = house.admin().await;
    let mut form = connection(&model.url);
    form[5].1 = "*";
    // Also where the form comes back with an error, and where it is changed afterwards.
    let mut bad = form.clone();
    bad[0].1 = "Not A Name";
    let mut shown = vec![root.post("/connections/new", &bad).await.body];
    shown.push(root.post("/connections/new", &form).await.body);
    sleep(Duration::from_millis(300)).await;
    let token = house.token(&mut root, "").await;
    let tested = root.post("/connections/fake/test", &[]).await;
    shown.push(root.get(tested.location()).await.body);
    let stale: Vec<_> = form.iter().copied().chain([("version", "99"), ("secret_change", "set")]).collect();
    let answer = root.post("/connections/fake", &stale).await;
    assert_eq!(answer.status, 409);
    shown.push(answer.body);

    // Upstreams that quote the credential back: in an answer, in an error, in a refusal of it.
    for (status, body) in [
        (
            200,
            format!(
                r#"{{"choices":[{{"index":0,"message":{{"role":"assistant","content":"key {SECRET}"}}}}]}}"#
            ),
        ),
        (400, format!(r#"{{"error":{{"message":"bad key {SECRET}"}}}}"#)),
        (401, format!(r#"{{"error":{{"message":"Incorrect API key {SECRET}"}}}}"#)),
    ] {
        model.answers(status, &body);
        let answer = house.chat(&token, &hello()).await;
        shown.push(format!("{:?} {}", answer.headers, answer.body));
    }
    let session = house
        .chat(&token, &json!({"model": SECRET, "messages": [{"role": "user", "content": SECRET}]}))
        .await;
    let session = session.header("x-countersign-session").to_owned();
    house.settled().await;
    listed(&mut root, &session).await;
    for page in pages() {
        let path = page.replace(":name", "fake").replace("/sessions/:id", &format!("/sessions/{session}"));
        let path = path.replace(":id", &id_of(&house, "root").await);
        let body = root.get(&path).await.body;
        shown.push(body);
    }
    for path in functions() {
        let id = if path.contains("load_person") { id_of(&house, "root").await } else { session.clone() };
        let form = [("query", ""), ("name", "fake"), ("id", id.as_str())];
        let body = root.post(&path, &form).await.body;
        shown.push(body);
    }
    let mut stored = columns(&house).await;
    stored.extend(house.rows().await.iter().map(|row| row.facts.to_string()));
    let log = logged();
    assert!(log.len() > 1_000, "the log is looked at");
    for (what, secret) in [("credential", SECRET), ("token", token.as_str()), ("password", PASSWORD)] {
        for text in &shown {
            assert!(!text.contains(secret), "the {what} is shown: {}", around(text, secret));
        }
        for text in &stored {
            assert!(!text.contains(secret), "the {what} is stored: {}", around(text, secret));
        }
        assert!(!log.contains(secret), "the {what} is logged: {}", around(&log, secret));
    }
    let (hashed,): (bool,) =
        sqlx::query_as("SELECT octet_length(hash) = 32 AND hint = $1 FROM gateway_token WHERE hint = $1")
            .bind(&token[..8])
            .fetch_one(house.database.pages())
            .await
            .unwrap();
    assert!(hashed);
}

/// What stands around a secret, for the message.
fn around<'a>(text: &'a str, secret: &str) -> &'a str {
    let at = text.find(secret).unwrap();
    let (from, to) = (at.saturating_sub(200), (at + 200).min(text.len()));
    text.get(from..to).unwrap_or("(not on character boundaries)")
}

/// Every value of every column of every table, as text and as the bytes it holds.
async fn columns(house: &House) -> Vec<String> {
    let pool = house.database.pages();
    let tables = sqlx::query("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'");
    let tables = tables.fetch_all(pool).await.unwrap();
    assert!(tables.len() >= 10);
    let mut values = Vec::new();
    for table in tables {
        let table: String = table.get(0);
        let columns = sqlx::query("SELECT column_name::text, data_type::text FROM information_schema.columns WHERE table_schema = 'public' AND table_name = $1")
            .bind(&table)
            .fetch_all(pool)
            .await
            .unwrap();
        for column in columns {
            let (name, kind): (String, String) = (column.get(0), column.get(1));
            let text = if kind == "bytea" {
                format!("encode(\"{name}\", 'escape')")
            } else {
                format!("\"{name}\"::text")
            };
            let query = format!("SELECT coalesce(string_agg({text}, E'\\n'), '') FROM \"{table}\"");
            let row = sqlx::query(sqlx::AssertSqlSafe(query)).fetch_one(pool).await.unwrap();
            values.push(row.get(0));
        }
    }
    values
}

#[tokio::test]
async fn a_token_is_taken_from_three_headers_and_never_from_the_url_and_never_forwarded() {
    let house = House::open().await;
    let model = Model::start().await;
    let mut root = house.admin().await;
    house.connect(&mut root, &model).await;
    let mut ana = house.person(&mut root, "ana", &[Role::User], "staff").await;
    let token = house.token(&mut ana, "").await;
    let bearer = format!("Bearer {token}");
    let body = hello().to_string();
    for (name, value) in [("authorization", bearer.as_str()), ("x-api-key", &token), ("api-key", &token)] {
        let headers = [(name, value), ("content-type", "application/json")];
        let path = "/c/fake/chat/completions";
        let answer = browser::send(house.address, Method::POST, path, &headers, body.clone()).await;
        assert_eq!(answer.status, 200, "{name}");
        assert!(answer.body.contains(SAYS_MASKED) && !answer.body.contains("help.desk@"), "{}", answer.body);
    }
    let path = format!("/c/fake/chat/completions?api_key={token}");
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    let answer = browser::send(house.address, Method::POST, &path, &headers, body.clone()).await;
    assert_eq!((answer.status, answer.code().as_str()), (400, "credential_in_url"));
    let answer = house.chat(&token, &hello_streamed()).await;
    assert!(answer.body.ends_with("data: [DONE]\n\n"), "{}", answer.body);
    let sent = model.requests();
    assert_eq!(sent.len(), 4);
    for request in sent {
        assert!(!request.contains(&token) && !request.contains("ana.example@example.com"), "{request}");
        assert!(request.contains(&format!("authorization: Bearer {SECRET}")), "{request}");
    }
    let rows = house.settled().await;
    assert!(rows.iter().all(|row| !row.facts.to_string().contains(&token[..20])));
    // Cookies are the pages' business: the proxy neither takes nor sets them.
    let mut signed_in = ana.clone();
    let answer = signed_in.ask(Method::POST, "/c/fake/chat/completions", &headers[1..], body).await;
    assert_eq!(answer.status, 401, "a cookie is no credential of the proxy");
    assert!(!answer.headers.contains_key("set-cookie"));
}
