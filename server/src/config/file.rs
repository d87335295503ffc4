//! The settings file, key by key.

use std::{
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
};

use serde::Deserialize;
use url::Url;

use super::{ConfigError, identity::Issuer};

/// The whole file. Every key has a default.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct File {
    /// Address and port to listen on.
    pub listen: SocketAddr,
    /// The address people and clients reach this server at. Default: `http://localhost:<port>`.
    pub public_url: Option<Url>,
    /// Where keys and, without `database_url`, the database live.
    pub data_dir: PathBuf,
    /// Postgres 14 or newer.
    pub database_url: Option<String>,
    /// Folder with `initdb` and `postgres`.
    pub postgres_bin: Option<PathBuf>,
    /// Loopback address of the built-in sample model, or `off`.
    pub sample_model: String,
    /// Addresses whose `X-Forwarded-For` names the peer.
    pub trusted_proxies: Vec<IpAddr>,
    pub sessions: Sessions,
    pub lockout: Lockout,
    /// OpenID Connect issuers, for sign-in, for access tokens, or both.
    pub oidc: Vec<Issuer>,
}

/// How long people stay signed in (AC-11, AC-12).
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sessions {
    /// Seconds without a request after which a sign-in ends.
    pub idle_seconds: i64,
    /// Seconds after which a sign-in ends whatever happens.
    pub absolute_seconds: i64,
}

/// What failed sign-ins lead to (AC-7).
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Lockout {
    /// Failures in a row after which an account is locked.
    pub failures: u32,
    /// Seconds it stays locked.
    pub seconds: i64,
}

impl File {
    /// Reads and checks a file.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| ConfigError::Read { path: path.to_owned(), source })?;
        toml::from_str(&text)
            .map_err(|source| ConfigError::Parse { path: path.to_owned(), source: Box::new(source) })
    }
}

impl Default for File {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            public_url: None,
            data_dir: PathBuf::from("data"),
            database_url: None,
            postgres_bin: None,
            sample_model: "127.0.0.1:8091".into(),
            trusted_proxies: Vec::new(),
            sessions: Sessions::default(),
            lockout: Lockout::default(),
            oidc: Vec::new(),
        }
    }
}

impl Default for Sessions {
    fn default() -> Self {
        Self { idle_seconds: 15 * 60, absolute_seconds: 12 * 3600 }
    }
}

impl Default for Lockout {
    fn default() -> Self {
        Self { failures: 5, seconds: 15 * 60 }
    }
}
