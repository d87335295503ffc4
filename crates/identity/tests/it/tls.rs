//! TLS to issuers: a certificate is believed when its authority is trusted and its name is right, and not otherwise.

use std::{
    io::{Read, Write},
    net::TcpListener,
    sync::Arc,
    thread,
    time::Duration,
};

use countersign_identity::{Outbound, outbound::OutboundError};
use openidconnect::HttpResponse;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};

/// An https server for `name`: its port and its certificate in PEM.
fn serve(name: &str) -> (u16, String) {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed([name.to_owned()]).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut tls = StreamOwned::new(ServerConnection::new(Arc::clone(&config)).unwrap(), stream);
            // A client that refuses the certificate ends the handshake here.
            if tls.read(&mut [0; 2048]).is_ok_and(|read| read > 0) {
                let _ = tls.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok");
                tls.conn.send_close_notify();
                let _ = tls.flush();
            }
        }
    });
    (port, cert.pem())
}

async fn get(trusted: &str, url: &str) -> Result<HttpResponse, OutboundError> {
    let outbound = Outbound::new(Duration::from_secs(3), trusted.as_bytes()).unwrap();
    outbound.send(http::Request::get(url).body(Vec::new()).unwrap()).await
}

#[tokio::test]
async fn only_trusted_certificates_with_the_right_name_are_believed() {
    let (port, certificate) = serve("localhost");
    let answer = get(&certificate, &format!("https://localhost:{port}/")).await.unwrap();
    assert_eq!(answer.body(), b"ok");
    let stranger = get("", &format!("https://localhost:{port}/")).await;
    assert!(matches!(stranger, Err(OutboundError::Connection(_))), "{stranger:?}");
    let other_name = get(&certificate, &format!("https://127.0.0.1:{port}/")).await;
    assert!(matches!(other_name, Err(OutboundError::Connection(_))), "{other_name:?}");
}

#[tokio::test]
async fn plain_http_goes_to_loopback_only_and_certificates_must_be_readable() {
    for url in [
        "http://idp.example/",
        "http://169.254.169.254/latest/meta-data",
        "http://10.0.0.1/",
        "ftp://localhost/",
    ] {
        assert!(matches!(get("", url).await, Err(OutboundError::Forbidden(_))), "{url}");
    }
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    assert!(matches!(
        Outbound::new(Duration::from_secs(1), broken.as_bytes()),
        Err(OutboundError::Certificate)
    ));
}
