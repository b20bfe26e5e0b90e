//! Tables as HTML that a screen reader can read out: a caption, and headers that say what they are headers of.

use super::data::{Cell, Table};
use super::grid::{Grid, Layout, Words};
use super::text::one_line;

/// A page of tables.
pub(super) fn page(tables: &[Table], layout: Option<Layout>) -> String {
    let title = tables.first().map_or("", |table| &table.caption);
    let tables: String = tables
        .iter()
        .map(|it| fragment(it, layout.unwrap_or(it.best_layout())))
        .collect();
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n{tables}</body>\n</html>\n",
        escaped(title)
    )
}

/// For a page of its own; black on white, as tables are printed.
const STYLE: &str = "\
body { font-family: sans-serif; margin: 1em; }
table { border-collapse: collapse; margin-bottom: 0.5em; border-top: 2px solid; border-bottom: 2px solid; }
caption { text-align: left; font-weight: bold; padding: 0.5em 0; }
th, td { padding: 0.2em 0.7em; text-align: right; vertical-align: bottom; font-weight: normal; white-space: nowrap; }
thead th { border-bottom: 1px solid; white-space: normal; max-width: 9em; }
tr > :first-child, th[scope=row] { text-align: left; }
td { font-variant-numeric: tabular-nums; }
";

/// One table and its notes, to be put into a page.
pub(crate) fn fragment(table: &Table, layout: Layout) -> String {
    let grid = table.grid(layout, Words::Labels);
    let caption = match table.caption.as_str() {
        "" => String::new(),
        caption => format!("<caption>{}</caption>\n", escaped(caption)),
    };
    let is_turned = layout == Layout::Columns;
    let head: String = grid.head.iter().map(|line| head(line, is_turned)).collect();
    let body: String = grid.rows.iter().map(|line| row(line, &grid)).collect();
    let paragraph = |note: &String| ["<p>", &escaped(note), "</p>\n"].concat();
    let notes: String = table.notes.iter().map(paragraph).collect();
    format!("<table>\n{caption}<thead>\n{head}</thead>\n<tbody>\n{body}</tbody>\n</table>\n{notes}")
}

/// A row above the line. Turned around, its first cell says what the others are.
fn head(line: &[Cell], is_turned: bool) -> String {
    let cells = line.iter().enumerate().map(|(at, cell)| {
        let text = escaped(&cell.shown().to_string());
        match (text.is_empty(), at) {
            (true, _) => "<td></td>".to_owned(),
            (_, 0) if is_turned => format!("<th scope=\"row\">{text}</th>"),
            _ => format!("<th scope=\"col\">{text}</th>"),
        }
    });
    format!("<tr>{}</tr>\n", cells.collect::<String>())
}

fn row(line: &[Cell], grid: &Grid) -> String {
    let cells = line.iter().enumerate().map(|(at, cell)| {
        let text = escaped(&cell.shown().to_string());
        if at < grid.keys {
            format!("<th scope=\"row\">{text}</th>")
        } else {
            format!("<td>{text}</td>")
        }
    });
    format!("<tr>{}</tr>\n", cells.collect::<String>())
}

/// A text that is no markup, in an element or in the value of an attribute.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for sign in one_line(text).chars() {
        match sign {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(sign),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use roxmltree::Document;

    use super::super::testing::{hostile, sample};
    use super::*;

    /// What the program writes of HTML is also XML, so it can be read by a parser that forgives nothing.
    fn texts(document: &Document<'_>, tag: &str, scope: Option<&str>) -> Vec<String> {
        let nodes = document.descendants();
        let nodes = nodes.filter(|it| it.has_tag_name(tag) && it.attribute("scope") == scope);
        nodes
            .map(|node| node.text().unwrap_or_default().to_owned())
            .collect()
    }

    #[test]
    fn every_header_says_what_it_is_a_header_of() {
        let text = fragment(&sample(), Layout::Rows);
        let text = format!("<body>{text}</body>");
        let document = Document::parse(&text).unwrap();
        assert_eq!(
            texts(&document, "th", Some("col")),
            [
                "routing",
                "runs",
                "success rate",
                "mean hops per lookup",
                "expected"
            ]
        );
        assert_eq!(
            texts(&document, "th", Some("row")),
            ["successors", "fingers"]
        );
        assert_eq!(texts(&document, "th", None).len(), 0);
        assert_eq!(
            texts(&document, "td", None)[4..],
            ["5", "0.99993 (0.99975 to 1)", "4.010 ± 0.047", "4.002"]
        );
        let turned = fragment(&sample(), Layout::Columns);
        let document = Document::parse(turned.split("<p>").next().unwrap()).unwrap();
        assert_eq!(
            texts(&document, "th", Some("col")),
            ["successors", "fingers"]
        );
    }

    #[test]
    fn names_are_no_markup() {
        let text = page(&[hostile()], Some(Layout::Rows));
        let text = text.replace("<!DOCTYPE html>\n", "");
        // Elements without an end are all in the head.
        let text = text
            .replace("\"utf-8\">", "\"utf-8\"/>")
            .replace("scale=1\">", "scale=1\"/>");
        let document = Document::parse(&text).unwrap();
        assert!(texts(&document, "script", None).is_empty());
        let title = "50 % of A_B & <script>alert(1)</script> #1 | \\x $y$ <U+202E>^~{z}<U+0007>";
        assert_eq!(texts(&document, "caption", None), [title]);
        assert_eq!(texts(&document, "title", None), [title]);
        assert_eq!(texts(&document, "th", Some("row"))[0], "a|b_c,\"d\" &<i>");
    }
}
