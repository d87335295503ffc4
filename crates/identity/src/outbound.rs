//! The one way out to issuers: an HTTP client on hyper and rustls with aws-lc-rs.
//!
//! Promises: https, or http on a loopback host; no redirects followed, no cookies, no compression; every answer is
//! bounded in size and in time. Never retries, never logs a body or a header.

use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::{TokioExecutor, TokioTimer},
};
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};
use thiserror::Error;
use url::Url;

use crate::settings::may_ask;

/// Bytes an issuer may answer with; the largest real key sets are some tens of kilobytes.
const BODY_MAX: usize = 1 << 20;

/// The client. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Outbound {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    timeout: Duration,
}

/// Why there is no answer.
#[derive(Debug, Error)]
pub enum OutboundError {
    #[error("the TLS set-up of this process failed")]
    Tls(#[source] rustls::Error),
    #[error("a certificate to be trusted cannot be read")]
    Certificate,
    #[error("{0} may not be asked: only https, or http on a loopback host")]
    Forbidden(String),
    #[error("no answer within {0:?}")]
    Timeout(Duration),
    #[error("the answer is larger than {BODY_MAX} bytes")]
    TooLarge,
    #[error("the connection failed")]
    Connection(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error("answered {0}")]
    Status(StatusCode),
}

impl Outbound {
    /// Trusts the platform's certificate authorities, Mozilla's, and those in `also_trusted` (PEM, may be empty: for
    /// a private authority that the platform does not know). A platform without any is no error. `timeout` is for a
    /// whole request.
    pub fn new(timeout: Duration, also_trusted: &[u8]) -> Result<Self, OutboundError> {
        let mut roots = RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(also_trusted) {
            let certificate = certificate.map_err(|_| OutboundError::Certificate)?;
            roots.add(certificate).map_err(|_| OutboundError::Certificate)?;
        }
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        let platform = rustls_native_certs::load_native_certs();
        for error in &platform.errors {
            tracing::debug!(%error, "a platform certificate store could not be read");
        }
        roots.add_parsable_certificates(platform.certs);
        let tls =
            ClientConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
                .with_safe_default_protocol_versions()
                .map_err(OutboundError::Tls)?
                .with_root_certificates(roots)
                .with_no_client_auth();
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(tls)
            .https_or_http()
            .enable_http1()
            .enable_http2()
            .build();
        let client = Client::builder(TokioExecutor::new())
            .pool_idle_timeout(Duration::from_secs(30))
            .pool_max_idle_per_host(2)
            .pool_timer(TokioTimer::new())
            .build(connector);
        Ok(Self { client, timeout })
    }

    /// One request, one answer. A redirect is an answer, not an order.
    pub async fn send(&self, request: HttpRequest) -> Result<HttpResponse, OutboundError> {
        let url = request.uri().to_string();
        if !Url::parse(&url).is_ok_and(|url| may_ask(&url, true)) {
            return Err(OutboundError::Forbidden(url));
        }
        tokio::time::timeout(self.timeout, self.exchange(request))
            .await
            .map_err(|_| OutboundError::Timeout(self.timeout))?
    }

    /// A document by GET; anything but 200 is an error.
    pub(crate) async fn document(
        &self,
        url: &Url,
        bearer: Option<&str>,
    ) -> Result<HttpResponse, OutboundError> {
        let mut request = Request::builder()
            .method(Method::GET)
            .uri(url.as_str())
            .header(header::ACCEPT, "application/json");
        if let Some(bearer) = bearer {
            request = request.header(header::AUTHORIZATION, format!("Bearer {bearer}"));
        }
        let request = request.body(Vec::new()).map_err(|error| OutboundError::Connection(error.into()))?;
        let answer = self.send(request).await?;
        if answer.status() == StatusCode::OK {
            Ok(answer)
        } else {
            Err(OutboundError::Status(answer.status()))
        }
    }

    async fn exchange(&self, request: HttpRequest) -> Result<HttpResponse, OutboundError> {
        let answer = self
            .client
            .request(request.map(|body| Full::new(body.into())))
            .await
            .map_err(|error| OutboundError::Connection(error.into()))?;
        let (head, body) = answer.into_parts();
        let body = Limited::new(body, BODY_MAX).collect().await.map_err(|error| {
            if error.is::<LengthLimitError>() {
                OutboundError::TooLarge
            } else {
                OutboundError::Connection(error)
            }
        })?;
        Ok(Response::from_parts(head, body.to_bytes().into()))
    }
}

impl<'c> AsyncHttpClient<'c> for Outbound {
    type Error = OutboundError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, OutboundError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}
