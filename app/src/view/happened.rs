//! An event of the ledger as one sentence, and its details in words.
//!
//! The stable names are the record's; only what people read is made here. A name nobody taught this page is loosened, never
//! hidden.

use countersign_model::{PersonId, SessionId, audit::EventFacts};

/// `ada` `created the connection` `llama` `(it failed)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happened {
    /// What was done, to be read after who did it.
    pub verb: String,
    /// What it was done to.
    pub object: Object,
    /// The change was recorded, begun, and did not come about.
    pub failed: bool,
}

/// What an event is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Object {
    Nothing,
    Words(String),
    /// A person and their login.
    Person(PersonId, String),
    /// A session of this caller.
    Session(SessionId, String),
}

/// The sentence of an event.
pub fn happened(facts: &EventFacts) -> Happened {
    let (name, failed) = match facts.event.strip_suffix(".failed") {
        Some(name) if name != "sign_in" => (name, true),
        _ => (facts.event.as_str(), false),
    };
    let object = match facts.subject.parse::<SessionId>() {
        Ok(session) => Object::Session(session, value(facts, "caller").unwrap_or_default().to_owned()),
        Err(_) if facts.subject.is_empty() || (facts.subject == facts.actor && is_own(name)) => {
            Object::Nothing
        }
        Err(_) => match value(facts, "id").and_then(|id| id.parse().ok()) {
            Some(person) if name.starts_with("person.") => Object::Person(person, facts.subject.clone()),
            _ => Object::Words(facts.subject.clone()),
        },
    };
    Happened { verb: verb(name, facts), object, failed }
}

fn is_own(name: &str) -> bool {
    matches!(
        name,
        "setup.administrator_created" | "person.password_changed" | "person.password_change_refused"
    )
}

fn verb(name: &str, facts: &EventFacts) -> String {
    let known = match name {
        "sign_in.succeeded" => match value(facts, "method") {
            Some("password") => "signed in with a password",
            Some("oidc") => "signed in through the identity provider",
            _ => "signed in",
        },
        "sign_in.failed" => match value(facts, "why") {
            Some("password") => "failed to sign in: wrong password",
            Some("login") => "failed to sign in: nobody has this login",
            Some("disabled") => "failed to sign in: the account is disabled",
            _ => "failed to sign in",
        },
        "sign_in.locked" => "was kept out: too many wrong passwords",
        "sign_in.address_locked" => "was kept out: too many failures from the address",
        "sign_out" => "signed out",
        "setup.link_issued" => "printed the set-up link",
        "setup.administrator_created" => "became the first administrator",
        "person.created" => "created the person",
        "person.updated" => "brought new facts from the identity provider about",
        "person.roles_changed" => "changed the roles or groups of",
        "person.disabled" => "disabled the account of",
        "person.enabled" => "enabled the account of",
        "person.password_reset" => "set a new password for",
        "person.password_changed" => "changed the own password",
        "person.password_change_refused" => "did not change the own password: the old one was wrong",
        "token.issued" => "made the token",
        "token.revoked" => "revoked the token",
        "connection.created" => "created the connection",
        "connection.updated" => "changed the connection",
        "connection.deleted" => "deleted the connection",
        "own_entity.created" => "began to look for",
        "own_entity.updated" => "changed what is looked for as",
        "own_entity.deleted" => "no longer looks for",
        "connection.tested" => "tested the connection",
        "session.read" => "read a session",
        "sessions.searched" => "searched the sessions",
        "events.read" => "read these events",
        "ledger.verification_started" => "began to verify the ledger",
        "ledger.verified" => match value(facts, "result") {
            Some("sound") => "verified the ledger: every row holds",
            _ => "verified the ledger: a row does not hold",
        },
        "request.refused" => "was refused at",
        "boot" => "started the gateway",
        "key" => "made a key that signs rows",
        "gap" => "accepted a gap after a restore",
        "projection.unreadable" => "found a row that cannot be read",
        "projection.rows_missing" => "found that rows are missing",
        "projection.without_intent" => "found an outcome without its intent",
        "projection.repeated" => "found a row that says what another said",
        other => return other.replace(['.', '_'], " "),
    };
    known.to_owned()
}

/// The details that the sentence does not say already, in words.
pub fn details(facts: &EventFacts) -> Vec<(String, String)> {
    let said = |name: &str| match facts.event.as_str() {
        "sign_in.succeeded" => name == "method",
        "sign_in.failed" | "person.password_change_refused" => name == "why",
        "session.read" => name == "caller",
        "ledger.verified" => name == "result" && value(facts, "result") == Some("sound"),
        _ => false,
    };
    facts
        .detail
        .iter()
        .filter(|(name, _)| !said(name))
        .map(|(name, value)| (label(name), words(name, value)))
        .collect()
}

fn label(name: &str) -> String {
    let known = match name {
        "self_check.server_version" => "PostgreSQL",
        "self_check.fsync" => "fsync",
        "self_check.full_page_writes" => "full-page writes",
        "self_check.synchronous_commit" => "synchronous commit",
        "self_check.role_separation" => "writes under an append-only role",
        "self_check.durable" => "commits survive a power cut",
        "why" => "because",
        "max_uses" => "most calls",
        "expires_at" => "works until",
        "id" => "identifier",
        "from" => "from exchange",
        "key" => "key",
        "public_key" => "public key",
        "locked_until" => "locked until",
        "seen" => "head remembered",
        "found" => "head found",
        other => return other.rsplit('.').next().unwrap_or(other).replace('_', " "),
    };
    known.to_owned()
}

fn words(name: &str, value: &str) -> String {
    match (name, value) {
        (_, "true") => "yes".to_owned(),
        (_, "false") => "no".to_owned(),
        ("self_check.server_version", number) => match number.parse::<u32>() {
            Ok(number) => format!("{}.{}", number / 10_000, number % 10_000),
            Err(_) => number.to_owned(),
        },
        ("from", "first exchange") => "the first".to_owned(),
        ("from", _) => "a later page".to_owned(),
        _ => value.to_owned(),
    }
}

fn value<'a>(facts: &'a EventFacts, name: &str) -> Option<&'a str> {
    facts.detail.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(event: &str, subject: &str, detail: &[(&str, &str)]) -> EventFacts {
        EventFacts {
            event: event.into(),
            actor: "ada".into(),
            subject: subject.into(),
            detail: detail.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
            peer: String::new(),
        }
    }

    #[test]
    fn events_read_as_sentences() {
        let told = happened(&facts("connection.created.failed", "llama", &[("why", "conflict")]));
        assert_eq!((told.verb.as_str(), told.failed), ("created the connection", true));
        assert_eq!(told.object, Object::Words("llama".into()));
        let told = happened(&facts("sign_in.failed", "", &[("why", "password")]));
        assert_eq!((told.verb.as_str(), told.failed), ("failed to sign in: wrong password", false));
        assert_eq!(happened(&facts("new.thing_happened", "", &[])).verb, "new thing happened");
        let read = facts(
            "session.read",
            "ses_01930000000070008000000000000001",
            &[("caller", "bob"), ("from", "1.exc")],
        );
        assert!(matches!(happened(&read).object, Object::Session(_, caller) if caller == "bob"));
        assert_eq!(details(&read), [("from exchange".to_owned(), "a later page".to_owned())]);
    }

    #[test]
    fn details_are_words() {
        let boot =
            facts("boot", "", &[("self_check.server_version", "150018"), ("self_check.durable", "true")]);
        assert_eq!(
            details(&boot),
            [
                ("PostgreSQL".to_owned(), "15.18".to_owned()),
                ("commits survive a power cut".to_owned(), "yes".to_owned())
            ]
        );
    }
}
