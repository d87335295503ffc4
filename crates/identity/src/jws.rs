//! A signed token in compact form (RFC 7515, RFC 7519), read strictly.
//!
//! Promises: the claims come out only with a signature that holds, apart from the issuer's name, which is needed to
//! choose whose keys to ask. Never follows `jku`, `x5u` or an embedded key: those header members are not read.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use thiserror::Error;

use crate::{
    keys::PublicKey,
    settings::SigningAlgorithm,
    strict::{self, Object},
};

/// The longest token looked at, in bytes.
pub const TOKEN_MAX: usize = 16 * 1024;

/// A token that is well formed, its signature not yet checked.
#[derive(Debug)]
pub struct Jws<'t> {
    algorithm: SigningAlgorithm,
    key_id: Option<String>,
    kind: Option<String>,
    message: &'t str,
    signature: &'t str,
    claims: Object,
}

/// Why a text is no such token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum JwsError {
    #[error("this is no signed token")]
    NotOne,
    #[error("the token is malformed")]
    Malformed,
    #[error("the token's algorithm is refused")]
    AlgorithmRefused,
}

/// Whether the text has the outer shape of one: three dotted parts and a header that is a JSON object.
pub fn looks_like_one(text: &str) -> bool {
    let mut parts = text.split('.');
    let header = parts.next().and_then(|part| URL_SAFE_NO_PAD.decode(part).ok());
    parts.count() == 2 && header.is_some_and(|header| header.first() == Some(&b'{'))
}

impl<'t> Jws<'t> {
    /// Takes the token apart.
    pub fn parse(token: &'t str) -> Result<Self, JwsError> {
        if token.len() > TOKEN_MAX {
            return Err(JwsError::Malformed);
        }
        if !looks_like_one(token) {
            return Err(JwsError::NotOne);
        }
        let (message, signature) = token.rsplit_once('.').ok_or(JwsError::NotOne)?;
        let (header, claims) = message.split_once('.').ok_or(JwsError::NotOne)?;
        let part = |text: &str| URL_SAFE_NO_PAD.decode(text).ok().and_then(|bytes| strict::object(&bytes));
        let header = part(header).ok_or(JwsError::Malformed)?;
        let text = |name: &str| match header.get(name) {
            None => Ok(None),
            Some(value) => value.as_str().map(|text| Some(text.to_owned())).ok_or(JwsError::Malformed),
        };
        let algorithm = text("alg")?.ok_or(JwsError::Malformed)?;
        let algorithm = algorithm.parse().map_err(|_| JwsError::AlgorithmRefused)?;
        // No extension is understood here, so none may be critical (RFC 7515, 4.1.11); a nested token has no claims.
        if header.contains_key("crit") || header.contains_key("cty") {
            return Err(JwsError::Malformed);
        }
        URL_SAFE_NO_PAD.decode(signature).map_err(|_| JwsError::Malformed)?;
        let claims = part(claims).ok_or(JwsError::Malformed)?;
        Ok(Self { algorithm, key_id: text("kid")?, kind: text("typ")?, message, signature, claims })
    }

    /// The header's `alg`.
    pub const fn algorithm(&self) -> SigningAlgorithm {
        self.algorithm
    }

    /// The header's `kid`.
    pub fn key_id(&self) -> Option<&str> {
        self.key_id.as_deref()
    }

    /// The header's `typ` in lower case without a leading `application/` (RFC 7515, 4.1.9).
    pub fn kind(&self) -> Option<String> {
        let kind = self.kind.as_ref()?.to_ascii_lowercase();
        Some(kind.strip_prefix("application/").unwrap_or(&kind).to_owned())
    }

    /// Who the token says made it. Not proven: good for choosing whose keys to ask, and for nothing else.
    pub fn unproven_issuer(&self) -> Option<&str> {
        self.claims.get("iss")?.as_str()
    }

    /// The claims, if the signature holds.
    pub fn open(self, key: &PublicKey) -> Option<Object> {
        key.holds(self.algorithm, self.message, self.signature).then_some(self.claims)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(header: &str, claims: &str) -> String {
        format!("{}.{}.c2ln", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims))
    }

    fn error(token: &str) -> JwsError {
        Jws::parse(token).unwrap_err()
    }

    #[test]
    fn tells_tokens_from_other_credentials() {
        for text in
            ["", "cs_abcdef", "a.b", "a.b.c.d", "sk-proj.x.y", "..", "e30", "AAAA.e30.c2ln", "W10.e30.c2ln"]
        {
            assert_eq!(error(text), JwsError::NotOne, "{text}");
        }
    }

    #[test]
    fn refuses_unsigned_and_shared_secret_algorithms_by_name() {
        for name in ["none", "NONE", "HS256", "HS512", "dir", "RSA-OAEP", "ES256K"] {
            let token = token(&format!(r#"{{"alg":"{name}"}}"#), "{}");
            assert_eq!(error(&token), JwsError::AlgorithmRefused, "{name}");
        }
    }

    #[test]
    fn refuses_duplicates_extensions_and_odd_members() {
        for header in [
            r#"{"alg":"RS256","alg":"RS256"}"#,
            r#"{"alg":"RS256","kid":"a","kid":"b"}"#,
            r#"{"alg":"RS256","crit":["exp"],"exp":1}"#,
            r#"{"alg":"RS256","cty":"JWT"}"#,
            r#"{"alg":["RS256"]}"#,
            r#"{"alg":"RS256","kid":7}"#,
            r#"{"typ":"JWT"}"#,
            "{",
        ] {
            assert_eq!(error(&token(header, "{}")), JwsError::Malformed, "{header}");
        }
        for claims in [r#"{"sub":"a","sub":"b"}"#, "[]", "7", ""] {
            assert_eq!(error(&token(r#"{"alg":"RS256"}"#, claims)), JwsError::Malformed, "{claims}");
        }
        let padded = format!("{}=", token(r#"{"alg":"RS256"}"#, "{}"));
        assert_eq!(error(&padded), JwsError::Malformed);
        assert_eq!(error(&"a".repeat(TOKEN_MAX + 1)), JwsError::Malformed);
    }

    #[test]
    fn reads_the_media_type_in_short() {
        let kind = |typ: &str| {
            Jws::parse(&token(&format!(r#"{{"alg":"RS256","typ":"{typ}"}}"#), "{}")).unwrap().kind().unwrap()
        };
        assert_eq!(kind("at+jwt"), "at+jwt");
        assert_eq!(kind("application/AT+JWT"), "at+jwt");
        assert_eq!(kind("JWT"), "jwt");
    }
}
