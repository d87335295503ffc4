//! Organisations behind a label.
//!
//! Never: finds one by its name alone; those of one's own are words of a dictionary.

use crate::Entity;
use crate::definition::{Definition, Rule, Starts};
use crate::labelled::{self, Of};
use crate::names::is_no_name;
use crate::probe::{Hit, Outcome, Probe};

pub static DEFINITION: Definition = Definition {
    entity: Entity::Organization,
    about: "words with capitals behind a label such as `employer` or `company name`; behind `company` and the like two of them, \
            or one in quotes, or with a legal form",
    rules: &[Rule::new(Starts::Bytes(labelled::SIGNS), recognise)],
    hits: &[
        ("Employer: Acme Widgets Inc.", "Employer: [ORGANIZATION]."),
        ("\"company\": \"Northwind Traders\"", "\"company\": \"[ORGANIZATION]\""),
        ("Firma: Beispiel GmbH & Co. KG", "Firma: [ORGANIZATION]"),
        ("Company name: ACME", "Company name: [ORGANIZATION]"),
        ("<employer>Initech</employer>", "<employer>[ORGANIZATION]</employer>"),
        ("Hospital: St. Mary's Hospital", "Hospital: [ORGANIZATION]"),
    ],
    misses: &[
        "company: string",
        "company: Company;",
        "\"organization\": \"string\"",
        "org: main",
        "organization = Organization()",
        "Company: your company",
        "Employer: {{employer}}",
        "company_id: 12",
    ],
    ..Definition::BLANK
};

const FORMS: &[&str] = &[
    "inc",
    "ltd",
    "llc",
    "llp",
    "plc",
    "corp",
    "co",
    "gmbh",
    "ag",
    "kg",
    "ug",
    "se",
    "sa",
    "sas",
    "sarl",
    "srl",
    "spa",
    "bv",
    "nv",
    "ab",
    "as",
    "aps",
    "oy",
    "oyj",
    "kft",
    "zrt",
    "limited",
    "company",
    "corporation",
    "incorporated",
    "group",
    "foundation",
    "bank",
    "university",
    "hospital",
    "ооо",
    "оао",
    "зао",
    "тов",
    "pty",
    "pvt",
    "ltda",
];
/// In small letters within a name.
const WITHIN: &[&str] = &[
    "of", "the", "and", "for", "de", "di", "del", "la", "du", "des", "der", "und", "für", "e", "y", "et",
    "da", "do", "van", "&", "+", "-",
];

fn recognise(probe: &Probe<'_>) -> Outcome {
    let Some((label, value)) = labelled::read(probe, |of| matches!(of, Of::Company | Of::Organization))?
    else {
        return Ok(None);
    };
    if label.led && label.of == Of::Organization && !label.quoted {
        return Ok(None);
    }
    let text = value.text;
    let mut end = 0;
    let mut at = 0;
    let mut words = 0;
    let mut form = false;
    while words < 8 {
        let rest = &text[at..];
        let length = rest.find([' ', ',', ';', '(', ')', '/', ':', '=', '[', '{']).unwrap_or(rest.len());
        let word = &rest[..length];
        let bare = word.trim_end_matches('.');
        let small = bare.to_lowercase().replace('.', "");
        let legal = FORMS.contains(&&*small);
        let capital = bare.starts_with(|c: char| {
            c.is_uppercase() || (!c.is_ascii() && !c.is_lowercase() && c.is_alphabetic())
        }) || (words > 0 && bare.starts_with(|c: char| c.is_ascii_digit()));
        let own = bare.chars().all(|c| {
            c.is_alphanumeric() || c >= '\u{300}' || matches!(c, '\'' | '’' | '-' | '&' | '.' | '，' | '·')
        });
        if rest[length..].starts_with([':', '='])
            || rest[length..].starts_with('(') && length > 0 && !bare.is_empty()
        {
            break;
        }
        if capital && own && !bare.is_empty() && (legal || words > 0 || !is_no_name(bare)) {
            words += 1;
            form |= legal;
            end = at + bare.len();
        } else if !(words > 0 && WITHIN.contains(&bare)) {
            break;
        }
        at += length;
        let rest = &text[at..];
        if rest.starts_with(' ') {
            at += 1;
        } else if let Some(behind) = rest.strip_prefix(", ")
            && FORMS.contains(
                &&*behind.split([' ', ',']).next().unwrap_or_default().trim_end_matches('.').to_lowercase(),
            )
        {
            at += 2;
        } else {
            break;
        }
    }
    // `Spółka z ograniczoną odpowiedzialnością` has four words.
    let polish = [" Sp. z o.o", " sp. z o.o", ". z o.o"].iter().find(|form| text[end..].starts_with(**form));
    if end > 0
        && let Some(polish) = polish
    {
        end += polish.len();
        form = true;
        words += 1;
    }
    let rest = &text[end..];
    let ends =
        (rest.is_empty() && value.ended.is_some()) || rest.starts_with([',', ';', '.', ' ', '，', '。']);
    if end == 0 || !ends || end < 2 {
        return Ok(None);
    }
    let loose = !value.quoted && !value.element && (value.assigned || !label.natural);
    let whole = rest.trim_matches(['.', ' ', ',']).is_empty();
    let fits = match label.of {
        _ if form && words >= 2 => true,
        _ if loose => false,
        Of::Company => whole || label.natural,
        _ => whole && (words >= 2 || value.quoted && !text[..end].contains('.') || !text.is_ascii()),
    };
    Ok(fits.then(|| Hit::in_context(value.from + end, 0.7).behind(value.from)))
}
