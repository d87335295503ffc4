//! What changes while a page is open: the head of the ledger and the newest exchange. Cheap enough to ask every second.

use countersign_model::{Timestamp, audit::Head};
use countersign_store::{exchanges, projection};

use crate::{Admin, AdminError};

/// One beat of the live page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pulse {
    pub head: Head,
    /// When the newest exchange that lists can show arrived.
    pub newest_exchange_at: Option<Timestamp>,
    /// Ledger rows that lists do not show yet.
    pub behind: i64,
}

impl Admin {
    /// The current head, the newest exchange, and how far the lists are behind: four reads by key.
    pub async fn pulse(&self) -> Result<Pulse, AdminError> {
        let head = self.head().await?;
        let mut conn = self.conn().await?;
        let newest_exchange_at = exchanges::newest_at(&mut conn).await.map_err(|error| self.fault(error))?;
        let cursor = projection::cursor(&mut conn).await.map_err(|error| self.fault(error))?;
        Ok(Pulse { behind: head.size.saturating_sub(cursor).max(0), head, newest_exchange_at })
    }
}
