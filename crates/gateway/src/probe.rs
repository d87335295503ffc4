//! The *Test* button of a connection: goes to the model server step by step and says which step fails, so that a wrong
//! name, a closed port, a bad certificate, a refused key and a server of another kind are told apart.
//!
//! Never shows the credential or the server's raw answer.

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use countersign_model::connection::{CredentialKind, StepReport, TestReport, TestStep};
use http::{Method, Request, StatusCode, header};
use http_body_util::{BodyExt as _, Empty, Limited};
use hyper_util::rt::TokioIo;
use rustls::{ClientConfig, pki_types::ServerName};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};
use url::Url;

use crate::{directory::Route, forward, headers};

/// Longest answer that is read, bytes.
const ANSWER_MAX: usize = 1 << 20;
/// Longest wait for the answer, unless the connection's own limit is shorter.
const ANSWER_WAIT: Duration = Duration::from_secs(10);
/// Model names shown.
const MODELS_SHOWN: usize = 20;

/// Tests a connection as it is configured.
pub async fn probe(route: &Route, tls: &ClientConfig) -> TestReport {
    let mut report = TestReport { steps: Vec::new(), models: Vec::new() };
    let connect = route.connection.settings.limits.connect();
    let Ok(url) = Url::parse(&route.connection.settings.base_url) else {
        report.fail(TestStep::Dns, Instant::now(), "the base URL is not a URL".into());
        return report;
    };
    let host = url.host_str().unwrap_or_default().to_owned();
    let port = url.port_or_known_default().unwrap_or(80);

    let Some(addresses) = resolve(&mut report, &host, port, connect).await else { return report };
    let Some(socket) = dial(&mut report, &addresses, connect).await else { return report };
    if url.scheme() == "https" {
        let began = Instant::now();
        match handshake(socket, &host, tls, connect).await {
            Ok(stream) => {
                let version = stream
                    .get_ref()
                    .1
                    .protocol_version()
                    .map_or("TLS".into(), |version| format!("{version:?}"));
                report.pass(TestStep::Tls, began, version);
                ask(&mut report, route, stream).await;
            }
            Err(sentence) => report.fail(TestStep::Tls, began, sentence),
        }
    } else {
        report.pass(TestStep::Tls, Instant::now(), "not used: the base URL is http".into());
        ask(&mut report, route, socket).await;
    }
    report
}

async fn resolve(report: &mut TestReport, host: &str, port: u16, wait: Duration) -> Option<Vec<SocketAddr>> {
    let began = Instant::now();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    match tokio::time::timeout(wait, tokio::net::lookup_host((bare, port))).await {
        Ok(Ok(addresses)) => {
            let addresses: Vec<_> = addresses.collect();
            if addresses.is_empty() {
                report.fail(TestStep::Dns, began, format!("{host} has no address"));
                return None;
            }
            let shown: Vec<_> = addresses.iter().take(4).map(|address| address.ip().to_string()).collect();
            report.pass(TestStep::Dns, began, format!("{host} is {}", shown.join(", ")));
            Some(addresses)
        }
        Ok(Err(error)) => {
            report.fail(TestStep::Dns, began, format!("{host} could not be resolved: {error}"));
            None
        }
        Err(_) => {
            report.fail(TestStep::Dns, began, format!("no answer for {host} within {wait:?}"));
            None
        }
    }
}

async fn dial(report: &mut TestReport, addresses: &[SocketAddr], wait: Duration) -> Option<TcpStream> {
    let began = Instant::now();
    let mut last = String::from("no address");
    for address in addresses {
        match tokio::time::timeout(wait, TcpStream::connect(address)).await {
            Ok(Ok(socket)) => {
                report.pass(TestStep::Tcp, began, format!("connected to {address}"));
                return Some(socket);
            }
            Ok(Err(error)) => last = format!("{address}: {error}"),
            Err(_) => last = format!("{address}: no answer within {wait:?}"),
        }
    }
    report.fail(TestStep::Tcp, began, last);
    None
}

async fn handshake(
    socket: TcpStream,
    host: &str,
    tls: &ClientConfig,
    wait: Duration,
) -> Result<tokio_rustls::client::TlsStream<TcpStream>, String> {
    let name = ServerName::try_from(host.trim_start_matches('[').trim_end_matches(']').to_owned())
        .map_err(|_| format!("{host} is not a name a certificate can be for"))?;
    let connector = tokio_rustls::TlsConnector::from(Arc::new(tls.clone()));
    match tokio::time::timeout(wait, connector.connect(name, socket)).await {
        Ok(Ok(stream)) => Ok(stream),
        Ok(Err(error)) => Err(format!("the handshake failed: {error}")),
        Err(_) => Err(format!("no handshake within {wait:?}: the port may not speak TLS")),
    }
}

/// Asks for the list of models, which every OpenAI-compatible server has and which costs nothing.
async fn ask<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    report: &mut TestReport,
    route: &Route,
    stream: S,
) {
    let began = Instant::now();
    let base = route.connection.settings.base_url.trim_end_matches('/');
    let path = if base.ends_with("/v1") { "models" } else { "v1/models" };
    let wait = ANSWER_WAIT.min(route.connection.settings.limits.first_byte());
    let answer = tokio::time::timeout(wait, exchange(route, path, stream)).await;
    let (status, body) = match answer {
        Ok(Ok(answer)) => answer,
        Ok(Err(sentence)) => return report.fail(TestStep::Protocol, began, sentence),
        Err(_) => {
            return report.fail(
                TestStep::Protocol,
                began,
                format!("connected, but no HTTP answer within {wait:?}"),
            );
        }
    };
    if matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
        let advice = match route.connection.settings.credential {
            CredentialKind::None => "the server wants a credential and the connection has none",
            _ => "the server refuses the stored credential",
        };
        return report.fail(TestStep::Auth, began, format!("{advice} (HTTP {})", status.as_u16()));
    }
    report.pass(TestStep::Auth, began, "the server did not refuse the credential".into());
    let began = Instant::now();
    if !status.is_success() {
        let sentence =
            format!("GET {path} was answered with HTTP {}: is the base URL's path right?", status.as_u16());
        return report.fail(TestStep::Protocol, began, sentence);
    }
    match model_names(&body) {
        Some(models) => {
            report.pass(
                TestStep::Protocol,
                began,
                match models.len() {
                    1 => "OpenAI-compatible; 1 model".to_owned(),
                    many => format!("OpenAI-compatible; {many} models"),
                },
            );
            report.models = models.into_iter().take(MODELS_SHOWN).collect();
        }
        None => report.fail(
            TestStep::Protocol,
            began,
            format!(
                "GET {path} was answered, but not with a list of models: not an OpenAI-compatible server"
            ),
        ),
    }
}

async fn exchange<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    route: &Route,
    path: &str,
    stream: S,
) -> Result<(StatusCode, Bytes), String> {
    let uri = forward::target(route, path, None).ok_or("the base URL is not a URL")?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake::<_, Empty<Bytes>>(TokioIo::new(stream))
            .await
            .map_err(|_| "the server closed the connection")?;
    let mut request = Request::new(Empty::new());
    *request.method_mut() = Method::GET;
    let origin_form = uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str).to_owned();
    let authority = uri.authority().map(ToString::to_string).unwrap_or_default();
    *request.uri_mut() = origin_form.parse().map_err(|_| "the base URL is not a URL")?;
    request.headers_mut().insert(header::HOST, headers::value(&authority));
    request.headers_mut().insert(header::ACCEPT, headers::value("application/json"));
    request.headers_mut().insert(header::USER_AGENT, headers::value("countersign-test"));
    forward::authenticate(route, request.headers_mut())
        .ok_or("the stored credential cannot be sent in a header")?;
    let talk = async {
        let response =
            sender.send_request(request).await.map_err(|_| "the server does not speak HTTP/1.1 there")?;
        let status = response.status();
        let body = Limited::new(response.into_body(), ANSWER_MAX)
            .collect()
            .await
            .map_err(|_| "the answer broke off or was larger than 1 MiB")?;
        Ok::<_, String>((status, body.to_bytes()))
    };
    let drive = async {
        let _ = connection.await;
        std::future::pending::<()>().await;
    };
    tokio::select! {
        answer = talk => answer,
        () = drive => Err("the connection ended".into()),
    }
}

fn model_names(body: &Bytes) -> Option<Vec<String>> {
    let value: serde_json::Value = serde_json::from_slice(body).ok()?;
    let list = value.get("data").or_else(|| value.get("models"))?.as_array()?;
    Some(
        list.iter()
            .filter_map(|model| model.get("id").or_else(|| model.get("name"))?.as_str())
            .map(|name| name.chars().take(120).collect())
            .collect(),
    )
}

trait Steps {
    fn pass(&mut self, step: TestStep, began: Instant, detail: String);
    fn fail(&mut self, step: TestStep, began: Instant, detail: String);
}

impl Steps for TestReport {
    fn pass(&mut self, step: TestStep, began: Instant, detail: String) {
        self.steps.push(StepReport { step, ok: true, detail, micros: micros(began) });
    }

    fn fail(&mut self, step: TestStep, began: Instant, detail: String) {
        self.steps.push(StepReport { step, ok: false, detail, micros: micros(began) });
    }
}

fn micros(began: Instant) -> u64 {
    u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX)
}
