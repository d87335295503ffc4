//! The first administrator: made once, through a link that the process prints.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use countersign_ledger::Digest;
use countersign_model::{
    Secret,
    person::{Origin, Role},
};
use countersign_store::{
    people::{self, Inserted, NewPerson},
    setup,
};

use crate::{
    Actor, Admin, AdminError,
    form_rules::{self, Complaints},
    password,
    record::Fact,
};

/// How long the link works, seconds.
const LINK_LIFETIME_S: i64 = 86_400;

/// The set-up form.
#[derive(Debug, Clone)]
pub struct FirstAdministrator {
    pub login: String,
    pub display_name: String,
    pub password: Secret<String>,
    pub password_again: Secret<String>,
}

impl Admin {
    /// Whether there is no enabled administrator yet.
    pub async fn needs_setup(&self) -> Result<bool, AdminError> {
        let mut conn = self.conn().await?;
        Ok(!people::has_admin(&mut conn).await.map_err(|error| self.fault(error))?)
    }

    /// A fresh one-time token for `<public_url>/setup?token=…`, good for a day; earlier ones stop working.
    /// `None` once an administrator exists.
    pub async fn issue_setup_link(&self) -> Result<Option<String>, AdminError> {
        if !self.needs_setup().await? {
            return Ok(None);
        }
        let token = URL_SAFE_NO_PAD.encode(self.mint.bytes32());
        let now = self.now();
        let fact = Fact::from("system", "", "setup.link_issued", "");
        self.change(fact, async {
            let mut tx = self.begin().await?;
            setup::issue(&mut tx, &link_hash(&token), now, now.plus_seconds(LINK_LIFETIME_S))
                .await
                .map_err(|error| self.fault(error))?;
            self.commit(tx).await
        })
        .await?;
        Ok(Some(token))
    }

    /// Whether a link would work now. Asking does not use it up.
    pub async fn setup_link_holds(&self, token: &str) -> Result<bool, AdminError> {
        let mut conn = self.conn().await?;
        setup::holds(&mut conn, &link_hash(token), self.now()).await.map_err(|error| self.fault(error))
    }

    /// Uses the link up and makes the first administrator. A link that does not hold is [`AdminError::Forbidden`]; a form
    /// that cannot be accepted does not use it up.
    pub async fn create_first_administrator(
        &self,
        token: &str,
        form: FirstAdministrator,
        peer: &str,
    ) -> Result<Actor, AdminError> {
        let hash = link_hash(token);
        let now = self.now();
        {
            let mut conn = self.conn().await?;
            let holds = setup::holds(&mut conn, &hash, now).await.map_err(|error| self.fault(error))?;
            if !holds || people::has_admin(&mut conn).await.map_err(|error| self.fault(error))? {
                return Err(AdminError::Forbidden);
            }
        }
        let login = form.login.trim();
        let display_name = match form.display_name.trim() {
            "" => login,
            name => name,
        };
        let mut complaints = Complaints::default();
        complaints.note("login", form_rules::login(login));
        complaints.note("display_name", form_rules::line(display_name, 200));
        complaints.note("password", password::refuse(form.password.expose(), login));
        complaints.require(
            form.password.expose() == form.password_again.expose(),
            "password_again",
            "The two passwords differ.",
        );
        complaints.done()?;

        let password_hash = self
            .passwords
            .hash(form.password.expose(), self.mint.as_ref())
            .await
            .map_err(|error| self.fault(error))?;
        let fact = Fact::from(login, peer, "setup.administrator_created", login);
        self.change(fact, async {
            let id = self.new_person_id();
            let mut tx = self.begin().await?;
            if !setup::redeem(&mut tx, &hash, now).await.map_err(|error| self.fault(error))? {
                return Err(AdminError::Forbidden);
            }
            let new = NewPerson {
                id,
                login,
                display_name,
                email: None,
                origin: &Origin::Local,
                password_hash: Some(&password_hash),
                // Also a user: the first thing to do is to try a connection.
                roles: &[Role::Admin, Role::User],
                groups: &[],
                created_at: now,
            };
            let inserted = people::insert(&mut tx, &new).await.map_err(|error| self.fault(error))?;
            if inserted != Inserted::Done {
                return Err(AdminError::field("login", "Somebody has this sign-in name already."));
            }
            self.commit(tx).await?;
            let mut conn = self.conn().await?;
            people::by_id(&mut conn, id).await.map_err(|error| self.fault(error))?.ok_or(AdminError::NotFound)
        })
        .await
        .map(|person| Actor::of(person, peer))
    }
}

/// The token has 256 random bits, so a plain hash is enough.
fn link_hash(token: &str) -> [u8; 32] {
    *Digest::of(&[b"countersign/setup-link/v1\0", token.as_bytes()]).as_bytes()
}
