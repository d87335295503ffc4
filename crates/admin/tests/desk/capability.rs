use countersign_admin::{AdminError, OidcIdentity, SecretChange};
use countersign_model::{SessionId, exchange::SessionFilter, person::Role, token::NewToken};
use uuid::Uuid;

use crate::{PEER, Rig, connections::settings, form, new_person, secret};

#[tokio::test]
async fn each_rank_gets_its_desk_and_no_higher_one() {
    let (rig, ada) = Rig::set_up().await;
    for (login, roles, administers, audits, issues) in [
        ("user1", [Role::User].as_slice(), false, false, true),
        ("approver1", &[Role::Approver], false, false, false),
        ("auditor1", &[Role::Auditor], false, true, false),
        ("admin1", &[Role::Admin], true, true, true),
        ("both1", &[Role::Auditor, Role::User], false, true, true),
    ] {
        let actor = rig.person(&ada, login, roles, &[]).await;
        assert_eq!(rig.admin.administrator(&actor).is_ok(), administers, "{login}");
        assert_eq!(rig.admin.auditor(&actor).is_ok(), audits, "{login}");
        let new = NewToken { label: "x".into(), scope: None, lifetime_seconds: 60, max_uses: None };
        let issued = rig.admin.user(&actor).issue_token(new).await;
        assert_eq!(issued.is_ok(), issues, "{login}");
        if !issues {
            assert_eq!(issued.unwrap_err(), AdminError::Forbidden);
        }
    }
}

/// A server moves requests between threads, so every use case must be able to go along.
#[tokio::test]
async fn use_cases_can_be_awaited_on_any_thread() {
    fn moves<T: Send>(future: T) {
        drop(future);
    }
    let (rig, ada) = Rig::set_up().await;
    let (admin, id) = (&rig.admin, SessionId::from_uuid(Uuid::from_u128(1)));
    let desk = admin.administrator(&ada).unwrap();
    moves(desk.create_connection(settings("a"), None));
    moves(desk.update_connection("a", 1, settings("a"), SecretChange::Keep));
    moves(desk.delete_connection("a", 1));
    moves(desk.create_person(new_person("bob", &[], &[])));
    moves(desk.set_roles_and_groups(ada.person, &[], &[]));
    moves(desk.set_disabled(ada.person, true));
    let password = secret("x");
    moves(desk.reset_password(ada.person, &password));
    let desk = admin.auditor(&ada).unwrap();
    moves(desk.overview());
    moves(desk.session(id, None));
    moves(desk.sessions(&SessionFilter::default(), None, 1));
    moves(desk.events(None));
    moves(desk.verify());
    let desk = admin.user(&ada);
    moves(desk.issue_token(NewToken {
        label: String::new(),
        scope: None,
        lifetime_seconds: 0,
        max_uses: None,
    }));
    moves(desk.change_my_password(&password, &password, None));
    moves(desk.my_session(id, None));
    moves(admin.sign_in_local("a", "b", PEER));
    moves(admin.create_first_administrator("t", form("a", "b"), PEER));
    let (issuer, subject, login) = (String::new(), String::new(), String::new());
    let (display_name, email, groups, roles) = (String::new(), None, vec![], vec![]);
    let identity = OidcIdentity { issuer, subject, login, display_name, email, groups, roles };
    moves(admin.sign_in_oidc(identity, PEER));
    moves(admin.issue_setup_link());
    moves(admin.resume(ada.person, PEER));
    moves(admin.pulse());
    assert!(!admin.needs_setup().await.unwrap());
}
