//! MAC addresses: six pairs of hex digits (IEEE 802 EUI-48).
//!
//! Never: broadcast, zero, multicast mappings of nobody, or a part of a longer row of pairs.

use crate::Entity;
use crate::alphabet::{ALNUM, COLON, HEX, HYPHEN, within};
use crate::definition::{Definition, Rule, Starts};
use crate::probe::{Hit, Outcome, Probe};

pub static DEFINITION: Definition = Definition {
    entity: Entity::MacAddress,
    about: "six pairs of hex digits with colons or hyphens, or three groups of four with dots (IEEE 802)",
    rules: &[
        Rule::new(Starts::Sets(HEX), recognise).going_on_with(&[[HEX, COLON | HYPHEN, HEX], [HEX, HEX, HEX]])
    ],
    hits: &[
        ("eth0 00:1a:2b:3c:4d:5e up", "eth0 [MAC_ADDRESS] up"),
        ("MAC 00-1A-2B-3C-4D-5E.", "MAC [MAC_ADDRESS]."),
        ("001a.2b3c.4d5e", "[MAC_ADDRESS]"),
    ],
    misses: &[
        "ff:ff:ff:ff:ff:ff 00:00:00:00:00:00",
        "00:1a:2b:3c:4d:5e:6f:70",
        "00:1a-2b:3c:4d:5e",
        "12:30:45 10-11-12-13-14-15",
        "1234.5678.9012",
    ],
    ..Definition::BLANK
};

fn recognise(probe: &Probe<'_>) -> Outcome {
    if matches!(probe.back(1), b':' | b'-' | b'.' | b'_') && within(probe.back(2), ALNUM) {
        return Ok(None);
    }
    let group = probe.run(0, HEX, 5)?;
    let (separator, groups) = match (group, probe.get(group)?) {
        (2, separator @ (b':' | b'-')) => (separator, 6),
        (4, b'.') => (b'.', 3),
        _ => return Ok(None),
    };
    let mut digits = [0; 12];
    let mut i = 0;
    for number in 0..groups {
        for k in 0..group {
            let byte = probe.get(i + k)?;
            if !within(byte, HEX) {
                return Ok(None);
            }
            digits[number * group + k] = byte.to_ascii_lowercase();
        }
        i += group;
        if number + 1 < groups {
            if probe.get(i)? != separator {
                return Ok(None);
            }
            i += 1;
        }
    }
    let next = probe.get(i)?;
    if within(next, ALNUM) || next == b'_' || (matches!(next, b':' | b'-' | b'.') && probe.is(i + 1, HEX)?) {
        return Ok(None);
    }
    let letters = digits.iter().any(u8::is_ascii_alphabetic);
    let nobody = digits.iter().all(|digit| *digit == digits[0]);
    Ok((!nobody && (letters || separator == b':')).then(|| Hit::pattern(i, 0.8)))
}
