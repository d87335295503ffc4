use std::time::Duration;

use countersign_model::{
    ConnectionId, TokenId,
    connection::{ConnectionSettings, CredentialKind, Limits, Masking, Recording, Uninspected},
    person::Role,
};
use countersign_store::{
    connections, people,
    testing::TestDatabase,
    tokens::{self, InsertToken},
};
use sqlx::postgres::PgListener;
use uuid::Uuid;

use crate::{NOW, local};

/// What was announced within a moment after the last change.
async fn heard(listener: &mut PgListener) -> Vec<String> {
    let mut payloads = Vec::new();
    while let Ok(notification) = tokio::time::timeout(Duration::from_millis(300), listener.recv()).await {
        payloads.push(notification.unwrap().payload().to_owned());
    }
    payloads
}

#[tokio::test]
async fn changes_are_announced_and_traffic_is_not() {
    let test = TestDatabase::fresh().await;
    let mut listener = PgListener::connect(&test.url).await.unwrap();
    listener.listen("countersign_config").await.unwrap();
    let mut conn = test.database.pages().acquire().await.unwrap();

    let ada = local(&mut conn, 1, "ada", &[Role::User]).await;
    let person = format!("person {}", ada.uuid());
    assert_eq!(heard(&mut listener).await, [person.as_str()]);

    let id = TokenId::from_uuid(Uuid::from_u128(5));
    let new = InsertToken {
        id,
        person: ada,
        hash: &[1; 32],
        hint: "cs_",
        label: "x",
        scope: None,
        created_at: NOW,
        expires_at: NOW.plus_seconds(60),
        max_uses: Some(5),
    };
    tokens::insert(&mut conn, &new).await.unwrap();
    let token = format!("token {}", id.uuid());
    assert_eq!(heard(&mut listener).await, [token.as_str()]);

    tokens::redeem(&mut conn, id, NOW).await.unwrap();
    tokens::refund(&mut conn, id).await.unwrap();
    tokens::touch(&mut conn, &[tokens::Used { token: id, at: NOW, calls: 1 }]).await.unwrap();
    people::seen(&mut conn, ada, NOW).await.unwrap();
    people::begin_attempt(&mut conn, ada, NOW, 5, NOW).await.unwrap();
    people::sign_in_succeeded(&mut conn, ada, NOW).await.unwrap();
    assert_eq!(heard(&mut listener).await, [""; 0]);

    tokens::revoke(&mut conn, id, ada, NOW).await.unwrap();
    people::set_disabled(&mut conn, ada, Some(NOW)).await.unwrap();
    assert_eq!(heard(&mut listener).await, [token, person]);

    let settings = ConnectionSettings {
        name: "llama".into(),
        description: String::new(),
        base_url: "http://h".into(),
        credential: CredentialKind::None,
        groups: vec![],
        limits: Limits::default(),
        recording: Recording::MaskedText,
        masking: Masking::default(),
        uninspected: Uninspected::Refuse,
        analyzer: None,
        enabled: true,
    };
    let connection = ConnectionId::from_uuid(Uuid::from_u128(6));
    connections::insert(&mut conn, connection, &settings, None, NOW).await.unwrap();
    connections::delete(&mut conn, connection, 1).await.unwrap();
    assert_eq!(heard(&mut listener).await, ["connection", "connection"]);
}
