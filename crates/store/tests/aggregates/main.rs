//! Every statement of the aggregates against a real database: hit, miss, and somebody else's.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test fails by panicking and tells what it measured"
)]

mod connections;
mod notify;
mod people;
mod projection;
mod session_list;
mod setup;
mod tokens;
mod web_sessions;

use countersign_model::{
    PersonId, Timestamp,
    person::{Origin, Role},
};
use countersign_store::{
    Database, PgConnection,
    people::{Inserted, NewPerson, insert},
    testing::TestDatabase,
};
use uuid::Uuid;

/// A moment with whole microseconds, as Postgres keeps them.
const NOW: Timestamp = Timestamp(1_764_000_000_123_456_000);

async fn fresh() -> Database {
    TestDatabase::fresh().await.database
}

fn person_id(n: u128) -> PersonId {
    PersonId::from_uuid(Uuid::from_u128(n))
}

/// A local account with this number and login.
async fn local(conn: &mut PgConnection, n: u128, login: &str, roles: &[Role]) -> PersonId {
    let id = person_id(n);
    let new = NewPerson {
        id,
        login,
        display_name: login,
        email: None,
        origin: &Origin::Local,
        password_hash: Some("$argon2id$…"),
        roles,
        groups: &["staff".to_owned()],
        created_at: NOW,
    };
    assert_eq!(insert(conn, &new).await.unwrap(), Inserted::Done);
    id
}
