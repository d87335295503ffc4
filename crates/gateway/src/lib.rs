//! The life of a proxied request, stage by stage. One room a file, in this order:
//!
//! | room | takes → gives | may say no with |
//! |---|---|---|
//! | [`identify`] | `Arrival` → `Identified` | `Unauthenticated` |
//! | [`route`] | `Identified` → `Routed` | `NoRoute` |
//! | [`decode`] | `Routed` → `Decoded` | `Undecodable` |
//! | [`judge`] | `Decoded` → `Judged` | `Denied` |
//! | [`redact`] | `Judged` → `Masked` | – |
//! | [`clear`] | `Masked` → `Cleared` | – |
//! | [`journal`] | `Cleared` → **`Permit`** (the intent row is durable) | `NotJournaled`: fail closed |
//! | [`forward`] | **`Permit`, by value** → `Relay` | `NoAnswer` |
//! | [`relay`] | `Relay` → masked bytes to the caller | an error in the protocol's own shape |
//! | [`close`] | any ending → exactly one outcome row | – |
//!
//! A stage's type has private parts and only its room makes one, so the order is the compiler's business. Every refusal
//! is a row too. What the gateway needs from the world comes through [`ports`].
#![forbid(unsafe_code)]

pub mod analyzer;
pub mod clear;
pub mod close;
pub mod content;
pub mod decode;
pub mod directory;
pub mod forward;
mod headers;
pub mod identify;
pub mod journal;
pub mod judge;
mod lens;
mod place;
pub mod ports;
pub mod probe;
pub mod redact;
mod redeem;
mod refused;
pub mod relay;
pub mod reply;
pub mod route;
pub mod scrub;
mod sessions;
mod speaker;
mod stages;
mod stream;
mod text;
pub mod tls;
mod turns;
mod upstream;
pub mod visit;

use std::{panic::AssertUnwindSafe, sync::Arc};

use countersign_detect::{MarkKey, Terms};
use countersign_model::{
    Clock, Mint, SessionId, caller::Caller, connection::Masking, entity::Direction, reason::Reason,
};
use futures::FutureExt as _;
use http::{HeaderMap, Response};
use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;

use crate::{
    directory::Directory,
    ports::{Callers, Journal},
    refused::{Known, RefusedRate},
    reply::Refusal,
    sessions::Sessions,
    upstream::Upstreams,
    visit::{Arrival, Body},
};

/// Requests in flight at once; one more is answered `overloaded`.
const IN_FLIGHT: usize = 4_096;

/// Everything the stages share.
pub struct Gateway {
    pub(crate) callers: Arc<dyn Callers>,
    pub(crate) journal: Arc<dyn Journal>,
    pub(crate) directory: Arc<Directory>,
    marks: MarkKey,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) mint: Arc<dyn Mint>,
    pub(crate) tracker: TaskTracker,
    pub(crate) upstreams: Upstreams,
    pub(crate) sessions: Sessions,
    pub(crate) refused_rate: RefusedRate,
    in_flight: Arc<Semaphore>,
}

/// What a gateway is made of.
pub struct Parts {
    pub callers: Arc<dyn Callers>,
    pub journal: Arc<dyn Journal>,
    pub directory: Arc<Directory>,
    /// What tokens and hashes are made with; the same on every node.
    pub marks: MarkKey,
    pub clock: Arc<dyn Clock>,
    pub mint: Arc<dyn Mint>,
    /// Waited for at shutdown, so no outcome is lost.
    pub tracker: TaskTracker,
    /// What upstreams' certificates are checked by; see [`tls::client_config`].
    pub tls: rustls::ClientConfig,
}

impl Gateway {
    /// A gateway over its ports.
    pub fn new(parts: Parts) -> Self {
        let Parts { callers, journal, directory, marks, clock, mint, tracker, tls } = parts;
        Self {
            callers,
            journal,
            directory,
            marks,
            clock,
            mint,
            tracker,
            upstreams: Upstreams::new(tls),
            sessions: Sessions::default(),
            refused_rate: RefusedRate::default(),
            in_flight: Arc::new(Semaphore::new(IN_FLIGHT)),
        }
    }

    /// Who sends these headers, for what is asked of the gateway itself and not of a model: no use is spent and no row is
    /// written.
    pub async fn caller(&self, headers: &HeaderMap, query: Option<&str>) -> Result<Caller, Refusal> {
        Ok(identify::caller(self, headers, query).await?)
    }

    /// What holds for one side of an exchange of this session. A session is a conversation: one value has one token in it.
    pub(crate) fn terms(&self, masking: &Arc<Masking>, direction: Direction, session: SessionId) -> Terms {
        let key = self.marks.conversation(session.uuid().as_bytes());
        Terms::new(Arc::clone(masking), direction, key)
    }

    /// Walks one request through the house.
    pub async fn handle(&self, arrival: Arrival) -> Response<Body> {
        let visit = arrival.visit.clone();
        let mut known = Known::default();
        let Ok(place) = Arc::clone(&self.in_flight).try_acquire_owned() else {
            return reply::refuse(visit.request, &Refusal::new(Reason::Overloaded, None));
        };
        let fault = || Refusal::new(Reason::Internal, None);
        let refusal = match AssertUnwindSafe(self.walk(arrival, &mut known)).catch_unwind().await {
            Ok(Ok(response)) => return place::hold(response, place),
            Ok(Err(Stop::Before(refusal))) => refusal,
            Ok(Err(Stop::After(refusal, stamp))) => {
                let mut response = reply::refuse(visit.request, &refusal);
                forward::stamp_headers(response.headers_mut(), visit.request, known.session, stamp);
                return response;
            }
            // The message may hold some of what was looked at.
            Err(_) => {
                tracing::error!(request = %visit.request, "a request ended in a panic");
                if known.intended {
                    return reply::refuse(visit.request, &fault());
                }
                fault()
            }
        };
        let refused = refused::record_and_refuse(self, &visit, known, refusal);
        let refused = AssertUnwindSafe(refused).catch_unwind().await;
        refused.unwrap_or_else(|_| reply::refuse(visit.request, &fault()))
    }

    async fn walk(&self, arrival: Arrival, known: &mut Known) -> Result<Response<Body>, Stop> {
        let identified = identify::identify(self, arrival).await?;
        known.caller = Some(identified.caller().clone());
        let routed = route::route(self, identified)?;
        known.session = Some(routed.session);
        known.connection = Some(routed.route.connection.id);
        known.policy = Some(routed.route.policy_digest);
        let decoded = decode::decode(self, routed).await?;
        let judged = judge::judge(decoded)?;
        let cleared = clear::clear(redact::redact(judged));
        let permit = journal::journal(self, cleared).await?;
        known.intended = true;
        let relay =
            forward::forward(self, permit).await.map_err(|(no, stamp)| Stop::After(no.into(), stamp))?;
        relay::relay(self, relay).await.map_err(|(refusal, stamp)| Stop::After(refusal, stamp))
    }
}

/// Where a request stopped: before its intent was on record (the refusal becomes a row), or after (the outcome is one).
enum Stop {
    Before(Refusal),
    After(Refusal, journal::Stamp),
}

impl<R: Into<Refusal>> From<R> for Stop {
    fn from(refusal: R) -> Self {
        Self::Before(refusal.into())
    }
}
