//! What the person who started the server reads.

use std::{fmt::Write as _, net::SocketAddr};

use crate::config::Config;

/// Says where everything is, and prints the one-time set-up link while there is no administrator.
pub fn print(say: fn(&str), config: &Config, address: SocketAddr, note: Option<&str>, link: Option<&str>) {
    let url = config.public_url.as_str().trim_end_matches('/');
    let mut text = String::from("\n  Countersign is running.\n\n");
    let _ = writeln!(text, "  Pages        {url}/");
    let _ = writeln!(text, "  Clients      {url}/c/<connection>/   (listening on {address})");
    if let Some(at) = config.sample_model {
        let _ = writeln!(text, "  Sample model http://{at}/v1   (built in; it only repeats)");
    }
    let _ = writeln!(text, "  Data         {}", config.data_dir.display());
    if let Some(note) = note {
        let _ = writeln!(text, "  Note         {note}");
    }
    if let Some(token) = link {
        let _ =
            writeln!(text, "\n  Set-up link, good once and for a day:\n\n    {url}/setup?token={token}\n");
    }
    say(&text);
}
