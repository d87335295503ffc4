//! Signing in with a password, coming back with a session, signing out. Lockout after NIST SP 800-53 AC-7.

use countersign_ledger::Kind;
use countersign_model::{PersonId, Timestamp, person::Person};
use countersign_store::people::{self, Attempt};

use crate::{
    Actor, Admin, AdminError, SignInError,
    record::Fact,
    throttle::{Turn, peer_key},
};

/// Who is named in the record when the login is nobody's. What was typed is not kept: people type passwords there.
const UNKNOWN: &str = "unknown account";
/// Longest login that is looked up, bytes; nobody can have a longer one.
const LOGIN_MAX: usize = 1_280;

impl Admin {
    /// Signs in with a local account. Unknown login and wrong password give the same answer after the same work.
    pub async fn sign_in_local(&self, login: &str, password: &str, peer: &str) -> Result<Actor, SignInError> {
        let now = self.now();
        let login = login.trim();
        let address = peer_key(peer);
        match self.peers.begin(&address, now) {
            Turn::Locked(until) => return Err(SignInError::Locked { until }),
            Turn::Allowed { locks_until: None } => {}
            Turn::Allowed { locks_until: Some(until) } => {
                let fact = Fact::from(UNKNOWN, peer, "sign_in.address_locked", address.as_str());
                self.record(Kind::SignIn, fact.with("until", until.rfc3339())).await?;
            }
        }
        // What Postgres cannot hold or a row cannot have is nobody's, not a fault.
        let login = if login.len() > LOGIN_MAX || login.contains('\0') { "" } else { login };
        let account = {
            let mut conn = self.conn().await?;
            people::local_by_login(&mut conn, login).await.map_err(|error| self.fault(error))?
        };
        let Some(account) = account else {
            return Err(self.refuse_stranger(login, password, peer, now).await);
        };
        let person = account.person;
        let locks_until = match self.begin_attempt(person.id, now).await? {
            Attempt::Allowed { locks_until } => locks_until,
            Attempt::Locked(until) => {
                let fact = Fact::from(&person.login, peer, "sign_in.locked", "");
                self.record(Kind::SignIn, fact.with("until", until.rfc3339())).await?;
                return Err(SignInError::Locked { until });
            }
        };
        let right = self
            .passwords
            .verify(password, account.password_hash.as_deref())
            .await
            .map_err(|error| self.fault(error))?;
        if !right {
            let mut fact = Fact::from(&person.login, peer, "sign_in.failed", "").with("why", "password");
            if let Some(until) = locks_until {
                fact = fact.with("locked_until", until.rfc3339());
            }
            self.record(Kind::SignIn, fact).await?;
            return Err(SignInError::Refused);
        }
        if person.disabled {
            let fact = Fact::from(&person.login, peer, "sign_in.failed", "").with("why", "disabled");
            self.record(Kind::SignIn, fact).await?;
            return Err(SignInError::Disabled);
        }
        let actor = self.enter(person, "password", peer, now).await?;
        self.peers.take_back(&address);
        Ok(actor)
    }

    /// The person behind a browser session, with the roles they have now; `None`: disabled or gone.
    pub async fn resume(&self, person: PersonId, peer: &str) -> Result<Option<Actor>, AdminError> {
        let mut conn = self.conn().await?;
        let found = people::by_id(&mut conn, person).await.map_err(|error| self.fault(error))?;
        let Some(person) = found.filter(|person| !person.disabled) else { return Ok(None) };
        people::seen(&mut conn, person.id, self.now()).await.map_err(|error| self.fault(error))?;
        Ok(Some(Actor::of(person, peer)))
    }

    /// Records that somebody signed out. The session is ended whether or not the row can be written.
    pub async fn signed_out(&self, actor: &Actor) {
        // `record` has logged why, if it could not.
        let _recorded = self.record(Kind::SignIn, Fact::by(actor, "sign_out", "")).await;
    }

    /// The row first, then the marks of a successful sign-in.
    pub(crate) async fn enter(
        &self,
        person: Person,
        method: &str,
        peer: &str,
        now: Timestamp,
    ) -> Result<Actor, AdminError> {
        let fact = Fact::from(&person.login, peer, "sign_in.succeeded", "").with("method", method);
        self.record(Kind::SignIn, fact).await?;
        let mut conn = self.conn().await?;
        people::sign_in_succeeded(&mut conn, person.id, now).await.map_err(|error| self.fault(error))?;
        Ok(Actor::of(person, peer))
    }

    pub(crate) async fn begin_attempt(&self, id: PersonId, now: Timestamp) -> Result<Attempt, AdminError> {
        let until = now.plus_seconds(self.settings.lockout_s);
        let mut conn = self.conn().await?;
        people::begin_attempt(&mut conn, id, now, self.settings.lockout_after, until)
            .await
            .map_err(|error| self.fault(error))
    }

    /// Nobody has this login: the same work, the same lock, the same answer as for a wrong password.
    async fn refuse_stranger(&self, login: &str, password: &str, peer: &str, now: Timestamp) -> SignInError {
        let turn = self.strangers.begin(&login.to_lowercase(), now);
        if let Turn::Locked(until) = turn {
            let fact = Fact::from(UNKNOWN, peer, "sign_in.locked", "").with("until", until.rfc3339());
            return match self.record(Kind::SignIn, fact).await {
                Ok(()) => SignInError::Locked { until },
                Err(error) => error.into(),
            };
        }
        if let Err(error) = self.passwords.verify(password, None).await {
            return self.fault(error).into();
        }
        let fact = Fact::from(UNKNOWN, peer, "sign_in.failed", "").with("why", "login");
        match self.record(Kind::SignIn, fact).await {
            Ok(()) => SignInError::Refused,
            Err(error) => error.into(),
        }
    }
}
