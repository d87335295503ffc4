//! One style sheet from many: the `@import` lines of `style/main.css`, in their order and layers.
//!
//! Plain CSS needs no tool; only the imports are resolved, because the browser would fetch them one by one.

use std::fs;
use std::path::Path;

use crate::failure::{Done, Failure};

/// `main` with its imports put in place. Understands `@import "file.css" [layer(name)];`, one to a line, at any
/// depth, paths relative to the importing file. Without `main` there is no style, and the sheet is empty.
pub fn bundle(main: &Path) -> Done<String> {
    if !main.exists() {
        println!("  no {}: the style sheet is empty", main.display());
        return Ok(String::new());
    }
    let mut sheet = String::new();
    append(main, &mut vec![], &mut sheet)?;
    Ok(sheet)
}

fn append(file: &Path, above: &mut Vec<std::path::PathBuf>, sheet: &mut String) -> Done {
    let text = fs::read_to_string(file).map_err(Failure::file("read", file))?;
    if above.iter().any(|outer| outer == file) {
        return Err(Failure::new(format!("{} imports itself: take the @import out", file.display())));
    }
    above.push(file.to_owned());
    for line in text.lines() {
        let Some(rest) = line.trim_start().strip_prefix("@import") else {
            sheet.push_str(line);
            sheet.push('\n');
            continue;
        };
        let (name, layer) = import(rest).ok_or_else(|| {
            Failure::new(format!(
                "{}: `{}` is not of the form `@import \"file.css\" layer(name);`, one to a line",
                file.display(),
                line.trim()
            ))
        })?;
        let imported = file.parent().unwrap_or(Path::new(".")).join(name);
        match layer {
            Some(layer) => {
                sheet.extend(["@layer ", layer, " {\n"]);
                append(&imported, above, sheet)?;
                sheet.push_str("}\n");
            }
            None => append(&imported, above, sheet)?,
        }
    }
    above.pop();
    Ok(())
}

/// The file and the layer in what follows `@import`.
fn import(rest: &str) -> Option<(&str, Option<&str>)> {
    let rest = rest.trim().strip_suffix(';')?.trim();
    let (target, condition) = if let Some(inner) = rest.strip_prefix("url(") {
        inner.split_once(')')?
    } else {
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let end = rest[1..].find(quote)? + 2;
        rest.split_at(end)
    };
    let name = target.trim_matches(|c| matches!(c, '"' | '\''));
    let condition = condition.trim();
    if condition.is_empty() {
        return Some((name, None));
    }
    let layer = condition.strip_prefix("layer(")?.strip_suffix(')')?;
    Some((name, Some(layer.trim())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_are_put_in_place_in_their_layers() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        write(
            "main.css",
            "@layer tokens, base;\n@import \"tokens.css\" layer(tokens);\n@import url('base.css');\n.x {}\n",
        );
        write("tokens.css", ":root { --ink: black; }\n");
        write("base.css", "@import 'deep.css' layer(base);\n");
        write("deep.css", "body {}\n");
        let sheet = bundle(&folder.path().join("main.css")).unwrap();
        assert_eq!(
            sheet,
            "@layer tokens, base;\n@layer tokens {\n:root { --ink: black; }\n}\n@layer base {\nbody {}\n}\n.x {}\n"
        );
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let main = folder.path().join("main.css");
        for bad in [
            "@import \"a.css\" screen;",
            "@import \"a.css\"",
            "@import \"gone.css\";",
            "@import \"main.css\";",
        ] {
            fs::write(&main, bad).unwrap();
            assert!(bundle(&main).is_err(), "{bad}");
        }
    }
}
