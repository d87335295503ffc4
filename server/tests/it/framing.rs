//! Requests that two readers could read as two different ones, over a real socket.

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::house::House;

/// Sends the head and reads to the end of the connection.
async fn say(house: &House, head: &str) -> String {
    let mut stream = TcpStream::connect(house.address).await.unwrap();
    stream.write_all(head.replace('\n', "\r\n").as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn a_request_without_one_host_is_refused_in_the_callers_protocol() {
    let house = House::open().await;
    for hosts in ["", "Host: a\nHost: b\n", "Host: user@a\n"] {
        let api = say(&house, &format!("GET /c/fake/models HTTP/1.1\n{hosts}\n")).await;
        assert!(api.starts_with("HTTP/1.1 400 "), "{api}");
        assert!(api.contains("\"code\":\"bad_host\"") && api.contains("connection: close"), "{api}");
        let page = say(&house, &format!("GET /sign-in HTTP/1.1\n{hosts}\n")).await;
        assert!(page.starts_with("HTTP/1.1 400 ") && page.contains("text/plain"), "{page}");
    }
    let old = say(&house, "GET /healthz HTTP/1.0\n\n").await;
    assert!(old.starts_with("HTTP/1.0 200 "), "{old}");
}

#[tokio::test]
async fn no_transfer_coding_but_chunked_is_taken() {
    let house = House::open().await;
    let head = "POST /c/fake/chat/completions HTTP/1.1\nHost: a\nTransfer-Encoding: gzip, chunked\n\n0\n\n";
    let answer = say(&house, head).await;
    assert!(
        answer.starts_with("HTTP/1.1 501 ") && answer.contains("unsupported_transfer_coding"),
        "{answer}"
    );
}

#[tokio::test]
async fn a_user_in_the_url_is_a_credential_in_the_url() {
    let house = House::open().await;
    let head =
        "GET http://cs_secret@gateway.test/c/fake/models HTTP/1.1\nHost: gateway.test\nConnection: close\n\n";
    let answer = say(&house, head).await;
    assert!(answer.starts_with("HTTP/1.1 400 ") && answer.contains("credential_in_url"), "{answer}");
}
