//! One's own gateway tokens: made (the secret is shown once), listed, revoked.

use countersign_model::{
    Secret, TokenId,
    person::Role,
    token::{NewToken, Token},
};
use countersign_store::{
    token_secret,
    tokens::{self, InsertToken},
};

use super::UserDesk;
use crate::{
    AdminError,
    form_rules::{self, Complaints},
    record::Fact,
};

const MIN_LIFETIME_S: i64 = 60;
const MAX_USES: i32 = 1_000_000;

impl UserDesk<'_> {
    /// One's own tokens, newest first.
    pub async fn my_tokens(&self) -> Result<Vec<Token>, AdminError> {
        let mut conn = self.admin.conn().await?;
        tokens::of_person(&mut conn, self.actor.person).await.map_err(|error| self.admin.fault(error))
    }

    /// Makes a token. Its text is in the answer and nowhere else. For users and administrators.
    pub async fn issue_token(&self, new: NewToken) -> Result<(Token, Secret<String>), AdminError> {
        if !(self.actor.is(Role::User) || self.actor.is(Role::Admin)) {
            return Err(AdminError::Forbidden);
        }
        let label = new.label.trim();
        let longest = self.admin.settings.max_token_lifetime_s;
        let mut complaints = Complaints::default();
        complaints.require(!label.is_empty(), "label", "Say what the token is for.");
        complaints.note("label", form_rules::line(label, 100));
        complaints.require(
            (MIN_LIFETIME_S..=longest).contains(&new.lifetime_seconds),
            "lifetime_seconds",
            format!("Between {MIN_LIFETIME_S} and {longest} seconds."),
        );
        complaints.require(
            new.max_uses.is_none_or(|uses| (1..=MAX_USES).contains(&uses)),
            "max_uses",
            "Between 1 and 1000000, or empty for no limit.",
        );
        let mut scope = new.scope;
        if let Some(ids) = &mut scope {
            ids.sort();
            ids.dedup();
            let granted = self.my_connections(None).await?;
            let known = ids.iter().all(|id| granted.iter().any(|connection| connection.id == *id));
            complaints.require(
                !ids.is_empty() && known,
                "scope",
                "Choose among the connections granted to you.",
            );
        }
        complaints.done()?;

        let secret = token_secret::mint(self.admin.mint.as_ref());
        let now = self.admin.now();
        let id = TokenId::from_uuid(self.admin.mint.uuid(now));
        let hash = self.admin.token_key.hash(secret.expose());
        let row = InsertToken {
            id,
            person: self.actor.person,
            hash: &hash,
            hint: token_secret::hint(secret.expose()),
            label,
            scope: scope.as_deref(),
            created_at: now,
            expires_at: now.plus_seconds(new.lifetime_seconds),
            max_uses: new.max_uses,
        };
        let scope_line = scope.as_ref().map_or("all granted".to_owned(), |ids| {
            ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
        });
        let fact = Fact::by(&self.actor, "token.issued", row.hint)
            .with("id", id.to_string())
            .with("label", label)
            .with("scope", scope_line)
            .with("expires_at", row.expires_at.rfc3339())
            .with("max_uses", new.max_uses.map_or("none".to_owned(), |uses| uses.to_string()));
        let token = self
            .admin
            .change(fact, async {
                let mut conn = self.admin.conn().await?;
                let fault = |error| self.admin.fault(error);
                if !tokens::insert(&mut conn, &row).await.map_err(fault)? {
                    return Err(AdminError::Forbidden);
                }
                tokens::by_id(&mut conn, id).await.map_err(fault)?.ok_or(AdminError::NotFound)
            })
            .await?;
        Ok((token, secret))
    }

    /// Revokes one's own token, from the next request on.
    pub async fn revoke_my_token(&self, id: TokenId) -> Result<(), AdminError> {
        let mut conn = self.admin.conn().await?;
        let token = tokens::by_id(&mut conn, id).await.map_err(|error| self.admin.fault(error))?;
        drop(conn);
        let token = token
            .filter(|token| token.person == self.actor.person && token.revoked_at.is_none())
            .ok_or(AdminError::NotFound)?;
        let fact = Fact::by(&self.actor, "token.revoked", token.hint.as_str())
            .with("id", id.to_string())
            .with("label", token.label.as_str());
        self.admin
            .change(fact, async {
                let mut conn = self.admin.conn().await?;
                let done = tokens::revoke_own(&mut conn, id, self.actor.person, self.admin.now())
                    .await
                    .map_err(|error| self.admin.fault(error))?;
                if done { Ok(()) } else { Err(AdminError::NotFound) }
            })
            .await
    }
}
