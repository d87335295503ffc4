//! Settings: a TOML file, then environment variables, then flags; the later wins. Unknown keys are refused, and
//! `docs/configuration.md` lists every key (a test compares them).

pub mod file;
pub mod identity;

use std::{net::SocketAddr, path::PathBuf};

use countersign_store::Durability;
use url::Url;

use crate::cli::Options;
pub use file::File;

/// Where the pages, the proxy and everything else are told what to do.
#[derive(Debug, Clone)]
pub struct Config {
    pub listen: SocketAddr,
    pub public_url: Url,
    pub data_dir: PathBuf,
    /// `None`: run our own Postgres in the data folder.
    pub database_url: Option<String>,
    /// Folder with `initdb` and `postgres`, when they are not found by themselves.
    pub postgres_bin: Option<PathBuf>,
    pub sample_model: Option<SocketAddr>,
    pub master_key: Option<String>,
    pub site_dir: PathBuf,
    pub sessions: file::Sessions,
    pub lockout: file::Lockout,
    pub issuers: Vec<identity::Issuer>,
    pub trusted_proxies: Vec<std::net::IpAddr>,
    /// No setting: always required, except on the clusters that a test run makes and throws away.
    pub durability: Durability,
}

/// The settings do not make sense; one sentence that names the key.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("cannot read the settings file {path}: {source}")]
    Read { path: PathBuf, source: std::io::Error },
    #[error("the settings file {path} is not valid: {source}")]
    Parse { path: PathBuf, source: Box<toml::de::Error> },
    #[error("{key}: {sentence}")]
    Value { key: &'static str, sentence: String },
}

impl Config {
    /// Puts the settings together.
    pub fn load(options: &Options) -> Result<Self, ConfigError> {
        let file = match &options.config {
            Some(path) => File::read(path)?,
            None => File::default(),
        };
        let listen = options.listen.unwrap_or(file.listen);
        let public_url = match options.public_url.clone().or(file.public_url) {
            Some(url) => url,
            None => default_public_url(listen)?,
        };
        check_public_url(&public_url)?;
        let sample = options.sample_model.clone().unwrap_or(file.sample_model);
        Ok(Self {
            listen,
            public_url,
            data_dir: options.data_dir.clone().unwrap_or(file.data_dir),
            database_url: database_url(options.database_url.clone().or(file.database_url))?,
            postgres_bin: file.postgres_bin,
            sample_model: sample_address(&sample)?,
            master_key: options.master_key.clone(),
            site_dir: options.site_dir.clone().unwrap_or_else(|| PathBuf::from("site")),
            sessions: file.sessions,
            lockout: file.lockout,
            issuers: file.oidc,
            trusted_proxies: file.trusted_proxies,
            durability: Durability::Required,
        })
    }
}

/// PostgreSQL and nothing else. The URL may hold a password: it is not repeated.
fn database_url(url: Option<String>) -> Result<Option<String>, ConfigError> {
    let known = |url: &String| url.starts_with("postgres://") || url.starts_with("postgresql://");
    if url.as_ref().is_none_or(known) {
        return Ok(url);
    }
    let sentence = "must begin with postgres:// or postgresql://".to_owned();
    Err(ConfigError::Value { key: "database_url", sentence })
}

fn default_public_url(listen: SocketAddr) -> Result<Url, ConfigError> {
    let host = if listen.ip().is_unspecified() || listen.ip().is_loopback() {
        "localhost".to_owned()
    } else {
        match listen.ip() {
            std::net::IpAddr::V4(ip) => ip.to_string(),
            std::net::IpAddr::V6(ip) => format!("[{ip}]"),
        }
    };
    format!("http://{host}:{}", listen.port())
        .parse()
        .map_err(|_| ConfigError::Value { key: "public_url", sentence: "cannot be derived; set it".into() })
}

fn check_public_url(url: &Url) -> Result<(), ConfigError> {
    let plain = matches!(url.scheme(), "http" | "https")
        && url.host().is_some()
        && url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty();
    if plain {
        Ok(())
    } else {
        Err(ConfigError::Value {
            key: "public_url",
            sentence: "must be http:// or https:// with a host and an optional port, and nothing after it"
                .into(),
        })
    }
}

fn sample_address(text: &str) -> Result<Option<SocketAddr>, ConfigError> {
    if text == "off" {
        return Ok(None);
    }
    let bad = |sentence: &str| ConfigError::Value { key: "sample_model", sentence: sentence.into() };
    let address: SocketAddr = text.parse().map_err(|_| bad("is neither `off` nor an address and port"))?;
    if !address.ip().is_loopback() {
        return Err(bad("must be a loopback address: the sample model is for trying out on this machine"));
    }
    Ok(Some(address))
}
