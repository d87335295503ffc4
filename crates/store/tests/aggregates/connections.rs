use countersign_model::{
    ConnectionId, Secret,
    action::{Action, Actions, Exception, Passage},
    analyzer::{AnalyzerSettings, Hundredths, WhenItFails},
    connection::{ConnectionSettings, CredentialKind, Limits, Masking, Recording, Uninspected},
};
use countersign_store::{
    connections::{self, Saved, SealedChange},
    seal::SealError,
    testing::{SystemMint, master_key},
};
use uuid::Uuid;

use crate::{NOW, fresh};

fn id(n: u128) -> ConnectionId {
    ConnectionId::from_uuid(Uuid::from_u128(n))
}

fn settings(name: &str) -> ConnectionSettings {
    ConnectionSettings {
        name: name.into(),
        description: "one".into(),
        base_url: "http://10.0.0.5:8000/v1".into(),
        credential: CredentialKind::Header { name: "x-api-key".into() },
        groups: vec!["staff".into(), "ml".into()],
        limits: Limits { connect_ms: 123, ..Limits::default() },
        recording: Recording::MetadataOnly,
        masking: Masking {
            prompt: true,
            response: false,
            actions: Actions {
                prompt: Action::Tokenize,
                tool_result: Action::Partial,
                exceptions: vec![
                    Exception { entity: "US_SSN".into(), passage: None, action: Action::Redact },
                    Exception {
                        entity: "IP_ADDRESS".into(),
                        passage: Some(Passage::ToolArguments),
                        action: Action::Allow,
                    },
                ],
                ..Actions::default()
            },
        },
        uninspected: Uninspected::Pass,
        analyzer: Some(AnalyzerSettings {
            url: "http://10.0.0.6:5002".into(),
            language: "en".into(),
            score: Hundredths::default(),
            entities: vec!["PERSON".into()],
            timeout_ms: 900,
            when_it_fails: WhenItFails::Open,
        }),
        enabled: true,
    }
}

#[tokio::test]
async fn every_setting_comes_back() {
    let database = fresh().await;
    let mut conn = database.pages().acquire().await.unwrap();
    let Saved::Done(made) =
        connections::insert(&mut conn, id(1), &settings("llama"), Some(b"sealed"), NOW).await.unwrap()
    else {
        panic!("not made")
    };
    assert_eq!((made.id, &made.settings, made.version), (id(1), &settings("llama"), 1));
    assert_eq!((made.has_secret, made.created_at, made.updated_at), (true, NOW, NOW));
    assert_eq!(connections::by_name(&mut conn, "llama").await.unwrap(), Some((*made).clone()));
    assert_eq!(connections::by_name(&mut conn, "Llama").await.unwrap(), None);
    assert_eq!(connections::all(&mut conn).await.unwrap(), [*made]);
    assert_eq!(connections::count(&mut conn).await.unwrap(), 1);
    let taken = connections::insert(&mut conn, id(2), &settings("llama"), None, NOW).await.unwrap();
    assert_eq!(taken, Saved::NameTaken);
    let sealed = connections::all_with_secrets(&mut conn).await.unwrap();
    assert_eq!(sealed[0].secret.as_deref(), Some(b"sealed".as_slice()));
    assert!(connections::with_secret(&mut conn, "none").await.unwrap().is_none());
}

#[tokio::test]
async fn a_connection_of_before_there_were_actions_labels_everything() {
    let database = fresh().await;
    let mut conn = database.pages().acquire().await.unwrap();
    connections::insert(&mut conn, id(1), &settings("llama"), None, NOW).await.unwrap();
    // As the migration leaves it.
    sqlx::query("UPDATE connection SET actions = DEFAULT").execute(&mut *conn).await.unwrap();
    let read = connections::by_name(&mut conn, "llama").await.unwrap().unwrap();
    assert_eq!(read.settings.masking.actions, Actions::default());
}

#[tokio::test]
async fn a_change_names_the_version_it_was_made_from() {
    let database = fresh().await;
    let mut conn = database.pages().acquire().await.unwrap();
    connections::insert(&mut conn, id(1), &settings("llama"), Some(b"one"), NOW).await.unwrap();
    connections::insert(&mut conn, id(2), &settings("other"), None, NOW).await.unwrap();
    let secret_of = async |conn: &mut countersign_store::PgConnection, name: &str| {
        connections::with_secret(conn, name).await.unwrap().unwrap().secret
    };
    let later = NOW.plus_seconds(9);
    let new = settings("renamed");
    let Saved::Done(changed) =
        connections::update(&mut conn, id(1), 1, &new, SealedChange::Keep, later).await.unwrap()
    else {
        panic!("not changed")
    };
    assert_eq!((changed.version, changed.created_at, changed.updated_at), (2, NOW, later));
    assert_eq!(secret_of(&mut conn, "renamed").await.as_deref(), Some(b"one".as_slice()));
    let stale = connections::update(&mut conn, id(1), 1, &new, SealedChange::Remove, later).await.unwrap();
    assert_eq!(stale, Saved::Stale);
    let taken = connections::update(&mut conn, id(1), 2, &settings("other"), SealedChange::Keep, later).await;
    assert_eq!(taken.unwrap(), Saved::NameTaken);
    connections::update(&mut conn, id(1), 2, &new, SealedChange::Set(b"two"), later).await.unwrap();
    assert_eq!(secret_of(&mut conn, "renamed").await.as_deref(), Some(b"two".as_slice()));
    connections::update(&mut conn, id(1), 3, &new, SealedChange::Remove, later).await.unwrap();
    assert_eq!(secret_of(&mut conn, "renamed").await, None);
    assert!(!connections::delete(&mut conn, id(1), 3).await.unwrap(), "stale");
    assert!(connections::delete(&mut conn, id(1), 4).await.unwrap());
    assert!(!connections::delete(&mut conn, id(1), 4).await.unwrap(), "gone");
}

#[test]
fn a_secret_opens_only_for_its_connection() {
    let (master, mint) = (master_key(), SystemMint::default());
    let secret = Secret::new("sk-upstream".to_owned());
    let sealed = connections::seal_secret(&master, id(1), &secret, &mint).unwrap();
    assert!(!sealed.windows(5).any(|part| part == b"sk-up"));
    assert_eq!(connections::open_secret(&master, id(1), &sealed).unwrap(), secret);
    assert_eq!(connections::open_secret(&master, id(2), &sealed).unwrap_err(), SealError::DoesNotOpen);
}
