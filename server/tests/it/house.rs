//! A running server with a database and a data folder of its own, and the people who use it.

use std::{
    ffi::OsString,
    fs,
    net::SocketAddr,
    path::PathBuf,
    sync::{
        Arc, LazyLock, Mutex, Once,
        atomic::{AtomicU32, Ordering::SeqCst},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use countersign_ledger::{Group, Kind};
use countersign_model::person::Role;
use countersign_server::{
    cli::Options,
    clock::{SystemClock, SystemMint},
    config::Config,
    serve::{self, Surroundings},
};
use countersign_store::{Database, Durability, LedgerReader, MasterKey, testing::TestDatabase};
use http::Method;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    runtime::Runtime,
    sync::oneshot,
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use crate::{
    browser::{self, Answer, Browser},
    model::Model,
};

/// Everybody's password.
pub const PASSWORD: &str = "a long and quiet sentence";
/// The credential of the connection `fake`; must never be seen anywhere but at the model server.
pub const SECRET: &str = "upstream-secret-7d2f91c4";

/// What the servers of this process said at their terminals.
static SAID: LazyLock<Mutex<String>> = LazyLock::new(Mutex::default);
/// What they logged, at a level no product runs with.
static LOGGED: LazyLock<Mutex<Vec<u8>>> = LazyLock::new(Mutex::default);

static HOUSES: AtomicU32 = AtomicU32::new(1);

/// A running server; stops when dropped.
pub struct House {
    pub address: SocketAddr,
    pub origin: String,
    pub url: String,
    pub database: Database,
    pub data: TempDir,
    /// The token of the set-up link.
    pub setup: Option<String>,
    running: Option<(CancellationToken, JoinHandle<()>)>,
}

/// A ledger row, opened.
#[derive(Debug, Clone)]
pub struct Row {
    pub seq: u64,
    pub kind: Kind,
    pub leaf: String,
    pub exchange: Option<String>,
    pub facts: Value,
}

impl House {
    pub async fn open() -> Self {
        Self::with("").await
    }

    /// With further lines of the settings file.
    pub async fn with(settings: &str) -> Self {
        let fresh = TestDatabase::fresh().await;
        Self::over(&fresh.url, settings).await
    }

    /// Over a database that is there already.
    pub async fn over(url: &str, settings: &str) -> Self {
        let number = HOUSES.fetch_add(1, SeqCst);
        let origin = format!("http://gateway-{number}-{}.test", std::process::id());
        let data = tempfile::tempdir().unwrap();
        let database = TestDatabase::connect(url).await;
        let mut house = Self {
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            origin,
            url: url.to_owned(),
            database,
            data,
            setup: None,
            running: None,
        };
        house.start(settings).await;
        house
    }

    async fn start(&mut self, settings: &str) {
        log_everything();
        let said_before = SAID.lock().unwrap().len();
        let file = self.data.path().join("settings.toml");
        fs::write(&file, settings).unwrap();
        let options = Options {
            config: Some(file),
            listen: Some(SocketAddr::from(([127, 0, 0, 1], 0))),
            data_dir: Some(self.data.path().join("data")),
            database_url: Some(self.url.clone()),
            public_url: Some(self.origin.parse().unwrap()),
            sample_model: Some("off".into()),
            site_dir: Some(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../site")),
            master_key: None,
        };
        let config = Config { durability: Durability::TestOnly, ..Config::load(&options).unwrap() };
        let (listening, address) = oneshot::channel();
        let stop = CancellationToken::new();
        let around = Surroundings {
            clock: Arc::new(SystemClock),
            mint: Arc::new(SystemMint),
            search_path: Some(OsString::new()),
            stop: stop.clone(),
            listening: Some(listening),
            say: |text| SAID.lock().unwrap().push_str(text),
        };
        // A runtime of its own, so that neither the test nor the server can starve the other.
        let thread = std::thread::spawn(move || {
            Runtime::new().unwrap().block_on(serve::serve(config, around)).expect("the server runs");
        });
        self.address = timeout(Duration::from_secs(30), address).await.unwrap().expect("the server starts");
        self.running = Some((stop, thread));
        let link = format!("{}/setup?token=", self.origin);
        let said = SAID.lock().unwrap();
        self.setup = said[said_before..]
            .split(&link)
            .nth(1)
            .map(|rest| rest.chars().take_while(|c| !c.is_whitespace()).collect());
    }

    /// Stops it as a service manager does, and waits for the end.
    pub fn stop(&mut self) {
        if let Some((stop, thread)) = self.running.take() {
            stop.cancel();
            assert!(thread.join().is_ok() || std::thread::panicking(), "the server ends well");
        }
    }

    /// Starts it again over the same database and data folder, at another port.
    pub async fn again(&mut self) {
        self.start("").await;
    }

    /// Nobody in particular.
    pub fn stranger(&self) -> Browser {
        Browser::new(self.address, &self.origin)
    }

    /// The first administrator, through the set-up link.
    pub async fn admin(&self) -> Browser {
        let mut admin = self.stranger();
        let token = self.setup.as_deref().expect("a set-up link is printed");
        let form = [
            ("token", token),
            ("login", "root"),
            ("display_name", "Root"),
            ("password", PASSWORD),
            ("password_again", PASSWORD),
        ];
        let answer = admin.post("/setup", &form).await;
        assert_eq!((answer.status, answer.location()), (303, "/setup/connection"), "{}", answer.words());
        admin
    }

    /// Somebody with these roles and groups, signed in.
    pub async fn person(&self, admin: &mut Browser, login: &str, roles: &[Role], groups: &str) -> Browser {
        let mut form =
            vec![("login", login), ("display_name", login), ("password", PASSWORD), ("groups", groups)];
        form.extend(roles.iter().map(|role| ("roles", role.name())));
        let answer = admin.post("/people/new", &form).await;
        assert_eq!(answer.status, 303, "{}", answer.words());
        let mut person = self.stranger();
        let answer = self.sign_in(&mut person, login, PASSWORD).await;
        assert_eq!(answer.status, 303, "{}", answer.words());
        person
    }

    pub async fn sign_in(&self, browser: &mut Browser, login: &str, password: &str) -> Answer {
        browser.post("/sign-in", &[("login", login), ("password", password)]).await
    }

    /// The connection `fake` to a model server, granted to `staff`, in use.
    pub async fn connect(&self, admin: &mut Browser, model: &Model) {
        let form = connection(&model.url);
        let answer = admin.post("/connections/new", &form).await;
        assert_eq!(answer.status, 303, "{}", answer.words());
        self.in_use("fake").await;
    }

    /// Waits until the data path knows a connection: a stranger's and an unknown one's answers do not differ, so a
    /// token is what tells.
    async fn in_use(&self, name: &str) {
        let there = async {
            loop {
                let row: Option<(i64,)> = sqlx::query_as("SELECT version FROM connection WHERE name = $1")
                    .bind(name)
                    .fetch_optional(self.database.pages())
                    .await
                    .unwrap();
                if row.is_some() {
                    return;
                }
                sleep(Duration::from_millis(10)).await;
            }
        };
        timeout(Duration::from_secs(5), there).await.unwrap();
        // The notice travels through the database.
        sleep(Duration::from_millis(300)).await;
    }

    /// A gateway token of one's own.
    pub async fn token(&self, person: &mut Browser, max_uses: &str) -> String {
        let form = [("label", "test"), ("lifetime_seconds", "3600"), ("max_uses", max_uses)];
        let answer = person.post("/connect", &form).await;
        assert_eq!(
            (answer.status, answer.location()),
            (303, "/connect?done=token-made"),
            "{}",
            answer.words()
        );
        token_in(&person.get("/connect?done=token-made").await.body).expect("the token is shown once")
    }

    /// A chat request through the proxy.
    pub async fn chat(&self, token: &str, body: &Value) -> Answer {
        let bearer = format!("Bearer {token}");
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        let path = "/c/fake/chat/completions";
        browser::send(self.address, Method::POST, path, &headers, body.to_string()).await
    }

    /// All rows of the ledger, opened with the server's own key.
    pub async fn rows(&self) -> Vec<Row> {
        let key = fs::read_to_string(self.data.path().join("data/master.key")).unwrap();
        rows(&self.database, &key).await
    }

    /// Waits until no exchange is open, and gives the rows.
    pub async fn settled(&self) -> Vec<Row> {
        let settled = async {
            loop {
                let (open,): (i64,) = sqlx::query_as("SELECT count(*) FROM ledger_open_intent")
                    .fetch_one(self.database.pages())
                    .await
                    .unwrap();
                if open == 0 {
                    return;
                }
                sleep(Duration::from_millis(10)).await;
            }
        };
        timeout(Duration::from_secs(10), settled).await.expect("every exchange is closed");
        self.rows().await
    }

    /// Whether the server says it is ready.
    pub async fn ready(&self) -> bool {
        self.stranger().get("/readyz").await.status == 200
    }

    /// How long it takes to become ready.
    pub async fn recovers(&self, within: Duration) -> Duration {
        let began = Instant::now();
        while !self.ready().await {
            assert!(began.elapsed() < within, "not ready within {within:?}");
            sleep(Duration::from_millis(20)).await;
        }
        began.elapsed()
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The form of the connection `fake`.
pub fn connection(base_url: &str) -> Vec<(&str, &str)> {
    vec![
        ("name", "fake"),
        ("description", "a test"),
        ("base_url", base_url),
        ("credential_kind", "bearer"),
        ("secret", SECRET),
        ("groups", "staff"),
        ("mask_prompt", "on"),
        ("mask_response", "on"),
        ("enabled", "on"),
    ]
}

/// A request with something sensitive in it.
pub fn hello() -> Value {
    json!({"model": "fake", "messages": [{"role": "user", "content": "hello, I am ana.example@example.com"}]})
}

/// The same, streamed.
pub fn hello_streamed() -> Value {
    let mut body = hello();
    body["stream"] = json!(true);
    body
}

/// The first gateway token in a text.
pub fn token_in(text: &str) -> Option<String> {
    text.match_indices("cs_").find_map(|(at, _)| {
        let token: String =
            text[at..].chars().take_while(|c| c.is_ascii_alphanumeric() || "_-".contains(*c)).collect();
        (token.len() == 52).then_some(token)
    })
}

/// All rows of a ledger, opened with a master key in hex.
pub async fn rows(database: &Database, key: &str) -> Vec<Row> {
    let key: Vec<u8> = (0..32).map(|at| u8::from_str_radix(&key[at * 2..at * 2 + 2], 16).unwrap()).collect();
    let master = Arc::new(MasterKey::new(key.try_into().unwrap()).unwrap());
    let reader = LedgerReader::new(database, Some(master));
    let mut rows = Vec::new();
    loop {
        let from = rows.len() as u64;
        let page = reader.records(from..from + 1_000).await.unwrap();
        if page.is_empty() {
            return rows;
        }
        for stored in page {
            let facts = reader.content(&stored.record, Group::Facts).await.unwrap();
            rows.push(Row {
                seq: stored.record.seq,
                kind: stored.record.kind,
                leaf: stored.leaf_hash.to_string(),
                exchange: stored.record.exchange.map(|exchange| exchange.to_string()),
                facts: facts.map_or(Value::Null, |bytes| serde_json::from_slice(&bytes).unwrap()),
            });
        }
    }
}

/// What was logged so far by the servers of this process.
pub fn logged() -> String {
    String::from_utf8_lossy(&LOGGED.lock().unwrap()).into_owned()
}

fn log_everything() {
    struct Log;
    impl std::io::Write for Log {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            LOGGED.lock().unwrap().write(bytes)
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let filter = tracing_subscriber::EnvFilter::new("debug,countersign=trace,hyper_util=info");
        tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).with_writer(|| Log).init();
    });
}
