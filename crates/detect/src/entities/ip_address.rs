//! IP addresses of both versions, with a prefix length if one is written (RFC 4632, RFC 4291, RFC 5952).
//!
//! Never: loopback, unspecified and netmasks, which point at nobody; version and section numbers, that is five
//! parts, a leading `v`, the word "version" before, or two single digits first without a prefix length or port; MAC addresses, times, paths such as `a::b`.

use core::net::Ipv6Addr;

use crate::Entity;
use crate::alphabet::{ALNUM, COLON, DIGIT, DOT, HEX, IDENTIFIER, LETTER, WORD, within};
use crate::definition::{Definition, Rule, Starts};
use crate::probe::{Hit, Need, Outcome, Probe};

pub static DEFINITION: Definition = Definition {
    entity: Entity::IpAddress,
    about: "IPv4 and IPv6 by parsing, with prefix length; not loopback, netmasks or versions",
    rules: &[
        Rule::new(Starts::Sets(DIGIT), v4).going_on_with(&[
            [DOT, DIGIT, 0],
            [DIGIT, DOT, DIGIT],
            [DIGIT, DIGIT, DOT],
        ]),
        Rule::new(Starts::Sets(HEX), v6).going_on_with(&[
            [COLON, 0, 0],
            [HEX, COLON, 0],
            [HEX, HEX, COLON],
            [HEX, HEX, HEX],
        ]),
        Rule::new(Starts::Bytes(b":"), v6).going_on_with(&[[COLON, HEX, HEX]]),
    ],
    hits: &[
        ("host 203.0.113.7:8080", "host [IP_ADDRESS]:8080"),
        ("10.0.0.0/8, 192.168.1.254.", "[IP_ADDRESS], [IP_ADDRESS]."),
        ("http://192.0.2.1/x", "http://[IP_ADDRESS]/x"),
        ("1.2.3.4:80 8.8.8.0/24", "[IP_ADDRESS]:80 [IP_ADDRESS]"),
        ("2001:db8::1", "[IP_ADDRESS]"),
        ("[2001:db8:85a3::8a2e:370:7334]:443", "[[IP_ADDRESS]]:443"),
        ("6e40:4041:c617:e898:c11:40d2:c669:2eb4", "[IP_ADDRESS]"),
        ("fe80::1%eth0 up", "[IP_ADDRESS] up"),
        ("2001:db8::/32", "[IP_ADDRESS]"),
        ("::ffff:203.0.113.7", "[IP_ADDRESS]"),
        ("fd12:3456:789a:1::1.", "[IP_ADDRESS]."),
        ("地址203.0.113.7。", "地址[IP_ADDRESS]。"),
    ],
    misses: &[
        "10.2.33.4.5",
        "v10.2.33.4 version 10.2.33.4 Version: 10.0.190.1 ver. 10.2.33.4",
        "see 4.5.3.1, 7.3.17.1; OID 2.5.4.10, 1.3.101.111",
        "Chrome/91.0.44.12 Safari/10.2.33.4",
        "127.0.0.1 0.0.0.0 255.255.255.0 ::1",
        "256.1.1.11 10.2.3 10.2.33.04 10.2.33.4x",
        "00:1a:2b:3c:4d:5e:6f:70",
        "12:30:45 23:59",
        "std::string a::b dead::beef fe::add face::off()",
        "2001:db8 2001::x",
        "fill: 2024: 30:20",
        "x[2::3] x[::2]",
    ],
    ..Definition::BLANK
};

fn v4(probe: &Probe<'_>) -> Outcome {
    if matches!(probe.back(1), b'_' | b'-' | b'.') && within(probe.back(2), ALNUM) {
        return Ok(None);
    }
    let mut octets = [0_u32; 4];
    let mut i = 0;
    for (place, octet) in octets.iter_mut().enumerate() {
        let digits = probe.run(i, DIGIT, 4)?;
        if !(1..=3).contains(&digits) || (digits > 1 && probe.get(i)? == b'0') {
            return Ok(None);
        }
        for _ in 0..digits {
            *octet = *octet * 10 + u32::from(probe.get(i)? - b'0');
            i += 1;
        }
        if *octet > 255 {
            return Ok(None);
        }
        if place < 3 {
            if probe.get(i)? != b'.' {
                return Ok(None);
            }
            i += 1;
        }
    }
    let next = probe.get(i)?;
    if within(next, WORD) || next == b'_' || (matches!(next, b'.' | b'-') && probe.is(i + 1, ALNUM)?) {
        return Ok(None);
    }
    if octets[0] == 127 || octets == [0; 4] || octets[0] == 255 || names_version(probe) {
        return Ok(None);
    }
    let prefix = prefix_length(probe, i, 32)?;
    // 4.5.13.1 is the number of a section, 2.5.4.10 an object identifier.
    let numbered = octets[0] < 10 && octets[1] < 10;
    if numbered && prefix == 0 && !(next == b':' && probe.is(i + 1, DIGIT)?) {
        return Ok(None);
    }
    Ok(Some(Hit::validated(i + prefix, 0.85)))
}

/// `Product/` or the word "version" stands before.
fn names_version(probe: &Probe<'_>) -> bool {
    if probe.back(1) == b'/' {
        return within(probe.back(2), LETTER);
    }
    let mut k = 1;
    while k < 4 && matches!(probe.back(k), b' ' | b':' | b'=' | b'"' | b'\'') {
        k += 1;
    }
    let ends_with = |word: &[u8]| {
        word.iter().rev().enumerate().all(|(i, byte)| probe.back(k + i).eq_ignore_ascii_case(byte))
    };
    k > 1 && (ends_with(b"version") || ends_with(b" ver") || ends_with(b" ver."))
}

fn v6(probe: &Probe<'_>) -> Outcome {
    // The last character before may be a colon only of prose ("address:fe80::1"), never of a longer run.
    let before = probe.back(1);
    if before == b'_' || (before == b':' && within(probe.back(2), HEX) | (probe.back(2) == b':')) {
        return Ok(None);
    }
    if probe.get(0)? == b':' && (within(before, ALNUM) || !probe.literal(0, b"::ffff:")?) {
        return Ok(None);
    }
    let mut text = [0_u8; 45];
    let mut length = 0;
    let mut colons = 0;
    let mut group = 0;
    loop {
        let byte = probe.get(length)?;
        if byte == b':' {
            colons += 1;
            group = 0;
        } else if within(byte, HEX) {
            group += 1;
        } else if byte == b'.' && colons >= 2 {
            group = 0;
        } else {
            break;
        }
        // Most words and numbers leave here: five digits, or four without a colon behind them.
        if length == text.len() || (group > 4) {
            return Ok(None);
        }
        text[length] = byte;
        length += 1;
    }
    if colons < 2 || within(probe.get(length)?, WORD) || probe.get(length)? == b'_' {
        return Ok(None);
    }
    // A sentence's point or a label's colon is not part of it.
    while length > 0 && (text[length - 1] == b'.' || text[length - 1] == b':' && text[length - 2] != b':') {
        length -= 1;
    }
    // What begins with so small a block is not assigned, but for 64:ff9b::/96 and blocks of zeros.
    let small = text[..length.min(4)].contains(&b':') && !matches!(text[0], b':' | b'0');
    if small && length < 28 && !text.starts_with(b"64:") {
        return Ok(None);
    }
    let parsed = core::str::from_utf8(&text[..length]).ok().and_then(|text| text.parse::<Ipv6Addr>().ok());
    // Written out in full, any block will do: the shortest are fingerprints and other bytes in hex.
    let in_full = length >= 28 && colons == 7;
    if !parsed.is_some_and(|address| in_full || is_assigned(address)) {
        return Ok(None);
    }
    let mut end = length;
    if probe.get(end)? == b'%' {
        let zone = probe.run(end + 1, IDENTIFIER, 16)?;
        end += if zone > 0 { zone + 1 } else { 0 };
    }
    Ok(Some(Hit::validated(end + prefix_length(probe, end, 128)?, 0.9)))
}

/// Global unicast, unique local, link-local, multicast, mapped IPv4, or NAT64.
fn is_assigned(address: Ipv6Addr) -> bool {
    let first = address.segments()[0];
    matches!(first, 0x2000..=0x3FFF | 0xFC00..=0xFDFF | 0xFE80..=0xFEBF | 0xFF00..=0xFFFF | 0x0064)
        || address.to_ipv4_mapped().is_some()
}

/// Bytes of `/n` with `n` at most `most`; 0 if there is none.
fn prefix_length(probe: &Probe<'_>, i: usize, most: u32) -> Result<usize, Need> {
    if probe.get(i)? != b'/' {
        return Ok(0);
    }
    let digits = probe.run(i + 1, DIGIT, 4)?;
    let mut value = 0;
    for k in 0..digits {
        value = value * 10 + u32::from(probe.get(i + 1 + k)? - b'0');
    }
    let ends = !within(probe.get(i + 1 + digits)?, WORD);
    Ok(if (1..=3).contains(&digits) && value <= most && ends { digits + 1 } else { 0 })
}
