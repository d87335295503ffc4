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
    let newest = hourly.last().copied().unwrap_or(0);
    let busiest = bars(hourly).into_iter().rev().max_by_key(|bar| bar.value);
    let (peak, when) = busiest.map_or((0, 0), |bar| (bar.value, bar.hours_ago));
    let parts = match when {
        0 => format!("Busiest: {} in the current hour.", numbers::count(peak)),
        1 => {
            format!("Busiest: {} 1 hour ago. Current hour: {}.", numbers::count(peak), numbers::count(newest))
        }
        hours => format!(
            "Busiest: {} {hours} hours ago. Current hour: {}.",
            numbers::count(peak),
            numbers::count(newest)
        ),
    };
    format!("{} in the last 24 hours. {parts}", numbers::plural(total, "exchange", "exchanges"))
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
        assert_eq!(sentence(&[1, 9]), "10 exchanges in the last 24 hours. Busiest: 9 in the current hour.");
    }
}
