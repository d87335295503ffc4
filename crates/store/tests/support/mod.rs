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
/// COMMIT never reaches the server.
pub const LOSE_COMMIT: u8 = 1;
/// COMMIT is done, its reply never arrives.
pub const LOSE_REPLY: u8 = 2;
/// Nothing moves in either direction.
pub const STALL: u8 = 3;
/// COMMIT reaches the server only after the client has hung up.
pub const DELAY_COMMIT: u8 = 4;

pub struct Proxy {
    pub url: String,
    pub mode: Arc<AtomicU8>,
    /// How many COMMITs were seen in a mode that does something to them.
    pub faults: Arc<AtomicU32>,
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
        let (shared, counted) = (Arc::clone(&mode), Arc::clone(&faults));
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = UnixStream::connect(&socket).await.unwrap();
                tokio::spawn(relay(client, server, Arc::clone(&shared), Arc::clone(&counted)));
            }
        });
        Self { url: url.into(), mode, faults }
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
    let mut buffer = vec![0; 65_536];
    while let Ok(len @ 1..) = from_client.read(&mut buffer).await {
        stalled(&mode).await;
        let commit = buffer[..len].windows(7).any(|window| window == b"COMMIT\0");
        let fault = mode.load(Ordering::SeqCst);
        if commit && fault != PASS {
            faults.fetch_add(1, Ordering::SeqCst);
            down.abort();
            match fault {
                LOSE_REPLY => {
                    to_server.write_all(&buffer[..len]).await.unwrap();
                    sleep(Duration::from_millis(100)).await;
                }
                DELAY_COMMIT => {
                    sleep(Duration::from_millis(900)).await;
                    to_server.write_all(&buffer[..len]).await.unwrap();
                    sleep(Duration::from_millis(100)).await;
                }
                _ => {}
            }
            return;
        }
        if to_server.write_all(&buffer[..len]).await.is_err() {
            break;
        }
    }
    down.abort();
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
