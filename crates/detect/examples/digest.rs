//! One number for all that is found in many texts, whole and in pieces: equal numbers before and after a change mean that
//! it changed nothing. Texts are mixed from the definitions' samples by rule from a fixed seed, and read from the files
//! below the given folders. `digest [--each] [--mixed COUNT] FOLDER…`: `--each` prints a line for each text.
#![expect(clippy::print_stdout, reason = "a tool for people")]

#[expect(dead_code, reason = "what only `names_corpus` reads")]
#[path = "names_corpus/languages.rs"]
mod languages;

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::sync::Arc;

use countersign_detect::{Engine, Span};

/// What texts are mixed from besides samples: signs that meet at awkward places, labels, and beginnings of values.
const FRAGMENTS: &str = " |  |\n|. |.|-| - |_|:|: |::|@|+|/|//|://|(|)|[|]|<|>|%|=|= |=>|\"|\\\"|\\n|'|,|, |;|\0|a|Z|7|0|42|1 |12 |4111| 1111|\
    -1111|415|-555-|555-0132|é|ß|ÿ@|中文|姓名：|🙂|я|\u{200b}|the |and |hello|Name|name|Name: |name=|first_name|Patient: |From: |To: |\
    a@b|.com|.co.uk|@example|http|postgres://|u:p@|user:|eyJ|.eyJ|-----|AKIA|secret|token|token=|password|password: |sk-|\
    ghp_|GB82| WEST|2001:db8|fe80|10.0.|/24|255|version |536-90-4399|+1 |+44 20 7946|(0)20|020 79|00|123456789012345678901|\
    Mr. |Mrs |Dr |Herr |Frau |Dear |Hi |my name is |Ana|Ana |Souza|Müller |O'Brien|J. |van |de |Berlin|London |Street|St |St. |Ave|\
    Main |Hauptstraße |rue |ul. |12, |75001 |, IL 62704|Inc|GmbH|Ltd. |Acme |Co. |of |Company: |address|Address: |city: |\
    born |Mar |May 1|2024-03-14|1.2.1980|age |phone |tel: |call |passport |身份证|id: |no. |VAT |%20|%31|&#49;|\\u0031|&amp;|\u{ff11}|а";

/// Made to be expensive.
const HOSTILE: &str = "1|a@|a.|1 |4111 1111 1111 1112 |-|://a:|GB82 |eyJ.|a@b.co |1.1.1.|a-1-|123 |\\u0031|%31|+1 |key=|Name: |Name: A |\
    \"name\": \"|姓名：|address: 1, A |Mr. |Mr. A. |my name is |12 A |12 Aa Bb |Via Aa |Aa Bb, |ул. |A B |Aa |中|é|а|A1-|(12)|key: |\
    token=a1|password is |12 34 56 |Dear |name |x: |a: b|- |> |A>|<a>|Ltd |Acme Ltd, ";

/// SplitMix64.
struct Draw(u64);

impl Draw {
    fn number(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % below as u64) as usize
    }
}

struct Digest {
    engine: Arc<Engine>,
    draw: Draw,
    each: bool,
    sum: DefaultHasher,
    texts: usize,
    bytes: usize,
    spans: usize,
    differing: usize,
}

fn put(sum: &mut impl Hasher, spans: &[Span]) {
    for span in spans {
        (span.entity.number(), span.start, span.end, span.at, span.score.to_bits()).hash(sum);
        format!("{:?} {:?} {:?}", span.evidence, span.undone, span.action).hash(sum);
    }
}

impl Digest {
    /// Reads a text whole, and in pieces of up to so many bytes.
    fn text(&mut self, name: &str, text: &str, pieces: Option<usize>) {
        let masked = self.engine.mask(text);
        let mut sum = DefaultHasher::new();
        put(&mut sum, &masked.spans);
        masked.text.hash(&mut sum);
        if let Some(most) = pieces {
            let (mut stream, mut out, mut rest) = (self.engine.stream(), String::new(), text);
            while !rest.is_empty() {
                let (piece, behind) =
                    rest.split_at(rest.ceil_char_boundary((1 + self.draw.number(most)).min(rest.len())));
                stream.push(piece, &mut out);
                rest = behind;
            }
            stream.finish(&mut out);
            if out != masked.text.as_deref().unwrap_or(text) {
                println!("{name}: in pieces it reads otherwise");
                self.differing += 1;
            }
        }
        let one = sum.finish();
        if self.each {
            println!("{one:016x} {name} {:?}", &text[..text.floor_char_boundary(2000)]);
        }
        one.hash(&mut self.sum);
        (self.texts, self.bytes, self.spans) =
            (self.texts + 1, self.bytes + text.len(), self.spans + masked.spans.len());
    }

    fn report(&mut self, name: &str) {
        println!(
            "{name}: {:016x} of {} texts, {:.1} MB, {} spans, {} cut otherwise",
            self.sum.finish(),
            self.texts,
            self.bytes as f64 / 1e6,
            self.spans,
            self.differing
        );
        (self.texts, self.bytes, self.spans) = (0, 0, 0);
        self.sum = DefaultHasher::new();
    }

    fn mix(&mut self, count: usize) {
        let samples = samples();
        for sample in &samples {
            self.text("sample", sample, Some(4));
        }
        let fragments: Vec<&str> = FRAGMENTS.split('|').collect();
        for _ in 0..count {
            let mut text = String::new();
            for _ in 0..=self.draw.number(12) {
                let sample = samples[self.draw.number(samples.len())];
                match self.draw.number(8) {
                    0..=3 => text.push_str(fragments[self.draw.number(fragments.len())]),
                    4 | 5 => text.push_str(sample),
                    _ => {
                        let from = sample.floor_char_boundary(self.draw.number(sample.len().max(1)));
                        let to = sample.ceil_char_boundary(from + self.draw.number(sample.len() - from + 1));
                        text.push_str(&sample[from..to]);
                    }
                }
            }
            let pieces = (self.draw.number(4) == 0).then_some(12);
            self.text("mixed", &text, pieces);
        }
        self.report("mixed");
        for unit in HOSTILE.split('|') {
            for behind in ["", "x", " 4111 1111 1111 1111", "\nName: Ana Souza"] {
                let text = unit.repeat(20_000 / unit.len()) + behind;
                self.text("hostile", &text, Some(700));
            }
        }
        self.report("hostile");
    }

    fn walk(&mut self, place: &Path) {
        if place.is_symlink() {
            return;
        }
        if let Ok(entries) = std::fs::read_dir(place) {
            let mut entries: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
            entries.sort();
            for entry in &entries {
                self.walk(entry);
            }
        } else if let Ok(text) = std::fs::read_to_string(place) {
            let pieces = (self.draw.number(16) == 0).then_some(200);
            self.text(&place.to_string_lossy(), &text, pieces);
        }
    }
}

fn samples() -> Vec<&'static str> {
    let mut samples: Vec<&'static str> = Vec::new();
    for definition in Engine::definitions() {
        samples.extend(definition.hits.iter().map(|(text, _)| *text));
        samples.extend(definition.misses);
    }
    for language in languages::LANGUAGES {
        samples.extend(language.names.iter().flat_map(|(given, sur)| [*given, *sur]));
        let lists = [
            language.addresses,
            language.cities,
            language.firms,
            language.full,
            language.given,
            language.sur,
            language.address,
            language.city,
            language.firm,
            language.letters,
        ];
        samples.extend(lists.into_iter().flatten());
    }
    samples.retain(|sample| sample.len() < 4000);
    samples
}

fn main() {
    let mut digest = Digest {
        engine: Arc::new(Engine::standard()),
        draw: Draw(1),
        each: false,
        sum: DefaultHasher::new(),
        texts: 0,
        bytes: 0,
        spans: 0,
        differing: 0,
    };
    let mut count = 20_000;
    let mut places = Vec::new();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--each" => digest.each = true,
            "--mixed" => count = arguments.next().and_then(|count| count.parse().ok()).unwrap_or(count),
            _ => places.push(argument),
        }
    }
    digest.mix(count);
    for place in places {
        digest.walk(Path::new(&place));
        digest.report(&place);
    }
}
