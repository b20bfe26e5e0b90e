//! The page of all codes, made from the table.

use std::fmt::Write as _;

use super::{Code, Example, all};

const HEAD: &str = "\
# Error codes

Every message that ends or refuses something has a code of the form `[E0002]`. It stays the same from version to version;
the words of the message may change. `chordsim explain E0002` prints what is below.

Made from the table in `src/codes/`; do not edit by hand.
";

/// The page, as it stands in `docs/errors.md`.
#[must_use]
pub fn page() -> String {
    let mut page = HEAD.to_owned();
    page.push_str("\n| Code | What is wrong |\n|---|---|\n");
    for code in all() {
        let _ = writeln!(
            page,
            "| [{code}](#{}) | {} |",
            anchor(code),
            code.entry().title
        );
    }
    all().for_each(|code| section(&mut page, code));
    page
}

/// As readers of Markdown name a heading.
fn anchor(code: Code) -> String {
    let title = format!("{code} {}", code.entry().title).to_lowercase();
    let kept = title
        .chars()
        .filter(|c| c.is_alphanumeric() || " -_".contains(*c));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

fn section(page: &mut String, code: Code) {
    let entry = code.entry();
    let _ = writeln!(page, "\n## {code} {}\n\n{}", entry.title, entry.about);
    let block = |page: &mut String, name: &str, kind: &str, text: &str| {
        let _ = writeln!(page, "\n{name}:\n\n```{kind}\n{}\n```", text.trim_end());
    };
    match &entry.example {
        Example::Scenario { wrong, right } => {
            block(page, "Wrong", "toml", wrong);
            block(page, "Right", "toml", right);
        }
        Example::DataFile {
            scenario,
            file,
            wrong,
            right,
        } => {
            block(page, "With the scenario", "toml", scenario);
            block(page, &format!("Wrong, as `{file}`"), "", wrong);
            block(page, "Right", "", right);
        }
        Example::Command { wrong, right } => {
            block(page, "Wrong", "", wrong);
            block(page, "Right", "", right);
        }
        Example::Happens(what) => {
            let _ = writeln!(page, "\nFor example: {what}");
        }
    }
    let _ = writeln!(page, "\n{}", entry.mend);
}
