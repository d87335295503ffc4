//! What the fields of a form must look like. Every complaint names its field and says what to do.

use countersign_model::{form::FieldError, person::Role, unseen::has_unseen};

/// Collects complaints about a form's fields.
#[derive(Debug, Default)]
pub(crate) struct Complaints(Vec<FieldError>);

impl Complaints {
    /// Complains unless it holds.
    pub(crate) fn require(&mut self, holds: bool, field: &str, sentence: impl Into<String>) {
        if !holds {
            self.0.push(FieldError::new(field, sentence));
        }
    }

    /// Complains when there is something to say.
    pub(crate) fn note(&mut self, field: &str, sentence: Option<&str>) {
        if let Some(sentence) = sentence {
            self.0.push(FieldError::new(field, sentence));
        }
    }

    /// `Err` when anything was complained of.
    pub(crate) fn done(self) -> Result<(), crate::AdminError> {
        if self.0.is_empty() { Ok(()) } else { Err(crate::AdminError::Invalid(self.0)) }
    }
}

/// A local account's login.
pub(crate) fn login(login: &str) -> Option<&'static str> {
    let fits = (1..=64).contains(&login.chars().count());
    let begins = login.chars().next().is_some_and(|c| c.is_ascii_alphanumeric());
    let known = login.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '@' | '+'));
    (!(fits && begins && known)).then_some(
        "A sign-in name has 1 to 64 letters, digits or . _ - @ + and begins with a letter or digit.",
    )
}

/// A line for people, such as a display name.
pub(crate) fn line(text: &str, max: usize) -> Option<&'static str> {
    if has_unseen(text) {
        Some("This must be one line without control characters and without others that nobody sees.")
    } else if text.chars().count() > max {
        Some("This is too long.")
    } else {
        None
    }
}

/// An e-mail address, roughly (RFC 5321 lengths): it is shown, nothing is sent to it.
pub(crate) fn email(email: &str) -> Option<&'static str> {
    let parts = email.rsplit_once('@').filter(|(local, domain)| {
        !local.is_empty() && domain.contains('.') && !domain.starts_with('.') && !domain.ends_with('.')
    });
    let plain = email.len() <= 254 && !email.chars().any(|c| c.is_whitespace() || c.is_control());
    (parts.is_none() || !plain).then_some("This is not an e-mail address.")
}

/// Group names of a person or a connection: trimmed, without empty ones and repetitions, in order.
pub(crate) fn tidy_groups(groups: &[String]) -> Vec<String> {
    let mut tidy: Vec<String> =
        groups.iter().map(|group| group.trim().to_owned()).filter(|group| !group.is_empty()).collect();
    tidy.sort();
    tidy.dedup();
    tidy
}

/// What is wrong with tidy group names; `*` means everyone and is for connections only.
pub(crate) fn groups(groups: &[String], star: bool) -> Option<&'static str> {
    let named = |group: &String| {
        group.chars().count() <= 128 && !has_unseen(group) && !group.contains(',') && (group != "*" || star)
    };
    if groups.len() > 200 {
        Some("At most 200 groups.")
    } else if !groups.iter().all(named) {
        Some(if star {
            "A group's name has at most 128 characters that can be seen, and no comma."
        } else {
            "A group's name has at most 128 characters that can be seen, and no comma; * stands for everyone and is for connections."
        })
    } else {
        None
    }
}

/// Roles in display order, each once.
pub(crate) fn tidy_roles(roles: &[Role]) -> Vec<Role> {
    Role::ALL.into_iter().filter(|role| roles.contains(role)).collect()
}

/// Roles as one line for a record.
pub(crate) fn role_line(roles: &[Role]) -> String {
    roles.iter().map(|role| role.name()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logins() {
        for good in ["ada", "a", "ada.lovelace@example.org", "7of9", "x+y_z-1"] {
            assert_eq!(login(good), None, "{good}");
        }
        for bad in ["", " ada", "-ada", "ada lovelace", "ädä", "a\0", "a\n", &"x".repeat(65)] {
            assert!(login(bad).is_some(), "{bad:?}");
        }
    }

    #[test]
    fn emails() {
        assert_eq!(email("ada@example.org"), None);
        for bad in
            ["ada", "@example.org", "ada@", "ada@localhost", "a da@example.org", "ada@.org", "ada@example."]
        {
            assert!(email(bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn the_star_is_for_connections() {
        let star = ["*".to_owned()];
        assert_eq!(groups(&star, true), None);
        assert!(groups(&star, false).is_some());
        assert!(groups(&["a,b".to_owned()], true).is_some());
        assert_eq!(tidy_groups(&[" b ".into(), "a".into(), String::new(), "b".into()]), ["a", "b"]);
    }
}
