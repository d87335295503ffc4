//! What the browser brings back from the issuer.

use thiserror::Error;
use url::form_urlencoded;

/// The query of the redirect URI (RFC 6749, 4.1.2; RFC 9207).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Callback {
    pub code: Option<String>,
    pub state: Option<String>,
    pub iss: Option<String>,
    pub error: Option<String>,
}

/// Why the query cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CallbackError {
    #[error("'{0}' is given twice")]
    Twice(&'static str),
    #[error("neither a code nor an error is given")]
    Empty,
}

impl Callback {
    /// Reads the raw query. A parameter that counts must not come twice (RFC 6749, 3.1); others are not read.
    pub fn from_query(query: &str) -> Result<Self, CallbackError> {
        let mut callback = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let (slot, name) = match name.as_ref() {
                "code" => (&mut callback.code, "code"),
                "state" => (&mut callback.state, "state"),
                "iss" => (&mut callback.iss, "iss"),
                "error" => (&mut callback.error, "error"),
                _ => continue,
            };
            if slot.replace(value.into_owned()).is_some() {
                return Err(CallbackError::Twice(name));
            }
        }
        Ok(callback)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_each_parameter_once() {
        let read =
            Callback::from_query("code=a%2Bb&state=s&iss=https%3A%2F%2Fidp&session_state=x&x=1&x=2").unwrap();
        assert_eq!(read.code.as_deref(), Some("a+b"));
        assert_eq!(read.iss.as_deref(), Some("https://idp"));
        assert_eq!(Callback::from_query("code=a&state=s&code=b"), Err(CallbackError::Twice("code")));
        assert_eq!(Callback::from_query("state=a&state=a"), Err(CallbackError::Twice("state")));
        assert_eq!(Callback::from_query(""), Ok(Callback::default()));
    }
}
