//! Counted tokens: one use, one request that the model may have seen.

use std::{net::TcpListener, sync::Arc};

use countersign_gateway::ports::EntryKind;
use countersign_model::exchange::End;
use serde_json::json;
use tokio::task::JoinSet;

use crate::{
    memory::Fault,
    scene::{ANSWER, Scene, code, hello, read},
    upstream::Upstream,
};

#[tokio::test]
async fn a_use_comes_back_when_nothing_was_sent() {
    let scene = Scene::new().await;
    scene.upstream.answers_json(200, ANSWER);
    let token = scene.callers.token("counted", Some(1));
    for fault in [Fault::Lost, Fault::Unconfirmed, Fault::Hangs] {
        scene.journal.fail(EntryKind::Intent, fault);
        assert_eq!(scene.hello("counted").await.status, 503);
        if fault != Fault::Hangs {
            scene.settled().await;
            assert_eq!(scene.callers.uses(token), 0, "{fault:?}");
        }
    }
    // While it hangs nobody knows whether the row will come; the use is not given away twice.
    assert_eq!((scene.callers.uses(token), scene.upstream.bytes()), (1, 0));
}

#[tokio::test]
async fn a_use_comes_back_when_there_is_no_connection_to_the_upstream() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let scene = Scene::over(Upstream::start().await, &format!("http://{closed}"));
    let token = scene.callers.token("counted", Some(1));
    let answer = scene.hello("counted").await;
    assert_eq!((answer.status, code(&answer).as_str()), (502, "upstream_unreachable"));
    scene.settled().await;
    assert_eq!(scene.callers.uses(token), 0);
    assert_eq!(scene.journal.outcomes()[0].end, End::Failed);
}

#[tokio::test]
async fn a_use_is_gone_once_the_model_has_answered_whatever_it_said() {
    let scene = Scene::new().await;
    scene.upstream.answers_json(500, r#"{"error":{"message":"no"}}"#);
    let token = scene.callers.token("counted", Some(1));
    assert_eq!(scene.hello("counted").await.status, 500);
    scene.settled().await;
    assert_eq!(scene.callers.uses(token), 1);
    assert_eq!(scene.journal.outcomes()[0].end, End::UpstreamError);
}

#[tokio::test]
async fn a_refused_request_takes_no_use() {
    let scene = Scene::new().await;
    let token = scene.callers.token("counted", Some(1));
    let numbers =
        json!({"model": "m", "prompt": [1, 2, 3], "messages": [{"role": "user", "content": [1, 2]}]});
    let mut arrival = scene.chat("counted", &numbers);
    arrival.visit.path = "v1/completions".into();
    let answer = read(scene.gateway.handle(arrival).await).await;
    assert_eq!((answer.status, code(&answer).as_str()), (400, "token_ids_refused"));
    scene.settled().await;
    assert_eq!((scene.callers.uses(token), scene.upstream.bytes()), (0, 0));
    assert_eq!((scene.journal.count(EntryKind::Refused), scene.journal.count(EntryKind::Intent)), (1, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_that_race_for_one_use_one_gets_it() {
    for _ in 0..20 {
        let scene = Scene::new().await;
        scene.upstream.answers_json(200, ANSWER);
        scene.callers.token("counted", Some(1));
        let mut racers = JoinSet::new();
        for _ in 0..8 {
            let (gateway, arrival) = (Arc::clone(&scene.gateway), scene.chat("counted", &hello()));
            racers.spawn(async move { read(gateway.handle(arrival).await).await });
        }
        let answers = racers.join_all().await;
        let served = answers.iter().filter(|answer| answer.status == 200).count();
        let spent = answers.iter().filter(|answer| answer.status == 401 && code(answer) == "spent_api_key");
        assert_eq!((served, spent.count(), scene.upstream.requests().len()), (1, 7, 1));
        scene.settled().await;
        assert_eq!((scene.journal.count(EntryKind::Intent), scene.journal.count(EntryKind::Refused)), (1, 7));
    }
}
