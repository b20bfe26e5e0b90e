//! Tables as Markdown with pipes (GitHub, pandoc and most others).

use super::data::{Cell, Table};
use super::grid::{Layout, Words};
use super::text::one_line;

/// All tables, one below the other.
pub(super) fn render(tables: &[Table], layout: Option<Layout>) -> String {
    let texts: Vec<String> = tables
        .iter()
        .map(|table| one(table, layout.unwrap_or(table.best_layout())))
        .collect();
    texts.join("\n")
}

fn one(table: &Table, layout: Layout) -> String {
    let grid = table.grid(layout, Words::Labels);
    let mut text = String::new();
    if !table.caption.is_empty() {
        text += &["**", &escaped(&table.caption), "**\n\n"].concat();
    }
    let rules = (0..grid.columns()).map(|at| if at < grid.keys { ":--" } else { "--:" });
    let rules: Vec<String> = rules.map(str::to_owned).collect();
    for (at, line) in grid.lines().enumerate() {
        text += &row(line.iter().map(cell));
        // There is one row above the line; what else tells columns apart stands below it.
        if at == 0 {
            text += &row(rules.iter().cloned());
        }
    }
    for note in &table.notes {
        text += &["\n", &escaped(note), "\n"].concat();
    }
    text
}

fn row(cells: impl Iterator<Item = String>) -> String {
    let cells: Vec<String> = cells.collect();
    format!("| {} |\n", cells.join(" | "))
}

fn cell(cell: &Cell) -> String {
    escaped(&cell.shown().to_string())
}

/// A text that means nothing but itself.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for sign in one_line(text).chars() {
        match sign {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '{' | '}' | '#' | '|' | '~' | '^' | '$' | '!' => {
                escaped.extend(['\\', sign]);
            }
            _ => escaped.push(sign),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::super::testing::{hostile, sample};
    use super::*;

    #[test]
    fn a_table_has_pipes() {
        assert_eq!(
            render(&[sample()], Some(Layout::Rows)),
            "**Lookups while nodes come and go**\n\n\
             | routing | runs | success rate | mean hops per lookup | expected |\n\
             | :-- | --: | --: | --: | --: |\n\
             | successors | 5 | 1.000 ± 0 | 485 ± 14 |  |\n\
             | fingers | 5 | 0.99993 (0.99975 to 1) | 4.010 ± 0.047 | 4.002 |\n\n\
             Means over the runs.\n"
        );
    }

    #[test]
    fn names_are_nothing_but_names() {
        let text = render(&[hostile()], Some(Layout::Rows));
        assert!(text.starts_with(
            "**50 % of A\\_B &amp; &lt;script&gt;alert(1)&lt;/script&gt; \\#1 \\| \\\\x \\$y\\$ &lt;U+202E&gt;\\^\\~\\{z\\}&lt;U+0007&gt;**"
        ), "{text}");
        assert!(
            text.contains("| a\\|b\\_c,\"d\" &amp;&lt;i&gt; | 5 |"),
            "{text}"
        );
    }
}
