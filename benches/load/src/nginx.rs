//! nginx as the barest proxy: one worker, kept-alive connections, nothing logged, nothing buffered.

use std::{
    ffi::OsStr,
    fs,
    net::{SocketAddr, TcpStream},
    path::Path,
    time::{Duration, Instant},
};

use crate::{
    Fault,
    child::{self, Process},
    cores::Cores,
};

/// Debian keeps it out of a person's `PATH`.
const NAMES: [&str; 2] = ["nginx", "/usr/sbin/nginx"];
const START: Duration = Duration::from_secs(10);

/// A running nginx.
pub struct Nginx {
    pub address: SocketAddr,
    process: Process,
}

/// Starts it; `None` when it is not installed.
pub async fn start(home: &Path, cores: &Cores, mock: SocketAddr) -> Result<Option<Nginx>, Fault> {
    let Some(program) = child::find(&NAMES) else { return Ok(None) };
    let address = child::free_port()?;
    let folder = home.join("nginx");
    fs::create_dir_all(&folder)?;
    let file = folder.join("nginx.conf");
    fs::write(&file, settings(&folder, address, mock))?;
    let arguments = [OsStr::new("-e"), OsStr::new("stderr"), OsStr::new("-c"), file.as_os_str()];
    let mut process = Process::start(cores, OsStr::new(program), &arguments, &folder.join("log"))?;
    let asked = Instant::now();
    while TcpStream::connect(address).is_err() {
        if !process.runs() || asked.elapsed() > START {
            return Err(format!("nginx did not start:\n{}", process.said()).into());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(Some(Nginx { address, process }))
}

impl Nginx {
    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.process.pid()
    }
}

fn settings(folder: &Path, address: SocketAddr, mock: SocketAddr) -> String {
    let folder = folder.display();
    // Only root may name a user, and then the workers must be able to write below `folder`.
    let user = if nix::unistd::geteuid().is_root() { "user root;" } else { "" };
    format!(
        "daemon off; {user} worker_processes 1; pid {folder}/pid;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    keepalive_requests 1000000;
    client_body_buffer_size 64k;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    upstream model {{ server {mock}; keepalive 256; keepalive_requests 1000000; }}
    server {{
        listen {address};
        location / {{
            proxy_pass http://model;
            proxy_http_version 1.1;
            proxy_set_header Connection \"\";
            proxy_buffering off;
        }}
    }}
}}
"
    )
}
