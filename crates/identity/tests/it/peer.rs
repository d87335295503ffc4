//! `oidc-provider` as a child process, and a browser that is just enough for it.

use std::{
    collections::HashMap,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use countersign_identity::Outbound;
use openidconnect::HttpResponse;
use url::Url;

use crate::scene::outbound;

pub const CALLBACK: &str = "http://127.0.0.1:3000/auth/callback";
pub const AFTER_LOGOUT: &str = "http://127.0.0.1:3000/";

/// A running provider; ends with the value, and with this process however that ends.
pub struct Peer {
    pub url: String,
    child: Child,
}

impl Peer {
    /// `port` 0 takes a free one.
    pub fn start(port: u16, environment: &[(&str, &str)]) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../end2end/oidc");
        assert!(
            folder.join("node_modules/oidc-provider").exists(),
            "the test provider is not installed: run `npm ci` in end2end/oidc (cargo xtask test does it)"
        );
        let mut child = Command::new("node")
            .arg("provider.mjs")
            .current_dir(folder)
            .env("PORT", port.to_string())
            .env("EXIT_WITH_STDIN", "1")
            .env("REDIRECT_URIS", CALLBACK)
            .env("POST_LOGOUT_REDIRECT_URIS", AFTER_LOGOUT)
            .envs(environment.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("node (20 or later) starts the test provider");
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let url = lines
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix("listening ").map(str::to_owned))
            .expect("the test provider says where it listens");
        Self { url, child }
    }

    /// One of the provider's test switches.
    pub async fn control(&self, path_and_query: &str) {
        let answer = send(&outbound(), "POST", &format!("{}{path_and_query}", self.url), &[], "").await;
        assert_eq!(answer.status(), 200);
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub async fn send(
    outbound: &Outbound,
    method: &str,
    url: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> HttpResponse {
    let mut request = http::Request::builder().method(method).uri(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    outbound.send(request.body(body.as_bytes().to_vec()).unwrap()).await.unwrap()
}

/// Cookies and redirects; forms are sent by hand.
#[derive(Default)]
pub struct Browser {
    cookies: HashMap<String, String>,
}

/// Where a walk ended.
#[derive(Debug)]
pub enum Stop {
    /// The provider sent us back to our own site.
    Back(Url),
    /// A page to read.
    Page(Url, String),
}

impl Stop {
    /// The query that our site receives.
    pub fn query(self) -> String {
        match self {
            Self::Back(url) => url.query().unwrap_or_default().to_owned(),
            Self::Page(url, body) => panic!("a page at {url}: {body}"),
        }
    }
}

impl Browser {
    pub async fn get(&mut self, url: &Url) -> Stop {
        self.walk("GET", url.clone(), "").await
    }

    pub async fn post(&mut self, url: &Url, form: &str) -> Stop {
        self.walk("POST", url.clone(), form).await
    }

    async fn walk(&mut self, method: &str, mut url: Url, form: &str) -> Stop {
        let outbound = outbound();
        let (mut method, mut form) = (method, form);
        for _ in 0..10 {
            let jar: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let jar = jar.join("; ");
            let mut headers = vec![("cookie", jar.as_str())];
            if method == "POST" {
                headers.push(("content-type", "application/x-www-form-urlencoded"));
            }
            let answer = send(&outbound, method, url.as_str(), &headers, form).await;
            for cookie in answer.headers().get_all("set-cookie") {
                let (name, value) =
                    cookie.to_str().unwrap().split(';').next().unwrap().split_once('=').unwrap();
                self.cookies.insert(name.into(), value.into());
            }
            let Some(next) = answer.headers().get("location") else {
                return Stop::Page(url, String::from_utf8_lossy(answer.body()).into_owned());
            };
            url = url.join(next.to_str().unwrap()).unwrap();
            if url.as_str().starts_with(AFTER_LOGOUT) {
                return Stop::Back(url);
            }
            (method, form) = ("GET", "");
        }
        panic!("too many redirects: {url}");
    }
}
