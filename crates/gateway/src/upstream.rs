//! The HTTP client to the model servers: pooled connections, TLS by rustls, one pool per connect time-out.
//! It follows no redirects: a redirect could carry the model's credential elsewhere.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::{TokioExecutor, TokioTimer},
};
use rustls::ClientConfig;

type Pool = Client<HttpsConnector<HttpConnector>, Full<Bytes>>;

/// Idle connections are kept this long.
const POOL_IDLE: Duration = Duration::from_secs(30);
/// Idle connections kept for each host.
const POOL_PER_HOST: usize = 256;

/// Clients, by connect time-out in milliseconds.
pub struct Upstreams {
    tls: ClientConfig,
    pools: Mutex<HashMap<u32, Pool>>,
}

/// The upstream could not be reached, or failed before its response head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unreachable {
    /// Whether not even a connection came about: nothing was sent.
    pub not_sent: bool,
}

impl Upstreams {
    /// With the certificates that upstreams are checked against.
    pub fn new(tls: ClientConfig) -> Self {
        Self { tls, pools: Mutex::default() }
    }

    /// Sends one request and waits for the response's head.
    pub async fn send(
        &self,
        connect_ms: u32,
        request: Request<Full<Bytes>>,
    ) -> Result<Response<Incoming>, Unreachable> {
        let pool = self.pool(connect_ms);
        pool.request(request).await.map_err(|error| {
            tracing::info!(error = %chain(&error), "upstream request failed");
            Unreachable { not_sent: error.is_connect() }
        })
    }

    fn pool(&self, connect_ms: u32) -> Pool {
        let mut pools = self.pools.lock().unwrap_or_else(PoisonError::into_inner);
        pools
            .entry(connect_ms)
            .or_insert_with(|| pool(&self.tls, Duration::from_millis(u64::from(connect_ms))))
            .clone()
    }
}

fn pool(tls: &ClientConfig, connect: Duration) -> Pool {
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp.set_connect_timeout(Some(connect));
    tcp.set_keepalive(Some(Duration::from_secs(30)));
    let tls = HttpsConnectorBuilder::new()
        .with_tls_config(tls.clone())
        .https_or_http()
        .enable_http1()
        .enable_http2()
        .wrap_connector(tcp);
    Client::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .timer(TokioTimer::new())
        .pool_idle_timeout(POOL_IDLE)
        .pool_max_idle_per_host(POOL_PER_HOST)
        .http2_keep_alive_interval(Duration::from_secs(20))
        .http2_keep_alive_timeout(Duration::from_secs(10))
        .http2_keep_alive_while_idle(true)
        .build(tls)
}

/// An error with its causes; hyper's errors name hosts and system errors, never content.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}
