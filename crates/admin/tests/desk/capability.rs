use countersign_admin::AdminError;
use countersign_model::{person::Role, token::NewToken};

use crate::Rig;

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
