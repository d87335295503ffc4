//! The United Kingdom: health, insurance, tax and driver numbers, passports, plates, postcodes, sort codes.

use super::checks::{any, is_day, mod_11};
use crate::Entity;
use crate::definition::Definition;
use crate::shapes::{Form, Forms, Id};

/// NHS Data Dictionary, NHS NUMBER: ten digits, the last a check digit modulo 11.
pub static NHS: Definition = Definition {
    entity: Entity::UkNhs,
    about: "ten digits, 3-3-4 or together, with a valid check digit (NHS Data Dictionary, modulo 11)",
    words: &["nhs", "nhs number", "nhs no", "national health service", "health service number", "nhs id"],
    forms: &[Forms {
        forms: &[Form::alone("000 000 0000", 0.6), Form::alone("000-000-0000", 0.6), Form::named("0{10}")],
        check: |id| !id.is_made_up() && nhs(id),
    }],
    hits: &[
        ("NHS number: 943 476 5919.", "NHS number: [UK_NHS]."),
        ("{\"nhsNumber\": \"9434765919\"}", "{\"nhsNumber\": \"[UK_NHS]\"}"),
        ("seen by Dr Patel, 401-023-2137", "seen by Dr [PERSON], [UK_NHS]"),
    ],
    misses: &["9434765919", "NHS number 9434765918", "nhs 1111111111"],
    ..Definition::BLANK
};

fn nhs(id: &Id<'_>) -> bool {
    mod_11(id.weighed(&[10, 9, 8, 7, 6, 5, 4, 3, 2])) == Some(id.digit(9))
}

pub static NINO: Definition = Definition {
    entity: Entity::UkNino,
    about: "two prefix letters that are in use, six digits, suffix A to D (HMRC NIM39110)",
    words: &[
        "nino",
        "ni",
        "national insurance number",
        "national insurance",
        "ni number",
        "insurance number",
    ],
    forms: &[
        Forms {
            forms: &[
                Form::alone("AA000000A", 0.85),
                Form::alone("AA 00 00 00 A", 0.95),
                Form::alone("AA-00-00-00-A", 0.95),
                Form::alone("AA 000000 A", 0.85),
                Form::named("aa000000a"),
                Form::named("aa 00 00 00 a"),
            ],
            check: nino,
        },
        Forms {
            forms: &[
                Form::labelled("AA000000A"),
                Form::labelled("AA 00 00 00 A"),
                Form::labelled("AA 000000 A"),
            ],
            check: |id| !id.is_made_up(),
        },
    ],
    hits: &[
        ("NI number AB 12 34 56 C", "NI number [UK_NINO]"),
        ("nino: jg103759a", "nino: [UK_NINO]"),
        ("staff,JG103759A,London", "staff,[UK_NINO],London"),
    ],
    misses: &["GB123456A", "QQ 12 34 56 C", "part AB123456E", "AB1234567C"],
    ..Definition::BLANK
};

fn nino(id: &Id<'_>) -> bool {
    let [first, second, .., last] = id.signs else { return false };
    !b"DFIQUV".contains(first)
        && !b"DFIQUVO".contains(second)
        && !matches!(&id.signs[..2], b"BG" | b"GB" | b"KN" | b"NK" | b"NT" | b"TN" | b"ZZ")
        && (b'A'..=b'D').contains(last)
}

pub static UTR: Definition = Definition {
    entity: Entity::UkUtr,
    about: "unique taxpayer reference: ten digits, the first a check digit (HMRC, modulo 11), named",
    words: &["utr", "unique taxpayer reference", "taxpayer reference", "self assessment"],
    forms: &[Forms {
        forms: &[Form::named("0{10}"), Form::named("00000 00000"), Form::named("0{10}A")],
        check: |id| {
            let sum: u32 = id
                .digits()
                .skip(1)
                .zip([6, 7, 8, 9, 10, 5, 4, 3, 2])
                .map(|(digit, weight)| digit * weight)
                .sum();
            b"21987654321"[(sum % 11) as usize] == id.signs[0]
        },
    }],
    hits: &[
        ("UTR 1955839661", "UTR [UK_UTR]"),
        ("my unique taxpayer reference is 19558 39661", "my unique taxpayer reference is [UK_UTR]"),
    ],
    misses: &["1955839661", "UTR 2955839661"],
    ..Definition::BLANK
};

pub static PASSPORT: Definition = Definition {
    entity: Entity::UkPassport,
    about: "nine digits, or two letters and seven digits, named (HM Passport Office)",
    words: &["passport", "uk passport", "british passport", "gb passport", "passport uk", "passport gb"],
    forms: &[Forms { forms: &[Form::near("0{9}"), Form::near("AA0{7}")], check: any }],
    hits: &[("British passport 533380006", "British passport [UK_PASSPORT]")],
    misses: &["533380006", "AB1234567"],
    ..Definition::BLANK
};

pub static DRIVING_LICENCE: Definition = Definition {
    entity: Entity::UkDrivingLicence,
    about: "five letters of the name, coded date of birth, initials, check signs (DVLA driver number)",
    words: &["driving licence", "driver number", "licence", "dvla", "driving license", "driver licence"],
    forms: &[Forms {
        forms: &[Form::alone("X{5}0{6}XXXAA", 0.85), Form::alone("X{5} 0{6} XXXAA", 0.85)],
        check: |id| {
            let month = id.number(6, 8) % 50;
            let name = id.signs[..5].iter().skip_while(|sign| sign.is_ascii_uppercase());
            name.clone().all(|sign| *sign == b'9') && name.count() < 5 && is_day(0, month, id.number(8, 10))
        },
    }],
    hits: &[
        ("Licence MORGA753116SM9IJ", "Licence [UK_DRIVING_LICENCE]"),
        ("FOX99801154AB9CD", "[UK_DRIVING_LICENCE]"),
    ],
    misses: &["MORGA799116SM9IJ", "ABCDE123456ABCDE"],
    ..Definition::BLANK
};

pub static VEHICLE: Definition = Definition {
    entity: Entity::UkVehicleRegistration,
    about: "area, age and three letters (DVLA INF104); older and unparted marks only if named",
    words: &[
        "registration",
        "reg",
        "vrm",
        "number plate",
        "plate",
        "vehicle",
        "car",
        "licence plate",
        "license plate",
        "vehicle registration",
    ],
    forms: &[
        Forms { forms: &[Form::alone("AA00 AAA", 0.5), Form::near("AA00AAA")], check: vehicle },
        Forms {
            forms: &[
                Form::labelled("A0{1,3} AAA"),
                Form::labelled("AAA 0{1,3}A"),
                Form::labelled("AA00 AAA"),
                Form::labelled("AA00AAA"),
                Form::labelled("A0{1,3}AAA"),
                Form::labelled("AAA0{1,3}A"),
            ],
            check: any,
        },
    ],
    hits: &[
        ("a blue Ford, BD51 SMR", "a blue Ford, [UK_VEHICLE_REGISTRATION]"),
        ("reg: bd51smr, plate LA21KXB", "reg: bd51smr, plate [UK_VEHICLE_REGISTRATION]"),
    ],
    misses: &["AB99 XYZ", "QI51 SMR", "BD51SMR"],
    ..Definition::BLANK
};

fn vehicle(id: &Id<'_>) -> bool {
    let age = id.number(2, 4);
    !b"IQZJTUX".contains(&id.signs[0])
        && !b"IQZ".contains(&id.signs[1])
        && id.signs[4..].iter().all(|sign| !b"IQ".contains(sign))
        && (matches!(age, 2..=30) || matches!(age, 51..=80))
}

const AREAS: &[&str] = &[
    "AB", "AL", "B", "BA", "BB", "BD", "BH", "BL", "BN", "BR", "BS", "BT", "CA", "CB", "CF", "CH", "CM",
    "CO", "CR", "CT", "CV", "CW", "DA", "DD", "DE", "DG", "DH", "DL", "DN", "DT", "DY", "E", "EC", "EH",
    "EN", "EX", "FK", "FY", "G", "GL", "GU", "GY", "HA", "HD", "HG", "HP", "HR", "HS", "HU", "HX", "IG",
    "IM", "IP", "IV", "JE", "KA", "KT", "KW", "KY", "L", "LA", "LD", "LE", "LL", "LN", "LS", "LU", "M", "ME",
    "MK", "ML", "N", "NE", "NG", "NN", "NP", "NR", "NW", "OL", "OX", "PA", "PE", "PH", "PL", "PO", "PR",
    "RG", "RH", "RM", "S", "SA", "SE", "SG", "SK", "SL", "SM", "SN", "SO", "SP", "SR", "SS", "ST", "SW",
    "SY", "TA", "TD", "TF", "TN", "TQ", "TR", "TS", "TW", "UB", "W", "WA", "WC", "WD", "WF", "WN", "WR",
    "WS", "WV", "YO", "ZE",
];

pub static POSTCODE: Definition = Definition {
    entity: Entity::UkPostcode,
    about: "an area that exists, district, sector and unit (Royal Mail PAF); together only if named",
    words: &["postcode", "post code", "postal code", "zip"],
    forms: &[Forms {
        forms: &[
            Form::alone("A{1,2}0{1,2} 0AA", 0.5),
            Form::alone("A{1,2}0A 0AA", 0.6),
            Form::labelled("A{1,2}0{1,2}0AA"),
            Form::labelled("A{1,2}0A0AA"),
        ],
        check: |id| {
            let area = id.signs.iter().take_while(|sign| sign.is_ascii_uppercase()).count();
            let unit = &id.signs[id.signs.len() - 2..];
            AREAS.iter().any(|known| known.as_bytes() == &id.signs[..area])
                && unit.iter().all(|sign| !b"CIKMOV".contains(sign))
                && (area > 1 || !matches!(unit, b"GB" | b"TB" | b"ND" | b"RD" | b"TH" | b"ST" | b"PX"))
        },
    }],
    hits: &[("London SW1A 1AA.", "London [UK_POSTCODE]."), ("postcode: M11AE", "postcode: [UK_POSTCODE]")],
    misses: &["XX1 1AA", "W10 2GB", "SW1A 1CC", "M11AE"],
    ..Definition::BLANK
};

pub static SORT_CODE: Definition = Definition {
    entity: Entity::UkSortCode,
    about: "three pairs of digits, named (UK Payments sort code)",
    words: &["sort code", "sortcode", "bank sort code"],
    forms: &[Forms {
        forms: &[Form::near("00-00-00"), Form::near("00 00 00"), Form::labelled("0{6}")],
        check: any,
    }],
    hits: &[
        ("sort code 20-32-06", "sort code [UK_SORT_CODE]"),
        ("{\"sortCode\":\"203206\"}", "{\"sortCode\":\"[UK_SORT_CODE]\"}"),
    ],
    misses: &["20-32-06", "203206"],
    ..Definition::BLANK
};
