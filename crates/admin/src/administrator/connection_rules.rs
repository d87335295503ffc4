//! What a connection's settings must be. The data path trusts settings that passed here.

use std::{collections::BTreeSet, ops::RangeInclusive};

use countersign_detect::Entity;
use countersign_model::{
    action::Actions,
    connection::{ConnectionSettings, CredentialKind, Limits},
};
use url::Url;

use super::analyzer_rules;
use crate::{
    AdminError, SecretChange,
    form_rules::{self, Complaints},
};

/// Shortest upstream secret, bytes: what is shorter cannot be told from ordinary text.
const SECRET_MIN: usize = 6;
/// Longest upstream secret, bytes.
const SECRET_MAX: usize = 8_192;

const CONNECT_MS: RangeInclusive<u32> = 100..=60_000;
const WAIT_MS: RangeInclusive<u32> = 1_000..=3_600_000;
const REQUEST_BYTES: RangeInclusive<u64> = 1_024..=256 << 20;
const RESPONSE_BYTES: RangeInclusive<u64> = 1_024..=1 << 30;

/// What is said of an address that has a credential in it.
pub(super) const USER_INFO: &str =
    "Put no user name or password into the address; use the credential fields.";

/// Header names that must not carry a credential: hop by hop (RFC 9110 section 7.6.1), message framing, what the
/// gateway sets itself, and what would be stripped or cached on the way.
const FORBIDDEN_HEADERS: &[&str] = &[
    "accept-encoding",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "cookie",
    "date",
    "expect",
    "forwarded",
    "host",
    "http2-settings",
    "keep-alive",
    "origin",
    "referer",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "via",
    "x-forwarded-for",
    "x-request-id",
];

/// The settings in their tidy form, or every field that cannot be accepted.
///
/// `before`: as they stand, with whether a secret is stored; `None` for a new connection. `own`: names of the
/// administrators' own patterns and dictionaries.
pub(super) fn check(
    settings: ConnectionSettings,
    secret: &SecretChange,
    before: Option<(&ConnectionSettings, bool)>,
    own: &[String],
) -> Result<ConnectionSettings, AdminError> {
    let settings = tidy(settings);
    let mut complaints = Complaints::default();
    complaints.require(
        is_name(&settings.name),
        "name",
        "Use 1 to 63 lower-case letters, digits and hyphens; no hyphen at the beginning or end.",
    );
    complaints.note("description", form_rules::line(&settings.description, 500));
    complaints.note("base_url", base_url(&settings.base_url).err());
    complaints.note("groups", form_rules::groups(&settings.groups, true));
    if let CredentialKind::Header { name } = &settings.credential {
        complaints.note("credential_header", header_name(name));
    }
    check_secret(&mut complaints, &settings, secret, before);
    check_limits(&mut complaints, &settings.limits);
    if let Some(analyzer) = &settings.analyzer {
        analyzer_rules::check(&mut complaints, analyzer);
    }
    // What the analyzer is asked for by name may be spoken of too.
    let asked_for = settings.analyzer.iter().flat_map(|analyzer| &analyzer.entities);
    let own: Vec<&str> = own.iter().chain(asked_for).map(String::as_str).collect();
    check_actions(&mut complaints, &settings.masking.actions, &own);
    complaints.done()?;
    Ok(settings)
}

fn tidy(mut settings: ConnectionSettings) -> ConnectionSettings {
    settings.name = settings.name.trim().to_owned();
    settings.description = settings.description.trim().to_owned();
    settings.base_url = settings.base_url.trim().trim_end_matches('/').to_owned();
    settings.groups = form_rules::tidy_groups(&settings.groups);
    if let CredentialKind::Header { name } = &mut settings.credential {
        *name = name.trim().to_ascii_lowercase();
    }
    if let Some(analyzer) = &mut settings.analyzer {
        analyzer_rules::tidy(analyzer);
    }
    let exceptions = &mut settings.masking.actions.exceptions;
    for exception in &mut *exceptions {
        exception.entity = exception.entity.trim().to_ascii_uppercase();
    }
    exceptions.sort_by(|one, other| (&one.entity, one.passage).cmp(&(&other.entity, other.passage)));
    settings
}

/// Whether any connection can have this name.
pub(super) fn is_name(name: &str) -> bool {
    (1..=63).contains(&name.len())
        && name.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-')
        && !name.starts_with('-')
        && !name.ends_with('-')
}

/// Strict where a browser is lenient: RFC 3986 section 3 as it stands, because the data path reads it that way. What a
/// browser would repair (`http:host`, a backslash, a name in other letters) would be saved and then answer nothing but 500.
pub(super) fn base_url(text: &str) -> Result<Url, &'static str> {
    let form = "Enter an address such as http://10.0.0.5:8000/v1.";
    if text.len() > 2_000 || !text.bytes().all(|c| c.is_ascii_graphic() && !b"\\\"<>^`{|}".contains(&c)) {
        return Err(form);
    }
    let url = Url::parse(text).map_err(|_| form)?;
    if !matches!(url.scheme(), "http" | "https") {
        Err("The address must begin with http:// or https://.")
    } else if !begins_with_host(&text[url.scheme().len()..]) || url.host_str().is_none_or(str::is_empty) {
        Err(form)
    } else if !url.username().is_empty() || url.password().is_some() {
        Err(USER_INFO)
    } else if url.query().is_some() || url.fragment().is_some() {
        Err("The address must not contain ? or #.")
    } else {
        Ok(url)
    }
}

/// Whether what follows a scheme is `://` and then something other than a path.
fn begins_with_host(rest: &str) -> bool {
    rest.strip_prefix("://").is_some_and(|rest| !rest.starts_with('/'))
}

/// RFC 9110 section 5.6.2 token, and none that means something else on the way.
fn header_name(name: &str) -> Option<&'static str> {
    let token = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || b"!#$%&'*+-.^_`|~".contains(&c);
    if name.is_empty() || name.len() > 64 || !name.bytes().all(token) {
        Some("Enter a header name such as x-api-key.")
    } else if FORBIDDEN_HEADERS.contains(&name) || name.starts_with("proxy-") || name.starts_with("sec-") {
        Some("This header has a meaning of its own and cannot carry a credential.")
    } else {
        None
    }
}

fn check_secret(
    complaints: &mut Complaints,
    settings: &ConnectionSettings,
    secret: &SecretChange,
    before: Option<(&ConnectionSettings, bool)>,
) {
    let needed = settings.credential != CredentialKind::None;
    let stored = before.is_some_and(|(_, stored)| stored);
    if let SecretChange::Set(secret) = secret {
        let secret = secret.expose();
        // What may stand in a header value, without the blanks that a paste brings along.
        let visible = secret.bytes().all(|c| (0x20..=0x7e).contains(&c));
        complaints.require(!secret.is_empty(), "secret", "Enter the credential.");
        complaints.require(
            secret.is_empty() || secret.len() >= SECRET_MIN,
            "secret",
            "A credential has at least 6 characters; a shorter one could not be kept out of the model's answers.",
        );
        complaints.require(
            visible && secret.trim() == secret && secret.len() <= SECRET_MAX,
            "secret",
            "A credential is one line of ASCII without blanks around it, at most 8192 characters.",
        );
        complaints.require(needed, "secret", "Choose how the credential is sent, or leave it empty.");
    } else if needed && (!stored || *secret == SecretChange::Remove) {
        complaints.require(false, "secret", "This kind of credential needs a secret.");
    } else if let Some((before, true)) = before
        && *secret == SecretChange::Keep
        && needed
        && origin(&before.base_url) != origin(&settings.base_url)
    {
        // Otherwise whoever may edit the address could have the stored secret sent to a server of their own.
        complaints.require(
            false,
            "secret",
            "The address has changed: enter the credential for the new server.",
        );
    }
}

fn origin(base: &str) -> Option<url::Origin> {
    base_url(base).ok().map(|url| url.origin())
}

fn check_limits(complaints: &mut Complaints, limits: &Limits) {
    complaints.require(
        CONNECT_MS.contains(&limits.connect_ms),
        "connect_ms",
        "Between 100 and 60000 milliseconds.",
    );
    for (value, field) in [(limits.first_byte_ms, "first_byte_ms"), (limits.idle_ms, "idle_ms")] {
        complaints.require(WAIT_MS.contains(&value), field, "Between 1000 and 3600000 milliseconds.");
    }
    complaints.require(
        REQUEST_BYTES.contains(&limits.request_bytes),
        "request_bytes",
        "Between 1024 and 268435456 bytes.",
    );
    complaints.require(
        RESPONSE_BYTES.contains(&limits.response_bytes),
        "response_bytes",
        "Between 1024 and 1073741824 bytes.",
    );
}

fn check_actions(complaints: &mut Complaints, actions: &Actions, own: &[&str]) {
    let mut said = BTreeSet::new();
    for exception in &actions.exceptions {
        let entity = exception.entity.as_str();
        complaints.require(
            Entity::named(entity).is_some() || own.contains(&entity),
            "exceptions",
            format!(
                "“{}” is no kind of value that is found. Choose one of the list.",
                entity.chars().take(64).collect::<String>()
            ),
        );
        complaints.require(
            said.insert((entity, exception.passage)),
            "exceptions",
            format!("{entity} has two exceptions for the same text. Leave one."),
        );
    }
    complaints.require(
        actions.exceptions.len() <= Actions::EXCEPTIONS_MAX,
        "exceptions",
        format!("At most {} exceptions.", Actions::EXCEPTIONS_MAX),
    );
}

#[cfg(test)]
mod tests {
    use countersign_model::{
        Secret,
        action::{Action, Exception, Passage},
        connection::{Masking, Recording, Uninspected},
    };

    use super::*;

    /// With one pattern of one's own.
    fn check(
        settings: ConnectionSettings,
        secret: &SecretChange,
        before: Option<(&ConnectionSettings, bool)>,
    ) -> Result<ConnectionSettings, AdminError> {
        super::check(settings, secret, before, &["STAFF_NUMBER".to_owned()])
    }

    fn good() -> ConnectionSettings {
        ConnectionSettings {
            name: "llama".into(),
            description: "The big one".into(),
            base_url: "http://10.0.0.5:8000/v1".into(),
            credential: CredentialKind::None,
            groups: vec!["*".into()],
            limits: Limits::default(),
            recording: Recording::MaskedText,
            masking: Masking::default(),
            uninspected: Uninspected::Refuse,
            analyzer: None,
            enabled: true,
        }
    }

    fn fields(result: Result<ConnectionSettings, AdminError>) -> Vec<String> {
        match result {
            Ok(_) => Vec::new(),
            Err(AdminError::Invalid(errors)) => errors.into_iter().map(|error| error.field).collect(),
            Err(other) => panic!("{other}"),
        }
    }

    fn set(text: &str) -> SecretChange {
        SecretChange::Set(Secret::new(text.to_owned()))
    }

    #[test]
    fn names_are_path_segments() {
        for name in ["a", "llama-3", "0", &"x".repeat(63)] {
            let settings = ConnectionSettings { name: name.into(), ..good() };
            assert_eq!(fields(check(settings, &SecretChange::Keep, None)), [""; 0], "{name}");
        }
        for name in ["", "-a", "a-", "A", "a_b", "a/b", "ä", "a.b", &"x".repeat(64)] {
            let settings = ConnectionSettings { name: name.into(), ..good() };
            assert_eq!(fields(check(settings, &SecretChange::Keep, None)), ["name"], "{name}");
        }
    }

    #[test]
    fn addresses_have_no_credentials_and_no_query() {
        for base_url in ["https://models.example.org", "http://[::1]:8080/a/b/", "HTTP://LOCALHOST"] {
            let settings = ConnectionSettings { base_url: base_url.into(), ..good() };
            assert_eq!(fields(check(settings, &SecretChange::Keep, None)), [""; 0], "{base_url}");
        }
        for base_url in [
            "",
            "models.example.org",
            "ftp://models.example.org",
            "file:///etc/passwd",
            "http://",
            "http://ada@host/",
            "http://:pw@host/",
            "http://host/?key=1",
            "http://host/#x",
            "http://ho st/",
            "javascript:alert(1)",
            "http:host/v1",
            "http:/host/v1",
            "http:///host/v1",
            r"http://host\@elsewhere/v1",
            "http://bücher.example/v1",
            "http://host/{model}",
        ] {
            let settings = ConnectionSettings { base_url: base_url.into(), ..good() };
            assert_eq!(fields(check(settings, &SecretChange::Keep, None)), ["base_url"], "{base_url}");
        }
    }

    #[test]
    fn headers_that_mean_something_else_are_refused() {
        let header = |name: &str| ConnectionSettings {
            credential: CredentialKind::Header { name: name.into() },
            ..good()
        };
        for name in ["x-api-key", "API-Key", "authorization", "ocp-apim-subscription-key"] {
            assert_eq!(fields(check(header(name), &set("secret"), None)), [""; 0], "{name}");
        }
        for name in [
            "",
            "host",
            "Connection",
            "transfer-encoding",
            "content-length",
            "te",
            "Proxy-Authorization",
            "a b",
            "a:b",
            "x\r\ny",
        ] {
            assert_eq!(fields(check(header(name), &set("secret"), None)), ["credential_header"], "{name:?}");
        }
    }

    #[test]
    fn secrets_fit_their_kind() {
        let bearer = || ConnectionSettings { credential: CredentialKind::Bearer, ..good() };
        assert_eq!(fields(check(bearer(), &set("sk-123"), None)), [""; 0]);
        assert_eq!(fields(check(bearer(), &SecretChange::Keep, None)), ["secret"]);
        assert_eq!(fields(check(good(), &set("sk-123"), None)), ["secret"]);
        for bad in ["", "short", " sk-123", "sk-123\n", "secr\u{e4}t", "secret\r\nx: y"] {
            assert!(fields(check(bearer(), &set(bad), None)).contains(&"secret".to_owned()), "{bad:?}");
        }
        let before = bearer();
        assert_eq!(fields(check(bearer(), &SecretChange::Keep, Some((&before, true)))), [""; 0]);
        assert_eq!(fields(check(bearer(), &SecretChange::Keep, Some((&before, false)))), ["secret"]);
        assert_eq!(fields(check(bearer(), &SecretChange::Remove, Some((&before, true)))), ["secret"]);
        assert_eq!(fields(check(good(), &SecretChange::Remove, Some((&before, true)))), [""; 0]);
    }

    #[test]
    fn a_kept_secret_does_not_follow_to_another_server() {
        let before = ConnectionSettings { credential: CredentialKind::Bearer, ..good() };
        let moved = |base_url: &str| ConnectionSettings { base_url: base_url.into(), ..before.clone() };
        let keep = |base_url| fields(check(moved(base_url), &SecretChange::Keep, Some((&before, true))));
        assert_eq!(keep("http://10.0.0.5:8000/v2"), [""; 0]);
        for elsewhere in ["http://10.0.0.6:8000/v1", "http://10.0.0.5:8001/v1", "https://10.0.0.5:8000/v1"] {
            assert_eq!(keep(elsewhere), ["secret"], "{elsewhere}");
        }
    }

    #[test]
    fn limits_have_ranges() {
        let off = Limits {
            connect_ms: 0,
            first_byte_ms: 999,
            idle_ms: 3_600_001,
            request_bytes: 1_023,
            response_bytes: (1 << 30) + 1,
        };
        let settings = ConnectionSettings { limits: off, ..good() };
        assert_eq!(
            fields(check(settings, &SecretChange::Keep, None)),
            ["connect_ms", "first_byte_ms", "idle_ms", "request_bytes", "response_bytes"]
        );
    }

    #[test]
    fn exceptions_speak_of_what_is_found_and_once() {
        let with = |exceptions: &[(&str, Option<Passage>)]| {
            let exceptions = exceptions.iter().map(|(entity, passage)| Exception {
                entity: (*entity).into(),
                passage: *passage,
                action: Action::Redact,
            });
            let actions = Actions { exceptions: exceptions.collect(), ..Actions::default() };
            let masking = Masking { actions, ..Masking::default() };
            check(ConnectionSettings { masking, ..good() }, &SecretChange::Keep, None)
        };
        let tidy =
            with(&[("us_ssn ", Some(Passage::Prompt)), ("US_SSN", None), ("IP_ADDRESS", None)]).unwrap();
        let said: Vec<_> =
            tidy.masking.actions.exceptions.iter().map(|e| (e.entity.as_str(), e.passage)).collect();
        assert_eq!(said, [("IP_ADDRESS", None), ("US_SSN", None), ("US_SSN", Some(Passage::Prompt))]);
        assert_eq!(fields(with(&[("EMAIL", None)])), ["exceptions"]);
        assert_eq!(fields(with(&[("US_SSN", None), ("us_ssn", None)])), ["exceptions"]);
        let many: Vec<_> =
            Entity::ALL.iter().take(Actions::EXCEPTIONS_MAX + 1).map(|e| (e.name(), None)).collect();
        assert_eq!(fields(with(&many)), ["exceptions"]);
    }

    #[test]
    fn what_passes_is_tidy() {
        let untidy = ConnectionSettings {
            name: " llama ".into(),
            base_url: "http://h:1/v1/ ".into(),
            groups: vec!["b".into(), " a".into(), "b ".into(), String::new()],
            credential: CredentialKind::Header { name: "X-Api-Key".into() },
            ..good()
        };
        let tidy = check(untidy, &set("secret"), None).unwrap();
        assert_eq!((tidy.name.as_str(), tidy.base_url.as_str()), ("llama", "http://h:1/v1"));
        assert_eq!(tidy.groups, ["a", "b"]);
        assert_eq!(tidy.credential, CredentialKind::Header { name: "x-api-key".into() });
    }
}
