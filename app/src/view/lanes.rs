//! An exchange's timings as lanes: one bar each, in the order things happened, on one shared scale.

use countersign_model::exchange::{End, Timings};

/// One bar. `start` and `width` are percent of the whole.
#[derive(Debug, Clone, PartialEq)]
pub struct Lane {
    pub name: &'static str,
    /// Who the time belongs to: `gateway` or `model`.
    pub owner: &'static str,
    pub start: f64,
    pub width: f64,
    /// Microseconds.
    pub micros: u64,
}

/// The lanes of the points that were reached; a point that was not reached has none.
pub fn lanes(timings: &Timings, end: End) -> Vec<Lane> {
    let last = last(timings, end);
    let points = [
        ("Received", "gateway", timings.received),
        ("Masked", "gateway", timings.masked),
        ("Recorded", "gateway", timings.recorded),
        ("Wait for model", "model", timings.head),
        ("First byte", "model", timings.first_byte),
        ("Streamed", "model", timings.last_byte),
        last,
    ];
    let whole = points.iter().filter_map(|(_, _, at)| *at).max().unwrap_or(0).max(1) as f64;
    let mut from = 0;
    let mut out = Vec::new();
    for (name, owner, at) in points {
        let Some(at) = at else { continue };
        // Clocks only go forward, but a record is data: never a negative bar.
        let until = at.max(from);
        out.push(Lane {
            name,
            owner,
            start: percent(from as f64 / whole),
            width: percent((until - from) as f64 / whole),
            micros: until - from,
        });
        from = until;
    }
    out
}

/// From the last point reached to the end, for an exchange that did not come to its own end.
fn last(timings: &Timings, end: End) -> (&'static str, &'static str, Option<u64>) {
    let sent = timings.recorded.is_some();
    match end {
        End::ClientGone if !sent => ("Until the client left", "gateway", timings.ended),
        End::ClientGone if timings.head.is_none() => {
            ("Waited for the model, until the client left", "model", timings.ended)
        }
        End::ClientGone => ("Until the client left", "model", timings.ended),
        End::Failed if timings.head.is_none() && sent => {
            ("Waited for the model, until it was given up", "model", timings.ended)
        }
        End::Failed => ("Until it was given up", if sent { "model" } else { "gateway" }, timings.ended),
        End::NotForwarded => ("Until it was given up", "gateway", timings.ended),
        End::Completed | End::UpstreamError | End::Unknown | End::Refused | End::Open => {
            ("", "gateway", None)
        }
    }
}

/// Microseconds the gateway itself added: arrival to recorded.
pub fn added(timings: &Timings) -> Option<u64> {
    timings.recorded
}

/// Two digits after the point, so that server and browser write the same attribute.
fn percent(share: f64) -> f64 {
    (share * 10_000.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_add_up_to_the_whole() {
        let timings = Timings {
            received: Some(100),
            masked: Some(300),
            recorded: Some(1_000),
            head: Some(6_000),
            first_byte: Some(6_500),
            last_byte: Some(10_000),
            ended: Some(10_100),
        };
        let lanes = lanes(&timings, End::Completed);
        assert_eq!(lanes.iter().map(|lane| lane.micros).sum::<u64>(), 10_000);
        assert_eq!(lanes.len(), 6);
        assert!((lanes[5].start + lanes[5].width - 100.0).abs() < 0.02);
        assert_eq!(added(&timings), Some(1_000));
    }

    #[test]
    fn unreached_points_have_no_lane_and_time_never_runs_back() {
        let timings = Timings { received: Some(500), masked: Some(400), ..Timings::default() };
        let lanes = lanes(&timings, End::Completed);
        assert_eq!(lanes.len(), 2);
        assert_eq!(lanes[1].micros, 0);
        assert!(super::lanes(&Timings::default(), End::Open).is_empty());
    }

    #[test]
    fn the_wait_until_the_client_left_has_a_lane() {
        let timings = Timings { recorded: Some(4_420), ended: Some(2_004_420), ..Timings::default() };
        let lanes = lanes(&timings, End::ClientGone);
        let last = lanes.last().unwrap();
        assert_eq!((last.name, last.micros), ("Waited for the model, until the client left", 2_000_000));
        assert_eq!(lanes.iter().map(|lane| lane.micros).sum::<u64>(), 2_004_420);
    }
}
