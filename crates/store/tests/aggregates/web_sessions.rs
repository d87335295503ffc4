use countersign_model::{PersonId, person::Role};
use countersign_store::{
    people,
    web_sessions::{self, WebSession},
};

use crate::{NOW, fresh, local};

fn session(n: u8, person: Option<PersonId>) -> WebSession {
    WebSession {
        id_hash: [n; 32],
        data: vec![n, 0, 255],
        created_at: NOW,
        expires_at: NOW.plus_seconds(900),
        person,
        issuer: None,
        subject: None,
        sid: None,
    }
}

#[tokio::test]
async fn made_saved_loaded_ended() {
    let database = fresh().await;
    let mut conn = database.pages().acquire().await.unwrap();
    let ada = local(&mut conn, 1, "ada", &[Role::User]).await;
    let mut one = session(1, None);
    assert!(!web_sessions::save(&mut conn, &one).await.unwrap(), "saving makes none");
    assert!(web_sessions::create(&mut conn, &one).await.unwrap());
    assert!(!web_sessions::create(&mut conn, &session(1, Some(ada))).await.unwrap(), "the id is in use");
    one.person = Some(ada);
    one.data = b"signed in".to_vec();
    one.expires_at = NOW.plus_seconds(1_000);
    assert!(web_sessions::save(&mut conn, &one).await.unwrap());
    assert!(web_sessions::load(&mut conn, &[1; 32], NOW).await.unwrap() == Some(one.clone()));
    assert!(web_sessions::load(&mut conn, &[2; 32], NOW).await.unwrap().is_none());
    assert!(
        web_sessions::load(&mut conn, &[1; 32], NOW.plus_seconds(1_000)).await.unwrap().is_none(),
        "expired"
    );
    people::set_disabled(&mut conn, ada, Some(NOW)).await.unwrap();
    assert!(web_sessions::load(&mut conn, &[1; 32], NOW).await.unwrap().is_none(), "disabled");
    people::set_disabled(&mut conn, ada, None).await.unwrap();
    web_sessions::delete(&mut conn, &[1; 32]).await.unwrap();
    assert!(!web_sessions::save(&mut conn, &one).await.unwrap(), "what was ended stays ended");
}

#[tokio::test]
async fn ended_by_person_by_sid_by_subject_and_by_time() {
    let database = fresh().await;
    let mut conn = database.pages().acquire().await.unwrap();
    let ada = local(&mut conn, 1, "ada", &[Role::User]).await;
    let bob = local(&mut conn, 2, "bob", &[Role::User]).await;
    for (n, person) in [(1, ada), (2, ada), (3, ada), (4, bob)] {
        web_sessions::create(&mut conn, &session(n, Some(person))).await.unwrap();
    }
    assert_eq!(web_sessions::delete_others_of_person(&mut conn, ada, &[2; 32]).await.unwrap(), 2);
    assert!(web_sessions::load(&mut conn, &[2; 32], NOW).await.unwrap().is_some());
    assert_eq!(web_sessions::delete_of_person(&mut conn, ada).await.unwrap(), 1);
    for (n, issuer, sid) in [(5, "https://a", "s1"), (6, "https://a", "s2"), (7, "https://b", "s1")] {
        let from_issuer = WebSession {
            issuer: Some(issuer.into()),
            subject: Some("42".into()),
            sid: Some(sid.into()),
            ..session(n, None)
        };
        web_sessions::create(&mut conn, &from_issuer).await.unwrap();
    }
    assert_eq!(web_sessions::delete_of_sid(&mut conn, "https://a", "s1").await.unwrap(), 1);
    assert_eq!(web_sessions::delete_of_subject(&mut conn, "https://a", "42").await.unwrap(), 1);
    assert_eq!(web_sessions::delete_of_subject(&mut conn, "https://c", "42").await.unwrap(), 0);
    assert_eq!(web_sessions::expire(&mut conn, NOW).await.unwrap(), 0);
    assert_eq!(web_sessions::expire(&mut conn, NOW.plus_seconds(900)).await.unwrap(), 2);
}
