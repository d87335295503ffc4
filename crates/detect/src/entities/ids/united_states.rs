//! The United States: tax, bank, health and travel numbers. Social security numbers have a file of their own.

use super::checks::{any, luhn, luhn_sum, mixed};
use crate::Entity;
use crate::definition::Definition;
use crate::shapes::{Form, Forms, Id};

pub static ITIN: Definition = Definition {
    entity: Entity::UsItin,
    about: "9, two digits, group 50-65, 70-88, 90-92 or 94-99, four digits (IRS Publication 1915); together if named",
    words: &[
        "itin",
        "individual taxpayer",
        "taxpayer identification",
        "tax identification",
        "tin",
        "taxpayer id",
        "tax id",
    ],
    forms: &[Forms {
        forms: &[Form::alone("000-00-0000", 0.85), Form::alone("000 00 0000", 0.6), Form::named("0{9}")],
        check: |id| id.digit(0) == 9 && matches!(id.number(3, 5), 50..=65 | 70..=88 | 90..=92 | 94..=99),
    }],
    hits: &[("ITIN 912-90-3456", "ITIN [US_ITIN]"), ("itin=912903456", "itin=[US_ITIN]")],
    misses: &["912-40-3456", "912903456"],
    ..Definition::BLANK
};

pub static EIN: Definition = Definition {
    entity: Entity::UsEin,
    about: "two digits of a campus prefix and seven, named (IRS, How EINs are assigned)",
    words: &[
        "ein",
        "fein",
        "employer identification",
        "employer id",
        "federal tax id",
        "tax id",
        "federal ein",
        "employer identification number",
        "tin",
        "federal tax",
        "tax identification",
    ],
    forms: &[Forms { forms: &[Form::named("00-0{7}"), Form::near("0{9}")], check: |id| ein(id) && any(id) }],
    hits: &[
        ("EIN: 12-3456780", "EIN: [US_EIN]"),
        ("employer identification number (EIN) 911144442", "employer identification number (EIN) [US_EIN]"),
    ],
    misses: &["12-3456780", "EIN 17-1234567"],
    ..Definition::BLANK
};

fn ein(id: &Id<'_>) -> bool {
    matches!(id.number(0, 2), 1..=6 | 10..=16 | 20..=27 | 30..=48 | 50..=68 | 71..=77 | 80..=88 | 90..=95 | 98..=99)
}

pub static ROUTING: Definition = Definition {
    entity: Entity::AbaRoutingNumber,
    about: "nine digits of a Federal Reserve range with a valid check digit (weights 3, 7, 1), named",
    words: &[
        "routing",
        "aba",
        "routing number",
        "rtn",
        "routing transit",
        "ach",
        "aba routing",
        "bank routing",
        "wire",
    ],
    forms: &[Forms {
        forms: &[Form::named("0{9}"), Form::named("0000-0000-0")],
        check: |id| {
            matches!(id.number(0, 2), 0..=12 | 21..=32 | 61..=72 | 80)
                && id.weighed(&[3, 7, 1, 3, 7, 1, 3, 7, 1]).is_multiple_of(10)
                && any(id)
        },
    }],
    hits: &[
        ("ABA routing number 021000021", "ABA routing number [ABA_ROUTING_NUMBER]"),
        ("routing: 011000015", "routing: [ABA_ROUTING_NUMBER]"),
    ],
    misses: &["021000021", "routing 021000022"],
    ..Definition::BLANK
};

pub static BANK_ACCOUNT: Definition = Definition {
    entity: Entity::UsBankNumber,
    about: "six to seventeen digits directly behind words for a bank account's number",
    words: &[
        "account number",
        "account no",
        "acct",
        "acct no",
        "acct number",
        "bank account",
        "account",
        "account num",
        "acc no",
        "a c",
        "checking account",
        "savings account",
        "kontonummer",
        "konto",
        "rekeningnummer",
        "num\u{e9}ro de compte",
        "compte bancaire",
        "n\u{fa}mero de cuenta",
        "cuenta bancaria",
        "cuenta",
        "conto corrente",
        "numero di conto",
        "conta",
        "conta corrente",
        "n\u{fa}mero da conta",
        "numer konta",
        "银行账号",
        "账号",
        "银行账户",
        "口座番号",
        "계좌번호",
        "номер счета",
        "расч\u{435}тный сч\u{435}т",
        "bank account number",
    ],
    forms: &[Forms {
        forms: &[
            Form::labelled("0{6,17}"),
            Form::labelled("0{3,6}-0{4,10}"),
            Form::labelled("0{4} 0{4} 0{2,4}"),
            Form::labelled("0{4} 0{4} 0{4} 0{2,4}"),
        ],
        check: |id| any(id) && !is_date(id),
    }],
    hits: &[
        ("account number: 000123456789", "account number: [US_BANK_NUMBER]"),
        ("Acct #945456787654", "Acct #[US_BANK_NUMBER]"),
        ("\"bank_account\": \"12345670\"", "\"bank_account\": \"[US_BANK_NUMBER]\""),
    ],
    misses: &["945456787654", "your account was charged 1234567 on", "account 12345", "account 20240314"],
    ..Definition::BLANK
};

fn is_date(id: &Id<'_>) -> bool {
    id.signs.len() == 8 && matches!(id.number(0, 4), 1990..=2040) && (1..=12).contains(&id.number(4, 6))
}

pub static PASSPORT: Definition = Definition {
    entity: Entity::UsPassport,
    about: "nine digits, or a letter and eight digits, named (US State Department)",
    words: &[
        "passport",
        "us passport",
        "usa passport",
        "american passport",
        "passport us",
        "passport usa",
        "travel document",
        "passport book",
        "passport card",
    ],
    forms: &[Forms {
        forms: &[Form::near("0{9}"), Form::near("A0{8}"), Form::labelled("a0{8}")],
        check: any,
    }],
    hits: &[
        ("passport no. C03005988", "passport no. [US_PASSPORT]"),
        ("\"passportNumber\": \"340020013\"", "\"passportNumber\": \"[US_PASSPORT]\""),
    ],
    misses: &["340020013", "C03005988", "passport: 2024-01-02"],
    ..Definition::BLANK
};

pub static DRIVER_LICENSE: Definition = Definition {
    entity: Entity::UsDriverLicense,
    about: "five to fourteen letters and digits, most of them digits, behind words for a driver's licence (AAMVA state formats)",
    words: &[
        "driver license",
        "drivers license",
        "driver s license",
        "driver licence",
        "drivers licence",
        "driver s licence",
        "driving license",
        "driving licence",
        "license number",
        "license no",
        "licence number",
        "dl",
        "dln",
        "dl number",
        "dl no",
        "driving permit",
        "state license",
        "driving",
    ],
    forms: &[Forms {
        forms: &[
            Form::near("A0{5,14}"),
            Form::near("AA0{4,8}"),
            Form::near("0{2,3}AA0{4,5}"),
            Form::labelled("X{5,14}"),
            Form::labelled("a0{5,14}"),
            Form::labelled("A000-0000-0000"),
            Form::labelled("A000-000-00-000-0"),
            Form::labelled("A0{3}-0{4}-0{4}-0{2}"),
            Form::labelled("0{2,3}-0{2,3}-0{3,4}"),
            Form::labelled("A00-00-0000"),
            Form::labelled("A000 0000 0000"),
            Form::labelled("A-000-000-000-000"),
        ],
        check: mixed,
    }],
    hits: &[
        ("driver's license D1234560", "driver's license [US_DRIVER_LICENSE]"),
        ("DL: S530-4601-9050", "DL: [US_DRIVER_LICENSE]"),
        ("{\"driversLicense\":\"94831276\"}", "{\"driversLicense\":\"[US_DRIVER_LICENSE]\"}"),
    ],
    misses: &["D1234560", "driving for 1200 miles", "license: MIT, 2024"],
    ..Definition::BLANK
};

pub static NPI: Definition = Definition {
    entity: Entity::UsNpi,
    about: "ten digits from 1 or 2 with a Luhn digit over 80840 and them, named (45 CFR 162.406)",
    words: &["npi", "national provider", "provider identifier", "provider npi", "provider id"],
    forms: &[Forms {
        forms: &[Form::named("0{10}")],
        check: |id| {
            matches!(id.digit(0), 1 | 2) && any(id) && (luhn_sum(id.digits().rev()) + 24).is_multiple_of(10)
        },
    }],
    hits: &[("NPI 1234567893", "NPI [US_NPI]"), ("provider_npi,1245319599", "provider_npi,[US_NPI]")],
    misses: &["1234567893", "NPI 1234567894"],
    ..Definition::BLANK
};

pub static MBI: Definition = Definition {
    entity: Entity::UsMbi,
    about: "eleven signs, each of its class, without S, L, O, I, B, Z (CMS, Understanding the MBI)",
    words: &[
        "mbi",
        "medicare",
        "medicare beneficiary",
        "beneficiary identifier",
        "medicare number",
        "medicare id",
    ],
    forms: &[Forms {
        forms: &[
            Form::alone("0AX0-AX0-AA00", 0.95),
            Form::alone("0AX0AX0AA00", 0.7),
            Form::alone("0AX0 AX0 AA00", 0.95),
            Form::named("0ax0ax0aa00"),
            Form::named("0ax0-ax0-aa00"),
        ],
        check: |id| id.digit(0) > 0 && id.signs.iter().all(|sign| !b"SLOIBZ".contains(sign)),
    }],
    hits: &[("Medicare 1EG4-TE5-MK73", "Medicare [US_MBI]"), ("mbi=1EG4TE5MK72;", "mbi=[US_MBI];")],
    misses: &["1SG4-TE5-MK73", "0EG4TE5MK73"],
    ..Definition::BLANK
};

pub static DEA: Definition = Definition {
    entity: Entity::MedicalLicense,
    about: "DEA registration: registrant type, a letter or 9, six digits and a check digit (21 CFR 1301; sum of 1, 3, 5 and twice 2, 4, 6)",
    words: &["dea", "dea number", "dea registration", "medical license", "medical licence", "prescriber"],
    forms: &[Forms {
        forms: &[Form::alone("AX0{7}", 0.5), Form::named("aa0{7}")],
        check: |id| {
            let [.., _, _, _, _, _, _, _] = id.signs else { return false };
            let sum = id.digit(2) + id.digit(4) + id.digit(6) + 2 * (id.digit(3) + id.digit(5) + id.digit(7));
            b"ABCDEFGHJKLMPRSTUX".contains(&id.signs[0])
                && (id.signs[1].is_ascii_uppercase() || id.signs[1] == b'9')
                && sum % 10 == id.digit(8)
                && sum > 0
        },
    }],
    hits: &[
        ("DEA AB1234563", "DEA [MEDICAL_LICENSE]"),
        ("prescriber DEA# FA1234563", "prescriber DEA# [MEDICAL_LICENSE]"),
    ],
    misses: &["AB1234564", "DEA QB1234563"],
    ..Definition::BLANK
};

pub static VIN: Definition = Definition {
    entity: Entity::Vin,
    about: "seventeen signs without I, O, Q; a valid ninth sign (ISO 3779, 49 CFR 565), or named",
    words: &[
        "vin",
        "vehicle identification",
        "chassis",
        "vin number",
        "fahrgestellnummer",
        "fin",
        "chassis number",
        "num\u{e9}ro de s\u{e9}rie",
        "bastidor",
        "telaio",
        "chassi",
        "车架号",
    ],
    forms: &[
        Forms {
            forms: &[Form::alone("X{17}", 0.7), Form::named("x{17}")],
            check: |id| vin_signs(id) && vin(id),
        },
        Forms { forms: &[Form::near("X{17}")], check: vin_signs },
    ],
    hits: &[
        ("VIN 1HGCM82633A004352", "VIN [VIN]"),
        ("sold 1M8GDM9AXKP042788 today", "sold [VIN] today"),
        ("Fahrgestellnummer: WVWZZZ1JZ3W386752", "Fahrgestellnummer: [VIN]"),
    ],
    misses: &["1HGCM82633A004353", "ABCDEFGHJKLMNPRST", "12345678901234567"],
    ..Definition::BLANK
};

fn vin_signs(id: &Id<'_>) -> bool {
    let digits = id.signs.iter().filter(|sign| sign.is_ascii_digit()).count();
    let tail = id.signs[13..].iter().all(u8::is_ascii_digit);
    id.signs.iter().all(|sign| !b"IOQ".contains(sign)) && (4..16).contains(&digits) && tail
}

fn vin(id: &Id<'_>) -> bool {
    let sum: u32 = id
        .signs
        .iter()
        .zip([8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2])
        .map(|(sign, weight)| {
            let value = match sign {
                b'A'..=b'H' => sign - b'A' + 1,
                b'J'..=b'R' => sign - b'J' + 1,
                b'S'..=b'Z' => sign - b'S' + 2,
                _ => sign - b'0',
            };
            u32::from(value) * weight
        })
        .sum();
    b"0123456789X"[(sum % 11) as usize] == id.signs[8]
}

pub static CA_SIN: Definition = Definition {
    entity: Entity::CaSin,
    about: "Canada: nine digits, not from 0 or 8, with a Luhn digit (Service Canada); together if named",
    words: &[
        "sin",
        "social insurance",
        "social insurance number",
        "num\u{e9}ro d assurance sociale",
        "assurance sociale",
        "nas",
    ],
    forms: &[
        Forms {
            forms: &[Form::alone("000-000-000", 0.5), Form::named("0{9}")],
            check: |id| !matches!(id.digit(0), 0 | 8) && luhn(id, 0) && any(id),
        },
        Forms {
            forms: &[Form::named("000 000 000"), Form::named("000-000-000")],
            check: |id| luhn(id, 0) && any(id),
        },
    ],
    hits: &[
        ("SIN 130 692 544", "SIN [CA_SIN]"),
        ("social insurance number: 130692544", "social insurance number: [CA_SIN]"),
        ("son NAS est 046-454-286", "son NAS est [CA_SIN]"),
    ],
    misses: &["130692544", "SIN 130 692 545", "sin(130692545)"],
    ..Definition::BLANK
};
