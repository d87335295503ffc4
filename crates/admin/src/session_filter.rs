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
    // "email address", as the pages write it, is EMAIL_ADDRESS.
    let entity = entity.map(|words| words.to_ascii_uppercase().replace([' ', '-'], "_"));
    let (since, until) = (text("since", &filter.since), text("until", &filter.until));
    let parsed_end = end.as_deref().and_then(End::parse);
    complaints.require(end.is_none() || parsed_end.is_some(), "end", "There is no such ending.");
    let (from, to) = (since.as_deref().and_then(moment), until.as_deref().and_then(moment));
    complaints.require(since.is_none() || from.is_some(), "since", "Enter a date, or a date and time.");
    complaints.require(until.is_none() || to.is_some(), "until", "Enter a date, or a date and time.");
    complaints.done()?;
    Ok(SessionQuery { person, caller, connection, entity, end: parsed_end, since: from, until: to, after })
}

/// A filter for the record. Its texts only when something `matched` them: then the record holds them already. What nothing
/// matched may be anything, a card number pasted into the wrong field too.
pub(crate) fn words(filter: &SessionFilter, matched: bool) -> Vec<(&'static str, String)> {
    let texts = [("caller", &filter.caller), ("connection", &filter.connection), ("entity", &filter.entity)];
    let told = [("end", &filter.end), ("since", &filter.since), ("until", &filter.until)];
    let texts = texts.map(|(name, value)| (name, value, matched));
    let told = told.map(|(name, value)| (name, value, true));
    texts
        .into_iter()
        .chain(told)
        .filter_map(|(name, value, is_told)| {
            let value = value.as_deref().map(str::trim).filter(|value| !value.is_empty())?;
            Some((name, if is_told { value.to_owned() } else { "no match, not kept".to_owned() }))
        })
        .collect()
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
    fn what_nothing_matched_is_not_kept() {
        let filter = SessionFilter {
            caller: Some(" 4111 1111 1111 1111".into()),
            end: Some("complete".into()),
            since: Some(String::new()),
            ..Default::default()
        };
        let kept = words(&filter, false);
        assert_eq!(kept, [("caller", "no match, not kept".to_owned()), ("end", "complete".to_owned())]);
        assert_eq!(words(&filter, true)[0], ("caller", "4111 1111 1111 1111".to_owned()));
        assert_eq!(words(&SessionFilter::default(), true), []);
    }

    #[test]
    fn blanks_are_no_filter_and_nonsense_is_refused() {
        let blank =
            SessionFilter { caller: Some("  ".into()), end: Some(String::new()), ..Default::default() };
        assert_eq!(query(&blank, None, None).unwrap(), SessionQuery::default());
        let said = SessionFilter { entity: Some("email address".into()), ..Default::default() };
        assert_eq!(query(&said, None, None).unwrap().entity.as_deref(), Some("EMAIL_ADDRESS"));
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
