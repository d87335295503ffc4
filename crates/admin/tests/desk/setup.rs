use countersign_admin::{AdminError, FirstAdministrator};
use countersign_model::person::Role;

use crate::{PASSWORD, PEER, Rig, fields, form, secret};

#[tokio::test]
async fn the_link_makes_one_administrator_and_no_second() {
    let rig = Rig::new().await;
    assert!(rig.admin.needs_setup().await.unwrap());
    let token = rig.admin.issue_setup_link().await.unwrap().unwrap();
    let ada = rig.admin.create_first_administrator(&token, form("ada", PASSWORD), PEER).await.unwrap();
    assert_eq!((ada.login.as_str(), ada.display_name.as_str()), ("ada", "ada"));
    assert_eq!(ada.roles, [Role::Admin, Role::User]);
    assert!(!rig.admin.needs_setup().await.unwrap());
    assert_eq!(rig.admin.issue_setup_link().await.unwrap(), None);
    let again = rig.admin.create_first_administrator(&token, form("eve", PASSWORD), PEER).await;
    assert_eq!(again.unwrap_err(), AdminError::Forbidden);
    assert_eq!(rig.names(0).await, ["setup.link_issued", "setup.administrator_created"]);
    assert!(rig.admin.sign_in_local("ada", PASSWORD, PEER).await.is_ok());
}

#[tokio::test]
async fn a_bad_form_does_not_use_the_link_up() {
    let rig = Rig::new().await;
    let token = rig.admin.issue_setup_link().await.unwrap().unwrap();
    let bad = FirstAdministrator { password_again: secret("other"), ..form("-ada", "short") };
    let result = rig.admin.create_first_administrator(&token, bad, PEER).await;
    assert_eq!(fields(result), ["login", "password", "password_again"]);
    assert!(rig.admin.create_first_administrator(&token, form("ada", PASSWORD), PEER).await.is_ok());
}

#[tokio::test]
async fn wrong_old_and_replaced_links_do_not_work() {
    let rig = Rig::new().await;
    let first = rig.admin.issue_setup_link().await.unwrap().unwrap();
    let second = rig.admin.issue_setup_link().await.unwrap().unwrap();
    for token in ["", "x", first.as_str()] {
        let result = rig.admin.create_first_administrator(token, form("ada", PASSWORD), PEER).await;
        assert_eq!(result.unwrap_err(), AdminError::Forbidden);
    }
    rig.later(86_400);
    let late = rig.admin.create_first_administrator(&second, form("ada", PASSWORD), PEER).await;
    assert_eq!(late.unwrap_err(), AdminError::Forbidden);
}

#[tokio::test]
async fn of_ten_racing_for_one_link_one_becomes_administrator() {
    let rig = Rig::new().await;
    let token = rig.admin.issue_setup_link().await.unwrap().unwrap();
    let logins: Vec<String> = (0..10).map(|n| format!("racer{n}")).collect();
    let races =
        logins.iter().map(|login| rig.admin.create_first_administrator(&token, form(login, PASSWORD), PEER));
    let won: Vec<_> = futures::future::join_all(races).await.into_iter().filter_map(Result::ok).collect();
    assert_eq!(won.len(), 1);
    let people = rig.admin.administrator(&won[0]).unwrap().people().await.unwrap();
    assert_eq!(people.len(), 1);
}
