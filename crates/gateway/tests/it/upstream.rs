//! A model server of raw TCP: it counts what it sees and answers byte for byte what a test wrote down.

use std::{
    io,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time::{sleep, timeout},
};

/// One step of an answer.
#[derive(Debug, Clone)]
pub enum Step {
    /// Bytes in a segment of their own.
    Send(Vec<u8>),
    /// Silence, until the gateway goes away.
    Hang,
    /// The connection ends here.
    Die,
}

/// Listens until dropped.
pub struct Upstream {
    pub url: String,
    seen: Arc<Seen>,
    _tasks: JoinSet<()>,
}

#[derive(Default)]
struct Seen {
    bytes: AtomicUsize,
    requests: Mutex<Vec<String>>,
    /// Connections that ended while their answer was under way.
    cancelled: AtomicUsize,
    answer: Mutex<Vec<Step>>,
}

impl Upstream {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Seen::default());
        let mut tasks = JoinSet::new();
        let shared = Arc::clone(&seen);
        tasks.spawn(async move {
            let mut open = JoinSet::new();
            while let Ok((socket, _)) = listener.accept().await {
                let seen = Arc::clone(&shared);
                open.spawn(async move {
                    let _gone = serve(socket, &seen).await;
                });
            }
        });
        Self { url, seen, _tasks: tasks }
    }

    /// What every request is answered with.
    pub fn answers(&self, steps: Vec<Step>) {
        *self.seen.answer.lock().unwrap() = steps;
    }

    /// A whole JSON answer with a status.
    pub fn answers_json(&self, status: u16, body: &str) {
        let head = format!(
            "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        self.answers(vec![Step::Send(head.into_bytes())]);
    }

    /// Server-sent events in exactly these pieces, as chunks of one body.
    pub fn answers_events(&self, pieces: impl IntoIterator<Item = Vec<u8>>, end: Ending) {
        let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
        let mut steps = vec![Step::Send(head.as_bytes().to_vec())];
        for piece in pieces {
            let mut chunk = format!("{:x}\r\n", piece.len()).into_bytes();
            chunk.extend_from_slice(&piece);
            chunk.extend_from_slice(b"\r\n");
            steps.push(Step::Send(chunk));
        }
        steps.push(match end {
            Ending::Clean => Step::Send(b"0\r\n\r\n".to_vec()),
            Ending::Silent => Step::Hang,
            Ending::Abrupt => Step::Die,
        });
        self.answers(steps);
    }

    /// Bytes that reached the model server.
    pub fn bytes(&self) -> usize {
        self.seen.bytes.load(SeqCst)
    }

    pub fn requests(&self) -> Vec<String> {
        self.seen.requests.lock().unwrap().clone()
    }

    /// Waits until a request has arrived.
    pub async fn reached(&self) {
        let arrived = async {
            while self.requests().is_empty() {
                sleep(Duration::from_millis(5)).await;
            }
        };
        timeout(Duration::from_secs(5), arrived).await.expect("the request reaches the upstream");
    }

    /// Waits until the gateway has left an answer that was under way.
    pub async fn cancelled(&self) {
        let left = async {
            while self.seen.cancelled.load(SeqCst) == 0 {
                sleep(Duration::from_millis(5)).await;
            }
        };
        timeout(Duration::from_secs(5), left).await.expect("the upstream's request is cancelled");
    }
}

/// How a stream of events ends.
#[derive(Debug, Clone, Copy)]
pub enum Ending {
    Clean,
    Silent,
    Abrupt,
}

async fn serve(mut socket: TcpStream, seen: &Seen) -> io::Result<()> {
    socket.set_nodelay(true)?;
    let mut buffer = Vec::new();
    loop {
        let Some(request) = read_request(&mut socket, &mut buffer, seen).await? else { return Ok(()) };
        seen.requests.lock().unwrap().push(request);
        let answer = seen.answer.lock().unwrap().clone();
        for step in answer {
            match step {
                Step::Send(bytes) => {
                    socket.write_all(&bytes).await?;
                    // Lets the reader see this segment by itself.
                    sleep(Duration::from_micros(300)).await;
                }
                Step::Die => return Ok(()),
                Step::Hang => {
                    let mut rest = [0; 1];
                    let _left = socket.read(&mut rest).await;
                    seen.cancelled.fetch_add(1, SeqCst);
                    return Ok(());
                }
            }
        }
    }
}

/// One request with a `content-length`, or without a body.
async fn read_request(
    socket: &mut TcpStream,
    buffer: &mut Vec<u8>,
    seen: &Seen,
) -> io::Result<Option<String>> {
    loop {
        if let Some(head) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            let text = String::from_utf8_lossy(&buffer[..head]).to_ascii_lowercase();
            let length = text
                .lines()
                .find_map(|line| line.strip_prefix("content-length:"))
                .map_or(0, |length| length.trim().parse().unwrap());
            if buffer.len() >= head + 4 + length {
                let request: Vec<u8> = buffer.drain(..head + 4 + length).collect();
                return Ok(Some(String::from_utf8_lossy(&request).into_owned()));
            }
        }
        let mut piece = [0; 8192];
        let read = socket.read(&mut piece).await?;
        if read == 0 {
            return Ok(None);
        }
        seen.bytes.fetch_add(read, SeqCst);
        buffer.extend_from_slice(&piece[..read]);
    }
}
