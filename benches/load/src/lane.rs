//! The ways to the model that are compared.

use std::net::SocketAddr;

use bytes::Bytes;
use http::{Method, Request, Response, Uri, header};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde::Serialize;

use crate::{
    Fault,
    mock::Mock,
    prompts::{self, ADDRESS},
};

pub type Sender = Client<HttpConnector, Full<Bytes>>;

/// One way.
#[derive(Debug, Clone)]
pub struct Lane {
    pub name: &'static str,
    pub kind: Kind,
    chat: Uri,
    token: Option<String>,
    /// The process that is measured; what it started belongs to it.
    pub process: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Direct,
    Nginx,
    MaskingOff,
    EverythingOn,
}

/// What a lane was seen to do with one request before anything was measured.
#[derive(Debug, Clone, Serialize)]
pub struct Check {
    pub lane: &'static str,
    /// The model saw the e-mail address of the prompt.
    pub model_saw_address: bool,
    /// The caller saw the e-mail address of the answer.
    pub caller_saw_address: bool,
    pub as_expected: bool,
}

impl Lane {
    pub fn direct(mock: SocketAddr) -> Self {
        Self::new("direct", Kind::Direct, &format!("http://{mock}/v1/chat/completions"), None, None)
    }

    pub fn nginx(nginx: SocketAddr, process: u32) -> Self {
        Self::new("nginx", Kind::Nginx, &format!("http://{nginx}/v1/chat/completions"), None, Some(process))
    }

    /// Through a connection of the gateway.
    pub fn gateway(
        name: &'static str,
        kind: Kind,
        at: SocketAddr,
        connection: &str,
        token: &str,
        process: u32,
    ) -> Self {
        Self::new(
            name,
            kind,
            &format!("http://{at}/c/{connection}/chat/completions"),
            Some(token.to_owned()),
            Some(process),
        )
    }

    fn new(name: &'static str, kind: Kind, chat: &str, token: Option<String>, process: Option<u32>) -> Self {
        Self { name, kind, chat: Uri::try_from(chat).unwrap_or_default(), token, process }
    }

    /// A chat completion request with this body.
    pub fn request(&self, body: &Bytes) -> Request<Full<Bytes>> {
        let mut request = Request::new(Full::new(body.clone()));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.chat.clone();
        let headers = request.headers_mut();
        headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/json"));
        headers.insert(header::ACCEPT, header::HeaderValue::from_static("*/*"));
        headers.insert(header::USER_AGENT, header::HeaderValue::from_static("countersign-load/1"));
        if let Some(token) = &self.token
            && let Ok(value) = header::HeaderValue::try_from(format!("Bearer {token}"))
        {
            headers.insert(header::AUTHORIZATION, value);
        }
        request
    }
}

/// Connections of one lane's caller; kept open between requests.
pub fn sender() -> Sender {
    let mut tcp = HttpConnector::new();
    tcp.set_nodelay(true);
    Client::builder(TokioExecutor::new()).build(tcp)
}

/// Sends one request and reads the whole answer. Anything but 200 is an error.
pub async fn whole(sender: &Sender, request: Request<Full<Bytes>>) -> Result<Bytes, Fault> {
    let response: Response<Incoming> = sender.request(request).await?;
    let status = response.status();
    let body = response.into_body().collect().await?.to_bytes();
    if status.is_success() {
        Ok(body)
    } else {
        Err(format!("{status}: {}", String::from_utf8_lossy(&body)).into())
    }
}

/// Sends one request down each lane and looks at both ends whether it did what its name says.
pub async fn check(lanes: &[Lane], mock: &Mock) -> Result<Vec<Check>, Fault> {
    let mut checks = Vec::new();
    for lane in lanes {
        let answer = whole(&sender(), lane.request(&prompts::ask(prompts::PROBE)))
            .await
            .map_err(|error| format!("{}: {error}", lane.name))?;
        let asked = mock.take_probe().ok_or_else(|| format!("{}: the model was not asked", lane.name))?;
        let model_saw_address = contains(&asked, ADDRESS);
        let caller_saw_address = contains(&answer, ADDRESS);
        let passes = lane.kind != Kind::EverythingOn;
        let as_expected = (model_saw_address, caller_saw_address) == (passes, passes);
        checks.push(Check { lane: lane.name, model_saw_address, caller_saw_address, as_expected });
    }
    Ok(checks)
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|at| at == text.as_bytes())
}
