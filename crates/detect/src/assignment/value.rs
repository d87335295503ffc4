//! Reads a value and judges whether it is what its name promises, and no template, type, call or word.

use super::words::Tally;
use super::{BLANKS, CAP, Kind, Place, hit, key};
use crate::latch::Latch;
use crate::probe::{Need, Outcome, Probe};

/// A value as it stands.
#[derive(Debug, Clone, Copy)]
struct Value<'a> {
    bytes: &'a [u8],
    tally: Tally,
    quoted: bool,
    /// Nothing follows on its line.
    ends_line: bool,
    /// What follows: NUL at the end of the text.
    next: u8,
    /// It was not read to its end.
    cut: bool,
}

/// The value behind `place`, from its first byte to its last.
pub fn read(probe: &Probe<'_>, place: &Place) -> Outcome {
    let mut from = place.from;
    from += blanks(probe, from)?;
    let tight = place.tight || from == place.from;
    if probe.get(from)? == b'*' && probe.get(from + 1)? == b'*' {
        from += 2;
        from += blanks(probe, from)?;
    }
    // Of literals: `b"x"`, `@"x"`.
    if matches!(probe.get(from)?, b'b' | b'r' | b'u' | b'@' | b'N' | b'L' | b'f')
        && matches!(probe.get(from + 1)?, b'"' | b'\'')
    {
        from += 1;
    }
    let mut slashes = 0;
    while slashes < 4 && probe.get(from + slashes)? == b'\\' {
        slashes += 1;
    }
    let first = probe.get(from + slashes)?;
    let quote = match first {
        b'"' | b'\'' | b'`' => Some(first),
        0xE2 if probe.get(from + 1)? == 0x80 && matches!(probe.get(from + 2)?, 0x98..=0x9F) => Some(0xE2),
        _ => None,
    };
    if place.literal && quote.is_none() {
        return Ok(None);
    }
    from += match quote {
        Some(0xE2) => 3,
        Some(_) => slashes + 1,
        None => 0,
    };
    if place.kind == Kind::Header {
        from += scheme(probe, from)?;
    }
    if quote.is_some() && quote == Some(probe.get(from)?) {
        return Ok(None);
    }
    let Some(end) = end_of(probe, from, quote, place)? else { return Ok(None) };
    if end == from {
        return Ok(None);
    }
    let cut = end - from >= CAP;
    let bytes = &probe.text[probe.at + from..probe.at + end];
    let next = probe.get(end)?;
    let value = Value {
        bytes,
        tally: Tally::of(bytes),
        quoted: quote.is_some(),
        ends_line: ends_line(probe, end, place)?,
        next,
        cut,
    };
    let Some(score) = judge(place, tight, &value) else { return Ok(None) };
    let hit = hit(from, end, score);
    Ok(Some(if cut { hit.latched(Latch::Word) } else { hit }))
}

fn blanks(probe: &Probe<'_>, from: usize) -> Result<usize, Need> {
    let mut count = 0;
    while count < BLANKS && matches!(probe.get(from + count)?, b' ' | b'\t') {
        count += 1;
    }
    Ok(count)
}

/// Length of `Bearer ` and the like.
fn scheme(probe: &Probe<'_>, from: usize) -> Result<usize, Need> {
    let mut length = 0;
    while length < 16 && probe.get(from + length)?.is_ascii_alphabetic() {
        length += 1;
    }
    if length < 3 || probe.get(from + length)? != b' ' {
        return Ok(0);
    }
    Ok(length + blanks(probe, from + length)?)
}

/// Where the value ends; none if it goes on as no value does.
fn end_of(probe: &Probe<'_>, from: usize, quote: Option<u8>, place: &Place) -> Result<Option<usize>, Need> {
    let mut end = from;
    let mut open = 0_usize;
    while end < from + CAP {
        let byte = probe.get(end)?;
        match (byte, quote) {
            (0 | b'\n' | b'\r', Some(_)) => return Ok(None),
            (0xE2, Some(0xE2)) if probe.get(end + 1)? == 0x80 => break,
            (_, Some(quote)) if byte == quote => {
                let escaped = probe.text[probe.at + from..probe.at + end].iter().rev();
                let slashes = escaped.take_while(|byte| **byte == b'\\').count();
                // Within a text that is itself a literal the quote that ends it has a slash as well.
                let opened = probe.at + from >= 2 && probe.text[probe.at + from - 2] == b'\\';
                if slashes % 2 == 0 || opened {
                    return Ok(Some(end - if opened { slashes } else { 0 }));
                }
            }
            (_, Some(_)) => {}
            (b'<', None) => break,
            (0 | b' ' | b'\t' | b'\n' | b'\r' | b'"' | b'\'' | b'`' | b'>', None) => break,
            (b'\\', None) if matches!(probe.get(end + 1)?, b'n' | b'r' | b't' | b'"' | b'\'') => break,
            (b'(' | b'[' | b'{', None) => open += 1,
            (b')' | b']' | b'}', None) if open > 0 => open -= 1,
            (b')' | b']' | b'}', None) if !place.line || !is_inner(probe.get(end + 1)?) => break,
            (b',' | b';' | b'&', None) if parts(probe, end + 1)? => break,
            (0xE3, None) if probe.get(end + 1)? == 0x80 => break,
            (0xEF, None) if probe.get(end + 1)? == 0xBC => break,
            (0xE2, None) if probe.get(end + 1)? == 0x80 => break,
            _ => {}
        }
        end += 1;
    }
    if end == from + CAP {
        // Not within a character.
        let text = probe.text;
        let inside =
            |back: &usize| text.get(probe.at + end - back).is_some_and(|byte| (0x80..0xC0).contains(byte));
        let cut = (0..4).find(|back| !inside(back));
        return Ok(Some(end - cut.unwrap_or(0)));
    }
    if quote.is_none() && !place.element {
        while end > from && matches!(probe.text[probe.at + end - 1], b'.' | b',' | b';' | b':') {
            end -= 1;
        }
    }
    Ok(Some(end))
}

const fn is_inner(byte: u8) -> bool {
    !matches!(
        byte,
        0 | b' ' | b'\t' | b'\n' | b'\r' | b',' | b';' | b')' | b']' | b'}' | b'"' | b'\'' | b'.' | b'<'
    )
}

/// Whether another value begins behind a `,`, `;` or `&`.
fn parts(probe: &Probe<'_>, from: usize) -> Result<bool, Need> {
    let mut length = 0;
    while length < 32
        && (probe.get(from + length)?.is_ascii_alphanumeric()
            || matches!(probe.get(from + length)?, b'_' | b'-' | b'.' | b' '))
    {
        length += 1;
    }
    let next = probe.get(from + length)?;
    let first = probe.get(from)?;
    Ok(matches!(first, 0 | b' ' | b'\t' | b'\n' | b'\r' | b'"' | b'\'' | b')' | b'}' | b'<' | b'\\')
        || (length > 0 && matches!(next, b'=' | b':')))
}

fn ends_line(probe: &Probe<'_>, end: usize, place: &Place) -> Result<bool, Need> {
    if place.element {
        return Ok(probe.get(end)? == b'<');
    }
    let mut i = end;
    i += usize::from(matches!(probe.get(i)?, b'"' | b'\'' | b'`'));
    i += blanks(probe, i)?;
    Ok(match probe.get(i)? {
        0 | b'\n' | b'\r' | b'#' | b'&' => true,
        b'\\' => matches!(probe.get(i + 1)?, b'n' | b'r' | b'"'),
        b';' => i == end && place.line,
        b'.' => matches!(probe.get(i + 1)?, 0 | b'\n' | b'\r'),
        _ => false,
    })
}

/// The score of a value that is what its name promises.
fn judge(place: &Place, tight: bool, value: &Value<'_>) -> Option<f32> {
    let tally = &value.tally;
    if is_template(value) || is_stand_in(value) {
        return None;
    }
    if value.quoted || place.element {
        return judge_literal(place, value);
    }
    if tally.length < 4
        || value.next == b'('
        || is_quote(value.next) && !place.opened && !(tight && tally.digits > 0)
        || (place.code && !tally.is_random(16))
    {
        return None;
    }
    // Types and patterns of program text: `&str`, `*mut T`, `|x| y`, `0x01`.
    let bracket = matches!(value.bytes[0], b'(' | b'[' | b'|') && !(tight && place.line);
    let kind: [&[u8]; 6] = [b"&[", b"&str", b"&'", b"&mut", b"*mut", b"*const"];
    if bracket
        || kind.iter().any(|kind| value.bytes.starts_with(kind))
        || value.bytes.starts_with(b"0x") && tally.length < 20
    {
        return None;
    }
    // `next_token`, `lexer.next`, `a::b`: names of program text.
    let name = tally.is_name() && tally.is_wordy() && tally.joins > 0 && (tally.digits < 2 || place.code);
    let config = place.line && value.ends_line;
    let ended = matches!(value.next, 0 | b' ' | b'\t' | b'\n' | b'\r' | b'&' | b';' | b'<' | b'\\')
        || value.next >= 0x80
        || (!tight && matches!(value.next, b'.' | b',' | b';' | b'!' | b')'));
    match place.kind {
        Kind::Pin => (tally.is_number() && (4..=8).contains(&tally.length) && ended).then_some(0.7),
        Kind::Password => {
            if tally.digits + tally.marks + tally.foreign == 0 {
                if !tally.is_wordy() && tally.upper >= 2 && tally.lower >= 2 && ended && tally.is_word() {
                    return (!is_word_of_code(value.bytes) && tally.is_random(8)).then_some(0.5);
                }
                let plain = tally.joins == 0 && config && tally.length >= 5 && (tight || !place.quoted_name);
                return (plain && !is_word_of_code(value.bytes)).then_some(0.5);
            }
            if name && !(tight && config) {
                return None;
            }
            if tally.is_number() {
                return (ended && (config || !tight)).then_some(0.5);
            }
            if value.bytes.iter().any(|byte| matches!(byte, b'(' | b'[' | b'{'))
                && !(tight && config)
                && tally.digits == 0
            {
                return None;
            }
            if tally.letters() + tally.foreign == 0 && tally.digits == 0 {
                return None;
            }
            let numbered = tally.is_name() && numbered_word(value.bytes);
            if numbered && (is_word_of_code(letters_of(value.bytes)) || letters_of(value.bytes).len() < 3) {
                return None;
            }
            (ended || config || !numbered).then_some(0.75)
        }
        Kind::Secret => {
            let drawn = tally.is_random(8) || is_uuid(value.bytes) || tally.is_hex() && tally.length >= 16;
            let made = tally.digits >= 1 && tally.length >= 10 && tally.joins == 0 && ended && tight;
            let marked = tally.marks >= 2 && tally.length >= 10 && config;
            (drawn || made || marked || (config && tight && tally.length >= 12 && tally.digits > 0))
                .then_some(0.8)
        }
        Kind::Token => (drawn(value, 10)).then_some(0.8),
        Kind::Weak => (tally.is_random(20) && !tally.is_hex() && is_one(value.bytes)).then_some(0.6),
        Kind::Header => {
            (tally.length >= 8 && (drawn(value, 10) || is_credentials(value.bytes))).then_some(0.9)
        }
        Kind::Phrase | Kind::Open | Kind::Value | Kind::Type => None,
    }
}

fn judge_literal(place: &Place, value: &Value<'_>) -> Option<f32> {
    let tally = &value.tally;
    match place.kind {
        Kind::Pin => (tally.is_number() && (4..=8).contains(&tally.length)).then_some(0.8),
        Kind::Phrase => {
            (tally.spaces >= 5 && tally.digits + tally.marks + tally.upper == 0 && tally.length < CAP)
                .then_some(0.8)
        }
        Kind::Password => {
            if !(4..=128).contains(&tally.length)
                || tally.spaces > 0 && (tally.digits == 0 || tally.spaces > 3)
            {
                return None;
            }
            let last = value.bytes.last().copied().unwrap_or(0);
            if matches!(last, b':' | b'(')
                || matches!(value.bytes[0], b'/' | b'.' | b'[' | b'-') && tally.is_wordy()
            {
                return None;
            }
            if tally.is_word() {
                return (!is_word_of_code(value.bytes) && tally.length >= 5).then_some(0.6);
            }
            if tally.digits + tally.marks == 0
                && tally.foreign == 0
                && (tally.is_wordy() || tally.joins * 2 > tally.length)
            {
                // Only names written in parts: `user.password`, `current-password`.
                return None;
            }
            if tally.letters() + tally.digits + tally.foreign == 0 {
                return None;
            }
            let numbered = tally.is_name() && numbered_word(value.bytes);
            let inner = letters_of(value.bytes);
            if numbered && (is_word_of_code(inner) && tally.digits < 3) {
                return None;
            }
            if tally.foreign > 0 && tally.digits + tally.marks == 0 {
                return None;
            }
            Some(0.85)
        }
        Kind::Secret => {
            if tally.spaces > 0 || tally.length < 8 {
                return None;
            }
            let made = tally.letters() >= 2
                && (tally.digits >= 1 && !tally.is_wordy() || tally.digits >= 2 && tally.joins == 0);
            (drawn(value, 8) || made || tally.marks >= 2 && tally.digits > 0).then_some(0.85)
        }
        Kind::Token => (drawn(value, 10)
            || tally.marks >= 2
                && tally.digits >= 2
                && tally.spaces == 0
                && tally.length >= 12
                && !tally.is_wordy())
        .then_some(0.85),
        Kind::Weak => (tally.is_random(20) && !tally.is_hex() && is_one(value.bytes)).then_some(0.7),
        Kind::Header => {
            (tally.length >= 8 && (drawn(value, 10) || is_credentials(value.bytes))).then_some(0.9)
        }
        Kind::Open | Kind::Value | Kind::Type => None,
    }
}

fn drawn(value: &Value<'_>, least: usize) -> bool {
    let tally = &value.tally;
    let one = is_one(value.bytes) || value.cut;
    one && (tally.is_random(least) || is_uuid(value.bytes) || (tally.is_hex() && tally.length >= 16))
}

const fn is_quote(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'' | b'`')
}

/// No path, address or list.
fn is_one(value: &[u8]) -> bool {
    !value.starts_with(b"http")
        && !value.starts_with(b"arn:")
        && !(value.starts_with(b"/") && Tally::of(value).is_wordy())
        && !value.starts_with(b"./")
        && !value.starts_with(b"sha")
        && !value.windows(2).any(|pair| pair == b"//" || pair == b"::")
        && !value.iter().any(|byte| matches!(byte, b'(' | b'[' | b'{' | b'<' | b'@' | b'*' | b'\\' | b','))
}

fn is_uuid(value: &[u8]) -> bool {
    value.len() == 36
        && value.iter().enumerate().all(|(i, byte)| {
            if matches!(i, 8 | 13 | 18 | 23) { *byte == b'-' } else { byte.is_ascii_hexdigit() }
        })
        && Tally::of(value).distinct() > 6
}

/// Base64 of at least six bytes.
fn is_credentials(value: &[u8]) -> bool {
    let tally = Tally::of(value);
    tally.marks + tally.spaces + tally.foreign == 0
        && tally.upper >= 2
        && tally.lower >= 2
        && !tally.is_wordy()
}

/// Letters and then digits: `hunter2`, `token2`.
fn numbered_word(value: &[u8]) -> bool {
    let letters = letters_of(value);
    !letters.is_empty() && value[letters.len()..].iter().all(u8::is_ascii_digit)
}

fn letters_of(value: &[u8]) -> &[u8] {
    let end = value.iter().position(u8::is_ascii_digit).unwrap_or(value.len());
    &value[..end]
}

fn contains(value: &[u8], part: &[u8]) -> bool {
    value.windows(part.len()).any(|window| window.eq_ignore_ascii_case(part))
}

/// A place where a value will be: `${X}`, `{{x}}`, `<your password>`, `%s`, `$VAR`, `getenv("X")`.
fn is_template(value: &Value<'_>) -> bool {
    let bytes = value.bytes;
    let last = bytes[bytes.len() - 1];
    let rest = &bytes[1..];
    let name = |part: &[u8]| {
        part.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b':'))
    };
    match bytes[0] {
        b'$' if rest.first().is_some_and(|byte| matches!(byte, b'{' | b'(' | b'$')) => return true,
        b'$' if rest.iter().all(|byte| byte.is_ascii_uppercase() || *byte == b'_') => return true,
        b'$' if !rest.is_empty() && name(rest) && Tally::of(rest).is_wordy() => return true,
        b'<' | b'[' | b'{' if matches!(last, b'>' | b']' | b'}') => return true,
        b'%' if matches!(last, b'%' | b's' | b'd' | b'v' | b')' | b'r')
            && bytes.len() < 24
            && name(&rest[..rest.len().saturating_sub(1)]) =>
        {
            return true;
        }
        b'%' | b'!' | b'&' | b'*' | b'@' | b'#' | b'~' | b'-' | b'.' | b'/'
            if !value.quoted && Tally::of(bytes).is_wordy() && name(&rest[..]) =>
        {
            return true;
        }
        b'/' | b'~' if rest.contains(&b'/') && (value.tally.is_wordy() || bytes.len() < 20) => return true,
        _ => {}
    }
    if contains(bytes, b"://") || bytes.get(1..3) == Some(b":\\") {
        return true;
    }
    const PARTS: &[&[u8]] = &[
        b"${",
        b"{{",
        b"}}",
        b"#{",
        b"$(",
        b"<%",
        b"%(",
        b"{0}",
        b"{}",
        b"environ",
        b"process.env",
        b"getenv",
        b"env(",
        b"env[",
        b"env.",
        b"secrets.",
        b"var.",
        b"!ref",
        b"!sub",
        b"@string",
        b"::",
        b"->",
        b"=>",
        b"()",
        b"config.",
        b"settings.",
        b"self.",
        b"this.",
        b"options.",
        b"args.",
        b"params.",
        b"op://",
        b"arn:aws",
    ];
    if PARTS.iter().any(|part| contains(bytes, part)) {
        return true;
    }
    if bytes
        .windows(2)
        .enumerate()
        .any(|(at, two)| two == b"%s" && !bytes.get(at + 2).is_some_and(u8::is_ascii_alphanumeric))
    {
        return true;
    }
    // A call or an index: `f(x)`, `a[i]`.
    !value.quoted
        && bytes
            .iter()
            .position(|byte| matches!(byte, b'(' | b'['))
            .is_some_and(|at| at > 0 && name(&bytes[..at]) && Tally::of(&bytes[..at]).is_wordy())
}

/// What people write where a value is to be put, or has been taken away.
fn is_stand_in(value: &Value<'_>) -> bool {
    const PARTS: &[&[u8]] = &[
        b"your",
        b"changeme",
        b"change_me",
        b"change-me",
        b"change_this",
        b"placeholder",
        b"replace",
        b"insert",
        b"redacted",
        b"xxxx",
        b"****",
        b"...",
        b"____",
        b"dummy",
        b"example_",
        b"example-",
        b"todo",
        b"fixme",
        b"enter_",
        b"enter-",
        b"put_",
        b"my_password",
        b"my-password",
        b"mypassword",
        b"my-secret",
        b"my_secret",
        b"some-",
        b"some_",
        b"sample",
        b"<",
        b"removed",
        b"hidden",
        b"masked",
        b"notset",
        b"not_set",
        b"not-set",
        b"none",
        b"null",
        b"undefined",
        b"\xe2\x80\xa2",
        b"fake",
        b"_here",
        b"-here",
        b"the_",
        b"the-",
        b"super-secret",
        b"topsecret",
    ];
    let tally = &value.tally;
    if tally.distinct() < 3 {
        return true;
    }
    let wordy = tally.is_wordy() || tally.digits == 0 || tally.length < 16;
    PARTS.iter().any(|part| contains(value.bytes, part)) && (wordy || contains(value.bytes, b"xxxx"))
        || value.bytes.eq_ignore_ascii_case(b"example")
}

/// Words that stand where a password would and are none: types, fields, states, and names of the thing itself.
fn is_word_of_code(value: &[u8]) -> bool {
    const WORDS: &[&[u8]] = &[
        b"string",
        b"text",
        b"str",
        b"true",
        b"false",
        b"none",
        b"null",
        b"nil",
        b"undefined",
        b"required",
        b"optional",
        b"hidden",
        b"default",
        b"value",
        b"name",
        b"user",
        b"username",
        b"email",
        b"admin",
        b"test",
        b"number",
        b"boolean",
        b"bool",
        b"integer",
        b"object",
        b"array",
        b"bytes",
        b"char",
        b"varchar",
        b"option",
        b"any",
        b"unknown",
        b"never",
        b"void",
        b"basic",
        b"bearer",
        b"digest",
        b"enabled",
        b"disabled",
        b"yes",
        b"incorrect",
        b"invalid",
        b"wrong",
        b"missing",
        b"empty",
        b"expired",
        b"changed",
        b"reset",
        b"forgot",
        b"forgotten",
        b"confirm",
        b"repeat",
        b"enter",
        b"input",
        b"field",
        b"label",
        b"password",
        b"passwd",
        b"prompt",
        b"plain",
        b"foo",
        b"bar",
        b"baz",
        b"foobar",
        b"private",
        b"public",
        b"protected",
        b"static",
        b"async",
        b"await",
        b"self",
        b"this",
        b"function",
        b"return",
        b"typing",
        b"callable",
        b"prefix",
        b"suffix",
        b"example",
        b"sample",
        b"nothing",
        b"again",
        b"here",
        b"below",
        b"above",
        b"same",
        b"asked",
        b"ignored",
        b"always",
        b"auto",
        b"random",
        b"generated",
        b"stored",
        b"file",
        b"keyring",
        b"vault",
        b"utf",
        b"sha",
        b"md",
        b"base",
        b"int",
        b"uint",
        b"float",
        b"arg",
        b"var",
        b"param",
        b"temp",
        b"tmp",
        b"data",
        b"result",
        b"line",
        b"item",
        b"buf",
        b"buffer",
        b"length",
        b"len",
        b"size",
        b"type",
        b"state",
        b"version",
        b"validation",
        b"verify",
        b"hash",
        b"hashed",
        b"encrypted",
        b"crypt",
        b"secure",
        b"pattern",
        b"visible",
        b"inherit",
        b"internal",
        b"external",
        b"regex",
        b"schema",
        b"model",
        b"help",
        b"description",
        b"title",
        b"message",
        b"error",
        b"warning",
        b"checkbox",
        b"button",
        b"submit",
        b"form",
        b"login",
        b"logon",
        b"signin",
        b"account",
        b"pointer",
        b"weak",
        b"strong",
        b"short",
        b"correct",
        b"safe",
        b"not",
        b"needed",
        b"provided",
        b"given",
        b"used",
        b"set",
        b"unset",
        b"sent",
        b"saved",
        b"shared",
        b"known",
        b"unknown",
        b"updated",
        b"valid",
        b"ready",
        b"accepted",
        b"protected",
    ];
    let inner = [&b"pass"[..], b"pwd", b"secret", b"token", b"credential", b"login"];
    WORDS.iter().any(|word| value.eq_ignore_ascii_case(word))
        || inner.iter().any(|part| contains(value, part))
        || key::kind(value) != Kind::Open
}
