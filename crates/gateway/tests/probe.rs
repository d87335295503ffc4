//! A connection test names the step that fails: each kind of trouble is a server of its own here.
#![expect(clippy::unwrap_used, reason = "a test: what fails to build its scene fails the test")]

use std::sync::Arc;

use countersign_gateway::{
    directory::{Detection, Route},
    probe::probe,
    tls,
};
use countersign_model::{
    ConnectionId, Secret, Timestamp,
    analyzer::{AnalyzerSettings, Hundredths, WhenItFails},
    connection::{
        Connection, ConnectionSettings, CredentialKind, Limits, Masking, Recording, TestReport, TestStep,
        Uninspected,
    },
};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::pki_types::PrivatePkcs8KeyDer;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

const MODELS: &str = r#"{"object":"list","data":[{"id":"tiny"},{"id":"small"}]}"#;

fn route(base_url: String, secret: Option<&str>) -> Route {
    let settings = ConnectionSettings {
        name: "m".into(),
        description: String::new(),
        base_url,
        credential: secret.map_or(CredentialKind::None, |_| CredentialKind::Bearer),
        groups: vec![],
        limits: Limits { connect_ms: 500, first_byte_ms: 1_000, ..Limits::default() },
        recording: Recording::MaskedText,
        masking: Masking::default(),
        uninspected: Uninspected::Refuse,
        analyzer: None,
        enabled: true,
    };
    let connection = Connection {
        id: ConnectionId::from_uuid("0193a000-0000-7000-8000-000000000001".parse().unwrap()),
        settings,
        version: 1,
        has_secret: secret.is_some(),
        created_at: Timestamp(0),
        updated_at: Timestamp(0),
    };
    Route::new(connection, secret.map(|secret| Secret::new(secret.to_owned())), Detection::standard())
}

async fn tested(base_url: String, secret: Option<&str>) -> TestReport {
    probe(&route(base_url, secret), &tls::client_config().unwrap()).await
}

/// What was seen at the step that failed, and what to do.
fn told(report: &TestReport) -> (TestStep, String, String) {
    let step = report.steps.iter().find(|step| !step.ok).unwrap();
    (step.step, step.detail.clone(), step.advice.clone())
}

fn failed_at(report: &TestReport) -> Option<TestStep> {
    report.steps.iter().find(|step| !step.ok).map(|step| step.step)
}

/// A server that answers every request with these bytes, once it has read the request's head.
async fn answering(answer: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    serve(listener, answer);
    format!("http://{address}/v1")
}

fn serve(listener: TcpListener, answer: String) {
    serve_with(listener, move |head| {
        if answer.contains("{echo}") { answer.replace("{echo}", head) } else { answer.clone() }
    });
}

#[expect(clippy::disallowed_methods, reason = "a test's server ends with the test")]
fn serve_with(listener: TcpListener, answer: impl Fn(&str) -> String + Send + 'static) {
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut head = Vec::new();
            while !head.windows(4).any(|window| window == b"\r\n\r\n") {
                let mut piece = [0; 1024];
                match socket.read(&mut piece).await {
                    Ok(0) | Err(_) => break,
                    Ok(read) => head.extend_from_slice(&piece[..read]),
                }
            }
            let answer = answer(&String::from_utf8_lossy(&head).to_lowercase());
            let _ = socket.write_all(answer.as_bytes()).await;
        }
    });
}

fn http(status: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

#[tokio::test]
async fn a_good_server_passes_every_step_and_names_its_models() {
    let report = tested(answering(http("200 OK", MODELS)).await, None).await;
    assert!(report.passed(), "{report:?}");
    assert_eq!(report.steps.len(), 5);
    assert_eq!(report.models, ["tiny", "small"]);
    assert!(report.steps.iter().all(|step| step.advice.is_empty()), "{report:?}");
}

#[tokio::test]
async fn a_name_that_does_not_resolve_fails_at_dns() {
    let report = tested("http://no-such-host.invalid/v1".into(), None).await;
    assert_eq!(failed_at(&report), Some(TestStep::Dns));
    assert_eq!(report.steps.len(), 1, "nothing after the failure");
    assert!(told(&report).1.contains("no-such-host.invalid"), "{report:?}");
}

#[tokio::test]
async fn a_closed_port_fails_at_tcp() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let (step, seen, todo) = told(&tested(format!("http://{address}"), None).await);
    assert_eq!(step, TestStep::Tcp);
    assert!(seen.starts_with(&format!("Nothing listens at {address}")), "{seen}");
    assert!(todo.contains("the gateway itself runs on"), "{todo}");
}

#[tokio::test]
async fn tls_against_a_plain_port_fails_at_tls() {
    let plain = answering(http("200 OK", MODELS)).await;
    let report = tested(plain.replace("http://", "https://"), None).await;
    let (step, seen, todo) = told(&report);
    assert_eq!(step, TestStep::Tls);
    // It waits for the end of a head that never comes.
    assert!(seen.starts_with("No handshake within 500 ms") && todo.contains("http://"), "{seen} {todo}");
}

#[tokio::test]
async fn a_server_that_answers_a_handshake_in_plain_words_is_told_to_be_no_tls() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("https://{}/v1", listener.local_addr().unwrap());
    let server = async {
        let (mut socket, _): (TcpStream, _) = listener.accept().await.unwrap();
        socket.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
        std::future::pending::<()>().await;
    };
    let report = tokio::select! {
        report = tested(base, None) => report,
        () = server => unreachable!("the server waits for ever"),
    };
    let (step, seen, todo) = told(&report);
    assert_eq!((step, seen.as_str()), (TestStep::Tls, "What answers at this port is not TLS."));
    assert!(todo.contains("http://"), "{todo}");
}

#[tokio::test]
async fn a_certificate_nobody_vouches_for_fails_at_tls() {
    let report = over_tls("localhost").await;
    let (step, seen, todo) = told(&report);
    assert_eq!(step, TestStep::Tls, "{report:?}");
    assert!(seen.contains("vouches"), "{seen}");
    assert!(todo.contains("SSL_CERT_FILE"), "{todo}");
}

#[tokio::test]
async fn http_to_a_tls_port_is_told_to_be_https() {
    let html = "<html>The plain HTTP request was sent to HTTPS port</html>";
    let nginx = tested(answering(http("400 Bad Request", html)).await, None).await;
    assert_eq!(told(&nginx).1, "The server wants HTTPS, and the base URL says http.");
    // The alert that others answer with.
    let alert = tested(answering("\u{15}\u{3}\u{1}\0\u{2}\u{2}\n".into()).await, None).await;
    let (step, seen, todo) = told(&alert);
    assert_eq!(step, TestStep::Protocol);
    assert!(seen.contains("does not speak HTTP/1.1") && todo.contains("https://"), "{seen} {todo}");
    let hung = tested(answering(String::new()).await, None).await;
    let (step, seen, todo) = told(&hung);
    assert_eq!(step, TestStep::Protocol);
    assert!(seen.contains("closed the connection") && todo.contains("https://"), "{seen} {todo}");
}

/// A test of a server with a certificate of its own making for this name.
async fn over_tls(name: &str) -> TestReport {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed([name.to_owned()]).unwrap();
    let key = PrivatePkcs8KeyDer::from(signing_key.serialize_der());
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key.into())
        .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = async {
        let (socket, _): (TcpStream, _) = listener.accept().await.unwrap();
        let _ = acceptor.accept(socket).await;
        std::future::pending::<()>().await;
    };
    tokio::select! {
        report = tested(format!("https://localhost:{port}/v1"), None) => report,
        () = server => unreachable!("the server waits for ever"),
    }
}

#[tokio::test]
async fn a_refused_key_fails_at_auth_and_is_not_shown() {
    let base = answering(http("401 Unauthorized", r#"{"error":"bad key {echo}"}"#)).await;
    let report = tested(base, Some("sk-very-secret")).await;
    assert_eq!(failed_at(&report), Some(TestStep::Auth));
    assert!(!format!("{report:?}").contains("sk-very-secret"));
    assert!(told(&report).1.contains("refuses the stored credential (HTTP 401)"), "{report:?}");
}

#[tokio::test]
async fn no_credential_a_forbidden_one_and_one_that_is_missing_are_told_apart() {
    let wanted = tested(answering(http("401 Unauthorized", "{}")).await, None).await;
    let forbidden = tested(answering(http("403 Forbidden", "{}")).await, Some("sk-secret")).await;
    let base = answering(http("200 OK", MODELS)).await;
    let mut without = route(base, Some("sk-secret"));
    without.secret = None;
    let missing = probe(&without, &tls::client_config().unwrap()).await;
    let told: Vec<_> = [&wanted, &forbidden, &missing].into_iter().map(told).collect();
    assert!(told.iter().all(|(step, ..)| *step == TestStep::Auth), "{told:?}");
    assert!(told[0].1.contains("wants a credential"), "{told:?}");
    assert!(told[1].1.contains("forbids the call"), "{told:?}");
    assert!(told[2].1.contains("none is stored"), "{told:?}");
}

#[tokio::test]
async fn another_kind_of_server_fails_at_protocol() {
    let html = tested(answering(http("200 OK", "<html>It works</html>")).await, None).await;
    assert_eq!(failed_at(&html), Some(TestStep::Protocol));
    let missing = tested(answering(http("404 Not Found", "{}")).await, None).await;
    assert_eq!(failed_at(&missing), Some(TestStep::Protocol));
    let not_http = tested(answering("220 mail.example ESMTP\r\n".into()).await, None).await;
    assert_eq!(failed_at(&not_http), Some(TestStep::Protocol));
    let down = tested(answering(http("503 Service Unavailable", "{}")).await, None).await;
    let moved =
        "HTTP/1.1 301 Moved\r\nlocation: https://models.example/v1/models?a=1\r\ncontent-length: 0\r\n\r\n";
    let moved = tested(answering(moved.into()).await, None).await;
    let json = tested(answering(http("200 OK", "{}")).await, None).await;
    let seen: Vec<_> =
        [&html, &missing, &down, &moved, &json].into_iter().map(|report| told(report).1).collect();
    for (seen, words) in seen.iter().zip([
        "a web page",
        "no list of models at /v1/models",
        "is there, but fails (HTTP 503)",
        "on to https://models.example/v1/models (HTTP 301)",
        "not with a list of models",
    ]) {
        assert!(seen.contains(words), "{seen}");
    }
}

/// A server that has its list of models at one path, and at no other.
async fn listing_at(path: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (yes, no) = (http("200 OK", MODELS), http("404 Not Found", "{}"));
    serve_with(
        listener,
        move |head| {
            if head.starts_with(&format!("get {path} ")) { yes.clone() } else { no.clone() }
        },
    );
    format!("http://{address}")
}

#[tokio::test]
async fn a_base_url_without_its_v1_passes_and_is_told() {
    let base = listing_at("/v1/models").await;
    let bare = tested(base.clone(), None).await;
    assert!(bare.passed() && bare.steps.iter().all(|step| step.advice.is_empty()), "{bare:?}");
    let base = listing_at("/llama/v1/models").await;
    let below = tested(format!("{base}/llama"), None).await;
    assert!(below.passed(), "{below:?}");
    let advice = &below.steps.last().unwrap().advice;
    assert!(advice.contains("/llama/v1/models") && advice.contains("…/c/m/v1"), "{advice}");
    let nowhere = tested(format!("{base}/elsewhere"), None).await;
    assert!(told(&nowhere).1.contains("/elsewhere/models or /elsewhere/v1/models"), "{nowhere:?}");
}

#[tokio::test]
async fn a_server_that_accepts_and_stays_silent_is_told_from_one_that_is_not_there() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/v1", listener.local_addr().unwrap());
    let hold = async {
        let _kept = listener.accept().await.unwrap();
        std::future::pending::<()>().await;
    };
    let report = tokio::select! {
        report = tested(base, None) => report,
        () = hold => unreachable!("it holds for ever"),
    };
    assert_eq!(failed_at(&report), Some(TestStep::Protocol));
    assert!(report.steps.last().unwrap().detail.contains("no HTTP answer"), "{report:?}");
}

/// The steps of an analyzer's test, and what the last of them says.
async fn analyzed(url: String) -> (Vec<TestStep>, bool, String, String) {
    let mut route = route(answering(http("200 OK", MODELS)).await, None);
    route.connection.settings.analyzer = Some(AnalyzerSettings {
        url,
        language: "en".into(),
        score: Hundredths::default(),
        entities: vec![],
        timeout_ms: 1_000,
        when_it_fails: WhenItFails::Closed,
    });
    let report = probe(&route, &tls::client_config().unwrap()).await;
    assert!(report.steps.iter().all(|step| step.ok), "{report:?}");
    let last = report.analyzer.last().unwrap().clone();
    assert_eq!(report.passed(), last.ok);
    (report.analyzer.iter().map(|step| step.step).collect(), last.ok, last.detail, last.advice)
}

#[tokio::test]
async fn an_analyzer_is_tested_with_the_connection_and_its_troubles_are_told_apart() {
    use TestStep::{Dns, Protocol, Tcp, Tls};
    let body = |start: u32, end: u32| {
        format!(r#"[{{"entity_type":"EMAIL_ADDRESS","start":{start},"end":{end},"score":1.0}}]"#)
    };
    let good = analyzed(answering(http("200 OK", &body(18, 38))).await).await;
    assert_eq!((good.0, good.1), (vec![Dns, Tcp, Tls, Protocol], true));
    assert!(analyzed(answering(http("200 OK", "[]")).await).await.2.contains("did not name one"));
    // One that counts in UTF-16, and one that counts bytes beyond the end.
    for wrong in [body(19, 39), body(21, 80)] {
        let (_, ok, seen, _) = analyzed(answering(http("200 OK", &wrong)).await).await;
        assert!(!ok && seen.contains("places that are not in the text"), "{seen}");
    }
    for (status, body, said) in [
        ("200 OK", "{}", "not with a list of findings"),
        ("404 Not Found", "", "There is no analyzer at /v1/analyze."),
        ("500 X", r#"{"error":"No matching recognizers"}"#, "The analyzer is there, but answers HTTP 500."),
        ("401 X", "", "The analyzer wants a credential"),
        ("302 Found", "", "sends callers on to another address"),
        (
            "400 X",
            "The plain HTTP request was sent to HTTPS port",
            "wants HTTPS, and the analyzer’s URL says http",
        ),
    ] {
        let (steps, ok, seen, advice) = analyzed(answering(http(status, body)).await).await;
        assert!(!ok && steps.last() == Some(&Protocol) && seen.contains(said), "{status}: {seen}");
        assert!(!advice.is_empty() && !seen.contains("recognizers"), "{advice}");
    }
    let gone = analyzed("http://127.0.0.1:1".into()).await;
    assert!(gone.0 == [Dns, Tcp] && gone.2.contains("refused"), "{gone:?}");
    let plain = answering(http("200 OK", "[]")).await.replace("http://", "https://");
    let (steps, _, _, advice) = analyzed(plain).await;
    assert!(steps == [Dns, Tcp, Tls] && advice.contains("begin the analyzer’s URL with http://"), "{advice}");
    assert_eq!(analyzed("http://no-such-host.invalid".into()).await.0, [Dns]);
}
