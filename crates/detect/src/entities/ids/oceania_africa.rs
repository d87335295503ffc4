//! Australia, New Zealand, South Africa, Nigeria and Kenya.

use super::checks::{any, luhn, mixed, yymmdd};
use crate::Entity;
use crate::definition::Definition;
use crate::shapes::{Form, Forms};

pub static ABN: Definition = Definition {
    entity: Entity::AuAbn,
    about: "eleven digits, divisible by 89 (ABR)",
    words: &["abn", "australian business number", "business number"],
    forms: &[Forms {
        forms: &[Form::alone("00 000 000 000", 0.7), Form::named("0{11}"), Form::named("00-000-000-000")],
        check: |id| {
            id.digit(0) > 0
                && (id.weighed(&[10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]) - 10).is_multiple_of(89)
                && id.number(8, 11) > 0
                && any(id)
        },
    }],
    hits: &[("ABN 51 824 753 556", "ABN [AU_ABN]"), ("abn: 51824753556", "abn: [AU_ABN]")],
    misses: &["51 824 753 557", "order 51824753556"],
    ..Definition::BLANK
};

pub static ACN: Definition = Definition {
    entity: Entity::AuAcn,
    about: "nine digits, the last a check digit modulo 10 (ASIC), named",
    words: &["acn", "australian company number", "company number"],
    forms: &[Forms {
        forms: &[Form::named("000 000 000"), Form::named("0{9}"), Form::named("000-000-000")],
        check: |id| (10 - id.weighed(&[8, 7, 6, 5, 4, 3, 2, 1]) % 10) % 10 == id.digit(8) && any(id),
    }],
    hits: &[("ACN 004 085 616", "ACN [AU_ACN]")],
    misses: &["004085616", "ACN 004 085 617"],
    ..Definition::BLANK
};

pub static TFN: Definition = Definition {
    entity: Entity::AuTfn,
    about: "eight or nine digits, divisible by 11 when weighed (ATO), named",
    words: &["tfn", "tax file", "tax file number"],
    forms: &[Forms {
        forms: &[
            Form::named("000 000 000"),
            Form::named("0{8,9}"),
            Form::named("000-000-000"),
            Form::named("00 000 000"),
        ],
        check: |id| {
            let weights: &[u32] =
                if id.signs.len() == 9 { &[1, 4, 3, 7, 5, 8, 6, 9, 10] } else { &[10, 7, 8, 4, 6, 3, 5, 1] };
            id.weighed(weights).is_multiple_of(11) && id.number(0, id.signs.len()) > 0
        },
    }],
    hits: &[("TFN 123 456 782", "TFN [AU_TFN]"), ("tax file number: 876543210", "tax file number: [AU_TFN]")],
    misses: &["123456782", "TFN 123 456 783"],
    ..Definition::BLANK
};

pub static MEDICARE: Definition = Definition {
    entity: Entity::AuMedicare,
    about: "from 2 to 6, eight digits, a check digit, issue and perhaps a reference number (Services Australia), named",
    words: &["medicare", "medicare card", "medicare no", "medicare number"],
    forms: &[Forms {
        forms: &[
            Form::named("0000 00000 0"),
            Form::named("0{10}"),
            Form::named("0{11}"),
            Form::named("0000 00000 0/0"),
            Form::named("0000-00000-0"),
            Form::named("0000 00000 0 0"),
            Form::named("0000-00000-0-0"),
            Form::named("0{10}/0"),
        ],
        check: |id| {
            (2..=6).contains(&id.digit(0)) && id.weighed(&[1, 3, 7, 9, 1, 3, 7, 9]) % 10 == id.digit(8)
        },
    }],
    hits: &[
        ("Medicare 2123 45670 1", "Medicare [AU_MEDICARE]"),
        ("medicare number 2123456701", "medicare number [AU_MEDICARE]"),
    ],
    misses: &["2123456701", "Medicare 2123 45671 1"],
    ..Definition::BLANK
};

pub static BSB: Definition = Definition {
    entity: Entity::AuBsb,
    about: "three and three digits, named (AusPayNet)",
    words: &["bsb", "bsb number"],
    forms: &[Forms {
        forms: &[Form::named("000-000"), Form::named("0{6}"), Form::named("000 000")],
        check: any,
    }],
    hits: &[("BSB 062-001", "BSB [AU_BSB]")],
    misses: &["062-001"],
    ..Definition::BLANK
};

pub static AU_PASSPORT: Definition = Definition {
    entity: Entity::AuPassport,
    about: "one or two letters and seven digits, named",
    words: &["australian passport", "passport"],
    forms: &[Forms { forms: &[Form::near("A{1,2}0{7}")], check: any }],
    hits: &[("Australian passport PA1234568", "Australian passport [AU_PASSPORT]")],
    misses: &["PA1234568"],
    ..Definition::BLANK
};

pub static NZ_IRD: Definition = Definition {
    entity: Entity::NzIrd,
    about: "eight or nine digits with a check digit modulo 11 (Inland Revenue), named",
    words: &["ird", "ird number", "inland revenue"],
    forms: &[Forms {
        forms: &[Form::named("0{2,3}-000-000"), Form::named("0{8,9}"), Form::named("0{2,3} 000 000")],
        check: |id| {
            let from = 9 - id.signs.len();
            let last = id.signs.len() - 1;
            let check = |weights: [u32; 8]| {
                super::checks::mod_11(
                    id.digits().take(last).zip(&weights[from..]).map(|(digit, weight)| digit * weight).sum(),
                )
            };
            check([3, 2, 7, 6, 5, 4, 3, 2]).or_else(|| check([7, 4, 3, 2, 5, 2, 7, 6]))
                == Some(id.digit(last))
        },
    }],
    hits: &[("IRD number 49-091-850", "IRD number [NZ_IRD]"), ("IRD 136410132", "IRD [NZ_IRD]")],
    misses: &["49091850", "IRD 136410133"],
    ..Definition::BLANK
};

pub static NZ_NHI: Definition = Definition {
    entity: Entity::NzNhi,
    about: "three letters without I and O and four digits with a check digit modulo 11 (HISO 10046), named",
    words: &["nhi", "nhi number", "national health index"],
    forms: &[Forms {
        forms: &[Form::named("AAA0000"), Form::named("AAA00AX")],
        check: |id| !id.signs[..3].iter().any(|sign| b"IO".contains(sign)),
    }],
    hits: &[("NHI ZZZ0016", "NHI [NZ_NHI]")],
    misses: &["ZZZ0016"],
    ..Definition::BLANK
};

pub static ZA_ID: Definition = Definition {
    entity: Entity::ZaId,
    about: "date of birth, sex, citizenship and a Luhn digit (Identification Act 1997)",
    words: &["south african id", "sa id", "rsa id", "id number", "identity number", "za id", "id no"],
    forms: &[Forms {
        forms: &[
            Form::alone("0{13}", 0.5),
            Form::alone("0{6} 0{4} 0{3}", 0.7),
            Form::named("0{6} 0{4} 0 0 0"),
        ],
        check: |id| yymmdd(id, 0) && id.digit(10) < 2 && luhn(id, 0) && id.digit(11) > 7,
    }],
    hits: &[("ID number 8001015009087", "ID number [ZA_ID]"), ("750330 5044 089", "[ZA_ID]")],
    misses: &["8001015009088", "8013015009087"],
    ..Definition::BLANK
};

pub static NG_NIN: Definition = Definition {
    entity: Entity::NgNin,
    about: "eleven digits of the NIN or BVN, named (NIMC, CBN)",
    words: &[
        "nin",
        "bvn",
        "national identification number",
        "bank verification",
        "nimc",
        "bank verification number",
    ],
    forms: &[Forms {
        forms: &[Form::named("0{11}"), Form::named("0000 000 0000"), Form::named("0000-000-0000")],
        check: any,
    }],
    hits: &[("NIN 12345678902", "NIN [NG_NIN]"), ("BVN: 22123456789", "BVN: [NG_NIN]")],
    misses: &["22123456780"],
    ..Definition::BLANK
};

pub static NG_VEHICLE: Definition = Definition {
    entity: Entity::NgVehicleRegistration,
    about: "three letters, three digits, two letters, named (FRSC)",
    words: &["plate", "plate number", "vehicle", "registration", "license plate", "number plate"],
    forms: &[Forms {
        forms: &[
            Form::near("AAA-000AA"),
            Form::near("AAA 000 AA"),
            Form::near("AAA000AA"),
            Form::near("AAA-000-AA"),
        ],
        check: any,
    }],
    hits: &[("plate number KJA-123AA", "plate number [NG_VEHICLE_REGISTRATION]")],
    misses: &["KJA-123AA"],
    ..Definition::BLANK
};

pub static PLATE: Definition = Definition {
    entity: Entity::LicensePlate,
    about: "four to eight letters and digits with at least one of each, directly behind words for a number plate",
    words: &[
        "license plate",
        "licence plate",
        "number plate",
        "plate",
        "plate number",
        "plate no",
        "tag number",
        "plates",
        "rego",
        "kenteken",
        "targa",
        "placa",
        "matr\u{ed}cula",
        "plaque",
        "registreringsnummer",
        "nummerplade",
        "rejestracyjny",
        "tablica rejestracyjna",
        "rendsz\u{e1}m",
        "spz",
        "车牌",
        "车牌号",
        "ナンバープレート",
        "번호판",
        "госномер",
        "номерной знак",
        "license number",
        "vehicle registration",
    ],
    forms: &[Forms {
        forms: &[
            Form::labelled("X{4,8}"),
            Form::labelled("A{1,3}-0{2,4}"),
            Form::labelled("A{1,3} 0{2,4}"),
            Form::labelled("0{1,3}-A{2,3}"),
            Form::labelled("0{1,3} A{2,3}"),
            Form::labelled("X{2,4}-X{2,4}"),
            Form::labelled("X{1,4} X{2,6}"),
            Form::labelled("X{1,2}-X{2,3}-X{1,3}"),
            Form::labelled("A{2,3}-0{3,4}-A{1,2}"),
            Form::labelled("0A{3}000"),
            Form::labelled("0 A{3} 000"),
            Form::labelled("A{2} 0{2} A{3}"),
            Form::labelled("A{3} 0{3,4}"),
            Form::labelled("A{1,2} 0{3,4} A{2,3}"),
            Form::labelled("A{2} 0{3} A{2}"),
        ],
        check: |id| id.signs.iter().any(u8::is_ascii_digit) && id.signs.iter().any(u8::is_ascii_uppercase),
    }],
    hits: &[
        ("license plate 7ABC123", "license plate [LICENSE_PLATE]"),
        ("kenteken GB-123-X", "kenteken [LICENSE_PLATE]"),
        ("车牌号: 京A12345", "车牌号: 京[LICENSE_PLATE]"),
    ],
    misses: &["7ABC123", "plate 12345"],
    ..Definition::BLANK
};

pub static MEDICAL_RECORD: Definition = Definition {
    entity: Entity::MedicalRecordNumber,
    about: "five to twelve digits, with or without letters before, directly behind words for a patient's record",
    words: &[
        "mrn",
        "medical record",
        "medical record number",
        "medical record no",
        "patient id",
        "patient number",
        "patient no",
        "chart number",
        "health record",
        "hospital number",
        "medical number",
        "hospital no",
        "case file",
        "emr",
        "patientennummer",
        "num\u{e9}ro de dossier",
        "historia cl\u{ed}nica",
        "prontu\u{e1}rio",
        "cartella clinica",
        "patientnummer",
        "病历号",
        "住院号",
        "カルテ番号",
    ],
    forms: &[Forms {
        forms: &[
            Form::labelled("0{5,12}"),
            Form::labelled("A{1,4}0{4,12}"),
            Form::labelled("A{1,4}-0{4,12}"),
            Form::labelled("0{2,4}-0{2,4}-0{2,4}"),
            Form::labelled("a{2,4}-0{4,10}"),
            Form::labelled("A{1,3}-0{2,4}-0{4,6}"),
            Form::labelled("0{3,6}-0{2,6}"),
            Form::labelled("A{2,4}0{3}-0{3,6}"),
        ],
        check: mixed,
    }],
    hits: &[
        ("MRN: 00482913", "MRN: [MEDICAL_RECORD_NUMBER]"),
        ("patient id MR-482913", "patient id [MEDICAL_RECORD_NUMBER]"),
    ],
    misses: &["00482913", "patient waited 12345 s"],
    ..Definition::BLANK
};

pub static MEMBER: Definition = Definition {
    entity: Entity::MemberId,
    about: "five to fourteen letters and digits directly behind words for a member, policy, employee or student number",
    words: &[
        "member id",
        "member number",
        "member no",
        "policy number",
        "policy no",
        "policy id",
        "insurance number",
        "insurance id",
        "subscriber id",
        "membership number",
        "membership id",
        "health plan",
        "group number",
        "beneficiary number",
        "claim number",
        "insurance policy",
        "health insurance number",
        "health card",
        "health card number",
        "employee id",
        "employee number",
        "employee no",
        "emp id",
        "staff id",
        "staff number",
        "student id",
        "student number",
        "student no",
        "matriculation number",
        "personnel number",
        "badge number",
        "customer id",
        "customer number",
        "versicherungsnummer",
        "mitgliedsnummer",
        "personalnummer",
        "matrikelnummer",
        "kundennummer",
        "num\u{e9}ro d adh\u{e9}rent",
        "num\u{e9}ro de police",
        "n\u{fa}mero de p\u{f3}liza",
        "p\u{f3}liza",
        "matricola",
        "numero di polizza",
        "polizza",
        "ap\u{f3}lice",
        "matr\u{ed}cula",
        "num\u{e9}ro d \u{e9}tudiant",
        "legajo",
        "学号",
        "工号",
        "社員番号",
        "学籍番号",
        "사번",
        "학번",
        "employeeid",
        "studentid",
        "memberid",
        "policynumber",
    ],
    forms: &[Forms {
        forms: &[
            Form::labelled("0{5,14}"),
            Form::labelled("A{1,5}0{4,12}"),
            Form::labelled("A{1,5}-0{4,12}"),
            Form::labelled("a{2,4}-0{3,10}"),
            Form::labelled("A{2,4}-0{2,4}-0{3,8}"),
            Form::labelled("0{3,6}-0{3,6}-0{2,6}"),
            Form::labelled("A{1,3}0{2,6}A{1,3}0{0,6}"),
            Form::labelled("X{8,12}"),
            Form::labelled("A{2,4}-X{4,10}"),
            Form::labelled("A{1,3} 0{6,10}"),
        ],
        check: mixed,
    }],
    hits: &[
        ("Member ID: XYZ123456789", "Member ID: [MEMBER_ID]"),
        ("\"employeeId\": \"E-104422\"", "\"employeeId\": \"[MEMBER_ID]\""),
        ("policy number POL-8812345", "policy number [MEMBER_ID]"),
    ],
    misses: &["XYZ123456789", "policy of 2021", "member 12 of 400"],
    ..Definition::BLANK
};
