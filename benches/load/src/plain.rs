//! Whole answers at a fixed rate.

use std::time::Duration;

use bytes::Bytes;
use serde::Serialize;
use tokio::task::JoinSet;

use crate::{
    Fault,
    figures::{Points, Spread},
    lane::{self, Kind, Lane, Sender},
    options::Options,
    pace,
    prompts::{self, Prompt},
    tree,
};

/// Requests under way at once; one that would be more is not sent and counts as failed.
const IN_FLIGHT: usize = 2_000;
/// Longest wait for an answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// Before the first round that are not counted.
const WARM_UP: Duration = Duration::from_secs(2);

/// The figures of one lane at one size.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    pub size: &'static str,
    pub request_bytes: usize,
    pub lane: &'static str,
    pub kind: Kind,
    pub requests: u32,
    pub failed: usize,
    pub p50: Spread,
    pub p99: Spread,
    /// Over `direct` in the same round.
    pub added_p50: Spread,
    pub added_p99: Spread,
    /// Over nginx in the same round.
    pub nginx_p50: Option<Spread>,
    pub nginx_p99: Option<Spread>,
    /// Time on a core per request, of the proxy with its PostgreSQL; what it does beside the requests counts, too.
    pub core_time: Option<Spread>,
    /// How late requests left the harness, p99: the harness's own part in the times.
    pub harness_late_p99: Spread,
}

type Pick = fn(&Points) -> f64;

/// One lane, one round.
pub struct Round {
    pub requests: u32,
    pub failed: usize,
    pub times: Points,
    pub late: Points,
    /// Microseconds on a core per request.
    pub core_time: Option<f64>,
}

/// Every size, every lane; the lanes take turns.
pub async fn all(options: &Options, lanes: &[Lane]) -> Result<Vec<Row>, Fault> {
    let senders: Vec<Sender> = lanes.iter().map(|_| lane::sender()).collect();
    let mut rows = Vec::new();
    for prompt in prompts::sizes() {
        println_size(&prompt, options);
        let mut rounds: Vec<Vec<Round>> = lanes.iter().map(|_| Vec::new()).collect();
        for (lane, sender) in lanes.iter().zip(&senders) {
            round(lane, sender, &prompt.body, options.rate, WARM_UP).await?;
        }
        for turn in 0..options.rounds as usize {
            for place in 0..lanes.len() {
                let at = (place + turn) % lanes.len();
                let found =
                    round(&lanes[at], &senders[at], &prompt.body, options.rate, options.round()).await?;
                rounds[at].push(found);
            }
        }
        rows.extend(rows_of(&prompt, lanes, &rounds));
    }
    Ok(rows)
}

#[expect(clippy::print_stdout, reason = "says what takes so long")]
fn println_size(prompt: &Prompt, options: &Options) {
    println!("measuring whole answers, {} prompt, {}/s …", prompt.name, options.rate);
}

/// One lane for some seconds.
pub async fn round(
    lane: &Lane,
    sender: &Sender,
    body: &Bytes,
    rate: u32,
    length: Duration,
) -> Result<Round, Fault> {
    let core_time = lane.process.map(tree::time_on_core);
    let mut due = pace::schedule(rate, length)?;
    let mut under_way: JoinSet<Option<(Duration, Duration)>> = JoinSet::new();
    let (mut times, mut late, mut failed, mut requests) = (Vec::new(), Vec::new(), 0, 0_u32);
    let mut take = |done: Result<Option<(Duration, Duration)>, _>| match done {
        Ok(Some((time, left))) => {
            times.push(time);
            late.push(left);
        }
        Ok(None) | Err(_) => failed += 1,
    };
    while let Some(when) = due.recv().await {
        requests += 1;
        while let Some(done) = under_way.try_join_next() {
            take(done);
        }
        if under_way.len() >= IN_FLIGHT {
            take(Ok(None));
            continue;
        }
        let (sender, request) = (sender.clone(), lane.request(body));
        let one = async move {
            let left = when.elapsed();
            lane::whole(&sender, request).await.ok()?;
            Some((when.elapsed(), left))
        };
        under_way.spawn(async move { tokio::time::timeout(PATIENCE, one).await.ok().flatten() });
    }
    while let Some(done) = under_way.join_next().await {
        take(done);
    }
    let core_time = lane.process.map(tree::time_on_core).zip(core_time);
    let core_time = core_time.map(|(after, before)| after.saturating_sub(before));
    let none = || format!("{}: none of {requests} requests was answered", lane.name);
    Ok(Round {
        requests,
        failed,
        times: Points::of(&mut times).ok_or_else(none)?,
        late: Points::of(&mut late).ok_or_else(none)?,
        core_time: core_time.map(|time| time.as_secs_f64() * 1e6 / f64::from(requests)),
    })
}

fn rows_of(prompt: &Prompt, lanes: &[Lane], rounds: &[Vec<Round>]) -> Vec<Row> {
    let of = |kind| lanes.iter().position(|lane| lane.kind == kind).map(|at| &rounds[at]);
    let (direct, nginx) = (of(Kind::Direct), of(Kind::Nginx));
    let row = |(lane, mine): (&Lane, &Vec<Round>)| {
        let each = |what: Pick| Spread::of(mine.iter().map(|round| what(&round.times)));
        let against = |other: Option<&Vec<Round>>, how: fn(f64, f64) -> f64, what: Pick| {
            let pairs = mine.iter().zip(other?);
            Spread::of(pairs.map(|(mine, other)| how(what(&mine.times), what(&other.times))))
        };
        let (minus, over) = (|a, b| a - b, |a, b| a / b);
        let (p50, p99): (Pick, Pick) = (|at| at.p50, |at| at.p99);
        Some(Row {
            size: prompt.name,
            request_bytes: prompt.body.len(),
            lane: lane.name,
            kind: lane.kind,
            requests: mine.iter().map(|round| round.requests).sum(),
            failed: mine.iter().map(|round| round.failed).sum(),
            p50: each(p50)?,
            p99: each(p99)?,
            added_p50: against(direct, minus, p50)?,
            added_p99: against(direct, minus, p99)?,
            nginx_p50: against(nginx, over, p50),
            nginx_p99: against(nginx, over, p99),
            core_time: Spread::of(mine.iter().filter_map(|round| round.core_time)),
            harness_late_p99: Spread::of(mine.iter().map(|round| round.late.p99))?,
        })
    };
    lanes.iter().zip(rounds).filter_map(row).collect()
}
