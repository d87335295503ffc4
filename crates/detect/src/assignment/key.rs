//! What the name of a value says about it: `DB_PASSWORD`, `clientSecret`, `spring.datasource.password`, `api key`.

use std::sync::LazyLock;

use crate::endings::Endings;

/// What a value behind a key is, as far as the key says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Kind {
    /// Nothing to hide.
    #[default]
    Open,
    /// What a person types: needs no length.
    Password,
    /// Digits a person types.
    Pin,
    /// Words that together are a key.
    Phrase,
    /// A secret: drawn by a machine, or made up.
    Secret,
    /// Drawn by a machine.
    Token,
    /// Perhaps one: only if it is surely drawn by a machine.
    Weak,
    /// The value of an `Authorization` header.
    Header,
    /// Its name stands before it, as another value.
    Value,
    /// A type: the name stands before it.
    Type,
}

const PASSWORDS: &str = "password passwd pwd pass passphrase passcode pswd psswd passwrd passw pw psw userpass dbpass \
    rootpass smtppass mypass adminpass wachtwoord passwort kennwort senha contraseña contrasena clave \
    motdepasse mdp parola haslo hasło salasana lösenord losenord adgangskode passord heslo jelszo \
    jelszó sifre şifre parole пароль 密码 密碼 口令 パスワード 비밀번호 psk sandi wpapsk unlock";
/// Words written together end with one of these.
const PASSWORD_ENDS: &[&str] =
    &["password", "passwd", "passphrase", "passcode", "passwort", "pwd", "密码", "密碼"];
const SECRETS: &str = "secret geheimnis pepper salt clientsecret";
const TOKENS: &str = "token apikey apitoken accesstoken authtoken refreshtoken idtoken accesskey secretkey privatekey \
    authkey appkey signingkey encryptionkey masterkey accountkey sharedkey bearer jwt sessionid sessid \
    phpsessid jsessionid sessiontoken sastoken licensekey securitytoken 令牌 密钥 токен";
const TOKEN_ENDS: &[&str] =
    &["apikey", "token", "secretkey", "accesskey", "privatekey", "sessid", "sessionid"];
const WEAK: &str = "key auth credential credentials creds cred session sid sig signature sas pat webhook cookie \
    license licence nonce otp schlüssel clé clave chave hmac";
/// What a key may be of that is no secret.
const OPEN_KEYS: &str = "public partition cache foreign sort row hash idempotency dedup group index map dict object lookup \
    translation i18n message registry state query pub publishable host known field column config \
    sorting data model s3 bucket storagekey react item node metric label tag entry event verification \
    verify test";
/// What a token may be of that is no secret.
const OPEN_TOKENS: &str = "page next continuation cancel cancellation csrf xsrf sync syntax lexer eos bos pad unk mask sep \
    cls stop start end special max min prev previous first last num string comment keyword operator \
    tokenizer erc verification verify";
const SECRET_KEYS: &str = "api access secret private signing signature encryption encrypt decryption crypto master auth \
    authentication account shared storage service license app application client consumer hmac webhook \
    session deploy admin root subscription write read ingest integration server functions function aes \
    jwt rsa token wrapping personal merchant sdk project user developer dev live sandbox preshared \
    cookie apis openai stripe github gitlab datadog algolia cohere mistral azure aws heroku mailgun \
    twilio sendgrid cloudflare pagerduty okta auth0 fastly linode sonar bugsnag rollbar segment maps \
    zendesk intercom binance kraken coinbase deepl";
/// Words behind the one that says what it is.
const SUFFIXES: &str = "prod production dev development staging stage test testing live local default string raw plain \
    plaintext cleartext old new current backup main primary secondary base b encoded data env value \
    val v uat qa x again confirm confirmation repeat is für for de del phrase";
/// What is made of a secret to compare it.
const DIGESTS: &str = "sha md hash checksum digest fingerprint integrity etag sri";
/// Last words that are on no list and say something.
const OTHERS: &str = "passe pin pincode code mnemonic seed phrase secret authorization key id";
const VALUES: &str = "value val default defaultvalue content string secretstring";
const TYPES: &str = "str string text bytes optional char varchar any secretstr std zeroizing none";

fn is_any(word: &[u8], words: &[&str]) -> bool {
    words.iter().any(|other| word.eq_ignore_ascii_case(other.as_bytes()))
}

/// The lists a word is on, a bit each.
type Lists = u16;

const ON_PASSWORDS: Lists = 1;
const ON_SECRETS: Lists = 1 << 1;
const ON_TOKENS: Lists = 1 << 2;
const ON_WEAK: Lists = 1 << 3;
const ON_OPEN_KEYS: Lists = 1 << 4;
const ON_OPEN_TOKENS: Lists = 1 << 5;
const ON_SECRET_KEYS: Lists = 1 << 6;
const ON_SUFFIXES: Lists = 1 << 7;
const ON_DIGESTS: Lists = 1 << 8;
const ON_VALUES: Lists = 1 << 9;
const ON_TYPES: Lists = 1 << 10;

const LISTS: [(Lists, &str); 11] = [
    (ON_PASSWORDS, PASSWORDS),
    (ON_SECRETS, SECRETS),
    (ON_TOKENS, TOKENS),
    (ON_WEAK, WEAK),
    (ON_OPEN_KEYS, OPEN_KEYS),
    (ON_OPEN_TOKENS, OPEN_TOKENS),
    (ON_SECRET_KEYS, SECRET_KEYS),
    (ON_SUFFIXES, SUFFIXES),
    (ON_DIGESTS, DIGESTS),
    (ON_VALUES, VALUES),
    (ON_TYPES, TYPES),
];

const SLOTS: usize = 1 << 10;

/// All words, by the hash of their small letters; open addressing.
static TABLE: LazyLock<Vec<(&'static str, Lists)>> = LazyLock::new(|| {
    let mut table: Vec<(&str, Lists)> = vec![("", 0); SLOTS];
    for (bit, words) in LISTS {
        for word in words.split_ascii_whitespace() {
            let mut at = slot(word.as_bytes());
            while !table[at].0.is_empty() && table[at].0 != word {
                at = (at + 1) % SLOTS;
            }
            table[at] = (word, table[at].1 | bit);
        }
    }
    table
});

fn slot(word: &[u8]) -> usize {
    let hash = word.iter().fold(0x811C_9DC5_u32, |hash, byte| {
        (hash ^ u32::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0193)
    });
    (hash.wrapping_mul(0x9E37_79B9) >> 22) as usize
}

/// The lists `word` is on.
fn lists(word: &[u8]) -> Lists {
    let mut at = slot(word);
    loop {
        match TABLE[at] {
            ("", _) => return 0,
            (known, lists) if word.eq_ignore_ascii_case(known.as_bytes()) => return lists,
            _ => at = (at + 1) % SLOTS,
        }
    }
}

/// How the last words of names end that say something.
static ENDINGS: LazyLock<Endings> = LazyLock::new(|| {
    let lists = [PASSWORDS, SECRETS, TOKENS, WEAK, VALUES, TYPES, SUFFIXES, OTHERS];
    let ends = PASSWORD_ENDS.iter().chain(TOKEN_ENDS).copied();
    Endings::of(lists.into_iter().flat_map(str::split_ascii_whitespace).chain(ends))
});

/// Whether `text` may end with a name that says something. Most does not.
pub fn may_end(text: &[u8]) -> bool {
    ENDINGS.may_end(text)
}

fn ends_any(word: &[u8], ends: &[&str]) -> bool {
    ends.iter().any(|end| {
        word.len() > end.len() && word[word.len() - end.len()..].eq_ignore_ascii_case(end.as_bytes())
    })
}

/// Most words of a name that are looked at, from its end.
const MOST: usize = 5;

/// The last words of a name, the last first.
fn words(name: &[u8]) -> ([&[u8]; MOST], usize) {
    let mut words: [&[u8]; MOST] = [&[]; MOST];
    let mut count = 0;
    let mut end = name.len();
    while end > 0 && count < MOST {
        let letter = |i: usize| name[i].is_ascii_alphabetic() || name[i] >= 0x80;
        if !letter(end - 1) {
            end -= 1;
            continue;
        }
        let mut start = end - 1;
        while start > 0 && letter(start - 1) {
            let (before, here) = (name[start - 1], name[start]);
            let after = name.get(start + 1).copied().filter(|_| start + 1 < end).unwrap_or(b'A');
            if here.is_ascii_uppercase()
                && (before.is_ascii_lowercase()
                    || (before.is_ascii_uppercase() && after.is_ascii_lowercase()))
            {
                break;
            }
            start -= 1;
        }
        words[count] = &name[start..end];
        count += 1;
        end = start;
    }
    (words, count)
}

/// What `name` says of its value.
pub fn kind(name: &[u8]) -> Kind {
    let (all, count) = words(name);
    let mut words = &all[..count];
    if let [b"id" | b"ID" | b"Id", key, private, ..] = words
        && is_any(key, &["key"])
        && is_any(private, &["private"])
    {
        return Kind::Token;
    }
    if words.iter().any(|word| lists(word) & ON_DIGESTS != 0) {
        return Kind::Open;
    }
    for _ in 0..3 {
        let Some((last, before)) = words.split_first() else { return Kind::Open };
        match (of_words(last, before), before) {
            (Kind::Open, [_, ..]) if lists(last) & ON_SUFFIXES != 0 => words = before,
            (kind, _) => return kind,
        }
    }
    Kind::Open
}

fn of_words(last: &[u8], before: &[&[u8]]) -> Kind {
    let previous = before.first().copied().unwrap_or_default();
    let on = lists(last);
    if on & ON_PASSWORDS != 0 || ends_any(last, PASSWORD_ENDS) {
        return Kind::Password;
    }
    if is_any(last, &["passe"]) {
        return if is_any(previous, &["de"]) { Kind::Password } else { Kind::Open };
    }
    if is_any(last, &["pin", "pincode"])
        || (is_any(last, &["code"]) && is_any(previous, &["pin", "access", "security"]))
    {
        return Kind::Pin;
    }
    if is_any(last, &["mnemonic", "seed"])
        || (is_any(last, &["phrase"]) && is_any(previous, &["seed", "recovery", "pass"]))
    {
        return Kind::Phrase;
    }
    if on & ON_SECRETS != 0 || ends_any(last, &["secret"]) {
        return Kind::Secret;
    }
    if is_any(last, &["authorization"]) {
        return Kind::Header;
    }
    if is_any(last, &["key"]) {
        return match previous {
            _ if is_any(previous, &["secret", "encryption", "signing"]) => Kind::Secret,
            _ if lists(previous) & ON_SECRET_KEYS != 0 => Kind::Token,
            _ if lists(previous) & ON_OPEN_KEYS != 0 => Kind::Open,
            [] => Kind::Weak,
            _ => Kind::Token,
        };
    }
    if is_any(last, &["id"]) && is_any(previous, &["session", "sess"]) {
        return Kind::Token;
    }
    if on & ON_TOKENS != 0 || ends_any(last, TOKEN_ENDS) {
        return if lists(previous) & ON_OPEN_TOKENS != 0 { Kind::Open } else { Kind::Token };
    }
    if on & ON_WEAK != 0 {
        let told =
            is_any(last, &["auth", "credential", "credentials", "creds", "cred"]) && !previous.is_empty();
        return if told { Kind::Token } else { Kind::Weak };
    }
    if before.is_empty() && on & ON_VALUES != 0 {
        return Kind::Value;
    }
    if on & ON_TYPES != 0 {
        return Kind::Type;
    }
    Kind::Open
}

/// The name without its last word.
pub fn without_last_word(name: &[u8]) -> &[u8] {
    let (all, count) = words(name);
    match all[..count].first() {
        Some(last) => &name[..last.as_ptr() as usize - name.as_ptr() as usize],
        None => name,
    }
}

/// Whether the first word says that this is program text.
pub fn is_code(name: &[u8]) -> bool {
    let first = name.split(|byte| !byte.is_ascii_alphabetic()).next().unwrap_or_default();
    is_any(
        first,
        &[
            "self", "this", "cls", "let", "var", "val", "final", "const", "static", "return", "mut", "if",
            "pub",
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_they_hold() {
        for (name, expected) in [
            ("DB_PASSWORD", Kind::Password),
            ("dbPassword", Kind::Password),
            ("spring.datasource.password", Kind::Password),
            ("PGPASSWORD", Kind::Password),
            ("password2", Kind::Password),
            ("mot de passe", Kind::Password),
            ("APIKey", Kind::Token),
            ("x-api-key", Kind::Token),
            ("client_secret", Kind::Secret),
            ("SECRET_KEY_BASE", Kind::Secret),
            ("STRIPE_KEY_LIVE", Kind::Token),
            ("private_key_id", Kind::Token),
            ("nextPageToken", Kind::Open),
            ("public_key", Kind::Open),
            ("password_hash", Kind::Open),
            ("token_type", Kind::Open),
            ("max_tokens", Kind::Open),
            ("key_id", Kind::Open),
            ("compass", Kind::Open),
            ("Authorization", Kind::Header),
        ] {
            assert_eq!(kind(name.as_bytes()), expected, "{name}");
            assert!(expected == Kind::Open || may_end(name.as_bytes()), "{name}");
        }
    }

    #[test]
    fn what_may_not_end_a_name_says_nothing() {
        for word in LISTS.iter().flat_map(|(_, words)| words.split_ascii_whitespace()) {
            for name in [format!("session {word}"), format!("seed_{word}"), format!("pin.{word}")] {
                assert!(may_end(name.as_bytes()) || kind(name.as_bytes()) == Kind::Open, "{name}");
            }
        }
    }
}
