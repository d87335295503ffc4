//! Hashes of passwords as systems keep them: `crypt(3)` and its family, LDAP, Django.
//!
//! They are masked because they can be tried offline.

use crate::Entity;
use crate::alphabet::{ALNUM, UPPER, within};
use crate::definition::{Definition, Rule, Starts};
use crate::probe::{Hit, Outcome, Probe};

pub static DEFINITION: Definition = Definition {
    entity: Entity::PasswordHash,
    about: "$2y$, $apr1$, $5$, $6$, $y$, $argon2id$ and their family, {SSHA}, pbkdf2_sha256$ (crypt(5), RFC 2307, RFC 9106)",
    rules: &[Rule::new(Starts::Bytes(b"${p"), recognise)],
    hits: &[
        ("bob:$apr1$k7z2Qx9A$Wz3Yc1T8bJ5mNq0RtUv4s/", "bob:[PASSWORD_HASH]"),
        (
            "root:$6$mXz8kQpL$9dTq4Wz1RcVbNmKjHgFdSaPoIuYtReWqLkJhGfDsAzXcVbNmQwErTyUiOp1234567890abcdefghijkl.:19000:0",
            "root:[PASSWORD_HASH]:19000:0",
        ),
        ("'$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW'", "'[PASSWORD_HASH]'"),
        ("userPassword: {SSHA}0c0blFTXXNuAMHECS4uxrj3ZieMoWImr", "userPassword: [PASSWORD_HASH]"),
    ],
    misses: &["$6$", "costs $5 and $6", "$1$2$3", "{SHA}", "$argon2id$", "pbkdf2_sha256"],
    ..Definition::BLANK
};

/// A beginning, and the fewest bytes behind it.
const FAMILY: &[(&[u8], usize)] = &[
    (b"$2y$", 50),
    (b"$2a$", 50),
    (b"$2b$", 50),
    (b"$2x$", 50),
    (b"$1$", 24),
    (b"$5$", 44),
    (b"$6$", 86),
    (b"$y$", 40),
    (b"$7$", 40),
    (b"$gy$", 40),
    (b"$apr1$", 24),
    (b"$P$", 31),
    (b"$H$", 31),
    (b"$S$", 50),
    (b"$argon2id$", 50),
    (b"$argon2i$", 50),
    (b"$argon2d$", 50),
    (b"$scrypt$", 40),
    (b"$pbkdf2", 40),
    (b"$sha1$", 30),
    (b"{SHA}", 28),
    (b"{SSHA}", 32),
    (b"{SSHA256}", 40),
    (b"{SSHA512}", 80),
    (b"{SMD5}", 24),
    (b"{CRYPT}", 13),
    (b"pbkdf2_sha256$", 40),
    (b"pbkdf2:sha256:", 40),
];
const CAP: usize = 256;

fn recognise(probe: &Probe<'_>) -> Outcome {
    // Most words and marks leave here.
    let begins = match (probe.get(0)?, probe.get(1)?) {
        (b'$', second) => within(second, ALNUM),
        (b'{', second) => within(second, UPPER),
        (_, second) => second == b'b',
    };
    if !begins {
        return Ok(None);
    }
    for (beginning, least) in FAMILY {
        if !probe.literal(0, beginning)? {
            continue;
        }
        let body = beginning.len();
        let mut end = body;
        let mut parts = 0;
        while end < CAP && parts < 6 {
            let byte = probe.get(end)?;
            parts += usize::from(byte == b'$');
            if !(byte.is_ascii_alphanumeric()
                || matches!(byte, b'.' | b'/' | b'$' | b'=' | b'+' | b',' | b'-' | b'_'))
            {
                break;
            }
            end += 1;
        }
        return Ok((end - body >= *least && end < CAP).then(|| Hit::pattern(end, 0.95)));
    }
    Ok(None)
}
