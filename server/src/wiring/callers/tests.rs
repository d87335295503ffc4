//! Who may call, and who may go on, over a real database.

use countersign_identity::{Issuers, Outbound, Timing};
use countersign_model::{
    PersonId,
    person::{Origin, Role},
};
use countersign_store::testing::{StillClock, SystemMint, TestDatabase};
use uuid::Uuid;

use super::*;

const NOW: Timestamp = Timestamp(1_764_000_000_123_456_000);
const ADA: PersonId = PersonId::from_uuid(Uuid::from_u128(1));

struct Scene {
    database: Database,
    callers: StoreCallers,
    text: Secret<String>,
    token: TokenId,
}

/// One person, a user, with one token for an hour.
async fn scene(max_uses: Option<i32>) -> Scene {
    let database = TestDatabase::fresh().await.database;
    let clock: Arc<dyn Clock> = Arc::new(StillClock::at(NOW));
    let outbound = Outbound::new(Duration::from_secs(1), &[]).unwrap();
    let issuers = Issuers::new(vec![], Timing::default(), &outbound, &clock).unwrap();
    let key = Arc::new(TokenKey::derive(&[1; 32]));
    let text = token_secret::mint(&SystemMint::default());
    let token = TokenId::from_uuid(Uuid::from_u128(2));
    let mut conn = database.pages().acquire().await.unwrap();
    let person = people::NewPerson {
        id: ADA,
        login: "ada",
        display_name: "ada",
        email: None,
        origin: &Origin::Local,
        password_hash: Some("$argon2id$"),
        roles: &[Role::User],
        groups: &["staff".to_owned()],
        created_at: NOW,
    };
    people::insert(&mut conn, &person).await.unwrap();
    let row = tokens::InsertToken {
        id: token,
        person: ADA,
        hash: &key.hash(text.expose()),
        hint: token_secret::hint(text.expose()),
        label: "laptop",
        scope: None,
        created_at: NOW,
        expires_at: NOW.plus_seconds(3_600),
        max_uses,
    };
    assert!(tokens::insert(&mut conn, &row).await.unwrap());
    drop(conn);
    let callers = StoreCallers::new(database.clone(), key, AccessTokens::new(Arc::new(issuers)), clock);
    Scene { database, callers, text, token }
}

impl Scene {
    async fn roles(&self, roles: &[Role]) {
        let mut conn = self.database.pages().acquire().await.unwrap();
        people::set_roles_and_groups(&mut conn, ADA, roles, &[]).await.unwrap();
        self.callers.forget();
    }

    async fn identify(&self) -> Result<Caller, NotACaller> {
        self.callers.identify(&self.text, NOW).await
    }
}

#[tokio::test]
async fn a_token_calls_only_while_its_owner_is_a_user_or_an_administrator() {
    let scene = scene(None).await;
    let caller = scene.identify().await.unwrap();
    scene.roles(&[Role::Auditor, Role::Approver]).await;
    assert_eq!(scene.identify().await, Err(NotACaller::Disabled));
    assert!(!scene.callers.still_valid(&caller, NOW).await);
    for role in [Role::User, Role::Admin] {
        scene.roles(&[Role::Auditor, role]).await;
        assert!(scene.identify().await.is_ok(), "{role:?}");
        assert!(scene.callers.still_valid(&caller, NOW).await, "{role:?}");
    }
}

#[tokio::test]
async fn a_request_under_way_loses_its_caller_when_the_token_or_the_person_is_gone() {
    let scene = scene(None).await;
    let caller = scene.identify().await.unwrap();
    assert!(scene.callers.still_valid(&caller, NOW).await);
    assert!(!scene.callers.still_valid(&caller, NOW.plus_seconds(3_600)).await, "expired");
    let mut conn = scene.database.pages().acquire().await.unwrap();
    people::set_disabled(&mut conn, ADA, Some(NOW)).await.unwrap();
    scene.callers.forget();
    assert!(!scene.callers.still_valid(&caller, NOW).await, "disabled");
    people::set_disabled(&mut conn, ADA, None).await.unwrap();
    assert!(scene.callers.still_valid(&caller, NOW).await);
    tokens::revoke(&mut conn, scene.token, ADA, NOW).await.unwrap();
    scene.callers.forget();
    assert!(!scene.callers.still_valid(&caller, NOW).await, "revoked");
}

#[tokio::test]
async fn a_spent_use_holds_for_its_own_request_and_a_silent_store_ends_nothing() {
    let scene = scene(Some(1)).await;
    let caller = scene.identify().await.unwrap();
    scene.callers.redeem(&caller.proof, NOW).await.unwrap();
    assert_eq!(scene.identify().await, Err(NotACaller::Spent));
    assert!(scene.callers.still_valid(&caller, NOW).await);
    scene.callers.forget();
    scene.database.close().await;
    assert!(scene.callers.still_valid(&caller, NOW).await);
    assert!(!scene.callers.still_valid(&caller, NOW.plus_seconds(3_600)).await, "but time goes on");
}

#[tokio::test]
async fn calls_of_a_token_without_a_limit_are_counted() {
    let scene = scene(None).await;
    let caller = scene.identify().await.unwrap();
    for _ in 0..3 {
        scene.callers.redeem(&caller.proof, NOW).await.unwrap();
    }
    scene.callers.refund(&caller.proof).await;
    scene.callers.write_uses().await;
    scene.callers.write_uses().await;
    let mut conn = scene.database.pages().acquire().await.unwrap();
    let token = tokens::by_id(&mut conn, scene.token).await.unwrap().unwrap();
    assert_eq!((token.uses, token.last_used_at), (2, Some(NOW)));
}

#[tokio::test]
async fn an_access_token_holds_until_it_expires_or_its_person_is_disabled() {
    let scene = scene(None).await;
    let (issuer, subject) = ("https://issuer.test".to_owned(), "s-1".to_owned());
    let caller = Caller {
        person: None,
        label: "eve".into(),
        groups: vec![],
        scope: None,
        proof: Proof::AccessToken {
            issuer: issuer.clone(),
            subject: subject.clone(),
            client: None,
            token: None,
        },
        expires_at: NOW.plus_seconds(60),
    };
    assert!(scene.callers.still_valid(&caller, NOW).await, "nobody here knows them");
    assert!(!scene.callers.still_valid(&caller, NOW.plus_seconds(60)).await, "expired");
    let eve = PersonId::from_uuid(Uuid::from_u128(3));
    let person = people::NewPerson {
        id: eve,
        login: "eve",
        display_name: "eve",
        email: None,
        origin: &Origin::Oidc { issuer, subject },
        password_hash: None,
        roles: &[Role::User],
        groups: &[],
        created_at: NOW,
    };
    let mut conn = scene.database.pages().acquire().await.unwrap();
    people::insert(&mut conn, &person).await.unwrap();
    people::set_disabled(&mut conn, eve, Some(NOW)).await.unwrap();
    scene.callers.forget();
    assert!(!scene.callers.still_valid(&caller, NOW).await, "disabled");
}
