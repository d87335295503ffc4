//! What a person does in the browser at the first run, done by form posts.

use std::{collections::BTreeMap, net::SocketAddr, time::Duration};

use bytes::Bytes;
use http::{Request, StatusCode, header};
use http_body_util::{BodyExt as _, Full};
use url::form_urlencoded;

use crate::{
    Fault,
    lane::{self, Lane, Sender},
    prompts,
};

/// Only ever on this loopback port, for as long as the harness runs.
const PASSWORD: &str = "a password for one run of a bench";
/// `cs_` and 49 letters, digits, `-` or `_`.
const TOKEN_LENGTH: usize = 52;

/// Keeps cookies; says where it comes from, as browsers do.
pub struct Browser {
    at: SocketAddr,
    sender: Sender,
    cookies: BTreeMap<String, String>,
}

impl Browser {
    pub fn new(at: SocketAddr) -> Self {
        Self { at, sender: lane::sender(), cookies: BTreeMap::new() }
    }

    pub async fn make_administrator(&mut self, link: &str) -> Result<(), Fault> {
        let fields = [
            ("token", link),
            ("login", "root"),
            ("display_name", "Root"),
            ("password", PASSWORD),
            ("password_again", PASSWORD),
        ];
        self.post("/setup", &fields, StatusCode::SEE_OTHER).await.map(|_| ())
    }

    /// A connection with a credential; recording is the default, masked text.
    pub async fn make_connection(
        &mut self,
        form: &str,
        name: &str,
        base_url: &str,
        masking: bool,
    ) -> Result<(), Fault> {
        let mut fields = vec![
            ("name", name),
            ("description", "load"),
            ("base_url", base_url),
            ("credential_kind", "bearer"),
            ("secret", "the-mock-models-own-key"),
            ("groups", "*"),
            ("recording", "masked_text"),
            // Idle streams are silent for longer than the default.
            ("idle_ms", "600000"),
            ("enabled", "on"),
        ];
        if masking {
            fields.extend([("mask_prompt", "on"), ("mask_response", "on")]);
        }
        self.post(form, &fields, StatusCode::SEE_OTHER).await.map(|_| ())
    }

    pub async fn make_token(&mut self) -> Result<String, Fault> {
        let fields = [("label", "load"), ("lifetime_seconds", "28800"), ("max_uses", "")];
        self.post("/connect", &fields, StatusCode::SEE_OTHER).await?;
        // Shown once, on the page the form leads to.
        let page = self.page("/connect?done=token-made").await?;
        let found = page.match_indices("cs_").find_map(|(at, _)| {
            let token = page.get(at..at + TOKEN_LENGTH)?;
            token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)).then_some(token)
        });
        found.map(str::to_owned).ok_or_else(|| "the page that should show the token does not".into())
    }

    async fn page(&self, path: &str) -> Result<String, Fault> {
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = Request::get(format!("http://{}{path}", self.at))
            .header(header::COOKIE, cookies.join("; "))
            .body(Full::new(Bytes::new()))?;
        let body = self.sender.request(request).await?.into_body().collect().await?.to_bytes();
        Ok(String::from_utf8_lossy(&body).into_owned())
    }

    async fn post(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        expected: StatusCode,
    ) -> Result<String, Fault> {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        // The gateway knows its public address as `localhost`, and refuses posts from elsewhere.
        let origin = format!("http://localhost:{}", self.at.port());
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = Request::post(format!("http://{}{path}", self.at))
            .header(header::ORIGIN, origin)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::COOKIE, cookies.join("; "))
            .body(Full::new(Bytes::from(body)))?;
        let response = self.sender.request(request).await?;
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let pair = cookie.to_str()?.split(';').next().unwrap_or_default();
            if let Some((name, value)) = pair.split_once('=') {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let status = response.status();
        let body = response.into_body().collect().await?.to_bytes();
        if status == expected {
            Ok(String::from_utf8_lossy(&body).into_owned())
        } else {
            Err(format!("{path} answered {status} instead of {expected}").into())
        }
    }
}

/// New connections are in use within a second; waits for it.
pub async fn await_connections(lanes: &[Lane]) -> Result<(), Fault> {
    let sender = lane::sender();
    let body = prompts::ask(prompts::WHOLE);
    for lane in lanes {
        let mut last = Ok(Bytes::new());
        for _ in 0..100 {
            last = lane::whole(&sender, lane.request(&body)).await;
            if last.is_ok() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        last.map_err(|error| format!("{}: {error}", lane.name))?;
    }
    Ok(())
}
