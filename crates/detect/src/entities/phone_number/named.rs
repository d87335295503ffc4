//! Numbers of any form close behind a word such as "phone": bare, in groups, and with a part in brackets.

use crate::Entity;
use crate::alphabet::{DIGIT, WORD, within};
use crate::probe::{Hit, Need, Outcome, Probe};
use crate::shapes::{Form, Forms, Id};

pub const WORDS: &[&str] = &[
    "phone",
    "phones",
    "tel",
    "telephone",
    "mobile",
    "cell",
    "cellphone",
    "call",
    "whatsapp",
    "whats app",
    "fax",
    "contact",
    "sms",
    "dial",
    "ring",
    "hotline",
    "landline",
    "phone number",
    "contact number",
    "cell phone",
    "msisdn",
    "reach me",
    "text me",
    "callback",
    "ph",
    "mob",
    "handset",
    "telefon",
    "telefonnummer",
    "handy",
    "handynummer",
    "mobil",
    "mobilnummer",
    "festnetz",
    "rufnummer",
    "tel nr",
    "t\u{e9}l\u{e9}phone",
    "t\u{e9}l",
    "portable",
    "num\u{e9}ro de t\u{e9}l\u{e9}phone",
    "appeler",
    "tel\u{e9}fono",
    "m\u{f3}vil",
    "celular",
    "ll\u{e1}mame",
    "telefono",
    "cellulare",
    "chiama",
    "telefone",
    "telem\u{f3}vel",
    "ligue",
    "fone",
    "telefoon",
    "telefoonnummer",
    "mobiel",
    "gsm",
    "puhelin",
    "puhelinnumero",
    "mobilnr",
    "tlf",
    "tlf nr",
    "kom\u{f3}rka",
    "kom\u{f3}rkowy",
    "numer telefonu",
    "telefonn\u{ed}",
    "mobiln\u{ed}",
    "telefonsz\u{e1}m",
    "cep",
    "cep telefonu",
    "телефон",
    "тел",
    "мобильный",
    "моб",
    "номер телефона",
    "позвоните",
    "телефону",
    "τηλεφωνο",
    "κινητο",
    "τηλ",
    "电话",
    "手机",
    "手机号",
    "电话号码",
    "联系电话",
    "電話",
    "電話番号",
    "携帯",
    "携帯電話",
    "휴대폰",
    "전화",
    "전화번호",
    "연락처",
    "핸드폰",
    "โทร",
    "โทรศัพท์",
    "फोन",
    "मोबाइल",
    "هاتف",
    "جوال",
    "טלפון",
    "נייד",
    "\u{111}i\u{1ec7}n tho\u{1ea1}i",
    "telepon",
    "hp",
    "telefon bimbit",
];

pub static FORMS: &[Forms] = &[Forms {
    forms: &[
        Form::near("0{7,13}"),
        Form::near("0{2,5} 0{5,8}"),
        Form::near("0{2,5} 0{3} 0{3,4}"),
        Form::near("0{2,4} 0{2,3} 00 00"),
        Form::near("0{2,4}-0{3,4}-0{3,4}"),
        Form::near("0{3}-0{3}-0{3}-0{4}"),
        Form::near("00 00 00 00 00"),
        Form::near("00-000 000 00"),
        Form::near("0{3,5}/0{5,8}"),
        Form::near("0{3,4} 0{4}"),
        Form::near("0{3,4}-0{4}"),
        Form::near("0{3,4} 00 0{2,3}"),
        Form::near("0{3,4}-00 00 00"),
        Form::near("0{2,5}-0{5,8}"),
        Form::near("0{4}.0{4}"),
        Form::near("0 000 000 0000"),
        Form::near("0 0{4} 0{4}"),
        Form::near("000 000-00-00"),
        Form::near("000 000-0000"),
        Form::near("00 0{4,5}-0{4}"),
        Form::near("0{2,3}-00-00"),
        Form::near("0{5} 0{5} 000"),
        Form::near("0-000-000-0000"),
        Form::near("0 000 000-00-00"),
        Form::near("0{2,3} 0{4} 0{4}"),
        Form::near("0{2,3}.0{3}.0{3,4}"),
        Form::near("00.00.00.00.00"),
        Form::near("0{2,4}/0{3} 0{2} 0{2}"),
        Form::near("0{2,4} 0{6,7} 0{1,3}"),
        Form::near("0{5} 000 000"),
        Form::near("0{2,4} / 0{5,8}"),
    ],
    check: |id| plausible(id),
}];

fn plausible(id: &Id<'_>) -> bool {
    let date =
        id.raw.len() == 8 && matches!(id.number(0, 4), 1990..=2040) && (1..=12).contains(&id.number(4, 6));
    (7..=15).contains(&id.signs.len()) && id.signs.iter().any(|sign| *sign != id.signs[0]) && !date
}

/// `(0221) 123456`, `(212)5550132`, `8 (495) 123-45-67`.
pub fn bracketed(probe: &Probe<'_>) -> Outcome {
    let lead = if probe.get(0)? == b'(' { 0 } else { probe.run(0, DIGIT, 4)? };
    let mut i = lead;
    if lead > 0 {
        if lead > 3 || probe.continues_number() {
            return Ok(None);
        }
        i += usize::from(probe.get(i)? == b' ');
        if probe.get(i)? != b'(' {
            return Ok(None);
        }
    }
    let area = probe.run(i + 1, DIGIT, 6)?;
    if !(1..=5).contains(&area) || probe.get(i + 1 + area)? != b')' {
        return Ok(None);
    }
    i += area + 2;
    let mut count = lead + area;
    loop {
        i += usize::from(matches!(probe.get(i)?, b' ' | b'-' | b'.' | b'/') && probe.is(i + 1, DIGIT)?);
        let digits = probe.run(i, DIGIT, 10)?;
        if digits == 0 {
            break;
        }
        i += digits;
        count += digits;
        if count > 15 {
            return Ok(None);
        }
        if !separates(probe, i)? {
            break;
        }
    }
    i += super::extension(probe, i)?;
    if count < 7 || probe.is(i, WORD)? {
        return Ok(None);
    }
    Ok(probe.name(Entity::PhoneNumber).filter(|name| name.gap <= 5).map(|name| Hit::named(i, name)))
}

fn separates(probe: &Probe<'_>, i: usize) -> Result<bool, Need> {
    Ok(matches!(probe.get(i)?, b' ' | b'-' | b'.' | b'/') && within(probe.get(i + 1)?, DIGIT))
}
