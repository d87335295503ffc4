//! People: local accounts and OpenID Connect identities, their roles, locks and last sign-in.
//!
//! Password hashes leave this module only inside a [`LocalAccount`], for the one use case that checks them.
//! Audit rows, authorisation and password rules are not here: see `countersign-admin`.

use countersign_model::{
    PersonId, Timestamp,
    person::{Origin, Person, Role},
};
use sqlx::{PgConnection, Row as _, postgres::PgRow, types::time::OffsetDateTime};
use uuid::Uuid;

use crate::{
    error::StoreError,
    moment::{from_db, to_db},
};

/// Most people a list returns. An installation with more needs a directory, not this page.
pub const LIST_MAX: i64 = 2_000;

/// A person about to be written.
#[derive(Debug)]
pub struct NewPerson<'a> {
    pub id: PersonId,
    pub login: &'a str,
    pub display_name: &'a str,
    pub email: Option<&'a str>,
    pub origin: &'a Origin,
    /// PHC string; only for [`Origin::Local`].
    pub password_hash: Option<&'a str>,
    pub roles: &'a [Role],
    pub groups: &'a [String],
    pub created_at: Timestamp,
}

/// What an issuer says of a known person at sign-in.
#[derive(Debug)]
pub struct IdentityUpdate<'a> {
    pub display_name: &'a str,
    pub email: Option<&'a str>,
    pub roles: &'a [Role],
    pub groups: &'a [String],
    pub seen_at: Timestamp,
}

/// A local account with what its password is checked against.
pub struct LocalAccount {
    pub person: Person,
    /// PHC string; `None`: no password was ever set.
    pub password_hash: Option<String>,
}

/// Whether a person could be written.
#[derive(Debug, PartialEq, Eq)]
pub enum Inserted {
    Done,
    /// Somebody has this login, however it is written.
    LoginTaken,
    /// Somebody has this issuer and subject.
    IdentityTaken,
}

/// What came of asking to try a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attempt {
    /// Counted as failed already; [`sign_in_succeeded`] takes it back.
    Allowed {
        /// Set when this attempt is the last one: locked until then, unless it succeeds.
        locks_until: Option<Timestamp>,
    },
    /// Locked until then.
    Locked(Timestamp),
}

/// One person.
pub async fn by_id(conn: &mut PgConnection, id: PersonId) -> Result<Option<Person>, StoreError> {
    let row = sqlx::query("SELECT * FROM person WHERE id = $1").bind(id.uuid()).fetch_optional(conn).await?;
    row.as_ref().map(person).transpose()
}

/// The local account with this login, upper and lower case alike.
pub async fn local_by_login(
    conn: &mut PgConnection,
    login: &str,
) -> Result<Option<LocalAccount>, StoreError> {
    let row = sqlx::query("SELECT * FROM person WHERE lower(login) = lower($1) AND issuer IS NULL")
        .bind(login)
        .fetch_optional(conn)
        .await?;
    row.as_ref().map(local_account).transpose()
}

/// The local account with this id.
pub async fn local_by_id(conn: &mut PgConnection, id: PersonId) -> Result<Option<LocalAccount>, StoreError> {
    let row = sqlx::query("SELECT * FROM person WHERE id = $1 AND issuer IS NULL")
        .bind(id.uuid())
        .fetch_optional(conn)
        .await?;
    row.as_ref().map(local_account).transpose()
}

/// The person an issuer knows by this subject. The same subject of another issuer is somebody else.
pub async fn by_identity(
    conn: &mut PgConnection,
    issuer: &str,
    subject: &str,
) -> Result<Option<Person>, StoreError> {
    let row = sqlx::query("SELECT * FROM person WHERE issuer = $1 AND subject = $2")
        .bind(issuer)
        .bind(subject)
        .fetch_optional(conn)
        .await?;
    row.as_ref().map(person).transpose()
}

/// Everyone, by login; at most [`LIST_MAX`].
pub async fn all(conn: &mut PgConnection) -> Result<Vec<Person>, StoreError> {
    let rows = sqlx::query("SELECT * FROM person ORDER BY lower(login) LIMIT $1")
        .bind(LIST_MAX)
        .fetch_all(conn)
        .await?;
    rows.iter().map(person).collect()
}

/// Whether an enabled administrator exists.
pub async fn has_admin(conn: &mut PgConnection) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM person WHERE 'admin' = ANY (roles) AND disabled_at IS NULL)",
    )
    .fetch_one(conn)
    .await?)
}

/// Locks the rows of all enabled administrators until the transaction ends and names them, so that two
/// changes at once cannot each remove "the other one".
pub async fn lock_admins(conn: &mut PgConnection) -> Result<Vec<PersonId>, StoreError> {
    let ids: Vec<Uuid> = sqlx::query_scalar(
        "SELECT id FROM person WHERE 'admin' = ANY (roles) AND disabled_at IS NULL ORDER BY id FOR UPDATE",
    )
    .fetch_all(conn)
    .await?;
    Ok(ids.into_iter().map(PersonId::from_uuid).collect())
}

/// Writes a person, or says which name is taken.
pub async fn insert(conn: &mut PgConnection, new: &NewPerson<'_>) -> Result<Inserted, StoreError> {
    let (issuer, subject) = match new.origin {
        Origin::Local => (None, None),
        Origin::Oidc { issuer, subject } => (Some(issuer.as_str()), Some(subject.as_str())),
    };
    let written = sqlx::query(
        "INSERT INTO person (id, login, display_name, email, issuer, subject, password_hash, roles, groups, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         ON CONFLICT DO NOTHING",
    )
    .bind(new.id.uuid())
    .bind(new.login)
    .bind(new.display_name)
    .bind(new.email)
    .bind(issuer)
    .bind(subject)
    .bind(new.password_hash)
    .bind(role_names(new.roles))
    .bind(new.groups)
    .bind(to_db(new.created_at))
    .execute(&mut *conn)
    .await?;
    if written.rows_affected() == 1 {
        return Ok(Inserted::Done);
    }
    // ON CONFLICT keeps the caller's transaction usable, and does not say which constraint it was.
    let same_identity = match (issuer, subject) {
        (Some(issuer), Some(subject)) => by_identity(conn, issuer, subject).await?.is_some(),
        _ => false,
    };
    Ok(if same_identity { Inserted::IdentityTaken } else { Inserted::LoginTaken })
}

/// Takes over what the issuer says now. The login stays: the record names people by it. `false`: no such person.
pub async fn update_identity(
    conn: &mut PgConnection,
    id: PersonId,
    update: &IdentityUpdate<'_>,
) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "UPDATE person
         SET display_name = $2, email = $3, roles = $4, groups = $5, last_seen_at = $6
         WHERE id = $1 AND issuer IS NOT NULL",
    )
    .bind(id.uuid())
    .bind(update.display_name)
    .bind(update.email)
    .bind(role_names(update.roles))
    .bind(update.groups)
    .bind(to_db(update.seen_at))
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Sets roles and groups. `false`: no such person.
pub async fn set_roles_and_groups(
    conn: &mut PgConnection,
    id: PersonId,
    roles: &[Role],
    groups: &[String],
) -> Result<bool, StoreError> {
    let done = sqlx::query("UPDATE person SET roles = $2, groups = $3 WHERE id = $1")
        .bind(id.uuid())
        .bind(role_names(roles))
        .bind(groups)
        .execute(conn)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Disables from the given moment on, or enables with `None`. `false`: no such person.
pub async fn set_disabled(
    conn: &mut PgConnection,
    id: PersonId,
    since: Option<Timestamp>,
) -> Result<bool, StoreError> {
    let done = sqlx::query("UPDATE person SET disabled_at = $2 WHERE id = $1")
        .bind(id.uuid())
        .bind(since.map(to_db))
        .execute(conn)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Sets a local account's password and lifts its lock. `false`: no such local account.
pub async fn set_password(conn: &mut PgConnection, id: PersonId, hash: &str) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "UPDATE person
         SET password_hash = $2, failed_sign_ins = 0, locked_until = NULL
         WHERE id = $1 AND issuer IS NULL",
    )
    .bind(id.uuid())
    .bind(hash)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Asks to try a password (AC-7). The attempt counts as failed from here on, so attempts running at the same time
/// cannot outnumber the limit; `sign_in_succeeded` clears the count. A lock that has run out starts a new count.
///
/// `limit` attempts in a row lock until `until`.
pub async fn begin_attempt(
    conn: &mut PgConnection,
    id: PersonId,
    now: Timestamp,
    limit: u32,
    until: Timestamp,
) -> Result<Attempt, StoreError> {
    let limit = i32::try_from(limit).unwrap_or(i32::MAX).max(1);
    let counted: Option<Option<OffsetDateTime>> = sqlx::query_scalar(
        "UPDATE person
         SET failed_sign_ins = CASE WHEN locked_until IS NULL THEN failed_sign_ins + 1 ELSE 1 END,
             locked_until = CASE WHEN CASE WHEN locked_until IS NULL THEN failed_sign_ins + 1 ELSE 1 END >= $3
                                 THEN $4 END
         WHERE id = $1 AND (locked_until IS NULL OR locked_until <= $2)
         RETURNING locked_until",
    )
    .bind(id.uuid())
    .bind(to_db(now))
    .bind(limit)
    .bind(to_db(until))
    .fetch_optional(&mut *conn)
    .await?;
    if let Some(locks) = counted {
        return Ok(Attempt::Allowed { locks_until: locks.map(from_db) });
    }
    let locked: Option<Option<OffsetDateTime>> =
        sqlx::query_scalar("SELECT locked_until FROM person WHERE id = $1")
            .bind(id.uuid())
            .fetch_optional(conn)
            .await?;
    Ok(Attempt::Locked(locked.flatten().map_or(until, from_db)))
}

/// Clears the failure count and marks the person as seen.
pub async fn sign_in_succeeded(
    conn: &mut PgConnection,
    id: PersonId,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE person SET failed_sign_ins = 0, locked_until = NULL, last_seen_at = $2 WHERE id = $1",
    )
    .bind(id.uuid())
    .bind(to_db(now))
    .execute(conn)
    .await?;
    Ok(())
}

/// Marks the person as seen, at most once a minute, so that reading pages does not write all the time.
pub async fn seen(conn: &mut PgConnection, id: PersonId, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE person SET last_seen_at = $2
         WHERE id = $1 AND (last_seen_at IS NULL OR last_seen_at < $2 - interval '1 minute')",
    )
    .bind(id.uuid())
    .bind(to_db(now))
    .execute(conn)
    .await?;
    Ok(())
}

fn role_names(roles: &[Role]) -> Vec<&'static str> {
    roles.iter().map(|role| role.name()).collect()
}

pub(crate) fn roles(row: &PgRow) -> Result<Vec<Role>, StoreError> {
    let names: Vec<String> = row.try_get("roles")?;
    let known = names.iter().map(|name| name.parse()).collect::<Result<Vec<Role>, ()>>();
    known.map_err(|()| StoreError::Corrupt("person.roles"))
}

fn person(row: &PgRow) -> Result<Person, StoreError> {
    let issuer: Option<String> = row.try_get("issuer")?;
    let subject: Option<String> = row.try_get("subject")?;
    let moment = |column| -> Result<Option<Timestamp>, StoreError> {
        Ok(row.try_get::<Option<OffsetDateTime>, _>(column)?.map(from_db))
    };
    Ok(Person {
        id: PersonId::from_uuid(row.try_get("id")?),
        login: row.try_get("login")?,
        display_name: row.try_get("display_name")?,
        email: row.try_get("email")?,
        origin: match (issuer, subject) {
            (Some(issuer), Some(subject)) => Origin::Oidc { issuer, subject },
            _ => Origin::Local,
        },
        roles: roles(row)?,
        groups: row.try_get("groups")?,
        disabled: moment("disabled_at")?.is_some(),
        created_at: from_db(row.try_get("created_at")?),
        last_seen_at: moment("last_seen_at")?,
        locked_until: moment("locked_until")?,
    })
}

fn local_account(row: &PgRow) -> Result<LocalAccount, StoreError> {
    Ok(LocalAccount { person: person(row)?, password_hash: row.try_get("password_hash")? })
}
