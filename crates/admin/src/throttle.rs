//! Counts failed attempts by a key that has no row of its own: a peer address, a login nobody has (AC-7).
//!
//! In memory and per process: it slows guessing down, the account's own count in the database stops it. Bounded: a
//! flood of different keys costs a fixed amount of memory.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use countersign_model::Timestamp;

/// Most keys remembered.
const CAPACITY: usize = 20_000;

/// Failures by key within a window.
pub(crate) struct Throttle {
    limit: u32,
    window_s: i64,
    keys: Mutex<HashMap<String, Failures>>,
}

#[derive(Clone, Copy)]
struct Failures {
    count: u32,
    since: Timestamp,
    locked_until: Option<Timestamp>,
}

/// Whether an attempt may be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    /// It counts as failed until [`Throttle::take_back`].
    Allowed {
        /// This attempt is the last one of the window.
        locks_until: Option<Timestamp>,
    },
    /// Not before then.
    Locked(Timestamp),
}

impl Throttle {
    /// `limit` failures within `window_s` seconds lock for `window_s` seconds.
    pub(crate) fn new(limit: u32, window_s: i64) -> Self {
        Self { limit: limit.max(1), window_s: window_s.max(1), keys: Mutex::new(HashMap::new()) }
    }

    /// Counts an attempt as failed, if one may be made.
    pub(crate) fn begin(&self, key: &str, now: Timestamp) -> Turn {
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        if keys.len() >= CAPACITY && !keys.contains_key(key) {
            self.make_room(&mut keys, now);
        }
        let fresh = Failures { count: 0, since: now, locked_until: None };
        let failures = keys.entry(key.to_owned()).or_insert(fresh);
        if let Some(until) = failures.locked_until.filter(|&until| now < until) {
            return Turn::Locked(until);
        }
        if failures.locked_until.is_some() || now >= failures.since.plus_seconds(self.window_s) {
            *failures = fresh;
        }
        failures.count += 1;
        if failures.count >= self.limit {
            failures.locked_until = Some(now.plus_seconds(self.window_s));
        }
        Turn::Allowed { locks_until: failures.locked_until }
    }

    /// The attempt succeeded after all. Only this one is taken back: whoever has one good password does not get
    /// unlimited guesses at others.
    pub(crate) fn take_back(&self, key: &str) {
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(failures) = keys.get_mut(key) {
            failures.count = failures.count.saturating_sub(1);
            failures.locked_until = None;
            if failures.count == 0 {
                keys.remove(key);
            }
        }
    }

    fn make_room(&self, keys: &mut HashMap<String, Failures>, now: Timestamp) {
        keys.retain(|_, failures| {
            now < failures.since.plus_seconds(self.window_s)
                || failures.locked_until.is_some_and(|until| now < until)
        });
        if keys.len() >= CAPACITY {
            let mut begun: Vec<Timestamp> = keys.values().map(|failures| failures.since).collect();
            let middle = begun.len() / 2;
            let (_, &mut median, _) = begun.select_nth_unstable(middle);
            // The older half, but never those that are locked out right now.
            keys.retain(|_, failures| failures.since > median || failures.locked_until.is_some());
        }
        if keys.len() >= CAPACITY {
            keys.clear();
        }
    }
}

/// What a peer is counted by: an IPv4 address, or the /64 of an IPv6 address (one household, RFC 6177).
pub(crate) fn peer_key(peer: &str) -> String {
    use std::net::{IpAddr, SocketAddr};
    let ip = peer.parse::<SocketAddr>().map(|address| address.ip()).or_else(|_| peer.parse::<IpAddr>());
    match ip.map(|ip| ip.to_canonical()) {
        Ok(IpAddr::V4(ip)) => ip.to_string(),
        Ok(IpAddr::V6(ip)) => {
            let [a, b, c, d, ..] = ip.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        Err(_) => peer.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_000_000_000_000_000_000);

    #[test]
    fn the_last_allowed_attempt_locks_and_the_lock_ends() {
        let throttle = Throttle::new(3, 60);
        assert_eq!(throttle.begin("a", NOW), Turn::Allowed { locks_until: None });
        assert_eq!(throttle.begin("a", NOW), Turn::Allowed { locks_until: None });
        let until = NOW.plus_seconds(60);
        assert_eq!(throttle.begin("a", NOW), Turn::Allowed { locks_until: Some(until) });
        assert_eq!(throttle.begin("a", NOW.plus_seconds(59)), Turn::Locked(until));
        assert_eq!(throttle.begin("b", NOW), Turn::Allowed { locks_until: None });
        assert_eq!(throttle.begin("a", until), Turn::Allowed { locks_until: None });
    }

    #[test]
    fn a_success_takes_back_only_itself() {
        let throttle = Throttle::new(3, 60);
        throttle.begin("a", NOW);
        throttle.begin("a", NOW);
        throttle.begin("a", NOW);
        throttle.take_back("a");
        assert!(matches!(throttle.begin("a", NOW), Turn::Allowed { locks_until: Some(_) }));
    }

    #[test]
    fn failures_long_ago_do_not_count() {
        let throttle = Throttle::new(2, 60);
        throttle.begin("a", NOW);
        assert_eq!(throttle.begin("a", NOW.plus_seconds(60)), Turn::Allowed { locks_until: None });
    }

    #[test]
    fn memory_is_bounded_and_a_lock_survives_a_flood() {
        let flood = Throttle::new(2, 60);
        flood.begin("victim", NOW);
        flood.begin("victim", NOW);
        for n in 0..60_001_i64 {
            flood.begin(&n.to_string(), Timestamp(NOW.0 + n));
        }
        assert!(flood.keys.lock().unwrap().len() <= CAPACITY);
        assert!(matches!(flood.begin("victim", NOW), Turn::Locked(_)));
    }

    #[test]
    fn neighbours_in_one_ipv6_network_count_together() {
        assert_eq!(peer_key("192.0.2.7:5000"), "192.0.2.7");
        assert_eq!(peer_key("[::ffff:192.0.2.7]:5000"), "192.0.2.7");
        assert_eq!(peer_key("[2001:db8:1:2:3::4]:443"), peer_key("[2001:db8:1:2:ffff::1]:9"));
        assert_ne!(peer_key("[2001:db8:1:2::1]:443"), peer_key("[2001:db8:1:3::1]:443"));
    }
}
