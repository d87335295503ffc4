//! The hourly bars of the overview: geometry for an SVG, and the same in words.

use super::numbers;

/// Height of the drawing, in its own units.
pub const HEIGHT: i64 = 64;
/// Distance from bar to bar.
pub const STEP: i64 = 10;
/// Width of a bar.
pub const BAR: i64 = 8;

/// One bar in the drawing's units, and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    pub x: i64,
    pub y: i64,
    pub height: i64,
    pub value: i64,
    /// Hours ago the bar ends: 0 is the current hour.
    pub hours_ago: i64,
}

/// Bars, oldest first, scaled to the tallest; a value above zero is at least two units tall.
pub fn bars(hourly: &[i64]) -> Vec<Bar> {
    let most = hourly.iter().copied().max().unwrap_or(0).max(1);
    let newest = i64::try_from(hourly.len()).unwrap_or(0) - 1;
    hourly
        .iter()
        .zip(0_i64..)
        .map(|(&value, at)| {
            let height = if value <= 0 { 0 } else { (value * HEIGHT / most).max(2) };
            Bar { x: at * STEP, y: HEIGHT - height, height, value, hours_ago: newest - at }
        })
        .collect()
}

/// The chart as one sentence, for readers who do not see it.
pub fn sentence(hourly: &[i64]) -> String {
    let total: i64 = hourly.iter().sum();
    if total == 0 {
        return "No exchanges in the last 24 hours.".to_owned();
    }
    let busiest = bars(hourly).into_iter().rev().max_by_key(|bar| bar.value);
    let peak = busiest.map_or_else(String::new, |bar| {
        let when = match bar.hours_ago {
            0 => "in the current hour".to_owned(),
            1 => "1 hour ago".to_owned(),
            hours => format!("{hours} hours ago"),
        };
        format!(" Busiest: {} {when}.", numbers::count(bar.value))
    });
    let newest = hourly.last().copied().unwrap_or(0);
    format!(
        "{} in the last 24 hours.{peak} Current hour: {}.",
        numbers::plural(total, "exchange", "exchanges"),
        numbers::count(newest)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tallest_fills_the_height_and_the_smallest_is_seen() {
        let bars = bars(&[0, 1, 1_000]);
        assert_eq!(bars[0].height, 0);
        assert_eq!(bars[1].height, 2);
        assert_eq!((bars[2].height, bars[2].y, bars[2].hours_ago), (HEIGHT, 0, 0));
    }

    #[test]
    fn words_say_total_peak_and_now() {
        assert_eq!(sentence(&[0; 24]), "No exchanges in the last 24 hours.");
        assert_eq!(
            sentence(&[1, 9, 2]),
            "12 exchanges in the last 24 hours. Busiest: 9 1 hour ago. Current hour: 2."
        );
    }
}
