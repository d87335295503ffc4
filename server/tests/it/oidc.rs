//! Signing in at an OpenID Connect issuer, end to end, and its access tokens at the proxy's own door.

use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::Method;
use url::{Url, form_urlencoded};

use crate::{
    browser::{self, Answer, Browser},
    house::{House, hello},
    model::Model,
};

const AUDIENCE: &str = "urn:countersign:gateway";

/// `oidc-provider` as a child process; ends with the value.
struct Provider {
    url: Url,
    child: Child,
}

impl Provider {
    /// For a gateway at this origin.
    fn start(port: u16, origin: &str, person: &str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../end2end/oidc");
        assert!(
            folder.join("node_modules/oidc-provider").exists(),
            "the test provider is not installed: run `npm ci` in end2end/oidc (cargo xtask test does it)"
        );
        let mut child = Command::new("node")
            .arg("provider.mjs")
            .current_dir(folder)
            .env("PORT", port.to_string())
            .env("EXIT_WITH_STDIN", "1")
            .env("AUTO_LOGIN", person)
            .env("REDIRECT_URIS", format!("{origin}/sign-in/oidc/company/callback"))
            .env("POST_LOGOUT_REDIRECT_URIS", format!("{origin}/sign-in?done=signed-out"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("node (20 or later) starts the test provider");
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let url = lines
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix("listening ").map(str::to_owned))
            .expect("the test provider says where it listens");
        Self { url: url.parse().unwrap(), child }
    }

    fn address(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.url.port().unwrap()))
    }

    async fn log_in_as(&self, person: &str) {
        let path = format!("/test/auto-login?person={person}");
        assert_eq!(browser::send(self.address(), Method::POST, &path, &[], String::new()).await.status, 200);
    }

    /// An access token for our audience, as a client of the provider gets one.
    async fn machine_token(&self) -> String {
        let form = "grant_type=client_credentials&scope=models%3Acall&resource=urn%3Acountersign%3Agateway";
        let basic = format!("Basic {}", STANDARD.encode("countersign:countersign-test-secret"));
        let headers =
            [("authorization", basic.as_str()), ("content-type", "application/x-www-form-urlencoded")];
        let answer = browser::send(self.address(), Method::POST, "/token", &headers, form.into()).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let body: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
        body["access_token"].as_str().unwrap().to_owned()
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

async fn house(port: u16) -> (House, tempfile::TempDir) {
    let secrets = tempfile::tempdir().unwrap();
    let file = secrets.path().join("secret");
    std::fs::write(&file, "countersign-test-secret\n").unwrap();
    let settings = format!(
        "[[oidc]]\nname = \"company\"\nlabel = \"The company\"\nissuer = \"http://127.0.0.1:{port}\"\n\
         client_id = \"countersign\"\nclient_secret_file = \"{}\"\nscopes = [\"profile\", \"email\", \"groups\"]\n\
         audience = \"{AUDIENCE}\"\nroles = {{ admins = [\"admin\"], analysts = [\"auditor\"] }}\n",
        file.display()
    );
    (House::with(&settings).await, secrets)
}

/// Follows the provider's redirects with its cookies until it sends the browser back to us.
async fn at_provider(provider: &Provider, cookies: &mut Browser, start: &str) -> Url {
    let mut url: Url = start.parse().unwrap();
    for _ in 0..10 {
        let path = url[url::Position::BeforePath..].to_owned();
        let answer = cookies.get(&path).await;
        assert!(!answer.location().is_empty(), "{path}: {} {}", answer.status, answer.body);
        url = url.join(answer.location()).unwrap();
        if url.origin() != provider.url.origin() {
            return url;
        }
    }
    panic!("too many redirects: {url}");
}

fn path_of(url: &Url) -> String {
    url[url::Position::BeforePath..].to_owned()
}

async fn sign_in(house: &House, provider: &Provider, person: &mut Browser, next: &str) -> (String, Answer) {
    let next: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
    let begun = person.get(&format!("/sign-in/oidc/company?next={next}")).await;
    assert_eq!(begun.status, 303, "{}", begun.words());
    let mut there = Browser::new(provider.address(), "");
    let back = at_provider(provider, &mut there, begun.location()).await;
    assert_eq!(back.origin().ascii_serialization(), house.origin);
    let path = path_of(&back);
    let answer = person.get(&path).await;
    (path, answer)
}

#[tokio::test]
async fn people_sign_in_with_the_roles_of_their_groups_and_out_again() {
    let port = free_port();
    let (house, _secrets) = house(port).await;
    let provider = Provider::start(port, &house.origin, "ana");
    let root = house.admin().await;
    let page = house.stranger().get("/sign-in").await;
    assert!(page.words().contains("The company"), "{}", page.words());

    let mut ana = house.stranger();
    let (callback, answer) = sign_in(&house, &provider, &mut ana, "/people").await;
    assert_eq!((answer.status, answer.location()), (303, "/people"), "{}", answer.words());
    assert_eq!(ana.get("/people").await.status, 200, "her group makes her an administrator");
    assert_ne!(ana.cookie(), root.cookie());

    // The answer of the issuer is good once, in the browser that asked for it.
    let mut thief = house.stranger();
    assert_eq!(thief.get(&callback).await.status, 400);
    assert_eq!(ana.clone().get(&callback).await.status, 400);

    provider.log_in_as("ben").await;
    let mut ben = house.stranger();
    let (_, answer) = sign_in(&house, &provider, &mut ben, "//evil.example/").await;
    assert_eq!((answer.status, answer.location()), (303, "/"));
    assert_eq!((ben.get("/audit").await.status, ben.get("/people").await.status), (200, 403), "an auditor");

    // Out: here, and then at the issuer.
    let mut copy = ana.clone();
    let answer = ana.post("/sign-out", &[]).await;
    // Not a redirect: a browser would hold one that follows a form to the page's `form-action`.
    let exit = answer.header("refresh").strip_prefix("0; url=").unwrap_or_default();
    let exit: Url = exit.parse().unwrap();
    assert_eq!((exit.origin(), exit.path()), (provider.url.origin(), "/session/end"));
    let has = |name: &str| exit.query_pairs().any(|(key, value)| key == name && !value.is_empty());
    assert!(has("id_token_hint") && has("post_logout_redirect_uri"), "{exit}");
    assert!(copy.get("/people").await.location().starts_with("/sign-in"));
    let accepted = browser::send(provider.address(), Method::GET, &path_of(&exit), &[], String::new()).await;
    assert_eq!(accepted.status, 200, "{}", accepted.body);
    assert!(
        accepted.body.contains("/session/end/confirm"),
        "the issuer takes the request: {}",
        accepted.body
    );

    // A disabled person is known at the issuer and gone here.
    let (id,): (String,) = sqlx::query_as(
        "SELECT '/people/per_' || replace(id::text, '-', '') FROM person WHERE subject = 'user-ben'",
    )
    .fetch_one(house.database.pages())
    .await
    .unwrap();
    assert_eq!(root.clone().post(&id, &[("action", "disable")]).await.status, 303);
    assert!(ben.get("/audit").await.location().starts_with("/sign-in"));
    let (_, answer) = sign_in(&house, &provider, &mut ben, "/").await;
    assert_eq!(answer.status, 403, "{}", answer.words());
    let events: Vec<_> = house.rows().await.iter().map(|row| row.facts["event"].clone()).collect();
    assert!(events.iter().filter(|event| *event == "sign_in.succeeded").count() >= 2, "{events:?}");
}

#[tokio::test]
async fn access_tokens_of_the_issuer_open_the_proxy() {
    let port = free_port();
    let (house, _secrets) = house(port).await;
    let provider = Provider::start(port, &house.origin, "ana");
    let model = Model::start().await;
    let mut root = house.admin().await;
    let mut form = crate::house::connection(&model.url);
    form[5].1 = "*";
    assert_eq!(root.post("/connections/new", &form).await.status, 303);
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    let token = provider.machine_token().await;
    let answer = house.chat(&token, &hello()).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(model.requests().iter().all(|request| !request.contains(&token)));
    let rows = house.settled().await;
    let intent = rows.iter().find(|row| row.kind == countersign_ledger::Kind::Intent).unwrap();
    let proof = &intent.facts["caller"]["proof"];
    assert_eq!((&proof["kind"], &proof["subject"]), (&"access_token".into(), &"countersign".into()));
    assert!(!rows.iter().any(|row| row.facts.to_string().contains(&token)));

    let bytes = model.bytes();
    let (head, rest) = token.split_once('.').unwrap();
    let (claims, signature) = rest.split_once('.').unwrap();
    let flipped: String = signature.chars().rev().collect();
    for forged in [
        format!("{head}.{claims}.{flipped}"),
        format!("{head}.{claims}."),
        format!("eyJhbGciOiJub25lIn0.{claims}."),
    ] {
        let answer = house.chat(&forged, &hello()).await;
        assert_eq!((answer.status, answer.code().as_str()), (401, "invalid_api_key"), "{}", answer.body);
    }
    assert_eq!(model.bytes(), bytes);
    // It opens the proxy, never the pages.
    let bearer = format!("Bearer {token}");
    let page =
        house.stranger().ask(Method::GET, "/sessions", &[("authorization", &bearer)], String::new()).await;
    assert_eq!(page.status, 303);
}

#[tokio::test]
async fn an_issuer_that_is_away_locks_nobody_else_out() {
    let (house, _secrets) = house(free_port()).await;
    let mut root = house.admin().await;
    let answer = house.stranger().get("/sign-in/oidc/company").await;
    assert_eq!(answer.status, 502, "{}", answer.words());
    assert_eq!(house.stranger().get("/sign-in/oidc/unknown").await.status, 404);
    assert_eq!(root.get("/people").await.status, 200);
    let answer = house.chat("eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJodHRwOi8vMTI3LjAuMC4xIn0.c2ln", &hello()).await;
    assert!([401, 503].contains(&answer.status), "{}", answer.body);
}
