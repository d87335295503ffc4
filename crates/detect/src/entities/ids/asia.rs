//! China, Japan, Korea and South-East Asia.

use super::checks::{any, is_birth, is_day, mixed, yymmdd};
use crate::Entity;
use crate::definition::Definition;
use crate::shapes::{Form, Forms, Id};

pub static CN_ID: Definition = Definition {
    entity: Entity::CnResidentId,
    about: "area, date of birth, serial and a check sign, ISO 7064 MOD 11-2 (GB 11643)",
    words: &[
        "身份证",
        "身份证号",
        "身份证号码",
        "公民身份号码",
        "chinese id",
        "resident identity",
        "id card",
        "shenfenzheng",
    ],
    forms: &[Forms {
        forms: &[Form::alone("0{17}X", 0.95), Form::named("0{17}x"), Form::alone("0{6} 0{8} 0{3}X", 0.95)],
        check: |id| {
            let sum = id.weighed(&[7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]);
            (11..=83).contains(&id.number(0, 2))
                && is_birth(id.number(6, 10), id.number(10, 12), id.number(12, 14))
                && b"10X98765432"[(sum % 11) as usize] == id.signs[17]
        },
    }],
    hits: &[
        ("身份证号码：11010519491231002X", "身份证号码：[CN_RESIDENT_ID]"),
        ("11010519491231002X", "[CN_RESIDENT_ID]"),
    ],
    misses: &["110105194912310021", "11010518491231002X"],
    ..Definition::BLANK
};

pub static CN_PASSPORT: Definition = Definition {
    entity: Entity::CnPassport,
    about: "E, G or another letter, eight digits or a letter and seven, named",
    words: &["护照", "护照号", "护照号码", "chinese passport", "passport", "護照"],
    forms: &[Forms {
        forms: &[Form::near("A0{8}"), Form::near("AA0{7}")],
        check: |id| b"EGDSPHM".contains(&id.signs[0]) && any(id),
    }],
    hits: &[("护照号码E12345677", "护照号码[CN_PASSPORT]")],
    misses: &["E12345677"],
    ..Definition::BLANK
};

pub static CN_USCC: Definition = Definition {
    entity: Entity::CnCreditCode,
    about: "eighteen signs, the last modulo 31 (GB 32100)",
    words: &["统一社会信用代码", "社会信用代码", "信用代码", "uscc"],
    forms: &[Forms {
        forms: &[Form::alone("X{18}", 0.7)],
        check: |id| {
            const SIGNS: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
            let place = |sign: &u8| SIGNS.iter().position(|known| known == sign);
            let mut sum = 0;
            let mut weight = 1;
            for sign in &id.signs[..17] {
                let Some(value) = place(sign) else { return false };
                sum += value * weight;
                weight = weight * 3 % 31;
            }
            matches!(id.signs[0], b'1' | b'5' | b'9' | b'Y')
                && id.number(2, 8) > 100_000
                && place(&id.signs[17]) == Some((31 - sum % 31) % 31)
        },
    }],
    hits: &[("统一社会信用代码91110000600037341L", "统一社会信用代码[CN_CREDIT_CODE]")],
    misses: &["91110000600037341K"],
    ..Definition::BLANK
};

pub static JP_MY_NUMBER: Definition = Definition {
    entity: Entity::JpMyNumber,
    about: "twelve digits, the last a check digit modulo 11 (番号法), named",
    words: &["マイナンバー", "個人番号", "my number", "mynumber", "individual number", "ナンバー"],
    forms: &[Forms {
        forms: &[Form::named("0{12}"), Form::named("0000 0000 0000"), Form::named("0000-0000-0000")],
        check: |id| {
            let sum = id.weighed(&[6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
            (if sum < 2 { 0 } else { 11 - sum }) == id.digit(11)
        },
    }],
    hits: &[
        ("マイナンバー: 123456789018", "マイナンバー: [JP_MY_NUMBER]"),
        ("My Number 1234 5678 9018", "My Number [JP_MY_NUMBER]"),
    ],
    misses: &["123456789018", "マイナンバー 123456789019"],
    ..Definition::BLANK
};

pub static JP_PASSPORT: Definition = Definition {
    entity: Entity::JpPassport,
    about: "two letters and seven digits, a driver's licence of twelve digits, named",
    words: &[
        "パスポート",
        "旅券",
        "旅券番号",
        "免許証",
        "運転免許証",
        "運転免許",
        "japanese passport",
        "在留カード",
        "パスポート番号",
    ],
    forms: &[Forms {
        forms: &[Form::near("AA0{7}"), Form::near("0{12}"), Form::near("AA0{8}AA")],
        check: any,
    }],
    hits: &[("旅券番号 TK1234568", "旅券番号 [JP_PASSPORT]")],
    misses: &["TK1234568"],
    ..Definition::BLANK
};

pub static KR_RRN: Definition = Definition {
    entity: Entity::KrRrn,
    about: "date of birth, sex and century, six digits (주민등록법); the check digit holds only before October 2020",
    words: &["주민등록번호", "주민번호", "rrn", "resident registration", "korean id", "jumin"],
    forms: &[
        Forms { forms: &[Form::alone("0{6}-0{7}", 0.85)], check: |id| rrn(id) },
        Forms { forms: &[Form::named("0{13}"), Form::named("0{6} 0{7}")], check: |id| rrn(id) },
    ],
    hits: &[("주민등록번호 971013-9019902", "주민등록번호 [KR_RRN]"), ("900101-1234568", "[KR_RRN]")],
    misses: &["971313-9019902", "9710139019902"],
    ..Definition::BLANK
};

fn rrn(id: &Id<'_>) -> bool {
    yymmdd(id, 0) && id.number(7, 13) > 0
}

pub static KR_PASSPORT: Definition = Definition {
    entity: Entity::KrPassport,
    about: "M, S, R, O, D or G and eight digits, since 2021 three, a letter, four, named",
    words: &["여권", "여권번호", "korean passport", "passport"],
    forms: &[Forms {
        forms: &[Form::near("A0{8}"), Form::near("A000A0000")],
        check: |id| b"MSRODG".contains(&id.signs[0]) && any(id),
    }],
    hits: &[("여권번호 M12345679", "여권번호 [KR_PASSPORT]"), ("여권: M123A4567", "여권: [KR_PASSPORT]")],
    misses: &["M12345679"],
    ..Definition::BLANK
};

pub static KR_DRIVER: Definition = Definition {
    entity: Entity::KrDriverLicense,
    about: "region 11 to 28, year, six digits and two (도로교통법)",
    words: &["운전면허", "운전면허번호", "면허번호", "driver license", "면허증"],
    forms: &[Forms {
        forms: &[Form::alone("00-00-000000-00", 0.7), Form::named("0{12}")],
        check: |id| (11..=28).contains(&id.number(0, 2)) && any(id),
    }],
    hits: &[("운전면허 11-22-123456-78", "운전면허 [KR_DRIVER_LICENSE]")],
    misses: &["99-22-123456-78"],
    ..Definition::BLANK
};

pub static KR_BRN: Definition = Definition {
    entity: Entity::KrBrn,
    about: "three, two and five digits with a check digit (국세청)",
    words: &["사업자등록번호", "사업자번호", "business registration", "brn", "사업자"],
    forms: &[Forms {
        forms: &[Form::alone("000-00-00000", 0.6), Form::named("0{10}")],
        check: |id| {
            let sum = id.weighed(&[1, 3, 7, 1, 3, 7, 1, 3, 5]) + id.digit(8) * 5 / 10;
            (10 - sum % 10) % 10 == id.digit(9)
        },
    }],
    hits: &[("사업자등록번호 220-81-62517", "사업자등록번호 [KR_BRN]")],
    misses: &["220-81-62518"],
    ..Definition::BLANK
};

pub static KR_FRN: Definition = Definition {
    entity: Entity::KrFrn,
    about: "a foreigner's registration: date of birth, 5 to 8, six digits, named",
    words: &["외국인등록번호", "외국인등록", "frn", "foreigner registration", "alien registration"],
    forms: &[Forms {
        forms: &[Form::named("0{6}-0{7}"), Form::named("0{13}")],
        check: |id| rrn(id) && (5..=8).contains(&id.digit(6)),
    }],
    hits: &[("외국인등록번호 900101-5234567", "외국인등록번호 [KR_FRN]")],
    misses: &["9001015234567"],
    ..Definition::BLANK
};

pub static SG_NRIC: Definition = Definition {
    entity: Entity::SgNricFin,
    about: "S, T, F, G or M, seven digits and a check letter (ICA)",
    words: &["nric", "fin", "ic", "nric fin", "singapore id", "nric no"],
    forms: &[Forms {
        forms: &[Form::alone("A0{7}A", 0.85), Form::named("a0{7}a")],
        check: |id| {
            let sum: u32 = (1..8).zip([2, 7, 6, 5, 4, 3, 2]).map(|(at, weight)| id.digit(at) * weight).sum();
            let letter = match id.signs[0] {
                b'S' => b"JZIHGFEDCBA"[(sum % 11) as usize],
                b'T' => b"JZIHGFEDCBA"[((sum + 4) % 11) as usize],
                b'F' => b"XWUTRQPNMLK"[(sum % 11) as usize],
                b'G' => b"XWUTRQPNMLK"[((sum + 4) % 11) as usize],
                b'M' => b"KLJNPQRTUWX"[(10 - (sum + 3) % 11) as usize],
                _ => return false,
            };
            letter == id.signs[8]
        },
    }],
    hits: &[("NRIC S1234567D", "NRIC [SG_NRIC_FIN]"), ("fin=g1234567x", "fin=[SG_NRIC_FIN]")],
    misses: &["S1234567A"],
    ..Definition::BLANK
};

pub static SG_UEN: Definition = Definition {
    entity: Entity::SgUen,
    about: "eight or nine digits and a letter, or T, S or R, year, two letters, four digits and a letter, named (ACRA)",
    words: &["uen", "unique entity", "acra", "uen no"],
    forms: &[Forms {
        forms: &[Form::named("0{8,9}A"), Form::alone("A00AA0{4}A", 0.5)],
        check: |id| id.signs[0].is_ascii_digit() || (b"TSR".contains(&id.signs[0]) && id.number(1, 3) < 40),
    }],
    hits: &[("UEN 00192200M", "UEN [SG_UEN]"), ("UEN: T01FC6132D", "UEN: [SG_UEN]")],
    misses: &["00192200M"],
    ..Definition::BLANK
};

pub static TH_TNIN: Definition = Definition {
    entity: Entity::ThTnin,
    about: "Thailand: thirteen digits with a check digit modulo 11 (กรมการปกครอง); together if named",
    words: &[
        "เลขบัตรประชาชน",
        "บัตรประชาชน",
        "thai id",
        "tnin",
        "thai national",
        "citizen id",
        "ประชาชน",
        "ประจำตัว",
        "national id",
        "เลขประจำตัวประชาชน",
    ],
    forms: &[Forms {
        forms: &[
            Form::alone("0-0000-00000-00-0", 0.95),
            Form::alone("0 0000 00000 00 0", 0.9),
            Form::named("0{13}"),
        ],
        check: |id| {
            id.digit(0) > 0
                && (11 - id.weighed(&[13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11) % 10 == id.digit(12)
                && any(id)
        },
    }],
    hits: &[
        ("Thai ID 1-2345-45678-78-1", "Thai ID [TH_TNIN]"),
        ("เลขบัตรประชาชน 7100600445638", "เลขบัตรประชาชน [TH_TNIN]"),
    ],
    misses: &["1-2345-45678-78-2", "7100600445638"],
    ..Definition::BLANK
};

pub static MY_NRIC: Definition = Definition {
    entity: Entity::MyNric,
    about: "Malaysia: date of birth, place of birth, four digits (JPN)",
    words: &["nric", "mykad", "my kad", "kad pengenalan", "ic", "ic number", "no kp", "mykid"],
    forms: &[Forms {
        forms: &[Form::alone("0{6}-00-0000", 0.8), Form::named("0{12}")],
        check: |id| {
            yymmdd(id, 0)
                && (1..=99).contains(&id.number(6, 8))
                && !matches!(id.number(6, 8), 17..=20 | 69..=70 | 73 | 80..=81 | 94..=97)
        },
    }],
    hits: &[("MyKad 770305-02-1234", "MyKad [MY_NRIC]"), ("ic: 770305021234", "ic: [MY_NRIC]")],
    misses: &["771305-02-1234", "770305021234"],
    ..Definition::BLANK
};

pub static ID_NIK: Definition = Definition {
    entity: Entity::IdNik,
    about: "Indonesia: district, date of birth (women's day plus 40), serial (Dukcapil)",
    words: &["nik", "ktp", "nomor induk", "nomor induk kependudukan", "no ktp"],
    forms: &[
        Forms {
            forms: &[
                Form::alone("0{16}", 0.4),
                Form::named("0{4} 0{4} 0{4} 0{4}"),
                Form::named("00.0000.000000.0000"),
            ],
            check: |id| {
                (11..=94).contains(&id.number(0, 2))
                    && (1..=79).contains(&id.number(2, 4))
                    && id.number(4, 6) > 0
                    && id.number(4, 6) < 60
                    && is_day(id.number(10, 12), id.number(8, 10), id.number(6, 8) % 40)
                    && id.number(12, 16) > 0
                    && id.number(12, 16) < 100
            },
        },
        Forms {
            forms: &[Form::named("0{16}")],
            check: |id| is_day(id.number(10, 12), id.number(8, 10), id.number(6, 8) % 40),
        },
    ],
    hits: &[("NIK 3171011708450001", "NIK [ID_NIK]")],
    misses: &["3171013908450001", "order 3171011708450001"],
    ..Definition::BLANK
};

pub static PH_IDS: Definition = Definition {
    entity: Entity::PhId,
    about: "Philippines: PhilSys, SSS, TIN, PhilHealth and UMID numbers, named",
    words: &[
        "sss",
        "philhealth",
        "phil health",
        "phil sys",
        "philsys",
        "psn",
        "pag ibig",
        "umid",
        "philippine id",
        "crn",
        "tin",
        "gsis",
    ],
    forms: &[Forms {
        forms: &[
            Form::named("00-0{7}-0"),
            Form::named("000-000-000-000"),
            Form::named("000-000-000-00000"),
            Form::named("00-0{9}-0"),
            Form::named("0000-0000-0000-0000"),
            Form::named("0000-0000000-0"),
            Form::named("0000-0000-0000"),
            Form::near("000-000-000"),
        ],
        check: any,
    }],
    hits: &[("SSS 34-1234568-9", "SSS [PH_ID]"), ("PhilHealth no. 12-345678901-2", "PhilHealth no. [PH_ID]")],
    misses: &["34-1234568-9"],
    ..Definition::BLANK
};

pub static VN_PK: Definition = Definition {
    entity: Entity::NationalId,
    about: "national identity numbers without a check known here (Pakistan, Vietnam, Egypt, Saudi Arabia, the Emirates and others): eight to fifteen digits behind the words for one",
    words: &[
        "national id",
        "national identification",
        "national identity",
        "cnic",
        "nic",
        "cccd",
        "cmnd",
        "emirates id",
        "iqama",
        "id number",
        "identity number",
        "identification number",
        "citizen id",
        "id card",
        "căn cước",
        "nid",
        "الرقم القومي",
        "رقم الهوية",
        "identity card",
        "personal id",
        "personal number",
        "personnummer",
        "identity document",
        "national id number",
        "ssn",
        "social security",
    ],
    forms: &[Forms {
        forms: &[
            Form::alone("0{5}-0{7}-0", 0.6),
            Form::labelled("0{8,15}"),
            Form::alone("000-0000-0{7}-0", 0.7),
            Form::labelled("X{8,12}"),
            Form::labelled("00-0{6,7}-A-00"),
            Form::labelled("0{6}-0{4,7}"),
            Form::labelled("0{2}-0{6,7}A00"),
        ],
        check: |id| mixed(id) && (id.signs.len() != 15 || id.signs.starts_with(b"784")),
    }],
    hits: &[
        ("CNIC 42201-1234567-1", "CNIC [NATIONAL_ID]"),
        ("National ID: 29801011234567", "National ID: [NATIONAL_ID]"),
        ("784-1980-1234567-1", "[NATIONAL_ID]"),
    ],
    misses: &["29801011234567"],
    ..Definition::BLANK
};
