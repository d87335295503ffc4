//! Sweden, Norway, Denmark, Finland, Iceland, Ireland and the Baltic states.

use super::checks::{any, ddmmyy, is_day, luhn, mod_11, yymmdd};
use crate::Entity;
use crate::definition::Definition;
use crate::shapes::{Form, Forms, Id};

pub static SE_PIN: Definition = Definition {
    entity: Entity::SePersonnummer,
    about: "date of birth (days from 61 for coordination numbers), serial and a Luhn digit (SKV 704)",
    words: &[
        "personnummer",
        "personnr",
        "samordningsnummer",
        "swedish id",
        "pnr",
        "p nr",
        "person nr",
        "personal identity number",
        "person nummer",
    ],
    forms: &[Forms {
        forms: &[
            Form::alone("0{6}-0{4}", 0.7),
            Form::alone("0{8}-0{4}", 0.85),
            Form::named("0{10}"),
            Form::named("0{12}"),
            Form::named("0{6} 0{4}"),
            Form::named("0{8} 0{4}"),
        ],
        check: |id| {
            let from = id.signs.len() - 10;
            let century = id.signs.len() == 10 || matches!(id.number(0, 2), 19 | 20);
            let day = id.number(from + 4, from + 6) % 60;
            century && is_day(id.number(from, from + 2), id.number(from + 2, from + 4), day) && luhn(id, from)
        },
    }],
    hits: &[
        ("personnummer 811228-9874", "personnummer [SE_PERSONNUMMER]"),
        ("pnr: 198112289874", "pnr: [SE_PERSONNUMMER]"),
        ("880320-0016", "[SE_PERSONNUMMER]"),
    ],
    misses: &["811228-9873", "811328-9874", "8112289874"],
    ..Definition::BLANK
};

pub static SE_ORG: Definition = Definition {
    entity: Entity::SeOrganisationsnummer,
    about: "ten digits, the third 2 or more, with a Luhn digit (SKV 709)",
    words: &["organisationsnummer", "org nr", "orgnr", "org nummer", "organisation number"],
    forms: &[Forms {
        forms: &[Form::named("0{6}-0{4}"), Form::named("0{10}")],
        check: |id| id.digit(2) > 1 && luhn(id, 0) && any(id),
    }],
    hits: &[("org.nr 556016-0680", "org.nr [SE_ORGANISATIONSNUMMER]")],
    misses: &["556016-0680", "orgnr 556016-0681"],
    ..Definition::BLANK
};

pub static NO_FNR: Definition = Definition {
    entity: Entity::NoFodselsnummer,
    about: "Norway: date of birth, serial and two check digits modulo 11 (Skatteetaten); also D and H numbers",
    words: &[
        "fodselsnummer",
        "f\u{f8}dselsnummer",
        "personnummer",
        "fnr",
        "f\u{f8}dselsnr",
        "d nummer",
        "norwegian id",
    ],
    forms: &[Forms {
        forms: &[Form::alone("0{11}", 0.6), Form::alone("0{6} 0{5}", 0.7), Form::named("0{6}-0{5}")],
        check: |id| {
            let (day, month) = (id.number(0, 2) % 40, id.number(2, 4) % 40);
            is_day(id.number(4, 6), month, day)
                && mod_11(id.weighed(&[3, 7, 6, 1, 8, 9, 4, 5, 2])) == Some(id.digit(9))
                && mod_11(id.weighed(&[5, 4, 3, 2, 7, 6, 5, 4, 3, 2])) == Some(id.digit(10))
        },
    }],
    hits: &[
        ("f\u{f8}dselsnummer 15108695088", "f\u{f8}dselsnummer [NO_FODSELSNUMMER]"),
        ("151086 95088", "[NO_FODSELSNUMMER]"),
    ],
    misses: &["15108695077", "151386 95088"],
    ..Definition::BLANK
};

pub static DK_CPR: Definition = Definition {
    entity: Entity::DkCpr,
    about: "Denmark: date of birth and four digits (CPR-loven); alone only if the old check modulo 11 holds",
    words: &["cpr", "cpr nummer", "personnummer", "cpr nr", "cprnr", "danish id"],
    forms: &[
        Forms {
            forms: &[Form::alone("0{6}-0{4}", 0.6)],
            check: |id| ddmmyy(id, 0) && id.weighed(&[4, 3, 2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11),
        },
        Forms {
            forms: &[Form::named("0{6}-0{4}"), Form::named("0{10}"), Form::named("0{6} 0{4}")],
            check: |id| ddmmyy(id, 0),
        },
    ],
    hits: &[("CPR 211062-5629", "CPR [DK_CPR]"), ("cpr-nummer: 0108061230", "cpr-nummer: [DK_CPR]")],
    misses: &["211062-5628", "CPR 991062-5629"],
    ..Definition::BLANK
};

pub static DK_CVR: Definition = Definition {
    entity: Entity::DkCvr,
    about: "Denmark: eight digits modulo 11 (Erhvervsstyrelsen), named",
    words: &["cvr", "cvr nummer", "se nummer", "cvr nr", "moms"],
    forms: &[Forms {
        forms: &[Form::named("0{8}"), Form::named("00 00 00 00"), Form::named("AA0{8}")],
        check: |id| {
            let from = id.signs.len() - 8;
            Id { raw: id.raw, signs: &id.signs[from..] }.weighed(&[2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11)
                && any(id)
        },
    }],
    hits: &[("CVR 13585628", "CVR [DK_CVR]")],
    misses: &["13585628", "CVR 13585627"],
    ..Definition::BLANK
};

pub static FI_HETU: Definition = Definition {
    entity: Entity::FiPersonalIdentityCode,
    about: "Finland: date of birth, century sign, serial and a check sign modulo 31 (DVV)",
    words: &[
        "hetu",
        "henkil\u{f6}tunnus",
        "sosiaaliturvatunnus",
        "personal identity code",
        "personbeteckning",
    ],
    forms: &[Forms {
        forms: &[
            Form::alone("0{6}-000X", 0.85),
            Form::alone("0{6}A000X", 0.7),
            Form::named("0{6}-000x"),
            Form::named("0{6}a000x"),
        ],
        check: |id| {
            let serial = id.signs.len() - 4;
            let century = serial == 6 || b"ABCDEFYXWVU".contains(&id.signs[6]);
            let number = id.number(0, 6) * 1000 + id.number(serial, serial + 3);
            century
                && ddmmyy(id, 0)
                && id.number(serial, serial + 3) > 1
                && b"0123456789ABCDEFHJKLMNPRSTUVWXY"[(number % 31) as usize] == id.signs[serial + 3]
        },
    }],
    hits: &[
        ("hetu 131052-308T", "hetu [FI_PERSONAL_IDENTITY_CODE]"),
        ("131052A308T", "[FI_PERSONAL_IDENTITY_CODE]"),
    ],
    misses: &["131052-308U", "131352-308T"],
    ..Definition::BLANK
};

pub static FI_YTUNNUS: Definition = Definition {
    entity: Entity::FiBusinessId,
    about: "Finland: seven digits and a check digit modulo 11 (YTJ), named",
    words: &["y tunnus", "ytunnus", "business id", "fo nummer"],
    forms: &[Forms {
        forms: &[Form::named("0{7}-0")],
        check: |id| mod_11(id.weighed(&[7, 9, 10, 5, 8, 4, 2])) == Some(id.digit(7)),
    }],
    hits: &[("Y-tunnus 2077474-0", "Y-tunnus [FI_BUSINESS_ID]")],
    misses: &["2077474-0", "Y-tunnus 2077474-1"],
    ..Definition::BLANK
};

pub static IS_KENNITALA: Definition = Definition {
    entity: Entity::IsKennitala,
    about: "Iceland: date of birth, serial, check digit modulo 11 and century (\u{de}j\u{f3}\u{f0}skr\u{e1})",
    words: &["kennitala", "kt"],
    forms: &[Forms {
        forms: &[Form::alone("0{6}-0{4}", 0.7), Form::named("0{10}")],
        check: |id| {
            is_day(id.number(4, 6), id.number(2, 4), id.number(0, 2) % 40)
                && matches!(id.digit(9), 8 | 9 | 0)
                && mod_11(id.weighed(&[3, 2, 7, 6, 5, 4, 3, 2])) == Some(id.digit(8))
        },
    }],
    hits: &[("kennitala 120174-3399", "kennitala [IS_KENNITALA]")],
    misses: &["120174-3389"],
    ..Definition::BLANK
};

pub static IE_PPS: Definition = Definition {
    entity: Entity::IePps,
    about: "Ireland: seven digits, a check letter modulo 23 and at most one letter more (Social Welfare Act 2005)",
    words: &["pps", "ppsn", "pps number", "pps no", "personal public service", "public service number"],
    forms: &[Forms {
        forms: &[Form::alone("0{7}A{1,2}", 0.6), Form::named("0{7}a{1,2}"), Form::named("0{7} A{1,2}")],
        check: |id| {
            let second = match id.signs.get(8) {
                Some(sign) if (b'A'..=b'I').contains(sign) => u32::from(sign - b'A' + 1) * 9,
                Some(b'W') | None => 0,
                Some(_) => return false,
            };
            let sum = id.weighed(&[8, 7, 6, 5, 4, 3, 2, 0, 0]) + second;
            b"WABCDEFGHIJKLMNOPQRSTUV"[(sum % 23) as usize] == id.signs[7] && id.number(0, 7) > 0
        },
    }],
    hits: &[("PPS number 6433435F", "PPS number [IE_PPS]"), ("ppsn: 6433435f", "ppsn: [IE_PPS]")],
    misses: &["6433435E", "PPS 6433435G"],
    ..Definition::BLANK
};

pub static EE_LT_CODE: Definition = Definition {
    entity: Entity::BalticPersonalCode,
    about: "Estonia and Lithuania: sex and century, date of birth, serial, check digit modulo 11 (EVS 585)",
    words: &["isikukood", "asmens kodas", "personal code", "ik", "a k", "personas kods"],
    forms: &[
        Forms {
            forms: &[Form::alone("0{11}", 0.5)],
            check: |id| {
                let first = id.weighed(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11;
                let second = id.weighed(&[3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11;
                let check = if first < 10 { first } else { second % 10 };
                (3..=6).contains(&id.digit(0)) && yymmdd(id, 1) && check == id.digit(10)
            },
        },
        Forms {
            forms: &[Form::named("0{6}-0{5}"), Form::named("0{11}")],
            check: |id| {
                let sum = id.weighed(&[10, 5, 8, 4, 2, 1, 6, 3, 7, 9]);
                (ddmmyy(id, 0) || id.number(0, 2) >= 32)
                    && ((1 + sum) % 11 % 10 == id.digit(10) || id.number(0, 2) >= 32)
            },
        },
    ],
    hits: &[
        ("isikukood 36805280109", "isikukood [BALTIC_PERSONAL_CODE]"),
        ("personas kods 161175-19997", "personas kods [BALTIC_PERSONAL_CODE]"),
    ],
    misses: &["36805280108", "161175-19997"],
    ..Definition::BLANK
};
