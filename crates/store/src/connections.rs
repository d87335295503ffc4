//! Connections: model endpoints with their settings, and their sealed credentials.
//!
//! The secret comes in and goes out sealed; this module cannot open it. Pages get a [`Connection`], which
//! has no room for it; only the data path asks for [`all_with_secrets`].

use countersign_model::{
    ConnectionId, Mint, Secret, Timestamp,
    action::Actions,
    analyzer::AnalyzerSettings,
    connection::{Connection, ConnectionSettings, CredentialKind, Limits, Masking, Recording, Uninspected},
};
use sqlx::{PgConnection, Row as _, postgres::PgRow, types::Json};

use crate::{
    error::StoreError,
    moment::{from_db, to_db},
    seal::{MasterKey, Place, SealError},
};

/// Most connections a list returns.
pub const LIST_MAX: i64 = 2_000;

/// What happens to the stored secret in an update.
#[derive(Debug, Clone, Copy)]
pub enum SealedChange<'a> {
    Keep,
    Remove,
    /// The new sealed envelope.
    Set(&'a [u8]),
}

/// Whether a connection could be written.
#[derive(Debug, PartialEq)]
pub enum Saved {
    /// As it now stands.
    Done(Box<Connection>),
    /// Another connection has this name.
    NameTaken,
    /// Not there any more, or not in this version.
    Stale,
}

/// A connection with its sealed secret.
pub struct SealedConnection {
    pub connection: Connection,
    /// `None`: no secret is stored.
    pub secret: Option<Vec<u8>>,
}

/// Seals a secret for its place in the table: it opens for no other connection.
pub fn seal_secret(
    master: &MasterKey,
    id: ConnectionId,
    secret: &Secret<String>,
    mint: &dyn Mint,
) -> Result<Vec<u8>, SealError> {
    let row = id.uuid();
    master.seal(secret.expose().as_bytes(), secret_place(row.as_bytes()), mint)
}

/// Opens a connection's stored secret.
pub fn open_secret(master: &MasterKey, id: ConnectionId, sealed: &[u8]) -> Result<Secret<String>, SealError> {
    let row = id.uuid();
    let plain = master.open(sealed, secret_place(row.as_bytes()))?;
    let text = std::str::from_utf8(&plain).map_err(|_| SealError::Malformed)?;
    Ok(Secret::new(text.to_owned()))
}

const fn secret_place(row: &[u8; 16]) -> Place<'_> {
    Place { table: "connection", row, field: "secret" }
}

/// All, by name; at most [`LIST_MAX`].
pub async fn all(conn: &mut PgConnection) -> Result<Vec<Connection>, StoreError> {
    let rows =
        sqlx::query("SELECT * FROM connection ORDER BY name LIMIT $1").bind(LIST_MAX).fetch_all(conn).await?;
    rows.iter().map(connection).collect()
}

/// All, with their sealed secrets, for the data path's snapshot.
pub async fn all_with_secrets(conn: &mut PgConnection) -> Result<Vec<SealedConnection>, StoreError> {
    let rows =
        sqlx::query("SELECT * FROM connection ORDER BY name LIMIT $1").bind(LIST_MAX).fetch_all(conn).await?;
    rows.iter()
        .map(|row| Ok(SealedConnection { connection: connection(row)?, secret: row.try_get("secret")? }))
        .collect()
}

/// One, by name, with its sealed secret: for the connection test.
pub async fn with_secret(
    conn: &mut PgConnection,
    name: &str,
) -> Result<Option<SealedConnection>, StoreError> {
    let row = sqlx::query("SELECT * FROM connection WHERE name = $1").bind(name).fetch_optional(conn).await?;
    row.as_ref()
        .map(|row| Ok(SealedConnection { connection: connection(row)?, secret: row.try_get("secret")? }))
        .transpose()
}

/// One, by name.
pub async fn by_name(conn: &mut PgConnection, name: &str) -> Result<Option<Connection>, StoreError> {
    let row = sqlx::query("SELECT * FROM connection WHERE name = $1").bind(name).fetch_optional(conn).await?;
    row.as_ref().map(connection).transpose()
}

/// How many there are.
pub async fn count(conn: &mut PgConnection) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar("SELECT count(*) FROM connection").fetch_one(conn).await?)
}

/// Writes a new connection in version 1.
pub async fn insert(
    conn: &mut PgConnection,
    id: ConnectionId,
    settings: &ConnectionSettings,
    secret: Option<&[u8]>,
    now: Timestamp,
) -> Result<Saved, StoreError> {
    let (kind, header) = credential_columns(&settings.credential);
    let row = sqlx::query(
        "INSERT INTO connection (id, name, description, base_url, credential_kind, credential_header, secret, groups,
                                 limits, recording, mask_prompt, mask_response, uninspected, enabled, actions,
                                 analyzer, version, created_at, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 1, $17, $17)
         ON CONFLICT (name) DO NOTHING
         RETURNING *",
    )
    .bind(id.uuid())
    .bind(&settings.name)
    .bind(&settings.description)
    .bind(&settings.base_url)
    .bind(kind)
    .bind(header)
    .bind(secret)
    .bind(&settings.groups)
    .bind(Json(settings.limits))
    .bind(recording_name(settings.recording))
    .bind(settings.masking.prompt)
    .bind(settings.masking.response)
    .bind(uninspected_name(settings.uninspected))
    .bind(settings.enabled)
    .bind(Json(&settings.masking.actions))
    .bind(settings.analyzer.as_ref().map(Json))
    .bind(to_db(now))
    .fetch_optional(conn)
    .await?;
    row.as_ref().map_or(Ok(Saved::NameTaken), |row| Ok(Saved::Done(Box::new(connection(row)?))))
}

/// Changes a connection if it still is in `version`; it may get a new name.
pub async fn update(
    conn: &mut PgConnection,
    id: ConnectionId,
    version: i64,
    settings: &ConnectionSettings,
    secret: SealedChange<'_>,
    now: Timestamp,
) -> Result<Saved, StoreError> {
    let (kind, header) = credential_columns(&settings.credential);
    let (keep, sealed) = match secret {
        SealedChange::Keep => (true, None),
        SealedChange::Remove => (false, None),
        SealedChange::Set(sealed) => (false, Some(sealed)),
    };
    let row = sqlx::query(
        "UPDATE connection
         SET name = $3, description = $4, base_url = $5, credential_kind = $6, credential_header = $7,
             secret = CASE WHEN $8 THEN secret ELSE $9 END,
             groups = $10, limits = $11, recording = $12, mask_prompt = $13, mask_response = $14,
             uninspected = $15, enabled = $16, actions = $17, analyzer = $18,
             version = version + 1, updated_at = $19
         WHERE id = $1 AND version = $2
         RETURNING *",
    )
    .bind(id.uuid())
    .bind(version)
    .bind(&settings.name)
    .bind(&settings.description)
    .bind(&settings.base_url)
    .bind(kind)
    .bind(header)
    .bind(keep)
    .bind(sealed)
    .bind(&settings.groups)
    .bind(Json(settings.limits))
    .bind(recording_name(settings.recording))
    .bind(settings.masking.prompt)
    .bind(settings.masking.response)
    .bind(uninspected_name(settings.uninspected))
    .bind(settings.enabled)
    .bind(Json(&settings.masking.actions))
    .bind(settings.analyzer.as_ref().map(Json))
    .bind(to_db(now))
    .fetch_optional(conn)
    .await;
    match row {
        Ok(Some(row)) => Ok(Saved::Done(Box::new(connection(&row)?))),
        Ok(None) => Ok(Saved::Stale),
        Err(sqlx::Error::Database(error)) if error.constraint() == Some("connection_name_key") => {
            Ok(Saved::NameTaken)
        }
        Err(error) => Err(error.into()),
    }
}

/// Deletes a connection if it still is in `version`. `false`: it is not.
pub async fn delete(conn: &mut PgConnection, id: ConnectionId, version: i64) -> Result<bool, StoreError> {
    let done = sqlx::query("DELETE FROM connection WHERE id = $1 AND version = $2")
        .bind(id.uuid())
        .bind(version)
        .execute(conn)
        .await?;
    Ok(done.rows_affected() == 1)
}

fn credential_columns(credential: &CredentialKind) -> (&'static str, Option<&str>) {
    match credential {
        CredentialKind::None => ("none", None),
        CredentialKind::Bearer => ("bearer", None),
        CredentialKind::Header { name } => ("header", Some(name)),
    }
}

const fn recording_name(recording: Recording) -> &'static str {
    match recording {
        Recording::MaskedText => "masked_text",
        Recording::MetadataOnly => "metadata_only",
    }
}

const fn uninspected_name(uninspected: Uninspected) -> &'static str {
    match uninspected {
        Uninspected::Refuse => "refuse",
        Uninspected::Pass => "pass",
    }
}

fn connection(row: &PgRow) -> Result<Connection, StoreError> {
    let wrong = StoreError::Corrupt;
    let credential = match (row.try_get("credential_kind")?, row.try_get("credential_header")?) {
        ("none", None) => CredentialKind::None,
        ("bearer", None) => CredentialKind::Bearer,
        ("header", Some(name)) => CredentialKind::Header { name },
        _ => return Err(wrong("connection.credential_kind")),
    };
    let Json(limits): Json<Limits> = row.try_get("limits")?;
    let Json(actions): Json<Actions> = row.try_get("actions")?;
    let analyzer: Option<Json<AnalyzerSettings>> = row.try_get("analyzer")?;
    let settings = ConnectionSettings {
        name: row.try_get("name")?,
        description: row.try_get("description")?,
        base_url: row.try_get("base_url")?,
        credential,
        groups: row.try_get("groups")?,
        limits,
        recording: match row.try_get("recording")? {
            "masked_text" => Recording::MaskedText,
            "metadata_only" => Recording::MetadataOnly,
            _ => return Err(wrong("connection.recording")),
        },
        masking: Masking {
            prompt: row.try_get("mask_prompt")?,
            response: row.try_get("mask_response")?,
            actions,
        },
        uninspected: match row.try_get("uninspected")? {
            "refuse" => Uninspected::Refuse,
            "pass" => Uninspected::Pass,
            _ => return Err(wrong("connection.uninspected")),
        },
        analyzer: analyzer.map(|Json(analyzer)| analyzer),
        enabled: row.try_get("enabled")?,
    };
    Ok(Connection {
        id: ConnectionId::from_uuid(row.try_get("id")?),
        settings,
        version: row.try_get("version")?,
        has_secret: row.try_get::<Option<&[u8]>, _>("secret")?.is_some(),
        created_at: from_db(row.try_get("created_at")?),
        updated_at: from_db(row.try_get("updated_at")?),
    })
}
