//! Who may call: gateway tokens in the store, access tokens of trusted issuers.
//!
//! Tokens without a count are remembered for a second, so that a busy client costs no query for each request; a change
//! of tokens, people or connections on any node forgets all of them at once. So it is with what was found of callers whose
//! answers are under way.

#[cfg(test)]
mod tests;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use async_trait::async_trait;
use countersign_gateway::ports::{Callers, NotACaller};
use countersign_identity::{AccessTokenError, AccessTokens};
use countersign_model::{
    Clock, Secret, Timestamp, TokenId,
    caller::{Caller, Proof},
};
use countersign_store::{
    Database, people,
    token_secret::{self, TokenKey},
    tokens::{self, TokenRow, Used},
};

/// How long a token's row is believed without asking again.
const REMEMBER: Duration = Duration::from_secs(1);
/// Rows remembered at most.
const REMEMBERED: usize = 10_000;
/// Longest wait for the database.
const WAIT: Duration = Duration::from_millis(1_500);

/// The identity side of the data path.
pub struct StoreCallers {
    database: Database,
    token_key: Arc<TokenKey>,
    access: AccessTokens,
    clock: Arc<dyn Clock>,
    known: Mutex<HashMap<[u8; 32], (Instant, TokenRow)>>,
    /// When the proof of a request under way was last found to hold.
    standing: Mutex<HashMap<String, Instant>>,
    /// Uses that are not written yet: when last, and how many calls of tokens without a limit.
    used: Mutex<HashMap<TokenId, (Timestamp, i32)>>,
}

impl StoreCallers {
    /// Over the page pool.
    pub fn new(
        database: Database,
        token_key: Arc<TokenKey>,
        access: AccessTokens,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let (known, standing, used) = (Mutex::default(), Mutex::default(), Mutex::default());
        Self { database, token_key, access, clock, known, standing, used }
    }

    /// Forgets every remembered row: something changed.
    pub fn forget(&self) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.standing.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Writes down when and how often tokens were used; called every few seconds. What cannot be written waits for the next
    /// time.
    pub async fn write_uses(&self) {
        let used: Vec<Used> = {
            let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
            used.drain().map(|(token, (at, calls))| Used { token, at, calls }).collect()
        };
        if used.is_empty() {
            return;
        }
        let written = match self.database.pages().acquire().await {
            Ok(mut conn) => tokens::touch(&mut conn, &used).await.map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        if let Err(error) = written {
            tracing::warn!(%error, "uses of tokens could not be written yet");
            for Used { token, at, calls } in used {
                self.note_use(token, at, calls);
            }
        }
    }

    fn note_use(&self, token: TokenId, now: Timestamp, calls: i32) {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, counted) = used.entry(token).or_insert((now, 0));
        *at = now.max(*at);
        *counted = counted.saturating_add(calls);
    }

    async fn gateway_token(&self, presented: &str, now: Timestamp) -> Result<Caller, NotACaller> {
        let hash = self.token_key.hash(presented);
        let remembered = {
            let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            known.get(&hash).filter(|(read, _)| read.elapsed() < REMEMBER).map(|(_, row)| row.clone())
        };
        let row = match remembered {
            Some(row) => row,
            None => self.look_up(hash).await?,
        };
        let token = &row.token;
        if row.person_disabled || !row.may_call {
            return Err(NotACaller::Disabled);
        }
        if token.revoked_at.is_some() {
            return Err(NotACaller::Revoked);
        }
        if token.expires_at <= now {
            return Err(NotACaller::Expired);
        }
        if token.max_uses.is_some_and(|most| token.uses >= most) {
            return Err(NotACaller::Spent);
        }
        self.note_use(token.id, now, 0);
        Ok(Caller {
            person: Some(token.person),
            label: token.person_label.clone(),
            groups: row.groups.clone(),
            scope: token.scope.clone(),
            proof: Proof::GatewayToken { token: token.id, counted: token.max_uses.is_some() },
            expires_at: token.expires_at,
        })
    }

    async fn look_up(&self, hash: [u8; 32]) -> Result<TokenRow, NotACaller> {
        let row = self
            .ask(async |conn| tokens::find_by_hash(conn, &hash).await)
            .await?
            .ok_or(NotACaller::Invalid)?;
        if row.token.max_uses.is_none() {
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            if known.len() >= REMEMBERED {
                known.clear();
            }
            known.insert(hash, (Instant::now(), row.clone()));
        }
        Ok(row)
    }

    /// Whether the store still has the proof for good. Spent uses are no matter: one of them is this request's own.
    async fn stands(&self, proof: &Proof) -> Result<bool, NotACaller> {
        match proof {
            Proof::GatewayToken { token, .. } => {
                let row = self.ask(async |conn| tokens::find_by_id(conn, *token).await).await?;
                Ok(row.is_some_and(|row| {
                    row.token.revoked_at.is_none() && !row.person_disabled && row.may_call
                }))
            }
            Proof::AccessToken { issuer, subject, .. } => {
                let person = self.ask(async |conn| people::by_identity(conn, issuer, subject).await).await?;
                Ok(person.is_none_or(|person| !person.disabled))
            }
        }
    }

    /// One question to the database, with a limit on the wait.
    async fn ask<T>(
        &self,
        question: impl AsyncFnOnce(
            &mut countersign_store::PgConnection,
        ) -> Result<T, countersign_store::StoreError>,
    ) -> Result<T, NotACaller> {
        let asked = async {
            let mut conn =
                self.database.pages().acquire().await.map_err(countersign_store::StoreError::from)?;
            question(&mut conn).await
        };
        match tokio::time::timeout(WAIT, asked).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => {
                tracing::warn!(%error, "the identity store cannot be asked");
                Err(NotACaller::Unavailable)
            }
            Err(_) => {
                tracing::warn!("the identity store does not answer");
                Err(NotACaller::Unavailable)
            }
        }
    }

    async fn access_token(&self, presented: &str, now: Timestamp) -> Result<Caller, NotACaller> {
        let identity = self.access.verify(presented, now).await.map_err(|error| {
            tracing::debug!(%error, "an access token was refused");
            match error {
                AccessTokenError::Expired => NotACaller::Expired,
                AccessTokenError::IssuerUnavailable => NotACaller::Unavailable,
                _ => NotACaller::Invalid,
            }
        })?;
        // Somebody who signed in here before is a person with an account, which may be disabled.
        let (issuer, subject) = (identity.issuer.as_str(), identity.subject.as_str());
        let person = self.ask(async |conn| people::by_identity(conn, issuer, subject).await).await?;
        if person.as_ref().is_some_and(|person| person.disabled) {
            return Err(NotACaller::Disabled);
        }
        Ok(Caller {
            person: person.as_ref().map(|person| person.id),
            label: person.map_or_else(|| identity.label.clone(), |person| person.login),
            groups: identity.groups.clone(),
            scope: None,
            proof: Proof::AccessToken {
                issuer: identity.issuer.clone(),
                subject: identity.subject.clone(),
                client: identity.client.clone(),
                token: identity.token_id.clone(),
            },
            expires_at: identity.expires_at,
        })
    }
}

#[async_trait]
impl Callers for StoreCallers {
    async fn identify(&self, presented: &Secret<String>, now: Timestamp) -> Result<Caller, NotACaller> {
        let text = presented.expose();
        if token_secret::is_well_formed(text) {
            self.gateway_token(text, now).await
        } else if AccessTokens::looks_like_one(text) {
            self.access_token(text, now).await
        } else {
            Err(NotACaller::Invalid)
        }
    }

    async fn still_valid(&self, caller: &Caller, now: Timestamp) -> bool {
        if caller.expires_at <= now {
            return false;
        }
        let key = caller.credential_key();
        let held = {
            let standing = self.standing.lock().unwrap_or_else(PoisonError::into_inner);
            standing.get(&key).is_some_and(|asked| asked.elapsed() < REMEMBER)
        };
        if held {
            return true;
        }
        match self.stands(&caller.proof).await {
            Ok(true) => {
                let mut standing = self.standing.lock().unwrap_or_else(PoisonError::into_inner);
                if standing.len() >= REMEMBERED {
                    standing.clear();
                }
                standing.insert(key, Instant::now());
                true
            }
            Ok(false) => false,
            // Nobody was found to have lost anything; whether the answer goes on is for the record to decide.
            Err(_) => true,
        }
    }

    async fn redeem(&self, proof: &Proof, now: Timestamp) -> Result<(), NotACaller> {
        let Proof::GatewayToken { token, counted } = proof else { return Ok(()) };
        if !counted {
            self.note_use(*token, now, 1);
            return Ok(());
        }
        let redeemed = self.ask(async |conn| tokens::redeem(conn, *token, now).await).await?;
        if redeemed {
            return Ok(());
        }
        // Which of the conditions failed is worth a second question: the client is told.
        let row = self.ask(async |conn| tokens::by_id(conn, *token).await).await?;
        Err(match row {
            None => NotACaller::Invalid,
            Some(row) if row.revoked_at.is_some() => NotACaller::Revoked,
            Some(row) if row.expires_at <= self.clock.now() => NotACaller::Expired,
            Some(_) => NotACaller::Spent,
        })
    }

    async fn refund(&self, proof: &Proof) {
        let Proof::GatewayToken { token, counted } = proof else { return };
        if !counted {
            return self.note_use(*token, Timestamp(0), -1);
        }
        if self.ask(async |conn| tokens::refund(conn, *token).await).await.is_err() {
            tracing::warn!(%token, "a use that sent nothing could not be given back");
        }
    }
}
