//! Durations, sizes, counts and hashes as short text. Never localised, so server and browser write the same.

/// A duration given in microseconds: `840 µs`, `12.4 ms`, `3.21 s`, `4 min 10 s`.
pub fn micros(value: u64) -> String {
    match value {
        0..1_000 => format!("{value} µs"),
        1_000..10_000 => format!("{:.2} ms", value as f64 / 1e3),
        10_000..100_000 => format!("{:.1} ms", value as f64 / 1e3),
        100_000..1_000_000 => format!("{} ms", value / 1_000),
        1_000_000..60_000_000 => format!("{:.2} s", value as f64 / 1e6),
        _ => format!("{} min {} s", value / 60_000_000, value / 1_000_000 % 60),
    }
}

/// A size given in bytes: `812 B`, `4.1 KiB`, `16 MiB`.
pub fn bytes(value: u64) -> String {
    const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];
    if value < 1024 {
        return format!("{value} B");
    }
    let mut scaled = value as f64 / 1024.0;
    let mut unit = UNITS[0];
    for next in &UNITS[1..] {
        if scaled < 1024.0 {
            break;
        }
        scaled /= 1024.0;
        unit = next;
    }
    if scaled.fract() < 0.05 || scaled >= 100.0 {
        format!("{scaled:.0} {unit}")
    } else {
        format!("{scaled:.1} {unit}")
    }
}

/// A count with thin spaces between thousands: `12 345`.
pub fn count(value: i64) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut out = String::new();
    if value < 0 {
        out.push('−');
    }
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    out
}

/// A hash or id shortened in the middle: `9f3a1c…77b0`. Short text stays.
pub fn middle(text: &str) -> String {
    let long = text.chars().count();
    if long <= 14 {
        return text.to_owned();
    }
    let head: String = text.chars().take(6).collect();
    let tail: String = text.chars().skip(long - 4).collect();
    format!("{head}…{tail}")
}

/// `1 row`, `3 rows`.
pub fn plural(value: i64, one: &str, many: &str) -> String {
    format!("{} {}", count(value), if value == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_keep_three_digits() {
        let cases = [
            (0, "0 µs"),
            (999, "999 µs"),
            (1_240, "1.24 ms"),
            (12_400, "12.4 ms"),
            (340_900, "340 ms"),
            (3_210_000, "3.21 s"),
            (250_000_000, "4 min 10 s"),
        ];
        for (value, text) in cases {
            assert_eq!(micros(value), text);
        }
    }

    #[test]
    fn sizes_and_counts() {
        assert_eq!(bytes(812), "812 B");
        assert_eq!(bytes(4_200), "4.1 KiB");
        assert_eq!(bytes(16 << 20), "16 MiB");
        assert_eq!(bytes(3 << 40), "3 TiB");
        assert_eq!(count(999), "999");
        assert_eq!(count(-12_345_678), "−12\u{202f}345\u{202f}678");
        assert_eq!(plural(1, "row", "rows"), "1 row");
        assert_eq!(plural(0, "row", "rows"), "0 rows");
    }

    #[test]
    fn hashes_keep_both_ends() {
        assert_eq!(middle("9f3a1c000000000077b0"), "9f3a1c…77b0");
        assert_eq!(middle("short"), "short");
    }
}
