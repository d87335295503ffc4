//! India: tax, residence, vehicle and bank identifiers.

use super::checks::{any, value, verhoeff};
use crate::Entity;
use crate::definition::Definition;
use crate::shapes::{Form, Forms};

pub static PAN: Definition = Definition {
    entity: Entity::InPan,
    about: "five letters, the fourth a holder's class, four digits, a letter (Income Tax Rule 114)",
    words: &["pan", "pan card", "permanent account", "permanent account number", "पैन"],
    forms: &[Forms {
        forms: &[Form::alone("A{5}0{4}A", 0.75), Form::named("a{5}0{4}a")],
        check: |id| b"ABCFGHJLPT".contains(&id.signs[3]),
    }],
    hits: &[("PAN ABCPE1234F", "PAN [IN_PAN]"), ("pan: abcpe1234f", "pan: [IN_PAN]")],
    misses: &["ABCDE1234F", "XABCPE1234F"],
    ..Definition::BLANK
};

pub static AADHAAR: Definition = Definition {
    entity: Entity::InAadhaar,
    about: "twelve digits from 2 to 9 with a Verhoeff digit (UIDAI); together if named",
    words: &["aadhaar", "aadhar", "uidai", "adhaar", "aadhaar card", "आधार", "uid"],
    forms: &[
        Forms {
            forms: &[
                Form::alone("0000 0000 0000", 0.7),
                Form::alone("0000-0000-0000", 0.6),
                Form::named("0{12}"),
            ],
            check: |id| id.digit(0) > 1 && verhoeff(id) && any(id),
        },
        Forms {
            forms: &[Form::labelled("0000 0000 0000"), Form::labelled("0{12}")],
            check: |id| id.digit(0) > 1 && any(id),
        },
    ],
    hits: &[("Aadhaar 2341 2341 2346", "Aadhaar [IN_AADHAAR]"), ("आधार: 234123412346", "आधार: [IN_AADHAAR]")],
    misses: &["234123412346", "2341 2341 2347", "Aadhaar 134123412346"],
    ..Definition::BLANK
};

pub static VOTER: Definition = Definition {
    entity: Entity::InVoter,
    about: "three letters and seven digits (EPIC, Election Commission of India), named",
    words: &["voter", "voter id", "epic", "election card", "electoral", "voter card"],
    forms: &[Forms { forms: &[Form::named("AAA0{7}"), Form::named("aaa0{7}")], check: any }],
    hits: &[("voter id ABX1234568", "voter id [IN_VOTER]")],
    misses: &["ABX1234568"],
    ..Definition::BLANK
};

pub static IN_PASSPORT: Definition = Definition {
    entity: Entity::InPassport,
    about: "a letter and seven digits, the first not 0, named (Passport Seva)",
    words: &["passport", "indian passport", "पासपोर्ट"],
    forms: &[Forms {
        forms: &[Form::near("A0{7}"), Form::near("A0 0{5}0"), Form::labelled("a0{7}")],
        check: |id| any(id) && id.digit(1) > 0,
    }],
    hits: &[("passport number P1234576", "passport number [IN_PASSPORT]")],
    misses: &["P1234576"],
    ..Definition::BLANK
};

pub static GSTIN: Definition = Definition {
    entity: Entity::InGstin,
    about: "state, PAN, entity, Z and a check sign modulo 36 (GSTN)",
    words: &["gstin", "gst", "gst number", "gst no"],
    forms: &[Forms {
        forms: &[Form::alone("00A{5}0{4}AXAX", 0.95), Form::named("00a{5}0{4}axax")],
        check: |id| {
            let sum: u32 = id.signs[..14]
                .iter()
                .enumerate()
                .map(|(at, sign)| {
                    let product = value(*sign) * (1 + at as u32 % 2);
                    product / 36 + product % 36
                })
                .sum();
            (1..=38).contains(&id.number(0, 2)) && (36 - sum % 36) % 36 == value(id.signs[14])
        },
    }],
    hits: &[("GSTIN 27AAPFU0939F1ZV", "GSTIN [IN_GSTIN]")],
    misses: &["27AAPFU0939F1ZA"],
    ..Definition::BLANK
};

pub static IN_VEHICLE: Definition = Definition {
    entity: Entity::InVehicleRegistration,
    about: "a state, district, series and four digits (Central Motor Vehicles Rules 50); together if named",
    words: &[
        "vehicle",
        "vehicle number",
        "registration",
        "car number",
        "rc",
        "number plate",
        "vehicle registration",
        "license plate",
        "plate",
        "vehicle no",
    ],
    forms: &[Forms {
        forms: &[
            Form::alone("AA00 AA 0000", 0.7),
            Form::alone("AA 00 AA 0000", 0.7),
            Form::alone("AA-00-AA-0000", 0.8),
            Form::near("AA0{1,2}A{1,3}0{4}"),
            Form::near("AA00AA 0000"),
            Form::near("AA-00-A-0000"),
            Form::near("AA 00 A 0000"),
            Form::near("00 AA 0000 A"),
        ],
        check: |id| {
            const STATES: &[u8] =
                b"ANAPARASBRCGCHDDDLDNGAGJHPHRJHJKKAKLLALDMHMLMNMPMZNLODORPBPYRJSKTNTRTSUKUPWBBH";
            STATES.chunks(2).any(|state| state == &id.signs[..2] || state == &id.signs[2..4])
        },
    }],
    hits: &[
        ("MH 12 AB 1234", "[IN_VEHICLE_REGISTRATION]"),
        ("vehicle number KA01AB1234", "vehicle number [IN_VEHICLE_REGISTRATION]"),
    ],
    misses: &["XX 12 AB 1234", "KA01AB1234"],
    ..Definition::BLANK
};

pub static IFSC: Definition = Definition {
    entity: Entity::InIfsc,
    about: "four letters, 0 and six signs, named (RBI)",
    words: &["ifsc", "ifsc code"],
    forms: &[Forms {
        forms: &[Form::named("A{4}0X{6}"), Form::named("a{4}0x{6}")],
        check: |id| id.signs[4] == b'0',
    }],
    hits: &[("IFSC SBIN0001234", "IFSC [IN_IFSC]")],
    misses: &["SBIN0001234"],
    ..Definition::BLANK
};
