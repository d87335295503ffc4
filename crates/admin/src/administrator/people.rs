//! People: made, given roles and groups, disabled, given a new password.

use countersign_model::{
    PersonId, Secret,
    person::{Origin, Person, Role},
};
use countersign_store::{
    people::{self, Inserted},
    tokens, web_sessions,
};

use super::Administrator;
use crate::{
    AdminError,
    form_rules::{self, Complaints, role_line, tidy_groups, tidy_roles},
    password,
    record::Fact,
};

const LAST_ADMIN: &str = "This is the last administrator who can sign in; make another one first.";
const FROM_ISSUER: &str =
    "Roles and groups of this person come from their identity provider at every sign-in.";
const NO_PASSWORD: &str = "This person signs in at their identity provider and has no password here.";

/// A local account to be made.
#[derive(Debug, Clone)]
pub struct NewPerson {
    pub login: String,
    /// Empty: the login.
    pub display_name: String,
    /// Empty: none.
    pub email: String,
    pub password: Secret<String>,
    pub roles: Vec<Role>,
    pub groups: Vec<String>,
}

impl Administrator<'_> {
    /// Everyone, by login.
    pub async fn people(&self) -> Result<Vec<Person>, AdminError> {
        let mut conn = self.admin.conn().await?;
        people::all(&mut conn).await.map_err(|error| self.admin.fault(error))
    }

    /// One person.
    pub async fn person(&self, id: PersonId) -> Result<Option<Person>, AdminError> {
        let mut conn = self.admin.conn().await?;
        people::by_id(&mut conn, id).await.map_err(|error| self.admin.fault(error))
    }

    /// Makes a local account.
    pub async fn create_person(&self, new: NewPerson) -> Result<Person, AdminError> {
        let login = new.login.trim();
        let display_name = match new.display_name.trim() {
            "" => login,
            name => name,
        };
        let email = Some(new.email.trim()).filter(|email| !email.is_empty());
        let (roles, groups) = (tidy_roles(&new.roles), tidy_groups(&new.groups));
        let mut complaints = Complaints::default();
        complaints.note("login", form_rules::login(login));
        complaints.note("display_name", form_rules::line(display_name, 200));
        complaints.note("email", email.and_then(form_rules::email));
        complaints.note("password", password::refuse(new.password.expose(), login));
        complaints.require(!roles.is_empty(), "roles", "Choose at least one role.");
        complaints.note("groups", form_rules::groups(&groups, false));
        complaints.done()?;

        let password_hash = self.hash(&new.password).await?;
        let id = self.admin.new_person_id();
        let fact = Fact::by(&self.actor, "person.created", login)
            .with("id", id.to_string())
            .with("roles", role_line(&roles))
            .with("groups", groups.join(", "));
        self.admin
            .change(fact, async {
                let row = people::NewPerson {
                    id,
                    login,
                    display_name,
                    email,
                    origin: &Origin::Local,
                    password_hash: Some(&password_hash),
                    roles: &roles,
                    groups: &groups,
                    created_at: self.admin.now(),
                };
                let mut conn = self.admin.conn().await?;
                let inserted =
                    people::insert(&mut conn, &row).await.map_err(|error| self.admin.fault(error))?;
                drop(conn);
                match inserted {
                    Inserted::Done => self.person(id).await?.ok_or(AdminError::NotFound),
                    Inserted::LoginTaken | Inserted::IdentityTaken => {
                        Err(AdminError::field("login", "Somebody has this sign-in name already."))
                    }
                }
            })
            .await
    }

    /// Sets roles and groups of a local account. The last enabled administrator stays one.
    pub async fn set_roles_and_groups(
        &self,
        id: PersonId,
        roles: &[Role],
        groups: &[String],
    ) -> Result<Person, AdminError> {
        let old = self.person(id).await?.ok_or(AdminError::NotFound)?;
        if old.origin != Origin::Local {
            return Err(AdminError::Conflict(FROM_ISSUER.to_owned()));
        }
        let (roles, groups) = (tidy_roles(roles), tidy_groups(groups));
        let mut complaints = Complaints::default();
        complaints.require(!roles.is_empty(), "roles", "Choose at least one role.");
        complaints.note("groups", form_rules::groups(&groups, false));
        complaints.done()?;
        let removes_admin = !roles.contains(&Role::Admin);
        if removes_admin {
            self.keep_an_admin(id).await?;
        }
        let fact = Fact::by(&self.actor, "person.roles_changed", old.login.as_str())
            .with("id", id.to_string())
            .changed("roles", role_line(&old.roles), role_line(&roles))
            .changed("groups", old.groups.join(", "), groups.join(", "));
        self.admin
            .change(fact, async {
                let mut tx = self.admin.begin().await?;
                if removes_admin {
                    let admins =
                        people::lock_admins(&mut tx).await.map_err(|error| self.admin.fault(error))?;
                    not_last(&admins, id)?;
                }
                let there = people::set_roles_and_groups(&mut tx, id, &roles, &groups)
                    .await
                    .map_err(|error| self.admin.fault(error))?;
                if !there {
                    return Err(AdminError::NotFound);
                }
                self.admin.commit(tx).await?;
                self.person(id).await?.ok_or(AdminError::NotFound)
            })
            .await
    }

    /// Disables or enables. Disabling ends browser sessions and revokes tokens in the same transaction (AC-2); enabling
    /// brings neither back.
    pub async fn set_disabled(&self, id: PersonId, disabled: bool) -> Result<Person, AdminError> {
        let old = self.person(id).await?.ok_or(AdminError::NotFound)?;
        if disabled {
            self.keep_an_admin(id).await?;
        }
        let event = if disabled { "person.disabled" } else { "person.enabled" };
        let fact = Fact::by(&self.actor, event, old.login.as_str()).with("id", id.to_string());
        self.admin
            .change(fact, async {
                let now = self.admin.now();
                let fault = |error| self.admin.fault(error);
                let mut tx = self.admin.begin().await?;
                if disabled {
                    let admins =
                        people::lock_admins(&mut tx).await.map_err(|error| self.admin.fault(error))?;
                    not_last(&admins, id)?;
                }
                if !people::set_disabled(&mut tx, id, disabled.then_some(now)).await.map_err(fault)? {
                    return Err(AdminError::NotFound);
                }
                if disabled {
                    tokens::revoke_all_of(&mut tx, id, self.actor.person, now).await.map_err(fault)?;
                    web_sessions::delete_of_person(&mut tx, id).await.map_err(fault)?;
                }
                self.admin.commit(tx).await?;
                self.person(id).await?.ok_or(AdminError::NotFound)
            })
            .await
    }

    /// Gives a local account a new password and lifts its lock. Whoever knew the old one keeps nothing: browser sessions
    /// end and gateway tokens are revoked in the same transaction.
    pub async fn reset_password(&self, id: PersonId, new: &Secret<String>) -> Result<(), AdminError> {
        let person = self.person(id).await?.ok_or(AdminError::NotFound)?;
        if person.origin != Origin::Local {
            return Err(AdminError::Conflict(NO_PASSWORD.to_owned()));
        }
        let mut complaints = Complaints::default();
        complaints.note("password", password::refuse(new.expose(), &person.login));
        complaints.done()?;
        let hash = self.hash(new).await?;
        let fact =
            Fact::by(&self.actor, "person.password_reset", person.login.as_str()).with("id", id.to_string());
        self.admin
            .change(fact.with("gateway_tokens", "revoked"), async {
                let now = self.admin.now();
                let fault = |error| self.admin.fault(error);
                let mut tx = self.admin.begin().await?;
                if !people::set_password(&mut tx, id, &hash).await.map_err(fault)? {
                    return Err(AdminError::NotFound);
                }
                tokens::revoke_all_of(&mut tx, id, self.actor.person, now).await.map_err(fault)?;
                web_sessions::delete_of_person(&mut tx, id).await.map_err(fault)?;
                self.admin.commit(tx).await
            })
            .await
    }

    async fn hash(&self, password: &Secret<String>) -> Result<String, AdminError> {
        self.admin
            .passwords
            .hash(password.expose(), self.admin.mint.as_ref())
            .await
            .map_err(|error| self.admin.fault(error))
    }

    /// Asked before the ledger row is written, and again under lock when the change is made.
    async fn keep_an_admin(&self, id: PersonId) -> Result<(), AdminError> {
        let mut tx = self.admin.begin().await?;
        let admins = people::lock_admins(&mut tx).await.map_err(|error| self.admin.fault(error))?;
        not_last(&admins, id)
    }
}

fn not_last(admins: &[PersonId], leaving: PersonId) -> Result<(), AdminError> {
    if admins.contains(&leaving) && admins.len() == 1 {
        Err(AdminError::Conflict(LAST_ADMIN.to_owned()))
    } else {
        Ok(())
    }
}
