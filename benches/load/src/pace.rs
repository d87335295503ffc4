//! When requests are due. The times are set beforehand and kept by a thread that does nothing else, so nothing that the
//! measured systems do can move them: no coordinated omission.

use std::time::{Duration, Instant};

use tokio::sync::mpsc;

use crate::Fault;

/// Where a multiplicative generator starts: any odd number; the same for every lane and every run.
const SEED: u64 = 0x9e37_79b9_7f4a_7c15;

/// Due times from now on: one in each slot of `1/rate` seconds, at a place in the slot that is drawn once and is the
/// same for every lane, so that no lane happens to beat in time with its own clockwork.
pub fn schedule(rate: u32, length: Duration) -> Result<mpsc::UnboundedReceiver<Instant>, Fault> {
    let slot = Duration::from_secs(1) / rate.max(1);
    let count = u32::try_from(length.as_millis() * u128::from(rate) / 1_000)?;
    let (due, receiver) = mpsc::unbounded_channel();
    std::thread::Builder::new().name("pace".into()).spawn(move || {
        // 1 ns instead of 50 µs; refused nowhere, and only less exact if it were.
        let _ = nix::sys::prctl::set_timerslack(1);
        let start = Instant::now() + Duration::from_millis(20);
        let mut state = SEED;
        for at in 0..count {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let place = (state >> 40) as f64 / (1_u64 << 24) as f64;
            let when = start + slot * at + slot.mul_f64(place);
            std::thread::sleep(when.saturating_duration_since(Instant::now()));
            if due.send(when).is_err() {
                return;
            }
        }
    })?;
    Ok(receiver)
}
