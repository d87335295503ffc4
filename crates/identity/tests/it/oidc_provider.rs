//! Against `oidc-provider` (npm), a certified implementation by other hands.

use std::net::TcpListener;

use base64::{Engine, engine::general_purpose::STANDARD};
use countersign_identity::{AccessTokenError, Callback, Flow, Identity, SignInError, signin::IdTokenFault};
use countersign_model::{Clock, person::Role};
use serde_json::Value;
use url::{Url, form_urlencoded};

use crate::{
    peer::{AFTER_LOGOUT, Browser, CALLBACK, Peer, Stop, send},
    scene::{AUDIENCE, RandomMint, Scene, outbound, settings},
};

async fn begin(scene: &Scene) -> Result<(Url, Flow), SignInError> {
    let back = Url::parse(CALLBACK).unwrap();
    scene.issuers.begin("company", &back, "/", false, &RandomMint).await
}

async fn finish(scene: &Scene, flow: &Flow, query: &str) -> Result<Identity, SignInError> {
    scene.issuers.finish(flow, &Callback::from_query(query).unwrap()).await
}

async fn sign_in(scene: &Scene, browser: &mut Browser) -> Result<Identity, SignInError> {
    let (url, flow) = begin(scene).await?;
    let query = browser.get(&url).await.query();
    finish(scene, &flow, &query).await
}

/// Gets an access token as a client of the provider would: by grant, for our resource.
async fn token(peer: &Peer, grant: &[(&str, &str)]) -> Value {
    let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(grant).finish();
    let basic = format!("Basic {}", STANDARD.encode("countersign:countersign-test-secret"));
    let headers = [("authorization", basic.as_str()), ("content-type", "application/x-www-form-urlencoded")];
    let answer = send(&outbound(), "POST", &format!("{}/token", peer.url), &headers, &form).await;
    assert_eq!(answer.status(), 200, "{}", String::from_utf8_lossy(answer.body()));
    serde_json::from_slice(answer.body()).unwrap()
}

/// The access token and the ID token of a person, with the resource indicator (RFC 8707).
async fn tokens_of_person(scene: &Scene, peer: &Peer) -> (String, String) {
    let (mut url, flow) = begin(scene).await.unwrap();
    url.query_pairs_mut().append_pair("resource", AUDIENCE);
    // The flow keeps its scope; the resource's own scope is asked for as well.
    let asked = url.as_str().replace("scope=openid", "scope=models%3Acall+openid");
    let query = Browser::default().get(&Url::parse(&asked).unwrap()).await.query();
    let code = Callback::from_query(&query).unwrap().code.unwrap();
    let inside = serde_json::to_value(&flow).unwrap();
    let grant = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", inside["pkce_verifier"].as_str().unwrap()),
        ("resource", AUDIENCE),
    ];
    let answer = token(peer, &grant).await;
    let text = |name: &str| answer[name].as_str().unwrap().to_owned();
    (text("access_token"), text("id_token"))
}

#[tokio::test]
async fn people_sign_in_with_their_groups() {
    let peer = Peer::start(0, &[("AUTO_LOGIN", "ana")]);
    let scene = Scene::new(settings(&peer.url));
    let ana = sign_in(&scene, &mut Browser::default()).await.unwrap();
    assert_eq!(
        (ana.issuer.as_str(), ana.subject.as_str(), ana.login.as_str()),
        (peer.url.as_str(), "user-ana", "ana")
    );
    assert_eq!((ana.display_name.as_str(), ana.email.as_deref()), ("Ana Admin", Some("ana@example.test")));
    assert_eq!(
        (ana.groups.as_slice(), ana.roles.as_slice()),
        (["admins".to_owned()].as_slice(), [Role::Admin].as_slice())
    );
    peer.control("/test/auto-login?person=ben").await;
    assert_eq!(sign_in(&scene, &mut Browser::default()).await.unwrap().roles, [Role::User]);
    peer.control("/test/auto-login?person=eve").await;
    let eve = sign_in(&scene, &mut Browser::default()).await.unwrap();
    assert!(eve.groups.is_empty() && eve.roles.is_empty());
}

#[tokio::test]
async fn the_login_page_signs_in_and_refuses() {
    let peer = Peer::start(0, &[]);
    let scene = Scene::new(settings(&peer.url));
    for (form, login) in [("person=ben", Some("ben")), ("person=ben&refuse=yes", None)] {
        let mut browser = Browser::default();
        let (url, flow) = begin(&scene).await.unwrap();
        let Stop::Page(page, body) = browser.get(&url).await else { panic!("no login page") };
        assert!(body.contains("<select") && body.contains("Eve Outsider"), "{body}");
        let query = browser.post(&page, form).await.query();
        let outcome = finish(&scene, &flow, &query).await;
        match login {
            Some(login) => assert_eq!(outcome.unwrap().login, login),
            None => assert_eq!(outcome.unwrap_err(), SignInError::Refused("access_denied".into())),
        }
    }
}

#[tokio::test]
async fn groups_and_names_may_be_in_user_info_only() {
    let peer = Peer::start(0, &[("AUTO_LOGIN", "ana"), ("CLAIMS_IN", "userinfo")]);
    let scene = Scene::new(settings(&peer.url));
    let ana = sign_in(&scene, &mut Browser::default()).await.unwrap();
    assert_eq!((ana.login.as_str(), ana.groups.as_slice()), ("ana", ["admins".to_owned()].as_slice()));
}

#[tokio::test]
async fn a_step_up_asks_again_and_a_session_is_told() {
    let sid = [("AUTO_LOGIN", "ana"), ("BACKCHANNEL_LOGOUT_URI", "http://127.0.0.1:3000/auth/logout")];
    let peer = Peer::start(0, &sid);
    let scene = Scene::new(settings(&peer.url));
    let mut browser = Browser::default();
    assert!(sign_in(&scene, &mut browser).await.unwrap().sid.is_some());
    let back = Url::parse(CALLBACK).unwrap();
    let (url, flow) = scene.issuers.begin("company", &back, "/", true, &RandomMint).await.unwrap();
    let query = browser.get(&url).await.query();
    let ana = finish(&scene, &flow, &query).await.unwrap();
    assert!(ana.auth_time.unwrap() >= flow.started_at.plus_seconds(-1));
}

#[tokio::test]
async fn state_nonce_and_code_are_each_good_for_one_sign_in() {
    let peer = Peer::start(0, &[("AUTO_LOGIN", "ana")]);
    let scene = Scene::new(settings(&peer.url));
    let (url, flow) = begin(&scene).await.unwrap();
    let (_, other) = begin(&scene).await.unwrap();
    let query = Browser::default().get(&url).await.query();
    assert_eq!(finish(&scene, &other, &query).await.unwrap_err(), SignInError::State);

    // Another sign-in's nonce under this one's state: an injected code.
    let mut mixed = serde_json::to_value(&flow).unwrap();
    mixed["nonce"] = serde_json::to_value(&other).unwrap()["nonce"].clone();
    let mixed: Flow = serde_json::from_value(mixed).unwrap();
    let outcome = finish(&scene, &mixed, &query).await.unwrap_err();
    assert_eq!(outcome, SignInError::IdToken(IdTokenFault::Nonce));

    // That used the code up.
    let spent = SignInError::CodeRefused("invalid_grant".into());
    assert_eq!(finish(&scene, &flow, &query).await.unwrap_err(), spent);
    let (url, flow) = begin(&scene).await.unwrap();
    let query = Browser::default().get(&url).await.query();
    assert!(finish(&scene, &flow, &query).await.is_ok());
    assert_eq!(finish(&scene, &flow, &query).await.unwrap_err(), spent);

    // Another verifier than the one the challenge was made of.
    let (url, flow) = begin(&scene).await.unwrap();
    let query = Browser::default().get(&url).await.query();
    let mut stolen = serde_json::to_value(&flow).unwrap();
    stolen["pkce_verifier"] = serde_json::to_value(&other).unwrap()["pkce_verifier"].clone();
    let stolen: Flow = serde_json::from_value(stolen).unwrap();
    assert_eq!(finish(&scene, &stolen, &query).await.unwrap_err(), spent);
}

#[tokio::test]
async fn rotated_keys_are_followed() {
    let peer = Peer::start(0, &[("AUTO_LOGIN", "ana")]);
    let scene = Scene::new(settings(&peer.url));
    sign_in(&scene, &mut Browser::default()).await.unwrap();
    let (before, _) = tokens_of_person(&scene, &peer).await;
    scene.access.verify(&before, scene.clock.now()).await.unwrap();

    peer.control("/test/rotate?keep=yes").await;
    sign_in(&scene, &mut Browser::default()).await.unwrap();
    let (after, _) = tokens_of_person(&scene, &peer).await;
    scene.access.verify(&after, scene.clock.now()).await.unwrap();
    scene.access.verify(&before, scene.clock.now()).await.unwrap();

    // Within the cool-down a second change is not seen; after it, it is.
    peer.control("/test/rotate?keep=no").await;
    let (last, _) = tokens_of_person(&scene, &peer).await;
    let now = scene.clock.now();
    assert_eq!(scene.access.verify(&last, now).await.unwrap_err(), AccessTokenError::UnknownKey);
    scene.clock.advance(31);
    scene.access.verify(&last, scene.clock.now()).await.unwrap();
    scene.clock.advance(61);
    let now = scene.clock.now();
    assert_eq!(
        scene.access.verify(&before, now).await.unwrap_err(),
        AccessTokenError::UnknownKey,
        "withdrawn"
    );
}

#[tokio::test]
async fn access_tokens_for_our_resource_are_accepted_and_id_tokens_are_not() {
    let peer = Peer::start(0, &[("AUTO_LOGIN", "ana")]);
    let scene = Scene::new(settings(&peer.url));
    let (access, id_token) = tokens_of_person(&scene, &peer).await;
    let now = scene.clock.now();
    let ana = scene.access.verify(&access, now).await.unwrap();
    assert_eq!(
        (ana.subject.as_str(), ana.label.as_str(), ana.client.as_deref()),
        ("user-ana", "ana", Some("countersign"))
    );
    assert_eq!(
        (ana.groups.as_slice(), ana.scope.as_slice()),
        (["admins".to_owned()].as_slice(), ["models:call".to_owned()].as_slice())
    );
    assert!(ana.token_id.is_some() && ana.expires_at > now);
    assert_eq!(scene.access.verify(&id_token, now).await.unwrap_err(), AccessTokenError::WrongType);

    let mut relaxed = settings(&peer.url);
    relaxed.access_tokens.as_mut().unwrap().typ_strict = false;
    let relaxed = Scene::new(relaxed);
    assert!(relaxed.access.verify(&access, now).await.is_ok());
    assert_eq!(relaxed.access.verify(&id_token, now).await.unwrap_err(), AccessTokenError::WrongType);

    let mut elsewhere = settings(&peer.url);
    elsewhere.access_tokens.as_mut().unwrap().audience = "urn:another".into();
    let elsewhere = Scene::new(elsewhere);
    assert_eq!(elsewhere.access.verify(&access, now).await.unwrap_err(), AccessTokenError::WrongAudience);

    let grant = [("grant_type", "client_credentials"), ("scope", "models:call"), ("resource", AUDIENCE)];
    let machine = token(&peer, &grant).await["access_token"].as_str().unwrap().to_owned();
    let machine = scene.access.verify(&machine, scene.clock.now()).await.unwrap();
    assert_eq!((machine.subject.as_str(), machine.groups.len()), ("countersign", 0));

    let opaque = [("grant_type", "client_credentials")];
    let opaque = token(&peer, &opaque).await["access_token"].as_str().unwrap().to_owned();
    assert_eq!(scene.access.verify(&opaque, now).await.unwrap_err(), AccessTokenError::NotAJwtOfOurs);
}

#[tokio::test]
async fn a_provider_may_come_up_late_and_go_away() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let scene = Scene::new(settings(&format!("http://127.0.0.1:{port}")));
    assert_eq!(begin(&scene).await.unwrap_err(), SignInError::IssuerUnavailable);
    let peer = Peer::start(port, &[("AUTO_LOGIN", "ana")]);
    scene.clock.advance(6);
    sign_in(&scene, &mut Browser::default()).await.unwrap();
    let (access, _) = tokens_of_person(&scene, &peer).await;
    drop(peer);
    scene.access.verify(&access, scene.clock.now()).await.unwrap();
    let (_, flow) = begin(&scene).await.unwrap();
    let state = serde_json::to_value(&flow).unwrap()["state"].as_str().unwrap().to_owned();
    let query = format!("code=c&state={state}&iss=http%3A%2F%2F127.0.0.1%3A{port}");
    assert_eq!(finish(&scene, &flow, &query).await.unwrap_err(), SignInError::IssuerUnavailable);
}

#[tokio::test]
async fn signing_out_ends_the_session_at_the_provider() {
    let peer = Peer::start(0, &[("AUTO_LOGIN", "ana")]);
    let scene = Scene::new(settings(&peer.url));
    let mut browser = Browser::default();
    let ana = sign_in(&scene, &mut browser).await.unwrap();
    peer.control("/test/auto-login?person=ben").await;
    assert_eq!(sign_in(&scene, &mut browser).await.unwrap().login, "ana", "the provider still knows ana");

    let back = Url::parse(AFTER_LOGOUT).unwrap();
    let url = scene.issuers.end_session("company", &ana.id_token, &back, "s-1").await.unwrap().unwrap();
    assert!(
        url.query_pairs()
            .any(|(name, value)| name == "id_token_hint" && value == ana.id_token.expose().as_str())
    );
    let Stop::Page(page, body) = browser.get(&url).await else { panic!("no question before signing out") };
    let secret = body.split("name=\"xsrf\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let confirm = page.join("/session/end/confirm").unwrap();
    let after = browser.post(&confirm, &format!("xsrf={secret}&logout=yes")).await.query();
    assert_eq!(after, "state=s-1");
    assert_eq!(sign_in(&scene, &mut browser).await.unwrap().login, "ben", "now it asks anew");
}
