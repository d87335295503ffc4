//! AWS access key ids (IAM user guide: unique identifier prefixes) and the secret access keys that go with them.
//!
//! A secret key has no form of its own: 40 bytes of base64. It is taken for one within 256 bytes after an access key
//! id, or within 64 after a word that begins with "secret" or "awsSecret", and only with both cases and two
//! digits or signs: a random key has seven, a name in camel case hardly one.

use crate::Entity;
use crate::alphabet::{ALNUM, BASE64, DIGIT, UPPER, within};
use crate::definition::{Definition, Rule, Starts};
use crate::probe::{Hit, Need, Outcome, Probe};

pub static ACCESS_KEY: Definition = Definition {
    entity: Entity::AwsAccessKey,
    about: "AKIA, ASIA, ABIA or ACCA and sixteen capitals and digits",
    rules: &[Rule::new(Starts::Bytes(b"A"), access_key).of_long_words()],
    hits: &[
        (concat!("id ", "AKIA", "IOSFODNN7EXAMPLE."), "id [AWS_ACCESS_KEY]."),
        (concat!("AWS_ACCESS_KEY_ID=", "ASIA", "Y34FZKBOKMUTVV7A"), "AWS_ACCESS_KEY_ID=[AWS_ACCESS_KEY]"),
        (concat!("key_", "ABIA", "IOSFODNN7EXAMPLE"), "key_[AWS_ACCESS_KEY]"),
    ],
    misses: &[
        "AKIA",
        "AKIAIOSFODNN7EXAMPL",
        "AKIAIOSFODNN7EXAMPLES",
        "akiaiosfodnn7example",
        "xAKIAIOSFODNN7EXAMPLE",
        "AKIAABCDEFGHIJKLMNOP",
    ],
    ..Definition::BLANK
};

pub static SECRET_KEY: Definition = Definition {
    entity: Entity::AwsSecretKey,
    about: "40 bytes of base64 behind an access key id or the word secret",
    rules: &[
        Rule::new(Starts::Bytes(b"sSaA"), secret_word).beginning_with(&BEGINNINGS).judging_plain_words(),
        Rule::new(Starts::Sets(BASE64), secret_key).of_long_runs(),
    ],
    hits: &[
        (
            concat!("aws_secret_access_key = ", "wJalrXUtnFEMI/K7MDENG", "/bPxRfiCYEXAMPLEKEY\n"),
            "aws_secret_access_key = [AWS_SECRET_KEY]\n",
        ),
        (
            concat!("\"SecretAccessKey\": \"", "wJalrXUtnFEMI/K7MDENG", "/bPxRfiCYEXAMPLEKEY\""),
            "\"SecretAccessKey\": \"[AWS_SECRET_KEY]\"",
        ),
        (
            concat!("AKIA", "IOSFODNN7EXAMPLE wJalrXUtnFEMI/K7MDENG", "/bPxRfiCYEXAMPLEKEY"),
            "[AWS_ACCESS_KEY] [AWS_SECRET_KEY]",
        ),
    ],
    misses: &[
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "secret da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEYx",
        "secret: 'GoogleCloudAiplatformV1betaSecretEnvVar'",
    ],
    ..Definition::BLANK
};

const BEGINNINGS: [[u8; 3]; 2] = [*b"sec", *b"aws"];

const AFTER_ID: usize = 256;
const AFTER_WORD: usize = 64;
const SECRET_LENGTH: usize = 40;

fn access_key(probe: &Probe<'_>) -> Outcome {
    let family = match probe.get(1)? {
        b'K' | b'S' | b'B' => probe.literal(2, b"IA")?,
        b'C' => probe.literal(2, b"CA")?,
        _ => false,
    };
    if !family {
        return Ok(None);
    }
    let mut digits = 0;
    for i in 4..20 {
        if !probe.is(i, UPPER | DIGIT)? {
            return Ok(None);
        }
        digits += usize::from(probe.is(i, DIGIT)?);
    }
    // Of sixteen random base32 characters one in thirty has no digit; words have none.
    if digits == 0 || probe.is(20, ALNUM)? {
        return Ok(None);
    }
    let from = probe.position();
    probe.memo.expect_aws_secret(from, from + 20 + AFTER_ID);
    Ok(Some(Hit::pattern(20, 0.95)))
}

/// Finds nothing itself: it makes a secret key expected.
fn secret_word(probe: &Probe<'_>) -> Outcome {
    if word(probe, b"secret")? || word(probe, b"awssecret")? {
        let from = probe.position();
        probe.memo.expect_aws_secret(from, from + AFTER_WORD);
    }
    Ok(None)
}

fn secret_key(probe: &Probe<'_>) -> Outcome {
    if !probe.memo.expects_aws_secret(probe.position()) || within(probe.back(1), BASE64) {
        return Ok(None);
    }
    let (mut upper, mut lower, mut others) = (false, false, 0);
    for i in 0..SECRET_LENGTH {
        match probe.get(i)? {
            b'A'..=b'Z' => upper = true,
            b'a'..=b'z' => lower = true,
            b'0'..=b'9' | b'+' | b'/' => others += 1,
            _ => return Ok(None),
        }
    }
    let ends = !probe.is(SECRET_LENGTH, BASE64)? && probe.get(SECRET_LENGTH)? != b'=';
    Ok((ends && upper && lower && others > 1).then(|| Hit::in_context(SECRET_LENGTH, 0.85)))
}

/// Whether `word` stands here, in either case.
fn word(probe: &Probe<'_>, word: &[u8]) -> Result<bool, Need> {
    for (i, byte) in word.iter().enumerate() {
        if !probe.get(i)?.eq_ignore_ascii_case(byte) {
            return Ok(false);
        }
    }
    Ok(true)
}
