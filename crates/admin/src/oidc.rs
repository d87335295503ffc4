//! Signing in through an OpenID Connect issuer: the person is made or brought up to date on the way in.
//!
//! Whoever calls this has verified the identity. A person is issuer and subject; login and e-mail are labels that the
//! issuer's users can often choose, so they never link to an account that exists.

use countersign_ledger::Kind;
use countersign_model::{
    person::{Origin, Person, Role},
    unseen::seen,
};
use countersign_store::people::{self, IdentityUpdate, Inserted, NewPerson};
use url::Url;

use crate::{
    Actor, Admin, AdminError, SignInError,
    form_rules::{role_line, tidy_groups, tidy_roles},
    record::Fact,
};

/// An identity as the issuer's verified token gives it, with roles and groups already mapped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OidcIdentity {
    /// The issuer's URL, exactly as in its tokens.
    pub issuer: String,
    /// The `sub` claim.
    pub subject: String,
    /// `preferred_username`, e-mail or the like.
    pub login: String,
    pub display_name: String,
    pub email: Option<String>,
    pub groups: Vec<String>,
    pub roles: Vec<Role>,
}

impl Admin {
    /// Signs in; makes the person at the first time, and takes over name, e-mail, roles and groups every time.
    pub async fn sign_in_oidc(&self, identity: OidcIdentity, peer: &str) -> Result<Actor, SignInError> {
        let identity = tidy(identity);
        let now = self.now();
        let known = {
            let mut conn = self.conn().await?;
            people::by_identity(&mut conn, &identity.issuer, &identity.subject)
                .await
                .map_err(|error| self.fault(error))?
        };
        let person = match known {
            Some(person) if person.disabled => {
                let fact = Fact::from(&person.login, peer, "sign_in.failed", "").with("why", "disabled");
                self.record(Kind::SignIn, fact).await?;
                return Err(SignInError::Disabled);
            }
            Some(person) => self.bring_up_to_date(person, &identity, peer).await?,
            None => self.make_person(&identity, peer).await?,
        };
        Ok(self.enter(person, &identity.issuer, peer, now).await?)
    }

    async fn bring_up_to_date(
        &self,
        old: Person,
        identity: &OidcIdentity,
        peer: &str,
    ) -> Result<Person, AdminError> {
        let new = Person {
            display_name: identity.display_name.clone(),
            email: identity.email.clone(),
            roles: identity.roles.clone(),
            groups: identity.groups.clone(),
            ..old.clone()
        };
        if new == old {
            return Ok(old);
        }
        let fact = Fact::from(&old.login, peer, "person.updated", old.login.as_str())
            .with("by", identity.issuer.as_str())
            .changed("display_name", &old.display_name, &new.display_name)
            .changed("roles", role_line(&old.roles), role_line(&new.roles))
            .changed("groups", old.groups.join(", "), new.groups.join(", "));
        self.change(fact, async {
            let update = IdentityUpdate {
                display_name: &new.display_name,
                email: new.email.as_deref(),
                roles: &new.roles,
                groups: &new.groups,
                seen_at: self.now(),
            };
            let mut conn = self.conn().await?;
            let there = people::update_identity(&mut conn, new.id, &update)
                .await
                .map_err(|error| self.fault(error))?;
            if there { Ok(new) } else { Err(AdminError::NotFound) }
        })
        .await
    }

    async fn make_person(&self, identity: &OidcIdentity, peer: &str) -> Result<Person, AdminError> {
        let fact = Fact::from(&identity.login, peer, "person.created", identity.login.as_str())
            .with("issuer", identity.issuer.as_str())
            .with("subject", identity.subject.as_str())
            .with("roles", role_line(&identity.roles))
            .with("groups", identity.groups.join(", "));
        self.change(fact, self.insert_identity(identity)).await
    }

    async fn insert_identity(&self, identity: &OidcIdentity) -> Result<Person, AdminError> {
        let origin = Origin::Oidc { issuer: identity.issuer.clone(), subject: identity.subject.clone() };
        let mut conn = self.conn().await?;
        for login in logins(identity) {
            let id = self.new_person_id();
            let new = NewPerson {
                id,
                login: &login,
                display_name: &identity.display_name,
                email: identity.email.as_deref(),
                origin: &origin,
                password_hash: None,
                roles: &identity.roles,
                groups: &identity.groups,
                created_at: self.now(),
            };
            match people::insert(&mut conn, &new).await.map_err(|error| self.fault(error))? {
                Inserted::LoginTaken => {}
                // IdentityTaken: the same person came in by two windows at once; the other one made the row.
                Inserted::Done | Inserted::IdentityTaken => {
                    return people::by_identity(&mut conn, &identity.issuer, &identity.subject)
                        .await
                        .map_err(|error| self.fault(error))?
                        .filter(|person| !person.disabled)
                        .ok_or(AdminError::NotFound);
                }
            }
        }
        Err(self.fault("no free login for a new identity"))
    }
}

/// The logins to try: the issuer's own, then with the issuer's host, then with the subject. A login that is taken, be it
/// by a local account or by another issuer's user, stays with whom it is: the record names people by it.
fn logins(identity: &OidcIdentity) -> [String; 3] {
    let host = Url::parse(&identity.issuer)
        .ok()
        .and_then(|url| url.host_str().map(str::to_owned))
        .unwrap_or_else(|| identity.issuer.clone());
    let clip = |text: String| text.chars().take(320).collect::<String>();
    [
        identity.login.clone(),
        clip(format!("{} ({host})", identity.login)),
        clip(format!("{} ({host})", identity.subject)),
    ]
}

/// Claims are another system's input: one line each, bounded, never empty.
fn tidy(identity: OidcIdentity) -> OidcIdentity {
    let login = match seen(&identity.login, 200) {
        login if login.is_empty() => seen(&identity.subject, 200),
        login => login,
    };
    let display_name = match seen(&identity.display_name, 200) {
        name if name.is_empty() => login.clone(),
        name => name,
    };
    OidcIdentity {
        email: identity.email.map(|email| seen(&email, 254)).filter(|email| !email.is_empty()),
        groups: tidy_groups(&identity.groups).into_iter().filter(|group| group != "*").collect(),
        roles: tidy_roles(&identity.roles),
        issuer: identity.issuer,
        subject: identity.subject,
        login,
        display_name,
    }
}
