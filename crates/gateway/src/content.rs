//! Bodies on their way in: read within a limit, content codings undone (RFC 9110 §8.4), so that what is inspected is
//! what the model would read. The limit holds for the decoded size, so a small compressed body cannot grow without end.

use std::{io::Write as _, time::Duration};

use bytes::{Bytes, BytesMut};
use flate2::write::{MultiGzDecoder, ZlibDecoder};
use http::{HeaderMap, header};
use http_body_util::BodyExt as _;

use crate::visit::Body;

/// Why a body could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// Larger than the limit, encoded or decoded.
    TooLarge,
    /// A coding other than gzip, deflate or identity.
    UnknownCoding,
    /// The coding's own bytes are not valid, or end early.
    BadCoding,
    /// The peer stopped sending.
    Broken,
}

/// The codings named by `Content-Encoding`, undone in reverse order.
#[derive(Debug)]
pub enum Decoding {
    Identity,
    Gzip(Box<MultiGzDecoder<Vec<u8>>>),
    Deflate(Box<ZlibDecoder<Vec<u8>>>),
}

impl Decoding {
    /// Reads `Content-Encoding`. Two codings on top of each other are not supported: nobody sends them.
    pub fn of(headers: &HeaderMap) -> Result<Self, Unreadable> {
        let mut coding: Option<String> = None;
        for value in headers.get_all(header::CONTENT_ENCODING) {
            for name in value.to_str().map_err(|_| Unreadable::UnknownCoding)?.split(',') {
                let name = name.trim().to_ascii_lowercase();
                if name.is_empty() || name == "identity" {
                    continue;
                }
                if coding.replace(name).is_some() {
                    return Err(Unreadable::UnknownCoding);
                }
            }
        }
        match coding.as_deref() {
            None => Ok(Self::Identity),
            Some("gzip" | "x-gzip") => Ok(Self::Gzip(Box::new(MultiGzDecoder::new(Vec::new())))),
            Some("deflate") => Ok(Self::Deflate(Box::new(ZlibDecoder::new(Vec::new())))),
            Some(_) => Err(Unreadable::UnknownCoding),
        }
    }

    /// Whether bytes pass as they are.
    pub const fn is_identity(&self) -> bool {
        matches!(self, Self::Identity)
    }

    /// Decodes one piece; what comes out so far is returned and forgotten here.
    /// Pieces are fed 8 KiB at a time, so what is decoded at once stays near the limit.
    pub fn push(&mut self, piece: Bytes, room: u64) -> Result<Bytes, Unreadable> {
        if self.is_identity() {
            return if piece.len() as u64 > room { Err(Unreadable::TooLarge) } else { Ok(piece) };
        }
        let mut decoded = BytesMut::new();
        for part in piece.chunks(8 << 10) {
            match self {
                Self::Identity => {}
                Self::Gzip(decoder) => {
                    decoder
                        .write_all(part)
                        .and_then(|()| decoder.flush())
                        .map_err(|_| Unreadable::BadCoding)?;
                    decoded.extend_from_slice(&std::mem::take(decoder.get_mut()));
                }
                Self::Deflate(decoder) => {
                    decoder
                        .write_all(part)
                        .and_then(|()| decoder.flush())
                        .map_err(|_| Unreadable::BadCoding)?;
                    decoded.extend_from_slice(&std::mem::take(decoder.get_mut()));
                }
            }
            if decoded.len() as u64 > room {
                return Err(Unreadable::TooLarge);
            }
        }
        Ok(decoded.freeze())
    }

    /// The end of the body: the coding must be complete.
    pub fn finish(&mut self) -> Result<Bytes, Unreadable> {
        let rest = match self {
            Self::Identity => Vec::new(),
            Self::Gzip(decoder) => {
                decoder.try_finish().map_err(|_| Unreadable::BadCoding)?;
                std::mem::take(decoder.get_mut())
            }
            Self::Deflate(decoder) => {
                decoder.try_finish().map_err(|_| Unreadable::BadCoding)?;
                std::mem::take(decoder.get_mut())
            }
        };
        Ok(Bytes::from(rest))
    }
}

/// Reads a whole body, decoded, of at most `limit` bytes, with at most `idle` between any two pieces of it.
pub async fn read_whole(
    headers: &HeaderMap,
    mut body: Body,
    limit: u64,
    idle: Duration,
) -> Result<Bytes, Unreadable> {
    let mut decoding = Decoding::of(headers)?;
    let announced = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.parse::<u64>().ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(Unreadable::TooLarge);
    }
    let mut whole = BytesMut::new();
    loop {
        let next = tokio::time::timeout(idle, body.frame()).await.map_err(|_| Unreadable::Broken)?;
        let Some(frame) = next else { break };
        let Ok(piece) = frame.map_err(|_| Unreadable::Broken)?.into_data() else { continue };
        let room = limit.saturating_sub(whole.len() as u64);
        let decoded = decoding.push(piece, room)?;
        if whole.is_empty() && decoding.is_identity() && announced == Some(decoded.len() as u64) {
            // The usual case: the body came in one piece and need not be copied.
            return Ok(decoded);
        }
        whole.extend_from_slice(&decoded);
    }
    let rest = decoding.finish()?;
    if (whole.len() + rest.len()) as u64 > limit {
        return Err(Unreadable::TooLarge);
    }
    whole.extend_from_slice(&rest);
    Ok(whole.freeze())
}

#[cfg(test)]
mod tests {
    use http_body_util::Full;

    use super::*;

    const IDLE: Duration = Duration::from_secs(5);

    fn body(bytes: Vec<u8>) -> Body {
        Full::new(Bytes::from(bytes)).map_err(|never| match never {}).boxed_unsync()
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn coded(name: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::CONTENT_ENCODING, http::HeaderValue::from_static(name))])
    }

    #[tokio::test]
    async fn gzip_is_undone_and_must_be_complete() {
        let packed = gzip(b"hello hello hello");
        assert_eq!(
            read_whole(&coded("gzip"), body(packed.clone()), 100, IDLE).await.unwrap(),
            "hello hello hello"
        );
        let cut = packed[..packed.len() - 6].to_vec();
        assert_eq!(read_whole(&coded("gzip"), body(cut), 100, IDLE).await, Err(Unreadable::BadCoding));
        assert_eq!(read_whole(&coded("br"), body(packed), 100, IDLE).await, Err(Unreadable::UnknownCoding));
    }

    #[tokio::test]
    async fn a_small_body_cannot_grow_past_the_limit() {
        let bomb = gzip(&vec![0; 50 << 20]);
        assert!(bomb.len() < 100_000);
        assert_eq!(read_whole(&coded("gzip"), body(bomb), 1 << 20, IDLE).await, Err(Unreadable::TooLarge));
        assert_eq!(
            read_whole(&HeaderMap::new(), body(vec![0; 101]), 100, IDLE).await,
            Err(Unreadable::TooLarge)
        );
    }
}
