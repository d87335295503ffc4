//! What everybody may do who is signed in: own tokens, own password, own sessions, the connections granted to them.

mod own_sessions;
mod own_tokens;

use countersign_model::{Secret, audit::Overview, connection::Granted};
use countersign_store::{
    connections,
    people::{self, Attempt},
    web_sessions,
};

use crate::{Actor, Admin, AdminError, form_rules::Complaints, password, record::Fact};

/// The desk of one person. [`Admin::user`] gives it out.
pub struct UserDesk<'a> {
    admin: &'a Admin,
    actor: Actor,
}

impl<'a> UserDesk<'a> {
    pub(crate) const fn new(admin: &'a Admin, actor: Actor) -> Self {
        Self { admin, actor }
    }

    /// The last 24 hours, as far as they are one's own.
    pub async fn overview(&self) -> Result<Overview, AdminError> {
        let connections = self.my_connections(None).await?.len();
        let numbers = self.admin.day_numbers(Some(self.actor.person)).await?;
        self.admin.overview_of(numbers, i64::try_from(connections).unwrap_or(i64::MAX)).await
    }

    /// The connections one may call: switched on and granted to one's groups. `sample`: the base URL of the built-in sample
    /// model, if there is one.
    pub async fn my_connections(&self, sample: Option<&str>) -> Result<Vec<Granted>, AdminError> {
        let mut conn = self.admin.conn().await?;
        let all = connections::all(&mut conn).await.map_err(|error| self.admin.fault(error))?;
        Ok(all
            .into_iter()
            .filter(|connection| {
                connection.settings.enabled && connection.settings.grants(&self.actor.groups)
            })
            .map(|connection| Granted {
                id: connection.id,
                root: connection.settings.client_root().to_owned(),
                is_sample: sample == Some(connection.settings.base_url.as_str()),
                name: connection.settings.name,
                description: connection.settings.description,
            })
            .collect())
    }

    /// Changes the own password; wrong guesses at the old one count like failed sign-ins. All other browser sessions end;
    /// `keep` is the hash of the session this is asked from. Gateway tokens go on: they are listed, and revoked, one by one.
    pub async fn change_my_password(
        &self,
        old: &Secret<String>,
        new: &Secret<String>,
        keep: Option<[u8; 32]>,
    ) -> Result<(), AdminError> {
        let admin = self.admin;
        let fault = |error| admin.fault(error);
        let account = {
            let mut conn = admin.conn().await?;
            people::local_by_id(&mut conn, self.actor.person).await.map_err(fault)?
        };
        let Some(account) = account else {
            return Err(AdminError::Conflict(
                "Your password is kept by your identity provider; change it there.".to_owned(),
            ));
        };
        let mut complaints = Complaints::default();
        complaints.note("new", password::refuse(new.expose(), &self.actor.login));
        complaints.require(old.expose() != new.expose(), "new", "The new password is the old one.");
        complaints.done()?;
        let now = admin.now();
        if let Attempt::Locked(until) = admin.begin_attempt(self.actor.person, now).await? {
            let sentence = format!("Too many wrong passwords; try again after {}.", until.rfc3339());
            return Err(AdminError::field("old", sentence));
        }
        let right = admin
            .passwords
            .verify(old.expose(), account.password_hash.as_deref())
            .await
            .map_err(|error| admin.fault(error))?;
        if !right {
            let fact = Fact::by(&self.actor, "person.password_change_refused", self.actor.login.as_str());
            admin.record(countersign_ledger::Kind::SignIn, fact.with("why", "password")).await?;
            return Err(AdminError::field("old", "This is not your password."));
        }
        let hash = admin
            .passwords
            .hash(new.expose(), admin.mint.as_ref())
            .await
            .map_err(|error| admin.fault(error))?;
        let fact = Fact::by(&self.actor, "person.password_changed", self.actor.login.as_str());
        admin
            .change(fact, async {
                let mut tx = admin.begin().await?;
                // Also clears the attempt that was counted above.
                if !people::set_password(&mut tx, self.actor.person, &hash).await.map_err(fault)? {
                    return Err(AdminError::NotFound);
                }
                match keep {
                    Some(keep) => {
                        web_sessions::delete_others_of_person(&mut tx, self.actor.person, &keep).await
                    }
                    None => web_sessions::delete_of_person(&mut tx, self.actor.person).await,
                }
                .map_err(fault)?;
                admin.commit(tx).await
            })
            .await
    }
}
