//! Forms that are more than a prefix and a run: parts of fixed lengths, and marks in the middle.

use crate::alphabet::{ALNUM, BASE64_URL, DIGIT, DOT, HEX, HYPHEN, LETTER, PLUS_SLASH, UNDERSCORE};
use crate::latch::Latch;
use crate::probe::{Hit, Need, Outcome, Probe};

/// Whether exactly `length` bytes of `sets` stand at `i`, and none behind them.
fn part(probe: &Probe<'_>, i: usize, sets: u16, length: usize) -> Result<bool, Need> {
    Ok(probe.run(i, sets, length + 1)? == length)
}

/// Digits among the bytes from `from` to `to`, which were read.
fn digits(probe: &Probe<'_>, from: usize, to: usize) -> usize {
    probe.text[probe.at + from..probe.at + to].iter().filter(|byte| byte.is_ascii_digit()).count()
}

fn hit(length: usize) -> Hit {
    Hit::pattern(length, 0.95)
}

/// `AC` or `SK` and 32 small hex digits.
pub fn twilio(probe: &Probe<'_>) -> Outcome {
    let prefix = matches!((probe.get(0)?, probe.get(1)?), (b'A', b'C') | (b'S', b'K'));
    if !prefix || !probe.is(2, HEX)? || !part(probe, 2, HEX, 32)? || probe.is(34, ALNUM | UNDERSCORE)? {
        return Ok(None);
    }
    Ok((digits(probe, 2, 34) > 4).then(|| hit(34)))
}

/// 32, 8 and 8 hex digits.
pub fn mailgun(probe: &Probe<'_>) -> Outcome {
    let parts = part(probe, 0, HEX, 32)?
        && probe.get(32)? == b'-'
        && part(probe, 33, HEX, 8)?
        && probe.get(41)? == b'-'
        && part(probe, 42, HEX, 8)?;
    Ok((parts && !probe.is(50, ALNUM | HYPHEN)?).then(|| hit(50)))
}

/// 32 hex digits, `-us` and the number of a data centre.
pub fn mailchimp(probe: &Probe<'_>) -> Outcome {
    if !part(probe, 0, HEX, 32)? || !probe.literal(32, b"-us")? {
        return Ok(None);
    }
    let centre = probe.run(35, DIGIT, 3)?;
    Ok(((1..3).contains(&centre) && !probe.is(35 + centre, ALNUM)?).then(|| hit(35 + centre)))
}

/// A number of eight to ten digits, a colon and 35 that begin with `AA`. In an address `bot` stands before it.
pub fn telegram(probe: &Probe<'_>) -> Outcome {
    let from = if probe.is(0, DIGIT)? {
        0
    } else if probe.literal(0, b"bot")? {
        3
    } else {
        return Ok(None);
    };
    let number = probe.run(from, DIGIT, 11)?;
    let colon = from + number;
    if !(8..11).contains(&number) || !probe.literal(colon, b":AA")? {
        return Ok(None);
    }
    let end = colon + 1 + probe.run(colon + 1, BASE64_URL, 36)?;
    Ok((end == colon + 36).then(|| skipping(hit(end), from)))
}

fn skipping(hit: Hit, skip: usize) -> Hit {
    if skip == 0 { hit } else { hit.behind(skip) }
}

/// 23 to 28 of base64url, six, and at least 27.
pub fn discord(probe: &Probe<'_>) -> Outcome {
    let first = probe.run(0, BASE64_URL, 29)?;
    if !(23..29).contains(&first) || probe.get(first)? != b'.' || !part(probe, first + 1, BASE64_URL, 6)? {
        return Ok(None);
    }
    let last = first + 8;
    if probe.get(last - 1)? != b'.' || probe.run(last, BASE64_URL, 27)? < 27 || digits(probe, 0, first) < 2 {
        return Ok(None);
    }
    Ok(Some(hit(last + 27).latched(Latch::Run(BASE64_URL))))
}

/// `webhook.office.com/webhookb2/` and at least 60.
pub fn teams(probe: &Probe<'_>) -> Outcome {
    const ADDRESS: &[u8] = b"webhook.office.com/webhookb2/";
    if !probe.literal(0, ADDRESS)? {
        return Ok(None);
    }
    let mut end = ADDRESS.len();
    while end < ADDRESS.len() + 60 {
        if !probe.is(end, BASE64_URL | PLUS_SLASH)? && probe.get(end)? != b'@' {
            return Ok(None);
        }
        end += 1;
    }
    Ok(Some(hit(end).latched(Latch::Run(BASE64_URL | PLUS_SLASH))))
}

/// `access_token$`, an environment, 16 and 32 hex digits.
pub fn braintree(probe: &Probe<'_>) -> Outcome {
    if !probe.literal(0, b"access_token$")? {
        return Ok(None);
    }
    let environment = 13 + probe.run(13, LETTER, 12)?;
    let parts = probe.get(environment)? == b'$'
        && part(probe, environment + 1, ALNUM, 16)?
        && probe.get(environment + 17)? == b'$'
        && part(probe, environment + 18, HEX, 32)?;
    Ok(parts.then(|| hit(environment + 50)))
}

/// `pat` and 14, a dot and 64 hex digits.
pub fn airtable(probe: &Probe<'_>) -> Outcome {
    let parts = probe.literal(0, b"pat")?
        && part(probe, 3, ALNUM, 14)?
        && probe.get(17)? == b'.'
        && part(probe, 18, HEX, 64)?;
    Ok(parts.then(|| hit(82)))
}

/// 14, `.atlasv1.` and at least 60.
pub fn terraform(probe: &Probe<'_>) -> Outcome {
    if probe.run(0, ALNUM, 15)? != 14 || !probe.literal(14, b".atlasv1.")? {
        return Ok(None);
    }
    let body = probe.run(23, BASE64_URL, 60)?;
    Ok((body == 60).then(|| hit(83).latched(Latch::Key(BASE64_URL))))
}

/// Three, a digit, `Q~` and 31 to 34.
pub fn azure(probe: &Probe<'_>) -> Outcome {
    let sign = |i| Ok(probe.is(i, BASE64_URL | DOT)? || probe.get(i)? == b'~');
    for i in 1..3 {
        if !sign(i)? {
            return Ok(None);
        }
    }
    if !probe.is(3, DIGIT)? || !probe.literal(4, b"Q~")? {
        return Ok(None);
    }
    let mut end = 6;
    while end < 41 && sign(end)? {
        end += 1;
    }
    Ok((37..41).contains(&end).then(|| hit(end)))
}

/// `s.` or `b.` and 24 letters and digits.
pub fn vault(probe: &Probe<'_>) -> Outcome {
    if probe.get(1)? != b'.' || !part(probe, 2, ALNUM, 24)? {
        return Ok(None);
    }
    let value = &probe.text[probe.at + 2..probe.at + 26];
    let mixed = digits(probe, 2, 26) > 0 && value.iter().filter(|byte| byte.is_ascii_uppercase()).count() > 3;
    let ends = !matches!(probe.get(26)?, b'(' | b'_' | b'.' | b'=');
    Ok((mixed && ends && probe.back(1) != b'.').then(|| hit(26)))
}

/// 36 hex digits and `NRAL`, or `eu01xx` and the like before it.
pub fn new_relic(probe: &Probe<'_>) -> Outcome {
    let parts = probe.run(0, HEX, 37)? == 36 && probe.literal(36, b"NRAL")? && !probe.is(40, ALNUM)?;
    Ok(parts.then(|| hit(40)))
}
