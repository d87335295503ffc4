//! Signing in with a local account: the cookie, its life, and what wrong passwords lead to.

use std::time::Duration;

use countersign_model::person::Role;
use http::header;
use tokio::time::sleep;

use crate::{
    browser::{Answer, Browser},
    house::{House, PASSWORD},
};

async fn signed_in(browser: &mut Browser) -> bool {
    browser.get("/account").await.status == 200
}

fn session_cookie(answer: &Answer) -> String {
    let cookies = answer.headers.get_all(header::SET_COOKIE).iter().map(|value| value.to_str().unwrap());
    cookies.filter(|cookie| cookie.starts_with("__Host-countersign=")).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn the_cookie_is_of_the_strict_kind_and_only_its_hash_is_stored() {
    let house = House::open().await;
    let mut root = house.admin().await;
    let answer = house.sign_in(&mut root, "root", PASSWORD).await;
    let cookie = session_cookie(&answer);
    let attributes: Vec<_> = cookie.split("; ").skip(1).collect();
    for wanted in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(attributes.contains(&wanted), "{wanted} in {cookie}");
    }
    assert!(!attributes.iter().any(|attribute| attribute.starts_with("Domain")), "{cookie}");
    let value = root.cookie().unwrap().clone();
    assert!(value.len() >= 22, "128 bits");
    let (rows,): (String,) =
        sqlx::query_as("SELECT coalesce(string_agg(s::text, ' '), '') FROM web_session s")
            .fetch_one(house.database.pages())
            .await
            .unwrap();
    assert!(!rows.is_empty() && !rows.contains(&value));
}

#[tokio::test]
async fn the_session_id_is_a_new_one_after_signing_in_and_the_old_one_is_dead() {
    let house = House::open().await;
    let mut root = house.admin().await;
    let mut before = root.clone();
    assert_eq!(house.sign_in(&mut root, "root", PASSWORD).await.status, 303);
    assert_ne!(before.cookie(), root.cookie());
    assert!(signed_in(&mut root).await);
    assert!(!signed_in(&mut before).await, "the id from before is good for nothing");

    // An id that somebody else chose is not taken over.
    let mut fixed = house.stranger();
    fixed.cookies.insert("__Host-countersign".into(), "AAAAAAAAAAAAAAAAAAAAAA".into());
    assert_eq!(house.sign_in(&mut fixed, "root", PASSWORD).await.status, 303);
    assert_ne!(fixed.cookie().unwrap(), "AAAAAAAAAAAAAAAAAAAAAA");
}

#[tokio::test]
async fn signing_out_ends_the_session_everywhere_it_was_copied_to() {
    let house = House::open().await;
    let mut root = house.admin().await;
    let mut copy = root.clone();
    let answer = root.post("/sign-out", &[]).await;
    assert_eq!((answer.status, answer.location()), (303, "/sign-in?done=signed-out"));
    assert!(!signed_in(&mut root).await && !signed_in(&mut copy).await);
    assert_eq!(copy.post("/account", &[]).await.status, 401);
}

#[tokio::test]
async fn five_failures_lock_the_account_and_the_lock_ends() {
    let house = House::with("[lockout]\nseconds = 3\n").await;
    let mut root = house.admin().await;
    let _ana = house.person(&mut root, "ana", &[Role::User], "staff").await;
    let mut guesser = house.stranger();
    // The same for a login that nobody has, so that locking tells nothing.
    for login in ["ana", "nobody"] {
        let mut answers = Vec::new();
        for _ in 0..5 {
            let answer = house.sign_in(&mut guesser, login, "a wrong sentence").await;
            assert!(guesser.cookie().is_none());
            answers
                .push((answer.status, answer.words().contains("The sign-in name or the password is wrong.")));
        }
        assert_eq!(answers, vec![(422, true); 5], "{login}");
        assert_eq!(house.sign_in(&mut guesser, login, "a wrong sentence").await.status, 429, "{login}");
    }
    assert_eq!(house.sign_in(&mut guesser, "ana", PASSWORD).await.status, 429, "the right one too");
    assert_eq!(house.sign_in(&mut guesser, "root", PASSWORD).await.status, 303, "others are not locked");
    sleep(Duration::from_millis(3_200)).await;
    assert_eq!(house.sign_in(&mut guesser, "ana", PASSWORD).await.status, 303);
}

/// Every answer renews the idle time; nothing renews the absolute one.
#[tokio::test]
async fn a_sign_in_ends_after_silence_and_after_its_time() {
    let house = House::with("[sessions]\nidle_seconds = 2\nabsolute_seconds = 5\n").await;
    let mut silent = house.admin().await;
    let mut busy = house.stranger();
    assert_eq!(house.sign_in(&mut busy, "root", PASSWORD).await.status, 303);
    for _ in 0..3 {
        sleep(Duration::from_millis(1_200)).await;
        assert!(signed_in(&mut busy).await, "busy people stay");
    }
    assert!(!signed_in(&mut silent).await, "3.6 s of silence");
    sleep(Duration::from_millis(1_200)).await;
    let _late = busy.get("/account").await;
    sleep(Duration::from_millis(600)).await;
    assert!(!signed_in(&mut busy).await, "5 s are over, busy or not");
}

#[tokio::test]
async fn signing_in_leads_only_to_our_own_pages() {
    let house = House::open().await;
    let mut root = house.admin().await;
    for (next, location) in [
        ("/sessions?end=failed", "/sessions?end=failed"),
        ("//evil.example", "/"),
        ("https://evil.example/", "/"),
    ] {
        let form = [("login", "root"), ("password", PASSWORD), ("next", next)];
        assert_eq!(root.post("/sign-in", &form).await.location(), location);
    }
    let wanted = house.stranger().get("/sessions?caller=a%26b").await;
    assert_eq!(wanted.location(), "/sign-in?next=%2Fsessions%3Fcaller%3Da%2526b");
}

#[tokio::test]
async fn a_changed_password_ends_the_other_sessions() {
    let house = House::open().await;
    let mut root = house.admin().await;
    let mut ana = house.person(&mut root, "ana", &[Role::User], "staff").await;
    let mut elsewhere = house.stranger();
    house.sign_in(&mut elsewhere, "ana", PASSWORD).await;
    let new = "quite another long sentence";
    let answer = ana.post("/account", &[("old", PASSWORD), ("new", new), ("new_again", new)]).await;
    assert_eq!(answer.location(), "/account?done=password-changed", "{}", answer.words());
    assert!(signed_in(&mut ana).await && !signed_in(&mut elsewhere).await);
    assert_eq!(house.sign_in(&mut elsewhere, "ana", PASSWORD).await.status, 422);
    assert_eq!(house.sign_in(&mut elsewhere, "ana", new).await.status, 303);
}
