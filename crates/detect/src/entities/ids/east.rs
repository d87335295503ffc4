//! Poland, Czechia, Slovakia, Hungary, Ukraine and Russia.

use super::checks::{any, is_day};
use crate::Entity;
use crate::definition::Definition;
use crate::shapes::{Form, Forms, Id};

pub static PESEL: Definition = Definition {
    entity: Entity::PlPesel,
    about: "date of birth with the century in the month, serial and a check digit (weights 1, 3, 7, 9)",
    words: &["pesel", "numer pesel", "nr pesel", "polish id"],
    forms: &[
        Forms {
            forms: &[Form::alone("0{11}", 0.5)],
            check: |id| {
                pesel(id) && matches!((id.number(2, 4), id.number(0, 2)), (1..=12, _) | (21..=32, 0..=26))
            },
        },
        Forms {
            forms: &[Form::named("0{11}"), Form::named("0{6} 0{5}"), Form::named("0{6}-0{5}")],
            check: pesel,
        },
    ],
    hits: &[("PESEL 44051401359", "PESEL [PL_PESEL]"), ("Jan, 44051401359", "Jan, [PL_PESEL]")],
    misses: &["44051401358", "44131401350", "order 44051401359"],
    ..Definition::BLANK
};

fn pesel(id: &Id<'_>) -> bool {
    is_day(id.number(0, 2), id.number(2, 4) % 20, id.number(4, 6))
        && (10 - id.weighed(&[1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10) % 10 == id.digit(10)
}

pub static NIP: Definition = Definition {
    entity: Entity::PlNip,
    about: "ten digits modulo 11 (ustawa o NIP), named or grouped 3-3-2-2",
    words: &["nip", "numer identyfikacji podatkowej", "vat"],
    forms: &[Forms {
        forms: &[
            Form::alone("000-000-00-00", 0.8),
            Form::named("0{10}"),
            Form::named("AA0{10}"),
            Form::named("000-00-00-000"),
            Form::named("000 000 00 00"),
        ],
        check: |id| {
            let from = id.signs.len() - 10;
            let id = Id { raw: id.raw, signs: &id.signs[from..] };
            id.weighed(&[6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 == id.digit(9) && any(&id)
        },
    }],
    hits: &[("NIP 856-734-62-15", "NIP [PL_NIP]"), ("nip: 8567346215", "nip: [PL_NIP]")],
    misses: &["8567346215", "856-734-62-16"],
    ..Definition::BLANK
};

pub static REGON: Definition = Definition {
    entity: Entity::PlRegon,
    about: "nine or fourteen digits modulo 11 (GUS), named",
    words: &["regon", "numer regon"],
    forms: &[Forms {
        forms: &[Form::named("0{9}"), Form::named("0{14}")],
        check: |id| {
            if id.signs.len() == 9 {
                id.weighed(&[8, 9, 2, 3, 4, 5, 6, 7]) % 11 % 10 == id.digit(8)
            } else {
                id.weighed(&[2, 4, 8, 5, 0, 9, 7, 3, 6, 1, 2, 4, 8]) % 11 % 10 == id.digit(13)
            }
        },
    }],
    hits: &[("REGON 192598184", "REGON [PL_REGON]")],
    misses: &["192598184", "REGON 192598183"],
    ..Definition::BLANK
};

pub static PL_ID: Definition = Definition {
    entity: Entity::PlIdentityCard,
    about: "three letters and six digits with a check digit (weights 7, 3, 1), or a passport's two and seven, named",
    words: &[
        "dow\u{f3}d",
        "dow\u{f3}d osobisty",
        "nr dowodu",
        "dowodu",
        "dowodu osobistego",
        "seria i numer",
        "paszport",
        "polish passport",
        "numer dowodu",
    ],
    forms: &[Forms {
        forms: &[
            Form::named("AAA0{6}"),
            Form::named("AAA 0{6}"),
            Form::near("AA0{7}"),
            Form::near("AA 0{7}"),
        ],
        check: |id| {
            let letters = id.signs.iter().filter(|sign| sign.is_ascii_uppercase()).count();
            let weights: &[u32] = &[7, 3, 1, 7, 3, 1, 7, 3];
            let sum: u32 = id
                .signs
                .iter()
                .enumerate()
                .filter(|(at, _)| *at != letters)
                .map(|(_, sign)| super::checks::value(*sign))
                .zip(if letters == 3 { &[7, 3, 1, 7, 3, 1, 7, 3][..] } else { weights })
                .map(|(value, weight)| value * weight)
                .sum();
            sum % 10 == id.digit(letters)
        },
    }],
    hits: &[("dow\u{f3}d osobisty ABA300000", "dow\u{f3}d osobisty [PL_IDENTITY_CARD]")],
    misses: &["ABA300000", "dow\u{f3}d ABA400000"],
    ..Definition::BLANK
};

pub static RC: Definition = Definition {
    entity: Entity::CzRodneCislo,
    about: "Czechia and Slovakia: date of birth, women's month plus 50, divisible by 11 (zákon 133/2000 Sb.)",
    words: &[
        "rodn\u{e9} \u{10d}\u{ed}slo",
        "rodne cislo",
        "r\u{10d}",
        "r \u{10d}",
        "rc",
        "birth number",
        "rodn\u{e9}ho \u{10d}\u{ed}sla",
    ],
    forms: &[Forms {
        forms: &[
            Form::alone("0{6}/0{4}", 0.85),
            Form::named("0{10}"),
            Form::named("0{6}/000"),
            Form::named("0{6} 0{4}"),
        ],
        check: |id| {
            let month = match id.number(2, 4) {
                month @ 1..=12 => month,
                month @ 21..=32 => month - 20,
                month @ 51..=62 => month - 50,
                month @ 71..=82 => month - 70,
                _ => return false,
            };
            is_day(id.number(0, 2), month, id.number(4, 6))
                && (id.signs.len() == 9
                    || id.number(0, 10).is_multiple_of(11)
                    || (id.number(0, 9) % 11 == 10 && id.digit(9) == 0))
        },
    }],
    hits: &[
        ("rodn\u{e9} \u{10d}\u{ed}slo 710319/2745", "rodn\u{e9} \u{10d}\u{ed}slo [CZ_RODNE_CISLO]"),
        ("r\u{10d}: 7103192745", "r\u{10d}: [CZ_RODNE_CISLO]"),
    ],
    misses: &["710319/2746", "7103192745"],
    ..Definition::BLANK
};

pub static CZ_ICO: Definition = Definition {
    entity: Entity::CzIco,
    about: "Czechia and Slovakia: eight digits modulo 11 (ARES), named",
    words: &["i\u{10d}o", "ico", "i\u{10d}", "i\u{10d}o firmy", "di\u{10d}"],
    forms: &[Forms {
        forms: &[Form::named("0{8}"), Form::named("AA0{8}"), Form::named("00 000 000")],
        check: |id| {
            let from = id.signs.len() - 8;
            let id = Id { raw: id.raw, signs: &id.signs[from..] };
            (11 - id.weighed(&[8, 7, 6, 5, 4, 3, 2]) % 11) % 10 == id.digit(7) && any(&id)
        },
    }],
    hits: &[("I\u{10c}O: 25123891", "I\u{10c}O: [CZ_ICO]")],
    misses: &["25123891", "I\u{10c}O 25123892"],
    ..Definition::BLANK
};

pub static HU_TAX: Definition = Definition {
    entity: Entity::HuTaxId,
    about: "Hungary: 8, days since 1867, serial and a check digit modulo 11 (1996. \u{e9}vi XX. tv.), named",
    words: &["ad\u{f3}azonos\u{ed}t\u{f3}", "ad\u{f3}azonos\u{ed}t\u{f3} jel", "ad\u{f3}sz\u{e1}m", "tax id"],
    forms: &[
        Forms {
            forms: &[Form::named("0{10}")],
            check: |id| id.digit(0) == 8 && id.weighed(&[1, 2, 3, 4, 5, 6, 7, 8, 9]) % 11 == id.digit(9),
        },
        Forms {
            forms: &[Form::named("0{8}-0-00")],
            check: |id| (10 - id.weighed(&[9, 7, 3, 1, 9, 7, 3]) % 10) % 10 == id.digit(7),
        },
    ],
    hits: &[("ad\u{f3}azonos\u{ed}t\u{f3} jel: 8071592153", "ad\u{f3}azonos\u{ed}t\u{f3} jel: [HU_TAX_ID]")],
    misses: &["8071592153", "ad\u{f3}azonos\u{ed}t\u{f3} 8071592154"],
    ..Definition::BLANK
};

pub static HU_TAJ: Definition = Definition {
    entity: Entity::HuTaj,
    about: "Hungary: nine digits, weights 3 and 7 modulo 10 (TAJ), named",
    words: &["taj", "taj sz\u{e1}m", "tajsz\u{e1}m", "t\u{e1}rsadalombiztos\u{ed}t\u{e1}si"],
    forms: &[Forms {
        forms: &[Form::named("0{9}"), Form::named("000 000 000"), Form::named("000-000-000")],
        check: |id| id.weighed(&[3, 7, 3, 7, 3, 7, 3, 7]) % 10 == id.digit(8) && any(id),
    }],
    hits: &[("TAJ sz\u{e1}m 111 111 110", "TAJ sz\u{e1}m [HU_TAJ]")],
    misses: &["111 111 110", "TAJ 111 111 112"],
    ..Definition::BLANK
};

pub static UA_TAX: Definition = Definition {
    entity: Entity::UaTaxNumber,
    about: "Ukraine: ten digits with a check digit modulo 11 (РНОКПП), named",
    words: &[
        "рнокпп",
        "ипн",
        "іпн",
        "ідентифікаційний код",
        "ідентифікаційний номер",
        "rnokpp",
        "податковий номер",
        "ukrainian tax",
    ],
    forms: &[Forms {
        forms: &[Form::named("0{10}")],
        check: |id| {
            let sum: i64 = id
                .digits()
                .zip([-1, 5, 7, 9, 4, 6, 10, 5, 7])
                .map(|(digit, weight)| i64::from(digit) * weight)
                .sum();
            sum.rem_euclid(11) % 10 == i64::from(id.digit(9))
        },
    }],
    hits: &[("РНОКПП 1759013776", "РНОКПП [UA_TAX_NUMBER]"), ("ІПН: 1759013776", "ІПН: [UA_TAX_NUMBER]")],
    misses: &["1759013776", "РНОКПП 1759013777"],
    ..Definition::BLANK
};

pub static INN: Definition = Definition {
    entity: Entity::RuInn,
    about: "Russia: ten or twelve digits with one or two check digits modulo 11 (ФНС), named",
    words: &["инн", "inn", "идентификационный номер налогоплательщика"],
    forms: &[Forms {
        forms: &[Form::named("0{10}"), Form::named("0{12}")],
        check: |id| {
            if id.signs.len() == 10 {
                return id.weighed(&[2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11 % 10 == id.digit(9);
            }
            id.weighed(&[7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11 % 10 == id.digit(10)
                && id.weighed(&[3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11 % 10 == id.digit(11)
        },
    }],
    hits: &[("ИНН 7707083893", "ИНН [RU_INN]"), ("inn: 500100732259", "inn: [RU_INN]")],
    misses: &["7707083893", "ИНН 7707083894"],
    ..Definition::BLANK
};

pub static SNILS: Definition = Definition {
    entity: Entity::RuSnils,
    about: "Russia: nine digits and their weighed sum modulo 101 (ПФР)",
    words: &["снилс", "snils", "страховой номер"],
    forms: &[Forms {
        forms: &[
            Form::alone("000-000-000 00", 0.95),
            Form::named("0{11}"),
            Form::named("000-000-000-00"),
            Form::named("000 000 000 00"),
        ],
        check: |id| {
            u64::from(id.weighed(&[9, 8, 7, 6, 5, 4, 3, 2, 1]) % 101 % 100) == id.number(9, 11) && any(id)
        },
    }],
    hits: &[("СНИЛС 112-233-445 95", "СНИЛС [RU_SNILS]"), ("112-233-445 95", "[RU_SNILS]")],
    misses: &["112-233-445 96", "11223344595"],
    ..Definition::BLANK
};

pub static RU_PASSPORT: Definition = Definition {
    entity: Entity::RuPassport,
    about: "Russia: series of four and number of six digits, named (МВД)",
    words: &[
        "паспорт",
        "паспорта",
        "паспортные данные",
        "серия и номер",
        "серия",
        "russian passport",
        "загранпаспорт",
        "passport",
    ],
    forms: &[Forms {
        forms: &[
            Form::near("0000 0{6}"),
            Form::near("00 00 0{6}"),
            Form::labelled("0{10}"),
            Form::near("00 0{7}"),
        ],
        check: any,
    }],
    hits: &[("паспорт 4509 123456", "паспорт [RU_PASSPORT]")],
    misses: &["4509 123456"],
    ..Definition::BLANK
};

pub static OGRN: Definition = Definition {
    entity: Entity::RuOgrn,
    about: "Russia: thirteen or fifteen digits, the last the rest modulo 11 or 13 (ФНС), named",
    words: &["огрн", "огрнип", "ogrn"],
    forms: &[Forms {
        forms: &[Form::named("0{13}"), Form::named("0{15}")],
        check: |id| {
            let last = id.signs.len() - 1;
            id.number(0, last) % (last as u64 - 1) % 10 == u64::from(id.digit(last))
        },
    }],
    hits: &[("ОГРН 1027700132195", "ОГРН [RU_OGRN]")],
    misses: &["1027700132195", "ОГРН 1027700132196"],
    ..Definition::BLANK
};

pub static KZ_IIN: Definition = Definition {
    entity: Entity::KzIin,
    about: "Kazakhstan: date of birth, century, serial and a check digit modulo 11, named",
    words: &["иин", "iin", "бин", "жсн"],
    forms: &[Forms {
        forms: &[Form::named("0{12}")],
        check: |id| {
            let first = id.weighed(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]) % 11;
            let second = id.weighed(&[3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]) % 11;
            (if first < 10 { first } else { second }) == id.digit(11) && any(id)
        },
    }],
    hits: &[("ИИН 900101300017", "ИИН [KZ_IIN]")],
    misses: &["821231301234"],
    ..Definition::BLANK
};
