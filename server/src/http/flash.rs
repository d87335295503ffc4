//! What is shown once after a form: a new token, the first hello, a test's report. The form answers with a redirect, and
//! the page it leads to takes the result away, so that reloading that page repeats nothing and shows nothing twice.
//!
//! Kept for minutes in a row of its own beside the sessions (a session's own data is written back whole by requests that
//! run at the same time). The row is found and opened by the session's id, which is stored nowhere: a copy of the table
//! shows no token. Nothing of it is ever in a URL.

use std::sync::Arc;

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, Nonce, RandomizedNonceKey},
    error::Unspecified,
};
use axum::http::Uri;
use countersign_model::{Clock, form::FormState};
use countersign_store::{Database, StoreError, web_sessions};
use sha2::{Digest as _, Sha256};
use thiserror::Error;
use tower_sessions::{Session, session::Id};
use url::form_urlencoded;

/// How long a result waits for its page, seconds.
const LIFETIME_S: i64 = 300;
/// Bytes of the nonce in front of the sealed text.
const NONCE: usize = 12;
/// The `?done=` codes of pages that take a result.
const CODES: [&str; 3] = ["token-made", "tested", "heard"];

/// The results that wait.
#[derive(Clone)]
pub struct Flashes {
    database: Database,
    clock: Arc<dyn Clock>,
}

/// Why a result cannot be kept.
#[derive(Debug, Error)]
pub enum FlashError {
    #[error("there is no session to keep it for")]
    NoSession,
    #[error("the store: {0}")]
    Store(String),
    #[error("it cannot be written: {0}")]
    Encode(#[from] serde_json::Error),
    #[error("it cannot be sealed")]
    Seal,
}

impl From<Unspecified> for FlashError {
    fn from(_: Unspecified) -> Self {
        Self::Seal
    }
}

impl From<StoreError> for FlashError {
    fn from(error: StoreError) -> Self {
        Self::Store(error.to_string())
    }
}

impl Flashes {
    /// Over the page pool.
    pub fn new(database: Database, clock: Arc<dyn Clock>) -> Self {
        Self { database, clock }
    }

    /// Keeps a result for the page at `path` (no query); what waited there is replaced.
    pub async fn keep(&self, session: &Session, path: &str, form: &FormState) -> Result<(), FlashError> {
        let id = session.id().ok_or(FlashError::NoSession)?;
        let mut sealed = serde_json::to_vec(form)?;
        let nonce = key(id, path)?.seal_in_place_append_tag(Aad::empty(), &mut sealed)?;
        let mut data = nonce.as_ref().to_vec();
        data.append(&mut sealed);
        let now = self.clock.now();
        let mut conn =
            self.database.pages().acquire().await.map_err(|error| FlashError::Store(error.to_string()))?;
        web_sessions::leave(&mut conn, &place(id, path), &data, now, now.plus_seconds(LIFETIME_S)).await?;
        Ok(())
    }

    /// Takes the result that waits for a page away; `None` when there is none, or none that can be read.
    pub async fn take(&self, session: &Session, uri: &Uri) -> Option<FormState> {
        let done = form_urlencoded::parse(uri.query()?.as_bytes()).find(|(name, _)| name == "done")?.1;
        CODES.contains(&done.as_ref()).then_some(())?;
        let (id, path) = (session.id()?, uri.path());
        let mut conn = self.database.pages().acquire().await.ok()?;
        let data = match web_sessions::take(&mut conn, &place(id, path), self.clock.now()).await {
            Ok(data) => data?,
            Err(error) => {
                tracing::error!(%error, "a result could not be read");
                return None;
            }
        };
        let (nonce, sealed) = data.split_at_checked(NONCE)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut sealed = sealed.to_vec();
        let plain = key(id, path).ok()?.open_in_place(nonce, Aad::empty(), &mut sealed).ok()?;
        serde_json::from_slice(plain).ok()
    }
}

/// Where a page's result is kept.
fn place(id: Id, path: &str) -> [u8; 32] {
    derived(b"countersign/flash-place/v1\0", id, path)
}

fn key(id: Id, path: &str) -> Result<RandomizedNonceKey, Unspecified> {
    RandomizedNonceKey::new(&AES_256_GCM, &derived(b"countersign/flash-key/v1\0", id, path))
}

/// The session's id has 128 random bits, so a plain hash is enough.
fn derived(purpose: &[u8], id: Id, path: &str) -> [u8; 32] {
    Sha256::new().chain_update(purpose).chain_update(id.0.to_be_bytes()).chain_update(path).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn place_and_key_differ_and_belong_to_one_page_of_one_session() {
        let all = [
            place(Id(1), "/connect"),
            place(Id(2), "/connect"),
            place(Id(1), "/setup/hello"),
            derived(b"countersign/flash-key/v1\0", Id(1), "/connect"),
        ];
        for (at, one) in all.iter().enumerate() {
            assert!(all.iter().skip(at + 1).all(|other| other != one));
        }
    }
}
