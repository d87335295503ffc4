use countersign_admin::{AdminError, PasswordCost, SignInError};
use countersign_ledger::Kind;
use countersign_model::person::Role;

use crate::{PASSWORD, PEER, Rig, fields, secret};

#[tokio::test]
async fn unknown_login_and_wrong_password_are_one_answer() {
    let (rig, _) = Rig::set_up().await;
    let skip = rig.names(0).await.len();
    for (login, password) in
        [("ada", "wrong"), ("nobody", PASSWORD), ("", ""), ("a\0da", PASSWORD), (&"x".repeat(9_999), "")]
    {
        let refused = rig.admin.sign_in_local(login, password, PEER).await;
        assert_eq!(refused, Err(SignInError::Refused), "{login}");
    }
    assert!(rig.admin.sign_in_local(" ADA ", PASSWORD, PEER).await.is_ok(), "logins are case-insensitive");
    let events = rig.events().await.split_off(skip);
    assert!(events.iter().all(|(kind, _)| *kind == Kind::SignIn));
    let told: Vec<_> = events.iter().map(|(_, f)| (f.event.as_str(), f.actor.as_str())).collect();
    assert_eq!(
        told,
        [
            ("sign_in.failed", "ada"),
            ("sign_in.failed", "unknown account"),
            ("sign_in.failed", "unknown account"),
            ("sign_in.failed", "unknown account"),
            ("sign_in.failed", "unknown account"),
            ("sign_in.succeeded", "ada"),
        ]
    );
    assert!(!format!("{events:?}").contains(PASSWORD));
}

#[tokio::test]
async fn five_failures_lock_for_a_quarter_of_an_hour_known_login_or_not() {
    let (rig, _) = Rig::set_up().await;
    for login in ["ada", "nobody"] {
        for _ in 0..5 {
            assert_eq!(rig.admin.sign_in_local(login, "wrong", PEER).await, Err(SignInError::Refused));
        }
        let locked = rig.admin.sign_in_local(login, PASSWORD, "198.51.100.1:1").await;
        assert!(matches!(locked, Err(SignInError::Locked { .. })), "{login}: {locked:?}");
    }
    rig.later(899);
    assert!(matches!(rig.admin.sign_in_local("ada", PASSWORD, PEER).await, Err(SignInError::Locked { .. })));
    rig.later(2);
    assert!(rig.admin.sign_in_local("ada", PASSWORD, PEER).await.is_ok());
    assert_eq!(
        rig.admin.sign_in_local("ada", "wrong", PEER).await,
        Err(SignInError::Refused),
        "counted anew"
    );
}

#[tokio::test]
async fn guesses_made_at_the_same_time_count_as_well() {
    let (rig, _) = Rig::set_up().await;
    let guesses = (0..20).map(|_| rig.admin.sign_in_local("ada", "wrong", PEER));
    let results = futures::future::join_all(guesses).await;
    let tried = results.iter().filter(|result| **result == Err(SignInError::Refused)).count();
    assert_eq!(tried, 5);
}

#[tokio::test]
async fn an_address_is_locked_after_fifty_failures_over_many_logins() {
    let (rig, _) = Rig::set_up().await;
    for n in 0..50 {
        let result = rig.admin.sign_in_local(&format!("guess{n}"), "wrong", PEER).await;
        assert_eq!(result, Err(SignInError::Refused), "{n}");
    }
    let locked = rig.admin.sign_in_local("ada", PASSWORD, "192.0.2.7:1").await;
    assert!(matches!(locked, Err(SignInError::Locked { .. })));
    assert!(rig.admin.sign_in_local("ada", PASSWORD, "192.0.2.8:1").await.is_ok(), "another address");
    assert!(rig.names(0).await.contains(&"sign_in.address_locked".to_owned()));
}

#[tokio::test]
async fn a_disabled_account_is_told_so_only_with_its_password() {
    let (rig, ada) = Rig::set_up().await;
    let bob = rig.person(&ada, "bob", &[Role::User], &[]).await;
    assert!(rig.admin.resume(bob.person, PEER).await.unwrap().is_some());
    rig.admin.administrator(&ada).unwrap().set_disabled(bob.person, true).await.unwrap();
    assert_eq!(rig.admin.sign_in_local("bob", "wrong", PEER).await, Err(SignInError::Refused));
    assert_eq!(rig.admin.sign_in_local("bob", PASSWORD, PEER).await, Err(SignInError::Disabled));
    assert_eq!(rig.admin.resume(bob.person, PEER).await.unwrap(), None);
}

#[tokio::test]
async fn without_a_ledger_nobody_signs_in() {
    let (mut rig, ada) = Rig::set_up().await;
    rig.stop_the_ledger().await;
    assert_eq!(rig.admin.sign_in_local("ada", PASSWORD, PEER).await, Err(SignInError::AuditUnavailable));
    assert_eq!(rig.admin.sign_in_local("ada", "wrong", PEER).await, Err(SignInError::AuditUnavailable));
    rig.admin.signed_out(&ada).await;
}

#[tokio::test]
async fn the_own_password_is_changed_with_the_old_one() {
    let (rig, ada) = Rig::set_up().await;
    let desk = rig.admin.user(&ada);
    let new = secret("another long sentence");
    assert_eq!(fields(desk.change_my_password(&secret("wrong"), &new, None).await), ["old"]);
    assert_eq!(fields(desk.change_my_password(&secret(PASSWORD), &secret("short"), None).await), ["new"]);
    assert_eq!(fields(desk.change_my_password(&secret(PASSWORD), &secret(PASSWORD), None).await), ["new"]);
    desk.change_my_password(&secret(PASSWORD), &new, None).await.unwrap();
    assert_eq!(rig.admin.sign_in_local("ada", PASSWORD, PEER).await, Err(SignInError::Refused));
    assert!(rig.admin.sign_in_local("ada", "another long sentence", PEER).await.is_ok());
    for _ in 0..5 {
        desk.change_my_password(&secret("wrong"), &secret("yet another sentence"), None).await.unwrap_err();
    }
    let locked = rig.admin.sign_in_local("ada", "another long sentence", PEER).await;
    assert!(matches!(locked, Err(SignInError::Locked { .. })), "guessing here counts too");
}

#[tokio::test]
async fn resume_gives_the_roles_of_now() {
    let (rig, ada) = Rig::set_up().await;
    let bob = rig.person(&ada, "bob", &[Role::User], &[]).await;
    let desk = rig.admin.administrator(&ada).unwrap();
    desk.set_roles_and_groups(bob.person, &[Role::Auditor], &["ml".to_owned()]).await.unwrap();
    let now = rig.admin.resume(bob.person, "198.51.100.1:9").await.unwrap().unwrap();
    assert_eq!(
        (now.roles, now.groups, now.peer.as_str()),
        (vec![Role::Auditor], vec!["ml".to_owned()], "198.51.100.1:9")
    );
    assert!(matches!(rig.admin.administrator(&bob), Err(AdminError::Forbidden)));
}

/// In turns, and the shortest of many of each: whatever else the machine does only ever adds. Without the same work an
/// unknown login would take a tenth.
#[tokio::test]
async fn an_unknown_login_takes_as_long_as_a_wrong_password() {
    let rig = Rig::with(|settings| {
        settings.password_cost = PasswordCost::default();
        settings.lockout_after = 1_000;
    })
    .await;
    rig.first_administrator().await;
    let shortest = async |login: &str, so_far: std::time::Duration| {
        let begun = std::time::Instant::now();
        rig.admin.sign_in_local(login, "wrong", PEER).await.unwrap_err();
        so_far.min(begun.elapsed())
    };
    let (mut known, mut unknown) = (std::time::Duration::MAX, std::time::Duration::MAX);
    for _ in 0..25 {
        known = shortest("ada", known).await;
        unknown = shortest("nobody", unknown).await;
    }
    assert!(unknown * 3 > known && known * 3 > unknown, "known {known:?}, unknown {unknown:?}");
}
