//! Access ends while an answer is under way: so does the answer, busy or silent, and the record says why.

use std::{
    sync::atomic::Ordering::SeqCst,
    time::{Duration, Instant},
};

use countersign_gateway::{
    directory::{Detection, Snapshot},
    ports::EntryKind,
    visit::Body,
};
use countersign_model::{exchange::End, reason::Reason};
use http_body_util::BodyExt as _;
use tokio::time::timeout;

use crate::{
    scene::{DONE, Scene, TOKEN, delta, hello_streamed, read},
    upstream::Ending,
};

/// Longest time until a stream notices, and what a loaded machine may add.
const NOTICED: Duration = Duration::from_millis(6_500);

/// Begins a stream and reads its first words.
async fn begun(scene: &Scene) -> Body {
    let mut body = scene.gateway.handle(scene.chat(TOKEN, &hello_streamed())).await.into_body();
    let first = body.frame().await.unwrap().unwrap().into_data().unwrap();
    assert!(!first.is_empty());
    body
}

/// Reads the rest, which must come to its end in time.
async fn rest(body: Body) -> String {
    let bytes = timeout(NOTICED, body.collect()).await.expect("the stream ends").unwrap().to_bytes();
    String::from_utf8(bytes.to_vec()).unwrap()
}

async fn ended(scene: &Scene, rest: &str) {
    scene.upstream.cancelled().await;
    scene.settled().await;
    assert!(rest.contains("access_ended") && !rest.contains("[DONE]"), "{rest}");
    let outcomes = scene.journal.outcomes();
    assert_eq!(outcomes.len(), 1);
    assert_eq!((outcomes[0].end, outcomes[0].reason), (End::Failed, Some(Reason::AccessEnded)));
    assert!(scene.journal.answer().starts_with("some first words"), "what was released is on record");
}

#[tokio::test]
async fn a_silent_stream_ends_when_its_caller_is_no_longer_valid() {
    let scene = Scene::new().await;
    scene.upstream.answers_events([delta("some first words, ")], Ending::Silent);
    let body = begun(&scene).await;
    scene.callers.ended.store(true, SeqCst);
    ended(&scene, &rest(body).await).await;
}

#[tokio::test]
async fn a_silent_stream_ends_when_its_connection_is_switched_off_removed_or_not_granted() {
    let one = async |take: fn(&Scene)| {
        let scene = Scene::new().await;
        scene.upstream.answers_events([delta("some first words, ")], Ending::Silent);
        let body = begun(&scene).await;
        take(&scene);
        ended(&scene, &rest(body).await).await;
    };
    tokio::join!(
        one(|scene| scene.reconfigure(|settings| settings.enabled = false)),
        one(|scene| scene.reconfigure(|settings| settings.groups = vec!["others".into()])),
        one(|scene| scene.directory.swap(Snapshot { routes: [].into(), detection: Detection::standard() })),
    );
}

/// A busy stream is looked at with each segment, long before the 5 s are over.
#[tokio::test]
async fn a_busy_stream_ends_at_its_next_segment() {
    let scene = Scene::new().await;
    let words = "some first words ".repeat(512);
    let events = (0..24).map(|_| delta(&words)).chain([DONE.into()]);
    scene.upstream.answers_events(events, Ending::Clean);
    let began = Instant::now();
    let body = begun(&scene).await;
    scene.callers.ended.store(true, SeqCst);
    let rest = rest(body).await;
    assert!(began.elapsed() < Duration::from_secs(4), "{:?}", began.elapsed());
    scene.settled().await;
    assert!(rest.contains("access_ended") && !rest.contains("[DONE]"));
    assert!(rest.len() < 10 * words.len(), "released {} bytes", rest.len());
    assert_eq!(scene.journal.outcomes()[0].reason, Some(Reason::AccessEnded));
    assert_eq!(
        scene.journal.count(EntryKind::Segment),
        0,
        "nothing more is released, so nothing is recorded before"
    );
}

/// While access holds, silence costs nothing but a look, what was released comes on record, and the idle time-out is as
/// long as the connection says.
#[tokio::test]
async fn silence_alone_ends_nothing_before_its_time() {
    let scene = Scene::new().await;
    scene.reconfigure(|settings| settings.limits.idle_ms = 7_000);
    scene.upstream.answers_events([delta("some first words, ")], Ending::Silent);
    let began = Instant::now();
    let answer = read(scene.gateway.handle(scene.chat(TOKEN, &hello_streamed())).await).await;
    assert!((7_000..9_000).contains(&began.elapsed().as_millis()), "{:?}", began.elapsed());
    scene.settled().await;
    assert!(answer.body.contains("upstream_timeout"), "{}", answer.body);
    assert!(scene.callers.asked.load(SeqCst) >= 1);
    assert_eq!(scene.journal.count(EntryKind::Segment), 1);
    assert!(scene.journal.answer().starts_with("some first words"));
}
