//! An issuer's public signing keys (RFC 7517), read leniently and used strictly.
//!
//! Promises: keys of unknown kinds are left out, not an error; a key verifies only the algorithms of its own family;
//! a shared secret in a key set is never a key. Never reads `x5u`, `x5c` or `jku`.

use std::sync::Arc;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, crypto};
use openidconnect::core::CoreJsonWebKey;
use serde_json::{Map, Value};

use crate::{settings::SigningAlgorithm, strict};

/// More keys than any issuer publishes; the rest are left out.
const KEYS_MAX: usize = 100;

/// The usable keys of one issuer at one time.
#[derive(Debug, Clone, Default)]
pub struct KeySet(Vec<Arc<PublicKey>>);

/// One key.
#[derive(Debug)]
pub struct PublicKey {
    id: Option<String>,
    kind: Kind,
    /// What the key says it is for, if it says.
    only: Option<SigningAlgorithm>,
    key: DecodingKey,
    /// The members that make the key, and nothing else.
    members: Value,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Rsa,
    P256,
    P384,
    Ed25519,
}

/// The outcome of looking a key up.
#[derive(Debug)]
pub enum Found {
    Key(Arc<PublicKey>),
    /// The key id is known but its key cannot make such a signature.
    Incompatible,
    /// Not known, or no id was given and it is not clear which key is meant: the issuer may know more by now.
    Missing,
}

impl KeySet {
    /// Reads a key set; `None` when nothing in it can be used.
    pub fn read(document: &[u8]) -> Option<Self> {
        let set = strict::object(document)?;
        let keys: Vec<_> = set
            .get("keys")?
            .as_array()?
            .iter()
            .filter_map(|key| PublicKey::read(key.as_object()?))
            .take(KEYS_MAX)
            .map(Arc::new)
            .collect();
        (!keys.is_empty()).then_some(Self(keys))
    }

    /// The key for a signature.
    pub fn find(&self, id: Option<&str>, algorithm: SigningAlgorithm) -> Found {
        let named: Vec<_> = self.0.iter().filter(|key| id.is_none() || key.id.as_deref() == id).collect();
        let mut fitting = named.iter().filter(|key| key.makes(algorithm));
        match (fitting.next(), fitting.next()) {
            (Some(key), None) => Found::Key(Arc::clone(key)),
            (None, _) if id.is_some() && !named.is_empty() => Found::Incompatible,
            _ => Found::Missing,
        }
    }

    /// How many keys there are.
    pub const fn len(&self) -> usize {
        self.0.len()
    }
}

impl PublicKey {
    fn read(jwk: &Map<String, Value>) -> Option<Self> {
        let text = |name: &str| jwk.get(name).and_then(Value::as_str);
        if jwk.contains_key("use") && text("use") != Some("sig") {
            return None;
        }
        let operations = jwk.get("key_ops").map(|list| list.as_array().cloned().unwrap_or_default());
        if operations.is_some_and(|list| !list.iter().any(|name| name == "verify")) {
            return None;
        }
        let only = match jwk.get("alg") {
            None => None,
            Some(name) => Some(name.as_str()?.parse().ok()?),
        };
        let sized = |name: &str, bytes: usize| {
            text(name).filter(|value| URL_SAFE_NO_PAD.decode(value).is_ok_and(|value| value.len() == bytes))
        };
        let (kind, key, names) = match (text("kty")?, text("crv")) {
            ("RSA", _) => {
                (Kind::Rsa, DecodingKey::from_rsa_components(text("n")?, text("e")?), &["kty", "n", "e"][..])
            }
            ("EC", Some("P-256")) => (
                Kind::P256,
                DecodingKey::from_ec_components(sized("x", 32)?, sized("y", 32)?),
                &["kty", "crv", "x", "y"][..],
            ),
            ("EC", Some("P-384")) => (
                Kind::P384,
                DecodingKey::from_ec_components(sized("x", 48)?, sized("y", 48)?),
                &["kty", "crv", "x", "y"][..],
            ),
            ("OKP", Some("Ed25519")) => {
                (Kind::Ed25519, DecodingKey::from_ed_components(sized("x", 32)?), &["kty", "crv", "x"][..])
            }
            _ => return None,
        };
        let id = text("kid").map(str::to_owned);
        let members: Map<_, _> = jwk
            .iter()
            .filter(|(name, _)| names.contains(&name.as_str()) || name.as_str() == "kid")
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        let key = Self { id, kind, only, key: key.ok()?, members: members.into() };
        (only.is_none_or(|algorithm| key.kind_of(algorithm))).then_some(key)
    }

    fn kind_of(&self, algorithm: SigningAlgorithm) -> bool {
        use SigningAlgorithm as A;
        match self.kind {
            Kind::Rsa => {
                matches!(algorithm, A::RS256 | A::RS384 | A::RS512 | A::PS256 | A::PS384 | A::PS512)
            }
            Kind::P256 => algorithm == A::ES256,
            Kind::P384 => algorithm == A::ES384,
            Kind::Ed25519 => algorithm == A::EdDSA,
        }
    }

    fn makes(&self, algorithm: SigningAlgorithm) -> bool {
        self.kind_of(algorithm) && self.only.is_none_or(|only| only == algorithm)
    }

    /// Whether the base64url `signature` over `message` holds, by aws-lc-rs.
    pub fn holds(&self, algorithm: SigningAlgorithm, message: &str, signature: &str) -> bool {
        self.makes(algorithm)
            && crypto::verify(signature, message.as_bytes(), &self.key, algorithm.into()).unwrap_or(false)
    }

    /// The same key for `openidconnect`'s own verification.
    pub fn for_openidconnect(&self) -> Option<CoreJsonWebKey> {
        serde_json::from_value(self.members.clone()).ok()
    }
}

impl From<SigningAlgorithm> for Algorithm {
    fn from(algorithm: SigningAlgorithm) -> Self {
        match algorithm {
            SigningAlgorithm::RS256 => Self::RS256,
            SigningAlgorithm::RS384 => Self::RS384,
            SigningAlgorithm::RS512 => Self::RS512,
            SigningAlgorithm::PS256 => Self::PS256,
            SigningAlgorithm::PS384 => Self::PS384,
            SigningAlgorithm::PS512 => Self::PS512,
            SigningAlgorithm::ES256 => Self::ES256,
            SigningAlgorithm::ES384 => Self::ES384,
            SigningAlgorithm::EdDSA => Self::EdDSA,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EC: &str = r#""kty":"EC","crv":"P-256","x":"n914b0-Ox2W7yrh364JYh13xJAEBUSH1z8eKMomE13A","y":"ago0Lx30nI40naTS9FDLiV2q8t6H56WHfD2-DaEGDvQ""#;

    fn set(keys: &str) -> Option<KeySet> {
        KeySet::read(format!(r#"{{"keys":[{keys}]}}"#).as_bytes())
    }

    #[test]
    fn leaves_out_what_is_no_signing_key() {
        let odd = format!(
            r#"{{"kty":"AKP","alg":"ML-DSA-65","pub":"x"}},{{"kty":"oct","k":"c2VjcmV0"}},7,
            {{{EC},"use":"enc","kid":"e"}},{{{EC},"key_ops":["encrypt"],"kid":"o"}},{{{EC},"alg":"ES384","kid":"w"}},
            {{{EC},"alg":"HS256","kid":"h"}},{{"kty":"EC","crv":"P-256","x":"AA","y":"AA","kid":"short"}}"#
        );
        assert!(set(&odd).is_none());
        let good = set(&format!(r#"{odd},{{{EC},"kid":"good","use":"sig","alg":"ES256"}}"#)).unwrap();
        assert_eq!(good.len(), 1);
        assert!(matches!(good.find(Some("good"), SigningAlgorithm::ES256), Found::Key(_)));
        assert!(matches!(good.find(Some("good"), SigningAlgorithm::RS256), Found::Incompatible));
        assert!(matches!(good.find(Some("other"), SigningAlgorithm::ES256), Found::Missing));
        assert!(matches!(good.find(None, SigningAlgorithm::ES256), Found::Key(_)));
    }

    #[test]
    fn without_a_key_id_there_must_be_one_choice() {
        let two = set(&format!(r#"{{{EC},"kid":"a"}},{{{EC},"kid":"b"}}"#)).unwrap();
        assert!(matches!(two.find(None, SigningAlgorithm::ES256), Found::Missing));
        assert!(matches!(two.find(Some("b"), SigningAlgorithm::ES256), Found::Key(_)));
    }

    #[test]
    fn openidconnect_reads_the_same_key() {
        let one = set(&format!(r#"{{{EC},"kid":"a","x5u":"https://evil.example","alg":"ES256"}}"#)).unwrap();
        assert!(one.0[0].for_openidconnect().is_some());
        assert!(one.0[0].members.get("x5u").is_none());
    }
}
