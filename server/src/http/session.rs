//! The sign-in cookie: `__Host-countersign`, Secure, HttpOnly, SameSite=Lax, backed by Postgres (only the SHA-256 of the
//! id is stored). Idle and absolute time-outs (AC-12); the id is cycled at sign-in (session fixation).

use std::{collections::HashMap, sync::Arc};

use async_trait::async_trait;
use countersign_model::{Clock, PersonId, Timestamp};
use countersign_store::{Database, web_sessions};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;
use tower_sessions::{
    Expiry, Session, SessionManagerLayer, SessionStore,
    cookie::SameSite,
    session::{Id, Record},
    session_store,
};

/// The cookie's name. The prefix makes browsers refuse it without Secure, with a Domain, or for another path.
pub const COOKIE: &str = "__Host-countersign";
/// Key of [`SignedIn`] in the session's data.
pub const SIGNED_IN: &str = "signed_in";

/// Who is signed in, and since when.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SignedIn {
    pub person: PersonId,
    pub at: Timestamp,
    /// Set for OpenID Connect sign-ins.
    #[serde(default)]
    pub oidc: Option<OidcSession>,
}

/// What ending an OpenID Connect session needs.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OidcSession {
    /// The configured issuer's name.
    pub issuer_name: String,
    pub issuer: String,
    pub subject: String,
    pub sid: Option<String>,
    /// The ID token, for `id_token_hint`.
    pub id_token: String,
}

/// Sessions in Postgres.
#[derive(Clone)]
pub struct PostgresSessions {
    database: Database,
    clock: Arc<dyn Clock>,
    /// Seconds after which a session ends whatever happens.
    absolute: i64,
}

impl std::fmt::Debug for PostgresSessions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PostgresSessions")
    }
}

/// The layer that reads and sets the cookie.
pub fn layer(store: PostgresSessions, idle_seconds: i64) -> SessionManagerLayer<PostgresSessions> {
    SessionManagerLayer::new(store)
        .with_name(COOKIE)
        .with_secure(true)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_path("/")
        // Every request renews the idle time, not only those that change the session's data.
        .with_always_save(true)
        .with_expiry(Expiry::OnInactivity(time::Duration::seconds(idle_seconds)))
}

impl PostgresSessions {
    /// Over the page pool.
    pub fn new(database: Database, clock: Arc<dyn Clock>, absolute_seconds: i64) -> Self {
        Self { database, clock, absolute: absolute_seconds }
    }

    /// The session of a request as it is stored now; `None`: it never had an id.
    pub fn again(&self, session: &Session) -> Option<Session> {
        Some(Session::new(Some(session.id()?), Arc::new(self.clone()), session.expiry()))
    }

    fn row(&self, record: &Record) -> Result<web_sessions::WebSession, session_store::Error> {
        let encode = |error: serde_json::Error| session_store::Error::Encode(error.to_string());
        let signed_in = signed_in(&record.data);
        let expires = Timestamp(i64::try_from(record.expiry_date.unix_timestamp_nanos()).unwrap_or(i64::MAX));
        let absolute = signed_in.as_ref().map(|signed_in| signed_in.at.plus_seconds(self.absolute));
        let oidc = signed_in.as_ref().and_then(|signed_in| signed_in.oidc.clone());
        Ok(web_sessions::WebSession {
            id_hash: hash(record.id),
            data: serde_json::to_vec(&record.data).map_err(encode)?,
            created_at: self.clock.now(),
            expires_at: absolute.map_or(expires, |absolute| absolute.min(expires)),
            person: signed_in.as_ref().map(|signed_in| signed_in.person),
            issuer: oidc.as_ref().map(|oidc| oidc.issuer.clone()),
            subject: oidc.as_ref().map(|oidc| oidc.subject.clone()),
            sid: oidc.and_then(|oidc| oidc.sid),
        })
    }
}

fn signed_in(data: &HashMap<String, serde_json::Value>) -> Option<SignedIn> {
    serde_json::from_value(data.get(SIGNED_IN)?.clone()).ok()
}

/// What the store knows a session by.
pub fn hash(id: Id) -> [u8; 32] {
    Sha256::digest(id.0.to_be_bytes()).into()
}

fn backend(error: impl std::fmt::Display) -> session_store::Error {
    session_store::Error::Backend(error.to_string())
}

#[async_trait]
impl SessionStore for PostgresSessions {
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        let mut conn = self.database.pages().acquire().await.map_err(backend)?;
        loop {
            if web_sessions::create(&mut conn, &self.row(record)?).await.map_err(backend)? {
                return Ok(());
            }
            record.id = Id::default();
        }
    }

    async fn save(&self, record: &Record) -> session_store::Result<()> {
        let mut conn = self.database.pages().acquire().await.map_err(backend)?;
        // `false`: it was ended meanwhile, and saving must not bring it back.
        web_sessions::save(&mut conn, &self.row(record)?).await.map_err(backend)?;
        Ok(())
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        let mut conn = self.database.pages().acquire().await.map_err(backend)?;
        let found = web_sessions::load(&mut conn, &hash(*id), self.clock.now()).await.map_err(backend)?;
        let Some(found) = found else { return Ok(None) };
        let data = serde_json::from_slice(&found.data)
            .map_err(|error| session_store::Error::Decode(error.to_string()))?;
        let expiry_date =
            OffsetDateTime::from_unix_timestamp_nanos(i128::from(found.expires_at.0)).map_err(backend)?;
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        let mut conn = self.database.pages().acquire().await.map_err(backend)?;
        web_sessions::delete(&mut conn, &hash(*id)).await.map_err(backend)
    }
}
