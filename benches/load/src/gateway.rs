//! The gateway as anyone starts it: its own PostgreSQL, set up through its first-run pages.

use std::{
    ffi::OsStr,
    net::SocketAddr,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use crate::{
    Fault,
    child::{self, Process},
    cores::Cores,
    first_run::{self, Browser},
    lane::{Kind, Lane},
    options::Options,
};

/// Making a cluster takes seconds on a slow disk.
const START: Duration = Duration::from_mins(2);
const OFF: &str = "masking-off";
/// Name of the connection with everything on.
pub const ON: &str = "everything-on";

/// A running gateway with two connections.
pub struct Gateway {
    process: Process,
    at: SocketAddr,
    token: String,
    pub data: PathBuf,
}

/// Starts and sets it up.
pub async fn start(
    options: &Options,
    cores: &Cores,
    home: &Path,
    mock: SocketAddr,
) -> Result<Gateway, Fault> {
    let at = child::free_port()?;
    let data = home.join("data");
    let program = options
        .gateway
        .canonicalize()
        .map_err(|error| format!("the gateway {}: {error}", options.gateway.display()))?;
    let listen = at.to_string();
    let arguments = ["serve", "--listen", &listen, "--sample-model", "off", "--data-dir"].map(OsStr::new);
    let arguments: Vec<&OsStr> = arguments.into_iter().chain([data.as_os_str()]).collect();
    let mut process = Process::start(cores, program.as_os_str(), &arguments, &home.join("gateway.log"))?;
    let link = link(&mut process).await?;
    let mut browser = Browser::new(at);
    browser.make_administrator(&link).await?;
    let base = format!("http://{mock}/v1");
    browser.make_connection("/setup/connection", ON, &base, true).await?;
    browser.make_connection("/connections/new", OFF, &base, false).await?;
    let token = browser.make_token().await?;
    let gateway = Gateway { process, at, token, data };
    first_run::await_connections(&gateway.lanes()).await?;
    Ok(gateway)
}

impl Gateway {
    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.process.pid()
    }

    /// The two ways through it.
    pub fn lanes(&self) -> [Lane; 2] {
        let lane = |name, kind, connection| {
            Lane::gateway(name, kind, self.at, connection, &self.token, self.process.pid())
        };
        [
            lane("gateway, masking off", Kind::MaskingOff, OFF),
            lane("gateway, everything on", Kind::EverythingOn, ON),
        ]
    }
}

/// The one-time token of the set-up link, which the gateway prints once it listens.
async fn link(process: &mut Process) -> Result<String, Fault> {
    let asked = Instant::now();
    loop {
        let said = process.said();
        if let Some((_, rest)) = said.split_once("/setup?token=")
            && let Some((token, _)) = rest.split_once('\n')
        {
            return Ok(token.trim().to_owned());
        }
        if !process.runs() || asked.elapsed() > START {
            return Err(format!("the gateway did not start:\n{said}").into());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
