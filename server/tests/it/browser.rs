//! A browser that is just enough: cookies as a browser keeps them, forms as a page posts them, no redirects followed.

use std::{collections::BTreeMap, net::SocketAddr, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, header};
use http_body_util::{BodyExt as _, Full};
use hyper::{body::Incoming, client::conn::http1};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpStream, task::JoinSet, time::timeout};
use url::form_urlencoded;

/// Longer than anything may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Somebody at a browser; a stranger until they sign in.
#[derive(Clone, Debug)]
pub struct Browser {
    pub address: SocketAddr,
    /// As in the settings: what our own pages send as `Origin`.
    pub origin: String,
    pub cookies: BTreeMap<String, String>,
}

/// An answer, whole.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
}

/// An answer under way, with the connection it comes on.
pub struct Running {
    pub response: Response<Incoming>,
    _connection: JoinSet<()>,
}

impl Browser {
    pub fn new(address: SocketAddr, origin: &str) -> Self {
        Self { address, origin: origin.to_owned(), cookies: BTreeMap::new() }
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.ask(Method::GET, path, &[], String::new()).await
    }

    /// Posts a form as one of our own pages would.
    pub async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Answer {
        let own = [("origin", self.origin.clone()), ("sec-fetch-site", "same-origin".to_owned())];
        let headers: Vec<_> = own.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.post_with(path, form, &headers).await
    }

    /// Posts a form with exactly these headers beside the cookies.
    pub async fn post_with(&mut self, path: &str, form: &[(&str, &str)], headers: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let mut all = vec![("content-type", "application/x-www-form-urlencoded")];
        all.extend_from_slice(headers);
        self.ask(Method::POST, path, &all, body).await
    }

    /// One request; cookies go out and are kept.
    pub async fn ask(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: String,
    ) -> Answer {
        let jar: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let jar = jar.join("; ");
        let mut all = headers.to_vec();
        if !jar.is_empty() {
            all.push(("cookie", &jar));
        }
        let answer = send(self.address, method, path, &all, body).await;
        for cookie in answer.headers.get_all(header::SET_COOKIE) {
            let text = cookie.to_str().unwrap();
            let (name, value) = text.split(';').next().unwrap().split_once('=').unwrap();
            if text.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    pub fn cookie(&self) -> Option<&String> {
        self.cookies.get("__Host-countersign")
    }
}

impl Answer {
    pub fn location(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |value| value.to_str().unwrap())
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The `code` of an error in OpenAI's shape.
    pub fn code(&self) -> String {
        let body: serde_json::Value = serde_json::from_str(&self.body).unwrap_or_default();
        body["error"]["code"].as_str().unwrap_or_default().to_owned()
    }

    /// What a person reads: the page without its tags and scripts.
    pub fn words(&self) -> String {
        let (mut words, mut rest) = (String::new(), self.body.as_str());
        while let Some(at) = rest.find('<') {
            words.push_str(&rest[..at]);
            words.push(' ');
            rest = &rest[at..];
            let closing = if rest.starts_with("<script") { "</script>" } else { ">" };
            rest = rest.find(closing).map_or("", |end| &rest[end + closing.len()..]);
        }
        words.push_str(rest);
        words.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// Sends one request on a connection of its own and reads the answer.
pub async fn send(
    address: SocketAddr,
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
    body: String,
) -> Answer {
    try_send(address, method, path, headers, body).await.expect("an answer")
}

/// The same; `None` when the transport breaks.
pub async fn try_send(
    address: SocketAddr,
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
    body: String,
) -> Option<Answer> {
    let whole = async {
        let running = begin(address, method, path, headers, body).await?;
        let (head, body) = running.response.into_parts();
        let body = body.collect().await.ok()?.to_bytes();
        let body = String::from_utf8_lossy(&body).into_owned();
        Some(Answer { status: head.status.as_u16(), headers: head.headers, body })
    };
    timeout(PATIENCE, whole).await.expect("an answer within half a minute")
}

/// Sends one request and waits for the head of the answer only.
pub async fn begin(
    address: SocketAddr,
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
    body: String,
) -> Option<Running> {
    let socket = TcpStream::connect(address).await.ok()?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(socket)).await.ok()?;
    let mut connections = JoinSet::new();
    connections.spawn(async move {
        let _broken = connection.await;
    });
    let mut request = Request::new(Full::new(Bytes::from(body)));
    *request.method_mut() = method;
    *request.uri_mut() = path.parse().unwrap();
    request.headers_mut().insert(header::HOST, HeaderValue::from_str(&address.to_string()).unwrap());
    for (name, value) in headers {
        let name: HeaderName = name.parse().unwrap();
        request.headers_mut().append(name, HeaderValue::from_str(value).unwrap());
    }
    let response = sender.send_request(request).await.ok()?;
    Some(Running { response, _connection: connections })
}
