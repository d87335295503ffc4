//! A refusal that is sent while its request is still being sent reaches the sender.

use std::time::{Duration, Instant};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::house::House;

const LENGTH: usize = 24 << 20;

/// Sends everything before it reads anything, as simple clients do.
async fn send_then_read(house: &House, head: &str, send: usize) -> Result<String, std::io::Error> {
    let mut stream = TcpStream::connect(house.address).await?;
    stream.write_all(head.as_bytes()).await?;
    let piece = vec![b' '; 64 << 10];
    let mut sent = 0;
    while sent < send {
        stream.write_all(&piece).await?;
        sent += piece.len();
    }
    let mut answer = vec![0; 4096];
    let read = stream.read(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer[..read]).into_owned())
}

fn head(more: &str) -> String {
    format!(
        "POST /c/fake/chat/completions HTTP/1.1\r\nHost: gateway.test\r\nContent-Type: application/json\r\n\
         Content-Length: {LENGTH}\r\n{more}\r\n"
    )
}

#[tokio::test]
async fn an_upload_that_is_refused_reads_its_refusal() {
    let house = House::open().await;
    for _ in 0..5 {
        let answer =
            send_then_read(&house, &head("Authorization: Bearer cs_nobody\r\n"), LENGTH).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
        assert!(answer.contains("x-should-retry: false"), "{answer}");
    }
}

#[tokio::test]
async fn nobody_waits_long_for_a_body_that_does_not_come() {
    let house = House::open().await;
    for more in ["", "Expect: 100-continue\r\n"] {
        let begun = Instant::now();
        let answer = send_then_read(&house, &head(more), 0).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
        assert!(begun.elapsed() < Duration::from_secs(8));
    }
}
