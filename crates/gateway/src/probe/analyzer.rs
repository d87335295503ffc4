//! The test of a connection's analyzer: the same steps, and one question about a sentence of ours, never of a caller's.

use std::time::{Duration, Instant};

use bytes::Bytes;
use countersign_detect::Foreign;
use countersign_model::{
    analyzer::AnalyzerSettings,
    connection::{StepReport, TestStep},
};
use http::{Method, Request, StatusCode, header};
use http_body_util::Full;
use rustls::ClientConfig;
use url::Url;

use super::{
    ANALYZER_URL, ANSWER_WAIT,
    exchange::exchange,
    steps::Steps,
    trouble::Trouble,
    way::{Place, Stream, Way},
};
use crate::{analyzer, headers};

/// What it is asked about: with a character of two units in UTF-16 and of four bytes, so that an analyzer that counts in
/// something else than characters gives itself away.
const SAMPLE: &str = "\u{1F600} Please write to ana.lima@example.com about it.";
/// Where the address stands in it, in characters.
const ADDRESS: (u64, u64) = (18, 38);

pub(super) async fn probe(
    settings: &AnalyzerSettings,
    connect: Duration,
    tls: &ClientConfig,
) -> Vec<StepReport> {
    let mut steps = Steps::of(ANALYZER_URL);
    let began = Instant::now();
    match Place::of(&settings.url) {
        Some(place) => {
            let way = Way { place, wait: connect.min(wait(settings)), tls, called: ANALYZER_URL };
            // The step that failed is the last one there.
            let _ended = walk(settings, &way, &mut steps).await;
        }
        None => steps.fail(&Trouble::NotAUrl, began),
    }
    steps.list()
}

fn wait(settings: &AnalyzerSettings) -> Duration {
    ANSWER_WAIT.min(Duration::from_millis(u64::from(settings.timeout_ms)))
}

async fn walk(settings: &AnalyzerSettings, way: &Way<'_>, steps: &mut Steps) -> Option<()> {
    let began = Instant::now();
    let addresses = steps.step(TestStep::Dns, began, way.resolve().await)?;
    let began = Instant::now();
    let socket = steps.step(TestStep::Tcp, began, way.dial(&addresses).await)?;
    let began = Instant::now();
    let stream = steps.step(TestStep::Tls, began, way.secure(socket).await)?;
    let began = Instant::now();
    steps.step(TestStep::Protocol, began, asked(settings, way, stream).await)
}

async fn asked(
    settings: &AnalyzerSettings,
    way: &Way<'_>,
    stream: Box<dyn Stream>,
) -> Result<((), String), Trouble> {
    let request = request(settings).ok_or(Trouble::NotAUrl)?;
    let (path, wait) = (request.uri().path().to_owned(), wait(settings));
    let talk = exchange(request, stream, way.place.https, analyzer::answer_max(SAMPLE));
    let (status, _, body) =
        tokio::time::timeout(wait, talk).await.map_err(|_| Trouble::Silent { wait })??;
    match status {
        StatusCode::OK => understood(&body),
        _ if status.is_redirection() => Err(Trouble::Redirected { status, to: None }),
        StatusCode::BAD_REQUEST
            if !way.place.https && String::from_utf8_lossy(&body).to_ascii_lowercase().contains("https") =>
        {
            Err(Trouble::HttpsWanted)
        }
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => Err(Trouble::NoAnalyzer { path }),
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(Trouble::AnalyzerLocked { status }),
        _ => Err(Trouble::AnalyzerFails { status }),
    }
}

/// What it says of the sample.
fn understood(body: &Bytes) -> Result<((), String), Trouble> {
    let said = analyzer::findings(body).ok_or(Trouble::NoFindings)?;
    Foreign::of(SAMPLE, &said).map_err(|_| Trouble::Misplaced)?;
    let address = said.iter().find(|found| found.kind == "EMAIL_ADDRESS");
    match address {
        Some(found) if (found.start, found.end) == ADDRESS => {
            Ok(((), "It answers like Presidio, and found the address in a sentence of ours.".to_owned()))
        }
        Some(_) => Err(Trouble::Misplaced),
        None => Ok((
            (),
            "It answers like Presidio. It was asked about a sentence with an e-mail address and did not name one."
                .to_owned(),
        )),
    }
}

fn request(settings: &AnalyzerSettings) -> Option<Request<Full<Bytes>>> {
    let url = Url::parse(&settings.address()).ok()?;
    let mut request = Request::new(Full::new(analyzer::question(settings, SAMPLE)));
    *request.method_mut() = Method::POST;
    *request.uri_mut() = url.path().parse().ok()?;
    let host = &url[url::Position::BeforeHost..url::Position::AfterPort];
    let sent = request.headers_mut();
    sent.insert(header::HOST, headers::value(host));
    sent.insert(header::CONTENT_TYPE, headers::value("application/json"));
    sent.insert(header::ACCEPT, headers::value("application/json"));
    sent.insert(header::USER_AGENT, headers::value("countersign-test"));
    Some(request)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_stands_where_it_is_said_to() {
        let found: String =
            SAMPLE.chars().skip(ADDRESS.0 as usize).take((ADDRESS.1 - ADDRESS.0) as usize).collect();
        assert_eq!(found, "ana.lima@example.com");
    }
}
