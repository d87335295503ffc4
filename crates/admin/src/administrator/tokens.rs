//! Everybody's gateway tokens: seen and revoked, never read.

use countersign_model::{PersonId, TokenId, token::Token};
use countersign_store::tokens;

use super::Administrator;
use crate::{AdminError, record::Fact};

impl Administrator<'_> {
    /// One person's tokens, newest first.
    pub async fn tokens_of(&self, person: PersonId) -> Result<Vec<Token>, AdminError> {
        let mut conn = self.admin.conn().await?;
        tokens::of_person(&mut conn, person).await.map_err(|error| self.admin.fault(error))
    }

    /// Revokes anybody's token, from the next request on.
    pub async fn revoke_token(&self, id: TokenId) -> Result<(), AdminError> {
        let mut conn = self.admin.conn().await?;
        let token = tokens::by_id(&mut conn, id).await.map_err(|error| self.admin.fault(error))?;
        drop(conn);
        let token = token.filter(|token| token.revoked_at.is_none()).ok_or(AdminError::NotFound)?;
        let fact = Fact::by(&self.actor, "token.revoked", token.hint.as_str())
            .with("id", id.to_string())
            .with("owner", token.person_label.as_str())
            .with("label", token.label.as_str());
        self.admin
            .change(fact, async {
                let mut conn = self.admin.conn().await?;
                let done = tokens::revoke(&mut conn, id, self.actor.person, self.admin.now())
                    .await
                    .map_err(|error| self.admin.fault(error))?;
                if done { Ok(()) } else { Err(AdminError::NotFound) }
            })
            .await
    }
}
