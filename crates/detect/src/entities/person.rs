//! Names of people behind a label, a title, a greeting, or words that introduce one.
//!
//! Never: finds a name in prose that nothing introduces.

use std::sync::LazyLock;

use crate::Entity;
use crate::alphabet::{WORD, within};
use crate::definition::{Definition, Rule, Starts, beginnings};
use crate::labelled::{self, Label, Of, Value};
use crate::names::{self, Name};
use crate::probe::{Hit, Need, Outcome, Probe};

pub static DEFINITION: Definition = Definition {
    entity: Entity::Person,
    about: "behind a label such as `first name`, a title, a greeting or `my name is`, if it looks like a person's name; bare \
            `name` needs a frequent name, an initial or a particle in it",
    rules: &[
        Rule::new(Starts::Bytes(labelled::SIGNS), labelled_name),
        Rule::new(Starts::Bytes(b"BMDPHFSCm"), introduced).beginning_with(&BEGINNINGS).judging_plain_words(),
        Rule::new(Starts::Bytes(b"NnIiJj"), introduced).beginning_with(&BEGINNINGS).judging_plain_words(),
        Rule::new(Starts::Bytes(&[0xD0, 0xE6]), introduced).beginning_with(&BEGINNINGS),
    ],
    hits: &[
        ("Name: Ana Souza", "Name: [PERSON]"),
        ("Full name - Anil Kapadia", "Full name - [PERSON]"),
        (
            "{\"first_name\": \"Ana\", \"last_name\": \"Okonjo\"}",
            "{\"first_name\": \"[PERSON]\", \"last_name\": \"[PERSON]\"}",
        ),
        ("{\\\"lastName\\\":\\\"Kapadia\\\"}", "{\\\"lastName\\\":\\\"[PERSON]\\\"}"),
        ("Patient: Grünewald, Ottilie", "Patient: [PERSON]"),
        ("Patient: Dr. Mary Major Age: 42", "Patient: [PERSON] Age: [AGE]"),
        ("<surname>Okonjo</surname>", "<surname>[PERSON]</surname>"),
        ("FIRST_NAME=Ana", "FIRST_NAME=[PERSON]"),
        ("| Name | J. K. Wexley |", "| Name | [PERSON] |"),
        ("**Name:** John Doe", "**Name:** [PERSON]"),
        ("From: \"Ana Souza\" <ana@example.com>", "From: \"[PERSON]\" <[EMAIL_ADDRESS]>"),
        ("Dear Dr. Grünewald,", "Dear Dr. [PERSON],"),
        ("Hi Maria,", "Hi [PERSON],"),
        ("ask Mrs Okonjo or Prof. Wexley.", "ask Mrs [PERSON] or Prof. [PERSON]."),
        ("Sehr geehrte Frau Dr. Grünewald,", "Sehr geehrte Frau Dr. [PERSON],"),
        ("Mme Dubois et M. Lefèvre", "Mme [PERSON] et M. [PERSON]"),
        ("my name is Ottilie Wexley and", "my name is [PERSON] and"),
        ("Vorname: Ottilie\nNachname: Grünewald", "Vorname: [PERSON]\nNachname: [PERSON]"),
    ],
    misses: &[
        "name = \"foo\"",
        "\"name\": \"countersign\"",
        "user.name",
        "name: build",
        "name: Build Docs",
        "className: Foo Bar",
        "<input name=\"q\">",
        "first_name: String,",
        "\"first_name\": \"string\"",
        "firstName = getFirstName()",
        "Name: <name>",
        "Name: {{ name }}",
        "Name: [NAME]",
        "Full name: Your Name",
        "name: %s",
        "Dear Customer, Hello World, Hi all,",
        "file name: Annual Report",
        "from: main to: origin",
        "Dr. and Mr. are titles",
        "Patient: stable",
        "\"name\": \"Linear B\"",
        "Julio M. Merino Vidal",
    ],
    ..Definition::BLANK
};

fn labelled_name(probe: &Probe<'_>) -> Outcome {
    let of = |of| matches!(of, Of::Given | Of::Full | Of::Name | Of::Called | Of::Mail);
    let Some((label, value)) = labelled::read(probe, of)? else { return Ok(None) };
    let Some(name) = names::read(value.text) else { return Ok(None) };
    let score = score(label, &value, &name);
    Ok(score.map(|score| Hit::in_context(value.from + name.length, score).behind(value.from)))
}

fn score(label: Label, value: &Value<'_>, name: &Name) -> Option<f32> {
    let rest = &value.text[name.length..];
    let titled = name.titles > 0;
    let mail = value.mailbox && rest.trim_start().is_empty() || rest.trim_start().starts_with('<');
    let ends = match rest.trim_start_matches([' ', '*']).chars().next() {
        None => value.ended.is_some(),
        Some(',' | ';' | '(' | '/' | '。' | '，' | '、' | '；' | '（') => true,
        Some('.') => rest.trim_start_matches(['.', ' ']).is_empty() || rest.starts_with(". "),
        Some('-' | '–' | '—') => rest.starts_with(' '),
        Some(_) => false,
    };
    if rest.starts_with(|next: char| next.is_alphanumeric() || matches!(next, '_' | '(' | '[' | '@'))
        && !name.caseless
    {
        return None;
    }
    // Only a literal stands in program text; settings hold what is known to be a name.
    let loose = !value.quoted && !value.element && (value.assigned || !label.natural);
    let sure = name.known > 0 || titled;
    let full = name.words >= 2;
    match label.of {
        Of::Given if name.small > 0 => (value.quoted && name.known > 0 && ends).then_some(0.7),
        _ if name.small > 0 => None,
        Of::Given => (ends && name.words <= 3 && (sure || !loose)).then_some(0.85),
        // One sign alone is a surname, and no name.
        _ if name.caseless && name.length <= 3 => None,
        Of::Full if name.caseless => ends.then_some(0.85),
        Of::Full => ((full || titled || (name.known > 0 && ends))
            && (sure || !loose && (ends || label.natural)))
            .then_some(0.85),
        Of::Name | Of::Called | Of::Mail if mail => (full || sure || name.caseless).then_some(0.85),
        Of::Mail => None,
        _ if label.led => None,
        _ if name.caseless => (ends && label.natural && !loose).then_some(0.6),
        _ => {
            let initials = name.initials > 0 && !name.ends_with_initial;
            let looks = sure || initials || name.particles > 0;
            let one = label.natural && name.known > 0 && ends && !value.assigned;
            // A line of a form: all of it is the name.
            let form = label.natural && ends && !value.quoted && !value.assigned && name.words <= 4;
            let line = form && (label.of == Of::Called || full && name.words <= 3);
            ((full && looks && (ends || label.natural)) || one || line).then_some(0.6)
        }
    }
}

/// What introduces a name, by its first letters, and whether the name then must be a known one.
const INTRODUCED: &[(&str, Who)] = &[
    ("Mr.", Who::Titled),
    ("Mr", Who::Titled),
    ("Mrs.", Who::Titled),
    ("Mrs", Who::Titled),
    ("Ms.", Who::Titled),
    ("Ms", Who::Titled),
    ("Miss", Who::Titled),
    ("Mme", Who::Titled),
    ("Mlle", Who::Titled),
    ("M.", Who::Initial),
    ("Madame", Who::Titled),
    ("Monsieur", Who::Titled),
    ("Mevr.", Who::Titled),
    ("Mevrouw", Who::Titled),
    ("Meneer", Who::Titled),
    ("Dr.", Who::Titled),
    ("Dr", Who::Titled),
    ("Dra.", Who::Titled),
    ("Dhr.", Who::Titled),
    ("Dott.", Who::Titled),
    ("Don", Who::Known),
    ("Do\u{f1}a", Who::Titled),
    ("Prof.", Who::Titled),
    ("Prof", Who::Titled),
    ("Professor", Who::Titled),
    ("Pan", Who::Known),
    ("Pani", Who::Titled),
    ("Herr", Who::Titled),
    ("Herrn", Who::Titled),
    ("Frau", Who::Titled),
    ("Fr.", Who::Titled),
    ("Sr.", Who::Titled),
    ("Sra.", Who::Titled),
    ("Srta.", Who::Titled),
    ("Se\u{f1}or", Who::Titled),
    ("Se\u{f1}ora", Who::Titled),
    ("Sig.", Who::Titled),
    ("Signor", Who::Titled),
    ("Signora", Who::Titled),
    ("Senhor", Who::Titled),
    ("Senhora", Who::Titled),
    ("Dear", Who::Greeted),
    ("Hi", Who::Known),
    ("Hello", Who::Known),
    ("Hallo", Who::Greeted),
    ("Hej", Who::Greeted),
    ("Hey", Who::Known),
    ("Hola", Who::Greeted),
    ("Ciao", Who::Greeted),
    ("Cher", Who::Greeted),
    ("Ch\u{e8}re", Who::Greeted),
    ("Caro", Who::Known),
    ("Cara", Who::Known),
    ("Prezado", Who::Greeted),
    ("Prezada", Who::Greeted),
    ("my name is", Who::Named),
    ("My name is", Who::Named),
    ("name is", Who::Known),
    ("mein Name ist", Who::Named),
    ("Mein Name ist", Who::Named),
    ("mi nombre es", Who::Named),
    ("Mi nombre es", Who::Named),
    ("me llamo", Who::Named),
    ("Me llamo", Who::Named),
    ("mi chiamo", Who::Named),
    ("Mi chiamo", Who::Named),
    ("meu nome \u{e9}", Who::Named),
    ("Meu nome \u{e9}", Who::Named),
    ("mijn naam is", Who::Named),
    ("Mijn naam is", Who::Named),
    ("ich hei\u{df}e", Who::Named),
    ("Ich hei\u{df}e", Who::Named),
    ("je m'appelle", Who::Named),
    ("Je m'appelle", Who::Named),
    ("jag heter", Who::Named),
    ("Jag heter", Who::Named),
    ("nazywam si\u{119}", Who::Named),
    ("Nazywam si\u{119}", Who::Named),
    ("меня зовут", Who::Named),
    ("Меня зовут", Who::Named),
    ("Уважаемый", Who::Titled),
    ("Уважаемая", Who::Titled),
    ("mevrouw", Who::Titled),
    ("meneer", Who::Titled),
    ("Say\u{131}n", Who::Titled),
    ("Benim ad\u{131}m", Who::Named),
    ("我叫", Who::Ends),
    ("我的名字是", Who::Ends),
];

const BEGINNINGS: [[u8; 3]; INTRODUCED.len()] = beginnings(INTRODUCED);

/// How sure the introduction is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    Titled,
    /// `M.` may be an initial: two words must follow, or a known one.
    Initial,
    /// One that is on the list, and a comma, full stop or the end behind it.
    Known,
    /// A name or a title, and a comma behind it.
    Greeted,
    Named,
    /// Chinese, of up to four characters.
    Ends,
}

/// Longest name that is read behind an introduction.
const CAP: usize = 64;

fn introduced(probe: &Probe<'_>) -> Outcome {
    let mut best: Option<(usize, Who)> = None;
    for number in &BY_START[bucket([probe.get(0)?, probe.get(1)?, probe.get(2)?])] {
        let (words, who) = INTRODUCED[usize::from(*number)];
        if best.is_none_or(|(length, _)| words.len() > length) && probe.literal(0, words.as_bytes())? {
            best = Some((words.len(), who));
        }
    }
    let Some((length, who)) = best else { return Ok(None) };
    let mut from = length;
    if who != Who::Ends {
        if probe.get(from)? != b' ' {
            return Ok(None);
        }
        from += 1;
    }
    // Most that is introduced so begins with a capital.
    let first = probe.get(from)?;
    let particle = who == Who::Titled && matches!(first, b'v' | b'd' | b't');
    if !(first.is_ascii_uppercase() || first >= 0x80 || particle) {
        return Ok(None);
    }
    let Some(text) = line(probe, from)? else { return Ok(None) };
    // `Dear Ms X:` is no label.
    let text = text.trim_end_matches(':');
    // A second title is no part of the name.
    let mut title = 0;
    while let Some((word, rest)) = text[title..].split_once(' ')
        && who != Who::Ends
        && is_title(word)
        && !rest.is_empty()
    {
        title += word.len() + 1;
    }
    let Some(name) = names::read(&text[title..]).filter(|name| name.small == 0 && name.titles == 0) else {
        return Ok(None);
    };
    let next = text[title + name.length..].chars().next();
    if next
        .is_some_and(|next| next.is_alphanumeric() && !name.caseless || matches!(next, '_' | '(' | '@' | '['))
    {
        return Ok(None);
    }
    let ended =
        next.is_none_or(|next| matches!(next, ',' | '.' | '!' | '\n' | '\r' | ';' | '，' | '。' | '"' | '<'));
    let full = name.words >= 2;
    // A word alone that is its own initial: `Dr. J.`.
    let fits = name.words > name.initials
        && match who {
            Who::Titled => true,
            Who::Initial => !behind_capital(probe) && (full && name.initials == 0 || name.known > 0),
            Who::Known => name.known > 0 && ended,
            Who::Greeted => ended && (name.known > 0 || next == Some(',')) || title > 0,
            Who::Named => full || name.known > 0 || name.caseless || ended,
            Who::Ends => name.caseless && ended && name.length <= 12,
        };
    let skip = from + title;
    Ok(fits.then(|| Hit::in_context(skip + name.length, 0.8).behind(skip)))
}

const BUCKETS: usize = 256;

/// Numbers of what introduces a name, by its first three bytes; a blank behind two. Most words leave here.
static BY_START: LazyLock<[Vec<u8>; BUCKETS]> = LazyLock::new(|| {
    let mut buckets = [const { Vec::new() }; BUCKETS];
    for (number, (words, _)) in (0..).zip(INTRODUCED) {
        let mut start = [b' '; 3];
        for (to, byte) in start.iter_mut().zip(words.bytes()) {
            *to = byte;
        }
        buckets[bucket(start)].push(number);
    }
    buckets
});

fn bucket(start: [u8; 3]) -> usize {
    let number = u32::from_le_bytes([start[0], start[1], start[2], 0]);
    (number.wrapping_mul(0x9E37_79B1) >> 24) as usize
}

/// Whether a word with a capital stands directly before: an initial may follow it.
fn behind_capital(probe: &Probe<'_>) -> bool {
    let length = (2..40).take_while(|back| within(probe.back(*back), WORD)).count();
    probe.back(1) == b' ' && length > 0 && !probe.back(length + 1).is_ascii_lowercase()
}

fn is_title(word: &str) -> bool {
    const TITLES: &[&str] = &[
        "Dr.",
        "Dr",
        "Prof.",
        "Prof",
        "Mr.",
        "Mr",
        "Mrs.",
        "Mrs",
        "Ms.",
        "Ms",
        "Herr",
        "Frau",
        "Sr.",
        "Sra.",
        "Dra.",
        "Ing.",
        "med.",
        "Professor",
    ];
    TITLES.contains(&word)
}

/// What stands from `from` to the end of the line, a quote or a comma that no name has, at most [`CAP`] bytes.
fn line<'a>(probe: &Probe<'a>, from: usize) -> Result<Option<&'a str>, Need> {
    let mut end = from;
    let mut words = 0;
    while end < from + CAP {
        let byte = probe.get(end)?;
        words += usize::from(byte == b' ');
        // What follows a mark is not asked for: only the mark itself is.
        if matches!(byte, 0 | b'\n' | b'\r' | b'"' | b'<' | b',' | b'\\' | b':' | b';' | b'!' | b'?')
            || words == 8
        {
            end += usize::from(byte != 0);
            break;
        }
        end += 1;
    }
    while end > from && probe.text.get(probe.at + end).is_some_and(|byte| byte & 0xC0 == 0x80) {
        end -= 1;
    }
    Ok(std::str::from_utf8(&probe.text[probe.at + from..probe.at + end]).ok())
}
