//! What an issuer publishes about itself (OpenID Connect Discovery 1.0, RFC 8414), as far as it is used here.
//!
//! Promises: the document names exactly the issuer it was fetched for, and every address in it may be asked. Lists
//! of algorithm names are not read at all: what is accepted is the administrator's list, and a name that nobody here
//! knows (`Ed25519`, RFC 9864) disturbs nothing.

use http::HeaderMap;
use serde::Deserialize;
use thiserror::Error;
use url::Url;

use crate::{
    outbound::{Outbound, OutboundError},
    settings::{IssuerSettings, may_ask},
};

/// The members in use. Optional ones may be missing at issuers that serve access tokens only.
#[derive(Debug, Clone, Deserialize)]
pub struct Metadata {
    pub issuer: String,
    pub jwks_uri: Url,
    pub authorization_endpoint: Option<Url>,
    pub token_endpoint: Option<Url>,
    pub userinfo_endpoint: Option<Url>,
    pub end_session_endpoint: Option<Url>,
    /// RFC 9207.
    #[serde(default)]
    pub authorization_response_iss_parameter_supported: bool,
    #[serde(default)]
    pub token_endpoint_auth_methods_supported: Option<Vec<String>>,
}

/// Why what was fetched is of no use.
#[derive(Debug, Error)]
pub enum MetadataError {
    #[error("the issuer could not be asked")]
    Outbound(#[from] OutboundError),
    #[error("the discovery document cannot be read")]
    Unreadable(#[source] serde_json::Error),
    #[error("the discovery document names the issuer '{0}'")]
    OtherIssuer(String),
    #[error("the discovery document names an address that may not be asked: {0}")]
    Address(Url),
    #[error("the key set holds no key that can be used")]
    NoKeys,
}

impl Metadata {
    /// Fetches and checks the discovery document.
    pub async fn fetch(outbound: &Outbound, settings: &IssuerSettings) -> Result<Self, MetadataError> {
        let address = format!("{}/.well-known/openid-configuration", settings.issuer.trim_end_matches('/'));
        let address =
            Url::parse(&address).map_err(|_| MetadataError::OtherIssuer(settings.issuer.clone()))?;
        let answer = outbound.document(&address, None).await?;
        Self::read(answer.body(), settings)
    }

    /// The key set as it stands at the issuer, with the headers that say how long it is fresh.
    pub async fn fetch_keys(&self, outbound: &Outbound) -> Result<(HeaderMap, Vec<u8>), MetadataError> {
        let (head, body) = outbound.document(&self.jwks_uri, None).await?.into_parts();
        Ok((head.headers, body))
    }

    fn read(document: &[u8], settings: &IssuerSettings) -> Result<Self, MetadataError> {
        let read: Self = serde_json::from_slice(document).map_err(MetadataError::Unreadable)?;
        if read.issuer != settings.issuer {
            return Err(MetadataError::OtherIssuer(read.issuer));
        }
        let addresses = [
            Some(&read.jwks_uri),
            read.authorization_endpoint.as_ref(),
            read.token_endpoint.as_ref(),
            read.userinfo_endpoint.as_ref(),
            read.end_session_endpoint.as_ref(),
        ];
        let refused = addresses.into_iter().flatten().find(|url| !may_ask(url, settings.is_loopback()));
        refused.cloned().map_or(Ok(()), |url| Err(MetadataError::Address(url)))?;
        Ok(read)
    }

    /// Whether the client secret goes into the request body because HTTP Basic is not offered
    /// (OpenID Connect Discovery 1.0, 3: Basic when nothing is said).
    pub fn secret_in_body(&self) -> bool {
        self.token_endpoint_auth_methods_supported.as_ref().is_some_and(|methods| {
            methods.iter().any(|m| m == "client_secret_post")
                && !methods.iter().any(|m| m == "client_secret_basic")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(issuer: &str, document: &str) -> Result<Metadata, MetadataError> {
        Metadata::read(document.as_bytes(), &IssuerSettings::new("a", issuer, "c"))
    }

    #[test]
    fn reads_documents_with_names_it_does_not_know() {
        let document = r#"{"issuer":"https://idp.example","jwks_uri":"https://keys.example/jwks",
            "id_token_signing_alg_values_supported":["RS256","Ed25519","ML-DSA-65",7],
            "response_types_supported":"odd","token_endpoint_auth_methods_supported":["client_secret_post"]}"#;
        let read = read("https://idp.example", document).unwrap();
        assert!(read.secret_in_body());
        assert!(!read.authorization_response_iss_parameter_supported);
    }

    #[test]
    fn refuses_another_issuer_and_addresses_that_may_not_be_asked() {
        let document = r#"{"issuer":"https://idp.example","jwks_uri":"https://keys.example/jwks"}"#;
        let other = read("https://idp.example/", document);
        assert!(matches!(other, Err(MetadataError::OtherIssuer(_))), "a slash makes another issuer");
        for address in ["http://keys.example/jwks", "http://127.0.0.1/jwks", "file:///etc/passwd"] {
            let document = format!(r#"{{"issuer":"https://idp.example","jwks_uri":"{address}"}}"#);
            assert!(
                matches!(read("https://idp.example", &document), Err(MetadataError::Address(_))),
                "{address}"
            );
        }
        assert!(matches!(read("https://idp.example", "{}"), Err(MetadataError::Unreadable(_))));
    }
}
