//! Connections: made, changed, removed. Secrets go in and never come out.

use countersign_model::{
    ConnectionId, Secret,
    analyzer::AnalyzerSettings,
    connection::{Connection, ConnectionSettings, CredentialKind, Recording, Uninspected},
    form::FieldError,
};
use countersign_store::connections::{self, Saved, SealedChange};

use super::{
    Administrator, SecretChange,
    connection_rules::{check, is_name},
};
use crate::{AdminError, record::Fact};

const NAME_TAKEN: &str = "There is already a connection with this name.";

impl Administrator<'_> {
    /// All connections, by name.
    pub async fn connections(&self) -> Result<Vec<Connection>, AdminError> {
        let mut conn = self.admin.conn().await?;
        connections::all(&mut conn).await.map_err(|error| self.admin.fault(error))
    }

    /// One connection.
    pub async fn connection(&self, name: &str) -> Result<Option<Connection>, AdminError> {
        if !is_name(name) {
            return Ok(None);
        }
        let mut conn = self.admin.conn().await?;
        connections::by_name(&mut conn, name).await.map_err(|error| self.admin.fault(error))
    }

    /// What would be refused of these settings, without changing anything: for a form that has other faults already.
    /// `name`: the connection they are for, `None` for a new one.
    pub async fn complaints(
        &self,
        name: Option<&str>,
        settings: &ConnectionSettings,
        secret: &SecretChange,
    ) -> Result<Vec<FieldError>, AdminError> {
        let old = match name {
            Some(name) => Some(self.connection(name).await?.ok_or(AdminError::NotFound)?),
            None => None,
        };
        let before = old.as_ref().map(|old| (&old.settings, old.has_secret));
        let mut errors = match check(settings.clone(), secret, before, &self.own_names().await?) {
            Ok(_) => Vec::new(),
            Err(AdminError::Invalid(errors)) => errors,
            Err(other) => return Err(other),
        };
        let wanted = settings.name.trim();
        let is_own = old.is_some_and(|old| old.settings.name == wanted);
        if !is_own && self.connection(wanted).await?.is_some() {
            errors.push(FieldError::new("name", NAME_TAKEN));
        }
        Ok(errors)
    }

    /// Makes a connection; the secret is sealed before it leaves the process.
    pub async fn create_connection(
        &self,
        settings: ConnectionSettings,
        secret: Option<Secret<String>>,
    ) -> Result<Connection, AdminError> {
        let secret = secret.map_or(SecretChange::Keep, SecretChange::Set);
        let errors = self.complaints(None, &settings, &secret).await?;
        if !errors.is_empty() {
            return Err(AdminError::Invalid(errors));
        }
        let settings = check(settings, &secret, None, &self.own_names().await?)?;
        let id = ConnectionId::from_uuid(self.admin.mint.uuid(self.admin.now()));
        let sealed = self.seal(id, &secret)?;
        let fact = describe(Fact::by(&self.actor, "connection.created", settings.name.as_str()), &settings)
            .with("id", id.to_string())
            .with("secret", if sealed.is_some() { "set" } else { "none" });
        self.admin
            .change(fact, async {
                let mut conn = self.admin.conn().await?;
                let saved =
                    connections::insert(&mut conn, id, &settings, sealed.as_deref(), self.admin.now())
                        .await
                        .map_err(|error| self.admin.fault(error))?;
                outcome(saved)
            })
            .await
    }

    /// Changes a connection that still is in `version`; [`AdminError::Stale`] when somebody was faster.
    pub async fn update_connection(
        &self,
        name: &str,
        version: i64,
        settings: ConnectionSettings,
        secret: SecretChange,
    ) -> Result<Connection, AdminError> {
        let old = self.connection(name).await?.ok_or(AdminError::NotFound)?;
        if old.version != version {
            return Err(AdminError::Stale);
        }
        let before = Some((&old.settings, old.has_secret));
        let settings = check(settings, &secret, before, &self.own_names().await?)?;
        if settings.name != old.settings.name && self.connection(&settings.name).await?.is_some() {
            return Err(AdminError::field("name", NAME_TAKEN));
        }
        // A credential that is no longer sent is no longer kept.
        let secret = match settings.credential {
            CredentialKind::None => SecretChange::Remove,
            CredentialKind::Bearer | CredentialKind::Header { .. } => secret,
        };
        let sealed = self.seal(old.id, &secret)?;
        let change = match (&secret, &sealed) {
            (SecretChange::Set(_), Some(sealed)) => SealedChange::Set(sealed),
            (SecretChange::Keep, _) => SealedChange::Keep,
            _ => SealedChange::Remove,
        };
        let fact = compare(
            Fact::by(&self.actor, "connection.updated", old.settings.name.as_str())
                .with("id", old.id.to_string())
                .with("version", version.to_string()),
            &old.settings,
            &settings,
        );
        let fact = match &secret {
            SecretChange::Set(_) => fact.with("secret", "replaced"),
            SecretChange::Remove if old.has_secret => fact.with("secret", "removed"),
            SecretChange::Remove | SecretChange::Keep => fact,
        };
        self.admin
            .change(fact, async {
                let mut conn = self.admin.conn().await?;
                let saved =
                    connections::update(&mut conn, old.id, version, &settings, change, self.admin.now())
                        .await
                        .map_err(|error| self.admin.fault(error))?;
                outcome(saved)
            })
            .await
    }

    /// Removes a connection that still is in `version`, and its secret with it.
    pub async fn delete_connection(&self, name: &str, version: i64) -> Result<(), AdminError> {
        let old = self.connection(name).await?.ok_or(AdminError::NotFound)?;
        if old.version != version {
            return Err(AdminError::Stale);
        }
        let fact = describe(Fact::by(&self.actor, "connection.deleted", name), &old.settings)
            .with("id", old.id.to_string())
            .with("version", version.to_string());
        self.admin
            .change(fact, async {
                let mut conn = self.admin.conn().await?;
                let gone = connections::delete(&mut conn, old.id, version)
                    .await
                    .map_err(|error| self.admin.fault(error))?;
                if gone { Ok(()) } else { Err(AdminError::Stale) }
            })
            .await
    }

    /// Names of the administrators' own patterns and dictionaries, which exceptions may be about.
    async fn own_names(&self) -> Result<Vec<String>, AdminError> {
        Ok(self.own_entities().await?.into_iter().map(|entity| entity.name).collect())
    }

    fn seal(&self, id: ConnectionId, secret: &SecretChange) -> Result<Option<Vec<u8>>, AdminError> {
        let SecretChange::Set(secret) = secret else { return Ok(None) };
        connections::seal_secret(&self.admin.master, id, secret, self.admin.mint.as_ref())
            .map(Some)
            .map_err(|error| self.admin.fault(error))
    }
}

fn outcome(saved: Saved) -> Result<Connection, AdminError> {
    match saved {
        Saved::Done(connection) => Ok(*connection),
        Saved::NameTaken => Err(AdminError::field("name", NAME_TAKEN)),
        Saved::Stale => Err(AdminError::Stale),
    }
}

/// Every setting by name, as one short text each: what a ledger row says of a connection.
fn values(settings: &ConnectionSettings) -> [(&'static str, String); 17] {
    let limits = &settings.limits;
    let credential = match &settings.credential {
        CredentialKind::None => "none".to_owned(),
        CredentialKind::Bearer => "bearer".to_owned(),
        CredentialKind::Header { name } => format!("header {name}"),
    };
    let recording = match settings.recording {
        Recording::MaskedText => "masked_text",
        Recording::MetadataOnly => "metadata_only",
    };
    let uninspected = match settings.uninspected {
        Uninspected::Refuse => "refuse",
        Uninspected::Pass => "pass",
    };
    [
        ("name", settings.name.clone()),
        ("description", settings.description.clone()),
        ("base_url", settings.base_url.clone()),
        ("credential", credential),
        ("groups", settings.groups.join(", ")),
        ("connect_ms", limits.connect_ms.to_string()),
        ("first_byte_ms", limits.first_byte_ms.to_string()),
        ("idle_ms", limits.idle_ms.to_string()),
        ("request_bytes", limits.request_bytes.to_string()),
        ("response_bytes", limits.response_bytes.to_string()),
        ("recording", recording.to_owned()),
        ("mask_prompt", settings.masking.prompt.to_string()),
        ("mask_response", settings.masking.response.to_string()),
        ("actions", settings.masking.actions.lines().join("; ")),
        ("uninspected", uninspected.to_owned()),
        ("analyzer", settings.analyzer.as_ref().map_or_else(|| "none".to_owned(), AnalyzerSettings::line)),
        ("enabled", settings.enabled.to_string()),
    ]
}

fn describe(fact: Fact, settings: &ConnectionSettings) -> Fact {
    values(settings).into_iter().fold(fact, |fact, (name, value)| fact.with(name, value))
}

fn compare(fact: Fact, old: &ConnectionSettings, new: &ConnectionSettings) -> Fact {
    values(old)
        .into_iter()
        .zip(values(new))
        .fold(fact, |fact, ((name, old), (_, new))| fact.changed(name, old, new))
}
