use countersign_admin::{AdminError, NewPerson, SignInError};
use countersign_model::{
    PersonId,
    person::Role,
    token::{NewToken, Token},
};
use countersign_store::{
    tokens,
    web_sessions::{self, WebSession},
};
use uuid::Uuid;

use crate::{PASSWORD, PEER, Rig, fields, new_person, secret};

/// A browser session that lives as long as a token.
fn session_of(person: PersonId, token: &Token) -> WebSession {
    WebSession {
        id_hash: [1; 32],
        data: vec![],
        created_at: token.created_at,
        expires_at: token.expires_at,
        person: Some(person),
        issuer: None,
        subject: None,
        sid: None,
    }
}

#[tokio::test]
async fn disabling_ends_sessions_and_tokens_and_enabling_brings_neither_back() {
    let (rig, ada) = Rig::set_up().await;
    let bob = rig.person(&ada, "bob", &[Role::User], &[]).await;
    let new = NewToken { label: "x".into(), scope: None, lifetime_seconds: 600, max_uses: None };
    let (token, _) = rig.admin.user(&bob).issue_token(new.clone()).await.unwrap();
    let (hers, _) = rig.admin.user(&ada).issue_token(new).await.unwrap();
    let mut conn = rig.database.pages().acquire().await.unwrap();
    web_sessions::create(&mut conn, &session_of(bob.person, &token)).await.unwrap();
    let desk = rig.admin.administrator(&ada).unwrap();
    assert!(desk.set_disabled(bob.person, true).await.unwrap().disabled);
    assert!(!desk.set_disabled(bob.person, false).await.unwrap().disabled);
    assert!(!tokens::redeem(&mut conn, token.id, token.created_at).await.unwrap());
    assert!(tokens::by_id(&mut conn, token.id).await.unwrap().unwrap().revoked_at.is_some());
    assert!(tokens::redeem(&mut conn, hers.id, token.created_at).await.unwrap(), "hers still holds");
    assert!(web_sessions::load(&mut conn, &[1; 32], token.created_at).await.unwrap().is_none());
}

#[tokio::test]
async fn the_last_administrator_stays_one() {
    let (rig, ada) = Rig::set_up().await;
    let desk = rig.admin.administrator(&ada).unwrap();
    let before = rig.names(0).await.len();
    for refused in [
        desk.set_disabled(ada.person, true).await.unwrap_err(),
        desk.set_roles_and_groups(ada.person, &[Role::User], &[]).await.unwrap_err(),
    ] {
        assert!(matches!(refused, AdminError::Conflict(_)), "{refused:?}");
    }
    assert_eq!(rig.names(before).await, [""; 0], "a change that is refused leaves no row");
    let bob = rig.person(&ada, "bob", &[Role::Admin], &[]).await;
    let his = rig.admin.administrator(&bob).unwrap();
    // Each removes the other, at the same time: one must be refused.
    let (one, two) = tokio::join!(
        desk.set_roles_and_groups(bob.person, &[Role::User], &[]),
        his.set_disabled(ada.person, true),
    );
    assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
    assert!(!rig.admin.needs_setup().await.unwrap());
}

#[tokio::test]
async fn bad_people_are_complained_of_by_field() {
    let (rig, ada) = Rig::set_up().await;
    let desk = rig.admin.administrator(&ada).unwrap();
    let bad = NewPerson {
        login: "b d".into(),
        email: "nowhere".into(),
        password: secret("short"),
        roles: vec![],
        groups: vec!["*".into()],
        ..new_person("", &[], &[])
    };
    assert_eq!(fields(desk.create_person(bad).await), ["login", "email", "password", "roles", "groups"]);
    let taken = desk.create_person(new_person("ADA", &[Role::User], &[])).await;
    assert_eq!(fields(taken), ["login"]);
    let names = rig.names(0).await;
    assert_eq!(names[names.len() - 2..], ["person.created", "person.created.failed"]);
    let nobody = PersonId::from_uuid(Uuid::from_u128(9));
    assert_eq!(desk.person(nobody).await.unwrap(), None);
    assert_eq!(desk.set_disabled(nobody, true).await.unwrap_err(), AdminError::NotFound);
    let gone = desk.set_roles_and_groups(nobody, &[Role::User], &[]).await;
    assert_eq!(gone.unwrap_err(), AdminError::NotFound);
    assert_eq!(desk.reset_password(nobody, &secret(PASSWORD)).await.unwrap_err(), AdminError::NotFound);
    assert_eq!(fields(desk.set_roles_and_groups(ada.person, &[], &[]).await), ["roles"]);
}

#[tokio::test]
async fn a_reset_password_replaces_the_old_one() {
    let (rig, ada) = Rig::set_up().await;
    let bob = rig.person(&ada, "bob", &[Role::User], &[" ml ", "ml", "staff"]).await;
    assert_eq!(bob.groups, ["ml", "staff"]);
    let desk = rig.admin.administrator(&ada).unwrap();
    assert_eq!(fields(desk.reset_password(bob.person, &secret("bob is short")).await), ["password"]);
    desk.reset_password(bob.person, &secret("a brand new sentence")).await.unwrap();
    assert_eq!(rig.admin.sign_in_local("bob", PASSWORD, PEER).await, Err(SignInError::Refused));
    assert!(rig.admin.sign_in_local("bob", "a brand new sentence", PEER).await.is_ok());
    assert_eq!(desk.people().await.unwrap().len(), 2);
    let told = format!("{:?}", rig.events().await);
    assert!(!told.contains("brand new sentence") && !told.contains("argon2"));
}

/// Whoever knew the old password may have made tokens and signed in with it.
#[tokio::test]
async fn a_reset_password_leaves_no_session_and_no_token() {
    let (rig, ada) = Rig::set_up().await;
    let bob = rig.person(&ada, "bob", &[Role::User], &[]).await;
    let new = NewToken { label: "x".into(), scope: None, lifetime_seconds: 600, max_uses: None };
    let (token, _) = rig.admin.user(&bob).issue_token(new.clone()).await.unwrap();
    let (hers, _) = rig.admin.user(&ada).issue_token(new).await.unwrap();
    let mut conn = rig.database.pages().acquire().await.unwrap();
    web_sessions::create(&mut conn, &session_of(bob.person, &token)).await.unwrap();
    let desk = rig.admin.administrator(&ada).unwrap();
    assert_eq!(fields(desk.reset_password(bob.person, &secret("short")).await), ["password"]);
    assert!(web_sessions::load(&mut conn, &[1; 32], token.created_at).await.unwrap().is_some());
    assert!(tokens::by_id(&mut conn, token.id).await.unwrap().unwrap().revoked_at.is_none());
    desk.reset_password(bob.person, &secret("a brand new sentence")).await.unwrap();
    assert!(web_sessions::load(&mut conn, &[1; 32], token.created_at).await.unwrap().is_none());
    assert!(tokens::by_id(&mut conn, token.id).await.unwrap().unwrap().revoked_at.is_some());
    assert!(!tokens::redeem(&mut conn, token.id, token.created_at).await.unwrap());
    assert!(tokens::redeem(&mut conn, hers.id, token.created_at).await.unwrap(), "hers still holds");
    assert!(format!("{:?}", rig.events().await).contains("gateway_tokens"), "and the record says so");
}

#[tokio::test]
async fn without_a_ledger_nothing_changes() {
    let (mut rig, ada) = Rig::set_up().await;
    let bob = rig.person(&ada, "bob", &[Role::User], &[]).await;
    rig.stop_the_ledger().await;
    let desk = rig.admin.administrator(&ada).unwrap();
    assert_eq!(desk.set_disabled(bob.person, true).await.unwrap_err(), AdminError::AuditUnavailable);
    let made = desk.create_person(new_person("eve", &[Role::User], &[])).await;
    assert_eq!(made.unwrap_err(), AdminError::AuditUnavailable);
    assert_eq!(desk.people().await.unwrap().len(), 2);
    assert!(!desk.person(bob.person).await.unwrap().unwrap().disabled);
}

#[tokio::test]
async fn a_name_that_hides_something_is_refused() {
    let (rig, ada) = Rig::set_up().await;
    let desk = rig.admin.administrator(&ada).unwrap();
    for name in ["\u{202e}ada", "a\u{200b}da", "ad\u{200d}a", "a\nb"] {
        let person = NewPerson { display_name: name.into(), ..new_person("eve", &[Role::User], &[]) };
        assert_eq!(fields(desk.create_person(person).await), ["display_name"], "{name:?}");
    }
    let person =
        NewPerson { display_name: "می\u{200c}خواهم".into(), ..new_person("eve", &[Role::User], &[]) };
    desk.create_person(person).await.unwrap();
}
