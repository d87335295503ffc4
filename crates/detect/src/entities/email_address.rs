//! Email addresses, as people write them: the dot-atom form of RFC 5321 with ASCII or Latin letters.
//!
//! The domain needs a dot and a last label of letters. An over-long domain is masked and swallowed.
//! Never: quoted local parts, address literals, file names such as `icon@2x.png`, `git@host`, package versions.

use crate::Entity;
use crate::alphabet::{ALNUM, DIGIT, HOST, LATIN, LETTER, LOCAL, UNDERSCORE, within};
use crate::definition::{Definition, Rule, Starts};
use crate::latch::Latch;
use crate::probe::{Hit, Need, Outcome, Probe};

pub static DEFINITION: Definition = Definition {
    entity: Entity::EmailAddress,
    about: "local part up to 64, @, a domain with a dot and a last label of letters",
    rules: &[Rule::new(Starts::Sets(ALNUM | LATIN | UNDERSCORE), recognise)],
    hits: &[
        ("a@b.co", "[EMAIL_ADDRESS]"),
        ("Write to alice.smith+tag@mail.example.com.", "Write to [EMAIL_ADDRESS]."),
        ("<bob@example.org>", "<[EMAIL_ADDRESS]>"),
        ("mailto:x_y@sub.example.museum?subject=1", "mailto:[EMAIL_ADDRESS]?subject=1"),
        ("josé.garcía@correo.es", "[EMAIL_ADDRESS]"),
        ("邮箱alice@example.com谢谢", "邮箱[EMAIL_ADDRESS]谢谢"),
        ("a@b.com,c@d.de;e@f.io", "[EMAIL_ADDRESS],[EMAIL_ADDRESS];[EMAIL_ADDRESS]"),
        ("x@example.com-y", "[EMAIL_ADDRESS]-y"),
        ("wang@163.com", "[EMAIL_ADDRESS]"),
        ("ann@münchen.de", "[EMAIL_ADDRESS]"),
        ("ann@xn--mnchen-3ya.de", "[EMAIL_ADDRESS]"),
        ("Contact:--sales@shop.example--", "Contact:--[EMAIL_ADDRESS]--"),
    ],
    misses: &[
        "@app.route('/')",
        "user@localhost",
        "y = a@b",
        "y = W@x.T + b",
        "icon@2x.png",
        "git@github.com:org/repo.git",
        "lodash@4.17.21 @types/node@18.0.0-beta.next",
        "a@ b.com, a @b.com",
        "@alice and @bob.smith",
        "a@.com a@-.c",
    ],
    ..Definition::BLANK
};

/// RFC 5321 4.5.3.1.
const LOCAL_CAP: usize = 64;
const DOMAIN_CAP: usize = 253;
/// Last labels that are file endings and never a place for mail.
const FILE_ENDINGS: &[&str] = &[
    "png", "jpg", "jpeg", "gif", "svg", "webp", "js", "jsx", "ts", "tsx", "json", "css", "html", "txt",
    "pdf", "xml", "yml", "yaml",
];

fn recognise(probe: &Probe<'_>) -> Outcome {
    // A sign that stands alone: most digits and many letters.
    let second = probe.get(1)?;
    if !within(second, LOCAL) && second != b'@' {
        return Ok(None);
    }
    let local = local_run(probe)?;
    if local == 0 || local > LOCAL_CAP || probe.get(local)? != b'@' {
        return Ok(None);
    }
    let (domain, capped) = domain(probe, local + 1)?;
    if domain == 0 || (local == 3 && probe.literal(0, b"git")?) {
        return Ok(None);
    }
    let hit = Hit::pattern(local + 1 + domain, 0.95);
    Ok(Some(if capped { hit.latched(Latch::Run(HOST)) } else { hit }))
}

/// Length of the local part from the start; more than the cap if it is over-long.
fn local_run(probe: &Probe<'_>) -> Result<usize, Need> {
    let here = probe.position();
    let (from, to) = probe.memo.local.get();
    let known = if (from..to).contains(&here) { to - here } else { 0 };
    let mut length = known;
    let result = loop {
        if length > LOCAL_CAP {
            break Ok(length);
        }
        match probe.is(length, LOCAL) {
            Ok(true) => length += 1,
            Ok(false) => break Ok(length),
            Err(Need) => break Err(Need),
        }
    };
    if length > known {
        probe.memo.local.set((here, here + length));
    }
    result
}

/// Length of the domain that begins at `from`, 0 if there is none, and whether it reached the cap.
fn domain(probe: &Probe<'_>, from: usize) -> Result<(usize, bool), Need> {
    let here = probe.position() + from;
    let (place, length, capped) = probe.memo.domain.get();
    if place == here && place > 0 {
        return Ok((length, capped));
    }
    let mut run = 0;
    let mut label = 0;
    let mut labels = 0;
    let mut best = 0;
    // The end of the last label, if a hyphen parts it from what follows: `example.com-x`.
    let mut hyphenated = None;
    let mut numbers = 0;
    loop {
        if run == DOMAIN_CAP {
            let found = if labels > 0 { (run, true) } else { (0, false) };
            probe.memo.domain.set((here, found.0, found.1));
            return Ok(found);
        }
        let byte = probe.get(from + run)?;
        let inside = within(byte, HOST);
        if inside && byte != b'.' {
            if byte == b'-' && hyphenated.is_none() {
                hyphenated = Some(run);
            }
            run += 1;
            continue;
        }
        if label == run {
            break;
        }
        if labels < 2 && probe.is(from + label, DIGIT)? {
            numbers += 1;
        }
        if labels > 0 {
            if is_top(probe, from + label, run - label)? {
                best = run;
            } else if let Some(end) = hyphenated
                && end > label
                && is_top(probe, from + label, end - label)?
            {
                best = end;
            }
        }
        labels += 1;
        if !inside {
            break;
        }
        run += 1;
        label = run;
        hyphenated = None;
    }
    // `1.2.3-beta.next` is a version.
    let found = if numbers == 2 { 0 } else { best };
    probe.memo.domain.set((here, found, false));
    Ok((found, false))
}

/// Whether the label can be a top-level domain.
fn is_top(probe: &Probe<'_>, from: usize, length: usize) -> Result<bool, Need> {
    if length < 2 {
        return Ok(false);
    }
    if probe.literal(from, b"xn--")? {
        return Ok(length > 4);
    }
    for i in 0..length {
        if !probe.is(from + i, LETTER | LATIN)? {
            return Ok(false);
        }
    }
    for ending in FILE_ENDINGS {
        if ending.len() == length {
            let mut same = true;
            for (i, byte) in ending.bytes().enumerate() {
                same &= probe.get(from + i)?.eq_ignore_ascii_case(&byte);
            }
            if same {
                return Ok(false);
            }
        }
    }
    Ok(true)
}
