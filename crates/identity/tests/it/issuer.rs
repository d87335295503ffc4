//! A small issuer that answers exactly what a test tells it to, and counts what it was asked.

use std::{
    collections::HashMap,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use serde_json::{Value, json};

use crate::signer::Signer;

pub struct Issuer {
    pub url: String,
    desk: Arc<Mutex<Desk>>,
}

#[derive(Default)]
struct Desk {
    answers: HashMap<String, Answer>,
    asked: HashMap<String, usize>,
    bodies: Vec<String>,
    delay: Duration,
}

#[derive(Clone)]
struct Answer {
    status: u16,
    headers: String,
    body: String,
}

impl Issuer {
    /// Listens and publishes the keys.
    pub fn start(keys: &[&Signer]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let desk = Arc::new(Mutex::new(Desk::default()));
        let inside = Arc::clone(&desk);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let desk = Arc::clone(&inside);
                thread::spawn(move || serve(stream, &desk));
            }
        });
        let issuer = Self { url, desk };
        issuer.publish(&json!({}));
        issuer.keys(keys);
        issuer
    }

    /// The discovery document, with members added or put in place of the usual ones.
    pub fn publish(&self, change: &Value) {
        let url = &self.url;
        let mut document = json!({
            "issuer": url, "jwks_uri": format!("{url}/jwks"), "authorization_endpoint": format!("{url}/auth"),
            "token_endpoint": format!("{url}/token"), "userinfo_endpoint": format!("{url}/me"),
            "id_token_signing_alg_values_supported": ["RS256", "Ed25519", "ML-DSA-44"],
        });
        for (name, value) in change.as_object().unwrap() {
            document[name] = value.clone();
        }
        self.answer("/.well-known/openid-configuration", 200, "", &document.to_string());
    }

    pub fn keys(&self, keys: &[&Signer]) {
        let set = json!({"keys": keys.iter().map(|key| key.jwk()).collect::<Vec<_>>()});
        self.answer("/jwks", 200, "cache-control: max-age=600\r\n", &set.to_string());
    }

    pub fn answer(&self, path: &str, status: u16, headers: &str, body: &str) {
        let answer = Answer { status, headers: headers.into(), body: body.into() };
        self.desk.lock().unwrap().answers.insert(path.into(), answer);
    }

    /// Every answer takes this long from now on.
    pub fn delay(&self, delay: Duration) {
        self.desk.lock().unwrap().delay = delay;
    }

    pub fn asked(&self, path: &str) -> usize {
        self.desk.lock().unwrap().asked.get(path).copied().unwrap_or(0)
    }

    /// The last request body.
    pub fn last_body(&self) -> String {
        self.desk.lock().unwrap().bodies.last().cloned().unwrap_or_default()
    }
}

fn serve(stream: TcpStream, desk: &Mutex<Desk>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut line = String::new();
    if reader.read_line(&mut line).unwrap_or(0) == 0 {
        return;
    }
    let path = line.split(' ').nth(1).unwrap_or("/").to_owned();
    let mut length = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).unwrap();
        if header.trim().is_empty() {
            break;
        }
        if let Some(value) = header.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let (answer, delay) = {
        let mut desk = desk.lock().unwrap();
        *desk.asked.entry(path.clone()).or_default() += 1;
        desk.bodies.push(String::from_utf8(body).unwrap());
        (desk.answers.get(&path).cloned(), desk.delay)
    };
    thread::sleep(delay);
    let answer = answer.unwrap_or(Answer { status: 404, headers: String::new(), body: String::new() });
    let mut stream = stream;
    let _ = write!(
        stream,
        "HTTP/1.1 {} X\r\n{}content-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{}",
        answer.status,
        answer.headers,
        answer.body.len(),
        answer.body
    );
}
