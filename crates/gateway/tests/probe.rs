//! A connection test names the step that fails: each kind of trouble is a server of its own here.
#![expect(clippy::unwrap_used, reason = "a test: what fails to build its scene fails the test")]

use std::sync::Arc;

use countersign_gateway::{directory::Route, probe::probe, tls};
use countersign_model::{
    ConnectionId, Secret, Timestamp,
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
    Route::new(connection, secret.map(|secret| Secret::new(secret.to_owned())))
}

async fn tested(base_url: String, secret: Option<&str>) -> TestReport {
    probe(&route(base_url, secret), &tls::client_config().unwrap()).await
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

#[expect(clippy::disallowed_methods, reason = "a test's server ends with the test")]
fn serve(listener: TcpListener, answer: String) {
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
            let text = String::from_utf8_lossy(&head).to_lowercase();
            let answer =
                if answer.contains("{echo}") { answer.replace("{echo}", &text) } else { answer.clone() };
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
}

#[tokio::test]
async fn a_name_that_does_not_resolve_fails_at_dns() {
    let report = tested("http://no-such-host.invalid/v1".into(), None).await;
    assert_eq!(failed_at(&report), Some(TestStep::Dns));
    assert_eq!(report.steps.len(), 1, "nothing after the failure");
}

#[tokio::test]
async fn a_closed_port_fails_at_tcp() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    assert_eq!(failed_at(&tested(format!("http://{address}"), None).await), Some(TestStep::Tcp));
}

#[tokio::test]
async fn tls_against_a_plain_port_fails_at_tls() {
    let plain = answering(http("200 OK", MODELS)).await;
    let report = tested(plain.replace("http://", "https://"), None).await;
    assert_eq!(failed_at(&report), Some(TestStep::Tls));
}

#[tokio::test]
async fn a_certificate_nobody_vouches_for_fails_at_tls() {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
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
    let report = tokio::select! {
        report = tested(format!("https://localhost:{port}/v1"), None) => report,
        () = server => unreachable!("the server waits for ever"),
    };
    assert_eq!(failed_at(&report), Some(TestStep::Tls), "{report:?}");
}

#[tokio::test]
async fn a_refused_key_fails_at_auth_and_is_not_shown() {
    let base = answering(http("401 Unauthorized", r#"{"error":"bad key {echo}"}"#)).await;
    let report = tested(base, Some("sk-very-secret")).await;
    assert_eq!(failed_at(&report), Some(TestStep::Auth));
    assert!(!format!("{report:?}").contains("sk-very-secret"));
}

#[tokio::test]
async fn another_kind_of_server_fails_at_protocol() {
    let html = tested(answering(http("200 OK", "<html>It works</html>")).await, None).await;
    assert_eq!(failed_at(&html), Some(TestStep::Protocol));
    let missing = tested(answering(http("404 Not Found", "{}")).await, None).await;
    assert_eq!(failed_at(&missing), Some(TestStep::Protocol));
    let not_http = tested(answering("220 mail.example ESMTP\r\n".into()).await, None).await;
    assert_eq!(failed_at(&not_http), Some(TestStep::Protocol));
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
