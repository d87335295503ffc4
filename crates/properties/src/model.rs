//! Names, ids and times, as people and programs write them.

use countersign_model::{ExchangeId, SessionId, Timestamp, action::Actions, unseen};

use crate::input::Input;

/// Head: a length. An id has one spelling that comes back, and is of one kind; a line without unseen characters has none;
/// a time is read as it is written; settings that are stored are those that are read.
pub fn model(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let most = input.below(64);
    let text = input.text();
    if let Ok(id) = text.parse::<SessionId>() {
        assert_eq!(id.to_string(), text.to_ascii_lowercase());
        assert_eq!(id.to_string().parse(), Ok(id));
        assert!(text.parse::<ExchangeId>().is_err());
    }
    let seen = unseen::seen(&text, most);
    assert!(seen.chars().count() <= most);
    assert!(!unseen::has_unseen(&seen), "{text:?} is {seen:?} of {most}");
    if !unseen::has_unseen(&text) {
        assert!(text.trim().starts_with(&seen) || most < text.chars().count(), "{text:?} is {seen:?}");
    }
    if let Some(time) = Timestamp::parse_rfc3339(&text) {
        // Fractions are written to the millisecond.
        let written = Timestamp::parse_rfc3339(&time.rfc3339());
        assert_eq!(written.map(Timestamp::rfc3339), Some(time.rfc3339()), "{text:?}");
    }
    if let Ok(actions) = serde_json::from_str::<Actions>(&text) {
        let stored = serde_json::to_string(&actions).unwrap_or_default();
        assert_eq!(serde_json::from_str::<Actions>(&stored).ok().as_ref(), Some(&actions), "{text:?}");
        assert_eq!(actions.are_usual(), actions == Actions::default());
    }
}
