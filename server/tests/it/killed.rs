//! `kill -9`, again and again, under load: of the gateway, of its PostgreSQL, at moments a fixed seed chooses. What a
//! client was given a receipt for is in the log, the log is sound and dense, and each intent ends with one outcome.
//!
//! The real binary with its own embedded, durable PostgreSQL; clients that keep coming, plain and streamed.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, File},
    io::{BufRead, BufReader},
    net::{SocketAddr, TcpListener},
    os::unix::fs::PermissionsExt as _,
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
        mpsc,
    },
    time::{Duration, Instant},
};

use countersign_ledger::Kind;
use countersign_store::testing::TestDatabase;
use http::Method;
use http_body_util::BodyExt as _;
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use tempfile::TempDir;
use tokio::{
    task::JoinSet,
    time::{sleep, timeout},
};

use crate::{
    browser::{self, Browser},
    house::{Row, connection, hello, hello_streamed, rows, token_in},
    model::Model,
};

const ORIGIN: &str = "http://gateway.test";
const CLIENTS: usize = 16;

/// The product as it is installed: one binary, one folder.
struct Product {
    folder: TempDir,
    address: SocketAddr,
    child: Child,
    /// What the set-up link ends with, at the first start.
    setup: Option<String>,
}

impl Product {
    fn install() -> Self {
        let open = fs::Permissions::from_mode(0o755);
        let folder =
            tempfile::Builder::new().prefix("countersign-kill-").permissions(open).tempdir().unwrap();
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let (child, setup) = start(&folder, address);
        Self { folder, address, child, setup }
    }

    /// Starts it again; it must come up by itself, whatever the last one left behind.
    fn again(&mut self) {
        self.child = start(&self.folder, self.address).0;
    }

    fn kill_gateway(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    fn kill_postgres(&self) {
        let pid = fs::read_to_string(self.folder.path().join("postgres/postmaster.pid"));
        // Between two lives there is none, or half a file: then there is nothing to kill.
        let pid = pid.ok().and_then(|text| text.lines().next()?.trim().parse().ok());
        if let Some(pid) = pid {
            let _gone = kill(Pid::from_raw(pid), Signal::SIGKILL);
        }
    }

    fn stop(&mut self) {
        kill(Pid::from_raw(i32::try_from(self.child.id()).unwrap()), Signal::SIGTERM).unwrap();
        let status = self.child.wait().unwrap();
        assert!(status.success(), "{status}: {}", self.said());
    }

    fn said(&self) -> String {
        let text = fs::read_to_string(self.folder.path().join("stderr")).unwrap_or_default();
        text.lines().rev().take(20).collect::<Vec<_>>().join("\n")
    }

    async fn ready(&self, within: Duration) -> Duration {
        let began = Instant::now();
        loop {
            let answer = browser::try_send(self.address, Method::GET, "/readyz", &[], String::new()).await;
            if answer.is_some_and(|answer| answer.status == 200) {
                return began.elapsed();
            }
            assert!(began.elapsed() < within, "not ready within {within:?}: {}", self.said());
            sleep(Duration::from_millis(20)).await;
        }
    }

    fn verify(&self) -> serde_json::Value {
        let output =
            command().args(["verify", "--json", "--data-dir"]).arg(self.folder.path()).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// All rows, read from its own database beside it.
    async fn rows(&self) -> Vec<Row> {
        let url = fs::read_to_string(self.folder.path().join("postgres.url")).unwrap();
        let key = fs::read_to_string(self.folder.path().join("master.key")).unwrap();
        rows(&TestDatabase::connect(&url).await, &key).await
    }
}

impl Drop for Product {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        // Its PostgreSQL goes down with it; the folder must not go first.
        let pid = self.folder.path().join("postgres/postmaster.pid");
        for _ in 0..500 {
            if !pid.exists() {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
    command.env_remove("DATABASE_URL");
    command
}

fn start(folder: &TempDir, address: SocketAddr) -> (Child, Option<String>) {
    let stderr = File::options().create(true).append(true).open(folder.path().join("stderr")).unwrap();
    let mut child = command()
        .args([
            "serve",
            "--sample-model",
            "off",
            "--public-url",
            ORIGIN,
            "--listen",
            &address.to_string(),
            "--data-dir",
        ])
        .arg(folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(stderr)
        .spawn()
        .unwrap();
    let (lines, said) = mpsc::channel();
    let stdout = BufReader::new(child.stdout.take().unwrap());
    std::thread::spawn(move || {
        for line in stdout.lines().map_while(Result::ok) {
            let _nobody = lines.send(line);
        }
    });
    let mut setup = None;
    let mut quiet = Duration::from_mins(1);
    loop {
        match said.recv_timeout(quiet) {
            Ok(line) => {
                if let Some((_, token)) = line.split_once("/setup?token=") {
                    setup = Some(token.trim().to_owned());
                }
                if line.contains("Countersign is running") {
                    // The rest of the banner is in the same breath.
                    quiet = Duration::from_millis(150);
                }
            }
            Err(_) if quiet < Duration::from_secs(1) => return (child, setup),
            Err(_) => {
                let _ = child.kill();
                let why = fs::read_to_string(folder.path().join("stderr")).unwrap_or_default();
                panic!("it does not start: {why}");
            }
        }
    }
}

/// What the clients were given.
#[derive(Default)]
struct Given {
    /// Row number to leaf hash.
    receipts: Mutex<BTreeMap<u64, String>>,
    /// Exchanges of streams that ended with the end mark.
    ended: Mutex<BTreeSet<String>>,
    answers: AtomicUsize,
    broken: AtomicUsize,
    unavailable: AtomicUsize,
    stop: AtomicBool,
}

async fn client(given: Arc<Given>, address: SocketAddr, token: String, streamed: bool) {
    let body = if streamed { hello_streamed() } else { hello() }.to_string();
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    while !given.stop.load(SeqCst) {
        let asked = browser::begin(address, Method::POST, "/c/fake/chat/completions", &headers, body.clone());
        let Ok(Some(running)) = timeout(Duration::from_secs(10), asked).await else {
            given.broken.fetch_add(1, SeqCst);
            sleep(Duration::from_millis(20)).await;
            continue;
        };
        let head = running.response.headers();
        let text = |name: &str| head.get(name).map(|value| value.to_str().unwrap().to_owned());
        let (status, exchange) = (running.response.status().as_u16(), text("x-countersign-exchange"));
        if let Some(receipt) = text("x-countersign-receipt") {
            let (seq, leaf) = receipt.split_once(':').unwrap();
            let before = given.receipts.lock().unwrap().insert(seq.parse().unwrap(), leaf.to_owned());
            assert!(before.is_none(), "row {seq} was given to two");
        }
        if status == 503 {
            given.unavailable.fetch_add(1, SeqCst);
            sleep(Duration::from_millis(20)).await;
        } else {
            assert_eq!(status, 200);
        }
        let body = timeout(Duration::from_secs(10), running.response.into_body().collect()).await;
        match body {
            Ok(Ok(body)) => {
                given.answers.fetch_add(usize::from(status == 200), SeqCst);
                if body.to_bytes().ends_with(b"data: [DONE]\n\n") {
                    given.ended.lock().unwrap().insert(exchange.unwrap());
                }
            }
            _ => {
                given.broken.fetch_add(1, SeqCst);
            }
        }
    }
}

/// xorshift64*: the same moments in every run.
struct Dice(u64);

impl Dice {
    fn up_to(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) % most
    }
}

/// Kills in this order: `g`ateway, `p`ostgres, `b`oth.
#[expect(clippy::print_stdout, reason = "the numbers of a run, for whoever reads along")]
async fn survives(kills: impl Iterator<Item = char>) {
    let mut product = Product::install();
    let model = Model::start().await;
    model.pace(Duration::from_millis(2));
    let token = set_up(&product, &model).await;
    let given = Arc::new(Given::default());
    let mut clients = JoinSet::new();
    for at in 0..CLIENTS {
        clients.spawn(client(Arc::clone(&given), product.address, token.clone(), at % 2 == 0));
    }
    let (mut dice, mut counts, mut slowest) = (Dice(0x0c0f_fee5_2026), [0; 3], Duration::ZERO);
    for what in kills {
        // Under load: somebody has been served since the last death.
        let before = given.answers.load(SeqCst);
        let served = async {
            while given.answers.load(SeqCst) < before + CLIENTS {
                sleep(Duration::from_millis(10)).await;
            }
        };
        timeout(Duration::from_secs(30), served)
            .await
            .unwrap_or_else(|_| panic!("nobody is served: {}", product.said()));
        sleep(Duration::from_millis(dice.up_to(400))).await;
        let began = Instant::now();
        match what {
            'g' => {
                product.kill_gateway();
                product.again();
                counts[0] += 1;
            }
            'p' => {
                product.kill_postgres();
                counts[1] += 1;
            }
            _ => {
                product.kill_postgres();
                product.kill_gateway();
                product.again();
                counts[2] += 1;
            }
        }
        if what == 'p' {
            // It may not have noticed yet; served clients are what counts.
            sleep(Duration::from_millis(50)).await;
        }
        product.ready(Duration::from_secs(20)).await;
        slowest = slowest.max(began.elapsed());
    }
    given.stop.store(true, SeqCst);
    while let Some(ended) = clients.join_next().await {
        ended.unwrap();
    }
    // Whatever is open now, the next start closes.
    product.stop();
    product.again();
    product.ready(Duration::from_secs(20)).await;

    let report = product.verify();
    assert_eq!((&report["sound"], &report["report"]["open"]), (&true.into(), &0.into()), "{report}");
    assert!(!report["report"]["anchored"].is_null(), "measured against what the node remembers: {report}");
    let rows = product.rows().await;
    check(&rows, &given);
    println!(
        "{} gateways, {} PostgreSQLs and {} times both killed; {} rows, {} answers, {} receipts, {} broken, {} told 503; slowest return {slowest:?}",
        counts[0],
        counts[1],
        counts[2],
        rows.len(),
        given.answers.load(SeqCst),
        given.receipts.lock().unwrap().len(),
        given.broken.load(SeqCst),
        given.unavailable.load(SeqCst),
    );
}

fn check(rows: &[Row], given: &Given) {
    assert!(rows.iter().enumerate().all(|(at, row)| row.seq == at as u64), "dense");
    for (seq, leaf) in given.receipts.lock().unwrap().iter() {
        let row = rows.get(usize::try_from(*seq).unwrap()).unwrap_or_else(|| panic!("row {seq} was lost"));
        assert_eq!((&row.leaf, row.kind), (leaf, Kind::Intent), "row {seq}");
    }
    let mut outcomes: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.kind == Kind::Outcome) {
        outcomes.entry(row.exchange.as_deref().unwrap()).or_default().push(row);
    }
    let mut intents = 0;
    for row in rows.iter().filter(|row| row.kind == Kind::Intent) {
        let closed = outcomes.get(row.exchange.as_deref().unwrap()).map_or(0, Vec::len);
        assert_eq!(closed, 1, "outcomes of the intent in row {}", row.seq);
        intents += 1;
    }
    assert_eq!(outcomes.len(), intents, "no outcome without an intent");
    for exchange in given.ended.lock().unwrap().iter() {
        let outcome = &outcomes[exchange.as_str()][0];
        assert_eq!(outcome.facts["end"], "completed", "the end mark waits for the outcome: {outcome:?}");
    }
    assert!(!given.receipts.lock().unwrap().is_empty() && !given.ended.lock().unwrap().is_empty());
}

async fn set_up(product: &Product, model: &Model) -> String {
    let mut root = Browser::new(product.address, ORIGIN);
    let token = product.setup.as_deref().expect("a set-up link is printed");
    let password = "a long and quiet sentence";
    let form = [
        ("token", token),
        ("login", "root"),
        ("display_name", "Root"),
        ("password", password),
        ("password_again", password),
    ];
    assert_eq!(root.post("/setup", &form).await.status, 303);
    let mut form = connection(&model.url);
    form[5].1 = "*";
    assert_eq!(root.post("/setup/connection", &form).await.status, 303);
    sleep(Duration::from_millis(500)).await;
    let answer =
        root.post("/connect", &[("label", "load"), ("lifetime_seconds", "86400"), ("max_uses", "")]).await;
    let answer = root.get(answer.location()).await;
    token_in(&answer.body).expect("a token")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_gateway_and_its_postgres_survive_being_killed_under_load() {
    survives("gpgbgpggpbgp".chars()).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "by hand: a hundred deaths take minutes"]
async fn a_hundred_deaths() {
    survives("gpgbg".chars().cycle().take(100)).await;
}
