//! The browser's files: hashed names under `/pkg/`, cached for a year; the favicon. From the site folder while
//! developing, from inside the binary in a release.

use std::{borrow::Cow, path::PathBuf};

use app::context::{DetectorAssets, SiteAssets};
use axum::{
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;

use super::security::WORKER_POLICY;

#[cfg(feature = "embed")]
#[derive(rust_embed::RustEmbed)]
#[folder = "../site"]
#[exclude = ".*"]
struct Embedded;

/// Where the files are.
#[derive(Debug, Clone)]
pub struct Files {
    folder: PathBuf,
}

#[derive(Deserialize)]
struct Manifest {
    js: String,
    wasm: String,
    css: String,
    worker: String,
    detector: String,
}

impl Files {
    /// Over a folder; a release ignores it.
    pub const fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Names of the files of this build. Without them the pages work, unstyled and without a script.
    pub fn assets(&self) -> SiteAssets {
        let manifest =
            self.read("manifest.json").and_then(|bytes| serde_json::from_slice::<Manifest>(&bytes).ok());
        let Some(manifest) = manifest else {
            tracing::warn!("the built pages are not there: run `cargo xtask build`");
            return SiteAssets::default();
        };
        SiteAssets {
            js: format!("/pkg/{}", manifest.js),
            wasm: format!("/pkg/{}", manifest.wasm),
            css: format!("/pkg/{}", manifest.css),
            detector: DetectorAssets {
                script: format!("/pkg/{}", manifest.worker),
                module: format!("/pkg/{}", manifest.detector),
            },
        }
    }

    #[cfg(feature = "embed")]
    fn read(&self, name: &str) -> Option<Cow<'static, [u8]>> {
        let _ = &self.folder;
        Embedded::get(name).map(|file| file.data)
    }

    #[cfg(not(feature = "embed"))]
    fn read(&self, name: &str) -> Option<Cow<'static, [u8]>> {
        std::fs::read(self.folder.join(name)).ok().map(Cow::Owned)
    }
}

/// `/pkg/<file>`.
pub async fn package(State(files): State<Files>, Path(name): Path<String>, headers: HeaderMap) -> Response {
    let plain =
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
    if !plain || name.contains("..") {
        return StatusCode::NOT_FOUND.into_response();
    }
    serve(&files, &format!("pkg/{name}"), &headers, "public, max-age=31536000, immutable")
}

/// `/favicon.svg`, which has no hash in its name.
pub async fn favicon(State(files): State<Files>, headers: HeaderMap) -> Response {
    serve(&files, "favicon.svg", &headers, "public, max-age=86400")
}

fn serve(files: &Files, name: &str, headers: &HeaderMap, cache: &'static str) -> Response {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or("");
    for (coding, suffix) in [("br", ".br"), ("gzip", ".gz"), ("", "")] {
        if !coding.is_empty()
            && !accepted.split(',').any(|part| part.split(';').next().unwrap_or("").trim() == coding)
        {
            continue;
        }
        let Some(bytes) = files.read(&format!("{name}{suffix}")) else { continue };
        let mut response = Response::new(Body::from(bytes.into_owned()));
        let map = response.headers_mut();
        map.insert(
            header::CONTENT_TYPE,
            media_type(name).parse().unwrap_or(header::HeaderValue::from_static("")),
        );
        map.insert(header::CACHE_CONTROL, header::HeaderValue::from_static(cache));
        if name.starts_with("pkg/worker.") {
            map.insert(header::CONTENT_SECURITY_POLICY, header::HeaderValue::from_static(WORKER_POLICY));
        }
        map.insert(header::VARY, header::HeaderValue::from_static("accept-encoding"));
        if !coding.is_empty() {
            map.insert(header::CONTENT_ENCODING, header::HeaderValue::from_static(coding));
        }
        return response;
    }
    StatusCode::NOT_FOUND.into_response()
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("js") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("json") => "application/json",
        _ => "application/octet-stream",
    }
}
