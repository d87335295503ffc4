//! A streamed answer, pulled piece by piece: the caller's reading is what makes the gateway read the upstream, so a
//! slow reader slows the model server and fills no memory.
//!
//! Promises: what is released is masked as the verdict says and on record as segments (every 64 KiB or 5 s); the end
//! mark is released only after the outcome row is durable; an upstream that dies is never given a clean end; a caller
//! that leaves drops the state, which cancels the upstream and writes the outcome; whoever loses access while it runs is
//! cut off.

mod access;
mod rows;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use countersign_model::{
    entity::Direction,
    exchange::{End, Timings},
    reason::Reason,
};
use countersign_wire::{Framing, StreamError};
use http::Response;
use http_body_util::{BodyExt as _, StreamBody};
use hyper::body::Frame;
use sha2::{Digest as _, Sha256};
use tokio::time::{Instant, timeout};

use self::{access::Access, rows::Fresh};
use crate::{
    Gateway,
    analyzer::Asked,
    close::OpenExchange,
    content::Decoding,
    forward::Relay,
    lens::Lens,
    relay::{self, Begun},
    reply,
    scrub::Scrubber,
    stages::Stages,
    visit::{Body, BoxError, Visit},
};

/// Text that may be released before it is on record as a segment, bytes.
const SEGMENT_BYTES: u64 = 64 << 10;
/// And for how long.
const SEGMENT_AGE: Duration = Duration::from_secs(5);
/// How long the end mark waits for the outcome row.
const OUTCOME_WAIT: Duration = Duration::from_secs(2);
/// Most coded bytes that are undone at once: deflate grows a byte to at most 1,032.
const CODED_STEP: usize = 1 << 10;
/// After the protocol's end mark, how long the upstream may take to end its body, so that its connection can be used again.
const DRAIN: Duration = Duration::from_millis(20);

/// Relays server-sent events, or JSON lines.
pub(crate) fn masked(
    gateway: &Gateway,
    relay: Relay,
    decoding: Decoding,
    framing: Framing,
) -> Response<Body> {
    let terms = gateway.terms(&relay.verdict.masking, Direction::Response, relay.routed.session);
    let engine = &relay.routed.route.detection.engine;
    let secret = relay.routed.route.secret.as_ref().map(|secret| secret.expose().as_str());
    let asked = Asked::not_of_a_stream(&relay.routed.route);
    let lens_for = |view| Lens::new(Arc::clone(engine), terms.clone(), view, secret).with(asked.clone());
    let stages = Box::new(Stages::new((relay.shape, framing), &terms, lens_for, &relay.issued));
    start(gateway, relay, decoding, Content::Masked { stages, framing })
}

/// Relays a body nobody looks into; the record says so.
pub(crate) fn opaque(gateway: &Gateway, relay: Relay, what: &str) -> Response<Body> {
    start(gateway, relay, Decoding::Identity, Content::Opaque { what: what.to_owned(), hash: Sha256::new() })
}

fn start(gateway: &Gateway, relay: Relay, decoding: Decoding, content: Content) -> Response<Body> {
    let secret = relay.routed.route.secret.as_ref().map(|secret| secret.expose().clone());
    let idle = relay.routed.route.connection.settings.limits.idle();
    let coding = relay.head.headers.get(http::header::CONTENT_ENCODING).cloned();
    let opaque = matches!(content, Content::Opaque { .. });
    let access = Access::of(gateway, &relay.routed);
    let (mut response, begun) = relay::begin(relay);
    relay::unbuffered(response.headers_mut());
    if let (true, Some(coding)) = (opaque, coding) {
        response.headers_mut().insert(http::header::CONTENT_ENCODING, coding);
    }
    let Begun { open, visit, end, body } = begun;
    let state = Streaming {
        timings: open.timings,
        open: Some(open),
        access,
        status: response.status().as_u16(),
        visit,
        end,
        body,
        decoding,
        coded: Bytes::new(),
        content,
        exit: Scrubber::new(secret.as_deref()),
        idle,
        received: 0,
        released: 0,
        decided: Vec::new(),
        last_byte: b'\n',
        confirmed: Vec::new(),
        unsegmented: 0,
        segmented_at: Instant::now(),
        over: false,
        lost: false,
    };
    let pieces = futures::stream::unfold(state, |mut state| async move {
        let piece = state.next().await?;
        Some((piece.map(Frame::data), state))
    });
    response.map(|()| StreamBody::new(pieces).boxed_unsync())
}

enum Content {
    Masked {
        stages: Box<Stages>,
        framing: Framing,
    },
    /// Not looked into: what it is called, and the SHA-256 of its bytes so far.
    Opaque {
        what: String,
        hash: Sha256,
    },
}

/// Everything of a stream under way. Dropping it before its end is an ending too.
struct Streaming {
    open: Option<OpenExchange>,
    access: Access,
    status: u16,
    visit: Visit,
    end: End,
    body: Body,
    decoding: Decoding,
    /// Arrived, and still to be undone: a small piece can be a very large text.
    coded: Bytes,
    content: Content,
    exit: Scrubber,
    idle: Duration,
    received: u64,
    released: u64,
    /// Bytes that may still go out before the word that the answer cannot go on.
    decided: Vec<u8>,
    /// The last byte the caller has; a line end before the first.
    last_byte: u8,
    timings: Timings,
    /// Bytes of each turn that a confirmed segment row holds. What is not confirmed is written again with the outcome.
    confirmed: Vec<usize>,
    unsegmented: u64,
    segmented_at: Instant,
    over: bool,
    /// A fault of ours stopped in the middle of it: nothing of it is asked again.
    lost: bool,
}

impl Streaming {
    /// Looks at what has come. A panic there ends this answer and nothing else.
    fn look<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, Reason>) -> Result<T, Reason> {
        catch_unwind(AssertUnwindSafe(|| work(self))).unwrap_or_else(|_| {
            // The message may hold some of what was looked at.
            tracing::error!(request = %self.visit.request, "an answer ended in a panic");
            self.lost = true;
            Err(Reason::Internal)
        })
    }

    /// The next bytes for the caller; `None` after the last. An error breaks the transport.
    async fn next(&mut self) -> Option<Result<Bytes, BoxError>> {
        let mut waiting = Instant::now();
        while !self.over {
            let wait = self.idle.saturating_sub(waiting.elapsed()).min(self.due_in());
            let arrived = if self.coded.is_empty() {
                timeout(wait, self.body.frame()).await
            } else {
                // What comes out may be nothing, step after step: others have their turn between them.
                tokio::task::yield_now().await;
                Ok(Some(Ok(Frame::data(std::mem::take(&mut self.coded)))))
            };
            let too_late = waiting.elapsed() >= self.idle;
            // Before what has arrived is looked at: it may be for somebody who may not have it any more.
            let due = self.access.due_in().is_zero();
            if due && !self.access.holds().await {
                return Some(self.fail(Reason::AccessEnded));
            }
            if arrived.is_ok() {
                waiting = Instant::now();
            }
            let step = match arrived {
                Err(_) if too_late => Err(Reason::UpstreamTimeout),
                // Nothing, for so long that it is time to look after the record and the access.
                Err(_) => Ok((Vec::new(), false)),
                Ok(Some(Err(_))) => Err(Reason::UpstreamBroken),
                Ok(None) => return self.finish().await,
                Ok(Some(Ok(frame))) => match frame.into_data() {
                    Ok(piece) => self.look(|state| state.take(piece)),
                    Err(_) => continue,
                },
            };
            let (out, done) = match step {
                Ok(step) => step,
                Err(reason) => return Some(self.fail(reason)),
            };
            if done {
                return Some(Ok(self.complete(out).await));
            }
            self.unsegmented += out.len() as u64;
            if self.segment_is_due() {
                if !due && !self.access.holds().await {
                    return Some(self.fail(Reason::AccessEnded));
                }
                if self.segment().await.is_err() {
                    return Some(self.fail(Reason::AuditLost));
                }
            }
            if !out.is_empty() {
                return Some(Ok(self.release(out)));
            }
        }
        None
    }

    /// Decodes, masks and scrubs one piece. The flag says that the protocol's end mark has come.
    fn take(&mut self, mut piece: Bytes) -> Result<(Vec<u8>, bool), Reason> {
        if !self.decoding.is_identity() && piece.len() > CODED_STEP {
            self.coded = piece.split_off(CODED_STEP);
        }
        let decoded = self.decoding.push(piece, u64::MAX).map_err(|_| Reason::UpstreamBroken)?;
        self.received += decoded.len() as u64;
        let mut out = Vec::with_capacity(decoded.len() + 64);
        match &mut self.content {
            Content::Opaque { hash, .. } => {
                hash.update(&decoded);
                self.exit.push(&decoded, &mut out);
            }
            Content::Masked { stages, .. } => {
                let mut masked = Vec::with_capacity(decoded.len() + 64);
                let pushed = stages.push(&decoded, &mut masked);
                self.exit.push(&masked, &mut out);
                if let Err(error) = pushed {
                    // What was decided before the event that cannot be read goes out, however the packets fell.
                    self.decided = out;
                    return Err(reason_of(error));
                }
                if stages.record().done {
                    self.exit.finish(&mut out);
                    return Ok((out, true));
                }
            }
        }
        Ok((out, false))
    }

    /// The upstream's body has ended cleanly; that the answer is complete is the protocol's to say.
    async fn finish(&mut self) -> Option<Result<Bytes, BoxError>> {
        let mut out = match self.look(Self::take_last) {
            Ok(out) => out,
            Err(reason) => return Some(self.fail(reason)),
        };
        self.exit.finish(&mut out);
        let last = self.complete(out).await;
        (!last.is_empty()).then_some(Ok(last))
    }

    /// What the end of the upstream's body decides.
    fn take_last(&mut self) -> Result<Vec<u8>, Reason> {
        let mut out = Vec::new();
        let rest = self.decoding.finish().map_err(|_| Reason::UpstreamBroken)?;
        match &mut self.content {
            Content::Opaque { hash, .. } => {
                hash.update(&rest);
                self.exit.push(&rest, &mut out);
            }
            Content::Masked { stages, .. } => {
                let mut masked = Vec::new();
                let ended = stages
                    .push(&rest, &mut masked)
                    .and_then(|()| stages.finish(countersign_wire::End::Clean, &mut masked));
                self.exit.push(&masked, &mut out);
                if let Err(error) = ended {
                    self.decided = out;
                    return Err(reason_of(error));
                }
            }
        }
        Ok(out)
    }

    /// The answer is complete: the outcome first, then the last bytes.
    async fn complete(&mut self, out: Vec<u8>) -> Bytes {
        if let Content::Masked { stages, .. } = &self.content
            && stages.record().upstream_error
        {
            self.end = End::UpstreamError;
        }
        self.released += out.len() as u64;
        let now = self.visit.elapsed();
        self.timings.first_byte.get_or_insert(now);
        self.timings.last_byte = Some(now);
        self.over = true;
        let Some(written) = self.settle(self.end, None) else { return Bytes::from(out) };
        let drain = async {
            let all = async { while let Some(Ok(_)) = self.body.frame().await {} };
            let _ = timeout(DRAIN, all).await;
        };
        let (written, ()) = tokio::join!(timeout(OUTCOME_WAIT, written), drain);
        if matches!(written, Ok(Ok(Ok(_)))) {
            Bytes::from(out)
        } else {
            let mut error = Vec::new();
            self.tell(Reason::AuditLost, &mut error);
            Bytes::from(error)
        }
    }

    /// The answer cannot go on: the record says why, and so does the last event. A body that has no way of saying so is
    /// broken off, never ended.
    fn fail(&mut self, reason: Reason) -> Result<Bytes, BoxError> {
        let mut out = std::mem::take(&mut self.decided);
        let mut masked = Vec::new();
        if let Content::Masked { stages, .. } = &mut self.content {
            // Whatever is undecided is dropped by the stages; an error here is the one being reported.
            if !self.lost {
                let _ = stages.finish(countersign_wire::End::Broken, &mut masked);
            }
            self.exit.push(&masked, &mut out);
            self.exit.finish(&mut out);
            self.tell(reason, &mut out);
        }
        self.released += out.len() as u64;
        self.timings.last_byte = Some(self.visit.elapsed());
        self.over = true;
        drop(self.settle(End::Failed, Some(reason)));
        match self.content {
            Content::Masked { .. } => Ok(Bytes::from(out)),
            Content::Opaque { .. } => Err(reason.code().into()),
        }
    }

    /// Says in the stream's own form why it ends here; `out` is what goes out just before.
    fn tell(&self, reason: Reason, out: &mut Vec<u8>) {
        let (code, sentence) = (reason.code(), reason.sentence());
        match &self.content {
            Content::Masked { framing: Framing::Lines, .. } => {
                let last = out.last().copied().unwrap_or(self.last_byte);
                if last != b'\n' {
                    out.push(b'\n');
                }
                out.extend_from_slice(&countersign_wire::error_line(code, sentence));
            }
            _ => out.extend_from_slice(&countersign_wire::error_event(
                reply::error_type(reason),
                code,
                sentence,
            )),
        }
    }

    fn release(&mut self, out: Vec<u8>) -> Bytes {
        self.released += out.len() as u64;
        self.last_byte = out.last().copied().unwrap_or(self.last_byte);
        let now = self.visit.elapsed();
        self.timings.first_byte.get_or_insert(now);
        self.timings.last_byte = Some(now);
        Bytes::from(out)
    }

    /// How long silence may last before there is something to do.
    fn due_in(&self) -> Duration {
        let segment = match self.unsegmented {
            0 => Duration::MAX,
            _ => SEGMENT_AGE.saturating_sub(self.segmented_at.elapsed()),
        };
        segment.min(self.access.due_in())
    }

    fn segment_is_due(&self) -> bool {
        self.unsegmented > 0
            && (self.unsegmented >= SEGMENT_BYTES || self.segmented_at.elapsed() >= SEGMENT_AGE)
    }

    async fn segment(&mut self) -> Result<(), crate::ports::JournalUnavailable> {
        let Fresh { parts, offsets, turns, reached } = self.fresh_turns();
        if let (Some(open), false) = (&self.open, turns.is_empty()) {
            open.segment(parts, offsets, &turns).await?;
        }
        // Only now: a row that fails, or is given up while it is awaited, leaves its text to the outcome.
        self.confirmed = reached;
        self.unsegmented = 0;
        self.segmented_at = Instant::now();
        Ok(())
    }
}

impl Drop for Streaming {
    fn drop(&mut self) {
        if self.open.is_some() && !std::thread::panicking() {
            if let Content::Masked { stages, .. } = &mut self.content {
                let _ = stages.finish(countersign_wire::End::Broken, &mut Vec::new());
            }
            drop(self.settle(End::ClientGone, None));
        }
    }
}

fn reason_of(error: StreamError) -> Reason {
    match error {
        StreamError::MissingDone => Reason::UpstreamBroken,
        StreamError::EventTooLarge => Reason::UpstreamTooLarge,
        _ => Reason::UpstreamUninspectable,
    }
}
