//! An analyzer of raw HTTP that answers as a test wrote down, and remembers what it was asked.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use countersign_model::analyzer::{AnalyzerSettings, Hundredths, WhenItFails};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time::sleep,
};

/// How it answers.
#[derive(Debug, Clone)]
pub enum Manner {
    /// These words, each of its kind, wherever they stand; places in code points, as Presidio counts.
    Finds(Vec<(&'static str, &'static str)>),
    /// The same text about everything, with a status.
    Says(u16, String),
    /// Nothing, for as long as anybody waits.
    Silent,
    /// Ends the connection in the middle of its answer.
    Dies,
    /// As `Finds` none, after so long.
    Slow(Duration),
}

pub struct Presidio {
    pub url: String,
    asked: Arc<Mutex<Vec<Value>>>,
    most: Arc<AtomicUsize>,
    _tasks: JoinSet<()>,
}

impl Presidio {
    pub async fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (asked, manner) = (Arc::new(Mutex::new(Vec::new())), Arc::new(manner));
        let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let mut tasks = JoinSet::new();
        let shared = (Arc::clone(&asked), manner, now, Arc::clone(&most));
        tasks.spawn(async move {
            let mut open = JoinSet::new();
            while let Ok((socket, _)) = listener.accept().await {
                let (asked, manner, now, most) = shared.clone();
                open.spawn(async move {
                    most.fetch_max(now.fetch_add(1, SeqCst) + 1, SeqCst);
                    let _gone = serve(socket, &asked, &manner).await;
                    now.fetch_sub(1, SeqCst);
                });
            }
        });
        Self { url, asked, most, _tasks: tasks }
    }

    /// The questions' bodies so far.
    pub fn asked(&self) -> Vec<Value> {
        self.asked.lock().unwrap().clone()
    }

    /// The texts it was asked about so far, sorted.
    pub fn texts(&self) -> Vec<String> {
        let mut texts: Vec<String> =
            self.asked().iter().map(|asked| asked["text"].as_str().unwrap().to_owned()).collect();
        texts.sort();
        texts
    }

    /// Most connections that were open at the same time.
    pub fn most(&self) -> usize {
        self.most.load(SeqCst)
    }

    /// Settings that lead here.
    pub fn settings(&self, when_it_fails: WhenItFails) -> AnalyzerSettings {
        AnalyzerSettings {
            url: self.url.clone(),
            language: "en".into(),
            score: Hundredths::parse("0.4").unwrap(),
            entities: Vec::new(),
            timeout_ms: 3_000,
            when_it_fails,
        }
    }
}

async fn serve(mut socket: TcpStream, asked: &Mutex<Vec<Value>>, manner: &Manner) -> std::io::Result<()> {
    let mut read = Vec::new();
    let body = loop {
        let mut piece = [0; 4096];
        let count = socket.read(&mut piece).await?;
        if count == 0 {
            return Ok(());
        }
        read.extend_from_slice(&piece[..count]);
        let Some(end) = read.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&read[..end]).to_ascii_lowercase();
        assert!(head.starts_with("post /analyze http/1.1\r\n"), "{head}");
        assert!(!head.contains("authorization"), "{head}");
        let length = head.split("content-length: ").nth(1).unwrap().lines().next().unwrap();
        let length: usize = length.parse().unwrap();
        if read.len() >= end + 4 + length {
            break read.split_off(end + 4);
        }
    };
    let body: Value = serde_json::from_slice(&body).unwrap();
    let text = body["text"].as_str().unwrap().to_owned();
    asked.lock().unwrap().push(body);
    let (status, answer) = match manner.clone() {
        Manner::Finds(words) => (200, found(&text, &words).to_string()),
        Manner::Says(status, answer) => (status, answer),
        Manner::Slow(wait) => {
            sleep(wait).await;
            (200, "[]".to_owned())
        }
        Manner::Silent => {
            let _ = socket.read(&mut [0; 1]).await;
            return Ok(());
        }
        Manner::Dies => {
            return socket.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n[{").await;
        }
    };
    let moved = if (300..400).contains(&status) { "location: http://127.0.0.1:1/analyze\r\n" } else { "" };
    let head = format!(
        "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\n{moved}connection: close\r\ncontent-length: {}\r\n\r\n",
        answer.len()
    );
    socket.write_all(&[head.as_bytes(), answer.as_bytes()].concat()).await
}

fn found(text: &str, words: &[(&str, &str)]) -> Value {
    let spans = words.iter().flat_map(|(kind, word)| {
        text.match_indices(word).map(move |(at, _)| {
            let start = text[..at].chars().count();
            json!({"entity_type": kind, "start": start, "end": start + word.chars().count(), "score": 0.85,
                "analysis_explanation": null, "recognition_metadata": {"recognizer_name": "Fake"}})
        })
    });
    Value::Array(spans.collect())
}
