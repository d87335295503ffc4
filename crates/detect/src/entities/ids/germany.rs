//! Germany, Austria and Switzerland.

use super::checks::{any, ddmmyy, luhn_sum, mixed, mod_11_10, value};
use crate::Entity;
use crate::definition::Definition;
use crate::shapes::{Form, Forms, Id};

pub static TAX_ID: Definition = Definition {
    entity: Entity::DeTaxId,
    about: "eleven digits, one of the first ten twice or thrice, ISO 7064 MOD 11,10 (\u{a7} 139b AO, BZSt)",
    words: &[
        "steuer id",
        "steueridentifikationsnummer",
        "steuer identifikationsnummer",
        "steuerid",
        "idnr",
        "identifikationsnummer",
        "tax id",
        "steuerliche identifikationsnummer",
        "tin",
        "tax identification",
        "steuer idnr",
    ],
    forms: &[Forms {
        forms: &[
            Form::alone("00 000 000 000", 0.7),
            Form::alone("0{11}", 0.5),
            Form::named("00-000-000-000"),
            Form::named("00/000/000/000"),
        ],
        check: |id| {
            let mut counts = [0; 10];
            id.digits().take(10).for_each(|digit| counts[digit as usize] += 1);
            let repeated = counts.iter().filter(|count| **count > 1).count();
            let made_up = Id { raw: id.raw, signs: &id.signs[..8] }.is_made_up();
            id.digit(0) > 0
                && !made_up
                && repeated == 1
                && counts.iter().all(|count| *count < 4)
                && mod_11_10(id, 11)
        },
    }],
    hits: &[
        ("Steuer-ID 36 574 261 809", "Steuer-ID [DE_TAX_ID]"),
        ("IdNr: 36574261809", "IdNr: [DE_TAX_ID]"),
    ],
    misses: &["36574261808", "11111111111", "order 36574261809"],
    ..Definition::BLANK
};

pub static TAX_NUMBER: Definition = Definition {
    entity: Entity::DeTaxNumber,
    about: "ten, eleven or thirteen digits with slashes or together, named (ELSTER)",
    words: &["steuernummer", "st nr", "steuer nr", "stnr", "steuernr", "tax number"],
    forms: &[Forms {
        forms: &[
            Form::named("0{2,3}/0{3,4}/0{4,5}"),
            Form::near("0{10,11}"),
            Form::near("0{13}"),
            Form::near("00 000 00000"),
            Form::near("0{3} 0{3,4} 0{4,5}"),
        ],
        check: any,
    }],
    hits: &[
        ("Steuernummer: 93/815/08152", "Steuernummer: [DE_TAX_NUMBER]"),
        ("St.-Nr. 181/815/08155", "St.-Nr. [DE_TAX_NUMBER]"),
    ],
    misses: &["93/815/08152"],
    ..Definition::BLANK
};

pub static SOCIAL_SECURITY: Definition = Definition {
    entity: Entity::DeSocialSecurity,
    about: "area, date of birth, initial, serial and a check digit (VKVV \u{a7} 2)",
    words: &[
        "rentenversicherungsnummer",
        "sozialversicherungsnummer",
        "rvnr",
        "sv nummer",
        "svnr",
        "versicherungsnummer",
        "sozialversicherung",
        "rentenversicherung",
        "social security",
        "sv nr",
        "social insurance",
    ],
    forms: &[Forms {
        forms: &[
            Form::alone("0{8}A000", 0.7),
            Form::alone("00 000000 A 000", 0.9),
            Form::alone("00 0{6} A00 0", 0.9),
            Form::named("0{8}a000"),
        ],
        check: pension,
    }],
    hits: &[
        ("SV-Nummer 15 070649 C 103", "SV-Nummer [DE_SOCIAL_SECURITY]"),
        ("rvnr=15070649C103", "rvnr=[DE_SOCIAL_SECURITY]"),
    ],
    misses: &["15070649C104", "15 990649 C 103"],
    ..Definition::BLANK
};

fn pension(id: &Id<'_>) -> bool {
    let letter = u32::from(id.signs[8] - b'A' + 1);
    let mut digits = [0; 12];
    for (at, digit) in digits[..8].iter_mut().enumerate() {
        *digit = id.digit(at);
    }
    (digits[8], digits[9], digits[10], digits[11]) = (letter / 10, letter % 10, id.digit(9), id.digit(10));
    let sum: u32 = digits
        .iter()
        .zip([2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1])
        .map(|(digit, weight)| digit * weight / 10 + digit * weight % 10)
        .sum();
    let day = id.number(2, 4);
    (1..=81).contains(&day) && (1..=12).contains(&id.number(4, 6)) && sum % 10 == id.digit(11)
}

pub static HEALTH_INSURANCE: Definition = Definition {
    entity: Entity::DeHealthInsurance,
    about: "a capital and nine digits, the last a check digit (\u{a7} 290 SGB V), named",
    words: &[
        "krankenversichertennummer",
        "kvnr",
        "versichertennummer",
        "krankenversicherung",
        "krankenkasse",
        "versicherten nr",
        "gesundheitskarte",
        "egk",
        "health insurance",
        "krankenversicherungsnummer",
        "versichertennr",
    ],
    forms: &[
        Forms {
            forms: &[Form::named("A0{9}"), Form::named("A000 000 000"), Form::named("a0{9}")],
            check: |id| {
                let letter = u32::from(id.signs[0] - b'A' + 1);
                let digits = [letter / 10, letter % 10].into_iter().chain((1..9).map(|at| id.digit(at)));
                let sum: u32 = digits
                    .zip([1, 2, 1, 2, 1, 2, 1, 2, 1, 2])
                    .map(|(digit, weight)| digit * weight / 10 + digit * weight % 10)
                    .sum();
                sum % 10 == id.digit(9)
            },
        },
        Forms { forms: &[Form::named("A0{19}")], check: any },
    ],
    hits: &[("Versichertennummer A123456780", "Versichertennummer [DE_HEALTH_INSURANCE]")],
    misses: &["A123456780", "KVNR A123456781"],
    ..Definition::BLANK
};

/// Letters that machine-readable German papers use.
fn paper(id: &Id<'_>) -> bool {
    let digits = id.signs.iter().filter(|sign| sign.is_ascii_digit()).count();
    digits >= 3
        && !id.is_made_up()
        && id.signs.iter().all(|sign| sign.is_ascii_digit() || b"CFGHJKLMNPRTVWXYZ".contains(sign))
}

pub static ID_CARD: Definition = Definition {
    entity: Entity::DeIdCard,
    about: "a letter and eight letters or digits, with or without a check digit, named (PAuswV)",
    words: &[
        "personalausweis",
        "personalausweisnummer",
        "ausweisnummer",
        "ausweis",
        "perso",
        "ausweis nr",
        "id card",
        "identity card",
        "german id",
        "personalausweis nr",
    ],
    forms: &[Forms {
        forms: &[Form::near("AX{8}"), Form::near("AX{9}"), Form::near("AX{9}A"), Form::near("0{10}A")],
        check: |id| id.signs[0].is_ascii_digit() || paper(&Id { raw: id.raw, signs: &id.signs[..9] }),
    }],
    hits: &[
        ("Personalausweis T220001293", "Personalausweis [DE_ID_CARD]"),
        ("Ausweisnummer: L01X00T47", "Ausweisnummer: [DE_ID_CARD]"),
    ],
    misses: &["T220001293", "Ausweis TESTABCDE"],
    ..Definition::BLANK
};

pub static PASSPORT: Definition = Definition {
    entity: Entity::DePassport,
    about: "a letter of C, F, G, H, J, K and eight letters or digits, with or without a check digit, named (PassV)",
    words: &[
        "reisepass",
        "passnummer",
        "reisepassnummer",
        "pass nr",
        "german passport",
        "passport",
        "reisepass nr",
        "deutscher pass",
    ],
    forms: &[Forms {
        forms: &[Form::near("AX{8}"), Form::near("AX{8}0")],
        check: |id| b"CFGHJK".contains(&id.signs[0]) && paper(id),
    }],
    hits: &[
        ("Reisepass C01X00T47", "Reisepass [DE_PASSPORT]"),
        ("passport: C01X00T478", "passport: [DE_PASSPORT]"),
    ],
    misses: &["C01X00T47", "Reisepass CHECKPASS"],
    ..Definition::BLANK
};

pub static VAT: Definition = Definition {
    entity: Entity::DeVatId,
    about: "DE and nine digits, ISO 7064 MOD 11,10 (BZSt)",
    words: &[
        "ust idnr",
        "umsatzsteuer id",
        "ust id",
        "ustid",
        "ustidnr",
        "vat",
        "vat id",
        "umsatzsteuer identifikationsnummer",
        "vat number",
        "mwst",
    ],
    forms: &[Forms {
        forms: &[
            Form::alone("AA0{9}", 0.8),
            Form::alone("AA 0{9}", 0.7),
            Form::named("AA 000 000 000"),
            Form::named("aa0{9}"),
        ],
        check: |id| id.signs.starts_with(b"DE") && mod_11_10(&Id { raw: id.raw, signs: &id.signs[2..] }, 9),
    }],
    hits: &[
        ("USt-IdNr. DE136695976", "USt-IdNr. [DE_VAT_ID]"),
        ("Invoice of ACME, DE 136695976", "Invoice of ACME, [DE_VAT_ID]"),
    ],
    misses: &["DE136695977"],
    ..Definition::BLANK
};

pub static PLATE: Definition = Definition {
    entity: Entity::DePlate,
    about: "district, letters and up to four digits, named (FZV \u{a7} 8)",
    words: &[
        "kennzeichen",
        "kfz kennzeichen",
        "nummernschild",
        "autokennzeichen",
        "plate",
        "license plate",
        "licence plate",
        "kfz",
        "number plate",
    ],
    forms: &[Forms {
        forms: &[
            Form::near("A{1,3}-A{1,2} 0{1,4}"),
            Form::near("A{1,3} A{1,2} 0{1,4}"),
            Form::near("A{1,3}-A{1,2}-0{1,4}"),
            Form::near("A{1,3}-A{1,2} 0{1,3}A"),
            Form::near("A{1,3}-A{1,2}0{1,4}"),
        ],
        check: |id| {
            id.signs.len() <= 8
                && id.raw != b"A"
                && id.signs.iter().find(|sign| sign.is_ascii_digit()) != Some(&b'0')
        },
    }],
    hits: &[
        ("Kennzeichen B-MW 1234", "Kennzeichen [DE_PLATE]"),
        ("license plate M AB 123", "license plate [DE_PLATE]"),
    ],
    misses: &["B-MW 1234", "Kennzeichen B-MW 0123"],
    ..Definition::BLANK
};

pub static POSTAL_CODE: Definition = Definition {
    entity: Entity::PostalCode,
    about: "four to seven digits or signs directly behind the words for a postal code",
    words: &[
        "plz",
        "postleitzahl",
        "postal code",
        "postcode",
        "zip code",
        "zip",
        "zipcode",
        "code postal",
        "c\u{f3}digo postal",
        "cap",
        "cep",
        "postnummer",
        "kod pocztowy",
        "postinumero",
        "psc",
        "ps\u{10d}",
        "ir\u{e1}ny\u{ed}t\u{f3}sz\u{e1}m",
        "pin code",
        "pincode",
        "邮编",
        "邮政编码",
        "郵便番号",
        "우편번호",
        "почтовый индекс",
        "индекс",
        "posta kodu",
    ],
    forms: &[Forms {
        forms: &[
            Form::labelled("0{5,6}"),
            Form::labelled("0{5}-0{4}"),
            Form::labelled("0{4}-0{3}"),
            Form::labelled("0{5}-0{3}"),
            Form::labelled("00-000"),
            Form::labelled("000 00"),
            Form::labelled("0000 AA"),
            Form::labelled("A0A 0A0"),
            Form::labelled("0{3}-0{4}"),
            Form::labelled("0{4}"),
            Form::labelled("000 000"),
        ],
        check: |id| id.number(0, id.signs.len()) > 0 || id.signs[0].is_ascii_uppercase(),
    }],
    hits: &[
        ("PLZ 10115", "PLZ [POSTAL_CODE]"),
        ("{\"zip\": \"94107-1234\"}", "{\"zip\": \"[POSTAL_CODE]\"}"),
        ("code postal : 75011", "code postal : [POSTAL_CODE]"),
    ],
    misses: &["10115 Berlin", "unzip 12345"],
    ..Definition::BLANK
};

pub static AT_SVNR: Definition = Definition {
    entity: Entity::AtSvnr,
    about: "Austria: serial, check digit and date of birth (\u{a7} 31 ASVG); named",
    words: &[
        "svnr",
        "sozialversicherungsnummer",
        "sv nummer",
        "versicherungsnummer",
        "sozialversicherung",
        "sv nr",
        "social security",
        "e card",
    ],
    forms: &[Forms {
        forms: &[Form::alone("0000 000000", 0.5), Form::named("0{10}"), Form::named("0000-000000")],
        check: |id| {
            let sum = id.weighed(&[3, 7, 9, 0, 5, 8, 4, 2, 1, 6]) % 11;
            id.digit(0) > 0
                && sum < 10
                && sum == id.digit(3)
                && (ddmmyy(id, 4) || matches!(id.number(6, 8), 13..=16))
        },
    }],
    hits: &[
        ("SVNr 1237 010180", "SVNr [AT_SVNR]"),
        ("{\"svnr\":\"1237010180\"}", "{\"svnr\":\"[AT_SVNR]\"}"),
    ],
    misses: &["1237010180", "1238 010180"],
    ..Definition::BLANK
};

pub static CH_AHV: Definition = Definition {
    entity: Entity::ChAhv,
    about: "Switzerland: 756, nine digits and an EAN-13 check digit (AHVV Art. 133bis)",
    words: &[
        "ahv",
        "avs",
        "ahv nummer",
        "ahvn13",
        "navs",
        "sozialversicherungsnummer",
        "num\u{e9}ro avs",
        "ahv nr",
        "oasi",
        "num\u{e9}ro de s\u{e9}curit\u{e9} sociale",
    ],
    forms: &[Forms {
        forms: &[
            Form::alone("000.0000.0000.00", 0.95),
            Form::alone("0{13}", 0.6),
            Form::alone("000 0000 0000 00", 0.9),
            Form::named("000-0000-0000-00"),
        ],
        check: |id| {
            id.signs.starts_with(b"756")
                && id.weighed(&[1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]).is_multiple_of(10)
        },
    }],
    hits: &[("AHV-Nr. 756.9217.0769.85", "AHV-Nr. [CH_AHV]"), ("avs,7569217076985", "avs,[CH_AHV]")],
    misses: &["756.9217.0769.84", "EAN 4006381333931"],
    ..Definition::BLANK
};

pub static CH_UID: Definition = Definition {
    entity: Entity::ChUid,
    about: "Switzerland: CHE, eight digits and a check digit (UIDG)",
    words: &["uid", "mwst", "che", "ide", "unternehmens identifikationsnummer"],
    forms: &[Forms {
        forms: &[Form::alone("AAA-000.000.000", 0.9), Form::alone("AAA0{9}", 0.8)],
        check: |id| {
            let sum: u32 =
                (3..11).zip([5, 4, 3, 2, 7, 6, 5, 4]).map(|(at, weight)| id.digit(at) * weight).sum();
            id.signs.starts_with(b"CHE") && super::checks::mod_11(sum) == Some(id.digit(11))
        },
    }],
    hits: &[("UID CHE-100.155.212", "UID [CH_UID]")],
    misses: &["CHE-100.155.213"],
    ..Definition::BLANK
};

pub static AT_VAT: Definition = Definition {
    entity: Entity::EuVatId,
    about: "a member state's code and its number of signs, named (Directive 2006/112/EC Art. 215, VIES)",
    words: &[
        "vat",
        "vat id",
        "vat number",
        "uid nummer",
        "uid",
        "tva",
        "iva",
        "btw",
        "btw nummer",
        "moms",
        "nip",
        "nif iva",
        "partita iva",
        "num\u{e9}ro de tva",
        "vat reg",
        "dph",
        "dič",
        "afa",
        "pvn",
        "pvm",
        "ust id",
        "ustid",
        "umsatzsteuer id",
    ],
    forms: &[Forms {
        forms: &[
            Form::named("AA0{8,12}"),
            Form::named("AAA0{8}"),
            Form::named("AAX0{7,8}X"),
            Form::named("AA0{9}A00"),
            Form::named("AA 0{8,12}"),
            Form::named("AA000 0000 00"),
            Form::named("AA 000 000 000"),
            Form::named("AA0{4}.0{3}.0{3}"),
            Form::named("AA 0{4}.0{3}.0{3}"),
            Form::named("AAXX0{9}"),
            Form::named("AA0{7}A{1,2}"),
            Form::named("AAxx 0{9}"),
            Form::named("AAXX 000 000 000"),
        ],
        check: |id| {
            const STATES: &[&[u8]] = &[
                b"AT", b"BE", b"BG", b"CY", b"CZ", b"DE", b"DK", b"EE", b"EL", b"ES", b"FI", b"FR", b"GB",
                b"HR", b"HU", b"IE", b"IT", b"LT", b"LU", b"LV", b"MT", b"NL", b"PL", b"PT", b"RO", b"SE",
                b"SI", b"SK", b"XI",
            ];
            STATES.contains(&&id.signs[..2]) && mixed(id) && value(id.signs[2]) < 36
        },
    }],
    hits: &[
        ("VAT: ATU13585627", "VAT: [EU_VAT_ID]"),
        ("BTW-nummer NL004495445B01", "BTW-nummer [EU_VAT_ID]"),
        ("TVA FR40303265045", "TVA [EU_VAT_ID]"),
    ],
    misses: &["ATU13585627", "VAT XX123456789"],
    ..Definition::BLANK
};

pub static IMEI: Definition = Definition {
    entity: Entity::Imei,
    about: "fifteen digits with a Luhn digit, named (3GPP TS 23.003)",
    words: &["imei", "imei number", "imei1", "device imei", "imeisv"],
    forms: &[Forms {
        forms: &[Form::named("0{15}"), Form::named("00-000000-000000-0"), Form::named("00 000000 000000 0")],
        check: |id| any(id) && luhn_sum(id.digits().rev()).is_multiple_of(10),
    }],
    hits: &[("IMEI 490154203237518", "IMEI [IMEI]"), ("imei: 35-209900-176148-1", "imei: [IMEI]")],
    misses: &["490154203237518", "IMEI 490154203237519"],
    ..Definition::BLANK
};
