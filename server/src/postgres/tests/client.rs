//! A PostgreSQL client of one function, so that the server needs no driver of its own to be tested.
//! The simple query protocol: PostgreSQL documentation, "Message Formats".

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;

use crate::postgres::Owned;

/// First column of every row; panics on an error from the server.
pub fn ask(owned: &Owned, sql: &str) -> Vec<String> {
    ask_at(owned.url(), sql)
}

pub fn ask_at(url: &str, sql: &str) -> Vec<String> {
    let host = url.split("host=").nth(1).unwrap().split('&').next().unwrap();
    let mut stream = UnixStream::connect(format!("{}/.s.PGSQL.5432", unescape(host))).unwrap();
    let mut hello = vec![0, 3, 0, 0];
    hello.extend(b"user\0countersign\0database\0postgres\0client_encoding\0UTF8\0\0");
    stream.write_all(&u32::try_from(hello.len() + 4).unwrap().to_be_bytes()).unwrap();
    stream.write_all(&hello).unwrap();
    until_idle(&mut stream);
    stream.write_all(b"Q").unwrap();
    stream.write_all(&u32::try_from(sql.len() + 5).unwrap().to_be_bytes()).unwrap();
    stream.write_all(sql.as_bytes()).unwrap();
    stream.write_all(&[0]).unwrap();
    until_idle(&mut stream)
}

fn until_idle(stream: &mut UnixStream) -> Vec<String> {
    let mut rows = vec![];
    loop {
        let mut head = [0; 5];
        stream.read_exact(&mut head).unwrap();
        let length = u32::from_be_bytes(head[1..].try_into().unwrap()) as usize;
        let mut body = vec![0; length - 4];
        stream.read_exact(&mut body).unwrap();
        match head[0] {
            b'Z' => return rows,
            b'E' => panic!("{}", String::from_utf8_lossy(&body)),
            b'D' => {
                let size = u32::from_be_bytes(body[2..6].try_into().unwrap()) as usize;
                rows.push(String::from_utf8(body[6..6 + size].to_vec()).unwrap());
            }
            _ => {}
        }
    }
}

fn unescape(text: &str) -> String {
    let (mut bytes, mut rest) = (vec![], text.as_bytes());
    while let [first, more @ ..] = rest {
        if *first == b'%' {
            bytes.push(u8::from_str_radix(std::str::from_utf8(&more[..2]).unwrap(), 16).unwrap());
            rest = &more[2..];
        } else {
            bytes.push(*first);
            rest = more;
        }
    }
    String::from_utf8(bytes).unwrap()
}
