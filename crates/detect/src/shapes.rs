//! The forms of identification numbers, all of them in one automaton: what a form looks like is data, and a start
//! costs as many steps as some form is still possible, however many forms there are.
//!
//! A form is written in signs: `0` a digit, `A` a capital, `a` a letter, `X` a capital or digit, `x` a letter or digit;
//! ` `, `-`, `.`, `/` and `_` stand for themselves; `{n}` and `{m,n}` repeat the sign before them.
//! Promises: reads no further than the longest form and one byte, and says so when that is not there.

use std::collections::HashMap;

use crate::Entity;
use crate::alphabet::{DIGIT, HEX, WORD, within};
use crate::probe::{Hit, Need, Probe};
use crate::topics::{Name, Topics};

/// One way to write an identification number.
#[derive(Debug)]
pub(crate) struct Form {
    pub shape: &'static str,
    /// The score without a word that says what it is; 0 if it then is nothing.
    pub alone: f32,
    /// Most words between one that says what it is and the number.
    pub reach: u32,
}

/// A number that has one of the entity's forms.
#[derive(Debug)]
pub(crate) struct Id<'a> {
    /// As it is written.
    pub raw: &'a [u8],
    /// Letters, as capitals, and digits.
    pub signs: &'a [u8],
}

/// Forms of an entity, and what makes one of them a number that can have been issued.
#[derive(Debug)]
pub(crate) struct Forms {
    pub forms: &'static [Form],
    /// Check digits and structure.
    pub check: fn(&Id<'_>) -> bool,
}

impl Form {
    /// Sure enough by itself, given its check.
    pub const fn alone(shape: &'static str, score: f32) -> Self {
        Self { shape, alone: score, reach: 12 }
    }

    /// Only behind a word that says what it is.
    pub const fn named(shape: &'static str) -> Self {
        Self::alone(shape, 0.0)
    }

    /// Only close behind a word that says what it is: many other things look like it.
    pub const fn near(shape: &'static str) -> Self {
        Self { shape, alone: 0.0, reach: 5 }
    }

    /// Only with a label: almost directly behind the word.
    pub const fn labelled(shape: &'static str) -> Self {
        Self { shape, alone: 0.0, reach: 3 }
    }
}

impl Id<'_> {
    /// The value of the digits from `from` to `to` of the signs; letters count nothing.
    pub fn number(&self, from: usize, to: usize) -> u64 {
        self.signs[from..to].iter().fold(0, |sum, sign| match sign {
            b'0'..=b'9' => sum * 10 + u64::from(sign - b'0'),
            _ => sum,
        })
    }

    /// The value of one digit; 0 for a letter.
    pub fn digit(&self, at: usize) -> u32 {
        match self.signs[at] {
            digit @ b'0'..=b'9' => u32::from(digit - b'0'),
            _ => 0,
        }
    }

    /// The digits' values.
    pub fn digits(&self) -> impl DoubleEndedIterator<Item = u32> + ExactSizeIterator + '_ {
        (0..self.signs.len()).map(|at| self.digit(at))
    }

    /// The sum of digits times weights, from the first.
    pub fn weighed(&self, weights: &[u32]) -> u32 {
        self.digits().zip(weights).map(|(digit, weight)| digit * weight).sum()
    }

    /// Whether all signs are the same, or each follows the one before: nobody's number.
    pub fn is_made_up(&self) -> bool {
        let steps = |step: u8| self.signs.windows(2).all(|pair| pair[1] == pair[0].wrapping_add(step));
        steps(0) || steps(1) || steps(u8::MAX)
    }
}

/// Most signs of a number.
const MOST: usize = 32;

#[derive(Debug, Default)]
pub(crate) struct Shapes {
    /// By state and class: the next state, with [`END`] if a form ends there; 0 is the end of all.
    next: Vec<[u16; LANES]>,
    /// By state: the forms that end there.
    ends: Vec<Ends>,
}

/// The forms that end in a state.
#[derive(Debug, Clone, Default)]
struct Ends {
    forms: Vec<Known>,
    /// Their entities.
    topics: Topics,
    /// Some of them need no word that says what they are.
    alone: bool,
}

/// Set in the number of a state in which a form ends.
const END: u16 = 1 << 15;

/// A form of an entity.
#[derive(Debug, Clone, Copy)]
struct Known {
    entity: Entity,
    form: &'static Form,
    check: fn(&Id<'_>) -> bool,
    /// Place in the order of definitions.
    order: usize,
}

const CLASSES: usize = 9;
/// Room for the classes: a power of two.
const LANES: usize = 16;

/// Digits and letters have the first classes.
const LAST_LETTER: u8 = 3;

const fn class(byte: u8) -> usize {
    match byte {
        b'0'..=b'9' => 1,
        b'A'..=b'Z' => 2,
        b'a'..=b'z' => 3,
        b' ' => 4,
        b'-' => 5,
        b'.' => 6,
        b'/' => 7,
        b'_' => 8,
        _ => 0,
    }
}

static CLASS: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = class(byte as u8) as u8;
        byte += 1;
    }
    table
};

/// Which classes a sign of a shape takes, a bit each.
fn takes(sign: u8) -> u16 {
    match sign {
        b'0' => 1 << 1,
        b'A' => 1 << 2,
        b'a' => 1 << 2 | 1 << 3,
        b'X' => 1 << 1 | 1 << 2,
        b'x' => 1 << 1 | 1 << 2 | 1 << 3,
        _ => 1 << class(sign),
    }
}

/// Every way to read the repetitions of a shape.
fn spelled_out(shape: &str) -> Vec<Vec<u16>> {
    let mut all = vec![Vec::new()];
    let mut rest = shape.as_bytes();
    while let Some((sign, after)) = rest.split_first() {
        rest = after;
        let (mut least, mut most) = (1, 1);
        if after.first() == Some(&b'{') {
            let inner: Vec<u8> = after[1..].iter().copied().take_while(|byte| *byte != b'}').collect();
            rest = &after[inner.len() + 2..];
            let mut bounds = inner
                .split(|byte| *byte == b',')
                .map(|bound| bound.iter().fold(0, |sum, digit| sum * 10 + usize::from(digit - b'0')));
            least = bounds.next().unwrap_or(1);
            most = bounds.next().unwrap_or(least);
        }
        all = all
            .into_iter()
            .flat_map(|before: Vec<u16>| {
                (least..=most).map(move |count| {
                    let mut longer = before.clone();
                    longer.extend(std::iter::repeat_n(takes(*sign), count));
                    longer
                })
            })
            .collect();
    }
    all
}

impl Shapes {
    pub fn new(entities: impl Iterator<Item = (Entity, &'static Forms)>) -> Self {
        let mut shapes = Vec::new();
        for (order, (entity, forms)) in entities.enumerate() {
            for form in forms.forms {
                for signs in spelled_out(form.shape) {
                    shapes.push((signs, Known { entity, form, check: forms.check, order }));
                }
            }
        }
        // All shapes that are alive after the same signs, and how many signs: a state.
        let mut made = Self { next: vec![[0; LANES]; 2], ends: vec![Ends::default(); 2] };
        let mut states: HashMap<(usize, Vec<u32>), u16> = HashMap::new();
        let mut open = vec![(1, 0, (0..shapes.len() as u32).collect::<Vec<_>>())];
        while let Some((state, depth, alive)) = open.pop() {
            for class in 1..CLASSES {
                let left: Vec<u32> = alive
                    .iter()
                    .copied()
                    .filter(|shape| {
                        shapes[*shape as usize].0.get(depth).is_some_and(|takes| takes & 1 << class != 0)
                    })
                    .collect();
                if left.is_empty() {
                    continue;
                }
                let fresh = made.next.len() as u16;
                let to = *states.entry((depth + 1, left.clone())).or_insert(fresh);
                if to == fresh {
                    made.next.push([0; LANES]);
                    let mut forms: Vec<Known> = left
                        .iter()
                        .map(|shape| &shapes[*shape as usize])
                        .filter(|(signs, _)| signs.len() == depth + 1)
                        .map(|(_, known)| *known)
                        .collect();
                    // Equal forms of several entities may lie at one address.
                    forms.dedup_by(|one, other| {
                        one.order == other.order && std::ptr::eq(one.form, other.form)
                    });
                    made.ends.push(Ends::new(forms));
                    open.push((to, depth + 1, left));
                }
                let end = if made.ends[usize::from(to)].forms.is_empty() { 0 } else { END };
                made.next[usize::from(state)][class] = to | end;
            }
        }
        debug_assert!(made.next.len() < usize::from(END), "too many states");
        made
    }

    /// The longest number that begins at the start: one that a word names before one that none does.
    pub fn recognise(&self, probe: &Probe<'_>) -> Result<Option<(Entity, Hit)>, Need> {
        if probe.is(0, DIGIT)? && (probe.continues_number() || in_uuid(probe)) {
            return Ok(None);
        }
        let mut state = 1;
        let mut ends = [(0_u8, 0_u8, 0_u16); MOST];
        let (mut count, mut letters) = (0, 0);
        let rest = &probe.text[probe.at..];
        let mut i = 0;
        while let Some(byte) = rest.get(i) {
            let class = CLASS[usize::from(*byte)];
            let next = self.next[usize::from(state)][usize::from(class)];
            if next == 0 {
                break;
            }
            i += 1;
            letters += u8::from(class <= LAST_LETTER);
            state = next & !END;
            if next != state && count < MOST {
                ends[count] = (i as u8, letters, state);
                count += 1;
            }
        }
        // One byte more, or the need of it.
        probe.get(i)?;
        #[cfg(test)]
        probe.memo.reads.set(probe.memo.reads.get() + i as u64);
        let mut named = None;
        let mut signs = None;
        for (length, letters, state) in ends[..count].iter().rev() {
            let length = usize::from(*length);
            if goes_on(probe, length)? {
                continue;
            }
            let followed = probe.get(length)? == b' ' && probe.is(length + 1, DIGIT)?;
            let ends = &self.ends[usize::from(*state)];
            let named = *named.get_or_insert_with(|| probe.topics());
            if !ends.alone && !named.meets(ends.topics) {
                continue;
            }
            // Those of a shorter number are the first of those of a longer one.
            let signs = signs.get_or_insert_with(|| signs_of(&rest[..length]));
            let id = Id { raw: &rest[..length], signs: &signs[..usize::from(*letters).min(MOST)] };
            if let Some(found) = ends.judge(probe, &id, named, followed) {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }
}

impl Ends {
    fn new(forms: Vec<Known>) -> Self {
        let mut topics = Topics::default();
        for known in &forms {
            topics.insert(known.entity.number());
        }
        Self { topics, alone: forms.iter().any(|known| known.form.alone > 0.0), forms }
    }

    /// The best of them that `id` is, if words say it is one of `named`.
    fn judge(&self, probe: &Probe<'_>, id: &Id<'_>, named: Topics, followed: bool) -> Option<(Entity, Hit)> {
        let mut best: Option<(Name, usize, Entity, f32)> = None;
        for known in &self.forms {
            let Known { entity, form, check, order } = *known;
            let name = if named.contains(entity.number()) { probe.name(entity) } else { None };
            let name = name.filter(|name| name.gap <= form.reach);
            // What has no name has to be sure alone: most forms are not.
            if (name.is_none() && form.alone == 0.0)
                || !check(id)
                || (name.is_none() && form.alone < SURE && is_weak(probe, id.raw, followed))
            {
                continue;
            }
            let name = name.unwrap_or(Name::NONE);
            if best.is_none_or(|(other, first, ..)| (name, order) < (other, first)) {
                best = Some((name, order, entity, form.alone));
            }
        }
        best.map(|(name, _, entity, alone)| {
            let length = id.raw.len();
            let hit =
                if name == Name::NONE { Hit::validated(length, alone) } else { Hit::named(length, name) };
            (entity, hit)
        })
    }
}

/// The letters, as capitals, and digits of a number.
fn signs_of(raw: &[u8]) -> [u8; MOST] {
    let mut signs = [0; MOST];
    let letters = raw.iter().filter(|byte| byte.is_ascii_alphanumeric());
    for (sign, byte) in signs.iter_mut().zip(letters) {
        *sign = byte.to_ascii_uppercase();
    }
    signs
}

/// The score from which no word nearby makes a number another thing.
const SURE: f32 = 0.9;

/// Whether it is called something else, or stands in a row of numbers.
fn is_weak(probe: &Probe<'_>, raw: &[u8], followed: bool) -> bool {
    let behind = || {
        probe.back(1) == b' ' && (within(probe.back(2), DIGIT) || (2..=5).all(|k| within(probe.back(k), HEX)))
    };
    raw.contains(&b' ') && (followed || behind()) || probe.is_else()
}

/// Whether four hex digits and a hyphen stand before: the last group of a UUID.
fn in_uuid(probe: &Probe<'_>) -> bool {
    probe.back(1) == b'-' && (2..=5).all(|k| within(probe.back(k), HEX))
}

/// Whether what ends after `length` bytes is only the beginning of something longer.
fn goes_on(probe: &Probe<'_>, length: usize) -> Result<bool, Need> {
    let next = probe.get(length)?;
    if within(next, WORD) || next == b'_' {
        return Ok(true);
    }
    Ok(match next {
        b'-' => probe.is(length + 1, WORD)?,
        b'.' | b'/' | b':' => probe.is(length + 1, DIGIT)?,
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repetitions_are_spelled_out() {
        assert_eq!(spelled_out("A{2}0").len(), 1);
        assert_eq!(spelled_out("A{2}0")[0].len(), 3);
        let lengths: Vec<_> = spelled_out("0{2,4}-A").iter().map(Vec::len).collect();
        assert_eq!(lengths, [4, 5, 6]);
    }

    #[test]
    fn numbers_nobody_has_are_known() {
        for signs in ["111111111", "123456789", "987654321"] {
            assert!(Id { raw: b"", signs: signs.as_bytes() }.is_made_up(), "{signs}");
        }
        assert!(!Id { raw: b"", signs: b"123456780" }.is_made_up());
    }
}
