//! A thousand open streams on which the model is silent: what they cost in memory, and whether it is given back.

use std::time::{Duration, Instant};

use http_body_util::BodyExt as _;
use serde::Serialize;
use sqlx::{Executor as _, PgConnection, Row as _};
use tokio::task::JoinSet;

use crate::{
    Fault,
    lane::{self, Kind, Lane},
    memory::{self, Memory},
    options::Options,
    pace, prompts,
};

/// Streams begun a second; slow enough for each first event to come at once.
const RATE: u32 = 200;
/// Longest wait for a stream's first event.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long they stay open before memory is looked at.
const HOLD: Duration = Duration::from_secs(5);
/// Longest wait for the streams' outcomes to be on record after their callers have left.
const OUTCOMES: Duration = Duration::from_secs(30);
/// After that, before memory is looked at again.
const REST: Duration = Duration::from_secs(5);

/// What was seen.
#[derive(Debug, Clone, Serialize)]
pub struct Idle {
    pub lane: &'static str,
    pub streams: u32,
    /// Of them, how many had their first event and stayed open.
    pub open: usize,
    pub before: Memory,
    pub at_most: Memory,
    pub after: Memory,
    /// Requests whose outcome is not on record at the end. None should be left.
    pub without_outcome: i64,
    /// Seconds from the callers' leaving until every outcome was on record.
    pub outcomes_after_s: f64,
}

/// Opens, holds, looks, closes, looks again; on the lane with everything on.
pub async fn hold(
    options: &Options,
    lanes: &[Lane],
    database: &mut PgConnection,
    gateway: u32,
) -> Result<Idle, Fault> {
    let lane = lanes.iter().find(|lane| lane.kind == Kind::EverythingOn).ok_or("no lane to hold open")?;
    say(options);
    let before = memory::of(gateway);
    let mut due = pace::schedule(RATE, Duration::from_secs(1) * options.idle_streams / RATE)?;
    let sender = lane::sender();
    let body = prompts::ask(prompts::SILENT);
    let mut opening = JoinSet::new();
    while due.recv().await.is_some() {
        let (sender, request) = (sender.clone(), lane.request(&body));
        opening.spawn(tokio::time::timeout(PATIENCE, async move {
            let mut response = sender.request(request).await.ok()?;
            if !response.status().is_success() {
                return None;
            }
            response.body_mut().frame().await?.ok()?;
            Some(response)
        }));
    }
    let mut open = Vec::new();
    while let Some(opened) = opening.join_next().await {
        open.extend(opened.ok().and_then(Result::ok).flatten());
    }
    tokio::time::sleep(HOLD).await;
    let at_most = memory::of(gateway);
    // One that has ended meanwhile was not held open.
    let mut held = 0;
    for response in &mut open {
        let next = tokio::time::timeout(Duration::from_millis(1), skip_text(response.body_mut())).await;
        held += usize::from(next.is_err());
    }
    drop(open);
    drop(sender);
    let left = Instant::now();
    let mut without_outcome = unfinished(database).await?;
    while without_outcome > 0 && left.elapsed() < OUTCOMES {
        tokio::time::sleep(Duration::from_millis(50)).await;
        without_outcome = unfinished(database).await?;
    }
    let outcomes_after_s = left.elapsed().as_secs_f64();
    tokio::time::sleep(REST).await;
    Ok(Idle {
        lane: lane.name,
        streams: options.idle_streams,
        open: held,
        before,
        at_most,
        after: memory::of(gateway),
        without_outcome,
        outcomes_after_s,
    })
}

#[expect(clippy::print_stdout, reason = "says what takes so long")]
fn say(options: &Options) {
    println!("holding {} idle streams open …", options.idle_streams);
}

/// Passes over what came before the silence; returns only at an end.
async fn skip_text(body: &mut hyper::body::Incoming) {
    while let Some(Ok(_)) = body.frame().await {}
}

async fn unfinished(database: &mut PgConnection) -> Result<i64, Fault> {
    let row = database.fetch_one("SELECT count(*) FROM ledger_open_intent").await?;
    Ok(row.try_get(0)?)
}
