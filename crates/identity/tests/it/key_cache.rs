//! The cache of metadata and keys: rotation, forged key ids, outages, hostile documents.

use std::time::Duration;

use countersign_identity::{AccessTokenError as E, Outbound};
use countersign_model::Clock;
use futures::future::join_all;
use serde_json::json;

use crate::{
    issuer::Issuer,
    scene::{Scene, settings},
    signer::Signer,
};

async fn verify(scene: &Scene, token: &str) -> Result<(), E> {
    scene.access.verify(token, scene.clock.now()).await.map(|_| ())
}

/// A token that is not remembered from before.
fn fresh(scene: &Scene, issuer: &Issuer, key: &Signer) -> String {
    use std::sync::atomic::{AtomicUsize, Ordering};
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let mut claims = scene.claims(&issuer.url);
    claims["jti"] = NUMBER.fetch_add(1, Ordering::Relaxed).to_string().into();
    key.token("at+jwt", &claims)
}

#[tokio::test]
async fn a_rotated_key_is_found_and_a_withdrawn_one_is_refused() {
    let (old, new) = (Signer::ec("old"), Signer::ec("new"));
    let issuer = Issuer::start(&[&old]);
    let scene = Scene::new(settings(&issuer.url));
    assert_eq!(verify(&scene, &fresh(&scene, &issuer, &old)).await, Ok(()));
    issuer.keys(&[&new]);
    assert_eq!(verify(&scene, &fresh(&scene, &issuer, &new)).await, Ok(()));
    assert_eq!(verify(&scene, &fresh(&scene, &issuer, &old)).await, Err(E::UnknownKey));
    assert_eq!(issuer.asked("/jwks"), 2);
}

#[tokio::test]
async fn forged_key_ids_cannot_drive_traffic() {
    let (key, forger) = (Signer::ec("e"), Signer::ec("forged"));
    let issuer = Issuer::start(&[&key]);
    let scene = Scene::new(settings(&issuer.url));
    verify(&scene, &fresh(&scene, &issuer, &key)).await.unwrap();
    issuer.delay(Duration::from_millis(50));
    let tokens: Vec<_> = (0..50).map(|_| fresh(&scene, &issuer, &forger)).collect();
    for outcome in join_all(tokens.iter().map(|token| verify(&scene, token))).await {
        assert_eq!(outcome, Err(E::UnknownKey));
    }
    assert_eq!(issuer.asked("/jwks"), 2, "one more for fifty forged ids");
    scene.clock.advance(31);
    assert_eq!(verify(&scene, &fresh(&scene, &issuer, &forger)).await, Err(E::UnknownKey));
    assert_eq!(issuer.asked("/jwks"), 3, "and one after the cool-down");
    assert_eq!(verify(&scene, &fresh(&scene, &issuer, &key)).await, Ok(()), "genuine keys stay");
}

#[tokio::test]
async fn the_first_requests_share_one_fetch() {
    let key = Signer::ec("e");
    let issuer = Issuer::start(&[&key]);
    let scene = Scene::new(settings(&issuer.url));
    issuer.delay(Duration::from_millis(50));
    let tokens: Vec<_> = (0..20).map(|_| fresh(&scene, &issuer, &key)).collect();
    for outcome in join_all(tokens.iter().map(|token| verify(&scene, token))).await {
        assert_eq!(outcome, Ok(()));
    }
    assert_eq!(issuer.asked("/jwks"), 1);
    assert_eq!(issuer.asked("/.well-known/openid-configuration"), 1);
}

#[tokio::test]
async fn the_last_good_keys_outlive_an_outage_for_a_bounded_time() {
    let key = Signer::ec("e");
    let issuer = Issuer::start(&[&key]);
    let scene = Scene::new(settings(&issuer.url));
    verify(&scene, &fresh(&scene, &issuer, &key)).await.unwrap();
    let good = issuer.asked("/jwks");
    scene.clock.advance(300);
    verify(&scene, &fresh(&scene, &issuer, &key)).await.unwrap();
    assert_eq!(issuer.asked("/jwks"), good, "fresh for the ten minutes that the issuer said");

    for broken in [(500, "{}"), (200, "not json"), (200, r#"{"keys":[]}"#), (302, "")] {
        scene.clock.advance(3600);
        issuer.answer("/jwks", broken.0, "location: http://127.0.0.1:1/\r\n", broken.1);
        assert_eq!(verify(&scene, &fresh(&scene, &issuer, &key)).await, Ok(()), "{broken:?}");
    }
    assert_eq!(scene.issuers.standing()[0].failures, Some(4));
    let asked = issuer.asked("/jwks");
    for _ in 0..10 {
        verify(&scene, &fresh(&scene, &issuer, &key)).await.unwrap();
    }
    assert_eq!(issuer.asked("/jwks"), asked, "a failing issuer is left alone for a while");

    scene.clock.advance(48 * 3600);
    assert_eq!(verify(&scene, &fresh(&scene, &issuer, &key)).await, Err(E::IssuerUnavailable));
    issuer.keys(&[&key]);
    scene.clock.advance(6);
    assert_eq!(verify(&scene, &fresh(&scene, &issuer, &key)).await, Ok(()), "and is found again");
    assert_eq!(scene.issuers.standing()[0].failures, Some(0));
}

#[tokio::test]
async fn nobody_waits_for_another_ones_fetch_while_keys_are_held() {
    let key = Signer::ec("e");
    let issuer = Issuer::start(&[&key]);
    let scene = Scene::new(settings(&issuer.url));
    verify(&scene, &fresh(&scene, &issuer, &key)).await.unwrap();
    scene.clock.advance(700);
    issuer.delay(Duration::from_millis(700));
    let tokens: Vec<_> = (0..4).map(|_| fresh(&scene, &issuer, &key)).collect();
    let start = std::time::Instant::now();
    let mut waits: Vec<_> = join_all(tokens.iter().map(|token| async {
        verify(&scene, token).await.unwrap();
        start.elapsed()
    }))
    .await;
    waits.sort();
    assert!(waits[2] < Duration::from_millis(700), "{waits:?}");
    assert!(waits[3] >= Duration::from_millis(700), "{waits:?}");
}

#[tokio::test]
async fn a_background_job_refreshes_before_requests_have_to() {
    let (key, new) = (Signer::ec("e"), Signer::ec("new"));
    let issuer = Issuer::start(&[&key]);
    let scene = Scene::new(settings(&issuer.url));
    scene.issuers.refresh_due().await;
    scene.issuers.refresh_due().await;
    assert_eq!(issuer.asked("/jwks"), 1);
    issuer.keys(&[&key, &new]);
    scene.clock.advance(301);
    scene.issuers.refresh_due().await;
    assert_eq!(issuer.asked("/jwks"), 2);
    assert_eq!(scene.issuers.standing()[0].keys, 2);
}

#[tokio::test]
async fn hostile_documents_are_refused() {
    let key = Signer::ec("e");
    let issuer = Issuer::start(&[&key]);
    let token = |scene: &Scene| fresh(scene, &issuer, &key);

    issuer.publish(&json!({"issuer": "https://other.example"}));
    let scene = Scene::new(settings(&issuer.url));
    assert_eq!(verify(&scene, &token(&scene)).await, Err(E::IssuerUnavailable));

    issuer.publish(&json!({"jwks_uri": "http://keys.example/jwks"}));
    let scene = Scene::new(settings(&issuer.url));
    assert_eq!(verify(&scene, &token(&scene)).await, Err(E::IssuerUnavailable));

    issuer.publish(&json!({}));
    let large = json!({"keys": [key.jwk()], "x": "x".repeat(1 << 20)});
    issuer.answer("/jwks", 200, "", &large.to_string());
    let scene = Scene::new(settings(&issuer.url));
    assert_eq!(verify(&scene, &token(&scene)).await, Err(E::IssuerUnavailable));

    issuer.answer("/jwks", 307, &format!("location: {}/elsewhere\r\n", issuer.url), "");
    let scene = Scene::new(settings(&issuer.url));
    assert_eq!(verify(&scene, &token(&scene)).await, Err(E::IssuerUnavailable));
    assert_eq!(issuer.asked("/elsewhere"), 0, "redirects are not followed");

    issuer.keys(&[&key]);
    issuer.delay(Duration::from_secs(20));
    let hasty = Outbound::new(Duration::from_secs(1), b"").unwrap();
    let scene = Scene::over(&hasty, settings(&issuer.url));
    let start = std::time::Instant::now();
    assert_eq!(verify(&scene, &token(&scene)).await, Err(E::IssuerUnavailable));
    assert!(start.elapsed() < Duration::from_secs(10));
}
