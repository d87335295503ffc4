//! What the `countersign` command takes. Words only; what they do is `main`'s.

use std::path::PathBuf;

use clap::{Parser, Subcommand};
use countersign_detect::inquiry::Offsets;

/// The gateway in front of your language models that can prove what passed through it.
#[derive(Debug, Parser)]
#[command(name = "countersign", version, about)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What to do. Without one: `serve`.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the proxy and the pages.
    Serve(Options),
    /// Check the whole audit chain in the database and name the first bad row.
    /// Exit codes: 0 every row holds, 1 a row does not, 2 the check could not be made.
    Verify(Verify),
    /// Mask the text on standard input, or answer questions about texts, one a line.
    /// Needs no settings and no database. Exit codes: 0 everything was read and answered, 2 it could not be
    /// (not UTF-8, not readable, not writable), 141 the reader of the output went away.
    Detect(Detect),
    /// Bring the database's schema up to date and stop.
    Migrate(Options),
    /// Go on after the database was restored from a backup: writes a gap row that names both heads.
    AcceptRestore(Options),
}

impl Command {
    /// What is done without a command.
    pub fn serve() -> Self {
        match Cli::parse_from(["countersign", "serve"]).command {
            Some(serve) => serve,
            None => Self::Serve(Options::default()),
        }
    }
}

/// Where the settings come from. Each flag wins over its environment variable, which wins over the file.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Options {
    /// Settings file (TOML). See docs/configuration.md.
    #[arg(long, env = "COUNTERSIGN_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Address and port to listen on.
    #[arg(long, env = "COUNTERSIGN_LISTEN", value_name = "ADDR:PORT")]
    pub listen: Option<std::net::SocketAddr>,
    /// Where keys and, without DATABASE_URL, the database live.
    #[arg(long, env = "COUNTERSIGN_DATA_DIR", value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// Postgres 14 or newer. Without it Countersign runs its own from the machine's binaries.
    #[arg(long, env = "DATABASE_URL", value_name = "URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// The address people and clients reach this server at, such as https://gateway.example.com.
    #[arg(long, env = "COUNTERSIGN_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<url::Url>,
    /// Loopback address of the built-in sample model, or `off`.
    #[arg(long, env = "COUNTERSIGN_SAMPLE_MODEL", value_name = "ADDR:PORT|off")]
    pub sample_model: Option<String>,
    /// 32-byte master key in hex. Without it: the file `master.key` in the data folder, made at the first start.
    #[arg(long, env = "COUNTERSIGN_MASTER_KEY", value_name = "HEX", hide_env_values = true, hide = true)]
    pub master_key: Option<String>,
    /// Folder with the built pages (development only; a release has them inside).
    #[arg(long, env = "COUNTERSIGN_SITE_DIR", value_name = "DIR", hide = true)]
    pub site_dir: Option<PathBuf>,
}

/// Options of `verify`.
#[derive(Debug, Clone, clap::Args)]
pub struct Verify {
    #[command(flatten)]
    pub options: Options,
    /// Print the report as JSON.
    #[arg(long)]
    pub json: bool,
}

/// Options of `detect`.
#[derive(Debug, Clone, clap::Args)]
pub struct Detect {
    /// Read questions, one JSON object a line, and answer each at once. See docs/detect.md.
    #[arg(long)]
    pub json: bool,
    /// What offsets count where a question does not say: characters, bytes of UTF-8, or units of UTF-16.
    #[arg(long, value_name = "char|byte|utf16", value_parser = offsets, requires = "json", default_value = "char")]
    pub offsets: Offsets,
    /// Find also what the dictionaries and patterns in this file (TOML) say. See docs/detect.md.
    #[arg(long, value_name = "FILE", conflicts_with = "entities")]
    pub rules: Option<PathBuf>,
    /// List what can be found, and stop; with --json as JSON.
    #[arg(long)]
    pub entities: bool,
}

fn offsets(name: &str) -> Result<Offsets, &'static str> {
    Offsets::named(name).ok_or("it must be char, byte or utf16")
}
