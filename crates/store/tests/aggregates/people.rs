use countersign_model::person::{Origin, Role};
use countersign_store::people::{self, Attempt, IdentityUpdate, Inserted, NewPerson};

use crate::{NOW, fresh, local, person_id};

fn oidc<'a>(n: u128, login: &'a str, origin: &'a Origin) -> NewPerson<'a> {
    NewPerson {
        id: person_id(n),
        login,
        display_name: "Somebody",
        email: Some("x@example.org"),
        origin,
        password_hash: None,
        roles: &[Role::User],
        groups: &[],
        created_at: NOW,
    }
}

fn at(issuer: &str, subject: &str) -> Origin {
    Origin::Oidc { issuer: issuer.into(), subject: subject.into() }
}

#[tokio::test]
async fn a_login_is_one_persons_however_it_is_written() {
    let database = fresh().await;
    let mut conn = database.pages().acquire().await.unwrap();
    let ada = local(&mut conn, 1, "Ada", &[Role::Admin, Role::User]).await;
    let found = people::local_by_login(&mut conn, "aDA").await.unwrap().unwrap();
    assert_eq!((found.person.id, found.person.login.as_str()), (ada, "Ada"));
    assert_eq!(found.person.roles, [Role::Admin, Role::User]);
    assert_eq!(found.password_hash.as_deref(), Some("$argon2id$…"));
    assert!(people::local_by_login(&mut conn, "ad").await.unwrap().is_none());
    assert!(people::local_by_login(&mut conn, "%").await.unwrap().is_none());
    let again =
        NewPerson { origin: &Origin::Local, password_hash: Some("h"), ..oidc(2, "ADA", &Origin::Local) };
    assert_eq!(people::insert(&mut conn, &again).await.unwrap(), Inserted::LoginTaken);
    assert!(people::by_id(&mut conn, person_id(2)).await.unwrap().is_none());
    assert_eq!(people::all(&mut conn).await.unwrap().len(), 1);
}

#[tokio::test]
async fn the_same_subject_of_two_issuers_is_two_people() {
    let database = fresh().await;
    let mut conn = database.pages().acquire().await.unwrap();
    let (one, two) = (at("https://one.example", "42"), at("https://two.example", "42"));
    assert_eq!(people::insert(&mut conn, &oidc(1, "ada@one", &one)).await.unwrap(), Inserted::Done);
    assert_eq!(people::insert(&mut conn, &oidc(2, "ada@two", &two)).await.unwrap(), Inserted::Done);
    assert_eq!(people::insert(&mut conn, &oidc(3, "other", &one)).await.unwrap(), Inserted::IdentityTaken);
    let found = people::by_identity(&mut conn, "https://two.example", "42").await.unwrap().unwrap();
    assert_eq!((found.id, found.origin), (person_id(2), two));
    assert!(people::by_identity(&mut conn, "https://two.example", "43").await.unwrap().is_none());
    assert!(people::local_by_login(&mut conn, "ada@one").await.unwrap().is_none(), "not a local account");
    assert!(people::local_by_id(&mut conn, person_id(1)).await.unwrap().is_none());
    assert!(!people::set_password(&mut conn, person_id(1), "h").await.unwrap(), "has no password here");
}

#[tokio::test]
async fn an_identity_is_brought_up_to_date_and_a_local_account_is_not() {
    let database = fresh().await;
    let mut conn = database.pages().acquire().await.unwrap();
    let origin = at("https://one.example", "42");
    people::insert(&mut conn, &oidc(1, "ada", &origin)).await.unwrap();
    let bob = local(&mut conn, 2, "bob", &[Role::User]).await;
    let groups = ["ml".to_owned()];
    let update = IdentityUpdate {
        display_name: "Ada L.",
        email: None,
        roles: &[Role::Auditor],
        groups: &groups,
        seen_at: NOW,
    };
    assert!(people::update_identity(&mut conn, person_id(1), &update).await.unwrap());
    assert!(!people::update_identity(&mut conn, bob, &update).await.unwrap());
    assert!(!people::update_identity(&mut conn, person_id(9), &update).await.unwrap());
    let ada = people::by_id(&mut conn, person_id(1)).await.unwrap().unwrap();
    assert_eq!((ada.login.as_str(), ada.display_name.as_str(), ada.email), ("ada", "Ada L.", None));
    assert_eq!((ada.roles, ada.groups, ada.last_seen_at), (vec![Role::Auditor], groups.to_vec(), Some(NOW)));
}

#[tokio::test]
async fn roles_disabling_and_admins() {
    let database = fresh().await;
    let mut conn = database.pages().acquire().await.unwrap();
    assert!(!people::has_admin(&mut conn).await.unwrap());
    let ada = local(&mut conn, 1, "ada", &[Role::Admin]).await;
    let bob = local(&mut conn, 2, "bob", &[Role::User]).await;
    assert!(people::has_admin(&mut conn).await.unwrap());
    assert_eq!(people::lock_admins(&mut conn).await.unwrap(), [ada]);
    assert!(people::set_roles_and_groups(&mut conn, bob, &[Role::Admin], &[]).await.unwrap());
    assert_eq!(people::lock_admins(&mut conn).await.unwrap(), [ada, bob]);
    assert!(people::set_disabled(&mut conn, ada, Some(NOW)).await.unwrap());
    assert!(people::by_id(&mut conn, ada).await.unwrap().unwrap().disabled);
    assert_eq!(people::lock_admins(&mut conn).await.unwrap(), [bob]);
    assert!(people::set_disabled(&mut conn, ada, None).await.unwrap());
    assert!(!people::by_id(&mut conn, ada).await.unwrap().unwrap().disabled);
    assert!(!people::set_disabled(&mut conn, person_id(9), None).await.unwrap());
    assert!(!people::set_roles_and_groups(&mut conn, person_id(9), &[], &[]).await.unwrap());
}

#[tokio::test]
async fn attempts_count_before_they_are_made() {
    let database = fresh().await;
    let mut conn = database.pages().acquire().await.unwrap();
    let ada = local(&mut conn, 1, "ada", &[Role::User]).await;
    let until = NOW.plus_seconds(900);
    // Fifty at once: no more than the limit may try.
    let attempts = futures::future::join_all((0..50).map(|_| async {
        let mut conn = database.pages().acquire().await.unwrap();
        people::begin_attempt(&mut conn, ada, NOW, 3, until).await.unwrap()
    }));
    let mut allowed: Vec<_> = attempts
        .await
        .into_iter()
        .filter_map(|attempt| match attempt {
            Attempt::Allowed { locks_until } => Some(locks_until),
            Attempt::Locked(_) => None,
        })
        .collect();
    allowed.sort();
    assert_eq!(allowed, [None, None, Some(until)]);
    assert_eq!(people::by_id(&mut conn, ada).await.unwrap().unwrap().locked_until, Some(until));
    let later = until.plus_seconds(1);
    let next = people::begin_attempt(&mut conn, ada, later, 3, later.plus_seconds(900)).await.unwrap();
    assert_eq!(next, Attempt::Allowed { locks_until: None }, "a lock that ran out starts a new count");
    people::sign_in_succeeded(&mut conn, ada, later).await.unwrap();
    let person = people::by_id(&mut conn, ada).await.unwrap().unwrap();
    assert_eq!((person.locked_until, person.last_seen_at), (None, Some(later)));
}

#[tokio::test]
async fn a_new_password_lifts_the_lock_and_seen_is_rare() {
    let database = fresh().await;
    let mut conn = database.pages().acquire().await.unwrap();
    let ada = local(&mut conn, 1, "ada", &[Role::User]).await;
    let until = NOW.plus_seconds(900);
    people::begin_attempt(&mut conn, ada, NOW, 1, until).await.unwrap();
    assert_eq!(people::begin_attempt(&mut conn, ada, NOW, 1, until).await.unwrap(), Attempt::Locked(until));
    assert!(people::set_password(&mut conn, ada, "new").await.unwrap());
    let account = people::local_by_id(&mut conn, ada).await.unwrap().unwrap();
    assert_eq!((account.password_hash.as_deref(), account.person.locked_until), (Some("new"), None));
    for (seconds, seen) in [(0, 0), (59, 0), (61, 61)] {
        people::seen(&mut conn, ada, NOW.plus_seconds(seconds)).await.unwrap();
        let last = people::by_id(&mut conn, ada).await.unwrap().unwrap().last_seen_at;
        assert_eq!(last, Some(NOW.plus_seconds(seen)));
    }
}
