use countersign_admin::AdminError;
use countersign_model::{ConnectionId, TokenId, person::Role, token::NewToken};
use countersign_store::{
    token_secret::{self, TokenKey},
    tokens,
};
use uuid::Uuid;

use crate::{Rig, connections::settings, fields, secret};

fn new() -> NewToken {
    NewToken { label: " laptop ".into(), scope: None, lifetime_seconds: 3_600, max_uses: Some(3) }
}

#[tokio::test]
async fn the_secret_is_shown_once_and_found_by_its_keyed_hash() {
    let (rig, ada) = Rig::set_up().await;
    let bob = rig.person(&ada, "bob", &[Role::User], &["ml"]).await;
    let (token, shown) = rig.admin.user(&bob).issue_token(new()).await.unwrap();
    assert!(token_secret::is_well_formed(shown.expose()));
    assert!(shown.expose().starts_with(&token.hint) && token.hint.len() == 8);
    assert_eq!(
        (token.label.as_str(), token.person_label.as_str(), token.max_uses),
        ("laptop", "bob", Some(3))
    );
    assert_eq!(token.expires_at, token.created_at.plus_seconds(3_600));
    let mut conn = rig.database.pages().acquire().await.unwrap();
    let hash = TokenKey::derive(&[7; 32]).hash(shown.expose());
    let row = tokens::find_by_hash(&mut conn, &hash).await.unwrap().unwrap();
    assert_eq!((row.token.id, row.groups), (token.id, vec!["ml".to_owned()]));
    let told = format!("{:?} {token:?}", rig.events().await);
    assert!(!told.contains(&shown.expose()[8..]), "never in the ledger");
}

#[tokio::test]
async fn fields_have_ranges_and_the_scope_must_be_granted() {
    let (rig, ada) = Rig::set_up().await;
    let desk = rig.admin.administrator(&ada).unwrap();
    let ours = desk.create_connection(settings("llama"), Some(secret("sk-upstream"))).await.unwrap();
    let bob = rig.person(&ada, "bob", &[Role::User], &["ml"]).await;
    let eve = rig.person(&ada, "eve", &[Role::User], &[]).await;
    let (his, hers) = (rig.admin.user(&bob), rig.admin.user(&eve));
    for lifetime_seconds in [0, 59, 30 * 86_400 + 1, i64::MAX, -5] {
        assert_eq!(
            fields(his.issue_token(NewToken { lifetime_seconds, ..new() }).await),
            ["lifetime_seconds"]
        );
    }
    for max_uses in [0, -1, 1_000_001] {
        assert_eq!(
            fields(his.issue_token(NewToken { max_uses: Some(max_uses), ..new() }).await),
            ["max_uses"]
        );
    }
    for label in ["", "  ", "a\nb", &"x".repeat(101)] {
        assert_eq!(fields(his.issue_token(NewToken { label: label.into(), ..new() }).await), ["label"]);
    }
    let scoped = |ids: Vec<ConnectionId>| NewToken { scope: Some(ids), ..new() };
    assert_eq!(fields(his.issue_token(scoped(vec![])).await), ["scope"]);
    let unknown = ConnectionId::from_uuid(Uuid::from_u128(9));
    assert_eq!(fields(his.issue_token(scoped(vec![ours.id, unknown])).await), ["scope"]);
    assert_eq!(fields(hers.issue_token(scoped(vec![ours.id])).await), ["scope"], "not granted");
    let (token, _) = his.issue_token(scoped(vec![ours.id, ours.id])).await.unwrap();
    assert_eq!(token.scope, Some(vec![ours.id]));
}

#[tokio::test]
async fn only_the_owner_or_an_administrator_revokes() {
    let (rig, ada) = Rig::set_up().await;
    let bob = rig.person(&ada, "bob", &[Role::User], &[]).await;
    let eve = rig.person(&ada, "eve", &[Role::User], &[]).await;
    let (one, _) = rig.admin.user(&bob).issue_token(new()).await.unwrap();
    let (two, _) = rig.admin.user(&bob).issue_token(new()).await.unwrap();
    let not_hers = rig.admin.user(&eve).revoke_my_token(one.id).await;
    assert_eq!(not_hers.unwrap_err(), AdminError::NotFound);
    assert!(rig.admin.user(&eve).my_tokens().await.unwrap().is_empty());
    rig.admin.user(&bob).revoke_my_token(one.id).await.unwrap();
    assert_eq!(rig.admin.user(&bob).revoke_my_token(one.id).await.unwrap_err(), AdminError::NotFound);
    let desk = rig.admin.administrator(&ada).unwrap();
    desk.revoke_token(two.id).await.unwrap();
    assert_eq!(desk.revoke_token(two.id).await.unwrap_err(), AdminError::NotFound);
    let unknown = TokenId::from_uuid(Uuid::from_u128(9));
    assert_eq!(desk.revoke_token(unknown).await.unwrap_err(), AdminError::NotFound);
    rig.admin.user(&eve).issue_token(new()).await.unwrap();
    let his = desk.tokens_of(bob.person).await.unwrap();
    assert_eq!(his.len(), 2);
    assert!(his.iter().all(|token| token.revoked_at.is_some()));
    assert_eq!(rig.admin.user(&bob).my_tokens().await.unwrap().len(), 2);
}
