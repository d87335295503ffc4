//! Brazil, Mexico, Argentina, Chile, Colombia, Peru and Ecuador.

use super::checks::{any, mixed, mod_11, value, yymmdd};
use crate::Entity;
use crate::definition::Definition;
use crate::shapes::{Form, Forms, Id};

pub static CPF: Definition = Definition {
    entity: Entity::BrCpf,
    about: "Brazil: eleven digits, the last two check digits modulo 11 (Receita Federal); together alone with less certainty",
    words: &["cpf", "cadastro de pessoas", "c p f", "cadastro de pessoas f\u{ed}sicas"],
    forms: &[Forms {
        forms: &[
            Form::alone("000.000.000-00", 0.95),
            Form::alone("0{11}", 0.4),
            Form::alone("0{9}-00", 0.7),
            Form::named("000 000 000 00"),
            Form::named("000.000.000.00"),
            Form::named("000-000-000-00"),
            Form::named("000 000 000-00"),
            Form::named("000.000.000/00"),
        ],
        check: |id| !id.is_made_up() && cpf(id),
    }],
    hits: &[
        ("CPF 390.533.447-05", "CPF [BR_CPF]"),
        ("cpf: 39053344705", "cpf: [BR_CPF]"),
        ("Ana, 529.982.247-25", "Ana, [BR_CPF]"),
    ],
    misses: &["390.533.447-06", "111.111.111-11", "order 39053344705"],
    ..Definition::BLANK
};

fn cpf(id: &Id<'_>) -> bool {
    let check = |sum: u32| mod_11(sum).unwrap_or(0);
    check(id.weighed(&[10, 9, 8, 7, 6, 5, 4, 3, 2])) == id.digit(9)
        && check(id.weighed(&[11, 10, 9, 8, 7, 6, 5, 4, 3, 2])) == id.digit(10)
}

pub static CNPJ: Definition = Definition {
    entity: Entity::BrCnpj,
    about: "Brazil: twelve digits, or from July 2026 letters too, and two check digits modulo 11 (IN RFB 2.229/2024)",
    words: &["cnpj", "cadastro nacional", "c n p j"],
    forms: &[Forms {
        forms: &[
            Form::alone("XX.XXX.XXX/XXXX-00", 0.95),
            Form::alone("0{14}", 0.4),
            Form::named("X{12}00"),
            Form::named("X{8}/X{4}-00"),
        ],
        check: |id| {
            let weighed = |weights: &[u32]| -> u32 {
                id.signs.iter().zip(weights).map(|(sign, weight)| u32::from(sign - b'0') * weight).sum()
            };
            let check = |sum: u32| mod_11(sum).unwrap_or(0);
            !id.is_made_up()
                && id.number(0, 12) > 0
                && check(weighed(&[5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2])) == id.digit(12)
                && check(weighed(&[6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2])) == id.digit(13)
        },
    }],
    hits: &[
        ("CNPJ 16.727.230/0001-97", "CNPJ [BR_CNPJ]"),
        ("12.ABC.345/01DE-35", "[BR_CNPJ]"),
        ("cnpj=16727230000197", "cnpj=[BR_CNPJ]"),
    ],
    misses: &["16.727.230/0001-98", "00.000.000/0000-00"],
    ..Definition::BLANK
};

pub static RG: Definition = Definition {
    entity: Entity::BrRg,
    about: "Brazil: registro geral, CNH or PIS number, named",
    words: &[
        "rg",
        "registro geral",
        "cnh",
        "carteira de habilita\u{e7}\u{e3}o",
        "pis",
        "pasep",
        "nis",
        "carteira de motorista",
        "pis pasep",
        "t\u{ed}tulo de eleitor",
        "identidade",
    ],
    forms: &[Forms {
        forms: &[
            Form::near("00.000.000-X"),
            Form::labelled("0{8}X"),
            Form::near("0{11}"),
            Form::near("000.00000.00-0"),
            Form::labelled("0{12}"),
            Form::near("AA-00.000.000"),
        ],
        check: any,
    }],
    hits: &[("RG 24.678.131-4", "RG [BR_RG]"), ("CNH: 62472927637", "CNH: [BR_RG]")],
    misses: &["24.678.131-4"],
    ..Definition::BLANK
};

pub static BR_PLATE: Definition = Definition {
    entity: Entity::BrPlate,
    about: "Brazil: three letters and four digits, the second perhaps a letter (Mercosul), named",
    words: &["placa", "placa do carro", "ve\u{ed}culo", "license plate", "plate"],
    forms: &[Forms {
        forms: &[Form::near("AAA-0X00"), Form::near("AAA0X00"), Form::near("AAA 0X00")],
        check: any,
    }],
    hits: &[("placa BRA2E19", "placa [BR_PLATE]"), ("placa ABC-1234", "placa [BR_PLATE]")],
    misses: &["ABC-1234"],
    ..Definition::BLANK
};

pub static CURP: Definition = Definition {
    entity: Entity::MxCurp,
    about: "Mexico: name, date of birth, sex, state, consonants and a check digit (RENAPO)",
    words: &["curp", "clave \u{fa}nica"],
    forms: &[
        Forms {
            forms: &[Form::alone("A{4}0{6}A{6}X0", 0.95), Form::named("a{4}0{6}a{6}x0")],
            check: |id| {
                const STATES: &[u8] = b"ASBCBSCCCLCMCSCHDFDGGTGRHGJCMCMNMSNTNLOCPLQTQRSPSLSRTCTSTLVZYNZSNE";
                let sum: u32 = id.signs[..17]
                    .iter()
                    .enumerate()
                    .map(|(at, sign)| {
                        // Ñ stands between N and O.
                        let value = value(*sign) + u32::from(*sign > b'N');
                        value * (18 - at as u32)
                    })
                    .sum();
                yymmdd(id, 4)
                    && b"HMX".contains(&id.signs[10])
                    && STATES.chunks(2).any(|state| state == &id.signs[11..13])
                    && (10 - sum % 10) % 10 == id.digit(17)
            },
        },
        Forms {
            forms: &[Form::named("A{4}0{6}A{6}X0")],
            check: |id| yymmdd(id, 4) && b"HMX".contains(&id.signs[10]),
        },
    ],
    hits: &[("CURP BOXW310820HNERXN09", "CURP [MX_CURP]")],
    misses: &["BOXW310820HNERXN08", "BOXW319920HNERXN09"],
    ..Definition::BLANK
};

pub static RFC: Definition = Definition {
    entity: Entity::MxRfc,
    about: "Mexico: three or four letters, a date and three signs (SAT)",
    words: &["rfc", "registro federal", "registro federal de contribuyentes"],
    forms: &[
        Forms {
            forms: &[
                Form::alone("A{4}0{6}XXX", 0.7),
                Form::alone("A{3}0{6}XXX", 0.6),
                Form::named("A{3,4}-0{6}-XXX"),
                Form::named("a{3,4}0{6}xxx"),
                Form::named("A{3,4} 0{6} XXX"),
            ],
            check: |id| {
                let last = id.signs[id.signs.len() - 1];
                yymmdd(id, id.signs.len() - 9) && (last.is_ascii_digit() || last == b'A')
            },
        },
        Forms {
            forms: &[Form::named("A{4}0{6}XXX"), Form::named("A{3}0{6}XXX")],
            check: |id| yymmdd(id, id.signs.len() - 9),
        },
    ],
    hits: &[("RFC GODE561231GR8", "RFC [MX_RFC]")],
    misses: &["GODE569931GR8", "GODE561231GRB"],
    ..Definition::BLANK
};

pub static CUIT: Definition = Definition {
    entity: Entity::ArCuit,
    about: "Argentina: type, eight digits and a check digit modulo 11 (AFIP)",
    words: &["cuit", "cuil", "c u i t"],
    forms: &[Forms {
        forms: &[
            Form::alone("00-0{8}-0", 0.9),
            Form::named("0{11}"),
            Form::named("00 0{8} 0"),
            Form::named("00-00.000.000-0"),
        ],
        check: |id| {
            matches!(id.number(0, 2), 20 | 23 | 24 | 25 | 26 | 27 | 30 | 33 | 34)
                && mod_11(id.weighed(&[5, 4, 3, 2, 7, 6, 5, 4, 3, 2])) == Some(id.digit(10))
        },
    }],
    hits: &[("CUIT 20-05536168-2", "CUIT [AR_CUIT]")],
    misses: &["20-05536168-3"],
    ..Definition::BLANK
};

pub static AR_DNI: Definition = Definition {
    entity: Entity::LatamNationalId,
    about: "national identity numbers of Argentina, Colombia, Peru, Ecuador, Uruguay and others: six to eleven digits, named",
    words: &[
        "dni",
        "c\u{e9}dula",
        "c\u{e9}dula de ciudadan\u{ed}a",
        "c\u{e9}dula de identidad",
        "cedula",
        "documento de identidad",
        "c c",
        "n\u{fa}mero de documento",
        "documento",
        "ci",
        "c i",
        "identidad",
        "nuip",
        "tarjeta de identidad",
    ],
    forms: &[Forms {
        forms: &[
            Form::near("00.000.000"),
            Form::labelled("0{7,10}"),
            Form::near("0.000.000.000"),
            Form::near("0.000.000-0"),
            Form::near("0{9}-0"),
            Form::near("0{3}.0{3}.0{3}"),
        ],
        check: any,
    }],
    hits: &[
        ("DNI 30.123.456", "DNI [LATAM_NATIONAL_ID]"),
        (
            "c\u{e9}dula de ciudadan\u{ed}a 1.020.304.058",
            "c\u{e9}dula de ciudadan\u{ed}a [LATAM_NATIONAL_ID]",
        ),
    ],
    misses: &["30.123.456"],
    ..Definition::BLANK
};

pub static RUT: Definition = Definition {
    entity: Entity::ClRut,
    about: "Chile: seven or eight digits and a check digit or K modulo 11 (SII)",
    words: &["rut", "run", "r u t", "rol \u{fa}nico"],
    forms: &[Forms {
        forms: &[
            Form::alone("0{1,2}.000.000-X", 0.95),
            Form::alone("0{7,8}-X", 0.5),
            Form::named("0{7,8}X"),
            Form::named("0{7,8}-x"),
            Form::named("0{1,2}.000.000-x"),
        ],
        check: |id| {
            let last = id.signs.len() - 1;
            let sum: u32 =
                (0..last).rev().zip([2, 3, 4, 5, 6, 7, 2, 3]).map(|(at, weight)| id.digit(at) * weight).sum();
            b"0123456789K0"[(11 - sum % 11) as usize] == id.signs[last] && id.number(0, last) > 999_999
        },
    }],
    hits: &[("RUT 12.531.909-2", "RUT [CL_RUT]"), ("run: 76086428-5", "run: [CL_RUT]")],
    misses: &["12.531.909-3", "order 76086428-5"],
    ..Definition::BLANK
};

pub static NIT: Definition = Definition {
    entity: Entity::CoNit,
    about: "Colombia: nine or ten digits and a check digit modulo 11 (DIAN), named",
    words: &["nit", "n i t"],
    forms: &[Forms {
        forms: &[Form::named("000.000.000-0"), Form::named("0{9,10}-0"), Form::named("0{10}")],
        check: |id| {
            let last = id.signs.len() - 1;
            let sum: u32 = (0..last)
                .rev()
                .zip([3, 7, 13, 17, 19, 23, 29, 37, 41, 43])
                .map(|(at, weight)| id.digit(at) * weight)
                .sum();
            (if sum % 11 < 2 { sum % 11 } else { 11 - sum % 11 }) == id.digit(last)
        },
    }],
    hits: &[("NIT 213.123.432-1", "NIT [CO_NIT]")],
    misses: &["213.123.432-1", "NIT 213.123.432-2"],
    ..Definition::BLANK
};

pub static RUC: Definition = Definition {
    entity: Entity::PeRuc,
    about: "Peru: eleven digits from 10, 15, 17 or 20 with a check digit modulo 11 (SUNAT), named",
    words: &["ruc", "r u c"],
    forms: &[Forms {
        forms: &[Form::named("0{11}")],
        check: |id| {
            matches!(id.number(0, 2), 10 | 15 | 16 | 17 | 20)
                && (11 - id.weighed(&[5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11) % 10 == id.digit(10)
        },
    }],
    hits: &[("RUC 20512333797", "RUC [PE_RUC]")],
    misses: &["20512333797", "RUC 20512333798"],
    ..Definition::BLANK
};

pub static NSS: Definition = Definition {
    entity: Entity::MxNss,
    about: "Mexico: eleven digits of the IMSS with a Luhn digit, or an INE voter key, named",
    words: &[
        "nss",
        "imss",
        "n\u{fa}mero de seguridad social",
        "clave de elector",
        "ine",
        "credencial de elector",
    ],
    forms: &[
        Forms {
            forms: &[Form::named("0{11}"), Form::named("00-00-00-0000-0")],
            check: |id| super::checks::luhn(id, 0) && any(id),
        },
        Forms { forms: &[Form::named("A{6}0{8}A000")], check: mixed },
    ],
    hits: &[("NSS 12345678903", "NSS [MX_NSS]")],
    misses: &["12345678904", "NSS 12345678904"],
    ..Definition::BLANK
};
