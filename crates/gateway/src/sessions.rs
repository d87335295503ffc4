//! Which exchanges belong together: same caller, same credential, same connection, same label the client may send in
//! `x-countersign-session`, and never more than half an hour of silence between two.
//!
//! Kept in memory: a restart begins new sessions, which the record shows truthfully.

use std::{
    collections::HashMap,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use countersign_model::{Clock, ConnectionId, Mint, SessionId, Timestamp, caller::Caller};

/// Silence after which the next exchange begins a new session, seconds.
const IDLE_SECONDS: i64 = 1_800;
/// Entries beyond which idle ones are swept out.
const SWEEP_AT: usize = 10_000;
/// Longest label taken into account, bytes.
const LABEL_MAX: usize = 128;

#[derive(PartialEq, Eq, Hash)]
struct Key {
    credential: String,
    connection: ConnectionId,
    label: String,
}

/// The sessions in use.
#[derive(Default)]
pub struct Sessions {
    open: Mutex<HashMap<Key, (SessionId, Timestamp)>>,
    /// Entries at which idle ones are swept out next.
    sweep_at: AtomicUsize,
}

impl Sessions {
    /// The session an exchange that begins now belongs to.
    pub fn of(
        &self,
        clock: &dyn Clock,
        mint: &dyn Mint,
        caller: &Caller,
        connection: ConnectionId,
        label: &str,
    ) -> SessionId {
        let now = clock.now();
        let label = label.get(..label.len().min(LABEL_MAX)).unwrap_or("").to_owned();
        let key = Key { credential: caller.credential_key(), connection, label };
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let oldest = now.plus_seconds(-IDLE_SECONDS);
        if open.len() >= self.sweep_at.load(Ordering::Relaxed).max(SWEEP_AT) {
            open.retain(|_, (_, last)| *last >= oldest);
            // Twice what is in use: the sweep's cost is spread over as many requests as it looks at entries.
            self.sweep_at.store(open.len() * 2, Ordering::Relaxed);
        }
        match open.get_mut(&key) {
            Some((session, last)) if *last >= oldest => {
                *last = now;
                *session
            }
            _ => {
                let session = SessionId::from_uuid(mint.uuid(now));
                open.insert(key, (session, now));
                session
            }
        }
    }
}
