//! A proxy in front of Postgres that can lose exactly the reply to COMMIT, and small ways to say what is written.
#![allow(dead_code, clippy::allow_attributes, reason = "each test file uses a part of it")]
#![allow(clippy::unwrap_used, reason = "a test")]
#![allow(clippy::disallowed_methods, reason = "the proxy's tasks end with the test")]

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU8, AtomicU32, Ordering},
    },
    time::Duration,
};

use countersign_ledger::{Group, Kind, TreeHead};
use countersign_model::{ExchangeId, SessionId};
use countersign_store::{
    ledger::{Entry, LedgerReader, Verdict, VerifyOptions},
    testing::{self, TestDatabase},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, UnixStream},
    time::sleep,
};
use tokio_util::sync::CancellationToken;
use url::Url;
use uuid::Uuid;

pub const PASS: u8 = 0;
/// What would commit never reaches the server.
pub const LOSE_COMMIT: u8 = 1;
/// The commit is done, its reply never arrives.
pub const LOSE_REPLY: u8 = 2;
/// Nothing moves in either direction.
pub const STALL: u8 = 3;
/// What would commit reaches the server only after the client has hung up.
pub const DELAY_COMMIT: u8 = 4;
/// What would commit is kept, whatever else goes on, until [`RELEASE`].
pub const HOLD_COMMIT: u8 = 5;
/// What is kept reaches the server; everything else passes.
pub const RELEASE: u8 = 6;

pub struct Proxy {
    pub url: String,
    pub mode: Arc<AtomicU8>,
    /// How many commits were seen in a mode that does something to them, and how many of those were no COMMIT but a
    /// statement that is its own transaction.
    pub faults: Arc<AtomicU32>,
    pub at_once: Arc<AtomicU32>,
}

impl Proxy {
    pub async fn start(database: &TestDatabase) -> Self {
        let mut url = Url::parse(&database.url).unwrap();
        let directory = url.query_pairs().find(|(key, _)| key == "host").unwrap().1.into_owned();
        let socket = PathBuf::from(directory).join(".s.PGSQL.5432");
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        url.set_query(Some("sslmode=disable"));
        url.set_host(Some("127.0.0.1")).unwrap();
        url.set_port(Some(listener.local_addr().unwrap().port())).unwrap();
        let mode = Arc::new(AtomicU8::new(PASS));
        let faults = Arc::new(AtomicU32::new(0));
        let at_once = Arc::new(AtomicU32::new(0));
        let shared = (Arc::clone(&mode), Arc::clone(&faults), Arc::clone(&at_once));
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = UnixStream::connect(&socket).await.unwrap();
                let (mode, faults, at_once) = shared.clone();
                tokio::spawn(relay(client, server, mode, faults, at_once));
            }
        });
        Self { url: url.into(), mode, faults, at_once }
    }

    pub fn set(&self, mode: u8) {
        self.mode.store(mode, Ordering::SeqCst);
    }

    pub fn faults(&self) -> u32 {
        self.faults.load(Ordering::SeqCst)
    }
}

async fn relay(
    client: tokio::net::TcpStream,
    server: UnixStream,
    mode: Arc<AtomicU8>,
    faults: Arc<AtomicU32>,
    at_once: Arc<AtomicU32>,
) {
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let down_mode = Arc::clone(&mode);
    let down = tokio::spawn(async move {
        let mut buffer = vec![0; 65_536];
        while let Ok(len @ 1..) = from_server.read(&mut buffer).await {
            stalled(&down_mode).await;
            if to_client.write_all(&buffer[..len]).await.is_err() {
                break;
            }
        }
    });
    let mut spoken = Spoken::default();
    let mut buffer = vec![0; 65_536];
    let mut failing: Option<(u8, Vec<u8>)> = None;
    while let Ok(len @ 1..) = from_client.read(&mut buffer).await {
        stalled(&mode).await;
        spoken.unread.extend_from_slice(&buffer[..len]);
        while let Some((message, commit)) = spoken.next() {
            let fault = mode.load(Ordering::SeqCst);
            if let Some(commit) = commit.filter(|_| fault != PASS && fault != RELEASE) {
                down.abort();
                failing = Some((fault, Vec::new()));
                at_once.fetch_add(u32::from(commit == Commit::AtOnce), Ordering::SeqCst);
                faults.fetch_add(1, Ordering::SeqCst);
            }
            let Some((fault, kept)) = &mut failing else {
                if to_server.write_all(&message).await.is_err() {
                    return down.abort();
                }
                continue;
            };
            kept.extend_from_slice(&message);
            // A query ends with itself, a prepared statement with its Sync.
            if !matches!(message[0], b'Q' | b'S') {
                continue;
            }
            match *fault {
                LOSE_REPLY => {}
                DELAY_COMMIT => sleep(Duration::from_millis(900)).await,
                HOLD_COMMIT => {
                    while mode.load(Ordering::SeqCst) != RELEASE {
                        sleep(Duration::from_millis(5)).await;
                    }
                }
                _ => return,
            }
            to_server.write_all(kept).await.unwrap();
            return sleep(Duration::from_millis(100)).await;
        }
    }
    down.abort();
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Commit {
    Commit,
    AtOnce,
}

/// What a client says, message by message (PostgreSQL, "Message Formats").
#[derive(Default)]
struct Spoken {
    unread: Vec<u8>,
    begun: bool,
    in_transaction: bool,
    /// Names of prepared statements that move the head.
    moves: Vec<Vec<u8>>,
}

impl Spoken {
    /// The next message, and how it commits if it does.
    fn next(&mut self) -> Option<(Vec<u8>, Option<Commit>)> {
        // The first message has no kind.
        let kind = usize::from(self.begun);
        let length = self.unread.get(kind..kind + 4)?;
        let end = kind + u32::from_be_bytes(length.try_into().unwrap()) as usize;
        if self.unread.len() < end {
            return None;
        }
        let message: Vec<u8> = self.unread.drain(..end).collect();
        if !std::mem::replace(&mut self.begun, true) {
            return Some((message, None));
        }
        let mut words = message[5..].split(|byte| *byte == 0);
        let (first, second) = (words.next().unwrap(), words.next().unwrap_or_default());
        let commit = match message[0] {
            b'Q' if first.starts_with(b"BEGIN") => {
                self.in_transaction = true;
                None
            }
            b'Q' => {
                self.in_transaction = false;
                (first == b"COMMIT").then_some(Commit::Commit)
            }
            // Name, statement.
            b'P' if second.windows(27).any(|at| at == b"UPDATE ledger_head SET size") => {
                self.moves.push(first.to_vec());
                None
            }
            // Portal, name.
            b'B' if !self.in_transaction && self.moves.iter().any(|name| name == second) => {
                Some(Commit::AtOnce)
            }
            _ => None,
        };
        Some((message, commit))
    }
}

async fn stalled(mode: &AtomicU8) {
    while mode.load(Ordering::SeqCst) == STALL {
        sleep(Duration::from_millis(10)).await;
    }
}

pub fn exchange(n: u128) -> ExchangeId {
    ExchangeId::from_uuid(Uuid::from_u128(n))
}

pub fn entry(kind: Kind, n: u128) -> Entry {
    Entry {
        kind,
        session: Some(SessionId::from_uuid(Uuid::from_u128(n % 7 + 1))),
        exchange: Some(exchange(n)),
        policy: None,
        contents: vec![
            (Group::Request, format!("request {n}").into_bytes()),
            (Group::Facts, format!("{{\"n\":{n}}}").into_bytes()),
        ],
    }
}

pub async fn verify_against(database: &TestDatabase, milestones: Vec<TreeHead>) -> Verdict {
    let reader = LedgerReader::new(&database.database, Some(testing::master_key()));
    let options = VerifyOptions { milestones, trusted_keys: None };
    let origin = "log.test/ledger".parse().unwrap();
    reader.verify(&origin, options, &CancellationToken::new(), |_| {}).await.unwrap()
}

pub async fn verify(database: &TestDatabase) -> Verdict {
    verify_against(database, vec![]).await
}

/// The report of a log that must be sound.
pub async fn sound(database: &TestDatabase) -> countersign_ledger::Report {
    match verify(database).await {
        Verdict::Sound(report) => report,
        other => panic!("{other:?}"),
    }
}
