//! Stage 1: who is calling. Takes an [`Arrival`], gives an [`Identified`] caller.
//!
//! The credential is read from `Authorization`, `x-api-key` or `api-key`, never from the URL, and is not kept.

use countersign_model::{Secret, caller::Caller, reason::Reason};
use http::{HeaderMap, header};

use crate::{
    Gateway,
    headers::CREDENTIAL_HEADERS,
    reply::Refusal,
    text::percent_decode,
    visit::{Arrival, Body, Visit},
};

/// A shorter credential is no credential, and would be found in ordinary text.
const SHORTEST: usize = 8;

/// A request whose caller is known.
pub struct Identified {
    visit: Visit,
    headers: HeaderMap,
    body: Body,
    caller: Caller,
}

/// Why the caller is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unauthenticated {
    reason: Reason,
    detail: Option<&'static str>,
}

impl From<Unauthenticated> for Refusal {
    fn from(no: Unauthenticated) -> Self {
        Self::new(no.reason, no.detail.map(str::to_owned))
    }
}

impl Identified {
    pub(crate) fn caller(&self) -> &Caller {
        &self.caller
    }

    pub(crate) fn into_parts(self) -> (Visit, HeaderMap, Body, Caller) {
        (self.visit, self.headers, self.body, self.caller)
    }
}

/// Establishes the caller.
pub async fn identify(gateway: &Gateway, arrival: Arrival) -> Result<Identified, Unauthenticated> {
    let Arrival { visit, mut headers, body } = arrival;
    if visit.userinfo
        || looks_like_token(&visit.connection)
        || looks_like_token(&visit.path)
        || visit.query.as_deref().is_some_and(looks_like_token)
    {
        return Err(Unauthenticated { reason: Reason::CredentialInUrl, detail: None });
    }
    let presented = presented(&headers)?;
    for name in CREDENTIAL_HEADERS {
        headers.remove(name);
    }
    let token = presented.expose().as_str();
    let in_url = |text: &str| text.contains(token) || percent_decode(text).contains(token);
    if token.len() >= SHORTEST
        && (in_url(&visit.connection) || in_url(&visit.path) || visit.query.as_deref().is_some_and(in_url))
    {
        return Err(Unauthenticated { reason: Reason::CredentialInUrl, detail: None });
    }
    // Nor does it go on in any other header the client may have put it into.
    crate::headers::keep_clean(&mut headers, |value| token.len() >= SHORTEST && value.contains(token));
    let caller = ask(gateway, &presented).await?;
    Ok(Identified { visit, headers, body, caller })
}

/// The caller behind the one credential among the headers, for what is asked of the gateway itself and not of a model.
/// Spends no use and leaves no row.
pub(crate) async fn caller(
    gateway: &Gateway,
    headers: &HeaderMap,
    query: Option<&str>,
) -> Result<Caller, Unauthenticated> {
    if query.is_some_and(looks_like_token) {
        return Err(Unauthenticated { reason: Reason::CredentialInUrl, detail: None });
    }
    ask(gateway, &presented(headers)?).await
}

async fn ask(gateway: &Gateway, presented: &Secret<String>) -> Result<Caller, Unauthenticated> {
    let known = gateway.callers.identify(presented, gateway.clock.now()).await;
    known.map_err(|no| Unauthenticated { reason: no.reason(), detail: None })
}

/// The one credential among the headers. Two different ones are refused: guessing would be granting.
fn presented(headers: &HeaderMap) -> Result<Secret<String>, Unauthenticated> {
    let mut found: Option<&str> = None;
    for name in CREDENTIAL_HEADERS {
        for value in headers.get_all(name) {
            let unreadable = Unauthenticated {
                reason: Reason::InvalidCredential,
                detail: Some("the header is not ASCII"),
            };
            let text = value.to_str().map_err(|_| unreadable)?.trim();
            let text = if name == header::AUTHORIZATION.as_str() { bearer(text)? } else { text };
            match found {
                None => found = Some(text),
                Some(same) if same == text => {}
                Some(_) => {
                    return Err(Unauthenticated {
                        reason: Reason::InvalidCredential,
                        detail: Some("two different credentials were sent"),
                    });
                }
            }
        }
    }
    match found {
        Some(text) if !text.is_empty() => Ok(Secret::new(text.to_owned())),
        _ => Err(Unauthenticated { reason: Reason::MissingCredential, detail: None }),
    }
}

/// RFC 6750 §2.1: the scheme is case-insensitive.
fn bearer(value: &str) -> Result<&str, Unauthenticated> {
    match value.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(token.trim()),
        _ => Err(Unauthenticated {
            reason: Reason::InvalidCredential,
            detail: Some("the Authorization header is not of the Bearer scheme"),
        }),
    }
}

/// A gateway token (`cs_` and 49 more characters) or a JWT (RFC 7519: `eyJ`, three parts) somewhere in a URL, also when
/// the URL was a part of another one and is encoded twice.
fn looks_like_token(text: &str) -> bool {
    let text = &percent_decode(&percent_decode(text));
    let run = |at: usize, more: &[u8]| {
        let word = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_".contains(byte) || more.contains(byte);
        let rest = &text.as_bytes()[at..];
        &rest[..rest.iter().take_while(|byte| word(byte)).count()]
    };
    text.match_indices("cs_").any(|(at, _)| run(at, b"").len() >= 43)
        || text.match_indices("eyJ").any(|(at, _)| {
            let jwt = run(at, b".");
            jwt.len() >= 40 && jwt.split(|&byte| byte == b'.').count() == 3
        })
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn with(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut map = HeaderMap::new();
        for (name, value) in pairs {
            map.append(*name, HeaderValue::from_static(value));
        }
        map
    }

    #[test]
    fn any_of_the_three_headers_will_do() {
        for pairs in [&[("authorization", "bearer abc")], &[("x-api-key", "abc")], &[("api-key", "abc")]] {
            assert_eq!(presented(&with(pairs)).unwrap().expose(), "abc");
        }
        let both = with(&[("authorization", "Bearer abc"), ("api-key", "abc")]);
        assert_eq!(presented(&both).unwrap().expose(), "abc");
    }

    #[test]
    fn two_credentials_none_or_another_scheme_are_refused() {
        let two = presented(&with(&[("authorization", "Bearer abc"), ("x-api-key", "def")]));
        assert_eq!(two.unwrap_err().reason, Reason::InvalidCredential);
        assert_eq!(presented(&with(&[])).unwrap_err().reason, Reason::MissingCredential);
        assert_eq!(presented(&with(&[("x-api-key", "")])).unwrap_err().reason, Reason::MissingCredential);
        assert!(presented(&with(&[("authorization", "Basic YTpi")])).is_err());
    }

    #[test]
    fn a_token_in_the_url_is_seen() {
        assert!(looks_like_token("key=cs_0123456789012345678901234567890123456789012345678"));
        assert!(looks_like_token("key=%63s%5F0123456789012345678901234567890123456789012345678"));
        assert!(looks_like_token("key=%2563s_0123456789012345678901234567890123456789012345678"));
        assert!(!looks_like_token("v1/models/cs_small"));
        assert!(looks_like_token("access_token=eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbmEifQ.c2lnbmF0dXJlLWhlcmU"));
        assert!(!looks_like_token("v1/models/eyJust-a-name"));
    }
}
