//! The audit store is gone, frozen, or locked by somebody else: nothing reaches a model, everybody has an answer in two
//! seconds, and when the store is well again so is the gateway, by itself.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::Path,
    time::{Duration, Instant},
};

use countersign_model::person::Role;
use countersign_server::postgres::{Owned, Settings};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use sqlx::{Connection as _, PgConnection};
use tempfile::TempDir;
use tokio::time::sleep;

use crate::{
    browser::Browser,
    house::{House, hello, hello_streamed},
    model::Model,
};

/// Two seconds, and what a loaded machine may add.
const ANSWERED: Duration = Duration::from_millis(2_700);
const RECOVERED: Duration = Duration::from_secs(5);

/// A PostgreSQL that may be hurt, a server over it, and somebody with tokens.
struct Scene {
    house: House,
    model: Model,
    root: Browser,
    token: String,
    counted: String,
    // After `house`, whose server needs it to end.
    cluster: Cluster,
}

struct Cluster {
    folder: TempDir,
    owned: Option<Owned>,
}

impl Cluster {
    fn start() -> Self {
        // Every account may enter: root hands PostgreSQL to another one.
        let open = fs::Permissions::from_mode(0o755);
        let folder = tempfile::Builder::new().prefix("countersign-it-").permissions(open).tempdir().unwrap();
        let mut cluster = Self { folder, owned: None };
        cluster.bring_back();
        cluster
    }

    fn bring_back(&mut self) {
        #[expect(clippy::disallowed_methods, reason = "the test stands in for the server's settings")]
        let search_path = std::env::var_os("PATH");
        let settings = Settings { durable: false, search_path, ..Settings::new(self.folder.path()) };
        self.owned = Some(Owned::start(&settings).unwrap());
    }

    fn stop(&mut self) {
        self.owned.take().unwrap().stop();
    }

    /// Every process of the cluster.
    fn signal(&self, signal: Signal) {
        let pid = fs::read_to_string(self.folder.path().join("postgres/postmaster.pid")).unwrap();
        let postmaster: i32 = pid.lines().next().unwrap().trim().parse().unwrap();
        let mut hit = 0;
        for pid in [postmaster].into_iter().chain(children(postmaster)) {
            hit += u32::from(kill(Pid::from_raw(pid), signal).is_ok());
        }
        assert!(hit > 3, "the postmaster and its processes");
    }
}

fn children(of: i32) -> Vec<i32> {
    let processes = fs::read_dir("/proc").unwrap().flatten().filter_map(|entry| {
        let pid: i32 = entry.file_name().to_str()?.parse().ok()?;
        let stat = fs::read_to_string(Path::new("/proc").join(pid.to_string()).join("stat")).ok()?;
        // After the name, which may hold anything: state, then the parent.
        let parent: i32 = stat.rsplit(')').next()?.split_whitespace().nth(1)?.parse().ok()?;
        (parent == of).then_some(pid)
    });
    processes.collect()
}

async fn scene() -> Scene {
    let cluster = Cluster::start();
    let url = cluster.owned.as_ref().unwrap().url().to_owned();
    let house = House::over(&url, "").await;
    let model = Model::start().await;
    let mut root = house.admin().await;
    house.connect(&mut root, &model).await;
    let mut ana = house.person(&mut root, "ana", &[Role::User], "staff").await;
    let (token, counted) = (house.token(&mut ana, "").await, house.token(&mut ana, "3").await);
    assert_eq!(house.chat(&token, &hello()).await.status, 200);
    Scene { house, model, root, token, counted, cluster }
}

/// So many requests at once, plain and streamed, while the store is away; what each was told and how long it took.
async fn ask(scene: &Scene, token: &str, so_many: usize) -> Vec<(u16, String, Duration)> {
    let (plain, streamed) = (hello(), hello_streamed());
    let asked = (0..so_many).map(|at| {
        let body = if at % 2 == 0 { &plain } else { &streamed };
        async move {
            let began = Instant::now();
            let answer = scene.house.chat(token, body).await;
            assert!(!answer.headers.contains_key("x-countersign-receipt"));
            if answer.status == 503 {
                assert_eq!((answer.header("x-should-retry"), answer.header("retry-after")), ("true", "1"));
            }
            (answer.status, answer.code(), began.elapsed())
        }
    });
    futures::future::join_all(asked).await
}

fn all_refused(answers: &[(u16, String, Duration)], codes: &[&str]) {
    for (status, code, took) in answers {
        assert_eq!(*status, 503, "{answers:?}");
        assert!(codes.contains(&code.as_str()), "{answers:?}");
        assert!(*took < ANSWERED, "{answers:?}");
    }
}

/// The store is well again: so is the gateway, and what happened meanwhile left no trace at the model.
async fn recovers(scene: &Scene, bytes: usize) {
    assert_eq!(scene.model.bytes(), bytes, "not a byte reached the model");
    let took = scene.house.recovers(RECOVERED).await;
    let began = Instant::now();
    while scene.house.chat(&scene.token, &hello()).await.status != 200 {
        assert!(took + began.elapsed() < RECOVERED, "the data path recovers too");
        sleep(Duration::from_millis(50)).await;
    }
    let rows = scene.house.settled().await;
    assert!(rows.iter().enumerate().all(|(at, row)| row.seq == at as u64), "dense");
}

#[tokio::test(flavor = "multi_thread")]
async fn locked_by_another_session() {
    let scene = scene().await;
    let bytes = scene.model.bytes();
    let mut other = PgConnection::connect(&scene.house.url).await.unwrap();
    sqlx::raw_sql("BEGIN; SELECT * FROM ledger_head FOR UPDATE").execute(&mut other).await.unwrap();
    all_refused(&ask(&scene, &scene.token, 12).await, &["audit_unavailable"]);
    assert!(!scene.house.ready().await, "and it says so");
    // No use of a counted token is lost.
    all_refused(&ask(&scene, &scene.counted, 3).await, &["audit_unavailable"]);
    let mut root = scene.root.clone();
    let answer = root
        .post(
            "/people/new",
            &[
                ("login", "x"),
                ("display_name", "x"),
                ("password", "a long quiet sentence"),
                ("roles", "user"),
            ],
        )
        .await;
    assert_eq!(answer.status, 503, "changes are not made either: {}", answer.words());
    sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
    recovers(&scene, bytes).await;
    for _ in 0..3 {
        assert_eq!(scene.house.chat(&scene.counted, &hello()).await.status, 200, "all three uses are there");
    }
    assert_eq!(scene.house.chat(&scene.counted, &hello()).await.code(), "spent_api_key");
    let (people,): (i64,) =
        sqlx::query_as("SELECT count(*) FROM person").fetch_one(scene.house.database.pages()).await.unwrap();
    assert_eq!(people, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn frozen() {
    let scene = scene().await;
    // Remembered for a second, so that the record is what is waited for.
    assert_eq!(scene.house.chat(&scene.token, &hello()).await.status, 200);
    scene.house.settled().await;
    let bytes = scene.model.bytes();
    scene.cluster.signal(Signal::SIGSTOP);
    let first = ask(&scene, &scene.token, 12).await;
    let second = ask(&scene, &scene.token, 12).await;
    let ready = scene.house.ready().await;
    // Pages say so too, and soon; a form keeps what was typed, a page's script is told in its own words.
    let began = Instant::now();
    let mut root = scene.root.clone();
    let typed = [("name", "typed-name"), ("base_url", "http://x/v1"), ("secret", "typed-secret")];
    let (page, form, data) = (
        scene.root.clone().get("/sessions").await,
        root.post("/connections/new", &typed).await,
        root.post("/api/load_overview", &[]).await,
    );
    let took = began.elapsed();
    scene.cluster.signal(Signal::SIGCONT);
    assert!(took < Duration::from_secs(12), "three answers took {took:?}");
    for answer in [&page, &form] {
        assert_eq!((answer.status, answer.header("retry-after")), (503, "5"));
        assert!(answer.body.contains("class=\"problem\"") && answer.words().contains("does not answer"));
    }
    assert!(
        form.body.contains("value=\"typed-name\"") && !form.body.contains("typed-secret"),
        "{}",
        form.body
    );
    assert_eq!((data.status, data.body.as_str()), (503, "\"AuditUnavailable\""));
    all_refused(&first, &["audit_unavailable", "identity_unavailable"]);
    assert!(first.iter().any(|(_, code, _)| code == "audit_unavailable"), "{first:?}");
    all_refused(&second, &["audit_unavailable", "identity_unavailable"]);
    assert!(!ready);
    recovers(&scene, bytes).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stopped() {
    let mut scene = scene().await;
    let bytes = scene.model.bytes();
    scene.cluster.stop();
    let first = ask(&scene, &scene.token, 12).await;
    let second = ask(&scene, &scene.counted, 3).await;
    let page = scene.root.get("/sessions").await.status;
    scene.cluster.bring_back();
    all_refused(&first, &["audit_unavailable", "identity_unavailable"]);
    all_refused(&second, &["audit_unavailable", "identity_unavailable"]);
    assert_eq!(page, 503);
    recovers(&scene, bytes).await;
    assert_eq!(scene.root.get("/sessions").await.status, 200);
}

/// A stream that is under way when the store goes is cut where its record ends, and never ends cleanly.
#[tokio::test(flavor = "multi_thread")]
async fn gone_in_the_middle_of_a_stream() {
    let scene = scene().await;
    scene.model.pace(Duration::from_millis(60));
    let body = hello_streamed();
    let (answer, ()) = tokio::join!(scene.house.chat(&scene.token, &body), async {
        sleep(Duration::from_millis(250)).await;
        scene.cluster.signal(Signal::SIGSTOP);
    });
    scene.cluster.signal(Signal::SIGCONT);
    assert_eq!(answer.status, 200);
    assert!(!answer.body.contains("[DONE]") && answer.body.contains("audit_lost"), "{}", answer.body);
    scene.house.recovers(RECOVERED).await;
    let rows = scene.house.settled().await;
    let exchange = Some(answer.header("x-countersign-exchange").to_owned());
    let kinds: Vec<_> = rows.iter().filter(|row| row.exchange == exchange).map(|row| row.kind).collect();
    assert_eq!(kinds, [countersign_ledger::Kind::Intent, countersign_ledger::Kind::Outcome]);
}
