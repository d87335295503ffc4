//! Spain, Italy, Greece, Turkey and Israel.

use super::checks::{any, is_day, luhn, mixed, mod_11, mod_11_10, yymmdd};
use crate::Entity;
use crate::definition::Definition;
use crate::shapes::{Form, Forms, Id};

const NIF_LETTERS: &[u8] = b"TRWAGMYFPDXBNJZSQVHLCKE";

pub static ES_NIF: Definition = Definition {
    entity: Entity::EsNif,
    about: "seven or eight digits and the letter for the rest modulo 23 (RD 1553/2005); companies: CIF (Orden EHA/451/2008)",
    words: &[
        "dni",
        "nif",
        "documento nacional",
        "documento nacional de identidad",
        "cif",
        "n\u{fa}mero de dni",
        "d n i",
        "n i f",
        "c i f",
        "identificaci\u{f3}n fiscal",
    ],
    forms: &[
        Forms {
            forms: &[
                Form::alone("0{8}A", 0.8),
                Form::alone("0{8}-A", 0.9),
                Form::alone("00.000.000-A", 0.95),
                Form::named("0{7,8}a"),
                Form::named("0{7,8}-a"),
                Form::alone("0{8} A", 0.5),
                Form::named("00.000.000A"),
                Form::named("00.000.000 A"),
                Form::named("0{7} A"),
                Form::named("0{2} 0{3} 0{3} A"),
            ],
            check: |id| nif(id, 0),
        },
        Forms {
            forms: &[
                Form::alone("A0{8}", 0.5),
                Form::alone("A-0{8}", 0.7),
                Form::alone("A0{7}A", 0.5),
                Form::named("A-0{7}-X"),
                Form::named("A-0{7}A"),
            ],
            check: |id| b"ABCDEFGHJKLMNPQRSUVW".contains(&id.signs[0]) && cif(id),
        },
    ],
    hits: &[
        ("DNI 54362315K", "DNI [ES_NIF]"),
        ("con DNI 12.345.678-Z y", "con DNI [ES_NIF] y"),
        ("nif: 12345678z", "nif: [ES_NIF]"),
        ("CIF J99216582", "CIF [ES_NIF]"),
    ],
    misses: &["54362315J", "12345678A", "J99216583"],
    ..Definition::BLANK
};

fn nif(id: &Id<'_>, from: usize) -> bool {
    let last = id.signs.len() - 1;
    NIF_LETTERS[(id.number(from, last) % 23) as usize] == id.signs[last] && id.number(from, last) > 0
}

fn cif(id: &Id<'_>) -> bool {
    let sum: u32 = (1..8)
        .map(|at| if at % 2 == 0 { id.digit(at) } else { id.digit(at) * 2 / 10 + id.digit(at) * 2 % 10 })
        .sum();
    let check = (10 - sum % 10) % 10;
    let last = id.signs[8];
    let letter = b"JABCDEFGHI"[check as usize] == last && !b"ABEH".contains(&id.signs[0]);
    let digit = u32::from(last.wrapping_sub(b'0')) == check && !b"NPQRSW".contains(&id.signs[0]);
    letter || digit
}

pub static ES_NIE: Definition = Definition {
    entity: Entity::EsNie,
    about: "X, Y or Z, seven digits and the letter for the rest modulo 23 (Orden INT/2058/2008)",
    words: &["nie", "n\u{fa}mero de extranjero", "n i e", "identidad de extranjero", "extranjero"],
    forms: &[Forms {
        forms: &[
            Form::alone("A0{7}A", 0.85),
            Form::alone("A-0{7}-A", 0.95),
            Form::named("a0{7}a"),
            Form::named("a-0{7}-a"),
            Form::alone("A0{7}-A", 0.9),
            Form::named("A 0{7} A"),
            Form::named("A-0{7}A"),
        ],
        check: |id| {
            let lead = match id.signs[0] {
                b'X' => 0,
                b'Y' => 1,
                b'Z' => 2,
                _ => return false,
            };
            NIF_LETTERS[((lead * 10_000_000 + id.number(1, 8)) % 23) as usize] == id.signs[8]
        },
    }],
    hits: &[
        ("NIE X-2482300-W", "NIE [ES_NIE]"),
        ("nie=x2482300w", "nie=[ES_NIE]"),
        ("X2482300W", "[ES_NIE]"),
    ],
    misses: &["X2482300A", "W2482300W"],
    ..Definition::BLANK
};

pub static ES_NUSS: Definition = Definition {
    entity: Entity::EsNuss,
    about: "Spain: twelve digits, the last two the rest modulo 97 (TGSS), named",
    words: &[
        "nuss",
        "seguridad social",
        "afiliaci\u{f3}n",
        "n\u{fa}mero de la seguridad social",
        "naf",
        "social security",
    ],
    forms: &[Forms {
        forms: &[
            Form::named("0{12}"),
            Form::named("00/0{8}/00"),
            Form::named("00 0{8} 00"),
            Form::named("00-0{8}-00"),
            Form::named("00/0{10}"),
        ],
        check: |id| {
            let (province, serial) = (id.number(0, 2), id.number(2, 10));
            let short = serial < 10_000_000 && (province * 10_000_000 + serial) % 97 == id.number(10, 12);
            (short || id.number(0, 10) % 97 == id.number(10, 12)) && any(id)
        },
    }],
    hits: &[("NUSS 28/12345678/40", "NUSS [ES_NUSS]")],
    misses: &["281234567840", "NUSS 28/12345678/41"],
    ..Definition::BLANK
};

pub static ES_PASSPORT: Definition = Definition {
    entity: Entity::EsPassport,
    about: "two or three letters and six digits, named (DGP)",
    words: &["pasaporte", "passport", "n\u{fa}mero de pasaporte", "spanish passport"],
    forms: &[Forms { forms: &[Form::near("A{2,3}0{6}"), Form::labelled("a{3}0{6}")], check: any }],
    hits: &[("pasaporte AAB123056", "pasaporte [ES_PASSPORT]")],
    misses: &["AAB123056"],
    ..Definition::BLANK
};

pub static ES_PLATE: Definition = Definition {
    entity: Entity::EsPlate,
    about: "Spain: four digits and three consonants, named (RD 2822/1998)",
    words: &[
        "matr\u{ed}cula",
        "matricula",
        "placa",
        "coche",
        "veh\u{ed}culo",
        "plate",
        "license plate",
        "licence plate",
    ],
    forms: &[Forms {
        forms: &[Form::near("0000 AAA"), Form::near("0000AAA"), Form::near("0000-AAA")],
        check: |id| id.signs[4..].iter().all(|sign| !b"AEIOUQ".contains(sign)),
    }],
    hits: &[("matr\u{ed}cula 1234 BCD", "matr\u{ed}cula [ES_PLATE]")],
    misses: &["1234 BCD"],
    ..Definition::BLANK
};

pub static IT_FISCAL_CODE: Definition = Definition {
    entity: Entity::ItFiscalCode,
    about: "name, coded date of birth, place and a check letter (DM 23 December 1976)",
    words: &["codice fiscale", "cf", "cod fisc", "c f", "fiscale", "fiscal code"],
    forms: &[Forms {
        forms: &[
            Form::alone("A{6}XXAXXAXXXA", 0.95),
            Form::alone("A{3} A{3} XXAXX AXXXA", 0.95),
            Form::named("a{6}xxaxxaxxxa"),
        ],
        check: fiscal_code,
    }],
    hits: &[
        ("codice fiscale RCCMNL83S18D969H", "codice fiscale [IT_FISCAL_CODE]"),
        ("cf: rccmnl83s18d969h", "cf: [IT_FISCAL_CODE]"),
    ],
    misses: &["RCCMNL83S18D969A", "RCCMNL83Z18D969H"],
    ..Definition::BLANK
};

fn fiscal_code(id: &Id<'_>) -> bool {
    const ODD: [u32; 26] =
        [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
    let digits_or_omocodia = [6, 7, 9, 10, 12, 13, 14];
    if !digits_or_omocodia
        .iter()
        .all(|at| id.signs[*at].is_ascii_digit() || b"LMNPQRSTUV".contains(&id.signs[*at]))
        || !b"ABCDEHLMPRST".contains(&id.signs[8])
    {
        return false;
    }
    let sum: u32 = id.signs[..15]
        .iter()
        .enumerate()
        .map(|(at, sign)| {
            let value = u32::from(if sign.is_ascii_digit() { sign - b'0' } else { sign - b'A' });
            if at % 2 == 0 { ODD[value as usize] } else { value }
        })
        .sum();
    (sum % 26) as u8 + b'A' == id.signs[15]
}

pub static IT_VAT: Definition = Definition {
    entity: Entity::ItVatCode,
    about: "eleven digits with a Luhn digit (partita IVA), named",
    words: &["partita iva", "p iva", "piva", "iva", "vat", "vat number", "p i"],
    forms: &[Forms {
        forms: &[Form::named("0{11}"), Form::named("AA0{11}"), Form::named("AA 0{11}")],
        check: |id| {
            let from = id.signs.len() - 11;
            (from == 0 || id.signs.starts_with(b"IT")) && luhn(id, from) && any(id)
        },
    }],
    hits: &[
        ("Partita IVA 00743110157", "Partita IVA [IT_VAT_CODE]"),
        ("P.IVA IT00743110157", "P.IVA [IT_VAT_CODE]"),
    ],
    misses: &["00743110157", "P.IVA 00743110158"],
    ..Definition::BLANK
};

pub static IT_DRIVER: Definition = Definition {
    entity: Entity::ItDriverLicense,
    about: "two letters, seven digits and a letter, or U1 and eight signs, named (Presidio, MIT)",
    words: &[
        "patente",
        "patente di guida",
        "numero patente",
        "driver license",
        "licenza di guida",
        "driving licence",
    ],
    forms: &[Forms { forms: &[Form::near("AA0{7}A"), Form::near("A0X{7}A")], check: mixed }],
    hits: &[("patente AA0123456B", "patente [IT_DRIVER_LICENSE]")],
    misses: &["AA0123456B"],
    ..Definition::BLANK
};

pub static IT_PASSPORT: Definition = Definition {
    entity: Entity::ItPassport,
    about: "two letters and seven digits, named (Polizia di Stato)",
    words: &["passaporto", "passport", "numero passaporto", "italian passport"],
    forms: &[Forms { forms: &[Form::near("AA0{7}"), Form::labelled("aa0{7}")], check: any }],
    hits: &[("passaporto YA1234067", "passaporto [IT_PASSPORT]")],
    misses: &["YA1234067"],
    ..Definition::BLANK
};

pub static IT_ID_CARD: Definition = Definition {
    entity: Entity::ItIdentityCard,
    about: "two letters, five digits and two letters (CIE), or two letters and seven digits, named",
    words: &[
        "carta d identit\u{e0}",
        "carta identit\u{e0}",
        "cie",
        "identity card",
        "documento d identit\u{e0}",
        "carta di identit\u{e0}",
        "id card",
    ],
    forms: &[Forms {
        forms: &[Form::near("AA0{5}AA"), Form::near("AA0{7}"), Form::near("0{7}AA"), Form::near("AA 0{7}")],
        check: any,
    }],
    hits: &[("carta d'identit\u{e0} CA00000AA", "carta d'identit\u{e0} [IT_IDENTITY_CARD]")],
    misses: &["CA00000AA"],
    ..Definition::BLANK
};

pub static GR_AMKA: Definition = Definition {
    entity: Entity::GrAmka,
    about: "Greece: date of birth, serial and a Luhn digit (IDIKA); named, or with a valid date",
    words: &["amka", "αμκα", "a m k a"],
    forms: &[Forms {
        forms: &[Form::named("0{11}"), Form::named("0{6} 0{5}"), Form::named("0{6}-0{5}")],
        check: |id| super::checks::ddmmyy(id, 0) && luhn(id, 0),
    }],
    hits: &[("AMKA 01013099997", "AMKA [GR_AMKA]"), ("ΑΜΚΑ: 01013099997", "ΑΜΚΑ: [GR_AMKA]")],
    misses: &["01013099997", "AMKA 01013099996"],
    ..Definition::BLANK
};

pub static GR_AFM: Definition = Definition {
    entity: Entity::GrAfm,
    about: "Greece: nine digits, the last a check digit modulo 11 (AADE), named",
    words: &["afm", "αφμ", "a f m", "tax number", "tin"],
    forms: &[Forms {
        forms: &[Form::named("0{9}"), Form::named("AA0{9}")],
        check: |id| {
            let from = id.signs.len() - 9;
            let id = Id { raw: id.raw, signs: &id.signs[from..] };
            id.weighed(&[256, 128, 64, 32, 16, 8, 4, 2]) % 11 % 10 == id.digit(8) && any(&id)
        },
    }],
    hits: &[("AFM 094259216", "AFM [GR_AFM]"), ("ΑΦΜ 023456780", "ΑΦΜ [GR_AFM]")],
    misses: &["094259216", "AFM 094259215"],
    ..Definition::BLANK
};

pub static TR_TCKN: Definition = Definition {
    entity: Entity::TrTckn,
    about: "Turkey: eleven digits, the last two check digits (NVI); alone with some certainty",
    words: &[
        "tckn",
        "tc",
        "t c",
        "kimlik",
        "tc kimlik",
        "t c kimlik",
        "kimlik no",
        "tc kimlik no",
        "kimlik numarası",
        "tc kimlik numarası",
        "turkish id",
        "national id",
    ],
    forms: &[Forms {
        forms: &[Form::alone("0{11}", 0.5)],
        check: |id| {
            let odd: u32 = [0, 2, 4, 6, 8].iter().map(|at| id.digit(*at)).sum();
            let even: u32 = [1, 3, 5, 7].iter().map(|at| id.digit(*at)).sum();
            id.digit(0) > 0
                && (odd * 7 + 80 - even) % 10 == id.digit(9)
                && (odd + even + id.digit(9)) % 10 == id.digit(10)
                && id.digit(10).is_multiple_of(2)
        },
    }],
    hits: &[("TC Kimlik No: 10000000146", "TC Kimlik No: [TR_TCKN]"), ("17291716060", "[TR_TCKN]")],
    misses: &["17291716061", "order 17291716060"],
    ..Definition::BLANK
};

pub static TR_VKN: Definition = Definition {
    entity: Entity::TrVkn,
    about: "Turkey: ten digits of the tax number with its check digit (GIB), named",
    words: &["vkn", "vergi", "vergi no", "vergi kimlik", "vergi numarası"],
    forms: &[Forms {
        forms: &[Form::named("0{10}")],
        check: |id| {
            let sum: u32 = (0..9)
                .map(|at| {
                    let shifted = (id.digit(at) + 9 - at as u32) % 10;
                    if shifted == 0 {
                        0
                    } else {
                        match shifted * (1 << (9 - at)) % 9 {
                            0 => 9,
                            rest => rest,
                        }
                    }
                })
                .sum();
            (10 - sum % 10) % 10 == id.digit(9)
        },
    }],
    hits: &[("VKN 4540536920", "VKN [TR_VKN]")],
    misses: &["4540536920", "VKN 4540536921"],
    ..Definition::BLANK
};

pub static TR_PLATE: Definition = Definition {
    entity: Entity::TrPlate,
    about: "Turkey: province 01 to 81, one to three letters, two to five digits, named",
    words: &["plaka", "plaka no", "plate", "license plate"],
    forms: &[Forms {
        forms: &[Form::near("00 A{1,3} 0{2,5}"), Form::near("00A{1,3}0{2,5}")],
        check: |id| (1..=81).contains(&id.number(0, 2)) && id.signs.len() <= 9,
    }],
    hits: &[("plaka 34 ABC 123", "plaka [TR_PLATE]")],
    misses: &["34 ABC 123"],
    ..Definition::BLANK
};

pub static IL_ID: Definition = Definition {
    entity: Entity::IlId,
    about: "Israel: nine digits with a Luhn digit (Mispar Zehut), named",
    words: &[
        "teudat zehut",
        "mispar zehut",
        "israeli id",
        "תעודת זהות",
        "מספר זהות",
        "ת ז",
        "tz",
        "israel id",
    ],
    forms: &[Forms {
        forms: &[Form::named("0{9}"), Form::named("0{7,8}-0"), Form::named("0{8}")],
        check: |id| luhn(id, 0) && any(id),
    }],
    hits: &[
        ("Teudat Zehut 039337423", "Teudat Zehut [IL_ID]"),
        ("תעודת זהות: 039337423", "תעודת זהות: [IL_ID]"),
    ],
    misses: &["039337423", "Teudat Zehut 039337424"],
    ..Definition::BLANK
};

pub static HR_OIB: Definition = Definition {
    entity: Entity::HrOib,
    about: "Croatia: eleven digits, ISO 7064 MOD 11,10 (Zakon o OIB), named",
    words: &["oib", "osobni identifikacijski broj"],
    forms: &[Forms {
        forms: &[Form::named("0{11}"), Form::named("AA0{11}")],
        check: |id| {
            let from = id.signs.len() - 11;
            mod_11_10(&Id { raw: id.raw, signs: &id.signs[from..] }, 11) && any(id)
        },
    }],
    hits: &[("OIB 33392005961", "OIB [HR_OIB]")],
    misses: &["OIB 33392005962"],
    ..Definition::BLANK
};

pub static JMBG: Definition = Definition {
    entity: Entity::Jmbg,
    about: "Serbia, Bosnia, Montenegro, North Macedonia, Slovenia (EMSO): date of birth, region, serial, check digit modulo 11",
    words: &["jmbg", "emso", "em\u{161}o", "јмбг", "мат\u{438}чни број", "embg"],
    forms: &[Forms {
        forms: &[Form::alone("0{13}", 0.5)],
        check: |id| {
            let year = match id.number(4, 7) {
                year @ 900..=999 => year + 1000,
                year @ 0..=26 => year + 2000,
                _ => return false,
            };
            is_day(year, id.number(2, 4), id.number(0, 2))
                && mod_11(id.weighed(&[7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2])) == Some(id.digit(12))
        },
    }],
    hits: &[("JMBG 0101006500006", "JMBG [JMBG]")],
    misses: &["0101006500007", "1700000000000"],
    ..Definition::BLANK
};

pub static BG_EGN: Definition = Definition {
    entity: Entity::BgEgn,
    about: "Bulgaria: date of birth, serial and a check digit modulo 11 (ZGR), named",
    words: &["egn", "егн", "единен граждански номер", "edinen grazhdanski nomer"],
    forms: &[Forms {
        forms: &[Form::named("0{10}"), Form::named("000000 000 0")],
        check: |id| {
            let month = id.number(2, 4) % 20;
            id.number(2, 4) < 53
                && is_day(id.number(0, 2), month, id.number(4, 6))
                && id.weighed(&[2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11 % 10 == id.digit(9)
        },
    }],
    hits: &[("ЕГН 7523169263", "ЕГН [BG_EGN]"), ("EGN: 7523169263", "EGN: [BG_EGN]")],
    misses: &["7523169263", "EGN 7552010004"],
    ..Definition::BLANK
};

pub static RO_CNP: Definition = Definition {
    entity: Entity::RoCnp,
    about: "Romania: sex and century, date of birth, county, serial and a check digit (OUG 97/2005)",
    words: &["cnp", "cod numeric personal", "codul numeric personal"],
    forms: &[Forms {
        forms: &[Form::alone("0{13}", 0.6), Form::named("0 000000 000000")],
        check: |id| {
            let rest = id.weighed(&[2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11;
            (1..=9).contains(&id.digit(0))
                && yymmdd(id, 1)
                && matches!(id.number(7, 9), 1..=48 | 51 | 52 | 70)
                && (if rest == 10 { 1 } else { rest }) == id.digit(12)
        },
    }],
    hits: &[("CNP 1630615123457", "CNP [RO_CNP]")],
    misses: &["CNP 1630615123458", "8800011200002"],
    ..Definition::BLANK
};
