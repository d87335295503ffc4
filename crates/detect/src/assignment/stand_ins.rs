//! What stands where a secret would and is none: templates, stand-ins, words of program text.

use super::key::{self, Kind};
use super::value::Value;
use super::words::Tally;

/// Parts of values that are put in later, or come from elsewhere.
const TEMPLATES: &str = "${ {{ }} #{ $( <% %( {0} {} environ process.env getenv env( env[ env. secrets. var. !ref !sub \
    @string :: -> => () config. settings. self. this. options. args. params. op:// arn:aws";

/// Parts of what stands where a value will be.
const STAND_INS: &str = "your changeme change_me change-me change_this placeholder replace insert redacted xxxx **** ... \
    ____ dummy example_ example- todo fixme enter_ enter- put_ my_password my-password mypassword \
    my-secret my_secret some- some_ sample < removed hidden masked notset not_set not-set none null \
    undefined • fake _here -here the_ the- super-secret topsecret";

/// Types, fields, states, and names for the thing itself.
const CODE_WORDS: &str = "string text str true false none null nil undefined required optional hidden default value name \
    user username email admin test number boolean bool integer object array bytes char varchar \
    option any unknown never void basic bearer digest enabled disabled yes incorrect invalid wrong \
    missing empty expired changed reset forgot forgotten confirm repeat enter input field label \
    password passwd prompt plain foo bar baz foobar private public protected static async await \
    self this function return typing callable prefix suffix example sample nothing again here below \
    above same asked ignored always auto random generated stored file keyring vault utf sha md base \
    int uint float arg var param temp tmp data result line item buf buffer length len size type \
    state version validation verify hash hashed encrypted crypt secure pattern visible inherit \
    internal external regex schema model help description title message error warning checkbox \
    button submit form login logon signin account pointer weak strong short correct safe not needed \
    provided given used set unset sent saved shared known unknown updated valid ready accepted \
    protected";

fn any_of(parts: &str, test: impl Fn(&[u8]) -> bool) -> bool {
    parts.split_ascii_whitespace().any(|part| test(part.as_bytes()))
}

/// Letters and then digits: `hunter2`, `token2`.
pub fn numbered_word(value: &[u8]) -> bool {
    let letters = letters_of(value);
    !letters.is_empty() && value[letters.len()..].iter().all(u8::is_ascii_digit)
}

pub fn letters_of(value: &[u8]) -> &[u8] {
    let end = value.iter().position(u8::is_ascii_digit).unwrap_or(value.len());
    &value[..end]
}

fn contains(value: &[u8], part: &[u8]) -> bool {
    value.windows(part.len()).any(|window| window.eq_ignore_ascii_case(part))
}

/// A place where a value will be: `${X}`, `{{x}}`, `<your password>`, `%s`, `$VAR`, `getenv("X")`.
pub fn is_template(value: &Value<'_>) -> bool {
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
            if !value.quoted && Tally::of(bytes).is_wordy() && name(rest) =>
        {
            return true;
        }
        b'/' | b'~' if rest.contains(&b'/') && (value.tally.is_wordy() || bytes.len() < 20) => return true,
        _ => {}
    }
    if contains(bytes, b"://") || bytes.get(1..3) == Some(b":\\") {
        return true;
    }
    if any_of(TEMPLATES, |part| contains(bytes, part)) {
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
        && bytes.iter().position(|byte| matches!(byte, b'(' | b'[')).is_some_and(|at| {
            let tally = Tally::of(&bytes[..at]);
            at > 0 && name(&bytes[..at]) && (tally.is_wordy() || tally.is_word())
        })
}

/// What people write where a value is to be put, or has been taken away.
pub fn is_stand_in(value: &Value<'_>) -> bool {
    let tally = &value.tally;
    if tally.distinct() < 3 {
        return true;
    }
    let wordy = tally.is_wordy() || tally.digits == 0 || tally.length < 16;
    any_of(STAND_INS, |part| contains(value.bytes, part)) && (wordy || contains(value.bytes, b"xxxx"))
        || value.bytes.eq_ignore_ascii_case(b"example")
}

/// Words that stand where a password would and are none: types, fields, states, and names of the thing itself.
pub fn is_word_of_code(value: &[u8]) -> bool {
    let inner = [&b"pass"[..], b"pwd", b"secret", b"token", b"credential", b"login"];
    any_of(CODE_WORDS, |word| value.eq_ignore_ascii_case(word))
        || inner.iter().any(|part| contains(value, part))
        || key::kind(value) != Kind::Open
}
