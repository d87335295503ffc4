//! The client leaves, at every point where it can: exactly one outcome each, and the upstream is let go.

use std::{sync::Arc, time::Duration};

use countersign_gateway::ports::EntryKind;
use countersign_model::exchange::End;
use http_body_util::BodyExt as _;
use tokio::{task::JoinSet, time::sleep};

use crate::{
    memory::Fault,
    scene::{ANSWER, DONE, Scene, TOKEN, delta, hello, hello_streamed, read},
    upstream::{Ending, Step},
};

async fn one_outcome(scene: &Scene, end: End) {
    scene.settled().await;
    assert_eq!(scene.journal.count(EntryKind::Intent), 1);
    assert_eq!(scene.journal.outcomes().iter().map(|outcome| outcome.end).collect::<Vec<_>>(), [end]);
}

#[tokio::test]
async fn during_the_wait_for_the_record() {
    let scene = Scene::new().await;
    scene.upstream.answers_json(200, ANSWER);
    let token = scene.callers.token("counted", Some(1));
    scene.journal.fail(EntryKind::Intent, Fault::Late(Duration::from_millis(300)));
    let mut client = JoinSet::new();
    let (gateway, arrival) = (Arc::clone(&scene.gateway), scene.chat("counted", &hello()));
    client.spawn(async move { gateway.handle(arrival).await.status() });
    sleep(Duration::from_millis(100)).await;
    assert_eq!((scene.callers.uses(token), scene.journal.rows().len()), (1, 0));
    client.shutdown().await;
    one_outcome(&scene, End::NotForwarded).await;
    assert_eq!(scene.upstream.bytes(), 0);
    assert_eq!(scene.callers.uses(token), 0, "nothing was sent");
    assert_eq!(scene.hello("counted").await.status, 200, "the use is there again");
}

#[tokio::test]
async fn while_a_use_is_being_taken() {
    let scene = Scene::new().await;
    scene.upstream.answers_json(200, ANSWER);
    let token = scene.callers.token("counted", Some(1));
    *scene.callers.slow.lock().unwrap() = Duration::from_millis(200);
    let mut client = JoinSet::new();
    let (gateway, arrival) = (Arc::clone(&scene.gateway), scene.chat("counted", &hello()));
    client.spawn(async move { gateway.handle(arrival).await.status() });
    sleep(Duration::from_millis(60)).await;
    client.shutdown().await;
    one_outcome(&scene, End::NotForwarded).await;
    assert_eq!((scene.upstream.bytes(), scene.callers.uses(token)), (0, 0));
}

#[tokio::test]
async fn before_the_head() {
    let scene = Scene::new().await;
    scene.upstream.answers(vec![Step::Hang]);
    let token = scene.callers.token("counted", Some(1));
    let mut client = JoinSet::new();
    let (gateway, arrival) = (Arc::clone(&scene.gateway), scene.chat("counted", &hello()));
    client.spawn(async move { gateway.handle(arrival).await.status() });
    scene.upstream.reached().await;
    sleep(Duration::from_millis(120)).await;
    client.shutdown().await;
    scene.upstream.cancelled().await;
    one_outcome(&scene, End::ClientGone).await;
    assert_eq!(scene.callers.uses(token), 1, "the model has seen the request");
    let timings = scene.journal.outcomes()[0].timings;
    assert_eq!((timings.head, timings.last_byte), (None, None));
    let waited = timings.ended.unwrap() - timings.recorded.unwrap();
    assert!(waited >= 120_000, "the wait until the client left is told: {timings:?}");
}

#[tokio::test]
async fn in_the_middle_of_a_whole_answer() {
    let scene = Scene::new().await;
    let head =
        b"HTTP/1.1 200 X\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{\"id\"".to_vec();
    scene.upstream.answers(vec![Step::Send(head), Step::Hang]);
    let mut client = JoinSet::new();
    let (gateway, arrival) = (Arc::clone(&scene.gateway), scene.chat(TOKEN, &hello()));
    client.spawn(async move { gateway.handle(arrival).await.status() });
    scene.upstream.reached().await;
    sleep(Duration::from_millis(50)).await;
    client.shutdown().await;
    scene.upstream.cancelled().await;
    one_outcome(&scene, End::ClientGone).await;
}

#[tokio::test]
async fn in_the_middle_of_a_stream() {
    let scene = Scene::new().await;
    scene.upstream.answers_events([delta("some first words, "), delta("and more. ")], Ending::Silent);
    let response = scene.gateway.handle(scene.chat(TOKEN, &hello_streamed())).await;
    let mut body = response.into_body();
    let first = body.frame().await.unwrap().unwrap().into_data().unwrap();
    assert!(!first.is_empty());
    drop(body);
    scene.upstream.cancelled().await;
    one_outcome(&scene, End::ClientGone).await;
    let outcome = &scene.journal.outcomes()[0];
    assert!(outcome.released_bytes >= first.len() as u64, "{outcome:?}");
}

#[tokio::test]
async fn before_the_first_piece_of_a_stream_is_read() {
    let scene = Scene::new().await;
    scene.upstream.answers_events([delta("words")], Ending::Silent);
    drop(scene.gateway.handle(scene.chat(TOKEN, &hello_streamed())).await);
    scene.upstream.cancelled().await;
    one_outcome(&scene, End::ClientGone).await;
}

#[tokio::test]
async fn after_the_end_it_is_no_leaving() {
    let scene = Scene::new().await;
    scene.upstream.answers_events([delta("words"), DONE.into()], Ending::Clean);
    let answer = read(scene.gateway.handle(scene.chat(TOKEN, &hello_streamed())).await).await;
    assert!(answer.body.ends_with(DONE));
    one_outcome(&scene, End::Completed).await;
}
