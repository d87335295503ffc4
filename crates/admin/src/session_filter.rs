//! From the filter in the URL to the store's query. What cannot be read is refused, never ignored: a filter that is
//! silently dropped would show more than was asked for.

use countersign_model::{
    PersonId, SessionId, Timestamp,
    exchange::{End, SessionFilter},
};
use countersign_store::sessions::SessionQuery;

use crate::{AdminError, form_rules::Complaints};

/// Longest filter text, characters.
const TEXT_MAX: usize = 200;

/// The query for a filter; with `person`, only their sessions.
pub(crate) fn query(
    filter: &SessionFilter,
    person: Option<PersonId>,
    after: Option<(Timestamp, SessionId)>,
) -> Result<SessionQuery, AdminError> {
    let mut complaints = Complaints::default();
    let mut text = |field: &str, value: &Option<String>| -> Option<String> {
        let value = value.as_deref().map(str::trim).filter(|value| !value.is_empty())?;
        let fits = value.chars().count() <= TEXT_MAX && !value.contains('\0');
        complaints.require(fits, field, "This is too long.");
        Some(value.to_owned())
    };
    let (caller, connection) = (text("caller", &filter.caller), text("connection", &filter.connection));
    let (entity, end) = (text("entity", &filter.entity), text("end", &filter.end));
    let (since, until) = (text("since", &filter.since), text("until", &filter.until));
    let parsed_end = end.as_deref().and_then(End::parse);
    complaints.require(end.is_none() || parsed_end.is_some(), "end", "There is no such ending.");
    let (from, to) = (since.as_deref().and_then(moment), until.as_deref().and_then(moment));
    complaints.require(since.is_none() || from.is_some(), "since", "Enter a date, or a date and time.");
    complaints.require(until.is_none() || to.is_some(), "until", "Enter a date, or a date and time.");
    complaints.done()?;
    Ok(SessionQuery { person, caller, connection, entity, end: parsed_end, since: from, until: to, after })
}

/// RFC 3339, or what HTML's date and datetime-local fields send (taken as UTC).
fn moment(text: &str) -> Option<Timestamp> {
    [text.to_owned(), format!("{text}Z"), format!("{text}:00Z"), format!("{text}T00:00:00Z")]
        .iter()
        .find_map(|text| Timestamp::parse_rfc3339(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_as_people_and_browsers_write_them() {
        let day = Timestamp::parse_rfc3339("2026-11-22T00:00:00Z");
        for text in ["2026-11-22", "2026-11-22T00:00", "2026-11-22T00:00:00", "2026-11-22T01:00:00+01:00"] {
            assert_eq!(moment(text), day, "{text}");
        }
        for text in ["yesterday", "2026-13-01", "22.11.2026"] {
            assert_eq!(moment(text), None, "{text}");
        }
    }

    #[test]
    fn blanks_are_no_filter_and_nonsense_is_refused() {
        let blank =
            SessionFilter { caller: Some("  ".into()), end: Some(String::new()), ..Default::default() };
        assert_eq!(query(&blank, None, None).unwrap(), SessionQuery::default());
        let nonsense = SessionFilter {
            end: Some("vanished".into()),
            since: Some("soon".into()),
            caller: Some("x".repeat(300)),
            ..Default::default()
        };
        let Err(AdminError::Invalid(errors)) = query(&nonsense, None, None) else { panic!() };
        let fields: Vec<_> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["caller", "end", "since"]);
    }
}
