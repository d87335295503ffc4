//! Measures names, addresses and organisations behind labels on made-up forms of many languages: recall by language and
//! by kind. Most of the names are not on the detector's list. The rules were mended after a look at what they missed in
//! the first sixteen languages, and not after a look at those from Czech on. `names_corpus [--missed]`
#![expect(clippy::print_stdout, reason = "a tool for people")]

mod languages;

use std::collections::BTreeMap;

use countersign_detect::{Engine, Entity};

use self::languages::LANGUAGES;

/// Keys of JSON and settings: what holds a full name, a part of one, an address, a city, an organisation.
const KEYS: [&[&str]; 6] = [
    &["full_name", "fullName", "patientName", "customer_name", "cardholder_name"],
    &["first_name", "firstName", "given_name"],
    &["last_name", "lastName", "surname", "familyName"],
    &["address", "street_address", "billingAddress", "addressLine1"],
    &["city", "town"],
    &["company", "employer", "company_name", "organization"],
];
const FORMS: &[&str] = &[
    "{l}: {v}",
    "{l}: {v}\nDate: today",
    "{l} : {v}",
    "- {l}: {v}",
    "**{l}:** {v}",
    "| {l} | {v} |",
    "{l} - {v}",
    "ID 7\n{l}: {v}\n",
];
const STRUCTURES: &[&str] = &[
    "{\"{l}\": \"{v}\"}",
    "{\"id\": 7, \"{l}\":\"{v}\", \"ok\": true}",
    "{\\\"{l}\\\": \\\"{v}\\\"}",
    "<{l}>{v}</{l}>",
    "'{l}': '{v}',",
    "{l}: \"{v}\"",
    "{l} = \"{v}\"",
];

#[derive(Default)]
struct Score {
    wanted: usize,
    covered: usize,
    named: usize,
}

fn main() {
    let engine = Engine::standard();
    let show = std::env::args().any(|argument| argument == "--missed");
    let mut scores: BTreeMap<(String, String), Score> = BTreeMap::new();
    let mut each = |code: &str, kind: &str, entity: Entity, text: &str, value: &str| {
        let Some(start) = text.find(value) else { return };
        let end = start + value.len();
        let spans = engine.scan(text);
        let inside = |at: usize| spans.iter().any(|span| (span.start..span.end).contains(&at));
        let signs = |at: &usize| text.is_char_boundary(*at) && text[*at..].starts_with(char::is_alphanumeric);
        let covered = (start..end).filter(signs).all(inside);
        let over =
            spans.iter().any(|span| span.entity == entity && (span.start < start || span.end > end + 1));
        for key in [code.to_owned(), "all".to_owned()] {
            let score = scores.entry((key, kind.to_owned())).or_default();
            score.wanted += 1;
            score.covered += usize::from(covered);
            score.named += usize::from(
                covered && !over && spans.iter().any(|span| span.entity == entity && span.start <= start),
            );
        }
        if show && !covered {
            println!("{code} {kind}: {text:?}");
        }
    };
    for language in LANGUAGES {
        let asian = matches!(language.code, "zh" | "ja" | "ko");
        let whole = |given: &str, sur: &str| match language.code {
            "zh" | "ko" => format!("{sur}{given}"),
            "ja" => format!("{sur} {given}"),
            _ => format!("{given} {sur}"),
        };
        let mut values: [Vec<String>; 6] = Default::default();
        for (given, sur) in language.names {
            values[0].push(whole(given, sur));
            values[1].push((*given).to_owned());
            values[2].push((*sur).to_owned());
        }
        values[3].extend(language.addresses.iter().map(|value| (*value).to_owned()));
        values[4].extend(language.cities.iter().map(|value| (*value).to_owned()));
        values[5].extend(language.firms.iter().map(|value| (*value).to_owned()));
        let labels =
            [language.full, language.given, language.sur, language.address, language.city, language.firm];
        let kinds = ["person full", "person given", "person surname", "address", "city", "organisation"];
        let entities = [
            Entity::Person,
            Entity::Person,
            Entity::Person,
            Entity::Location,
            Entity::Location,
            Entity::Organization,
        ];
        for which in 0..6 {
            for value in &values[which] {
                for label in labels[which] {
                    for form in FORMS {
                        each(
                            language.code,
                            kinds[which],
                            entities[which],
                            &form.replace("{l}", label).replace("{v}", value),
                            value,
                        );
                    }
                    if asian {
                        each(
                            language.code,
                            kinds[which],
                            entities[which],
                            &format!("{label}：{value}"),
                            value,
                        );
                    }
                }
                for key in KEYS[which] {
                    for form in STRUCTURES {
                        let kind = format!("{} by key", kinds[which]);
                        each(
                            language.code,
                            &kind,
                            entities[which],
                            &form.replace("{l}", key).replace("{v}", value),
                            value,
                        );
                    }
                }
            }
        }
        for (given, sur) in language.names {
            for letter in language.letters {
                let value = if letter.contains("{G} {S}") {
                    format!("{given} {sur}")
                } else if letter.contains("{S}{G}") {
                    format!("{sur}{given}")
                } else if letter.contains("{S}") {
                    (*sur).to_owned()
                } else {
                    (*given).to_owned()
                };
                let text = letter.replace("{G}", given).replace("{S}", sur);
                each(language.code, "introduced", Entity::Person, &text, &value);
            }
            for form in ["From: {v} <x@example.com>", "To: \"{v}\" <x@example.com>"] {
                let value = whole(given, sur);
                each(language.code, "mail head", Entity::Person, &form.replace("{v}", &value), &value);
            }
        }
        for address in language.addresses {
            each(language.code, "address alone", Entity::Location, &format!("we met at {address}."), address);
        }
    }
    let mut languages: BTreeMap<&str, Score> = BTreeMap::new();
    for ((code, kind), score) in &scores {
        if code == "all" {
            line(kind, score);
        }
        if kind != "address alone" {
            let sum = languages.entry(code).or_default();
            sum.wanted += score.wanted;
            sum.covered += score.covered;
            sum.named += score.named;
        }
    }
    println!("without `address alone`:");
    for (code, score) in &languages {
        line(code, score);
    }
}

fn line(name: &str, score: &Score) {
    let share = |part: usize| part as f64 / score.wanted as f64 * 100.0;
    println!(
        "{name:24} {:5} covered {:5.1} % exactly {:5.1} %",
        score.wanted,
        share(score.covered),
        share(score.named)
    );
}
