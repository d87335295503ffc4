//! Model servers that answer badly.

use std::io::Write as _;

use countersign_model::reason::Reason;
use flate2::{Compression, write::GzEncoder};
use http_body_util::BodyExt as _;

use crate::{
    scene::{DONE, Scene, TOKEN, code, hello_streamed},
    upstream::Step,
};

#[tokio::test]
async fn a_coded_stream_is_undone_in_small_steps() {
    let scene = Scene::new().await;
    let comment = format!(": {}\n\n", "x".repeat(1_000));
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    for _ in 0..6_000 {
        packer.write_all(comment.as_bytes()).unwrap();
    }
    packer.write_all(DONE.as_bytes()).unwrap();
    let packed = packer.finish().unwrap();
    assert!(packed.len() < 32 << 10, "{} bytes", packed.len());
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n",
        packed.len()
    );
    scene.upstream.answers(vec![Step::Send([head.as_bytes(), &packed].concat())]);

    let mut body = scene.gateway.handle(scene.chat(TOKEN, &hello_streamed())).await.into_body();
    let (mut total, mut largest, mut last) = (0, 0, Vec::new());
    while let Some(frame) = body.frame().await {
        let piece = frame.unwrap().into_data().unwrap();
        total += piece.len();
        largest = largest.max(piece.len());
        last = piece.to_vec();
    }
    assert!(last.ends_with(DONE.as_bytes()));
    assert_eq!(total, comment.len() * 6_000 + DONE.len());
    assert!(largest <= 5 << 18, "{largest} bytes in one piece");
}

#[tokio::test]
async fn what_is_not_an_answer_is_broken_and_not_unreachable() {
    for answer in ["HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{} ", "hello\n\n", ""] {
        let scene = Scene::new().await;
        scene.upstream.answers(vec![Step::Send(answer.as_bytes().to_vec()), Step::Die]);
        let got = scene.hello(TOKEN).await;
        assert_eq!((got.status, code(&got).as_str()), (502, "upstream_broken"), "{answer:?}");
        scene.settled().await;
        assert_eq!(scene.journal.outcomes()[0].reason, Some(Reason::UpstreamBroken), "{answer:?}");
    }
}
