//! Words and states for the nouns of the model. A state is the value of a `data-state` attribute: `ok`, `wait`, `stop`, `quiet`.

use countersign_model::{
    Timestamp,
    action::{Action, Passage},
    analyzer::WhenItFails,
    connection::{CredentialKind, Recording, TestStep, Uninspected},
    entity::{Evidence, Undone, UndoneSet},
    exchange::End,
    person::Role,
    token::Token,
};

/// Why something was taken for what it is: `form and checksum, under percent encoding`.
pub fn why(evidence: Evidence, undone: UndoneSet) -> String {
    let evidence = match evidence {
        Evidence::Pattern => "form",
        Evidence::Validator => "form and checksum",
        Evidence::Context => "form and a word before it",
        Evidence::Analyzer => "the external analyzer",
    };
    let undone: Vec<_> = undone.iter().map(Undone::words).collect();
    if undone.is_empty() { evidence.to_owned() } else { format!("{evidence}, under {}", undone.join(", ")) }
}

/// What is done with a value, as a choice.
pub const fn action(action: Action) -> &'static str {
    match action {
        Action::Allow => "Let it stand",
        Action::Label => "Label",
        Action::Partial => "Show the last four",
        Action::Redact => "Redact",
        Action::Hash => "Keyed hash",
        Action::Tokenize => "Token, and back",
    }
}

/// What was done with a value.
pub const fn done(action: Action) -> &'static str {
    match action {
        Action::Allow => "let stand",
        Action::Label => "labelled",
        Action::Partial => "last four shown",
        Action::Redact => "redacted",
        Action::Hash => "hashed",
        Action::Tokenize => "tokenized",
    }
}

/// A kind of text, as a choice.
pub const fn passage(passage: Passage) -> &'static str {
    match passage {
        Passage::Prompt => "Prompt",
        Passage::Response => "Answer",
        Passage::ToolArguments => "Tool arguments",
        Passage::ToolResult => "Tool results",
    }
}

/// How an exchange ended, in words.
pub const fn end(end: End) -> &'static str {
    match end {
        End::Completed => "completed",
        End::UpstreamError => "model error",
        End::ClientGone => "client left",
        End::Failed => "failed",
        End::Unknown => "unknown",
        End::NotForwarded => "not sent",
        End::Refused => "refused",
        End::Open => "under way",
    }
}

/// The words for an end's stable name; an unknown name stays as it is.
pub fn end_named(name: &str) -> String {
    End::parse(name).map_or_else(|| name.to_owned(), |known| end(known).to_owned())
}

/// The state an end is shown in.
pub const fn end_state(end: End) -> &'static str {
    match end {
        End::Completed => "ok",
        End::Open => "wait",
        End::Refused | End::Failed | End::UpstreamError => "stop",
        End::ClientGone | End::Unknown | End::NotForwarded => "quiet",
    }
}

/// A role and what it allows.
pub const fn role(role: Role) -> (&'static str, &'static str) {
    match role {
        Role::Admin => ("Admin", "Changes connections, people and settings; reads everything."),
        Role::Approver => ("Approver", "Nothing yet: no request is held for a decision."),
        Role::Auditor => ("Auditor", "Reads sessions and the ledger, and verifies it."),
        Role::User => ("User", "Makes own tokens and calls the models granted to their groups."),
    }
}

/// A step of a connection test, and what it does.
pub const fn step(step: TestStep) -> (&'static str, &'static str) {
    match step {
        TestStep::Dns => ("Name", "resolve the host name"),
        TestStep::Tcp => ("Connection", "open a TCP connection"),
        TestStep::Tls => ("TLS", "check the certificate"),
        TestStep::Auth => ("Credential", "send the stored credential"),
        TestStep::Protocol => ("Protocol", "read the model list"),
    }
}

/// One step of a test of a connection's analyzer.
pub const fn analyzer_step(step: TestStep) -> (&'static str, &'static str) {
    match step {
        TestStep::Protocol => ("Protocol", "ask about a sentence of ours"),
        other => self::step(other),
    }
}

/// What is done when a connection's analyzer fails, as a choice.
pub const fn when_it_fails(when: WhenItFails) -> &'static str {
    match when {
        WhenItFails::Closed => "Closed: refuse, and pass nothing on",
        WhenItFails::Open => "Open: go on with what is built in, and say so in the record",
    }
}

/// What is recorded.
pub const fn recording(recording: Recording) -> &'static str {
    match recording {
        Recording::MaskedText => "masked text",
        Recording::MetadataOnly => "metadata only",
    }
}

/// The form value of a recording.
pub const fn recording_value(recording: Recording) -> &'static str {
    match recording {
        Recording::MaskedText => "masked_text",
        Recording::MetadataOnly => "metadata_only",
    }
}

/// The form value of what happens to a body that cannot be inspected.
pub const fn uninspected_value(uninspected: Uninspected) -> &'static str {
    match uninspected {
        Uninspected::Refuse => "refuse",
        Uninspected::Pass => "pass",
    }
}

/// The form value of a credential's kind.
pub const fn credential_value(credential: &CredentialKind) -> &'static str {
    match credential {
        CredentialKind::None => "none",
        CredentialKind::Bearer => "bearer",
        CredentialKind::Header { .. } => "header",
    }
}

/// The word for a token that opens something.
pub const USABLE: &str = "usable";

/// What a token can still do: state and words.
pub fn token(token: &Token, now: Option<Timestamp>) -> (&'static str, &'static str) {
    if token.revoked_at.is_some() {
        ("stop", "revoked")
    } else if token.max_uses.is_some_and(|most| token.uses >= most) {
        ("quiet", "used up")
    } else if now.is_some_and(|now| token.expires_at <= now) {
        ("quiet", "expired")
    } else {
        ("ok", USABLE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_end_has_words_and_a_state() {
        for known in End::ALL {
            assert_eq!(end_named(known.name()), end(known));
            assert!(["ok", "wait", "stop", "quiet"].contains(&end_state(known)));
        }
        assert_eq!(end_named("odd"), "odd");
    }

    #[test]
    fn form_values_are_the_wire_names() {
        assert_eq!(recording_value(Recording::MetadataOnly), "metadata_only");
        assert_eq!(uninspected_value(Uninspected::Refuse), "refuse");
        assert_eq!(credential_value(&CredentialKind::Header { name: "x-api-key".into() }), "header");
    }
}
