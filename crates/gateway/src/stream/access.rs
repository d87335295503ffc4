//! Whether the caller of a stream under way may still have it: the proof holds, the connection is switched on and granted.
//!
//! Promises: asked anew at every segment, and every 5 s while nothing arrives. Never: decides who may begin a request.

use std::{sync::Arc, time::Duration};

use countersign_model::{Clock, ConnectionId, caller::Caller};
use tokio::time::Instant;

use crate::{Gateway, directory::Directory, ports::Callers, route::Routed};

/// Longest time between two looks.
const EVERY: Duration = Duration::from_secs(5);

/// One caller's access to one connection.
pub(super) struct Access {
    callers: Arc<dyn Callers>,
    directory: Arc<Directory>,
    clock: Arc<dyn Clock>,
    caller: Caller,
    connection: ConnectionId,
    checked_at: Instant,
}

impl Access {
    /// As it was established when the request was routed.
    pub fn of(gateway: &Gateway, routed: &Routed) -> Self {
        Self {
            callers: Arc::clone(&gateway.callers),
            directory: Arc::clone(&gateway.directory),
            clock: Arc::clone(&gateway.clock),
            caller: routed.caller.clone(),
            connection: routed.route.connection.id,
            checked_at: Instant::now(),
        }
    }

    /// How long until it has to be looked at again; zero: now.
    pub fn due_in(&self) -> Duration {
        EVERY.saturating_sub(self.checked_at.elapsed())
    }

    /// Looks.
    pub async fn holds(&mut self) -> bool {
        let holds = self.granted() && self.callers.still_valid(&self.caller, self.clock.now()).await;
        self.checked_at = Instant::now();
        holds
    }

    /// By its id: a connection may be given another name meanwhile.
    fn granted(&self) -> bool {
        self.directory.load().routes.values().any(|route| {
            let settings = &route.connection.settings;
            route.connection.id == self.connection && settings.enabled && settings.grants(&self.caller.groups)
        })
    }
}
