//! Streamed answers at a fixed pace: how much later the first text comes, how even the rest, and whether all of it came.

use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::BodyExt as _;
use serde::Serialize;
use tokio::task::JoinSet;

use crate::{
    Fault,
    figures::Points,
    lane::{self, Kind, Lane, Sender},
    options::Options,
    pace, prompts,
};

/// Longest wait for a whole stream.
const PATIENCE: Duration = Duration::from_secs(30);
/// Before the measurement that are not counted.
const WARM_UP: Duration = Duration::from_secs(2);

/// The figures of one lane; times in microseconds.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    pub lane: &'static str,
    pub kind: Kind,
    pub streams: usize,
    pub failed: usize,
    /// Streams whose text came whole, in order, with the address as it was or masked as the lane should.
    pub whole: usize,
    /// Deltas with text that were due in the streams that did not fail, and events with text that came. A masked address
    /// may come in fewer events than it was sent in.
    pub deltas_sent: usize,
    pub deltas_came: usize,
    /// From the scheduled time to the first event (the role), and to the first text.
    pub first_event: Points,
    pub first_text: Points,
    /// Between two events with text.
    pub gap: Points,
    /// From the last text to the end of the stream.
    pub tail: Points,
}

/// One stream as its caller saw it.
struct Seen {
    first_event: Duration,
    first_text: Duration,
    gaps: Vec<Duration>,
    tail: Duration,
    text: String,
    came: usize,
}

/// Every lane.
pub async fn all(options: &Options, lanes: &[Lane]) -> Result<Vec<Row>, Fault> {
    let mut rows = Vec::new();
    for lane in lanes {
        say(lane, options);
        let sender = lane::sender();
        run(lane, &sender, options.stream_rate, WARM_UP).await?;
        rows.push(
            run(lane, &sender, options.stream_rate, Duration::from_secs(u64::from(options.stream_seconds)))
                .await?,
        );
    }
    Ok(rows)
}

#[expect(clippy::print_stdout, reason = "says what takes so long")]
fn say(lane: &Lane, options: &Options) {
    println!("measuring streams, {}, {}/s …", lane.name, options.stream_rate);
}

async fn run(lane: &Lane, sender: &Sender, rate: u32, length: Duration) -> Result<Row, Fault> {
    let mut due = pace::schedule(rate, length)?;
    let body = prompts::ask(prompts::STREAM);
    let mut under_way = JoinSet::new();
    while let Some(when) = due.recv().await {
        let (sender, request) = (sender.clone(), lane.request(&body));
        under_way.spawn(tokio::time::timeout(PATIENCE, async move {
            let response = sender.request(request).await.ok()?;
            if !response.status().is_success() {
                return None;
            }
            read(when, response.into_body()).await
        }));
    }
    let (mut streams, mut seen) = (0, Vec::new());
    while let Some(done) = under_way.join_next().await {
        streams += 1;
        seen.extend(done.ok().and_then(Result::ok).flatten());
    }
    let masked = lane.kind == Kind::EverythingOn;
    let points = |times: &dyn Fn(&Seen) -> Vec<Duration>| {
        let mut all: Vec<Duration> = seen.iter().flat_map(times).collect();
        Points::of(&mut all).ok_or_else(|| format!("{}: no stream came", lane.name))
    };
    Ok(Row {
        lane: lane.name,
        kind: lane.kind,
        streams,
        failed: streams - seen.len(),
        whole: seen.iter().filter(|seen| prompts::came_whole(&seen.text, masked)).count(),
        deltas_sent: seen.len() * prompts::DELTAS,
        deltas_came: seen.iter().map(|seen| seen.came).sum(),
        first_event: points(&|seen| vec![seen.first_event])?,
        first_text: points(&|seen| vec![seen.first_text])?,
        gap: points(&|seen| seen.gaps.clone())?,
        tail: points(&|seen| vec![seen.tail])?,
    })
}

/// Reads to the end mark and the end of the body; a stream without either has failed.
async fn read(due: Instant, mut body: hyper::body::Incoming) -> Option<Seen> {
    let mut buffer: Vec<u8> = Vec::new();
    let (mut first_event, mut first_text, mut last_text) = (None, None, None);
    let (mut gaps, mut text, mut came, mut ended) = (Vec::new(), String::new(), 0, false);
    while let Some(frame) = body.frame().await {
        // Before looking at it: reading JSON is our time, not the lane's.
        let now = Instant::now();
        let Ok(piece) = frame.ok()?.into_data() else { continue };
        buffer.extend_from_slice(&piece);
        while let Some(data) = event(&mut buffer) {
            first_event.get_or_insert(now - due);
            if data.as_ref() == b"[DONE]" {
                ended = true;
                continue;
            }
            let chunk: serde_json::Value = serde_json::from_slice(&data).ok()?;
            let Some(delta) =
                chunk["choices"][0]["delta"]["content"].as_str().filter(|text| !text.is_empty())
            else {
                continue;
            };
            came += 1;
            text.push_str(delta);
            first_text.get_or_insert(now - due);
            if let Some(last) = last_text.replace(now) {
                gaps.push(now - last);
            }
        }
    }
    ended.then_some(())?;
    Some(Seen {
        first_event: first_event?,
        first_text: first_text?,
        gaps,
        tail: last_text?.elapsed(),
        text,
        came,
    })
}

/// The data of the next whole event.
fn event(buffer: &mut Vec<u8>) -> Option<Bytes> {
    let end = buffer.windows(2).position(|at| at == b"\n\n")?;
    let event: Vec<u8> = buffer.drain(..end + 2).collect();
    let data = event.strip_prefix(b"data: ")?.strip_suffix(b"\n\n")?;
    Some(Bytes::copy_from_slice(data))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_read_whole() {
        let mut buffer = b"data: a\n\ndata: b\n".to_vec();
        assert_eq!(event(&mut buffer).unwrap(), "a");
        assert!(event(&mut buffer).is_none());
        buffer.push(b'\n');
        assert_eq!(event(&mut buffer).unwrap(), "b");
    }
}
