//! The `?done=<code>` after a form that went through: one sentence each, so no text from a URL is ever shown.

/// The sentence of a code; `None` for a code that is not ours.
pub fn sentence(code: &str) -> Option<&'static str> {
    Some(match code {
        "signed-out" => "You are signed out.",
        "connection-created" => "Connection created. Callers can use it at once.",
        "connection-saved" => "Connection saved. Every node uses the new settings within a second.",
        "connection-deleted" => "Connection deleted. Its sessions stay in the record.",
        "entity-created" => "It is looked for on every connection within a second.",
        "entity-saved" => "Saved. Every node looks for it within a second.",
        "entity-deleted" => "Deleted. What it found so far stays masked in the record.",
        // Said when the result is not there any more.
        "token-made" => "The token was made and shown once; it cannot be shown again.",
        "tested" => "The test has run; its steps were shown once.",
        "heard" => "The hello was sent; what came back is in the record.",
        "token-revoked" => "Token revoked.",
        "person-created" => "Person created.",
        "roles-saved" => "Roles and groups saved.",
        "person-disabled" => "Account disabled; its tokens and sign-ins were revoked.",
        "person-enabled" => "Account enabled.",
        "password-reset" => {
            "Password set; the person's sign-ins and tokens were revoked. Tell them through a channel you trust."
        }
        "password-changed" => "Your password was changed.",
        "verified" => "The check is done; its result stands below and is itself a row in the ledger.",
        "theme" => "Theme saved.",
        _ => return None,
    })
}

/// The state it is shown in. That a check was made says nothing about how it came out.
pub fn state(code: &str) -> &'static str {
    if code == "verified" { "quiet" } else { "ok" }
}

#[cfg(test)]
mod tests {
    use super::{sentence, state};

    #[test]
    fn only_our_codes_speak() {
        assert!(sentence("verified").is_some());
        assert_eq!(sentence("<script>"), None);
        assert_eq!(sentence(""), None);
        assert_eq!((state("verified"), state("theme")), ("quiet", "ok"));
    }
}
