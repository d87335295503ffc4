//! Sealing: AES-256-GCM (NIST SP 800-38D) under data keys that are themselves sealed under one master key.
//!
//! What is sealed is bound to its place (table, row, field) as associated data: moved elsewhere it does not open.
//! Each data key seals far fewer than the 2³² messages that random 96-bit nonces allow.

use std::fmt;

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    digest::{SHA256, digest},
};
use countersign_model::Mint;
use zeroize::{Zeroize, Zeroizing};

const VERSION: u8 = 1;
const TAG_LEN: usize = 16;
const MASTER_ID_LEN: usize = 8;
const WRAPPED_LEN: usize = 1 + MASTER_ID_LEN + NONCE_LEN + 32 + TAG_LEN;

/// What every stored secret is sealed under; given by the operator, never stored by us.
pub struct MasterKey {
    key: LessSafeKey,
    id: MasterKeyId,
}

/// Tells master keys apart without revealing them: the first 8 bytes of a hash.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct MasterKeyId([u8; MASTER_ID_LEN]);

/// The key of one session's (or one secret's) content.
pub struct DataKey {
    key: LessSafeKey,
    bytes: Zeroizing<[u8; 32]>,
}

/// Where a sealed value lives. It opens nowhere else.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The table.
    pub table: &'a str,
    /// What identifies the row, as bytes.
    pub row: &'a [u8],
    /// The field in the row.
    pub field: &'a str,
}

/// Why something did not open (or, for [`SealError::Cipher`], did not seal).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// Not an envelope of this version.
    #[error("not a sealed value")]
    Malformed,
    /// Sealed under another master key.
    #[error("sealed under another master key")]
    OtherMasterKey,
    /// Altered, moved from another place, or sealed with another key.
    #[error("a sealed value does not open: it was altered or moved")]
    DoesNotOpen,
    /// The cipher refused.
    #[error("the cipher refused")]
    Cipher,
}

impl MasterKey {
    /// Takes the 32 bytes of the key; the copy passed in is cleared.
    pub fn new(mut bytes: [u8; 32]) -> Result<Self, SealError> {
        let mut input = Zeroizing::new(b"countersign/master-key-id/v1\0".to_vec());
        input.extend_from_slice(&bytes);
        let hash = digest(&SHA256, &input);
        let id = hash.as_ref().first_chunk::<MASTER_ID_LEN>().copied().ok_or(SealError::Cipher)?;
        let key = cipher(&bytes)?;
        bytes.zeroize();
        Ok(Self { key, id: MasterKeyId(id) })
    }

    /// Its id, for logs and for choosing the right key.
    pub const fn id(&self) -> MasterKeyId {
        self.id
    }

    /// Seals a data key for storing.
    pub fn wrap(&self, data: &DataKey, place: Place<'_>, mint: &dyn Mint) -> Result<Vec<u8>, SealError> {
        let mut out = Vec::with_capacity(WRAPPED_LEN);
        out.push(VERSION);
        out.extend_from_slice(&self.id.0);
        seal_into(&self.key, place, data.bytes.as_slice(), mint, &mut out)?;
        Ok(out)
    }

    /// Opens a stored data key.
    pub fn unwrap(&self, wrapped: &[u8], place: Place<'_>) -> Result<DataKey, SealError> {
        let rest = strip_version(wrapped)?;
        let (id, sealed) = rest.split_first_chunk::<MASTER_ID_LEN>().ok_or(SealError::Malformed)?;
        if *id != self.id.0 {
            return Err(SealError::OtherMasterKey);
        }
        let bytes = open_from(&self.key, place, sealed)?;
        DataKey::from_bytes(bytes.as_slice().try_into().map_err(|_| SealError::Malformed)?)
    }

    /// Seals one secret under a data key of its own: what a connection's credential is stored as.
    pub fn seal(&self, plain: &[u8], place: Place<'_>, mint: &dyn Mint) -> Result<Vec<u8>, SealError> {
        let data = DataKey::fresh(mint)?;
        let mut out = self.wrap(&data, place, mint)?;
        out.extend_from_slice(&data.seal(plain, place, mint)?);
        Ok(out)
    }

    /// Opens what [`MasterKey::seal`] made.
    pub fn open(&self, sealed: &[u8], place: Place<'_>) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let (wrapped, content) = sealed.split_at_checked(WRAPPED_LEN).ok_or(SealError::Malformed)?;
        self.unwrap(wrapped, place)?.open(content, place)
    }
}

impl DataKey {
    /// A new random key.
    pub fn fresh(mint: &dyn Mint) -> Result<Self, SealError> {
        Self::from_bytes(mint.bytes32())
    }

    fn from_bytes(bytes: [u8; 32]) -> Result<Self, SealError> {
        Ok(Self { key: cipher(&bytes)?, bytes: Zeroizing::new(bytes) })
    }

    /// `version ‖ nonce ‖ ciphertext ‖ tag`.
    pub fn seal(&self, plain: &[u8], place: Place<'_>, mint: &dyn Mint) -> Result<Vec<u8>, SealError> {
        let mut out = Vec::with_capacity(1 + NONCE_LEN + plain.len() + TAG_LEN);
        out.push(VERSION);
        seal_into(&self.key, place, plain, mint, &mut out)?;
        Ok(out)
    }

    /// Opens what [`DataKey::seal`] made, at the same place.
    pub fn open(&self, sealed: &[u8], place: Place<'_>) -> Result<Zeroizing<Vec<u8>>, SealError> {
        open_from(&self.key, place, strip_version(sealed)?)
    }
}

impl Place<'_> {
    /// `table ‖ row ‖ field ‖ version`, each with its length before it, so that no two places read the same.
    fn aad(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(96);
        for part in [self.table.as_bytes(), self.row, self.field.as_bytes(), &[VERSION]] {
            out.extend_from_slice(&(part.len() as u32).to_be_bytes());
            out.extend_from_slice(part);
        }
        out
    }
}

fn cipher(bytes: &[u8; 32]) -> Result<LessSafeKey, SealError> {
    UnboundKey::new(&AES_256_GCM, bytes).map(LessSafeKey::new).map_err(|_| SealError::Cipher)
}

fn strip_version(sealed: &[u8]) -> Result<&[u8], SealError> {
    match sealed.split_first() {
        Some((&VERSION, rest)) => Ok(rest),
        _ => Err(SealError::Malformed),
    }
}

/// Appends `nonce ‖ ciphertext ‖ tag`.
fn seal_into(
    key: &LessSafeKey,
    place: Place<'_>,
    plain: &[u8],
    mint: &dyn Mint,
    out: &mut Vec<u8>,
) -> Result<(), SealError> {
    let mut nonce = [0; NONCE_LEN];
    mint.fill(&mut nonce);
    out.extend_from_slice(&nonce);
    let start = out.len();
    out.extend_from_slice(plain);
    let body = out.get_mut(start..).ok_or(SealError::Cipher)?;
    let tag = key
        .seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), Aad::from(place.aad()), body)
        .map_err(|_| SealError::Cipher)?;
    out.extend_from_slice(tag.as_ref());
    Ok(())
}

fn open_from(key: &LessSafeKey, place: Place<'_>, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let (nonce, body) = sealed.split_first_chunk::<NONCE_LEN>().ok_or(SealError::Malformed)?;
    let mut body = Zeroizing::new(body.to_vec());
    let plain = key
        .open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(place.aad()), &mut body)
        .map_err(|_| SealError::DoesNotOpen)?
        .len();
    body.truncate(plain);
    Ok(body)
}

impl fmt::Display for MasterKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for MasterKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MasterKey({})", self.id)
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU8, Ordering};

    use super::*;

    /// Never the same bytes twice within a test.
    struct Counting(AtomicU8);

    impl Mint for Counting {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0.fetch_add(1, Ordering::Relaxed));
        }
    }

    const HERE: Place<'_> = Place { table: "connection", row: b"con_1", field: "credential" };

    #[test]
    fn opens_only_unaltered_at_its_place_and_under_its_key() {
        let mint = Counting(AtomicU8::new(1));
        let master = MasterKey::new([7; 32]).unwrap();
        let sealed = master.seal(b"s3cret", HERE, &mint).unwrap();
        assert_eq!(master.open(&sealed, HERE).unwrap().as_slice(), b"s3cret");
        for place in [
            Place { table: "connections", ..HERE },
            Place { row: b"con_2", ..HERE },
            Place { field: "credential2", ..HERE },
            // The lengths in the associated data keep neighbours from sliding into each other.
            Place { table: "connectio", row: b"ncon_1", ..HERE },
        ] {
            assert_eq!(master.open(&sealed, place).unwrap_err(), SealError::DoesNotOpen);
        }
        for at in 0..sealed.len() {
            let mut bad = sealed.clone();
            bad[at] ^= 1;
            assert!(master.open(&bad, HERE).is_err(), "byte {at}");
            assert!(master.open(&sealed[..at], HERE).is_err(), "cut at {at}");
        }
        let other = MasterKey::new([8; 32]).unwrap();
        assert_eq!(other.open(&sealed, HERE).unwrap_err(), SealError::OtherMasterKey);
        assert_ne!(master.seal(b"s3cret", HERE, &mint).unwrap(), sealed);
        assert!(!format!("{master:?}").contains("07070707"));
    }
}
