//! Percentiles, and medians over rounds.

use std::time::Duration;

use serde::Serialize;

/// Microseconds.
pub type Micros = f64;

/// Two points of one set of times, microseconds.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Points {
    pub p50: Micros,
    pub p99: Micros,
}

/// A figure of several rounds: the median, and how far the rounds lie apart.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Spread {
    pub median: Micros,
    pub lowest: Micros,
    pub highest: Micros,
}

impl Points {
    /// `None` without times.
    pub fn of(times: &mut [Duration]) -> Option<Self> {
        times.sort_unstable();
        // Nearest rank: the smallest time that so many are not above.
        let at = |percent: usize| {
            let rank = (times.len() * percent).div_ceil(100).max(1);
            times.get(rank - 1).map(|time| time.as_secs_f64() * 1e6)
        };
        Some(Self { p50: at(50)?, p99: at(99)? })
    }
}

impl Spread {
    /// `None` without rounds.
    pub fn of(rounds: impl IntoIterator<Item = Micros>) -> Option<Self> {
        let mut rounds: Vec<Micros> = rounds.into_iter().collect();
        rounds.sort_by(f64::total_cmp);
        let (lowest, highest) = (*rounds.first()?, *rounds.last()?);
        let middle = rounds.len() / 2;
        let median = if rounds.len().is_multiple_of(2) {
            f64::midpoint(rounds[middle - 1], rounds[middle])
        } else {
            rounds[middle]
        };
        Some(Self { median, lowest, highest })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_nearest_ranks() {
        let mut times: Vec<_> = (1..=100).rev().map(Duration::from_micros).collect();
        let points = Points::of(&mut times).unwrap();
        assert!((points.p50 - 50.0).abs() < 1e-6 && (points.p99 - 99.0).abs() < 1e-6);
        assert!(Points::of(&mut []).is_none());
    }

    #[test]
    fn rounds_have_a_median() {
        let spread = Spread::of([4.0, 1.0, 3.0, 2.0]).unwrap();
        assert!((spread.median - 2.5).abs() < 1e-9 && (spread.highest - 4.0).abs() < 1e-9);
    }
}
