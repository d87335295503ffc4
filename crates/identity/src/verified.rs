//! Access tokens that were verified a moment ago, so that the same token need not be verified for every request.
//!
//! Promises: bounded; holds no token, only its SHA-256; an entry ends with the token and after a minute at the latest,
//! which is how long a withdrawn key may still work.

use std::{
    num::NonZeroUsize,
    sync::{Arc, Mutex, PoisonError},
};

use countersign_model::Timestamp;
use lru::LruCache;
use sha2::{Digest, Sha256};

use crate::access::AccessIdentity;

/// Seconds an entry lives at most.
const KEEP: i64 = 60;

/// The name of a token here.
pub type TokenDigest = [u8; 32];

pub struct Verified(Mutex<LruCache<TokenDigest, Entry>>);

struct Entry {
    identity: Arc<AccessIdentity>,
    from: Timestamp,
    until: Timestamp,
}

impl Verified {
    pub fn new(capacity: NonZeroUsize) -> Self {
        Self(Mutex::new(LruCache::new(capacity)))
    }

    pub fn digest(token: &str) -> TokenDigest {
        Sha256::digest(token).into()
    }

    /// The identity, if this token was verified within the last minute and has not ended.
    pub fn get(&self, digest: &TokenDigest, now: Timestamp) -> Option<Arc<AccessIdentity>> {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = entries.get(digest)?;
        if entry.from <= now && now < entry.until {
            return Some(Arc::clone(&entry.identity));
        }
        entries.pop(digest);
        None
    }

    pub fn put(&self, digest: TokenDigest, identity: Arc<AccessIdentity>, now: Timestamp) {
        let until = identity.expires_at.min(now.plus_seconds(KEEP));
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        entries.put(digest, Entry { identity, from: now, until });
    }
}
