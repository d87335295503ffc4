//! Makes texts that hold a secret, and texts that only look so, and says how many of each are masked. The values are
//! made by rule from a fixed seed. `secrets_corpus [--show]`: also says which are wrong.
#![expect(clippy::print_stdout, reason = "a tool for people")]

use std::collections::BTreeMap;

use countersign_detect::Engine;

/// SplitMix64.
struct Draw(u64);

impl Draw {
    fn number(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % below as u64) as usize
    }

    fn of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.number(all.len())]
    }

    fn signs(&mut self, alphabet: &str, least: usize, most: usize) -> String {
        let alphabet: Vec<char> = alphabet.chars().collect();
        let length = least + self.number(most - least + 1);
        (0..length).map(|_| alphabet[self.number(alphabet.len())]).collect()
    }
}

const HEX: &str = "0123456789abcdef";
const LOWER: &str = "abcdefghijklmnopqrstuvwxyz0123456789";
const MIXED: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const BASE64: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const URL: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const ALL: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!@#%^*-_=+.?";
const WORDS: &[&str] = &[
    "sunshine", "dragon", "monkey", "winter", "summer", "football", "shadow", "purple", "coffee", "tiger",
    "london", "berlin", "orange", "falcon", "silver", "rocket", "banana", "hunter", "castle", "garden",
    "pepper", "ginger",
];

fn password(draw: &mut Draw) -> String {
    let word = draw.of(WORDS);
    let other = draw.of(WORDS);
    let number = draw.number(9999);
    let mark = draw.of(&["!", "#", "@", "$", "?", "*", "!!"]);
    let mut capital = word.to_owned();
    capital[..1].make_ascii_uppercase();
    match draw.number(9) {
        0 => format!("{word}{number}"),
        1 => format!("{capital}{number}{mark}"),
        2 => format!("{capital}{mark}{number}"),
        3 => word.replace('o', "0").replace('e', "3").replace('i', "1") + &format!("{number}"),
        4 => draw.signs(ALL, 10, 20),
        5 => draw.signs(MIXED, 8, 16),
        6 => format!("{word}-{other}-{number}"),
        7 => format!("{capital}_{other}{mark}{}", number % 100),
        _ => draw.signs(LOWER, 8, 12),
    }
}

fn uuid(draw: &mut Draw) -> String {
    [8, 4, 4, 4, 12].map(|length| draw.signs(HEX, length, length)).join("-")
}

fn token(draw: &mut Draw) -> String {
    match draw.number(8) {
        0 => draw.signs(HEX, 32, 32),
        1 => draw.signs(HEX, 40, 40),
        2 => draw.signs(HEX, 64, 64),
        3 => draw.signs(MIXED, 20, 48),
        4 => draw.signs(LOWER, 24, 40),
        5 => draw.signs(BASE64, 40, 44) + "=",
        6 => uuid(draw),
        _ => draw.signs(URL, 24, 64),
    }
}

const PASSWORD_KEYS: &[&str] = &[
    "password",
    "DB_PASSWORD",
    "dbPassword",
    "passwd",
    "pwd",
    "PGPASSWORD",
    "mysql_root_password",
    "adminPassword",
    "spring.datasource.password",
    "smtp-password",
    "REDIS_PASS",
    "keystore_passphrase",
    "user_pass",
    "LDAP_BIND_PW",
];
const TOKEN_KEYS: &[&str] = &[
    "api_key",
    "API_KEY",
    "apiKey",
    "x-api-key",
    "access_token",
    "ACCESS_TOKEN",
    "refreshToken",
    "client_secret",
    "clientSecret",
    "SECRET_KEY",
    "auth_token",
    "AUTH_TOKEN",
    "secret",
    "JWT_SECRET",
    "private_key",
    "encryption_key",
    "signingKey",
    "webhook_secret",
    "DATADOG_API_KEY",
    "HEROKU_API_KEY",
    "STRIPE_KEY",
    "algolia_admin_key",
    "bearer_token",
    "session_token",
    "app.security.token",
    "SLACK_SIGNING_SECRET",
    "service_account_key",
    "consumerSecret",
];
/// Ways to write a name and a value; `K` and `V` stand for them.
const FORMATS: &[&str] = &[
    "K=V",
    "export K=V",
    "K = V",
    "K: V",
    "  K: V",
    "K: \"V\"",
    "K = \"V\"",
    "K='V'",
    "\"K\": \"V\"",
    "{\"K\":\"V\",\"n\":1}",
    "{\\\"K\\\": \\\"V\\\"}",
    "K => 'V'",
    "'K' => 'V',",
    "K := \"V\"",
    "<K>V</K>",
    "<add key=\"K\" value=\"V\"/>",
    "<property name=\"K\" value=\"V\" />",
    "--K V",
    "--K=V",
    "tool run --K \"V\" --force",
    "https://x.io/a?K=V&page=2",
    "set K=V",
    "ENV K=V",
    "ENV K V",
    "- name: K\n  value: V",
    "- K=V",
    "-e K=V",
    "K: str = \"V\"",
    "const K = \"V\";",
    "let K = 'V';",
    "String K = \"V\";",
    "private static final String K = \"V\";",
    "config[\"K\"] = \"V\"",
    "os.environ[\"K\"] = \"V\"",
    "setenv(\"K\", \"V\", 1);",
    "define('K', 'V');",
    "client = Client(K=\"V\")",
    "Server=db;Uid=a;K=V;Port=1",
    "curl -d 'K=V' x.io",
    "[section]\nK=V\nother=1",
    "K: V  # rotate soon",
    "**K:** V",
    "- K: `V`",
    "K: V, please keep it",
    "process.env.K = 'V';",
    "var K string = \"V\"",
    "pub const K: &str = \"V\";",
    "<string name=\"K\">V</string>",
    "<key>K</key>\n<string>V</string>",
    "{'K': 'V'}",
    "KEY K is V",
    "@Value(\"V\") K: V",
];
const SENTENCES: &[&str] = &[
    "The password is V",
    "my password is V.",
    "Hi, the password for the staging box is: V",
    "password: V",
    "pwd: V",
    "Login with user bob and password V, thanks",
    "I set the password to V yesterday",
    "Das Passwort lautet V.",
    "Passwort: V",
    "Mot de passe : V",
    "le mot de passe est V",
    "La contraseña es V",
    "contraseña: V",
    "A senha é V",
    "senha: V",
    "密码是V",
    "密码：V",
    "密码: V",
    "пароль: V",
    "use the passphrase \"V\" to unlock it",
    "pass: V",
    "username: bob / password: V",
    "user=bob, password=V",
    "wifi password - V",
    "machine x.io login bob password V",
    "mysql -u root -pV db",
    "curl -u bob:V https://x.io",
    "db.local:5432:app:bob:V",
    "sshpass -p 'V' ssh bob@h",
    "postgres://bob:V@db/x",
    "docker login -u bob -p V r.io",
];
const TOKEN_SENTENCES: &[&str] = &[
    "my api key is V",
    "The API key: V",
    "use this token: V",
    "Authorization: Bearer V",
    "-H \"Authorization: Bearer V\"",
    "-H 'X-Api-Key: V'",
    "Authorization: Token V",
    "here is the access token:\nV",
    "the client secret is V, rotate it",
    "//registry.x.io/:_authToken=V",
    "token V was leaked",
    "Our secret key (V) must go",
    "headers = {\"Authorization\": \"Bearer V\"}",
    "Cookie: sessionid=V; a=b",
    "API key = V",
    "Your secret access key is V.",
];
/// What is no secret, however it looks. `U` a UUID, `H` and `S` digests, `W` a word, `N` a number, `B` base64.
const NEGATIVES: &[&str] = &[
    "K=${SECRET}",
    "K: {{ vault.value }}",
    "K = os.environ[\"X\"]",
    "K = get_value()",
    "K: str",
    "String K;",
    "K: null",
    "K=",
    "K=********",
    "K: <your-value-here>",
    "K = $VALUE",
    "K=%s",
    "K=xxxxxxxxxxxxxxxx",
    "K: changeme",
    "K = None",
    "K = self.K",
    "self.K = K",
    "K: K,",
    "function f(K) {}",
    "if K == null",
    "K: string;",
    "K: Optional[str] = None",
    "K = process.env.VALUE;",
    "K: \"REPLACE_ME\"",
    "K: ${{ secrets.VALUE }}",
    "the K is required",
    "Enter your K: ",
    "K must have eight characters",
    "K=\"\"",
    "<input type=\"password\" name=\"K\" />",
    "K = input(\"K: \")",
    "commit S",
    "sha256:H",
    "id: U",
    "request_id=U",
    "etag: \"S\"",
    "integrity sha512-B==",
    "\"checksum\": \"H\"",
    "public_key: B",
    "ssh-rsa B bob@host",
    "data:image/png;base64,B",
    "build W-N",
    "image: x.io/W@sha256:H",
    "user_id: U",
    "token_type: bearer",
    "max_tokens: N",
    "token_count=N",
    "password_min_length: N",
    "\"digest\": \"H\"",
    "cache_key=H",
    "blob S",
    "trace id H",
    "nextPageToken=B",
    "session_timeout: N",
    "\"uuid\": \"U\"",
    "key_id: S",
    "password_hash_algorithm: argon2id",
    "secretName: W-tls",
    "secretKeyRef: W",
    "api_key_name: W",
    "\"version\": \"1.N.0-W\"",
    "tokenizer: W",
    "the secret of W is patience",
    "keyboard: W",
    "W: W",
    "K: !vault",
    "K=$(cat /run/secrets/x)",
    "K: /run/secrets/W",
    "K_FILE=/run/secrets/W",
    "K_URL=https://x.io/W",
    "K = W.W",
    "K = read_W(W)",
    "K: process.env['W']",
    "K: ENV[\"W\"]",
];

/// Puts values in the place of the capitals that stand for them.
fn made(format: &str, value: &mut dyn FnMut(char) -> Option<String>) -> String {
    let signs: Vec<char> = format.chars().collect();
    let mut text = String::new();
    for (at, sign) in signs.iter().enumerate() {
        let before = at.checked_sub(1).map_or(' ', |at| signs[at]);
        let after = signs.get(at + 1).copied().unwrap_or(' ');
        let alone = !before.is_ascii_uppercase() && !after.is_ascii_alphabetic();
        match value(*sign).filter(|_| alone) {
            Some(value) => text += &value,
            None => text.push(*sign),
        }
    }
    text
}

fn named(format: &str, key: &str, value: &str) -> String {
    made(format, &mut |sign| match sign {
        'K' => Some(key.to_owned()),
        'V' => Some(value.to_owned()),
        _ => None,
    })
}

#[derive(Default)]
struct Score {
    right: usize,
    all: usize,
    wrong: Vec<String>,
}

/// Whether every sign of `value` in `text` is masked.
fn covered(engine: &Engine, text: &str, value: &str) -> bool {
    let Some(from) = text.rfind(value) else { return false };
    let spans = engine.scan(text);
    (from..from + value.len()).all(|at| spans.iter().any(|span| (span.start..span.end).contains(&at)))
}

fn main() {
    let engine = Engine::standard();
    let draw = &mut Draw(42);
    let mut scores: BTreeMap<String, Score> = BTreeMap::new();
    let mut add = |kind: String, right: bool, text: String| {
        let score = scores.entry(kind).or_default();
        score.all += 1;
        score.right += usize::from(right);
        if !right {
            score.wrong.push(text.replace('\n', "⏎"));
        }
    };
    for _ in 0..20 {
        for (what, formats) in [("name", FORMATS), ("prose", SENTENCES)] {
            for format in formats {
                let value = password(draw);
                let text = named(format, draw.of(PASSWORD_KEYS), &value);
                add(format!("password {what} {format:?}"), covered(&engine, &text, &value), text);
            }
        }
        for (what, formats) in [("name", FORMATS), ("prose", TOKEN_SENTENCES)] {
            for format in formats {
                let value = token(draw);
                let text = named(format, draw.of(TOKEN_KEYS), &value);
                add(format!("token {what} {format:?}"), covered(&engine, &text, &value), text);
            }
        }
        for format in NEGATIVES {
            let key = if draw.number(2) == 0 { draw.of(PASSWORD_KEYS) } else { draw.of(TOKEN_KEYS) };
            let text = made(format, &mut |sign| {
                Some(match sign {
                    'K' => key.to_owned(),
                    'U' => uuid(draw),
                    'H' => draw.signs(HEX, 64, 64),
                    'S' => draw.signs(HEX, 40, 40),
                    'W' => draw.of(WORDS).to_owned(),
                    'N' => draw.number(100_000).to_string(),
                    'B' => draw.signs(BASE64, 60, 200),
                    _ => return None,
                })
            });
            add(format!("no secret {format:?}"), engine.scan(&text).is_empty(), text);
        }
    }
    let show = std::env::args().any(|argument| argument == "--show");
    let mut sums: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (kind, score) in &scores {
        let end = kind.find(" \"").unwrap_or(kind.len());
        let sum = sums.entry(&kind[..end]).or_default();
        *sum = (sum.0 + score.right, sum.1 + score.all);
        if show && score.right < score.all {
            println!("{:3} of {} {kind}", score.right, score.all);
            score.wrong.iter().take(4).for_each(|wrong| println!("      {wrong}"));
        }
    }
    for (kind, (right, all)) in sums {
        println!("{kind:16} {right:5} of {all:5} right, {:.1} %", right as f64 / all as f64 * 100.0);
    }
}
