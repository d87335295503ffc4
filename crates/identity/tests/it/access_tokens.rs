//! Access tokens made by hand: what is accepted, and everything that is not.

use std::time::{Duration, Instant};

use countersign_identity::{AccessTokenError as E, AccessTokens};
use countersign_model::Clock;
use serde_json::{Value, json};

use crate::{
    issuer::Issuer,
    scene::{CLIENT, Scene, settings},
    signer::{Pair, Signer, b64},
};

async fn verify(scene: &Scene, token: &str) -> Result<String, E> {
    scene.access.verify(token, scene.clock.now()).await.map(|identity| identity.label.clone())
}

fn with(mut claims: Value, name: &str, value: Value) -> Value {
    claims[name] = value;
    claims
}

fn without(mut claims: Value, name: &str) -> Value {
    claims.as_object_mut().unwrap().remove(name);
    claims
}

#[tokio::test]
async fn good_tokens_of_every_family_are_accepted() {
    let (ec, rsa, ed) = (Signer::ec("e"), Signer::rsa("r"), Signer::ed("d"));
    let issuer = Issuer::start(&[&ec, &rsa, &ed]);
    let scene = Scene::new(settings(&issuer.url));
    let claims = scene.claims(&issuer.url);
    for signer in [&ec, &rsa, &ed] {
        assert_eq!(verify(&scene, &signer.token("at+jwt", &claims)).await, Ok("ana".into()));
        assert_eq!(verify(&scene, &signer.token("application/at+jwt", &claims)).await, Ok("ana".into()));
    }
    let text = claims.to_string();
    assert!(verify(&scene, &rsa.signed(r#"{"alg":"PS256","kid":"r","typ":"at+jwt"}"#, &text)).await.is_ok());
    assert!(verify(&scene, &ed.signed(r#"{"alg":"Ed25519","kid":"d","typ":"at+jwt"}"#, &text)).await.is_ok());
    let list = with(claims, "aud", json!(["x", "urn:countersign:gateway"]));
    let identity = scene.access.verify(&ec.token("at+jwt", &list), scene.clock.now()).await.unwrap();
    assert_eq!((identity.subject.as_str(), identity.client.as_deref()), ("user-ana", Some("cli")));
    assert_eq!(identity.token_id.as_deref(), Some("t1"));
    assert_eq!(identity.scope, ["models:call", "other"]);
    assert_eq!(identity.groups, ["admins"]);
    assert_eq!(identity.expires_at.seconds(), scene.seconds() + 300);
    assert_eq!(issuer.asked("/jwks"), 1, "one fetch serves all");
}

#[tokio::test]
async fn claims_that_do_not_hold_are_refused() {
    let key = Signer::ec("e");
    let issuer = Issuer::start(&[&key]);
    let scene = Scene::new(settings(&issuer.url));
    let good = scene.claims(&issuer.url);
    let now = scene.seconds();
    let cases = [
        (with(good.clone(), "exp", json!(now - 61)), E::Expired),
        (without(good.clone(), "exp"), E::Malformed),
        (with(good.clone(), "exp", json!("soon")), E::Malformed),
        (with(good.clone(), "nbf", json!(now + 90)), E::NotYetValid),
        (with(good.clone(), "iat", json!(now + 90)), E::NotYetValid),
        (with(good.clone(), "aud", json!("another")), E::WrongAudience),
        (with(good.clone(), "aud", json!(["another", CLIENT])), E::WrongAudience),
        (with(good.clone(), "aud", json!(7)), E::WrongAudience),
        (without(good.clone(), "aud"), E::WrongAudience),
        (with(good.clone(), "iss", json!("https://other.example")), E::UnknownIssuer),
        (with(good.clone(), "iss", json!(format!("{}/", issuer.url))), E::UnknownIssuer),
        (without(good.clone(), "iss"), E::Malformed),
        (without(good.clone(), "sub"), E::Malformed),
        (with(good.clone(), "sub", json!("")), E::Malformed),
        (with(good.clone(), "sub", json!("user\0ana")), E::Malformed),
        (with(good.clone(), "sub", json!("x".repeat(256))), E::Malformed),
        (without(good.clone(), "client_id"), E::Malformed),
        (without(good.clone(), "jti"), E::Malformed),
        (without(good.clone(), "iat"), E::Malformed),
        (with(good.clone(), "nonce", json!("n")), E::WrongType),
        (with(good.clone(), "at_hash", json!("n")), E::WrongType),
        (with(good.clone(), "cnf", json!({"jkt": "x"})), E::SenderConstrained),
    ];
    for (claims, expected) in cases {
        assert_eq!(verify(&scene, &key.token("at+jwt", &claims)).await, Err(expected), "{claims}");
    }
    let elsewhere = with(good.clone(), "hasgroups", json!(true));
    assert!(matches!(verify(&scene, &key.token("at+jwt", &elsewhere)).await, Err(E::Groups(_))));
    assert!(verify(&scene, &key.token("at+jwt", &with(good, "exp", json!(now - 50)))).await.is_ok(), "skew");
}

#[tokio::test]
async fn other_kinds_of_token_are_no_access_tokens() {
    let key = Signer::ec("e");
    let issuer = Issuer::start(&[&key]);
    let strict = Scene::new(settings(&issuer.url));
    let mut relaxed = settings(&issuer.url);
    relaxed.access_tokens.as_mut().unwrap().typ_strict = false;
    let relaxed = Scene::new(relaxed);
    let claims = strict.claims(&issuer.url);
    let machine = without(without(without(claims.clone(), "jti"), "client_id"), "preferred_username");
    for typ in ["", "JWT"] {
        assert_eq!(verify(&strict, &key.token(typ, &claims)).await, Err(E::WrongType));
        assert_eq!(verify(&relaxed, &key.token(typ, &machine)).await, Ok("user-ana".into()));
    }
    for typ in ["logout+jwt", "id_token", "dpop+jwt", "secevent+jwt"] {
        assert_eq!(verify(&strict, &key.token(typ, &claims)).await, Err(E::WrongType));
        assert_eq!(verify(&relaxed, &key.token(typ, &claims)).await, Err(E::WrongType));
    }
    let id_token = with(with(claims, "aud", json!(CLIENT)), "nonce", json!("n"));
    assert_eq!(verify(&strict, &key.token("JWT", &id_token)).await, Err(E::WrongType));
    assert_eq!(verify(&relaxed, &key.token("JWT", &id_token)).await, Err(E::WrongType));
}

#[tokio::test]
async fn forged_signatures_are_refused() {
    let (key, rsa, stranger) = (Signer::ec("e"), Signer::rsa("r"), Signer::ec("e"));
    let issuer = Issuer::start(&[&key, &rsa]);
    let scene = Scene::new(settings(&issuer.url));
    let claims = scene.claims(&issuer.url);
    let text = claims.to_string();
    assert_eq!(verify(&scene, &stranger.token("at+jwt", &claims)).await, Err(E::BadSignature));

    // A changed payload under a genuine signature.
    let genuine = key.token("at+jwt", &claims);
    let parts: Vec<_> = genuine.split('.').collect();
    let changed = with(claims.clone(), "sub", json!("root")).to_string();
    let swapped = format!("{}.{}.{}", parts[0], b64(changed), parts[2]);
    assert_eq!(verify(&scene, &swapped).await, Err(E::BadSignature));
    assert_eq!(verify(&scene, &format!("{}.{}.", parts[0], parts[1])).await, Err(E::BadSignature));

    // No signature at all, in every spelling.
    for name in ["none", "None", "NONE", ""] {
        let header = format!(r#"{{"alg":"{name}","typ":"at+jwt"}}"#);
        for signature in ["", "AAAA"] {
            let token = format!("{}.{}.{signature}", b64(&header), b64(&text));
            assert_eq!(verify(&scene, &token).await, Err(E::AlgorithmRefused), "{name}");
        }
    }

    // The public key used as a shared secret.
    let public = serde_json::to_vec(&rsa.jwk()).unwrap();
    let message = format!("{}.{}", b64(r#"{"alg":"HS256","kid":"r","typ":"at+jwt"}"#), b64(&text));
    let mac = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, &public);
    let token = format!("{message}.{}", b64(aws_lc_rs::hmac::sign(&mac, message.as_bytes())));
    assert_eq!(verify(&scene, &token).await, Err(E::AlgorithmRefused));

    // A known key asked to make a signature of another family.
    let token = key.signed(r#"{"alg":"RS256","kid":"e","typ":"at+jwt"}"#, &text);
    assert_eq!(verify(&scene, &token).await, Err(E::BadSignature));

    // A key brought along is not used, and nobody is asked for it.
    let header = json!({"alg": "ES256", "kid": "e", "typ": "at+jwt", "jwk": stranger.jwk(),
                        "jku": format!("{}/evil", issuer.url), "x5u": format!("{}/evil", issuer.url)});
    let token = stranger.signed(&header.to_string(), &text);
    assert_eq!(verify(&scene, &token).await, Err(E::BadSignature));
    assert_eq!(issuer.asked("/evil"), 0);
}

#[tokio::test]
async fn algorithms_outside_the_list_are_refused() {
    let (key, rsa) = (Signer::ec("e"), Signer::rsa("r"));
    let issuer = Issuer::start(&[&key, &rsa]);
    let mut settings = settings(&issuer.url);
    settings.algorithms = vec!["ES256".parse().unwrap()];
    let scene = Scene::new(settings);
    let claims = scene.claims(&issuer.url);
    assert!(verify(&scene, &key.token("at+jwt", &claims)).await.is_ok());
    assert_eq!(verify(&scene, &rsa.token("at+jwt", &claims)).await, Err(E::AlgorithmRefused));
}

#[tokio::test]
async fn garbage_is_told_from_broken_tokens() {
    let key = Signer::ec("e");
    let issuer = Issuer::start(&[&key]);
    let scene = Scene::new(settings(&issuer.url));
    for text in ["", "sk-abc", "cs_0123456789", "a.b.c", "....", "\u{1f980}.\u{1f980}.\u{1f980}"] {
        assert!(!AccessTokens::looks_like_one(text));
        assert_eq!(verify(&scene, text).await, Err(E::NotAJwtOfOurs), "{text}");
    }
    let claims = scene.claims(&issuer.url).to_string();
    let twice = r#"{"alg":"ES256","kid":"e","kid":"e","typ":"at+jwt"}"#;
    assert_eq!(verify(&scene, &key.signed(twice, &claims)).await, Err(E::Malformed));
    let critical = r#"{"alg":"ES256","kid":"e","typ":"at+jwt","crit":["b64"],"b64":false}"#;
    assert_eq!(verify(&scene, &key.signed(critical, &claims)).await, Err(E::Malformed));
    let good = r#"{"alg":"ES256","kid":"e","typ":"at+jwt"}"#;
    let doubled = claims.replacen('{', r#"{"sub":"root","#, 1);
    assert_eq!(verify(&scene, &key.signed(good, &doubled)).await, Err(E::Malformed));
    let long = key.signed(good, &claims.replacen('{', &format!(r#"{{"x":"{}","#, "x".repeat(20_000)), 1));
    assert_eq!(verify(&scene, &long).await, Err(E::Malformed));
    assert_eq!(issuer.asked("/jwks"), 0, "nobody was asked for any of these");
}

#[tokio::test]
async fn a_repeated_token_costs_microseconds_and_ends_in_time() {
    let key = Signer::rsa("r");
    assert!(matches!(key.pair, Pair::Rsa(_)));
    let issuer = Issuer::start(&[&key]);
    let scene = Scene::new(settings(&issuer.url));
    let claims = with(scene.claims(&issuer.url), "exp", json!(scene.seconds() + 40));
    let token = key.token("at+jwt", &claims);
    verify(&scene, &token).await.unwrap();

    let now = scene.clock.now();
    let rounds = 2_000;
    let start = Instant::now();
    for _ in 0..rounds {
        scene.access.verify(&token, now).await.unwrap();
    }
    let each = start.elapsed() / rounds;
    println!("repeated token, RS256, {} bytes: {each:?} each", token.len());
    assert!(each < Duration::from_millis(1), "{each:?}");

    let others: Vec<_> =
        (0..100).map(|n| key.token("at+jwt", &with(claims.clone(), "jti", json!(n.to_string())))).collect();
    let start = Instant::now();
    for other in &others {
        scene.access.verify(other, now).await.unwrap();
    }
    println!("new token: {:?} each", start.elapsed() / 100);

    issuer.keys(&[]);
    scene.clock.advance(39);
    assert!(verify(&scene, &token).await.is_ok());
    scene.clock.advance(70);
    assert_eq!(verify(&scene, &token).await, Err(E::Expired), "a remembered token ends like any other");
}
