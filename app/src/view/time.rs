//! Moments as text: UTC for the first render, relative once the browser knows the present.

use countersign_model::Timestamp;

/// `2026-11-22 19:44:05 UTC`.
pub fn utc(at: Timestamp) -> String {
    let text = at.rfc3339();
    match (text.get(..10), text.get(11..19)) {
        (Some(date), Some(clock)) => format!("{date} {clock} UTC"),
        _ => text,
    }
}

/// `2026-11-22 19:44 UTC`: for lists, about as wide as what replaces it in the browser.
pub fn utc_short(at: Timestamp) -> String {
    let text = at.rfc3339();
    match (text.get(..10), text.get(11..16)) {
        (Some(date), Some(clock)) => format!("{date} {clock} UTC"),
        _ => text,
    }
}

/// `3 min ago`, `in 2 days`; exact seconds matter to nobody who reads this form. What is past is rounded down and what is to
/// come up: a token for seven days is shown with seven.
pub fn relative(at: Timestamp, now: Timestamp) -> String {
    let seconds = now.seconds().saturating_sub(at.seconds());
    let past = seconds >= 0;
    let gap = if past { seconds.unsigned_abs() } else { rounded_up(seconds.unsigned_abs()) };
    let text = match gap {
        0..10 => return if past { "just now".to_owned() } else { "in a moment".to_owned() },
        10..60 => format!("{gap} s"),
        60..3_600 => format!("{} min", gap / 60),
        3_600..86_400 => format!("{} h", gap / 3_600),
        86_400..172_800 => "1 day".to_owned(),
        172_800..5_184_000 => format!("{} days", gap / 86_400),
        _ => format!("{} months", gap / 2_592_000),
    };
    if past { format!("{text} ago") } else { format!("in {text}") }
}

/// The next whole unit that is shown.
fn rounded_up(gap: u64) -> u64 {
    match gap {
        0..60 => gap,
        60..3_540 => gap.next_multiple_of(60),
        3_540..82_800 => gap.next_multiple_of(3_600),
        82_800..5_097_600 => gap.next_multiple_of(86_400),
        _ => gap.next_multiple_of(2_592_000),
    }
}

/// A time filter as typed: RFC 3339, `YYYY-MM-DDTHH:MM[:SS]` or `YYYY-MM-DD`, both taken as UTC.
pub fn parse_loose(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let candidates =
        [text.to_owned(), format!("{text}Z"), format!("{text}:00Z"), format!("{text}T00:00:00Z")];
    candidates.iter().find_map(|candidate| Timestamp::parse_rfc3339(candidate))
}

/// What an `<input type="datetime-local">` takes: `2026-11-22T19:44`.
pub fn local_input(text: &str) -> String {
    parse_loose(text).map(|at| at.rfc3339().chars().take(16).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Timestamp = Timestamp(1_795_376_645_000_000_000);

    #[test]
    fn utc_is_whole_seconds() {
        assert_eq!(utc(AT), "2026-11-22 19:44:05 UTC");
        assert_eq!(utc_short(AT), "2026-11-22 19:44 UTC");
    }

    #[test]
    fn relative_speaks_both_ways() {
        let later = |seconds: i64| AT.plus_seconds(seconds);
        assert_eq!(relative(AT, later(3)), "just now");
        assert_eq!(relative(AT, later(59)), "59 s ago");
        assert_eq!(relative(AT, later(3 * 60)), "3 min ago");
        assert_eq!(relative(AT, later(86_400)), "1 day ago");
        assert_eq!(relative(AT, later(-7_200)), "in 2 h");
        assert_eq!(relative(AT, later(-7 * 86_400 + 4)), "in 7 days");
        assert_eq!(relative(AT, later(-86_400 + 4)), "in 1 day");
        assert_eq!(relative(AT, later(-3_599)), "in 1 h");
        assert_eq!(relative(AT, later(-61)), "in 2 min");
        assert_eq!(relative(AT, later(200 * 86_400)), "6 months ago");
    }

    #[test]
    fn typed_times_are_utc() {
        assert_eq!(parse_loose("2026-11-22T19:44:05Z"), Some(AT));
        assert_eq!(parse_loose("2026-11-22T19:44:05"), Some(AT));
        assert_eq!(parse_loose("2026-11-22T19:44").map(|at| at.0), Some(AT.0 - 5_000_000_000));
        assert!(parse_loose("2026-11-22").is_some());
        assert_eq!(parse_loose("yesterday"), None);
        assert_eq!(local_input("2026-11-22T19:44:05Z"), "2026-11-22T19:44");
    }
}
