use countersign_admin::{AdminError, SecretChange};
use countersign_model::{
    action::Action,
    connection::{ConnectionSettings, CredentialKind, Limits, Masking, Recording, Uninspected},
    person::Role,
};
use countersign_store::{connections, testing::master_key};

use crate::{Rig, fields, secret};

pub(crate) fn settings(name: &str) -> ConnectionSettings {
    ConnectionSettings {
        name: name.into(),
        description: String::new(),
        base_url: "http://10.0.0.5:8000/v1".into(),
        credential: CredentialKind::Bearer,
        groups: vec!["ml".into()],
        limits: Limits::default(),
        recording: Recording::MaskedText,
        masking: Masking::default(),
        uninspected: Uninspected::Refuse,
        analyzer: None,
        enabled: true,
    }
}

#[tokio::test]
async fn the_secret_goes_in_sealed_and_never_comes_out() {
    let (rig, ada) = Rig::set_up().await;
    let desk = rig.admin.administrator(&ada).unwrap();
    let made = desk.create_connection(settings("llama"), Some(secret("sk-upstream-1"))).await.unwrap();
    assert!(made.has_secret);
    let changed = desk
        .update_connection("llama", 1, settings("llama"), SecretChange::Set(secret("sk-upstream-2")))
        .await
        .unwrap();
    assert_eq!(changed.version, 2);
    let mut conn = rig.database.pages().acquire().await.unwrap();
    let stored = connections::with_secret(&mut conn, "llama").await.unwrap().unwrap().secret.unwrap();
    assert!(!String::from_utf8_lossy(&stored).contains("sk-upstream"));
    let opened = connections::open_secret(&master_key(), made.id, &stored).unwrap();
    assert_eq!(opened.expose(), "sk-upstream-2");
    let change = SecretChange::Set(secret("sk-upstream-3"));
    let told =
        format!("{:?} {made:?} {change:?} {}", rig.events().await, serde_json::to_string(&changed).unwrap());
    assert!(!told.contains("sk-upstream"), "{told}");
    // Kept when nothing is said of it; gone when no credential is sent any more.
    desk.update_connection("llama", 2, settings("llama"), SecretChange::Keep).await.unwrap();
    let open = ConnectionSettings { credential: CredentialKind::None, ..settings("llama") };
    let open = desk.update_connection("llama", 3, open, SecretChange::Keep).await.unwrap();
    assert!(!open.has_secret);
}

#[tokio::test]
async fn the_row_says_what_was_changed_and_comes_first() {
    let (mut rig, ada) = Rig::set_up().await;
    let skip = rig.names(0).await.len();
    let desk = rig.admin.administrator(&ada).unwrap();
    desk.create_connection(settings("llama"), Some(secret("sk-upstream"))).await.unwrap();
    let limits = Limits { connect_ms: 7_000, ..Limits::default() };
    let mut masking = Masking::default();
    masking.actions.tool_result = Action::Redact;
    let new = ConnectionSettings { groups: vec!["*".into()], limits, masking, ..settings("renamed") };
    desk.update_connection("llama", 1, new, SecretChange::Keep).await.unwrap();
    desk.delete_connection("renamed", 2).await.unwrap();
    let events = rig.events().await.split_off(skip);
    let names: Vec<_> = events.iter().map(|(_, facts)| facts.event.as_str()).collect();
    assert_eq!(names, ["connection.created", "connection.updated", "connection.deleted"]);
    let (_, facts) = &events[1];
    let detail: Vec<_> = facts.detail.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    assert_eq!(
        detail[2..],
        [
            "name: llama → renamed",
            "groups: ml → *",
            "connect_ms: 5000 → 7000",
            "actions: prompt label; response label; tool_arguments label; tool_result label → prompt label; \
             response label; tool_arguments label; tool_result redact",
        ],
        "only what differs"
    );
    assert_eq!((facts.actor.as_str(), facts.subject.as_str()), ("ada", "llama"));
    rig.stop_the_ledger().await;
    let desk = rig.admin.administrator(&ada).unwrap();
    let made = desk.create_connection(settings("unrecorded"), Some(secret("sk-upstream"))).await;
    assert_eq!(made.unwrap_err(), AdminError::AuditUnavailable);
    assert_eq!(desk.connection("unrecorded").await.unwrap(), None);
}

#[tokio::test]
async fn who_is_late_is_told_so() {
    let (rig, ada) = Rig::set_up().await;
    let desk = rig.admin.administrator(&ada).unwrap();
    desk.create_connection(settings("llama"), Some(secret("sk-upstream"))).await.unwrap();
    desk.create_connection(settings("other"), Some(secret("sk-upstream"))).await.unwrap();
    let (one, two) = tokio::join!(
        desk.update_connection("llama", 1, settings("llama"), SecretChange::Keep),
        desk.update_connection("llama", 1, settings("llama"), SecretChange::Keep),
    );
    assert!(one.is_ok() != two.is_ok());
    assert_eq!(one.err().or(two.err()), Some(AdminError::Stale));
    assert_eq!(desk.delete_connection("llama", 1).await.unwrap_err(), AdminError::Stale);
    let taken = desk.update_connection("llama", 2, settings("other"), SecretChange::Keep).await;
    assert_eq!(fields(taken), ["name"]);
    assert_eq!(
        fields(desk.create_connection(settings("llama"), Some(secret("sk-upstream"))).await),
        ["name"]
    );
    let bad = ConnectionSettings { base_url: "ftp://x".into(), ..settings("Bad Name") };
    assert_eq!(fields(desk.create_connection(bad, Some(secret("sk-upstream"))).await), ["name", "base_url"]);
    let gone = desk.update_connection("nope", 1, settings("nope"), SecretChange::Keep).await;
    assert_eq!(gone.unwrap_err(), AdminError::NotFound);
    assert_eq!(desk.delete_connection("nope", 1).await.unwrap_err(), AdminError::NotFound);
    assert_eq!(desk.connections().await.unwrap().len(), 2);
    assert_eq!(desk.connection("llama\0").await.unwrap(), None);
}

#[tokio::test]
async fn people_see_what_is_granted_to_them_and_not_where_it_leads() {
    let (rig, ada) = Rig::set_up().await;
    let desk = rig.admin.administrator(&ada).unwrap();
    for (name, groups, enabled) in [
        ("for-ml", vec!["ml"], true),
        ("for-all", vec!["*"], true),
        ("off", vec!["*"], false),
        ("nobody", vec![], true),
    ] {
        let groups = groups.into_iter().map(str::to_owned).collect();
        let new = ConnectionSettings { groups, enabled, ..settings(name) };
        desk.create_connection(new, Some(secret("sk-upstream"))).await.unwrap();
    }
    let bob = rig.person(&ada, "bob", &[Role::User], &["ml"]).await;
    let eve = rig.person(&ada, "eve", &[Role::User], &["sales"]).await;
    let names = |all: &[countersign_model::connection::Granted]| {
        all.iter().map(|connection| connection.name.clone()).collect::<Vec<_>>()
    };
    let sample = settings("x").base_url;
    let his = rig.admin.user(&bob).my_connections(Some(&sample)).await.unwrap();
    assert_eq!(names(&his), ["for-all", "for-ml"]);
    assert!(his.iter().all(|connection| connection.is_sample));
    assert!(!format!("{his:?}").contains(&sample), "where it leads is for administrators");
    let hers = rig.admin.user(&eve).my_connections(Some("http://elsewhere.example")).await.unwrap();
    assert_eq!(names(&hers), ["for-all"]);
    assert!(!hers[0].is_sample);
}
