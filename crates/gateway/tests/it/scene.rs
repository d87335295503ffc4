//! A gateway with one connection, one caller and everything in memory but the upstream's socket.

use std::{
    sync::{Arc, LazyLock},
    time::{Duration, Instant},
};

use bytes::Bytes;
use countersign_detect::{Engine, MarkKey};
use countersign_gateway::{
    Gateway, Parts,
    directory::{Detection, Directory, Route, Snapshot},
    tls,
    visit::{Arrival, Body, Visit},
};
use countersign_model::{
    Clock, Mint, RequestId,
    connection::{Connection, ConnectionSettings, CredentialKind, Limits, Masking, Recording, Uninspected},
};
use http::{HeaderMap, HeaderValue, Method, Response, header};
use http_body_util::{BodyExt as _, Full};
use rustls::ClientConfig;
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};
use tokio_util::task::TaskTracker;

use crate::{
    memory::{Counting, MemoryCallers, MemoryJournal, Still},
    upstream::Upstream,
};

/// Reading the machine's certificates takes longer than most tests.
static TLS: LazyLock<ClientConfig> = LazyLock::new(|| tls::client_config().unwrap());

/// An uncounted token that every scene knows.
pub const TOKEN: &str = "token-of-ana";

pub struct Scene {
    pub gateway: Arc<Gateway>,
    pub journal: Arc<MemoryJournal>,
    pub callers: Arc<MemoryCallers>,
    pub upstream: Upstream,
    pub engine: Arc<Engine>,
    pub directory: Arc<Directory>,
    tracker: TaskTracker,
    mint: Counting,
}

/// A response, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
}

/// One connection, and the standard entities.
pub fn alone(connection: Connection) -> Snapshot {
    with(connection, Detection::standard())
}

/// One connection, and what is looked for.
pub fn with(connection: Connection, detection: Detection) -> Snapshot {
    let name = connection.settings.name.clone();
    let routes = [(name, Arc::new(Route::new(connection, None, detection.clone())))].into();
    Snapshot { routes, detection }
}

impl Scene {
    pub async fn new() -> Self {
        let upstream = Upstream::start().await;
        let url = upstream.url.clone();
        Self::over(upstream, &url)
    }

    /// With a base URL that may lead elsewhere.
    pub fn over(upstream: Upstream, base_url: &str) -> Self {
        let (journal, callers) = (Arc::new(MemoryJournal::default()), Arc::new(MemoryCallers::default()));
        callers.token(TOKEN, None);
        let (tracker, engine) = (TaskTracker::new(), Arc::new(Engine::standard()));
        let directory = Arc::new(Directory::default());
        directory.swap(alone(connection(base_url)));
        let gateway = Gateway::new(Parts {
            callers: callers.clone(),
            journal: journal.clone(),
            directory: Arc::clone(&directory),
            marks: MarkKey::derive(&[7; 32]),
            clock: Arc::new(Still),
            mint: Arc::new(Counting::default()),
            tracker: tracker.clone(),
            tls: TLS.clone(),
        });
        let gateway = Arc::new(gateway);
        Self { gateway, journal, callers, upstream, engine, directory, tracker, mint: Counting::default() }
    }

    /// Changes the connection's settings, as an administrator would.
    pub fn reconfigure(&self, change: impl FnOnce(&mut ConnectionSettings)) {
        let mut connection = connection(&self.upstream.url);
        change(&mut connection.settings);
        self.directory.swap(alone(connection));
    }

    /// Has other things looked for, as a change of an administrator would.
    pub fn looks_for(&self, detection: Detection) {
        self.directory.swap(with(connection(&self.upstream.url), detection));
    }

    /// A chat request as it would arrive.
    pub fn chat(&self, token: &str, body: &Value) -> Arrival {
        let mut headers = HeaderMap::new();
        headers.insert(header::AUTHORIZATION, HeaderValue::from_str(&format!("Bearer {token}")).unwrap());
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let visit = Visit {
            request: RequestId::from_uuid(self.mint.uuid(Still.now())),
            at: Still.now(),
            started: Instant::now(),
            peer: "127.0.0.1:5000".into(),
            method: Method::POST,
            connection: "model".into(),
            path: "v1/chat/completions".into(),
            query: None,
            userinfo: false,
            user_agent: None,
        };
        let body = Full::new(Bytes::from(body.to_string())).map_err(|never| match never {}).boxed_unsync();
        Arrival { visit, headers, body }
    }

    /// Sends "hello" and reads the answer to its end.
    pub async fn hello(&self, token: &str) -> Answer {
        read(self.gateway.handle(self.chat(token, &hello())).await).await
    }

    /// Waits until everything that outlives a request has ended.
    pub async fn settled(&self) {
        let ended = async {
            while !self.tracker.is_empty() {
                sleep(Duration::from_millis(5)).await;
            }
        };
        timeout(Duration::from_secs(10), ended).await.expect("the tasks of all requests end");
    }
}

/// A request that asks for nothing.
pub fn hello() -> Value {
    json!({"model": "m", "messages": [{"role": "user", "content": "hello"}]})
}

/// The same, streamed.
pub fn hello_streamed() -> Value {
    json!({"model": "m", "stream": true, "messages": [{"role": "user", "content": "hello"}]})
}

/// Reads a response to its end.
pub async fn read(response: Response<Body>) -> Answer {
    let (head, mut body) = response.into_parts();
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.expect("the transport holds until the body's end");
        bytes.extend_from_slice(&frame.into_data().unwrap_or_default());
    }
    let body = String::from_utf8(bytes).unwrap();
    Answer { status: head.status.as_u16(), headers: head.headers, body }
}

/// The `code` of an answer in OpenAI's error shape.
pub fn code(answer: &Answer) -> String {
    let body: Value = serde_json::from_str(&answer.body).unwrap();
    body["error"]["code"].as_str().unwrap_or_default().to_owned()
}

/// One streamed event with a piece of text.
pub fn delta(content: &str) -> Vec<u8> {
    event(&json!({"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m",
        "choices": [{"index": 0, "delta": {"content": content}, "finish_reason": null}]}))
}

/// One streamed event.
pub fn event(data: &Value) -> Vec<u8> {
    format!("data: {data}\n\n").into_bytes()
}

/// The protocol's end mark.
pub const DONE: &str = "data: [DONE]\n\n";

/// A whole JSON answer.
pub const ANSWER: &str = r#"{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}]}"#;

fn connection(base_url: &str) -> Connection {
    Connection {
        id: "con_00000000000000000000000000000001".parse().unwrap(),
        settings: ConnectionSettings {
            name: "model".into(),
            description: String::new(),
            base_url: base_url.into(),
            credential: CredentialKind::None,
            groups: vec!["staff".into()],
            limits: Limits::default(),
            recording: Recording::MaskedText,
            masking: Masking::default(),
            uninspected: Uninspected::Refuse,
            analyzer: None,
            enabled: true,
        },
        version: 1,
        has_secret: false,
        created_at: Still.now(),
        updated_at: Still.now(),
    }
}
