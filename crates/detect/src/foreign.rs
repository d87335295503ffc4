//! What somebody else's analyzer found in a text, on its way in: data, which is checked and united with our own findings.
//!
//! Promises:
//! - Places come in characters (Unicode code points), as Presidio counts them, and go on as bytes on character boundaries.
//! - A span that does not stand in the text, or has no proper name or score, is a fault of all of them: none is dropped.
//! - Spans are united as those of our own readings are: by start, then the longest, and of equal ones ours.
//! - A span never begins or ends inside an escape: it is widened to all of it.

use countersign_model::analyzer::AnalyzerSettings;
use countersign_model::entity::{Evidence, UndoneSet};

use crate::merge::Merge;
use crate::scanner::Found;
use crate::{Entity, escape, own};

/// A span as it was said. Places are characters of the text.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    pub kind: String,
    pub start: u64,
    pub end: u64,
    pub score: f64,
}

/// A span that stands in its text. Places are bytes on character boundaries.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Foreign {
    entity: Entity,
    start: usize,
    end: usize,
    score: f32,
}

/// Why what was said cannot be used. None of it says what stands in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotSpans {
    /// A span ends where it begins or before, or beyond the text.
    Place,
    /// A kind whose name is not a capital and then capitals, digits and underscores.
    Kind,
    /// More new kinds than there is room for.
    TooManyKinds,
    /// Not between 0 and 1.
    Score,
}

impl Foreign {
    /// What was said of `text`, by start, the longest first; overlapping perhaps.
    pub fn of(text: &str, said: &[Said]) -> Result<Vec<Self>, NotSpans> {
        let places = Places::of(text, said);
        let mut spans = Vec::with_capacity(said.len());
        for span in said {
            if !(0.0..=1.0).contains(&span.score) {
                return Err(NotSpans::Score);
            }
            let (start, end) = (places.byte(span.start)?, places.byte(span.end)?);
            if start >= end {
                return Err(NotSpans::Place);
            }
            if !AnalyzerSettings::is_kind(&span.kind) {
                return Err(NotSpans::Kind);
            }
            let entity = own::foreign(&span.kind).ok_or(NotSpans::TooManyKinds)?;
            spans.push(Self { entity, start, end, score: span.score as f32 });
        }
        spans.sort_by(|one, other| {
            (one.start, other.end).cmp(&(other.start, one.end)).then(other.score.total_cmp(&one.score))
        });
        Ok(spans)
    }

    /// How sure the analyzer is, 0 to 1.
    pub const fn score(&self) -> f32 {
        self.score
    }

    fn found(self, escapes: &[(usize, usize, UndoneSet)]) -> Found {
        let first = escapes.partition_point(|(_, end, _)| *end <= self.start);
        let after = escapes.partition_point(|(start, ..)| *start < self.end);
        let met = &escapes[first.min(after)..after];
        let start = met.first().map_or(self.start, |(start, ..)| self.start.min(*start));
        let end = met.last().map_or(self.end, |(_, end, _)| self.end.max(*end));
        Found {
            entity: self.entity,
            start,
            end,
            certain: end,
            latched: false,
            score: self.score,
            evidence: Evidence::Analyzer,
            undone: met.iter().fold(UndoneSet::default(), |set, (.., undone)| set | *undone),
        }
    }
}

/// Where characters of a text begin, of those that were asked for.
struct Places {
    /// Number of a character, and its first byte; by number. The text's end is one of them.
    known: Vec<(u64, usize)>,
}

impl Places {
    fn of(text: &str, said: &[Said]) -> Self {
        let mut wanted: Vec<u64> = said.iter().flat_map(|span| [span.start, span.end]).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let mut wanted = wanted.into_iter().peekable();
        let mut known = Vec::new();
        let starts = text.char_indices().map(|(at, _)| at).chain([text.len()]);
        for (number, at) in (0..).zip(starts) {
            match wanted.peek() {
                None => break,
                Some(next) if *next == number => {
                    known.push((number, at));
                    wanted.next();
                }
                Some(_) => {}
            }
        }
        Self { known }
    }

    fn byte(&self, number: u64) -> Result<usize, NotSpans> {
        let at = self.known.binary_search_by_key(&number, |(number, _)| *number);
        at.map(|at| self.known[at].1).map_err(|_| NotSpans::Place)
    }
}

/// Our findings and theirs in one list, by start, never overlapping.
pub fn unite(text: &str, ours: &[Found], theirs: &[Foreign]) -> Vec<Found> {
    let escapes = escapes(text);
    let mut theirs: Vec<Found> = theirs.iter().map(|span| span.found(&escapes)).collect();
    // Widened, one may begin where the one before it does, and be the longer.
    theirs.sort_by_key(|found| (found.start, std::cmp::Reverse(found.end)));
    let mut merge = Merge::default();
    merge.advance(&[ours, &theirs], usize::MAX);
    merge.united().to_vec()
}

/// Where escapes stand in a text, by start.
fn escapes(text: &str) -> Vec<(usize, usize, UndoneSet)> {
    let bytes = text.as_bytes();
    let (mut at, mut found) = (0, Vec::new());
    while let Some(next) = bytes[at..].iter().position(|byte| matches!(byte, b'%' | b'\\' | b'&')) {
        at += next;
        match escape::read(&bytes[at..], true) {
            Ok(Some(escape)) => {
                found.push((at, at + escape.length, UndoneSet::of(escape.form)));
                at += escape.length;
            }
            Ok(None) | Err(_) => at += 1,
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use countersign_model::action::Action;
    use countersign_model::entity::Undone;

    use super::*;
    use crate::{Engine, Labels};

    fn said(kind: &str, start: u64, end: u64) -> Said {
        Said { kind: kind.into(), start, end, score: 0.85 }
    }

    fn masked(text: &str, spans: &[Said]) -> String {
        let spans = Foreign::of(text, spans).unwrap();
        let masked = Engine::standard().mask_with_foreign(text, &spans, &mut Labels);
        masked.text.unwrap_or_else(|| text.to_owned())
    }

    #[test]
    fn places_are_characters_also_beyond_the_basic_plane() {
        for text in ["Frag Zoë Ähnlich 😀 nach", "😀😀 Zoë 𝒳 sagt", "👩‍👩‍👧 und Zoë", "Zoë"]
        {
            let start = text.chars().position(|c| c == 'Z').unwrap() as u64;
            let told = masked(text, &[said("NRP", start, start + 3)]);
            assert_eq!(told, text.replace("Zoë", "[NRP]"));
        }
        let text = "x😀";
        assert_eq!(masked(text, &[said("NRP", 1, 2)]), "x[NRP]", "up to the very end");
    }

    #[test]
    fn what_does_not_stand_in_the_text_is_a_fault() {
        let of = |span: Said| Foreign::of("a😀c", &[said("NRP", 0, 1), span]).err();
        for (start, end) in [(0, 0), (2, 1), (0, 4), (3, 4), (4, 5), (u64::MAX, u64::MAX), (0, u64::MAX)] {
            assert_eq!(of(said("NRP", start, end)), Some(NotSpans::Place), "{start} to {end}");
        }
        for kind in ["", "A", "person", "PERSON]", "[NRP", "A B"] {
            assert_eq!(of(said(kind, 0, 1)), Some(NotSpans::Kind), "{kind}");
        }
        for score in [-0.01, 1.01, f64::NAN, f64::INFINITY] {
            assert_eq!(of(Said { score, ..said("NRP", 0, 1) }), Some(NotSpans::Score), "{score}");
        }
        assert_eq!(of(said("NRP", 2, 3)), None);
        assert_eq!(Foreign::of("", &[said("NRP", 0, 1)]), Err(NotSpans::Place));
    }

    #[test]
    fn theirs_and_ours_are_united_by_the_same_rules() {
        let text = "Mail ana@example.com to Meridian today";
        // Inside ours, and beside it.
        assert_eq!(
            masked(text, &[said("URL", 9, 20), said("ORGANIZATION", 24, 32)]),
            "Mail [EMAIL_ADDRESS] to [ORGANIZATION] today"
        );
        // Of equal ones ours; what begins first gives the name; what overlaps is one.
        assert_eq!(masked(text, &[said("NRP", 5, 20)]), "Mail [EMAIL_ADDRESS] to Meridian today");
        assert_eq!(masked(text, &[said("NRP", 0, 12)]), "[NRP] to Meridian today");
        assert_eq!(masked(text, &[said("NRP", 15, 32)]), "Mail [EMAIL_ADDRESS] today");
        // At one start the longest.
        assert_eq!(
            masked(text, &[said("NRP", 24, 26), said("PERSON", 24, 32)]),
            "Mail [EMAIL_ADDRESS] to [PERSON] today"
        );
    }

    #[test]
    fn a_finding_says_who_found_it_and_labels_of_ours_are_let_be() {
        let text = "[PERSON] asked Meridian";
        let spans = Foreign::of(text, &[said("PERSON", 1, 7), said("ORGANIZATION", 15, 23)]).unwrap();
        let masked = Engine::standard().mask_with_foreign(text, &spans, &mut Labels);
        assert_eq!(masked.text.as_deref(), Some("[PERSON] asked [ORGANIZATION]"));
        assert_eq!(masked.spans.len(), 1);
        let span = masked.spans[0];
        assert_eq!((span.evidence, span.score, span.at), (Evidence::Analyzer, 0.85, 15));
        assert_eq!((span.entity.name(), span.action), ("ORGANIZATION", Action::Label));
    }

    #[test]
    fn a_span_takes_all_of_an_escape() {
        // `nAna` begins inside `\n`.
        assert_eq!(masked(r#"{"a":"x\nAna y"}"#, &[said("PERSON", 8, 12)]), r#"{"a":"x[PERSON] y"}"#);
        assert_eq!(masked("Ana%20Lima", &[said("PERSON", 0, 4)]), "[PERSON]Lima");
        let text = "A&#110;a";
        let spans = Foreign::of(text, &[said("PERSON", 0, 8)]).unwrap();
        let masked = Engine::standard().mask_with_foreign(text, &spans, &mut Labels);
        assert_eq!(masked.spans[0].undone, UndoneSet::of(Undone::Html), "so that no part of it is shown");
    }
}
