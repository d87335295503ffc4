use countersign_model::{ConnectionId, PersonId, TokenId, person::Role};
use countersign_store::{
    PgConnection, people,
    tokens::{self, InsertToken, Used},
};
use uuid::Uuid;

use crate::{NOW, fresh, local};

fn token_id(n: u128) -> TokenId {
    TokenId::from_uuid(Uuid::from_u128(n))
}

async fn token(conn: &mut PgConnection, n: u8, person: PersonId, max_uses: Option<i32>) -> TokenId {
    let id = token_id(u128::from(n));
    let new = InsertToken {
        id,
        person,
        hash: &[n; 32],
        hint: "cs_abcde",
        label: "laptop",
        scope: None,
        created_at: NOW.plus_seconds(i64::from(n)),
        expires_at: NOW.plus_seconds(3_600),
        max_uses,
    };
    assert!(tokens::insert(conn, &new).await.unwrap());
    id
}

#[tokio::test]
async fn found_by_hash_with_what_the_data_path_needs() {
    let database = fresh().await;
    let mut conn = database.pages().acquire().await.unwrap();
    let ada = local(&mut conn, 1, "ada", &[Role::User]).await;
    let scope = [ConnectionId::from_uuid(Uuid::from_u128(7))];
    let new = InsertToken {
        id: token_id(1),
        person: ada,
        hash: &[1; 32],
        hint: "cs_abcde",
        label: "laptop",
        scope: Some(&scope),
        created_at: NOW,
        expires_at: NOW.plus_seconds(60),
        max_uses: Some(3),
    };
    assert!(tokens::insert(&mut conn, &new).await.unwrap());
    let row = tokens::find_by_hash(&mut conn, &[1; 32]).await.unwrap().unwrap();
    assert_eq!((row.token.id, row.token.person, row.token.person_label.as_str()), (token_id(1), ada, "ada"));
    assert_eq!((row.person_disabled, &row.groups), (false, &vec!["staff".to_owned()]));
    assert!(row.may_call);
    assert_eq!(tokens::find_by_id(&mut conn, token_id(1)).await.unwrap().as_ref(), Some(&row));
    assert_eq!(tokens::find_by_id(&mut conn, token_id(9)).await.unwrap(), None);
    assert_eq!(row.token.scope.as_deref(), Some(scope.as_slice()));
    assert_eq!((row.token.max_uses, row.token.uses), (Some(3), 0));
    assert!(tokens::find_by_hash(&mut conn, &[2; 32]).await.unwrap().is_none());
    people::set_disabled(&mut conn, ada, Some(NOW)).await.unwrap();
    assert!(tokens::find_by_hash(&mut conn, &[1; 32]).await.unwrap().unwrap().person_disabled);
    let late = InsertToken { id: token_id(2), hash: &[2; 32], ..new };
    assert!(!tokens::insert(&mut conn, &late).await.unwrap(), "a disabled person gets no token");
}

#[tokio::test]
async fn fifty_racing_for_three_uses_get_exactly_three() {
    let database = fresh().await;
    let mut conn = database.pages().acquire().await.unwrap();
    let ada = local(&mut conn, 1, "ada", &[Role::User]).await;
    let id = token(&mut conn, 1, ada, Some(3)).await;
    let races = futures::future::join_all((0..50).map(|_| async {
        let mut conn = database.pages().acquire().await.unwrap();
        tokens::redeem(&mut conn, id, NOW).await.unwrap()
    }));
    assert_eq!(races.await.into_iter().filter(|won| *won).count(), 3);
    tokens::refund(&mut conn, id).await.unwrap();
    assert!(tokens::redeem(&mut conn, id, NOW).await.unwrap());
    assert!(!tokens::redeem(&mut conn, id, NOW).await.unwrap());
    assert_eq!(tokens::by_id(&mut conn, id).await.unwrap().unwrap().uses, 3);
}

#[tokio::test]
async fn what_cannot_be_redeemed() {
    let database = fresh().await;
    let mut conn = database.pages().acquire().await.unwrap();
    let ada = local(&mut conn, 1, "ada", &[Role::User]).await;
    let unlimited = token(&mut conn, 1, ada, None).await;
    assert!(tokens::redeem(&mut conn, unlimited, NOW).await.unwrap());
    assert!(!tokens::redeem(&mut conn, unlimited, NOW.plus_seconds(3_600)).await.unwrap(), "expired");
    assert!(!tokens::redeem(&mut conn, token_id(9), NOW).await.unwrap(), "unknown");
    let revoked = token(&mut conn, 2, ada, None).await;
    assert!(tokens::revoke(&mut conn, revoked, ada, NOW).await.unwrap());
    assert!(!tokens::revoke(&mut conn, revoked, ada, NOW).await.unwrap(), "only once");
    assert!(!tokens::redeem(&mut conn, revoked, NOW).await.unwrap(), "revoked");
    people::set_roles_and_groups(&mut conn, ada, &[Role::Auditor, Role::Approver], &[]).await.unwrap();
    assert!(!tokens::redeem(&mut conn, unlimited, NOW).await.unwrap(), "the owner may not call");
    assert!(!tokens::find_by_hash(&mut conn, &[1; 32]).await.unwrap().unwrap().may_call);
    people::set_roles_and_groups(&mut conn, ada, &[Role::Admin], &[]).await.unwrap();
    assert!(tokens::find_by_hash(&mut conn, &[1; 32]).await.unwrap().unwrap().may_call);
    people::set_disabled(&mut conn, ada, Some(NOW)).await.unwrap();
    assert!(!tokens::redeem(&mut conn, unlimited, NOW).await.unwrap(), "owner disabled");
    let fresh = token_id(9);
    tokens::refund(&mut conn, fresh).await.unwrap();
    let unused = tokens::by_id(&mut conn, revoked).await.unwrap().unwrap();
    tokens::refund(&mut conn, revoked).await.unwrap();
    assert_eq!(
        tokens::by_id(&mut conn, revoked).await.unwrap().unwrap().uses,
        unused.uses,
        "never below zero"
    );
}

#[tokio::test]
async fn lists_and_revoking_by_owner() {
    let database = fresh().await;
    let mut conn = database.pages().acquire().await.unwrap();
    let ada = local(&mut conn, 1, "ada", &[Role::User]).await;
    let bob = local(&mut conn, 2, "bob", &[Role::User]).await;
    let (one, two, three) = (
        token(&mut conn, 1, ada, None).await,
        token(&mut conn, 2, ada, None).await,
        token(&mut conn, 3, bob, None).await,
    );
    let ids = |tokens: Vec<countersign_model::token::Token>| tokens.iter().map(|t| t.id).collect::<Vec<_>>();
    assert_eq!(ids(tokens::all(&mut conn).await.unwrap()), [three, two, one]);
    assert_eq!(ids(tokens::of_person(&mut conn, ada).await.unwrap()), [two, one]);
    assert!(!tokens::revoke_own(&mut conn, three, ada, NOW).await.unwrap(), "not hers");
    assert!(tokens::revoke_own(&mut conn, one, ada, NOW).await.unwrap());
    assert_eq!(tokens::revoke_all_of(&mut conn, ada, bob, NOW).await.unwrap(), 1, "only what still holds");
    assert!(tokens::by_id(&mut conn, three).await.unwrap().unwrap().revoked_at.is_none());
    assert!(tokens::by_id(&mut conn, token_id(9)).await.unwrap().is_none());
}

#[tokio::test]
async fn last_use_never_moves_back() {
    let database = fresh().await;
    let mut conn = database.pages().acquire().await.unwrap();
    let ada = local(&mut conn, 1, "ada", &[Role::User]).await;
    let one = token(&mut conn, 1, ada, None).await;
    let later = NOW.plus_seconds(5);
    let used = |token, at, calls| Used { token, at, calls };
    tokens::touch(&mut conn, &[used(one, NOW, 2), used(one, later, 1), used(token_id(9), NOW, 1)])
        .await
        .unwrap();
    tokens::touch(&mut conn, &[used(one, NOW, 4)]).await.unwrap();
    tokens::touch(&mut conn, &[]).await.unwrap();
    let told = tokens::by_id(&mut conn, one).await.unwrap().unwrap();
    assert_eq!((told.last_used_at, told.uses), (Some(later), 7));
    let limited = token(&mut conn, 2, ada, Some(3)).await;
    assert!(tokens::redeem(&mut conn, limited, NOW).await.unwrap());
    tokens::touch(&mut conn, &[used(limited, later, 1)]).await.unwrap();
    assert_eq!(tokens::by_id(&mut conn, limited).await.unwrap().unwrap().uses, 1, "counted once");
}
