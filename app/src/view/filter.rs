//! The session filter and its query text: all state is in the URL, both ways.

use countersign_model::{Timestamp, exchange::SessionFilter};

use super::{query, text, time, words};
use crate::routes::Route;

/// The fields of the filter form, as in the URL.
pub const NAMES: [&str; 6] = ["caller", "connection", "entity", "end", "since", "until"];

/// A filter that is set, and the link that removes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chip {
    /// The field in words, such as `Caller`.
    pub field: &'static str,
    pub value: String,
    /// The list without this filter, from its first page.
    pub without: String,
}

/// Reads a filter and a cursor from query text; unknown names and empty values are ignored.
pub fn parse(text: &str) -> (SessionFilter, Option<String>) {
    let mut filter = SessionFilter::default();
    let mut cursor = None;
    for (name, value) in query::parse(text) {
        let value = visible(&value);
        let value = value.trim();
        if value.is_empty() {
            continue;
        }
        let slot = match name.as_str() {
            "caller" => &mut filter.caller,
            "connection" => &mut filter.connection,
            "entity" => &mut filter.entity,
            "end" => &mut filter.end,
            "since" => &mut filter.since,
            "until" => &mut filter.until,
            "cursor" => &mut cursor,
            _ => continue,
        };
        let typed_time =
            matches!(name.as_str(), "since" | "until").then(|| time::parse_loose(value)).flatten();
        *slot = Some(typed_time.map_or_else(|| value.to_owned(), Timestamp::rfc3339));
    }
    (filter, cursor)
}

/// Without control characters: nobody types them, and HTML cannot carry all of them, so that the page in the browser would
/// not be the one the server made.
fn visible(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}

/// The list at query text, as a link to it would be written.
pub fn address(text: &str) -> String {
    let (filter, cursor) = parse(text);
    link(&filter, cursor.as_deref())
}

/// Query text of a filter, without `?`.
pub fn build(filter: &SessionFilter, cursor: Option<&str>) -> String {
    let or = |value: &Option<String>| value.clone().unwrap_or_default();
    query::build(&[
        ("caller", &or(&filter.caller)),
        ("connection", &or(&filter.connection)),
        ("entity", &or(&filter.entity)),
        ("end", &or(&filter.end)),
        ("since", &or(&filter.since)),
        ("until", &or(&filter.until)),
        ("cursor", cursor.unwrap_or_default()),
    ])
}

/// The session list with this filter.
pub fn link(filter: &SessionFilter, cursor: Option<&str>) -> String {
    let text = build(filter, cursor);
    if text.is_empty() { Route::Sessions.path() } else { format!("{}?{text}", Route::Sessions.path()) }
}

/// The filters that are set, in form order.
pub fn chips(filter: &SessionFilter) -> Vec<Chip> {
    type Slot = fn(&mut SessionFilter) -> &mut Option<String>;
    const FIELDS: [(&str, Slot); 6] = [
        ("Caller", |f| &mut f.caller),
        ("Connection", |f| &mut f.connection),
        ("Found", |f| &mut f.entity),
        ("Ended", |f| &mut f.end),
        ("Since", |f| &mut f.since),
        ("Until", |f| &mut f.until),
    ];
    FIELDS
        .iter()
        .filter_map(|(field, slot)| {
            let mut without = filter.clone();
            let value = slot(&mut without).take()?;
            let value = match *field {
                "Found" => text::label_words(&value),
                "Ended" => words::end_named(&value),
                "Since" | "Until" => time::parse_loose(&value).map_or(value, time::utc),
                _ => value,
            };
            Some(Chip { field, value, without: link(&without, None) })
        })
        .collect()
}

/// One sentence for an empty list: what to widen.
pub fn widen(filter: &SessionFilter) -> Option<String> {
    let set = chips(filter);
    match set.as_slice() {
        [] => None,
        [only] => Some(format!(
            "Only the filter “{}: {}” is set. Remove it to see every session.",
            only.field, only.value
        )),
        many => {
            let narrowest = if filter.since.is_some() || filter.until.is_some() {
                "the time range"
            } else {
                "the last filter you added"
            };
            Some(format!("{} filters are set. Try without {narrowest} first.", many.len()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter() -> SessionFilter {
        SessionFilter {
            caller: Some("ana & co".into()),
            entity: Some("EMAIL_ADDRESS".into()),
            since: Some("2026-11-01T00:00:00Z".into()),
            ..SessionFilter::default()
        }
    }

    #[test]
    fn query_round_trips() {
        let text = build(&filter(), Some("c1"));
        assert_eq!(parse(&text), (filter(), Some("c1".to_owned())));
        assert_eq!(parse("caller=&end=+&x=1"), (SessionFilter::default(), None));
    }

    #[test]
    fn control_characters_are_no_filter() {
        for text in ["caller=%00", "caller=%0A%0D%1B", "caller=%C2%85"] {
            assert_eq!(parse(text), (SessionFilter::default(), None), "{text}");
        }
        assert_eq!(parse("caller=a%00b").0.caller.as_deref(), Some("ab"));
        assert_eq!(parse("caller=%FF").0.caller.as_deref(), Some("\u{fffd}"));
        assert_eq!(parse("caller=a&caller=b").0.caller.as_deref(), Some("b"));
        assert_eq!(address("?caller=a+b&connection="), "/sessions?caller=a%20b");
    }

    #[test]
    fn browser_times_become_rfc_3339() {
        let (read, _) = parse("since=2026-11-01T00%3A00");
        assert_eq!(read.since.as_deref(), Some("2026-11-01T00:00:00Z"));
    }

    #[test]
    fn a_chip_removes_only_itself_and_the_cursor() {
        let chips = chips(&filter());
        assert_eq!(chips.len(), 3);
        assert_eq!(chips[0].without, "/sessions?entity=EMAIL_ADDRESS&since=2026-11-01T00%3A00%3A00Z");
        assert_eq!(chips[1].value, "email address");
        assert_eq!(chips[2].value, "2026-11-01 00:00:00 UTC");
    }

    #[test]
    fn empty_states_say_what_to_widen() {
        assert_eq!(widen(&SessionFilter::default()), None);
        assert!(widen(&filter()).unwrap().contains("time range"));
    }
}
