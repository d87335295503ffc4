//! The United Kingdom: NHS numbers.

use crate::Entity;
use crate::definition::Definition;
use crate::shapes::{Form, Forms, Id};

/// NHS Data Dictionary, NHS NUMBER: ten digits, the last a check digit modulo 11.
pub static NHS: Definition = Definition {
    entity: Entity::UkNhs,
    about: "ten digits, 3-3-4 or together, with a valid check digit (modulo 11)",
    words: &["nhs", "nhs number", "nhs no", "national health service", "health service number"],
    forms: &[Forms {
        forms: &[Form::alone("000 000 0000", 0.6), Form::alone("000-000-0000", 0.6), Form::named("0{10}")],
        check: |id| !id.is_made_up() && nhs(id),
    }],
    hits: &[
        ("NHS number: 943 476 5919.", "NHS number: [UK_NHS]."),
        ("{\"nhsNumber\": \"9434765919\"}", "{\"nhsNumber\": \"[UK_NHS]\"}"),
        ("seen by Dr Patel, 401-023-2137", "seen by Dr Patel, [UK_NHS]"),
    ],
    misses: &["9434765919", "NHS number 9434765918", "nhs 1111111111"],
    ..Definition::BLANK
};

fn nhs(id: &Id<'_>) -> bool {
    let check = 11 - id.weighed(&[10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11;
    check % 11 == id.digit(9) && check != 10
}
