//! Passwords, passphrases and PINs, known by the name before them: in files of every kind, options, elements,
//! connection strings, and in prose of some languages.
//!
//! They need no length and no mix of characters. Never: templates, types, calls, names of program text, or stand-ins
//! such as `changeme`.

use crate::Entity;
use crate::alphabet::{LETTER, WORD};
use crate::assignment::words::Tally;
use crate::assignment::{self, Kind, SIGNS};
use crate::definition::{Definition, Rule, Starts, beginnings};
use crate::probe::{Hit, LEFT, Need, Outcome, Probe};

pub static DEFINITION: Definition = Definition {
    entity: Entity::Password,
    about: "behind a word for it and a sign, in an element or option, behind `is`; in netrc, .pgpass, mysql -p (formats \
            of these tools, own observation of the others)",
    rules: &[
        Rule::new(Starts::Bytes(SIGNS), assigned).of_named_values(),
        Rule::new(Starts::Bytes(b"pPsSkKmMwWcC"), said).beginning_with(&BEGINNINGS).judging_plain_words(),
        Rule::new(Starts::Bytes(&[0xD0, 0xE3, 0xE5, 0xEB]), said).beginning_with(&BEGINNINGS),
        Rule::new(Starts::Bytes(b":"), pgpass),
        Rule::new(Starts::Bytes(b"-"), option).going_on_with(&[[LETTER, 0, 0]]),
    ],
    hits: &[
        ("DB_PASSWORD=hunter2", "DB_PASSWORD=[PASSWORD]"),
        ("password: \"S3cr3t!pass\"", "password: \"[PASSWORD]\""),
        ("{\"user\":\"bob\",\"password\":\"letmein\"}", "{\"user\":\"bob\",\"password\":\"[PASSWORD]\"}"),
        ("{\\\"pwd\\\": \\\"a1b2c3\\\"}", "{\\\"pwd\\\": \\\"[PASSWORD]\\\"}"),
        ("Server=db;Uid=app;Pwd=p4ss;word1;Port=3306", "Server=db;Uid=app;Pwd=[PASSWORD];Port=3306"),
        ("<password>tr0ub4dor</password>", "<password>[PASSWORD]</password>"),
        ("spring.datasource.password=Xy9!kl", "spring.datasource.password=[PASSWORD]"),
        ("define('DB_PASSWORD', 'wp_s3cr3t');", "define('DB_PASSWORD', '[PASSWORD]');"),
        ("login --user bob --password hunter2 --force", "login --user bob --password [PASSWORD] --force"),
        ("password: str = 'hunter2'", "password: str = '[PASSWORD]'"),
        ("- name: DB_PASSWORD\n  value: s3cr3t9", "- name: DB_PASSWORD\n  value: [PASSWORD]"),
        ("the password is hunter2.", "the password is [PASSWORD]."),
        ("my pin is 4821, ok", "my pin is [PASSWORD], ok"),
        ("Das Passwort lautet Sommer2024!", "Das Passwort lautet [PASSWORD]"),
        ("Mot de passe : Soleil42", "Mot de passe : [PASSWORD]"),
        ("密码是abc12345。", "密码是[PASSWORD]。"),
        ("machine h login bob password s3cr3t1", "machine h login bob password [PASSWORD]"),
        ("db.local:5432:app:bob:s3cr3t", "db.local:5432:app:bob:[PASSWORD]"),
        ("mysql -u root -pS3cr3t1 shop", "mysql -u root -p[PASSWORD] shop"),
    ],
    misses: &[
        "password = get_password()",
        "password: str",
        "String password;",
        "self.password = password",
        "PASSWORD=${DB_PASSWORD}",
        "password: {{ vault_password }}",
        "password: \"<your-password>\"",
        "password = os.environ[\"DB_PASSWORD\"]",
        "\"password\": \"string\"",
        "password: null",
        "password=********",
        "PASSWORD=changeme",
        "the password is required.",
        "Your password must be changed. Password: required",
        "if password == None:",
        "the pin is bent",
        "const password = req.body.password;",
        "login(user, password=password1)",
        "12:30:45:06",
    ],
    ..Definition::BLANK
};

fn assigned(probe: &Probe<'_>) -> Outcome {
    assignment::recognise(probe, &[Kind::Password, Kind::Pin, Kind::Phrase])
}

/// Words for it, in small letters, and whether it is digits.
const WORDS: &[(&str, Kind)] = &[
    ("password", Kind::Password),
    ("passwd", Kind::Password),
    ("pwd", Kind::Password),
    ("pass", Kind::Password),
    ("passphrase", Kind::Password),
    ("passcode", Kind::Password),
    ("passwort", Kind::Password),
    ("pin", Kind::Pin),
    ("pin code", Kind::Pin),
    ("senha", Kind::Password),
    ("kennwort", Kind::Password),
    ("mot de passe", Kind::Password),
    ("mdp", Kind::Password),
    ("wachtwoord", Kind::Password),
    ("contraseña", Kind::Password),
    ("contrasena", Kind::Password),
    ("пароль", Kind::Password),
    ("密码", Kind::Password),
    ("密碼", Kind::Password),
    ("パスワード", Kind::Password),
    ("비밀번호", Kind::Password),
];
const BEGINNINGS: [[u8; 3]; WORDS.len()] = beginnings(WORDS);
/// What may stand between the word and the value. The longest that fits is taken.
const COPULAS: &[&[u8]] = &[
    b" is ",
    b" is: ",
    b" was ",
    b" to ",
    b" = ",
    b" ist ",
    b" lautet ",
    b" est ",
    b" es ",
    b" \xc3\xa9 ",
    b" e ",
    b" is set to ",
    b" has been set to ",
    b" is now ",
    b" - ",
    b" \xe2\x80\x93 ",
    b" \xe2\x80\x94 ",
    " — это ".as_bytes(),
    "是".as_bytes(),
    "为".as_bytes(),
    "：".as_bytes(),
    "は".as_bytes(),
    "는 ".as_bytes(),
    "은 ".as_bytes(),
    b" for the account is ",
    b" for it is ",
    b" you need is ",
    b" should be ",
    b" will be ",
    b" \xd0\xbe\xd1\x82 ",
];

/// The word and what stands behind it.
fn said(probe: &Probe<'_>) -> Outcome {
    let two = [probe.get(0)?.to_ascii_lowercase(), probe.get(1)?.to_ascii_lowercase()];
    // Most words leave here, and most characters of other scripts.
    if !matches!(
        two,
        [b'p', b'a' | b'w' | b'i']
            | [b's' | b'k', b'e']
            | [b'm', b'o' | b'd']
            | [b'w', b'a']
            | [b'c', b'o']
            | [0xD0, 0xBF]
            | [0xE3, 0x83]
            | [0xE5, 0xAF]
            | [0xEB, 0xB9]
    ) {
        return Ok(None);
    }
    for (number, (word, kind)) in WORDS.iter().enumerate() {
        let begins = BEGINNINGS[number][..2] == two;
        let word = word.as_bytes();
        if !begins
            || !has(probe, 0, word)?
            || word.last().is_some_and(u8::is_ascii) && probe.is(word.len(), WORD)?
        {
            continue;
        }
        let from = word.len();
        if probe.get(from)? == b' ' && is_netrc(probe) {
            return assignment::in_prose(probe, *kind, from);
        }
        let mut best = 0;
        for copula in COPULAS {
            if copula.len() > best && has(probe, from, copula)? {
                best = copula.len();
            }
        }
        if best == 0 && has(probe, from, b" for ")? {
            best = copula_behind(probe, from + 5)?.map_or(0, |end| end - from);
        }
        if best > 0 {
            return assignment::in_prose(probe, *kind, from + best);
        }
        if probe.get(from)? == b' ' {
            // `password Xy12345`: without a copula only what no word looks like.
            let found = assignment::in_prose(probe, *kind, from + 1)?;
            return Ok(found.filter(|hit| {
                let tally = Tally::of(&probe.text[probe.at + hit.skip..probe.at + hit.length]);
                tally.length >= 7 && tally.digits >= 2 && tally.letters() >= 3
            }));
        }
    }
    Ok(None)
}

/// The end of ` is ` or ` is: ` in the same sentence, with what the password is for before it.
fn copula_behind(probe: &Probe<'_>, from: usize) -> Result<Option<usize>, Need> {
    let mut end = from;
    while end < from + 48 {
        let byte = probe.get(end)?;
        if byte == b' ' {
            for copula in [&b" is "[..], b" is: "] {
                if has(probe, end, copula)? {
                    return Ok(Some(end + copula.len()));
                }
            }
        }
        if !(byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'-' | b'_' | b'\'' | b'.')) {
            break;
        }
        end += 1;
    }
    Ok(None)
}

/// Whether `text`, in small letters, stands at `i` in either case.
fn has(probe: &Probe<'_>, i: usize, text: &[u8]) -> Result<bool, Need> {
    for (k, byte) in text.iter().enumerate() {
        if !probe.get(i + k)?.eq_ignore_ascii_case(byte) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether `login x` stands before: the format of netrc.
fn is_netrc(probe: &Probe<'_>) -> bool {
    before(probe).windows(6).any(|window| window == b"login ")
}

fn before<'a>(probe: &Probe<'a>) -> &'a [u8] {
    &probe.text[probe.at.saturating_sub(LEFT)..probe.at]
}

/// `host:port:database:user:password`, a line: the format of `.pgpass`. Begins before the port.
fn pgpass(probe: &Probe<'_>) -> Outcome {
    let mut i = 1;
    while i < 7 && (probe.get(i)?.is_ascii_digit() || probe.get(i)? == b'*') {
        i += 1;
    }
    if i == 7 || (i < 3 && probe.get(1)? != b'*') || probe.get(i)? != b':' {
        return Ok(None);
    }
    let name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'*');
    let left = before(probe);
    let length = left.iter().rev().take_while(|byte| name(byte)).count();
    let (rest, host) = left.split_at(left.len() - length);
    let begins = !matches!(rest.last(), Some(b':' | b'@'));
    if !begins || !host.iter().any(|byte| byte.is_ascii_alphabetic() || *byte == b'*') {
        return Ok(None);
    }
    for _ in 0..2 {
        let start = i + 1;
        i = start;
        while i < start + 40 && name(&probe.get(i)?) {
            i += 1;
        }
        if i == start || probe.get(i)? != b':' {
            return Ok(None);
        }
    }
    let from = i + 1;
    let mut end = from;
    while end < from + 100
        && !matches!(probe.get(end)?, 0 | b'\n' | b'\r' | b' ' | b'"' | b'\'' | b'\\' | b'`')
    {
        end += 1;
    }
    Ok((end > from + 3).then(|| Hit::pattern(end, 0.8).behind(from)))
}

/// `-p` and a password, of tools that take it so.
fn option(probe: &Probe<'_>) -> Outcome {
    if !matches!(probe.back(1), b' ' | b'\t') || !matches!(probe.get(1)?, b'p' | b'a') {
        return Ok(None);
    }
    let blank = probe.get(2)? == b' ';
    let line = before(probe).rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
    let names =
        |tools: &[&[u8]]| tools.iter().any(|tool| line.windows(tool.len()).any(|window| window == *tool));
    let tool = match (probe.get(1)?, blank) {
        (b'p', false) => names(&[b"mysql", b"mariadb", b"sshpass", b"7z ", b"unrar", b"rar "]),
        (b'p', true) => names(&[
            b"sshpass",
            b"docker login",
            b"mongo",
            b"ldap",
            b"podman login",
            b"helm registry",
            b"az login",
            b"cf login",
            b"smbclient",
        ]),
        _ => blank && names(&[b"redis-cli"]),
    };
    if !tool {
        return Ok(None);
    }
    assignment::in_prose(probe, Kind::Password, if blank { 3 } else { 2 })
}
