//! A model server of raw TCP, OpenAI's shape, plain and streamed. It counts every byte that reaches it.

use std::{
    io,
    net::SocketAddr,
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
    time::sleep,
};

/// Says this to everyone; the address is made up.
pub const SAYS: &str = "Write to help.desk@example.com for more.";
/// What a caller reads of it.
pub const SAYS_MASKED: &str = "Write to [EMAIL_ADDRESS] for more.";

/// Listens until dropped.
pub struct Model {
    pub url: String,
    seen: Arc<Seen>,
    _tasks: JoinSet<()>,
}

#[derive(Default)]
struct Seen {
    bytes: AtomicUsize,
    requests: Mutex<Vec<String>>,
    /// Pause between two pieces of a stream, microseconds.
    pace: AtomicUsize,
    /// Instead of the usual: a status and a body.
    instead: Mutex<Option<(u16, String)>>,
}

impl Model {
    pub async fn start() -> Self {
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
        let url = format!("http://{}/v1", listener.local_addr().unwrap());
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
                while open.try_join_next().is_some() {}
            }
        });
        Self { url, seen, _tasks: tasks }
    }

    /// Bytes that reached it.
    pub fn bytes(&self) -> usize {
        self.seen.bytes.load(SeqCst)
    }

    pub fn requests(&self) -> Vec<String> {
        self.seen.requests.lock().unwrap().clone()
    }

    /// Streams slowly from now on.
    pub fn pace(&self, pause: Duration) {
        self.seen.pace.store(usize::try_from(pause.as_micros()).unwrap(), SeqCst);
    }

    /// Answers this from now on.
    pub fn answers(&self, status: u16, body: &str) {
        *self.seen.instead.lock().unwrap() = Some((status, body.to_owned()));
    }
}

async fn serve(mut socket: TcpStream, seen: &Seen) -> io::Result<()> {
    socket.set_nodelay(true)?;
    let mut buffer = Vec::new();
    while let Some(request) = read_request(&mut socket, &mut buffer, seen).await? {
        let streamed = request.contains("\"stream\":true");
        let models = request.starts_with("GET /v1/models");
        {
            let mut requests = seen.requests.lock().unwrap();
            if requests.len() < 1_000 {
                requests.push(request);
            }
        }
        let instead = seen.instead.lock().unwrap().clone();
        if let Some((status, body)) = instead {
            whole(&mut socket, status, &body).await?;
        } else if models {
            whole(&mut socket, 200, r#"{"object":"list","data":[{"id":"fake","object":"model"}]}"#).await?;
        } else if streamed {
            stream(&mut socket, seen).await?;
        } else {
            let body = format!(
                r#"{{"id":"c","object":"chat.completion","created":1,"model":"fake","choices":[{{"index":0,"message":{{"role":"assistant","content":"{SAYS}"}},"finish_reason":"stop"}}]}}"#
            );
            whole(&mut socket, 200, &body).await?;
        }
    }
    Ok(())
}

async fn whole(socket: &mut TcpStream, status: u16, body: &str) -> io::Result<()> {
    let length = body.len();
    let text = format!(
        "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    );
    socket.write_all(text.as_bytes()).await
}

async fn stream(socket: &mut TcpStream, seen: &Seen) -> io::Result<()> {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
    socket.write_all(head.as_bytes()).await?;
    let letters: Vec<char> = SAYS.chars().collect();
    let mut events: Vec<String> = letters
        .chunks(5)
        .map(|piece| {
            let piece: String = piece.iter().collect();
            format!(
                r#"{{"id":"c","object":"chat.completion.chunk","created":1,"model":"fake","choices":[{{"index":0,"delta":{{"content":"{piece}"}},"finish_reason":null}}]}}"#
            )
        })
        .collect();
    events.push(
        r#"{"id":"c","object":"chat.completion.chunk","created":1,"model":"fake","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#
            .into(),
    );
    events.push("[DONE]".into());
    for event in events {
        let event = format!("data: {event}\n\n");
        socket.write_all(format!("{:x}\r\n{event}\r\n", event.len()).as_bytes()).await?;
        sleep(Duration::from_micros(seen.pace.load(SeqCst) as u64)).await;
    }
    socket.write_all(b"0\r\n\r\n").await
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
