//! Forms: what is wrong is said on the same page with what was typed, and nobody overwrites what they have not seen.

use countersign_model::person::Role;

use crate::{
    house::{House, PASSWORD, connection, token_in},
    model::Model,
};

type Form<'a> = Vec<(&'a str, &'a str)>;

fn with<'a>(form: &[(&'a str, &'a str)], name: &'a str, value: &'a str) -> Form<'a> {
    let mut form = form.to_vec();
    form.retain(|(key, _)| *key != name);
    form.push((name, value));
    form
}

#[tokio::test]
async fn bad_input_comes_back_with_what_was_typed() {
    let house = House::open().await;
    let model = Model::start().await;
    let mut root = house.admin().await;
    // Granted to everybody, so that the administrator has a token form too.
    let granted = with(&connection(&model.url), "groups", "*");
    assert_eq!(root.post("/connections/new", &granted).await.status, 303);
    let _ana = house.person(&mut root, "ana", &[Role::User], "staff").await;
    let (ana,): (String,) =
        sqlx::query_as("SELECT '/people/per_' || replace(id::text, '-', '') FROM person WHERE login = 'ana'")
            .fetch_one(house.database.pages())
            .await
            .unwrap();
    let new = with(&connection(&model.url), "name", "other");
    let changed = with(&connection(&model.url), "version", "1");
    let person = [("login", "cleo"), ("display_name", "Cleo"), ("password", PASSWORD), ("roles", "user")];
    let token = [("label", "mine"), ("lifetime_seconds", "3600"), ("max_uses", "")];
    let cases: Vec<(&str, Form<'_>)> = vec![
        ("/connections/new", with(&new, "name", "Has Spaces")),
        ("/connections/new", with(&new, "name", "-x")),
        ("/connections/new", with(&new, "name", "")),
        ("/connections/new", with(&new, "name", "fake")),
        ("/connections/new", with(&new, "base_url", "ftp://x")),
        ("/connections/new", with(&new, "base_url", "http://user:pw@x/")),
        ("/connections/new", with(&new, "base_url", "http://x/?q=1")),
        ("/connections/new", with(&new, "base_url", "")),
        ("/connections/new", with(&new, "credential_kind", "magic")),
        ("/connections/new", with(&new, "idle_ms", "soon")),
        ("/connections/new", with(&new, "idle_ms", "-1")),
        ("/connections/new", with(&new, "secret", "line\nbreak")),
        ("/connections/new", with(&new, "action_prompt", "explode")),
        ("/connections/new", with(&new, "exception_entity_0", "NOTHING")),
        ("/connections/new", with(&with(&new, "exception_entity_0", "US_SSN"), "exception_passage_0", "x")),
        ("/connections/fake", with(&changed, "base_url", "nonsense")),
        ("/connections/fake", with(&changed, "version", "x")),
        ("/connections/fake/delete", vec![("version", "x")]),
        ("/people/new", with(&person, "login", "")),
        ("/people/new", with(&person, "login", "ana")),
        ("/people/new", with(&person, "login", "ANA")),
        ("/people/new", with(&person, "password", "short")),
        ("/people/new", with(&person, "roles", "king")),
        (&ana, vec![("action", "password"), ("password", "short")]),
        (&ana, vec![("action", "roles"), ("roles", "king")]),
        (&ana, vec![("action", "explode")]),
        ("/connect", with(&token, "label", "")),
        ("/connect", with(&token, "lifetime_seconds", "1")),
        ("/connect", with(&token, "lifetime_seconds", "99999999")),
        ("/connect", with(&token, "lifetime_seconds", "x")),
        ("/connect", with(&token, "max_uses", "0")),
        ("/connect", with(&token, "max_uses", "x")),
        ("/connect", with(&token, "scope", "con_x")),
        (
            "/account",
            vec![("old", "wrong sentence"), ("new", "a b c d e f g h"), ("new_again", "a b c d e f g h")],
        ),
        ("/account", vec![("old", PASSWORD), ("new", "one sentence of many"), ("new_again", "another one")]),
        ("/account", vec![("old", PASSWORD), ("new", "short"), ("new_again", "short")]),
        ("/sign-in", vec![("login", "ana"), ("password", "wrong sentence")]),
    ];
    let mut wrong = Vec::new();
    for (path, form) in cases {
        let answer = root.post(path, &form).await;
        if answer.status != 422 {
            wrong.push(format!("POST {path} {form:?}: {} {}", answer.status, answer.words()));
            continue;
        }
        for (name, value) in &form {
            let secret = ["password", "old", "new", "new_again", "secret"].contains(name);
            if secret && !value.is_empty() && *value != "short" {
                assert!(!answer.body.contains(value), "{path} shows {name}");
            }
        }
        let typed = form.iter().find(|(name, _)| ["description", "display_name", "label"].contains(name));
        if let Some((name, value)) = typed.filter(|(_, value)| !value.is_empty()) {
            assert!(
                answer.body.contains(&format!("value=\"{value}\"")),
                "{path} forgot {name}: {}",
                answer.words()
            );
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let (connections, people, tokens): (i64, i64, i64) = sqlx::query_as(
        "SELECT (SELECT count(*) FROM connection), (SELECT count(*) FROM person), (SELECT count(*) FROM gateway_token)",
    )
    .fetch_one(house.database.pages())
    .await
    .unwrap();
    assert_eq!((connections, people, tokens), (1, 2, 0));
}

/// What is done with what is found: kept, shown again, changed, and dropped by emptying its row.
#[tokio::test]
async fn actions_and_exceptions_are_plain_fields() {
    let house = House::open().await;
    let model = Model::start().await;
    let mut root = house.admin().await;
    let form = with(&connection(&model.url), "action_prompt", "tokenize");
    let form = with(&form, "exception_entity_1", "us_ssn");
    let form = with(&form, "exception_passage_1", "tool_result");
    let form = with(&form, "exception_action_1", "redact");
    assert_eq!(root.post("/connections/new", &form).await.status, 303);
    let stored = async |house: &House| {
        let (actions,): (sqlx::types::JsonValue,) =
            sqlx::query_as("SELECT actions FROM connection").fetch_one(house.database.pages()).await.unwrap();
        actions
    };
    let actions = stored(&house).await;
    assert_eq!(actions["prompt"], "tokenize");
    let exception = serde_json::json!([{"entity": "US_SSN", "passage": "tool_result", "action": "redact"}]);
    assert_eq!(actions["exceptions"], exception);
    let page = root.get("/connections/fake").await.body;
    for shown in ["value=\"US_SSN\"", "value=\"tokenize\" selected", "value=\"tool_result\" selected"] {
        assert!(page.contains(shown), "{shown}");
    }
    // A fault elsewhere forgets no row, and the row's own fault is said.
    let wrong = with(&with(&form, "version", "1"), "exception_entity_1", "NOBODY");
    let answer = root.post("/connections/fake", &wrong).await;
    assert_eq!(answer.status, 422);
    assert!(answer.body.contains("value=\"NOBODY\"") && answer.words().contains("no kind of value"));
    let emptied = with(&with(&form, "version", "1"), "exception_entity_1", "");
    assert_eq!(root.post("/connections/fake", &emptied).await.status, 303);
    assert_eq!(stored(&house).await["exceptions"], sqlx::types::JsonValue::Null);
}

/// Everything that is wrong with a connection is said at once, whoever finds it: the form's reader or the rules.
#[tokio::test]
async fn every_fault_of_a_connection_is_marked_in_one_round() {
    let house = House::open().await;
    let model = Model::start().await;
    let mut root = house.admin().await;
    house.connect(&mut root, &model).await;
    let form = with(&connection(&model.url), "idle_ms", "soon");
    let form = with(&form, "base_url", "nonsense");
    let changed = with(&form, "version", "1");
    for (path, form, name) in [("/connections/new", &form, true), ("/connections/fake", &changed, false)] {
        let answer = root.post(path, form).await;
        assert_eq!(answer.status, 422, "{path}");
        for field in ["idle_ms", "base_url"] {
            assert!(
                answer.body.contains(&format!("id=\"{field}-wrong\"")),
                "{path} {field}: {}",
                answer.words()
            );
        }
        assert_eq!(answer.body.contains("id=\"name-wrong\""), name, "{path}: {}", answer.words());
    }
}

/// A form of somebody whose session has ended elsewhere: nothing is done, and nothing that was typed is lost.
#[tokio::test]
async fn a_form_after_the_session_ended_keeps_what_was_typed() {
    let house = House::open().await;
    let mut root = house.admin().await;
    let mut other_tab = root.clone();
    assert_eq!(other_tab.post("/sign-out", &[]).await.status, 303);
    let form = [("login", "cleo"), ("display_name", "Cleo <3"), ("password", PASSWORD), ("roles", "user")];
    let answer = root.post("/people/new", &form).await;
    assert_eq!(answer.status, 401);
    assert!(answer.header("content-type").starts_with("text/html"));
    assert!(
        answer.body.contains("action=\"/people/new\"") && answer.body.contains("value=\"Cleo &lt;3\""),
        "{}",
        answer.body
    );
    assert!(!answer.body.contains(PASSWORD), "secrets are asked for again");
    assert!(
        answer.body.contains("/sign-in?next=%2Fpeople%2Fnew")
            && answer.words().contains("You are signed out")
    );
    // Signed in again, the page's own form goes through.
    house.sign_in(&mut root, "root", PASSWORD).await;
    assert_eq!(root.post("/people/new", &form).await.status, 303);
}

/// A result is shown on the page the form leads to, once; reloading that page shows and does nothing.
#[tokio::test]
async fn a_reload_makes_no_second_token() {
    let house = House::open().await;
    let mut root = house.admin().await;
    let token = [("label", "mine"), ("lifetime_seconds", "3600"), ("max_uses", "")];
    let answer = root.post("/connect", &token).await;
    assert_eq!((answer.status, answer.location()), (303, "/connect?done=token-made"));
    // Not for another session of the same person, not on another page.
    let mut elsewhere = house.stranger();
    house.sign_in(&mut elsewhere, "root", PASSWORD).await;
    assert!(token_in(&elsewhere.get("/connect?done=token-made").await.body).is_none());
    assert!(token_in(&root.get("/account?done=token-made").await.body).is_none());
    // Not readable in the database while it waits.
    let (waiting,): (i64,) = sqlx::query_as(
        "SELECT count(*) FROM web_session WHERE position('cs_'::bytea IN data) > 0 OR position('issued'::bytea IN data) > 0",
    )
    .fetch_one(house.database.pages())
    .await
    .unwrap();
    assert_eq!(waiting, 0);
    assert!(token_in(&root.get("/connect?done=token-made").await.body).is_some());
    assert!(token_in(&root.get("/connect?done=token-made").await.body).is_none());
    let (tokens,): (i64,) =
        sqlx::query_as("SELECT count(*) FROM gateway_token").fetch_one(house.database.pages()).await.unwrap();
    assert_eq!(tokens, 1);
}

#[tokio::test]
async fn what_is_no_form_or_too_large_is_refused_before_it_is_read() {
    let house = House::open().await;
    let mut root = house.admin().await;
    let own = [("sec-fetch-site", "same-origin"), ("content-type", "application/json")];
    let answer = root.ask(http::Method::POST, "/people/new", &own, "{}".into()).await;
    assert_eq!(answer.status, 415);
    let large = "x".repeat(70_000);
    assert_eq!(root.post("/people/new", &[("login", &large)]).await.status, 413);
}

#[tokio::test]
async fn nobody_overwrites_what_they_have_not_seen() {
    let house = House::open().await;
    let model = Model::start().await;
    let mut root = house.admin().await;
    house.connect(&mut root, &model).await;
    let form = with(&connection(&model.url), "version", "1");
    let first = with(&form, "description", "by the first");
    assert_eq!(root.post("/connections/fake", &first).await.status, 303);
    let second = with(&form, "description", "by the second");
    let answer = root.post("/connections/fake", &second).await;
    assert_eq!(answer.status, 409);
    assert!(answer.words().contains("Somebody else changed this") && answer.body.contains("by the second"));
    assert_eq!(root.post("/connections/fake/delete", &[("version", "1")]).await.status, 409);
    let (description, version): (String, i64) = sqlx::query_as("SELECT description, version FROM connection")
        .fetch_one(house.database.pages())
        .await
        .unwrap();
    assert_eq!((description.as_str(), version), ("by the first", 2));
    // Two at once: one wins.
    let (one, two) = (with(&first, "version", "2"), with(&second, "version", "2"));
    let mut other = root.clone();
    let (one, two) =
        tokio::join!(root.post("/connections/fake", &one), other.post("/connections/fake", &two));
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409]);
    assert_eq!(root.post("/connections/fake/delete", &[("version", "3")]).await.status, 303);
}

#[tokio::test]
async fn the_last_administrator_stays_one() {
    let house = House::open().await;
    let mut root = house.admin().await;
    let (me,): (String,) = sqlx::query_as("SELECT '/people/per_' || replace(id::text, '-', '') FROM person")
        .fetch_one(house.database.pages())
        .await
        .unwrap();
    for form in [&[("action", "disable")][..], &[("action", "roles"), ("roles", "user")]] {
        let answer = root.post(&me, form).await;
        assert_eq!(answer.status, 409, "{}", answer.words());
    }
    assert_eq!(root.get("/people").await.status, 200);
}
