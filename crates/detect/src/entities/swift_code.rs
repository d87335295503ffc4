//! Bank identifier codes (ISO 9362), behind a word that says so.

use crate::Entity;
use crate::alphabet::{ALNUM, UPPER, WORD, within};
use crate::definition::{Definition, Rule, Starts};
use crate::probe::{Hit, Outcome, Probe};

pub static DEFINITION: Definition = Definition {
    entity: Entity::SwiftCode,
    about: "four letters, a country, two signs and perhaps three more, named (ISO 9362)",
    words: &["swift", "bic", "swift code", "swift bic", "bic code", "bic swift", "bank identifier"],
    rules: &[Rule::new(Starts::Sets(UPPER), recognise)
        .going_on_with(&[[UPPER, UPPER, UPPER]])
        .judging_plain_words()],
    hits: &[
        ("BIC: DEUTDEFF500", "BIC: [SWIFT_CODE]"),
        ("SWIFT code is BNPAFRPPXXX.", "SWIFT code is [SWIFT_CODE]."),
        ("\"bic\":\"INGBNL2A\"", "\"bic\":\"[SWIFT_CODE]\""),
        ("BIC DEUTDEFF, Berlin", "BIC [SWIFT_CODE], Berlin"),
    ],
    misses: &["DEUTDEFF", "a swift RESPONSE came", "swift functions"],
    ..Definition::BLANK
};

const COUNTRIES: &[u8] = b"ADAEAFAGAIALAMAOARATAUAWAZBABBBDBEBFBGBHBIBJBMBNBOBRBSBTBWBYBZCACDCFCGCHCICLCMCNCOCRCUCVCYCZDEDJDKDMDODZECEEEGESETFIFJFRGAGBGEGHGIGLGMGNGQGRGTGWGYHKHNHRHTHUIDIEILINIQIRISITJMJOJPKEKGKHKMKRKWKYKZLALBLCLILKLRLSLTLULVLYMAMCMDMEMGMKMLMMMNMOMRMTMUMVMWMXMYMZNANENGNINLNONPNZOMPAPEPGPHPKPLPRPSPTPYQARORSRURWSASBSCSDSESGSISKSLSMSNSOSRSVSYSZTDTGTHTJTLTMTNTOTRTTTWTZUAUGUSUYUZVAVCVEVGVNVUWSXKYEZAZMZW";

fn recognise(probe: &Probe<'_>) -> Outcome {
    if probe.run(0, UPPER, 6)? < 6 {
        return Ok(None);
    }
    let length = probe.run(0, ALNUM, 12)?;
    let country = [probe.get(4)?, probe.get(5)?];
    if !matches!(length, 8 | 11)
        || within(probe.get(length)?, WORD)
        || !COUNTRIES.chunks(2).any(|known| known == country)
    {
        return Ok(None);
    }
    Ok(probe.name(Entity::SwiftCode).filter(|name| name.gap <= 2).map(|name| Hit::named(length, name)))
}
