//! Everything a connection test can run into: which step it is, what was seen, and what an administrator can do about it.
//!
//! A sentence says what was seen, never the credential or the server's own text. An advice is about this trouble, not about
//! the step.

use std::{io, net::SocketAddr, time::Duration};

use countersign_model::{Timestamp, connection::TestStep};
use http::StatusCode;
use rustls::{AlertDescription, CertificateError, Error as TlsError, pki_types::UnixTime};

/// Why an address could not be connected to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Miss {
    Refused,
    Silent(Duration),
    NoRoute,
    Other(String),
}

impl Miss {
    pub(super) fn of(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::ConnectionRefused => Self::Refused,
            io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => Self::NoRoute,
            io::ErrorKind::TimedOut => Self::Silent(Duration::ZERO),
            _ => Self::Other(error.to_string()),
        }
    }
}

/// What stopped a test.
#[derive(Debug)]
pub(super) enum Trouble {
    NotAUrl,
    NoSuchName { host: String },
    NoNameServer { host: String },
    Unresolved { host: String, error: String },
    NameServerSilent { host: String, wait: Duration },
    Missed { tries: Vec<(SocketAddr, Miss)> },
    NotACertificateName { host: String },
    Handshake { host: String, error: io::Error },
    HandshakeSilent { wait: Duration },
    NoSecret,
    Unsendable,
    CredentialWanted { status: StatusCode },
    CredentialRefused { status: StatusCode },
    NotHttp { https: bool },
    Hung { https: bool },
    Silent { wait: Duration },
    BrokeOff,
    TooLarge,
    HttpsWanted,
    Redirected { status: StatusCode, to: Option<String> },
    NotFound { looked: Vec<String> },
    Busy,
    Ailing { status: StatusCode },
    Odd { status: StatusCode, path: String },
    WebPage { path: String },
    NoList { path: String },
    NoAnalyzer { path: String },
    AnalyzerLocked { status: StatusCode },
    AnalyzerFails { status: StatusCode },
    NoFindings,
    Misplaced,
}

impl Trouble {
    /// The step that failed.
    pub(super) const fn step(&self) -> TestStep {
        match self {
            Self::NotAUrl
            | Self::NoSuchName { .. }
            | Self::NoNameServer { .. }
            | Self::Unresolved { .. }
            | Self::NameServerSilent { .. } => TestStep::Dns,
            Self::Missed { .. } => TestStep::Tcp,
            Self::NotACertificateName { .. } | Self::Handshake { .. } | Self::HandshakeSilent { .. } => {
                TestStep::Tls
            }
            Self::NoSecret
            | Self::Unsendable
            | Self::CredentialWanted { .. }
            | Self::CredentialRefused { .. } => TestStep::Auth,
            _ => TestStep::Protocol,
        }
    }

    /// The same about an address that the form calls otherwise.
    pub(super) fn words_about(&self, called: &str) -> (String, String) {
        let (seen, todo) = self.words();
        let about = |text: String| text.replace("base URL", called);
        (about(seen), about(todo))
    }

    /// What was seen, and what to do about it.
    pub(super) fn words(&self) -> (String, String) {
        let own = |seen: &str, todo: &str| (seen.to_owned(), todo.to_owned());
        match self {
            Self::NotAUrl => own("The base URL is not a URL.", "Write it like http://10.0.0.5:8000/v1."),
            Self::NoSuchName { host } => (
                format!("There is no host of the name {host}."),
                "Check the spelling in the base URL. A name of a private network has to be known to the machine (or container) the gateway runs on; its IP address works without.".into(),
            ),
            Self::NoNameServer { host } => (
                format!("No name server answered for {host}."),
                "The name may be right: the machine (or container) the gateway runs on reaches no name server just now. Check its network and resolver, or write the server's IP address.".into(),
            ),
            Self::Unresolved { host, error } => (
                format!("{host} could not be resolved: {error}."),
                "Check the spelling in the base URL and the resolver of the machine the gateway runs on.".into(),
            ),
            Self::NameServerSilent { host, wait } => (
                format!("No answer for {host} within {}.", span(*wait)),
                "The name server is slow or not reachable from the machine the gateway runs on. Check its resolver, or write the server's IP address.".into(),
            ),
            Self::Missed { tries } => missed(tries),
            Self::NotACertificateName { host } => (
                format!("{host} is not a name that a certificate can be for."),
                "Write a host name or an IP address in the base URL.".into(),
            ),
            Self::Handshake { host, error } => handshake(host, error),
            Self::HandshakeSilent { wait } => (
                format!("No handshake within {}.", span(*wait)),
                "The port may not speak TLS. If the server is meant to be reached in the clear, begin the base URL with http://.".into(),
            ),
            Self::NoSecret => own(
                "The connection is to send a credential, and none is stored.",
                "Type the secret once more and save, or set the credential to “none”.",
            ),
            Self::Unsendable => own(
                "The stored credential cannot be sent in a header.",
                "Store it again, without line breaks and characters outside ASCII.",
            ),
            Self::CredentialWanted { status } => (
                format!("The server wants a credential (HTTP {}), and the connection sends none.", status.as_u16()),
                "Choose how it is sent (most servers take a bearer token), type the key the server was started with, and save.".into(),
            ),
            Self::CredentialRefused { status: StatusCode::FORBIDDEN } => own(
                "The server knows the credential or does not say, and forbids the call (HTTP 403).",
                "The key may lack the right to list models or to use this server, or a proxy in front of it does not let the gateway's address in.",
            ),
            Self::CredentialRefused { status } => (
                format!("The server refuses the stored credential (HTTP {}).", status.as_u16()),
                "Replace the stored secret with the key the server expects today, and check whether it wants a bearer token or a header of its own.".into(),
            ),
            Self::NotHttp { https } => (
                "What answers at this port does not speak HTTP/1.1.".into(),
                if *https {
                    "Check the port: it may belong to another service.".into()
                } else {
                    "Check the port. If the server speaks HTTPS there, begin the base URL with https://.".into()
                },
            ),
            Self::Hung { https } => (
                "The server took the request and closed the connection without an answer.".into(),
                if *https {
                    "Look at the server's log: it may have crashed, or a proxy in front of it has nothing to pass to.".into()
                } else {
                    "If the server speaks HTTPS there, begin the base URL with https://. Else look at its log: it may have crashed.".into()
                },
            ),
            Self::Silent { wait } => (
                format!("Connected, but no HTTP answer within {}.", span(*wait)),
                "The server may still be loading its model: try again in a minute. Else check the port, which may belong to another service, and the server's log.".into(),
            ),
            Self::BrokeOff => own(
                "The answer broke off before its end.",
                "Look at the logs of the server and of any proxy between it and the gateway.",
            ),
            Self::TooLarge => own(
                "The list of models is larger than 1 MiB.",
                "Check that the base URL leads to the model server itself.",
            ),
            Self::HttpsWanted => own(
                "The server wants HTTPS, and the base URL says http.",
                "Begin the base URL with https://.",
            ),
            Self::Redirected { status, to } => (
                match to {
                    Some(to) => format!("The server sends callers on to {to} (HTTP {}).", status.as_u16()),
                    None => format!("The server sends callers on to another address (HTTP {}).", status.as_u16()),
                },
                "Redirects are not followed, because the credential would go along. Write the address it leads to as the base URL.".into(),
            ),
            Self::NotFound { looked } => (
                format!("There is no list of models at {}.", looked.join(" or ")),
                "Give the base URL the path that an OpenAI client would be given, usually /v1. If the server is of another kind and lists no models, callers can use it all the same.".into(),
            ),
            Self::Busy => own(
                "The server says that it gets too many requests (HTTP 429).",
                "It is there and takes the credential. Try again later, or raise its limits.",
            ),
            Self::Ailing { status } => (
                format!("The server is there, but fails (HTTP {}).", status.as_u16()),
                "It may still be loading its model, or a proxy in front of it has no server to pass to. Try again in a minute, then look at its log.".into(),
            ),
            Self::Odd { status, path } => (
                format!("GET {path} was answered with HTTP {}.", status.as_u16()),
                "That is no answer of an OpenAI-compatible server to this question. Check the base URL's path.".into(),
            ),
            Self::WebPage { path } => (
                format!("GET {path} was answered with a web page."),
                "The base URL leads to somebody's pages, not to an API: check host, port and path, or whether a proxy wants a sign-in first.".into(),
            ),
            Self::NoList { path } => (
                format!("GET {path} was answered, but not with a list of models."),
                "It is no OpenAI-compatible server, or the path is another one's. Check the base URL.".into(),
            ),
            Self::NoAnalyzer { path } => (
                format!("There is no analyzer at {path}."),
                "Write the address below which /analyze is, usually only host and port.".into(),
            ),
            Self::AnalyzerLocked { status } => (
                format!("The analyzer wants a credential (HTTP {}).", status.as_u16()),
                "The gateway has none for it. Let the gateway's address in, or ask it over a network of its own.".into(),
            ),
            Self::AnalyzerFails { status } => (
                format!("The analyzer is there, but answers HTTP {}.", status.as_u16()),
                "Presidio says 500 where it has nothing for the language or for the kinds that were asked for. Check both, then look at its log.".into(),
            ),
            Self::NoFindings => own(
                "It answered, but not with a list of findings.",
                "It is no analyzer like Presidio's, or the path is another one's. Each finding has entity_type, start, end and score.",
            ),
            Self::Misplaced => own(
                "It names places that are not in the text, or kinds that are no names.",
                "Places are counted in characters (Unicode code points); a kind is capitals, digits and underscores. Until it keeps to that, every answer of it counts as a failure.",
            ),
        }
    }
}

fn missed(tries: &[(SocketAddr, Miss)]) -> (String, String) {
    let names = |wanted: &dyn Fn(&Miss) -> bool| {
        let names: Vec<_> =
            tries.iter().filter(|(_, miss)| wanted(miss)).map(|(address, _)| address.to_string()).collect();
        names.join(" and ")
    };
    let refused = names(&|miss| *miss == Miss::Refused);
    let no_route = names(&|miss| *miss == Miss::NoRoute);
    let mut seen = Vec::new();
    if !refused.is_empty() {
        seen.push(format!("Nothing listens at {refused}: the connection was refused."));
    }
    for (address, miss) in tries {
        match miss {
            Miss::Silent(wait) if wait.is_zero() => seen.push(format!("No answer from {address}.")),
            Miss::Silent(wait) => seen.push(format!("No answer from {address} within {}.", span(*wait))),
            Miss::Other(error) => seen.push(format!("{address}: {error}.")),
            Miss::Refused | Miss::NoRoute => {}
        }
    }
    if !no_route.is_empty() {
        seen.push(format!("There is no route to {no_route}."));
    }
    let loopback = !tries.is_empty() && tries.iter().all(|(address, _)| address.ip().is_loopback());
    let silent = tries.iter().any(|(_, miss)| matches!(miss, Miss::Silent(_)));
    let advice = if loopback {
        "Check that the server runs and the port. This address is the machine (or container) the gateway itself runs on: for a server elsewhere, write that machine's name."
    } else if silent {
        "Usually a firewall that drops without a word, or a wrong address. Let the gateway's machine reach this port; if the way is only slow, raise the connection's limit “Connect”."
    } else if !refused.is_empty() {
        "Check that the server runs and the port. Many servers listen on 127.0.0.1 only, until they are started with --host 0.0.0.0."
    } else {
        "Check the address, and the network of the machine (or container) the gateway runs on."
    };
    (seen.join(" "), advice.to_owned())
}

fn handshake(host: &str, error: &io::Error) -> (String, String) {
    let tls = error.get_ref().and_then(|inner| inner.downcast_ref::<TlsError>());
    let Some(tls) = tls else {
        return (
            "The server closed the connection during the handshake.".into(),
            "The port may not speak TLS: if the server is meant to be reached in the clear, begin the base URL with http://.".into(),
        );
    };
    match tls {
        TlsError::InvalidCertificate(fault) => certificate(host, fault),
        TlsError::InvalidMessage(_) | TlsError::InappropriateMessage { .. } => (
            "What answers at this port is not TLS.".into(),
            "The server speaks plain HTTP there: begin the base URL with http://, or take its TLS port.".into(),
        ),
        TlsError::AlertReceived(AlertDescription::UnrecognisedName) => (
            format!("The server does not know itself by the name {host}."),
            "Write the name it is known by in the base URL.".into(),
        ),
        TlsError::AlertReceived(
            AlertDescription::CertificateRequired | AlertDescription::BadCertificate,
        ) => (
            "The server wants a certificate of the client.".into(),
            "Countersign has none to show. Put a proxy in between that does, or have the server ask for a key instead.".into(),
        ),
        TlsError::AlertReceived(AlertDescription::ProtocolVersion) | TlsError::PeerIncompatible(_) => (
            "The server and the gateway have no version of TLS, or no cipher, in common.".into(),
            "The gateway speaks TLS 1.2 and 1.3. Update the server, or the proxy in front of it.".into(),
        ),
        other => (
            format!("The handshake failed: {other}."),
            "Look at the TLS settings of the server, or of the proxy in front of it.".into(),
        ),
    }
}

fn certificate(host: &str, fault: &CertificateError) -> (String, String) {
    let day = |time: &UnixTime| {
        let nanos = i64::try_from(time.as_secs()).unwrap_or(i64::MAX).saturating_mul(1_000_000_000);
        Timestamp(nanos).rfc3339().chars().take(10).collect::<String>()
    };
    let trust = "If it is your own authority, make this machine trust it (its certificate store, or a file named by SSL_CERT_FILE) and start the gateway again. The check cannot be switched off.";
    let clock = "Renew the server's certificate. If it is a new one, check the clock of the machine the gateway runs on.";
    match fault {
        CertificateError::UnknownIssuer => (
            "No authority that this machine trusts vouches for the server's certificate.".into(),
            trust.into(),
        ),
        CertificateError::Expired => ("The server's certificate has run out.".into(), clock.into()),
        CertificateError::ExpiredContext { not_after, .. } => {
            (format!("The server's certificate ran out on {}.", day(not_after)), clock.into())
        }
        CertificateError::NotValidYet => ("The server's certificate is not valid yet.".into(), clock.into()),
        CertificateError::NotValidYetContext { not_before, .. } => {
            (format!("The server's certificate is not valid before {}.", day(not_before)), clock.into())
        }
        CertificateError::NotValidForName => wrong_name(host, &[]),
        CertificateError::NotValidForNameContext { presented, .. } => wrong_name(host, presented),
        // A certificate that was made in one step and signed by itself calls itself an authority.
        other if format!("{other:?}").contains("CaUsedAsEndEntity") => (
            "The server's certificate is an authority's own: nobody else vouches for it.".into(),
            trust.into(),
        ),
        other => (
            format!("The server's certificate cannot be accepted: {other}."),
            "Have a new certificate made for the server.".into(),
        ),
    }
}

fn wrong_name(host: &str, presented: &[String]) -> (String, String) {
    // As rustls writes them: `DnsName("models.example")`.
    let names: Vec<&str> = presented
        .iter()
        .take(4)
        .map(|name| name.split_once('"').map_or(name.as_str(), |(_, rest)| rest.trim_end_matches("\")")))
        .collect();
    let seen = if names.is_empty() {
        format!("The server's certificate is not for {host}.")
    } else {
        format!("The server's certificate is for {}, not for {host}.", names.join(", "))
    };
    (seen, "Write a name that the certificate is for in the base URL, or have one made for this name.".into())
}

/// A wait as people write it.
fn span(wait: Duration) -> String {
    let millis = wait.as_millis();
    if millis >= 1_000 && millis.is_multiple_of(1_000) {
        format!("{} s", millis / 1_000)
    } else {
        format!("{millis} ms")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tls(error: TlsError) -> Trouble {
        Trouble::Handshake {
            host: "models.example".into(),
            error: io::Error::new(io::ErrorKind::InvalidData, error),
        }
    }

    fn missed(list: &[(&str, Miss)]) -> Trouble {
        Trouble::Missed {
            tries: list.iter().map(|(address, miss)| (address.parse().unwrap(), miss.clone())).collect(),
        }
    }

    fn all() -> Vec<Trouble> {
        let host = || "models.example".to_owned();
        let wait = Duration::from_secs(5);
        let certificate = |fault| tls(TlsError::InvalidCertificate(fault));
        vec![
            Trouble::NotAUrl,
            Trouble::NoSuchName { host: host() },
            Trouble::NoNameServer { host: host() },
            Trouble::Unresolved { host: host(), error: "x".into() },
            Trouble::NameServerSilent { host: host(), wait },
            missed(&[("127.0.0.1:9", Miss::Refused)]),
            missed(&[("10.0.0.5:9", Miss::Refused)]),
            missed(&[("10.0.0.5:9", Miss::Silent(wait))]),
            missed(&[("10.0.0.5:9", Miss::NoRoute)]),
            Trouble::NotACertificateName { host: host() },
            certificate(CertificateError::UnknownIssuer),
            certificate(CertificateError::Expired),
            certificate(CertificateError::NotValidYet),
            certificate(CertificateError::NotValidForName),
            certificate(CertificateError::Revoked),
            tls(TlsError::InvalidMessage(rustls::InvalidMessage::InvalidContentType)),
            tls(TlsError::AlertReceived(AlertDescription::UnrecognisedName)),
            tls(TlsError::AlertReceived(AlertDescription::CertificateRequired)),
            tls(TlsError::AlertReceived(AlertDescription::ProtocolVersion)),
            tls(TlsError::DecryptError),
            Trouble::Handshake { host: host(), error: io::ErrorKind::UnexpectedEof.into() },
            Trouble::HandshakeSilent { wait },
            Trouble::NoSecret,
            Trouble::Unsendable,
            Trouble::CredentialWanted { status: StatusCode::UNAUTHORIZED },
            Trouble::CredentialRefused { status: StatusCode::UNAUTHORIZED },
            Trouble::CredentialRefused { status: StatusCode::FORBIDDEN },
            Trouble::NotHttp { https: false },
            Trouble::Hung { https: false },
            Trouble::Silent { wait },
            Trouble::BrokeOff,
            Trouble::TooLarge,
            Trouble::HttpsWanted,
            Trouble::Redirected { status: StatusCode::FOUND, to: None },
            Trouble::NotFound { looked: vec!["/v1/models".into()] },
            Trouble::Busy,
            Trouble::Ailing { status: StatusCode::BAD_GATEWAY },
            Trouble::Odd { status: StatusCode::IM_A_TEAPOT, path: "/v1/models".into() },
            Trouble::WebPage { path: "/v1/models".into() },
            Trouble::NoList { path: "/v1/models".into() },
            Trouble::NoAnalyzer { path: "/analyze".into() },
            Trouble::AnalyzerLocked { status: StatusCode::UNAUTHORIZED },
            Trouble::AnalyzerFails { status: StatusCode::INTERNAL_SERVER_ERROR },
            Trouble::NoFindings,
            Trouble::Misplaced,
        ]
    }

    #[test]
    fn each_trouble_says_another_thing_and_what_to_do() {
        let mut said = std::collections::BTreeSet::new();
        for trouble in all() {
            let (seen, todo) = trouble.words();
            for text in [&seen, &todo] {
                assert!(text.ends_with('.') && !text.contains(".."), "{text}");
                assert!(
                    text.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit() || c == 'm'),
                    "{text}"
                );
            }
            assert!(said.insert(seen.clone()), "twice: {seen}");
        }
    }

    #[test]
    fn every_step_can_fail() {
        for step in [TestStep::Dns, TestStep::Tcp, TestStep::Tls, TestStep::Auth, TestStep::Protocol] {
            assert!(all().iter().any(|trouble| trouble.step() == step), "{step:?}");
        }
    }

    #[test]
    fn addresses_that_failed_alike_are_named_together() {
        let (seen, todo) = missed(&[("[::1]:9", Miss::Refused), ("127.0.0.1:9", Miss::Refused)]).words();
        assert_eq!(seen, "Nothing listens at [::1]:9 and 127.0.0.1:9: the connection was refused.");
        assert!(todo.contains("the gateway itself runs on"), "{todo}");
        let (seen, todo) = missed(&[
            ("10.0.0.5:9", Miss::Silent(Duration::from_millis(500))),
            ("10.0.0.6:9", Miss::Refused),
        ])
        .words();
        assert_eq!(
            seen,
            "Nothing listens at 10.0.0.6:9: the connection was refused. No answer from 10.0.0.5:9 within 500 ms."
        );
        assert!(todo.contains("firewall"), "{todo}");
    }

    #[test]
    fn a_certificate_for_another_name_says_for_which() {
        let (seen, _) = wrong_name("models.example", &["DnsName(\"a.example\")".into()]);
        assert_eq!(seen, "The server's certificate is for a.example, not for models.example.");
    }
}
