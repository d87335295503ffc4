//! Characters that nobody sees, in lines for people: names, labels, groups. They let one name pass for another, or turn
//! what stands beside it around (Unicode Technical Report 36; Trojan Source, CVE-2021-42574).

/// Whether the character shows nothing or changes the direction of what stands around it.
///
/// The joiners U+200C and U+200D are not among them: Persian and Indian names are spelt with them. See [`has_unseen`].
pub fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}'
        )
}

/// Whether a line has such characters, or a joiner where no script needs one.
pub fn has_unseen(line: &str) -> bool {
    line.chars().any(is_unseen) || stray_joiners(line).next().is_some()
}

/// The line without them, at most `most` characters, trimmed.
pub fn seen(line: &str, most: usize) -> String {
    let stray: Vec<usize> = stray_joiners(line).collect();
    let kept = line.char_indices().filter(|(at, c)| !is_unseen(*c) && !stray.contains(at)).map(|(_, c)| c);
    kept.take(most).collect::<String>().trim().to_owned()
}

/// Where joiners stand that do not stand within a word of letters beyond ASCII, nor within an emoji.
fn stray_joiners(line: &str) -> impl Iterator<Item = usize> {
    line.match_indices(['\u{200c}', '\u{200d}']).filter_map(|(at, joiner)| {
        let joined =
            |c: Option<char>| c.is_some_and(|c| !c.is_ascii() && !c.is_whitespace() && !is_unseen(c));
        let (before, after) = (line[..at].chars().next_back(), line[at + joiner.len()..].chars().next());
        let doubled = before.is_some_and(|c| matches!(c, '\u{200c}' | '\u{200d}'));
        (doubled || !joined(before) || !joined(after)).then_some(at)
    })
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
            ("م\u{200c}\u{200c}م", "م\u{200c}م"),
            ("\u{feff} x \u{3164}", "x"),
        ] {
            assert!(has_unseen(line), "{line:?}");
            assert_eq!(seen(line, 200), rest, "{line:?}");
        }
        assert_eq!(seen("abcdef", 3), "abc");
    }
}
