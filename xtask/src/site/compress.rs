//! Compressed forms of the site's files, made once at build time with all the effort there is.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::failure::{Done, Failure};

/// What gains by it; images and fonts are compressed already.
const KINDS: [&str; 8] = ["css", "html", "js", "json", "svg", "txt", "wasm", "xml"];

/// Writes `.br` and `.gz` beside each file below `folder` that shrinks.
pub fn all(folder: &Path) -> Done {
    for (_, file) in super::files_in(folder)? {
        if !file.extension().and_then(OsStr::to_str).is_some_and(|kind| KINDS.contains(&kind)) {
            continue;
        }
        let content = fs::read(&file).map_err(Failure::file("read", &file))?;
        let brotli = brotli(&content).map_err(Failure::file("compress", &file))?;
        let gzip = gzip(&content).map_err(Failure::file("compress", &file))?;
        println!(
            "  {} {:.0} KB, brotli {:.0}, gzip {:.0}",
            file.file_name().unwrap_or_default().to_string_lossy(),
            content.len() as f64 / 1e3,
            brotli.len() as f64 / 1e3,
            gzip.len() as f64 / 1e3,
        );
        for (ending, compressed) in [("br", brotli), ("gz", gzip)] {
            if compressed.len() < content.len() {
                let place = PathBuf::from(format!("{}.{ending}", file.display()));
                fs::write(&place, compressed).map_err(Failure::file("write", &place))?;
            }
        }
    }
    Ok(())
}

fn brotli(content: &[u8]) -> io::Result<Vec<u8>> {
    const QUALITY: u32 = 11;
    const WINDOW: u32 = 22;
    let mut writer = brotli::CompressorWriter::new(vec![], 1 << 16, QUALITY, WINDOW);
    writer.write_all(content)?;
    // Closes the stream, which `flush` would not.
    Ok(writer.into_inner())
}

fn gzip(content: &[u8]) -> io::Result<Vec<u8>> {
    let mut writer = GzEncoder::new(vec![], Compression::best());
    writer.write_all(content)?;
    writer.finish()
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn both_forms_give_the_content_back() {
        let content = b"Countersign ".repeat(1000);
        let mut plain = vec![];
        brotli::Decompressor::new(brotli(&content).unwrap().as_slice(), 4096)
            .read_to_end(&mut plain)
            .unwrap();
        assert_eq!(plain, content);
        plain.clear();
        flate2::read::GzDecoder::new(gzip(&content).unwrap().as_slice()).read_to_end(&mut plain).unwrap();
        assert_eq!(plain, content);
    }
}
