//! The *Test* button of a connection: goes to the model server step by step and says which step fails, so that a wrong
//! name, a closed port, a bad certificate, a refused key and a server of another kind are told apart, each with what to do
//! about it.
//!
//! If the connection has an analyzer, the same is asked of that.
//!
//! Never shows the credential or the server's raw answer.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use bytes::Bytes;
use countersign_model::connection::{CredentialKind, TestReport, TestStep};
use http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::Empty;
use rustls::ClientConfig;
use url::Url;

use self::{
    exchange::exchange,
    steps::Steps,
    trouble::Trouble,
    way::{Place, Stream, Way},
};
use crate::{directory::Route, forward, headers};

mod analyzer;
mod exchange;
mod steps;
mod trouble;
mod way;

/// Longest answer that is read, bytes.
const ANSWER_MAX: usize = 1 << 20;
/// Longest wait for the answer, unless the connection's own limit is shorter.
const ANSWER_WAIT: Duration = Duration::from_secs(10);
/// Model names shown.
const MODELS_SHOWN: usize = 20;
/// Longest address of a redirect that is shown, characters.
const REDIRECT_SHOWN: usize = 200;

/// What the form calls the address of the model server, and that of the analyzer.
const BASE_URL: &str = "base URL";
const ANALYZER_URL: &str = "analyzer’s URL";

/// Tests a connection as it is configured.
pub async fn probe(route: &Route, tls: &ClientConfig) -> TestReport {
    let settings = &route.connection.settings;
    let (mut steps, mut models) = (Steps::of(BASE_URL), Vec::new());
    let began = Instant::now();
    match Place::of(&settings.base_url) {
        Some(place) => {
            let way = Way { place, wait: settings.limits.connect(), tls, called: BASE_URL };
            // The step that failed is on the report, and the last one there.
            models = Walk { route, way }.all(&mut steps).await.unwrap_or_default();
        }
        None => steps.fail(&Trouble::NotAUrl, began),
    }
    let analyzer = match &settings.analyzer {
        Some(analyzer) => analyzer::probe(analyzer, settings.limits.connect(), tls).await,
        None => Vec::new(),
    };
    TestReport { steps: steps.list(), models, analyzer }
}

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
    way: Way<'a>,
}

impl Walk<'_> {
    /// The names of models; `None`: a step failed.
    async fn all(&self, report: &mut Steps) -> Option<Vec<String>> {
        let began = Instant::now();
        let addresses = report.step(TestStep::Dns, began, self.way.resolve().await)?;
        let began = Instant::now();
        let socket = report.step(TestStep::Tcp, began, self.way.dial(&addresses).await)?;
        let began = Instant::now();
        let stream = report.step(TestStep::Tls, began, self.way.secure(socket).await)?;
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
                Some(models.into_iter().take(MODELS_SHOWN).collect())
            }
            Err(trouble) => {
                report.fail(&trouble, began);
                None
            }
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
        let Ok((socket, _)) = self.way.dial(addresses).await else { return Ok(answer) };
        let Ok((stream, _)) = self.way.secure(socket).await else { return Ok(answer) };
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
        let https = self.way.place.https;
        let request = request(self.route, path)?;
        let path = request.uri().path().to_owned();
        let talk = exchange(request, stream, https, ANSWER_MAX);
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
            StatusCode::BAD_REQUEST if !self.way.place.https && text().contains("https") => {
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
