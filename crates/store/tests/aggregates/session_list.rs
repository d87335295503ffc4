//! The session list over 100,000 sessions: every filter, every page, by index.

use countersign_model::exchange::{End, SessionSummary};
use countersign_store::{
    PgConnection,
    sessions::{self, SessionQuery},
};

use crate::{NOW, fresh, person_id};

const SESSIONS: i32 = 100_000;

/// Skewed like the real thing: a few busy callers and connections, common and rare entities and ends.
async fn seed(conn: &mut PgConnection) {
    sqlx::query(
        r#"INSERT INTO session (id, started_at, last_at, person_id, caller, connection_name, model, exchanges, refused,
                              findings, entities, ends, entity_names, end_names, last_exchange, last_end, preview)
         SELECT lpad(to_hex(n), 32, '0')::uuid, at, at,
                lpad(to_hex(n % 500), 32, '0')::uuid, 'person-' || n % 500 || '@example.org',
                'model-' || n % 20, 'llama', 3, 0, 1, '{"EMAIL_ADDRESS": 1}', '{"completed": 3}',
                CASE WHEN n % 1000 = 7 THEN ARRAY['US_SSN'] WHEN n % 2 = 0 THEN ARRAY['EMAIL_ADDRESS'] ELSE '{}' END,
                CASE WHEN n % 2000 = 9 THEN ARRAY['failed'] ELSE ARRAY['completed'] END,
                gen_random_uuid(), 'completed', 'hello'
         FROM generate_series(1, $1) AS n, LATERAL (SELECT to_timestamp(1764000000 - n) AS at) moments"#,
    )
    .bind(SESSIONS)
    .execute(&mut *conn)
    .await
    .unwrap();
    sqlx::query("ANALYZE session").execute(conn).await.unwrap();
}

/// Runs the page and holds its plan: no sequential scan, and few buffers.
async fn page(conn: &mut PgConnection, name: &str, query: &SessionQuery) -> Vec<SessionSummary> {
    let plan = sessions::explain(conn, query, 51).await.unwrap();
    assert!(!plan.contains("Seq Scan"), "{name}:\n{plan}");
    assert!(plan.contains("Index"), "{name}:\n{plan}");
    let begun = std::time::Instant::now();
    let rows = sessions::page(conn, query, 51).await.unwrap();
    eprintln!("{name}: {} rows in {:?}", rows.len(), begun.elapsed());
    assert!(rows.is_sorted_by(|a, b| (a.last_at, a.id) > (b.last_at, b.id)), "{name}");
    rows
}

#[tokio::test]
async fn every_filter_goes_by_an_index_and_finds_what_it_should() {
    let database = fresh().await;
    let mut conn = database.pages().acquire().await.unwrap();
    seed(&mut conn).await;
    let conn = &mut *conn;
    let all = SessionQuery::default();
    let first = page(conn, "first page", &all).await;
    assert_eq!(first.len(), 51);
    let last = first.last().unwrap();
    let second = SessionQuery { after: Some((last.last_at, last.id)), ..all.clone() };
    let second = page(conn, "second page", &second).await;
    assert!((second[0].last_at, second[0].id) < (last.last_at, last.id));

    let deep = SessionQuery { until: Some(NOW.plus_seconds(-90_000)), ..all.clone() };
    assert_eq!(page(conn, "until", &deep).await.len(), 51);
    let recent = SessionQuery { since: Some(NOW.plus_seconds(-10)), ..all.clone() };
    assert_eq!(page(conn, "since", &recent).await.len(), 9);

    let one = SessionQuery { connection: Some("model-3".into()), ..all.clone() };
    assert!(page(conn, "connection", &one).await.iter().all(|row| row.connection_name == "model-3"));
    let none = SessionQuery { connection: Some("model".into()), ..all.clone() };
    assert!(page(conn, "no such connection", &none).await.is_empty());

    let mine = SessionQuery { person: Some(person_id(7)), ..all.clone() };
    assert!(page(conn, "person", &mine).await.iter().all(|row| row.person == Some(person_id(7))));

    let caller = SessionQuery { caller: Some("SON-42@".into()), ..all.clone() };
    let found = page(conn, "caller", &caller).await;
    assert!(found.len() == 51 && found.iter().all(|row| row.caller == "person-42@example.org"));
    let nobody = SessionQuery { caller: Some("person_42".into()), ..all.clone() };
    assert!(page(conn, "caller with a LIKE sign", &nobody).await.is_empty());
    let common = SessionQuery { caller: Some("example".into()), ..all.clone() };
    assert_eq!(page(conn, "common caller", &common).await.len(), 51);

    let rare = SessionQuery { entity: Some("US_SSN".into()), ..all.clone() };
    assert_eq!(page(conn, "rare entity", &rare).await.len(), 51);
    let usual = SessionQuery { entity: Some("EMAIL_ADDRESS".into()), ..all.clone() };
    assert_eq!(page(conn, "common entity", &usual).await.len(), 51);
    let absent = SessionQuery { entity: Some("IBAN_CODE".into()), ..all.clone() };
    assert!(page(conn, "absent entity", &absent).await.is_empty());
    let failed = SessionQuery { end: Some(End::Failed), ..all.clone() };
    assert_eq!(page(conn, "rare end", &failed).await.len(), 50);

    let many = SessionQuery {
        caller: Some("person-4".into()),
        connection: Some("model-4".into()),
        entity: Some("EMAIL_ADDRESS".into()),
        end: Some(End::Completed),
        since: Some(NOW.plus_seconds(-80_000)),
        until: Some(NOW.plus_seconds(-20_000)),
        ..all
    };
    let found = page(conn, "all at once", &many).await;
    assert!(found.len() == 51 && found.iter().all(|row| row.caller.starts_with("person-4")));
}
