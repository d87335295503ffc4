//! Characters that nobody sees, in lines for people: names, labels, groups. They let one name pass for another, or turn
//! what stands beside it around (Unicode Technical Report 36; Trojan Source, CVE-2021-42574).

/// Whether the character shows nothing, or changes the direction of what stands around it. Joiners are among them: where
/// they are needed, [`joins`] says.
pub fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

/// Whether a line has such characters where nothing needs them.
pub fn has_unseen(line: &str) -> bool {
    kept(line).count() < line.chars().count()
}

/// The line without them, at most `most` characters, trimmed.
pub fn seen(line: &str, most: usize) -> String {
    let kept: String = kept(line).take(most).collect();
    // The end may have been cut off behind a joiner, which then joins nothing.
    kept.trim_end_matches(is_unseen).trim().to_owned()
}

fn kept(line: &str) -> impl Iterator<Item = char> {
    let mut before = None;
    line.char_indices().filter_map(move |(at, c)| {
        let after = line[at + c.len_utf8()..].chars().next();
        let hides = is_unseen(c) && !joins(before, c, after);
        before = Some(c);
        (!hides).then_some(c)
    })
}

/// Whether a zero-width joiner or non-joiner does here what it is for: joining the parts of an emoji, or choosing the shape
/// of letters in scripts that join (Unicode 16 chapter 23.2). Elsewhere it only hides.
pub fn joins(before: Option<char>, c: char, after: Option<char>) -> bool {
    let (Some(before), Some(after)) = (before, after) else { return false };
    match c {
        '\u{200d}' => {
            (pictures(before) || matches!(before, '\u{fe0f}')) && pictures(after)
                || shaped(before) && shaped(after)
        }
        '\u{200c}' => shaped(before) && shaped(after),
        _ => false,
    }
}

/// Emoji and their skin tones; signs such as ♂ that follow a joiner.
fn pictures(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{21ff}' | '\u{2600}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}')
}

/// Letters and marks of scripts whose letters join: Arabic, Syriac, N'Ko, Mandaic, and the Indic scripts.
fn shaped(c: char) -> bool {
    let letter = c.is_alphabetic()
        || matches!(
            c,
            '\u{94d}'
                | '\u{9cd}'
                | '\u{a4d}'
                | '\u{acd}'
                | '\u{b4d}'
                | '\u{bcd}'
                | '\u{c4d}'
                | '\u{ccd}'
                | '\u{d4d}'
                | '\u{dca}'
                | '\u{64b}'..='\u{65f}'
        );
    letter
        && matches!(c, '\u{600}'..='\u{7ff}' | '\u{840}'..='\u{8ff}' | '\u{900}'..='\u{dff}'
            | '\u{1800}'..='\u{18af}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_all_scripts_may_stand() {
        for name in [
            "Ada Lovelace",
            "O\u{2019}Brien",
            "می\u{200c}خواهم",
            "ක්\u{200d}ෂ",
            "👩\u{200d}🔬 Ana",
            "Nguyễn Thị",
        ] {
            assert!(!has_unseen(name), "{name:?}");
            assert_eq!(seen(name, 200), name);
        }
    }

    #[test]
    fn what_nobody_sees_does_not() {
        for (line, rest) in [
            ("ad\u{200b}min", "admin"),
            ("ad\u{200d}min", "admin"),
            ("\u{202e}nimda", "nimda"),
            ("a\u{2066}b\u{2069}", "ab"),
            ("tag\u{e0041}", "tag"),
            ("a\0b\u{7f}", "ab"),
            ("م\u{200c}\u{200c}م", "مم"),
            ("\u{feff} x \u{3164}", "x"),
        ] {
            assert!(has_unseen(line), "{line:?}");
            assert_eq!(seen(line, 200), rest, "{line:?}");
        }
        assert_eq!(seen("abcdef", 3), "abc");
    }

    #[test]
    fn a_line_cut_short_does_not_end_in_a_joiner() {
        assert_eq!(seen("می\u{200c}خواهم", 3), "می");
        assert_eq!(seen("👩\u{200d}🔬 Ana", 2), "👩");
    }
}
