//! One issuer: its settings, and its metadata and signing keys as last fetched.
//!
//! Promises: start-up asks nobody; one fetch at a time; while a usable set is held, nobody waits for somebody else's
//! fetch; the last good set stays through failures for a bounded time; unknown key ids cause at most one fetch per
//! cool-down, however many there are (Microsoft's and Okta's key rollover guidance). Never spawns a task.

use std::sync::{Arc, PoisonError, RwLock};

use countersign_model::{Clock, Timestamp};
use thiserror::Error;
use tokio::sync::{Mutex, MutexGuard};

use crate::{
    freshness,
    jws::Jws,
    keys::{Found, KeySet, PublicKey},
    metadata::{Metadata, MetadataError},
    outbound::Outbound,
    settings::{IssuerSettings, SigningAlgorithm, Timing},
    strict::Object,
};

/// One issuer.
pub struct Provider {
    pub settings: IssuerSettings,
    pub timing: Timing,
    pub outbound: Outbound,
    clock: Arc<dyn Clock>,
    known: RwLock<Option<Arc<Known>>>,
    attempts: Mutex<Attempts>,
}

/// What was last fetched, whole.
#[derive(Debug)]
pub struct Known {
    pub metadata: Metadata,
    pub keys: KeySet,
    pub fetched_at: Timestamp,
    pub fresh_until: Timestamp,
}

/// What was tried; whoever holds the lock is the one who fetches.
#[derive(Debug, Default)]
struct Attempts {
    failed_at: Option<Timestamp>,
    failures: u32,
    /// When an unknown key id last caused a fetch, and whether that failed.
    forced: Option<(Timestamp, bool)>,
}

/// A token whose signature holds.
pub struct Opened {
    pub claims: Object,
    pub algorithm: SigningAlgorithm,
    pub key: Arc<PublicKey>,
}

/// Why a signature cannot be relied on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum KeyRefusal {
    #[error("the issuer cannot be reached and its keys are not known")]
    Unavailable,
    #[error("the token's algorithm is refused")]
    AlgorithmRefused,
    #[error("the token is signed with a key the issuer does not publish")]
    UnknownKey,
    #[error("the token's signature does not hold")]
    BadSignature,
}

impl Provider {
    pub fn new(settings: IssuerSettings, timing: Timing, outbound: Outbound, clock: Arc<dyn Clock>) -> Self {
        Self { settings, timing, outbound, clock, known: RwLock::default(), attempts: Mutex::default() }
    }

    /// What is held now, fresh or not.
    pub fn held(&self) -> Option<Arc<Known>> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What is known about the issuer, fetched when it is not fresh and it is time to try.
    pub async fn known(&self) -> Result<Arc<Known>, KeyRefusal> {
        match self.held() {
            Some(held) if self.clock.now() < held.fresh_until => Ok(held),
            held => self.renew(held, |known, now| now < known.fresh_until).await,
        }
    }

    /// For a background job: fetches when half of the fresh time is over, so that requests need not.
    pub async fn refresh_early(&self) -> Result<Arc<Known>, KeyRefusal> {
        let early = |known: &Known, now: Timestamp| {
            now.since(known.fetched_at) < known.fresh_until.since(known.fetched_at) / 2
        };
        match self.held() {
            Some(held) if early(&held, self.clock.now()) => Ok(held),
            held => self.renew(held, early).await,
        }
    }

    /// Checks the signature of a token, asking the issuer once more for a key id that is not known yet.
    pub async fn open(&self, jws: Jws<'_>) -> Result<Opened, KeyRefusal> {
        let algorithm = jws.algorithm();
        if !self.settings.algorithms.contains(&algorithm) {
            return Err(KeyRefusal::AlgorithmRefused);
        }
        let known = self.known().await?;
        let found = match known.keys.find(jws.key_id(), algorithm) {
            Found::Missing => self.renew_for_unknown_key(&known).await?.keys.find(jws.key_id(), algorithm),
            found => found,
        };
        let key = match found {
            Found::Key(key) => key,
            Found::Incompatible => return Err(KeyRefusal::BadSignature),
            Found::Missing => return Err(KeyRefusal::UnknownKey),
        };
        let claims = jws.open(&key).ok_or(KeyRefusal::BadSignature)?;
        Ok(Opened { claims, algorithm, key })
    }

    async fn renew(
        &self,
        held: Option<Arc<Known>>,
        fresh: impl Fn(&Known, Timestamp) -> bool,
    ) -> Result<Arc<Known>, KeyRefusal> {
        let usable = held.filter(|known| self.usable(known));
        let mut attempts = match (self.attempts.try_lock(), &usable) {
            (Ok(attempts), _) => attempts,
            (Err(_), Some(usable)) => return Ok(Arc::clone(usable)),
            (Err(_), None) => self.attempts.lock().await,
        };
        // Whoever held the lock before may have done the work.
        if let Some(held) = self.held().filter(|known| fresh(known, self.clock.now())) {
            return Ok(held);
        }
        // With keys in hand there is time: back off. Without, nobody is served: try again soon.
        let shift = if usable.is_some() { attempts.failures.saturating_sub(1).min(5) } else { 0 };
        let pause = self.timing.retry_after << shift;
        if attempts.failed_at.is_some_and(|failed| self.clock.now() < failed.plus_seconds(pause)) {
            return usable.ok_or(KeyRefusal::Unavailable);
        }
        self.fetch(&mut attempts).await.or(usable).ok_or(KeyRefusal::Unavailable)
    }

    async fn renew_for_unknown_key(&self, seen: &Arc<Known>) -> Result<Arc<Known>, KeyRefusal> {
        let mut attempts = self.attempts.lock().await;
        if let Some(held) = self.held().filter(|held| !Arc::ptr_eq(held, seen)) {
            return Ok(held);
        }
        let now = self.clock.now();
        if let Some((at, failed)) = attempts.forced
            && now < at.plus_seconds(self.timing.unknown_key_cooldown)
        {
            return Err(if failed { KeyRefusal::Unavailable } else { KeyRefusal::UnknownKey });
        }
        // Noted before the wait: a caller who goes away in the middle has used the attempt all the same.
        attempts.forced = Some((now, true));
        let fetched = self.fetch(&mut attempts).await.ok_or(KeyRefusal::Unavailable)?;
        attempts.forced = Some((now, false));
        Ok(fetched)
    }

    async fn fetch(&self, attempts: &mut MutexGuard<'_, Attempts>) -> Option<Arc<Known>> {
        match self.ask().await {
            Ok(fetched) => {
                attempts.failed_at = None;
                attempts.failures = 0;
                let fetched = Arc::new(fetched);
                *self.known.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&fetched));
                Some(fetched)
            }
            Err(error) => {
                attempts.failed_at = Some(self.clock.now());
                attempts.failures = attempts.failures.saturating_add(1);
                let cause = std::error::Error::source(&error).map(ToString::to_string);
                tracing::warn!(issuer = self.settings.name, %error, cause, "keys could not be fetched");
                None
            }
        }
    }

    async fn ask(&self) -> Result<Known, MetadataError> {
        let metadata = Metadata::fetch(&self.outbound, &self.settings).await?;
        let (headers, document) = metadata.fetch_keys(&self.outbound).await?;
        let keys = KeySet::read(&document).ok_or(MetadataError::NoKeys)?;
        let fetched_at = self.clock.now();
        let fresh_until = fetched_at.plus_seconds(freshness::seconds(&headers, &self.timing));
        Ok(Known { metadata, keys, fetched_at, fresh_until })
    }

    fn usable(&self, known: &Known) -> bool {
        self.clock.now() < known.fetched_at.plus_seconds(self.timing.stale_max)
    }

    /// How often fetching has failed in a row; `None` while a fetch is under way.
    pub fn failures(&self) -> Option<u32> {
        self.attempts.try_lock().ok().map(|attempts| attempts.failures)
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}
