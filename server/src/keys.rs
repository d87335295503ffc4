//! The master key: from the settings, or from a file of its own outside the database, made at the first start.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
};

use countersign_model::Mint;

/// The file's name in the data folder.
pub const FILE: &str = "master.key";

/// Why there is no master key. One sentence each.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("the master key must be 64 hexadecimal digits (32 bytes)")]
    Malformed,
    #[error("the master key file {path} cannot be {verb}: {source}")]
    File { path: String, verb: &'static str, source: io::Error },
}

/// The key that was given, or the file's; a new file when there is none.
pub fn master(given: Option<&str>, data_dir: &Path, mint: &dyn Mint) -> Result<[u8; 32], KeyError> {
    if let Some(hex) = given {
        return parse(hex);
    }
    let path = data_dir.join(FILE);
    let fault = |verb: &'static str| {
        let path = path.display().to_string();
        move |source| KeyError::File { path, verb, source }
    };
    match fs::read_to_string(&path) {
        Ok(text) => parse(text.trim()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let key = mint.bytes32();
            let text = countersign_ledger::Digest::new(key).to_string();
            // Written beside its place and renamed: half a key would lock everything sealed under it.
            let unfinished = data_dir.join("master.key.new");
            let written = (|| {
                let mut file = OpenOptions::new()
                    .write(true)
                    .create(true)
                    .truncate(true)
                    .mode(0o600)
                    .open(&unfinished)?;
                file.write_all(text.as_bytes())?;
                file.write_all(b"\n")?;
                file.sync_all()?;
                fs::rename(&unfinished, &path)?;
                fs::File::open(data_dir)?.sync_all()
            })();
            written.map_err(fault("written"))?;
            Ok(key)
        }
        Err(error) => Err(fault("read")(error)),
    }
}

fn parse(hex: &str) -> Result<[u8; 32], KeyError> {
    let mut key = [0; 32];
    if hex.len() != 64 || !hex.is_ascii() {
        return Err(KeyError::Malformed);
    }
    for (at, byte) in key.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&hex[at * 2..at * 2 + 2], 16).map_err(|_| KeyError::Malformed)?;
    }
    Ok(key)
}
