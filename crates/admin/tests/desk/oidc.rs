use countersign_admin::{AdminError, OidcIdentity, SignInError};
use countersign_model::person::{Origin, Role};

use crate::{PEER, Rig, secret};

fn identity(issuer: &str, subject: &str, login: &str) -> OidcIdentity {
    OidcIdentity {
        issuer: issuer.into(),
        subject: subject.into(),
        login: login.into(),
        display_name: "Ada Lovelace".into(),
        email: Some("ada@example.org".into()),
        groups: vec!["ml".into(), "*".into()],
        roles: vec![Role::User],
    }
}

#[tokio::test]
async fn the_first_sign_in_makes_the_person_and_later_ones_bring_them_up_to_date() {
    let (rig, ada) = Rig::set_up().await;
    let skip = rig.names(0).await.len();
    let first = rig.admin.sign_in_oidc(identity("https://one.example", "42", "grace"), PEER).await.unwrap();
    assert_eq!((first.login.as_str(), first.groups.as_slice()), ("grace", ["ml".to_owned()].as_slice()));
    let same = rig.admin.sign_in_oidc(identity("https://one.example", "42", "grace"), PEER).await.unwrap();
    assert_eq!(same.person, first.person);
    let promoted = OidcIdentity {
        roles: vec![Role::Auditor],
        groups: vec![],
        display_name: " Grace\nHopper ".into(),
        ..identity("https://one.example", "42", "other-name")
    };
    let now = rig.admin.sign_in_oidc(promoted, PEER).await.unwrap();
    assert_eq!(
        (now.person, now.login.as_str(), now.display_name.as_str()),
        (first.person, "grace", "GraceHopper")
    );
    assert_eq!((now.roles, now.groups), (vec![Role::Auditor], vec![]));
    assert_eq!(
        rig.names(skip).await,
        ["person.created", "sign_in.succeeded", "sign_in.succeeded", "person.updated", "sign_in.succeeded"]
    );
    let desk = rig.admin.administrator(&ada).unwrap();
    let person = desk.person(first.person).await.unwrap().unwrap();
    assert_eq!(person.origin, Origin::Oidc { issuer: "https://one.example".into(), subject: "42".into() });
    for refused in [
        desk.set_roles_and_groups(first.person, &[Role::Admin], &[]).await.unwrap_err(),
        desk.reset_password(first.person, &secret("a brand new sentence")).await.unwrap_err(),
    ] {
        assert!(matches!(refused, AdminError::Conflict(_)), "{refused:?}");
    }
}

#[tokio::test]
async fn one_subject_at_two_issuers_and_one_login_at_three_places_are_different_people() {
    let (rig, ada) = Rig::set_up().await;
    let one = rig.admin.sign_in_oidc(identity("https://one.example", "42", "ada"), PEER).await.unwrap();
    let two = rig.admin.sign_in_oidc(identity("https://two.example", "42", "ada"), PEER).await.unwrap();
    let three = rig.admin.sign_in_oidc(identity("https://two.example", "43", "ada"), PEER).await.unwrap();
    let mut people = [ada.person, one.person, two.person, three.person];
    people.sort();
    assert!(people.windows(2).all(|pair| pair[0] != pair[1]));
    assert_eq!(one.login, "ada (one.example)", "the local account keeps its name");
    assert_eq!(two.login, "ada (two.example)");
    assert_eq!(three.login, "43 (two.example)");
    assert!(!one.roles.contains(&Role::Admin));
}

#[tokio::test]
async fn a_disabled_identity_stays_out_whatever_its_issuer_says() {
    let (rig, ada) = Rig::set_up().await;
    let grace = rig.admin.sign_in_oidc(identity("https://one.example", "42", "grace"), PEER).await.unwrap();
    rig.admin.administrator(&ada).unwrap().set_disabled(grace.person, true).await.unwrap();
    let again = rig.admin.sign_in_oidc(identity("https://one.example", "42", "grace"), PEER).await;
    assert_eq!(again, Err(SignInError::Disabled));
    assert_eq!(
        rig.admin.sign_in_local("grace", "", PEER).await,
        Err(SignInError::Refused),
        "has no password"
    );
}

#[tokio::test]
async fn two_windows_at_once_make_one_person() {
    let (rig, ada) = Rig::set_up().await;
    let windows =
        (0..6).map(|_| rig.admin.sign_in_oidc(identity("https://one.example", "42", "grace"), PEER));
    let actors = futures::future::join_all(windows).await;
    let first = actors[0].as_ref().unwrap().person;
    assert!(actors.iter().all(|actor| actor.as_ref().unwrap().person == first));
    assert_eq!(rig.admin.administrator(&ada).unwrap().people().await.unwrap().len(), 2);
}
