//! A use of a token: taken before the intent is written, given back when nothing was sent to the model.
//!
//! Promises: however a request ends (refused, broken off, its client gone) a use is given back exactly when the model
//! cannot have seen the request. Never: given back when that is in doubt.

use std::sync::Arc;

use countersign_model::{Timestamp, caller::Proof};
use tokio_util::task::TaskTracker;

use crate::ports::{Callers, NotACaller};

/// One use. Dropping it gives it back, unless [`Taken::sent`] was said.
pub(crate) struct Taken {
    callers: Arc<dyn Callers>,
    tracker: TaskTracker,
    /// `None`: the proof is no gateway token, and there is nothing to give back.
    proof: Option<Proof>,
    sent: bool,
}

impl Taken {
    /// Takes one use of a gateway token; other proofs have none.
    pub(crate) async fn take(
        callers: Arc<dyn Callers>,
        tracker: TaskTracker,
        proof: &Proof,
        now: Timestamp,
    ) -> Result<Self, NotACaller> {
        let has_uses = matches!(proof, Proof::GatewayToken { .. });
        if has_uses {
            callers.redeem(proof, now).await?;
        }
        Ok(Self { callers, tracker, proof: has_uses.then(|| proof.clone()), sent: false })
    }

    /// From now on the model may have seen the request.
    pub(crate) const fn sent(&mut self) {
        self.sent = true;
    }

    /// It turned out that not even a connection came about.
    pub(crate) fn give_back(mut self) {
        self.sent = false;
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        if let (false, Some(proof)) = (self.sent, self.proof.take()) {
            let callers = Arc::clone(&self.callers);
            // In a task: nobody waits for the store only to be told "no".
            self.tracker.spawn(async move { callers.refund(&proof).await });
        }
    }
}
