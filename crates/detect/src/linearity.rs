//! Counts reads, not time: bytes read per byte of text stay bounded on texts made to be expensive.

use crate::Engine;
use crate::reader::Reader;
use crate::scanner::Window;

fn reads_per_byte(engine: &Engine, text: &str) -> f64 {
    let mut reader = Reader::default();
    reader.advance(engine.index(), Window { text, base: 0, last: true });
    reader.reads() as f64 / text.len() as f64
}

#[test]
fn reads_are_linear_on_texts_made_to_be_expensive() {
    let engine = Engine::standard();
    let domain = format!("a@{}", "b-c.".repeat(63));
    let local = format!("{}@{} ", "a.".repeat(31), "b.".repeat(120));
    for unit in [
        "1",
        "a@",
        "a.",
        "a-",
        "1 ",
        "1-",
        "1.",
        "1:",
        "1111 ",
        "1111-",
        "123 ",
        "01 ",
        "+1 ",
        "+",
        "(",
        "(1",
        "::",
        "f:",
        "2001:",
        "2001::",
        "://",
        "://a:",
        "://a:b@",
        "://a:@",
        "eyJ",
        "eyJ.",
        "eyJ_",
        "-eyJ",
        "-",
        "-----BEGIN ",
        "-----BEGIN PRIVATE KEY-----",
        "sk-",
        "sk-1",
        "SG.",
        "ghp_",
        "xoxb-",
        "AKIA",
        "secret ",
        "secret a/",
        "GB82 ",
        "GB82",
        "é",
        "é@é.éé",
        "中",
        "a@b.",
        "@",
        "%",
        "secret A1b/",
        "255.",
        "10.0.0.1.",
        "4111 1111 1111 1111 ",
        "%25",
        "%2",
        "%D0",
        "1%20",
        "&#",
        "&amp;",
        "&#49;",
        "\\\\u",
        "\\u0031",
        "\\",
        "\\n1",
        "\u{200b}",
        "1\u{200b}",
        "а",
        "a\u{430}",
        "１",
        "—",
        "a=",
        "password=",
        "password: ",
        "password is ",
        "token=",
        "token: ",
        "token=a1",
        "\"key\":\"",
        "\"token\":\"a1B2",
        "\"password\":\"",
        "'secret', '",
        "<token>",
        "--token ",
        "--token a",
        "-p ",
        "-u a:",
        "mysql -p",
        "curl -u a:",
        "a:1:",
        "Bearer ",
        "Bearer a1B2",
        "authorization: a ",
        "key is ",
        "M-",
        "MT.",
        "$2b$",
        "{SHA}",
        "sk-ant-",
        "value: ",
        "密码是",
        "1:AA",
        "a1B2c3D4 ",
        "a1B2c3D4e5F6g7H8i9J0k1L2 token ",
        "str = ",
        ": str = ",
        "12345678901 ",
        "phone 1 ",
        "AB 12 ",
        "A1-",
        "(12)",
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed ",
        "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa ",
        "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdp ",
        "00:1a:",
        "born May ",
        "born 1.2.",
        "Mar 1 ",
        "12-34-",
        "身份证",
        "护照1 ",
        "AB12CD34EF ",
        "ABCDEFGH ",
        "Name: ",
        "Name: A ",
        "\"name\": \"",
        "姓名：",
        "address: 1, A ",
        "Mr. ",
        "Mr. A. ",
        "my name is ",
        "12 A ",
        "12 Aa Bb ",
        "Via Aa ",
        "Aa Bb, ",
        "ул. ",
        &domain,
        &local,
    ] {
        let short = reads_per_byte(&engine, &unit.repeat(20_000 / unit.len()));
        let long = reads_per_byte(&engine, &unit.repeat(200_000 / unit.len()));
        assert!(long < short * 1.2 + 1.0, "{unit}: {short:.1} then {long:.1} reads a byte");
        assert!(long < 60.0, "{unit}: {long:.1} reads a byte");
    }
}

#[test]
fn an_open_key_or_token_costs_one_pass() {
    let engine = Engine::standard();
    for open in ["-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0B", "eyJhbGciOiJub25lIn0.eyJ", "a@b.c"]
    {
        let text = format!("{open}{}", "x".repeat(100_000));
        assert!(reads_per_byte(&engine, &text) < 10.0, "{open}");
    }
}
