//! Sign-in against an issuer that lies in one point at a time.

use countersign_identity::{
    Callback, Flow, Identity, IssuerSettings, SignInError,
    signin::{CallbackError, IdTokenFault as F},
};
use countersign_model::Clock;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::Url;

use crate::{
    issuer::Issuer,
    scene::{CLIENT, RandomMint, Scene, settings},
    signer::{Signer, b64},
};

struct Stage {
    issuer: Issuer,
    key: Signer,
    scene: Scene,
}

fn back() -> Url {
    Url::parse("http://127.0.0.1:3000/auth/callback").unwrap()
}

impl Stage {
    fn new(change: impl FnOnce(&mut IssuerSettings)) -> Self {
        let key = Signer::ec("e");
        let issuer = Issuer::start(&[&key]);
        let mut settings = settings(&issuer.url);
        change(&mut settings);
        Self { scene: Scene::new(settings), issuer, key }
    }

    async fn begin(&self, fresh: bool) -> (Url, Flow, Value) {
        let (url, flow) =
            self.scene.issuers.begin("company", &back(), "/sessions", fresh, &RandomMint).await.unwrap();
        let inside = serde_json::to_value(&flow).unwrap();
        (url, flow, inside)
    }

    fn claims(&self, flow: &Value) -> Value {
        let now = self.scene.seconds();
        json!({"iss": self.issuer.url, "aud": CLIENT, "sub": "user-ana", "iat": now, "exp": now + 300,
               "nonce": flow["nonce"], "name": "Ana Admin", "preferred_username": "ana", "groups": ["admins"]})
    }

    fn answer(&self, id_token: &str) {
        let body = json!({"access_token": "at-1", "token_type": "Bearer", "id_token": id_token});
        self.issuer.answer("/token", 200, "", &body.to_string());
    }

    async fn finish(&self, flow: &Flow, inside: &Value) -> Result<Identity, SignInError> {
        let query = format!("code=c1&state={}", inside["state"].as_str().unwrap());
        self.scene.issuers.finish(flow, &Callback::from_query(&query).unwrap()).await
    }

    /// A whole sign-in with the claims changed.
    async fn run(&self, change: impl FnOnce(&mut Value)) -> Result<Identity, SignInError> {
        let (_, flow, inside) = self.begin(false).await;
        let mut claims = self.claims(&inside);
        change(&mut claims);
        self.answer(&self.key.token("JWT", &claims));
        self.finish(&flow, &inside).await
    }
}

fn fault(outcome: Result<Identity, SignInError>) -> F {
    match outcome {
        Err(SignInError::IdToken(fault)) => fault,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_request_carries_pkce_state_and_nonce() {
    let stage = Stage::new(|_| {});
    let (url, flow, inside) = stage.begin(true).await;
    let query: std::collections::HashMap<_, _> = url.query_pairs().into_owned().collect();
    let challenge = b64(Sha256::digest(inside["pkce_verifier"].as_str().unwrap()));
    assert_eq!(query["code_challenge"], challenge);
    assert_eq!(query["code_challenge_method"], "S256");
    assert_eq!(query["response_type"], "code");
    assert_eq!(query["scope"], "openid profile email groups");
    assert_eq!(query["state"], inside["state"].as_str().unwrap());
    assert_eq!(query["nonce"], inside["nonce"].as_str().unwrap());
    assert_eq!((query["prompt"].as_str(), query["max_age"].as_str()), ("login", "0"));
    assert_eq!(query["redirect_uri"], back().as_str());
    assert!(!url.as_str().contains(inside["pkce_verifier"].as_str().unwrap()));
    assert_eq!(flow.return_to, "/sessions");
    assert!(!format!("{flow:?}").contains(inside["nonce"].as_str().unwrap()), "secrets are not shown");
    let (_, _, other) = stage.begin(false).await;
    assert_ne!(other["state"], inside["state"]);
}

#[tokio::test]
async fn an_honest_issuer_is_believed() {
    let stage = Stage::new(|_| {});
    let ana = stage.run(|_| {}).await.unwrap();
    assert_eq!(
        (ana.subject.as_str(), ana.login.as_str(), ana.display_name.as_str()),
        ("user-ana", "ana", "Ana Admin")
    );
    assert!(stage.issuer.last_body().contains("code_verifier="));
    assert_eq!(stage.issuer.asked("/me"), 0, "the token said everything");
    stage.run(|claims| claims["aud"] = json!([CLIENT])).await.unwrap();
    stage
        .run(|claims| {
            claims["aud"] = json!([CLIENT, "other"]);
            claims["azp"] = json!(CLIENT);
        })
        .await
        .unwrap();
    let hash = b64(&Sha256::digest("at-1")[..16]);
    stage.run(|claims| claims["at_hash"] = json!(hash)).await.unwrap();
}

#[tokio::test]
async fn an_id_token_that_does_not_hold_is_refused() {
    let stage = Stage::new(|_| {});
    let now = stage.scene.seconds();
    assert_eq!(fault(stage.run(|c| c["nonce"] = json!("other")).await), F::Nonce);
    assert_eq!(fault(stage.run(|c| c["nonce"] = json!(null)).await), F::Nonce);
    assert_eq!(fault(stage.run(|c| c["iss"] = json!("https://other.example")).await), F::Issuer);
    assert_eq!(fault(stage.run(|c| c["aud"] = json!("other")).await), F::Audience);
    assert_eq!(fault(stage.run(|c| c["aud"] = json!([CLIENT, "other"])).await), F::AuthorizedParty);
    assert_eq!(fault(stage.run(|c| c["azp"] = json!("other")).await), F::AuthorizedParty);
    assert_eq!(fault(stage.run(|c| c["exp"] = json!(now - 61)).await), F::Time);
    assert_eq!(fault(stage.run(|c| c["iat"] = json!(now + 90)).await), F::Time);
    assert_eq!(
        fault(stage.run(|c| c["at_hash"] = json!("AAAAAAAAAAAAAAAAAAAAAA")).await),
        F::AccessTokenHash
    );
    assert_eq!(fault(stage.run(|c| c["sub"] = json!("x".repeat(256))).await), F::Malformed);
    stage.run(|c| c["exp"] = json!(now - 50)).await.unwrap();

    let (_, flow, inside) = stage.begin(false).await;
    let claims = stage.claims(&inside);
    let stranger = Signer::ec("e");
    stage.answer(&stranger.token("JWT", &claims));
    assert_eq!(fault(stage.finish(&flow, &inside).await), F::Signature);
    stage.answer(&Signer::ec("unknown").token("JWT", &claims));
    assert_eq!(fault(stage.finish(&flow, &inside).await), F::UnknownKey);
    stage.answer(&stage.key.token("at+jwt", &claims));
    assert_eq!(fault(stage.finish(&flow, &inside).await), F::SecondOpinion, "an access token is no ID token");
    stage.answer(&format!("{}.{}.", b64(r#"{"alg":"none"}"#), b64(claims.to_string())));
    assert_eq!(fault(stage.finish(&flow, &inside).await), F::Algorithm);
    stage.issuer.answer("/token", 200, "", r#"{"access_token":"a","token_type":"Bearer"}"#);
    assert_eq!(fault(stage.finish(&flow, &inside).await), F::Missing);
}

#[tokio::test]
async fn what_the_browser_brings_back_must_belong_to_the_flow() {
    let stage = Stage::new(|_| {});
    let (_, flow, inside) = stage.begin(false).await;
    let state = inside["state"].as_str().unwrap();
    let url = &stage.issuer.url;
    let finish = async |query: String| {
        stage.scene.issuers.finish(&flow, &Callback::from_query(&query).unwrap()).await.unwrap_err()
    };
    assert_eq!(finish("code=c&state=other".into()).await, SignInError::State);
    assert_eq!(finish("code=c".into()).await, SignInError::State);
    assert_eq!(
        finish(format!("code=c&state={state}&iss=https://evil.example")).await,
        SignInError::IssuerMixUp
    );
    assert_eq!(finish(format!("state={state}")).await, SignInError::Callback(CallbackError::Empty));
    let denied = finish(format!("error=access_denied&state={state}&error_description=<b>")).await;
    assert_eq!(denied, SignInError::Refused("access_denied".into()));
    let script = finish(format!("error=<script>x</script>&state={state}")).await;
    assert_eq!(script, SignInError::Refused("scriptxscript".into()));
    stage.issuer.answer("/token", 400, "", r#"{"error":"invalid_grant"}"#);
    let spent = finish(format!("code=c&state={state}&iss={url}")).await;
    assert_eq!(spent, SignInError::CodeRefused("invalid_grant".into()));
    stage.issuer.answer("/token", 200, "", "<html>");
    assert_eq!(finish(format!("code=c&state={state}")).await, SignInError::TokenAnswer);
    stage.scene.clock.advance(601);
    assert_eq!(finish(format!("code=c&state={state}")).await, SignInError::FlowExpired);
}

#[tokio::test]
async fn an_issuer_that_promises_its_name_must_give_it() {
    let stage = Stage::new(|_| {});
    stage.issuer.publish(&json!({"authorization_response_iss_parameter_supported": true}));
    assert_eq!(stage.run(|_| {}).await.unwrap_err(), SignInError::IssuerMixUp);
}

#[tokio::test]
async fn missing_groups_come_from_user_info_about_the_same_person() {
    let stage = Stage::new(|_| {});
    let bare = |claims: &mut Value| {
        claims.as_object_mut().unwrap().remove("groups");
    };
    assert_eq!(
        stage.run(bare).await.unwrap_err(),
        SignInError::UserInfo,
        "unreachable: groups are not known"
    );
    stage.issuer.answer("/me", 200, "", r#"{"sub":"user-ben","groups":["admins"]}"#);
    assert_eq!(stage.run(bare).await.unwrap_err(), SignInError::UserInfoSubject);
    stage.issuer.answer("/me", 200, "", r#"{"sub":"user-ana","groups":["analysts"],"email":"ana@x"}"#);
    let ana = stage.run(bare).await.unwrap();
    assert_eq!((ana.groups[0].as_str(), ana.email.as_deref()), ("analysts", Some("ana@x")));
    stage.issuer.answer("/me", 200, "", r#"{"sub":"user-ana"}"#);
    assert!(stage.run(bare).await.unwrap().groups.is_empty());
    let overage = stage.run(|claims| {
        bare(claims);
        claims["_claim_names"] = json!({"groups": "src1"});
    });
    assert!(overage.await.unwrap_err().to_string().contains("too many"));
}

#[tokio::test]
async fn a_step_up_needs_a_fresh_proof() {
    let stage = Stage::new(|_| {});
    let now = stage.scene.seconds();
    for (auth_time, good) in [(json!(now), true), (json!(now - 3600), false), (json!(null), false)] {
        let (_, flow, inside) = stage.begin(true).await;
        let mut claims = stage.claims(&inside);
        claims["auth_time"] = auth_time;
        if claims["auth_time"].is_null() {
            claims.as_object_mut().unwrap().remove("auth_time");
        }
        stage.answer(&stage.key.token("JWT", &claims));
        let outcome = stage.finish(&flow, &inside).await;
        assert_eq!(outcome.err(), (!good).then_some(SignInError::NotFresh));
    }
}

#[tokio::test]
async fn issuers_that_are_not_for_sign_in_are_not() {
    let stage = Stage::new(|settings| settings.sign_in = false);
    assert_eq!(stage.scene.issuers.for_sign_in().count(), 0);
    for name in ["company", "other"] {
        let refused = stage.scene.issuers.begin(name, &back(), "/", false, &RandomMint).await;
        assert_eq!(refused.unwrap_err(), SignInError::UnknownIssuer);
    }
    assert!(stage.scene.clock.now().seconds() > 0);
}
