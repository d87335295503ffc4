//! Cryptocurrency addresses: Bitcoin (base58check, bech32, bech32m), Ethereum (EIP-55), Monero, and Litecoin,
//! Dogecoin and Tron, which share their codings.
//!
//! Never: forty hex digits of one case behind `0x` unless a word names them; transaction hashes and keys.

mod hashes;

use hashes::{keccak, sha256};

use crate::Entity;
use crate::alphabet::{ALNUM, HEX, within};
use crate::definition::{Definition, Rule, Starts};
use crate::probe::{Hit, Outcome, Probe};

pub static DEFINITION: Definition = Definition {
    entity: Entity::Crypto,
    about: "Bitcoin addresses by checksum (BIP 173, BIP 350, base58check), Ethereum by EIP-55 or named, Monero by form",
    words: &[
        "wallet",
        "ethereum",
        "eth",
        "eth address",
        "crypto",
        "address",
        "erc",
        "usdt",
        "metamask",
        "ether",
        "recipient",
        "deposit",
        "withdrawal",
        "钱包",
        "wallet address",
        "btc",
        "bitcoin",
    ],
    rules: &[
        Rule::new(Starts::Bytes(b"13mn2LMDT"), base58check).of_long_words(),
        Rule::new(Starts::Bytes(b"bBltT"), bech32).of_long_words(),
        Rule::new(Starts::Bytes(b"0"), ethereum).of_long_words(),
        Rule::new(Starts::Bytes(b"48"), monero).of_long_words(),
    ],
    hits: &[
        ("btc 1BoatSLRHtKNngkdXEeobR76b53LETtpyT", "btc [CRYPTO]"),
        ("3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy.", "[CRYPTO]."),
        ("to bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq now", "to [CRYPTO] now"),
        ("bc1p5cyxnuxmeuwuvkwfem96lqzszd02n6xdcjrs20cac6yqjjwudpxqkedrcr", "[CRYPTO]"),
        ("{\"to\":\"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed\"}", "{\"to\":\"[CRYPTO]\"}"),
        ("wallet 0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", "wallet [CRYPTO]"),
        (
            "44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A",
            "[CRYPTO]",
        ),
    ],
    misses: &[
        "1BoatSLRHtKNngkdXEeobR76b53LETtpyU",
        "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdp",
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD",
        "commit 0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed",
    ],
    ..Definition::BLANK
};

const BASE58: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

fn base58check(probe: &Probe<'_>) -> Outcome {
    let length = probe.run(0, ALNUM, 36)?;
    if !(26..=35).contains(&length) {
        return Ok(None);
    }
    let mut bytes = [0_u8; 25];
    for i in 0..length {
        let byte = probe.get(i)?;
        let Some(value) = BASE58.iter().position(|sign| *sign == byte) else { return Ok(None) };
        let mut carry = value as u32;
        for place in bytes.iter_mut().rev() {
            carry += u32::from(*place) * 58;
            *place = carry as u8;
            carry >>= 8;
        }
        if carry > 0 {
            return Ok(None);
        }
    }
    let known = matches!(bytes[0], 0 | 5 | 111 | 196 | 48 | 50 | 30 | 65);
    Ok((known && sha256(&sha256(&bytes[..21]))[..4] == bytes[21..]).then(|| Hit::validated(length, 0.98)))
}

fn bech32(probe: &Probe<'_>) -> Outcome {
    const SIGNS: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    let small = |i: usize| probe.get(i).map(|byte| byte.to_ascii_lowercase());
    let human = match (small(0)?, small(1)?) {
        (b'b', b'c') | (b't', b'b') => 2,
        (b'l', b't') if small(2)? == b'c' => 3,
        _ => return Ok(None),
    };
    if small(human)? != b'1' {
        return Ok(None);
    }
    let length = probe.run(0, ALNUM, 91)?;
    if !(40..=90).contains(&length) {
        return Ok(None);
    }
    let mut sum = 1_u32;
    let mut take = |value: u32| {
        let top = sum >> 25;
        sum = (sum & 0x1FF_FFFF) << 5 ^ value;
        for (bit, generator) in
            [0x3B6A_57B2, 0x2650_8E6D, 0x1EA1_19FA, 0x3D42_33DD, 0x2A14_62B3].into_iter().enumerate()
        {
            if top >> bit & 1 == 1 {
                sum ^= generator;
            }
        }
    };
    for i in 0..human {
        take(u32::from(small(i)?) >> 5);
    }
    take(0);
    for i in 0..human {
        take(u32::from(small(i)?) & 31);
    }
    for i in human + 1..length {
        let byte = small(i)?;
        let Some(value) = SIGNS.iter().position(|sign| *sign == byte) else { return Ok(None) };
        take(value as u32);
    }
    Ok(matches!(sum, 1 | 0x2BC8_30A3).then(|| Hit::validated(length, 0.98)))
}

fn ethereum(probe: &Probe<'_>) -> Outcome {
    if probe.get(1)? != b'x' || probe.run(2, HEX, 41)? != 40 || probe.is(42, ALNUM)? {
        return Ok(None);
    }
    let mut small = [0; 40];
    let mut capitals = 0;
    let mut letters = 0;
    for (i, place) in small.iter_mut().enumerate() {
        let byte = probe.get(2 + i)?;
        *place = byte.to_ascii_lowercase();
        capitals += usize::from(byte.is_ascii_uppercase());
        letters += usize::from(byte.is_ascii_alphabetic());
    }
    if capitals == 0 || capitals == letters {
        return Ok(probe.name(Entity::Crypto).filter(|name| name.gap <= 5).map(|name| Hit::named(42, name)));
    }
    let hash = keccak(&small);
    for i in 0..40 {
        let byte = probe.get(2 + i)?;
        let nibble = hash[i / 2] >> (if i % 2 == 0 { 4 } else { 0 }) & 15;
        if byte.is_ascii_alphabetic() && byte.is_ascii_uppercase() != (nibble > 7) {
            return Ok(None);
        }
    }
    Ok(Some(Hit::validated(42, 0.98)))
}

fn monero(probe: &Probe<'_>) -> Outcome {
    if !matches!(probe.get(1)?, b'0'..=b'9' | b'A' | b'B' | b'a'..=b'c') {
        return Ok(None);
    }
    let length = probe.run(0, ALNUM, 107)?;
    if !matches!(length, 95 | 106) {
        return Ok(None);
    }
    let mut cases = (0, 0, 0);
    for i in 0..length {
        let byte = probe.get(i)?;
        if !within(byte, ALNUM) || !BASE58.contains(&byte) {
            return Ok(None);
        }
        cases.0 += usize::from(byte.is_ascii_digit());
        cases.1 += usize::from(byte.is_ascii_uppercase());
        cases.2 += usize::from(byte.is_ascii_lowercase());
    }
    Ok((cases.0 > 5 && cases.1 > 20 && cases.2 > 20).then(|| Hit::pattern(length, 0.8)))
}
