//! The *Test* button of a connection: goes to the model server step by step and says which step fails, so that a wrong
//! name, a closed port, a bad certificate, a refused key and a server of another kind are told apart, each with what to do
//! about it.
//!
//! Never shows the credential or the server's raw answer.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use countersign_model::connection::{CredentialKind, StepReport, TestReport, TestStep};
use http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::{BodyExt as _, Empty, LengthLimitError, Limited};
use hyper_util::rt::TokioIo;
use rustls::{ClientConfig, pki_types::ServerName};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};
use url::Url;

use self::trouble::{Miss, Trouble};
use crate::{directory::Route, forward, headers};

mod trouble;

/// Longest answer that is read, bytes.
const ANSWER_MAX: usize = 1 << 20;
/// Longest wait for the answer, unless the connection's own limit is shorter.
const ANSWER_WAIT: Duration = Duration::from_secs(10);
/// Model names shown.
const MODELS_SHOWN: usize = 20;
/// Addresses of a name that are tried and named.
const ADDRESSES: usize = 4;
/// Longest address of a redirect that is shown, characters.
const REDIRECT_SHOWN: usize = 200;

/// Tests a connection as it is configured.
pub async fn probe(route: &Route, tls: &ClientConfig) -> TestReport {
    let mut report = TestReport { steps: Vec::new(), models: Vec::new() };
    let began = Instant::now();
    match Place::of(&route.connection.settings.base_url) {
        Some(place) => {
            // The step that failed is on the report, and the last one there.
            let _ended = Walk { route, tls, place }.all(&mut report).await;
        }
        None => report.fail(&Trouble::NotAUrl, began),
    }
    report
}

/// Where the base URL leads.
struct Place {
    host: String,
    port: u16,
    https: bool,
}

impl Place {
    fn of(base_url: &str) -> Option<Self> {
        let url = Url::parse(base_url).ok()?;
        // An IPv6 address stands in brackets in a URL, and nowhere else.
        let host = url.host_str()?.trim_start_matches('[').trim_end_matches(']').to_owned();
        Some(Self { host, port: url.port_or_known_default()?, https: url.scheme() == "https" })
    }
}

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

/// What a step gives to the next, and what it says for itself.
type Step<T> = Result<(T, String), Trouble>;

/// An answer to the question for models.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    /// The path that was asked, from the root.
    path: String,
    /// The path that was asked before it, where clients would, and was not there.
    instead_of: Option<String>,
    /// The path that was asked after it, and was no better.
    in_vain: Option<String>,
}

struct Walk<'a> {
    route: &'a Route,
    tls: &'a ClientConfig,
    place: Place,
}

impl Walk<'_> {
    /// `None`: a step failed.
    async fn all(&self, report: &mut TestReport) -> Option<()> {
        let began = Instant::now();
        let addresses = report.step(TestStep::Dns, began, self.resolve().await)?;
        let began = Instant::now();
        let socket = report.step(TestStep::Tcp, began, self.dial(&addresses).await)?;
        let began = Instant::now();
        let stream = report.step(TestStep::Tls, began, self.secure(socket).await)?;
        let began = Instant::now();
        let asked = self.asked(&addresses, stream).await.and_then(|answer| {
            let words = self.admitted(&answer)?;
            Ok((answer, words))
        });
        let answer = report.step(TestStep::Auth, began, asked)?;
        let began = Instant::now();
        match self.list(&answer) {
            Ok(models) => {
                let note = self.note(&answer, &models);
                let words = match models.len() {
                    0 => "OpenAI-compatible; it offers no model.".to_owned(),
                    1 => "OpenAI-compatible; 1 model.".to_owned(),
                    many => format!("OpenAI-compatible; {many} models."),
                };
                report.pass(TestStep::Protocol, began, words, note);
                report.models = models.into_iter().take(MODELS_SHOWN).collect();
                Some(())
            }
            Err(trouble) => {
                report.fail(&trouble, began);
                None
            }
        }
    }

    fn connect_wait(&self) -> Duration {
        self.route.connection.settings.limits.connect()
    }

    async fn resolve(&self) -> Step<Vec<SocketAddr>> {
        let (host, wait) = (self.place.host.clone(), self.connect_wait());
        if let Ok(ip) = host.parse::<IpAddr>() {
            return Ok((
                vec![SocketAddr::new(ip, self.place.port)],
                "An address: no name to look up.".into(),
            ));
        }
        let looking = tokio::net::lookup_host((host.clone(), self.place.port));
        let looked = tokio::time::timeout(wait, looking).await;
        match looked {
            Ok(Ok(found)) => {
                let addresses: Vec<_> = found.take(ADDRESSES).collect();
                if addresses.is_empty() {
                    return Err(Trouble::NoSuchName { host });
                }
                let shown: Vec<_> = addresses.iter().map(|address| address.ip().to_string()).collect();
                Ok((addresses, format!("{host} is {}.", shown.join(", "))))
            }
            Ok(Err(error)) => Err(unresolved(host, &error)),
            Err(_) => Err(Trouble::NameServerSilent { host, wait }),
        }
    }

    async fn dial(&self, addresses: &[SocketAddr]) -> Step<TcpStream> {
        let wait = self.connect_wait();
        let mut tries = Vec::new();
        for address in addresses {
            let miss = match tokio::time::timeout(wait, TcpStream::connect(address)).await {
                Ok(Ok(socket)) => return Ok((socket, format!("Connected to {address}."))),
                Ok(Err(error)) => Miss::of(&error),
                Err(_) => Miss::Silent(wait),
            };
            tries.push((*address, miss));
        }
        Err(Trouble::Missed { tries })
    }

    async fn secure(&self, socket: TcpStream) -> Step<Box<dyn Stream>> {
        if !self.place.https {
            return Ok((Box::new(socket), "Not used: the base URL begins with http://.".into()));
        }
        let (host, wait) = (self.place.host.clone(), self.connect_wait());
        let Ok(name) = ServerName::try_from(host.clone()) else {
            return Err(Trouble::NotACertificateName { host });
        };
        let connector = tokio_rustls::TlsConnector::from(Arc::new(self.tls.clone()));
        match tokio::time::timeout(wait, connector.connect(name, socket)).await {
            Ok(Ok(stream)) => {
                let version = match stream.get_ref().1.protocol_version() {
                    Some(rustls::ProtocolVersion::TLSv1_2) => "TLS 1.2",
                    Some(rustls::ProtocolVersion::TLSv1_3) => "TLS 1.3",
                    _ => "TLS",
                };
                Ok((Box::new(stream), format!("{version}; the certificate is for {host} and trusted.")))
            }
            Ok(Err(error)) => Err(Trouble::Handshake { host, error }),
            Err(_) => Err(Trouble::HandshakeSilent { wait }),
        }
    }

    /// Asks for the list of models, which every OpenAI-compatible server has and which costs nothing: first where clients
    /// would, then at the usual other place.
    async fn asked(&self, addresses: &[SocketAddr], stream: Box<dyn Stream>) -> Result<Answer, Trouble> {
        let (first, second) = match self.route.connection.settings.client_root() {
            "" => ("models", "v1/models"),
            _ => ("v1/models", "models"),
        };
        let mut answer = self.ask(first, stream).await?;
        let absent =
            |answer: &Answer| matches!(answer.status, StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED);
        let said_twice = self.route.connection.settings.base_url.trim_end_matches('/').ends_with("/v1");
        if !absent(&answer) || said_twice {
            return Ok(answer);
        }
        let Ok((socket, _)) = self.dial(addresses).await else { return Ok(answer) };
        let Ok((stream, _)) = self.secure(socket).await else { return Ok(answer) };
        let Ok(mut other) = self.ask(second, stream).await else { return Ok(answer) };
        let wants_key = matches!(other.status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
        if wants_key || (other.status.is_success() && model_names(&other.body).is_some()) {
            other.instead_of = Some(answer.path);
            return Ok(other);
        }
        answer.in_vain = Some(other.path);
        Ok(answer)
    }

    async fn ask(&self, path: &str, stream: Box<dyn Stream>) -> Result<Answer, Trouble> {
        let wait = ANSWER_WAIT.min(self.route.connection.settings.limits.first_byte());
        let https = self.place.https;
        let request = request(self.route, path)?;
        let path = request.uri().path().to_owned();
        let talk = exchange(request, stream, https);
        let (status, headers, body) =
            tokio::time::timeout(wait, talk).await.map_err(|_| Trouble::Silent { wait })??;
        Ok(Answer { status, headers, body, path, instead_of: None, in_vain: None })
    }

    /// Whether the server took the credential, or did not want one.
    fn admitted(&self, answer: &Answer) -> Result<String, Trouble> {
        let sends = self.route.connection.settings.credential != CredentialKind::None;
        let status = answer.status;
        match (matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN), sends) {
            (true, true) => Err(Trouble::CredentialRefused { status }),
            (true, false) => Err(Trouble::CredentialWanted { status }),
            (false, false) => Ok("None is sent, and none was asked for.".into()),
            (false, true) if status.is_success() => {
                Ok("Sent, and not refused. Some servers list their models to anybody, and refuse only calls."
                    .into())
            }
            (false, true) => Ok("Sent, and not refused so far.".into()),
        }
    }

    fn list(&self, answer: &Answer) -> Result<Vec<String>, Trouble> {
        let (status, path) = (answer.status, answer.path.clone());
        let text = || String::from_utf8_lossy(&answer.body).to_ascii_lowercase();
        match status {
            _ if status.is_success() => match model_names(&answer.body) {
                Some(models) => Ok(models),
                None if text().trim_start().starts_with('<') => Err(Trouble::WebPage { path }),
                None => Err(Trouble::NoList { path }),
            },
            _ if status.is_redirection() => Err(Trouble::Redirected { status, to: self.redirect(answer) }),
            // What nginx, Apache and Go say to plain HTTP at their TLS port.
            StatusCode::BAD_REQUEST if !self.place.https && text().contains("https") => {
                Err(Trouble::HttpsWanted)
            }
            StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => {
                Err(Trouble::NotFound { looked: [path].into_iter().chain(answer.in_vain.clone()).collect() })
            }
            StatusCode::TOO_MANY_REQUESTS => Err(Trouble::Busy),
            _ if status.is_server_error() => Err(Trouble::Ailing { status }),
            _ => Err(Trouble::Odd { status, path }),
        }
    }

    /// Where a redirect leads; `None` when it does not say, or says too much.
    fn redirect(&self, answer: &Answer) -> Option<String> {
        let base = Url::parse(&self.route.connection.settings.base_url).ok()?.join(&answer.path).ok()?;
        let mut to = base.join(answer.headers.get(header::LOCATION)?.to_str().ok()?).ok()?;
        to.set_query(None);
        to.set_fragment(None);
        let text = to.as_str().to_owned();
        let secret = self.route.secret.as_ref().map(|secret| secret.expose().as_str());
        let telling = secret.is_some_and(|secret| text.contains(secret))
            || !to.username().is_empty()
            || to.password().is_some();
        (!telling && text.len() <= REDIRECT_SHOWN).then_some(text)
    }

    /// What to know although everything passed.
    fn note(&self, answer: &Answer, models: &[String]) -> String {
        let settings = &self.route.connection.settings;
        if answer.instead_of.is_some() && settings.client_root().is_empty() {
            format!(
                "The models are listed at {}: end the base URL in /v1, or have clients write …/c/{}/v1 as theirs.",
                answer.path, settings.name
            )
        } else if answer.instead_of.is_some() {
            format!(
                "The models are listed at {}: clients need …/c/{} as their base URL, without the /v1 that the snippets have.",
                answer.path, settings.name
            )
        } else if models.is_empty() {
            "Load a model on the server: until then calls will fail.".into()
        } else {
            String::new()
        }
    }
}

/// The resolver's errors have no kinds of their own, only texts.
fn unresolved(host: String, error: &io::Error) -> Trouble {
    let text = error.to_string();
    let text = text.rsplit(": ").next().unwrap_or_default().to_owned();
    if ["not known", "No address", "nodename", "No such host"].iter().any(|known| text.contains(known)) {
        Trouble::NoSuchName { host }
    } else if text.contains("Temporary failure") || text.contains("try again") {
        Trouble::NoNameServer { host }
    } else {
        Trouble::Unresolved { host, error: text }
    }
}

fn request(route: &Route, path: &str) -> Result<Request<Empty<Bytes>>, Trouble> {
    let uri = forward::target(route, path, None).ok_or(Trouble::NotAUrl)?;
    let mut request = Request::new(Empty::new());
    *request.method_mut() = Method::GET;
    let origin_form = uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str).to_owned();
    let authority = uri.authority().map(ToString::to_string).unwrap_or_default();
    *request.uri_mut() = origin_form.parse().map_err(|_| Trouble::NotAUrl)?;
    request.headers_mut().insert(header::HOST, headers::value(&authority));
    request.headers_mut().insert(header::ACCEPT, headers::value("application/json"));
    request.headers_mut().insert(header::USER_AGENT, headers::value("countersign-test"));
    if route.connection.settings.credential != CredentialKind::None && route.secret.is_none() {
        return Err(Trouble::NoSecret);
    }
    forward::authenticate(route, request.headers_mut()).ok_or(Trouble::Unsendable)?;
    Ok(request)
}

async fn exchange(
    request: Request<Empty<Bytes>>,
    stream: Box<dyn Stream>,
    https: bool,
) -> Result<(StatusCode, HeaderMap, Bytes), Trouble> {
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake::<_, Empty<Bytes>>(TokioIo::new(stream))
            .await
            .map_err(|_| Trouble::Hung { https })?;
    let talk = async {
        let response = sender.send_request(request).await.map_err(|error| {
            if error.is_parse() { Trouble::NotHttp { https } } else { Trouble::Hung { https } }
        })?;
        let (head, body) = response.into_parts();
        let body = Limited::new(body, ANSWER_MAX).collect().await.map_err(|error| {
            if error.is::<LengthLimitError>() { Trouble::TooLarge } else { Trouble::BrokeOff }
        })?;
        Ok((head.status, head.headers, body.to_bytes()))
    };
    let drive = async {
        let _ = connection.await;
        std::future::pending::<()>().await;
    };
    tokio::select! {
        answer = talk => answer,
        () = drive => Err(Trouble::Hung { https }),
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
    fn pass(&mut self, step: TestStep, began: Instant, detail: String, advice: String);
    fn fail(&mut self, trouble: &Trouble, began: Instant);
    fn step<T>(&mut self, step: TestStep, began: Instant, came: Step<T>) -> Option<T>;
}

impl Steps for TestReport {
    fn pass(&mut self, step: TestStep, began: Instant, detail: String, advice: String) {
        self.steps.push(StepReport { step, ok: true, detail, advice, micros: micros(began) });
    }

    fn fail(&mut self, trouble: &Trouble, began: Instant) {
        let (detail, advice) = trouble.words();
        let step = trouble.step();
        self.steps.push(StepReport { step, ok: false, detail, advice, micros: micros(began) });
    }

    fn step<T>(&mut self, step: TestStep, began: Instant, came: Step<T>) -> Option<T> {
        match came {
            Ok((next, detail)) => {
                self.pass(step, began, detail, String::new());
                Some(next)
            }
            Err(trouble) => {
                // It may be a later step's: without an answer nothing is known of the credential.
                self.fail(&trouble, began);
                None
            }
        }
    }
}

fn micros(began: Instant) -> u64 {
    u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX)
}
