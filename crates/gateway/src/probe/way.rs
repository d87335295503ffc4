//! The first steps of a test, which lead to any server: its name looked up, a connection made, a handshake done.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use rustls::{ClientConfig, pki_types::ServerName};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};
use url::Url;

use super::{
    Step,
    trouble::{Miss, Trouble},
};

/// Addresses of a name that are tried and named.
const ADDRESSES: usize = 4;

/// Where an address leads.
#[derive(Debug)]
pub(super) struct Place {
    pub host: String,
    pub port: u16,
    pub https: bool,
}

impl Place {
    pub fn of(base_url: &str) -> Option<Self> {
        let url = Url::parse(base_url).ok()?;
        // An IPv6 address stands in brackets in a URL, and nowhere else.
        let host = url.host_str()?.trim_start_matches('[').trim_end_matches(']').to_owned();
        Some(Self { host, port: url.port_or_known_default()?, https: url.scheme() == "https" })
    }
}

pub(super) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

/// How one of them is reached.
pub(super) struct Way<'a> {
    pub place: Place,
    /// For each step.
    pub wait: Duration,
    pub tls: &'a ClientConfig,
    /// What the address is called on the form.
    pub called: &'static str,
}

impl Way<'_> {
    pub async fn resolve(&self) -> Step<Vec<SocketAddr>> {
        let (host, wait) = (self.place.host.clone(), self.wait);
        if let Ok(ip) = host.parse::<IpAddr>() {
            return Ok((
                vec![SocketAddr::new(ip, self.place.port)],
                "An address: no name to look up.".into(),
            ));
        }
        let looking = tokio::net::lookup_host((host.clone(), self.place.port));
        let looked = tokio::time::timeout(wait, looking).await;
        match looked {
            Ok(Ok(found)) => {
                let addresses: Vec<_> = found.take(ADDRESSES).collect();
                if addresses.is_empty() {
                    return Err(Trouble::NoSuchName { host });
                }
                let shown: Vec<_> = addresses.iter().map(|address| address.ip().to_string()).collect();
                Ok((addresses, format!("{host} is {}.", shown.join(", "))))
            }
            Ok(Err(error)) => Err(unresolved(host, &error)),
            Err(_) => Err(Trouble::NameServerSilent { host, wait }),
        }
    }

    pub async fn dial(&self, addresses: &[SocketAddr]) -> Step<TcpStream> {
        let wait = self.wait;
        let mut tries = Vec::new();
        for address in addresses {
            let miss = match tokio::time::timeout(wait, TcpStream::connect(address)).await {
                Ok(Ok(socket)) => return Ok((socket, format!("Connected to {address}."))),
                Ok(Err(error)) => Miss::of(&error),
                Err(_) => Miss::Silent(wait),
            };
            tries.push((*address, miss));
        }
        Err(Trouble::Missed { tries })
    }

    pub async fn secure(&self, socket: TcpStream) -> Step<Box<dyn Stream>> {
        if !self.place.https {
            return Ok((Box::new(socket), format!("Not used: the {} begins with http://.", self.called)));
        }
        let (host, wait) = (self.place.host.clone(), self.wait);
        let Ok(name) = ServerName::try_from(host.clone()) else {
            return Err(Trouble::NotACertificateName { host });
        };
        let connector = tokio_rustls::TlsConnector::from(Arc::new(self.tls.clone()));
        match tokio::time::timeout(wait, connector.connect(name, socket)).await {
            Ok(Ok(stream)) => {
                let version = match stream.get_ref().1.protocol_version() {
                    Some(rustls::ProtocolVersion::TLSv1_2) => "TLS 1.2",
                    Some(rustls::ProtocolVersion::TLSv1_3) => "TLS 1.3",
                    _ => "TLS",
                };
                Ok((Box::new(stream), format!("{version}; the certificate is for {host} and trusted.")))
            }
            Ok(Err(error)) => Err(Trouble::Handshake { host, error }),
            Err(_) => Err(Trouble::HandshakeSilent { wait }),
        }
    }
}

/// The resolver's errors have no kinds of their own, only texts.
fn unresolved(host: String, error: &io::Error) -> Trouble {
    let text = error.to_string();
    let text = text.rsplit(": ").next().unwrap_or_default().to_owned();
    if ["not known", "No address", "nodename", "No such host"].iter().any(|known| text.contains(known)) {
        Trouble::NoSuchName { host }
    } else if text.contains("Temporary failure") || text.contains("try again") {
        Trouble::NoNameServer { host }
    } else {
        Trouble::Unresolved { host, error: text }
    }
}
