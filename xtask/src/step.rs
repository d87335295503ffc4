//! One line per step, with the time it took.

use std::time::{Duration, Instant};

use crate::failure::Done;

/// Says that `name` begins, runs it, says how it went. Tools inherit the terminal in between.
pub fn step<T>(name: &str, work: impl FnOnce() -> Done<T>) -> Done<T> {
    println!("▸ {name}");
    let began = Instant::now();
    let outcome = work();
    let mark = if outcome.is_ok() { "✓" } else { "✗" };
    println!("{mark} {name}, {}", spoken(began.elapsed()));
    outcome
}

fn spoken(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    if seconds < 60.0 {
        format!("{seconds:.1} s")
    } else {
        format!("{:.0} min {:02.0} s", (seconds / 60.0).floor(), seconds % 60.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_well() {
        assert_eq!(spoken(Duration::from_millis(340)), "0.3 s");
        assert_eq!(spoken(Duration::from_secs(125)), "2 min 05 s");
    }
}
