//! `user:password` in the authority of a URL or connection string (RFC 3986 section 3.2.1).
//!
//! The span is user name and password up to the last `@` of the authority; scheme and host stay.
//! Never: a port, a user without a password, a template such as `${USER}:${PASS}`.

use crate::Entity;
use crate::alphabet::{DELIMITER, within};
use crate::definition::{Definition, Rule, Starts};
use crate::latch::Latch;
use crate::probe::{Hit, Outcome, Probe};

pub static DEFINITION: Definition = Definition {
    entity: Entity::UrlPassword,
    about: "user and password between :// and @",
    rules: &[Rule::new(Starts::Authority, recognise)],
    hits: &[
        ("postgres://app:s3cret@db:5432/x", "postgres://[URL_PASSWORD]@db:5432/x"),
        ("redis://:hunter2@cache.local", "redis://[URL_PASSWORD]@cache.local"),
        ("https://me:p@ss@example.com/a@b", "https://[URL_PASSWORD]@example.com/a@b"),
        ("jdbc:postgresql://u:пароль@h", "jdbc:postgresql://[URL_PASSWORD]@h"),
        ("mysql://bob:Ab#12?x@db/y", "mysql://[URL_PASSWORD]@db/y"),
        ("amqp://bob:$ecret@mq, done", "amqp://[URL_PASSWORD]@mq, done"),
    ],
    misses: &[
        "https://example.com:8080/a:b@c",
        "ssh://git@host/repo",
        "http://localhost:3000",
        "postgres://${USER}:${PASSWORD}@host/db",
        "https://user:@host",
        "a //b:c@d",
    ],
    ..Definition::BLANK
};

/// Longest authority. At it, one with a colon is masked and swallowed to its `@` or its end.
const CAP: usize = 512;

fn recognise(probe: &Probe<'_>) -> Outcome {
    let mut colon = None;
    let mut at = None;
    // Between the colon and here are only digits.
    let mut port = true;
    let mut i = 0;
    loop {
        let byte = probe.get(i)?;
        let inner = matches!(byte, b'?' | b'#') && colon.is_some() && at.is_none() && !port;
        if byte == 0 || within(byte, DELIMITER) && !inner {
            break;
        }
        port &= colon.is_none() || byte.is_ascii_digit();
        match byte {
            b'@' => at = Some(i),
            b':' if colon.is_none() => colon = Some(i),
            _ => {}
        }
        i += 1;
        if i == CAP {
            return Ok(colon.map(|_| Hit::pattern(CAP, 0.6).latched(Latch::Authority)));
        }
    }
    let (Some(colon), Some(at)) = (colon, at) else { return Ok(None) };
    if colon + 1 >= at {
        return Ok(None);
    }
    let first = probe.get(colon + 1)?;
    let template = first == b'{' || (first == b'$' && probe.get(colon + 2)? == b'{');
    Ok((!template).then(|| Hit::pattern(at, 0.9)))
}
