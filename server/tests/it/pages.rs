//! What every page carries: the policy that keeps foreign scripts out, and nothing that the policy would have to excuse.

use countersign_model::person::Role;

use crate::{
    browser::{Answer, Browser},
    house::{House, hello},
    model::Model,
};

/// Every page there is, by its path in the application's own table.
pub fn pages() -> Vec<String> {
    let source = include_str!("../../../app/src/app.rs");
    let paths: Vec<String> = source
        .split("path!(\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .map(str::to_owned)
        .collect();
    assert!(paths.len() >= 20, "{paths:?}");
    paths
}

fn nonce(answer: &Answer) -> String {
    let policy = answer.header("content-security-policy");
    let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next());
    nonce.unwrap_or_else(|| panic!("no nonce in {policy:?}")).to_owned()
}

fn check(path: &str, answer: &Answer) {
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cache-control", "no-store"),
    ] {
        assert_eq!(answer.header(name), value, "{name} on {path}");
    }
    let policy = answer.header("content-security-policy");
    assert!(
        policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
        "{path}: {policy}"
    );
    assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{path}: {policy}");
    if !answer.header("content-type").starts_with("text/html") {
        return;
    }
    let nonce = nonce(answer);
    assert!(nonce.len() >= 16, "{nonce}");
    for tag in answer.body.split('<').skip(1).filter_map(|rest| rest.split('>').next()) {
        let name = tag.split_whitespace().next().unwrap_or_default();
        let is = |wanted: &str| name.eq_ignore_ascii_case(wanted);
        if is("script") {
            assert!(
                tag.contains(&format!("nonce=\"{nonce}\"")) || tag.contains("src=\"/"),
                "{path}: <{tag}>"
            );
        }
        assert!(!is("style") && !is("base") && !is("iframe") && !is("object"), "{path}: <{tag}>");
        assert!(!tag.contains(" style="), "{path}: <{tag}>");
        for handler in ["onclick", "onload", "onerror", "onsubmit", "onchange", "oninput"] {
            assert!(!tag.contains(&format!(" {handler}=")), "{path}: <{tag}>");
        }
        assert!(!tag.contains("javascript:"), "{path}: <{tag}>");
    }
}

#[tokio::test]
async fn every_page_has_a_policy_and_needs_no_exception_from_it() {
    let house = House::open().await;
    let model = Model::start().await;
    let mut root = house.admin().await;
    house.connect(&mut root, &model).await;
    let mut ana = house.person(&mut root, "ana", &[Role::User], "staff").await;
    let token = house.token(&mut ana, "").await;
    let session = house.chat(&token, &hello()).await.header("x-countersign-session").to_owned();
    let person: (String,) =
        sqlx::query_as("SELECT 'per_' || replace(id::text, '-', '') FROM person WHERE login = 'ana'")
            .fetch_one(house.database.pages())
            .await
            .unwrap();
    let mut seen = std::collections::HashSet::new();
    for (who, browser) in [("root", &mut root), ("ana", &mut ana), ("nobody", &mut house.stranger())] {
        for page in pages().iter().map(String::as_str).chain(["/nowhere", "/healthz", "/pkg/none.js"]) {
            let path =
                page.replace(":name", "fake").replace("/sessions/:id", &format!("/sessions/{session}"));
            let path = path.replace(":id", &person.0);
            let answer = browser.get(&path).await;
            check(&format!("{path} for {who}"), &answer);
            if answer.status == 200 && answer.header("content-type").starts_with("text/html") {
                assert!(seen.insert(nonce(&answer)), "a nonce came twice");
            }
        }
    }
    // Also where a form is shown again, and on errors.
    for (path, form) in
        [("/connections/new", &[("name", "A B")][..]), ("/people/new", &[]), ("/sign-in", &[])]
    {
        let answer = root.post(path, form).await;
        assert_eq!(answer.status, 422, "{path}");
        check(path, &answer);
    }
    check("another site's", &root.post_with("/account", &[], &[("origin", "null")]).await);
}

/// What is typed is shown as text, whoever typed it.
#[tokio::test]
async fn nothing_typed_becomes_markup() {
    let house = House::open().await;
    let mut root = house.admin().await;
    let sharp = "\"><script>alert(1)</script><img src=x onerror=alert(1)>";
    let answer =
        root.post("/connections/new", &[("name", sharp), ("description", sharp), ("groups", sharp)]).await;
    assert_eq!(answer.status, 422);
    assert!(!answer.body.contains("<script>alert") && !answer.body.contains("<img src=x"), "{}", answer.body);
    let mut ana: Browser = house.stranger();
    for path in ["/sign-in?next=", "/sign-in?done=", "/sessions?caller=", "/nowhere/", "/setup?token="] {
        let path = format!("{path}%22%3E%3Cscript%3Ealert(1)%3C/script%3E");
        for browser in [&mut root, &mut ana] {
            let answer = browser.get(&path).await;
            assert!(!answer.body.contains("<script>alert"), "{path}");
        }
    }
}
