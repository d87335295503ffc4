//! France, Belgium, Luxembourg and the Netherlands.

use super::checks::{any, luhn, mod_11, yymmdd};
use crate::Entity;
use crate::definition::Definition;
use crate::shapes::{Form, Forms, Id};

pub static NIR: Definition = Definition {
    entity: Entity::FrNir,
    about: "sex, year and month of birth, place, serial, key 97 less the rest modulo 97 (INSEE, NIR)",
    words: &[
        "nir",
        "s\u{e9}curit\u{e9} sociale",
        "num\u{e9}ro de s\u{e9}curit\u{e9} sociale",
        "num\u{e9}ro de s\u{e9}cu",
        "s\u{e9}cu",
        "insee",
        "num\u{e9}ro insee",
        "num\u{e9}ro s\u{e9}curit\u{e9} sociale",
        "assur\u{e9} social",
        "carte vitale",
        "n ss",
        "social security",
        "immatriculation",
    ],
    forms: &[
        Forms {
            forms: &[
                Form::alone("0 00 00 00 000 000 00", 0.95),
                Form::alone("0{15}", 0.7),
                Form::alone("0{13} 00", 0.8),
                Form::alone("0 00 00 0X 000 000 00", 0.9),
                Form::alone("0{6}X0{8}", 0.7),
                Form::named("0.00.00.0X.000.000.00"),
                Form::named("0-00-00-0X-000-000-00"),
                Form::named("0 00 00 0X 000 000 / 00"),
            ],
            check: nir,
        },
        Forms {
            forms: &[Form::named("0{13}"), Form::named("0 00 00 0X 000 000")],
            check: |id| matches!(id.digit(0), 1 | 2) && month(id) && any(id),
        },
    ],
    hits: &[
        (
            "Num\u{e9}ro de s\u{e9}curit\u{e9} sociale : 2 95 10 99 126 111 93",
            "Num\u{e9}ro de s\u{e9}curit\u{e9} sociale : [FR_NIR]",
        ),
        ("295109912611193", "[FR_NIR]"),
    ],
    misses: &["295109912611194", "395109912611193"],
    ..Definition::BLANK
};

fn month(id: &Id<'_>) -> bool {
    matches!(id.number(3, 5), 1..=12 | 20..=42 | 50..=99)
}

fn nir(id: &Id<'_>) -> bool {
    if !matches!(id.digit(0), 1 | 2 | 7 | 8) || !month(id) {
        return false;
    }
    let corsica = match id.signs[6] {
        b'A' => 1_000_000,
        b'B' => 2_000_000,
        b'0'..=b'9' => 0,
        _ => return false,
    };
    let body = id.signs[..13]
        .iter()
        .fold(0_u64, |sum, sign| sum * 10 + u64::from(if sign.is_ascii_digit() { sign - b'0' } else { 0 }));
    let body = if corsica > 0 { body - corsica } else { body };
    97 - body % 97 == id.number(13, 15)
}

pub static NIF: Definition = Definition {
    entity: Entity::FrNif,
    about: "thirteen digits from 0 to 3, the last three the rest modulo 511 (DGFiP SPI), named",
    words: &[
        "nif",
        "num\u{e9}ro fiscal",
        "spi",
        "num\u{e9}ro spi",
        "identifiant fiscal",
        "tax id",
        "fiscal",
        "tin",
    ],
    forms: &[Forms {
        forms: &[Form::named("0{13}"), Form::named("00 00 000 000 000")],
        check: |id| id.digit(0) < 4 && id.number(0, 10) % 511 == id.number(10, 13) && any(id),
    }],
    hits: &[("num\u{e9}ro fiscal 3023217600053", "num\u{e9}ro fiscal [FR_NIF]")],
    misses: &["3023217600053", "num\u{e9}ro fiscal 3023217600054"],
    ..Definition::BLANK
};

pub static SIRET: Definition = Definition {
    entity: Entity::FrSiret,
    about: "SIREN of nine or SIRET of fourteen digits, Luhn (INSEE), named",
    words: &["siret", "siren", "num\u{e9}ro siret", "num\u{e9}ro siren", "rcs"],
    forms: &[Forms {
        forms: &[
            Form::named("0{9}"),
            Form::named("0{14}"),
            Form::named("000 000 000"),
            Form::named("000 000 000 00000"),
        ],
        check: |id| luhn(id, 0) && any(id),
    }],
    hits: &[("SIREN 552 008 443", "SIREN [FR_SIRET]"), ("siret: 73282932000074", "siret: [FR_SIRET]")],
    misses: &["552 008 443", "SIREN 552 008 444"],
    ..Definition::BLANK
};

pub static ID_CARD: Definition = Definition {
    entity: Entity::FrIdCard,
    about: "twelve digits, or nine letters and digits since 2021, named (ANTS)",
    words: &[
        "cni",
        "carte d identit\u{e9}",
        "carte nationale",
        "carte nationale d identit\u{e9}",
        "carte identit\u{e9}",
        "pi\u{e8}ce d identit\u{e9}",
        "french id",
    ],
    forms: &[Forms {
        forms: &[Form::near("0{12}"), Form::near("X{9}"), Form::near("0{4}A0{7}")],
        check: |id| any(id) && id.signs.iter().filter(|sign| sign.is_ascii_digit()).count() > 2,
    }],
    hits: &[
        ("carte d'identit\u{e9} n\u{b0} 880692310285", "carte d'identit\u{e9} n\u{b0} [FR_ID_CARD]"),
        ("CNI : D2H6862M2", "CNI : [FR_ID_CARD]"),
    ],
    misses: &["880692310285"],
    ..Definition::BLANK
};

pub static PASSPORT: Definition = Definition {
    entity: Entity::FrPassport,
    about: "two digits, two letters and five digits (ANTS); named",
    words: &["passeport", "passport", "num\u{e9}ro de passeport", "french passport"],
    forms: &[Forms { forms: &[Form::near("00AA0{5}"), Form::near("00AA 00000")], check: any }],
    hits: &[("passeport 05CK02237", "passeport [FR_PASSPORT]")],
    misses: &["05CK02237"],
    ..Definition::BLANK
};

pub static PLATE: Definition = Definition {
    entity: Entity::FrPlate,
    about: "two letters, three digits, two letters without I, O, U (SIV); older ones if named",
    words: &[
        "immatriculation",
        "plaque",
        "plaque d immatriculation",
        "immatricul\u{e9}",
        "immatricul\u{e9}e",
        "plate",
        "license plate",
        "licence plate",
        "v\u{e9}hicule",
        "targa",
        "targa auto",
        "matr\u{ed}cula",
        "matricula",
    ],
    forms: &[Forms {
        forms: &[
            Form::alone("AA-000-AA", 0.6),
            Form::near("AA 000 AA"),
            Form::near("AA000AA"),
            Form::near("0{1,4} A{2,3} 00"),
        ],
        check: |id| id.signs.iter().all(|sign| !b"IOU".contains(sign)),
    }],
    hits: &[
        ("v\u{e9}hicule AB-123-CD", "v\u{e9}hicule [FR_PLATE]"),
        ("plaque : AB 123 CD", "plaque : [FR_PLATE]"),
    ],
    misses: &["AI-123-CD", "AB123CD"],
    ..Definition::BLANK
};

pub static BE_NRN: Definition = Definition {
    entity: Entity::BeNrn,
    about: "Belgium: date of birth, serial and 97 less the rest modulo 97 (Rijksregister, KB 3 April 1984)",
    words: &[
        "rijksregister",
        "rijksregisternummer",
        "registre national",
        "niss",
        "insz",
        "nrn",
        "national register",
        "num\u{e9}ro national",
        "num\u{e9}ro de registre national",
        "national number",
        "inss",
        "rrn",
    ],
    forms: &[Forms {
        forms: &[
            Form::alone("00.00.00-000.00", 0.95),
            Form::alone("0{11}", 0.5),
            Form::alone("000000-000-00", 0.8),
            Form::alone("00.00.00-000-00", 0.95),
            Form::alone("00.00.00 000 00", 0.9),
            Form::alone("00.00.00-000 00", 0.9),
            Form::alone("000000-000.00", 0.8),
            Form::alone("000000 000 00", 0.6),
        ],
        check: |id| {
            let (body, check) = (id.number(0, 9), id.number(9, 11));
            let day =
                (0..=31).contains(&id.number(4, 6)) && matches!(id.number(2, 4), 0..=12 | 20..=32 | 40..=52);
            let real = yymmdd(id, 0) || matches!(id.number(2, 4), 20..=32 | 40..=52);
            day && real && any(id) && (97 - body % 97 == check || 97 - (2_000_000_000 + body) % 97 == check)
        },
    }],
    hits: &[
        ("rijksregisternummer 85.07.30-033.28", "rijksregisternummer [BE_NRN]"),
        ("NISS 85073003328", "NISS [BE_NRN]"),
    ],
    misses: &["85.07.30-033.29", "85073003329"],
    ..Definition::BLANK
};

pub static BE_VAT: Definition = Definition {
    entity: Entity::BeEnterprise,
    about: "Belgium: ten digits from 0 or 1, 97 less the rest modulo 97 (KBO/BCE), named",
    words: &[
        "kbo",
        "bce",
        "ondernemingsnummer",
        "num\u{e9}ro d entreprise",
        "enterprise number",
        "btw",
        "tva",
    ],
    forms: &[Forms {
        forms: &[Form::alone("0000.000.000", 0.6), Form::named("0{10}")],
        check: |id| id.digit(0) < 2 && 97 - id.number(0, 8) % 97 == id.number(8, 10) && any(id),
    }],
    hits: &[("ondernemingsnummer 0428.759.497", "ondernemingsnummer [BE_ENTERPRISE]")],
    misses: &["0428.759.498"],
    ..Definition::BLANK
};

pub static NL_BSN: Definition = Definition {
    entity: Entity::NlBsn,
    about: "the Netherlands: eight or nine digits, weights 9 to 2 and -1 modulo 11 (Wabb), named",
    words: &[
        "bsn",
        "burgerservicenummer",
        "sofinummer",
        "sofi nummer",
        "burger service nummer",
        "citizen service number",
        "persoonsnummer",
        "bsn nummer",
    ],
    forms: &[Forms {
        forms: &[
            Form::named("0{8,9}"),
            Form::named("0{4}.00.000"),
            Form::named("000.000.000"),
            Form::named("000 000 000"),
            Form::named("0000 00 000"),
            Form::named("000-000-000"),
        ],
        check: |id| {
            let from = 9 - id.signs.len();
            let weights: [u32; 9] = [9, 8, 7, 6, 5, 4, 3, 2, 10];
            id.weighed(&weights[from..]).is_multiple_of(11) && any(id)
        },
    }],
    hits: &[
        ("BSN: 111222333", "BSN: [NL_BSN]"),
        ("burgerservicenummer 1112.22.333", "burgerservicenummer [NL_BSN]"),
    ],
    misses: &["111222333", "BSN 111252333"],
    ..Definition::BLANK
};

pub static NL_ID: Definition = Definition {
    entity: Entity::NlPassport,
    about: "the Netherlands: two letters, six signs and a digit, no O (RvIG), named",
    words: &[
        "paspoort",
        "paspoortnummer",
        "identiteitskaart",
        "documentnummer",
        "passport",
        "rijbewijs",
        "dutch passport",
    ],
    forms: &[
        Forms {
            forms: &[Form::near("AAX{6}0")],
            check: |id| {
                !id.signs.contains(&b'O')
                    && id.signs[2..].iter().filter(|sign| sign.is_ascii_digit()).count() > 1
            },
        },
        Forms { forms: &[Form::labelled("0{10}")], check: any },
    ],
    hits: &[
        ("paspoort SPECI2014", "paspoort [NL_PASSPORT]"),
        ("paspoortnummer: NPE0D5F43", "paspoortnummer: [NL_PASSPORT]"),
    ],
    misses: &["SPECI2014"],
    ..Definition::BLANK
};

pub static LU_ID: Definition = Definition {
    entity: Entity::LuNationalId,
    about: "Luxembourg: date of birth, serial, a Luhn and a Verhoeff digit (RNPP), named or with a plausible date",
    words: &["matricule", "rnpp", "num\u{e9}ro d identification nationale", "luxembourg id"],
    forms: &[Forms {
        forms: &[Form::alone("0{13}", 0.5), Form::named("0000 00 00 000 00")],
        check: |id| {
            let body = Id { raw: id.raw, signs: &id.signs[..12] };
            super::checks::is_birth(id.number(0, 4), id.number(4, 6), id.number(6, 8)) && luhn(&body, 0) && {
                let mut signs = [0; 12];
                signs[..11].copy_from_slice(&id.signs[..11]);
                signs[11] = id.signs[12];
                super::checks::verhoeff(&Id { raw: id.raw, signs: &signs })
            }
        },
    }],
    hits: &[("matricule 1983010112374", "matricule [LU_NATIONAL_ID]")],
    misses: &["1983010112345"],
    ..Definition::BLANK
};

pub static PT_NIF: Definition = Definition {
    entity: Entity::PtNif,
    about: "Portugal: nine digits, the last a check digit modulo 11 (Autoridade Tribut\u{e1}ria), named",
    words: &[
        "nif",
        "contribuinte",
        "n\u{fa}mero de contribuinte",
        "identifica\u{e7}\u{e3}o fiscal",
        "nipc",
        "n\u{fa}mero fiscal",
    ],
    forms: &[Forms {
        forms: &[Form::named("0{9}"), Form::named("000 000 000"), Form::named("AA0{9}")],
        check: |id| {
            let from = id.signs.len() - 9;
            let id = Id { raw: id.raw, signs: &id.signs[from..] };
            let check = mod_11(id.weighed(&[9, 8, 7, 6, 5, 4, 3, 2])).unwrap_or(0);
            id.digit(0) > 0 && check == id.digit(8)
        },
    }],
    hits: &[("NIF 501964843", "NIF [PT_NIF]"), ("contribuinte: 501 964 843", "contribuinte: [PT_NIF]")],
    misses: &["501964843", "NIF 501964842"],
    ..Definition::BLANK
};

pub static PT_CC: Definition = Definition {
    entity: Entity::PtCitizenCard,
    about: "Portugal: eight digits, a check digit, two letters or digits and a Luhn digit (Cart\u{e3}o de Cidad\u{e3}o)",
    words: &[
        "cart\u{e3}o de cidad\u{e3}o",
        "cart\u{e3}o cidad\u{e3}o",
        "bilhete de identidade",
        "cc",
        "cidad\u{e3}o",
    ],
    forms: &[Forms {
        forms: &[
            Form::alone("0{8} 0 AA0", 0.8),
            Form::alone("0{9}AA0", 0.7),
            Form::alone("0{8} 0 XX0", 0.7),
            Form::named("0{9}XX0"),
        ],
        check: |id| {
            let sum: u32 = id
                .signs
                .iter()
                .rev()
                .enumerate()
                .map(|(place, sign)| {
                    let value = super::checks::value(*sign);
                    if place % 2 == 0 {
                        value
                    } else if value * 2 > 9 {
                        value * 2 - 9
                    } else {
                        value * 2
                    }
                })
                .sum();
            sum.is_multiple_of(10)
        },
    }],
    hits: &[("Cart\u{e3}o de Cidad\u{e3}o 00000000 0 ZZ4", "Cart\u{e3}o de Cidad\u{e3}o [PT_CITIZEN_CARD]")],
    misses: &["00000000 0 ZZ5"],
    ..Definition::BLANK
};
