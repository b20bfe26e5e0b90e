//! Tables as LaTeX: lines of booktabs, numbers of siunitx. Plain numbers stand with their points below each other (columns
//! `S`). A number with its interval is set for itself (`\num`): in a column `S` there is a hole between the two wherever
//! another row has more digits.

use super::data::{Cell, Table};
use super::grid::{Grid, Layout, Words, signs};
use super::text::one_line;
use crate::results::csv::Shown;

/// What has to stand before `\begin{document}`, and how much of it is ours.
const PREAMBLE: &str = "\
% To be put in with \\input. The preamble of the document needs:
%   \\usepackage{booktabs}
%   \\usepackage{siunitx}  % version 3, of 2021
";

/// Said where a name has letters that pdflatex may not have.
const OTHER_LETTERS: &str = "% There are signs in it beyond those of European languages: lualatex or xelatex, with a font that has them.\n";

/// How many small signs a page with usual margins has on a line.
const WIDTH: usize = 72;
/// What stands between two columns takes as much.
const GAP: usize = 3;
/// A heading is broken into lines of about so many signs.
const HEADING: usize = 14;

/// All tables, each a float.
pub(super) fn render(tables: &[Table], layout: Option<Layout>) -> String {
    let texts: Vec<String> = tables
        .iter()
        .map(|table| one(table, layout.unwrap_or(table.best_layout())))
        .collect();
    let texts = texts.join("\n");
    let is_known = |sign: char| sign < '\u{180}';
    let warning = if texts.chars().all(is_known) {
        ""
    } else {
        OTHER_LETTERS
    };
    format!("{PREAMBLE}{warning}\n{texts}")
}

fn one(table: &Table, layout: Layout) -> String {
    let grid = table.grid(layout, Words::Labels);
    let columns: Vec<Numbers> = (0..grid.columns())
        .map(|at| Numbers::of(&grid, at, layout))
        .collect();
    let widths: Vec<usize> = (0..grid.columns()).map(|at| width(&grid, at)).collect();
    let blocks = grid.blocks(&widths, GAP, WIDTH);
    let mut from = 0;
    let mut texts = Vec::new();
    for block in &blocks {
        let others = block.columns() - block.keys;
        let columns = [
            &columns[..block.keys],
            &columns[block.keys + from..block.keys + from + others],
        ];
        texts.push(tabular(block, &columns.concat()));
        from += others;
    }
    let notes: String = table.notes.iter().map(|it| note(it)).collect();
    format!(
        "\\begin{{table}}\n  \\centering\n  \\caption{{{}}}\n  \\label{{tab:{}}}\n  \\small\n  \
         \\sisetup{{separate-uncertainty, retain-zero-uncertainty, table-text-alignment = right}}\n{}{notes}\\end{{table}}\n",
        escaped(&table.caption),
        table.label,
        texts.join("\n  \\medskip\n\n"),
    )
}

fn note(note: &str) -> String {
    format!(
        "\n  \\smallskip\n  {{\\footnotesize {}\\par}}\n",
        escaped(note)
    )
}

/// How wide a column is: its headings stand in several lines.
fn width(grid: &Grid, at: usize) -> usize {
    let heads = grid.head.iter().flat_map(|line| heading_lines(&line[at]));
    let heads = heads.map(|line| line.chars().count());
    let cells = grid.rows.iter().map(|line| signs(&line[at]));
    heads.chain(cells).max().unwrap_or(0)
}

/// How the numbers of a column are set.
#[derive(Clone, Debug)]
enum Numbers {
    /// There are none, or each for itself.
    Apart,
    /// Below each other, with room for this number.
    Below(String),
}

impl Numbers {
    fn of(grid: &Grid, at: usize, layout: Layout) -> Self {
        if at < grid.keys || layout == Layout::Columns {
            return Self::Apart;
        }
        let mut room = Room::default();
        for line in grid.rows.iter().filter(|line| line[at].is_number()) {
            match line[at].shown() {
                Shown::Alone(number) if is_number(&number) => room.make(&number),
                Shown::Alone(_) | Shown::Nothing => {}
                Shown::PlusMinus(..) | Shown::FromTo(..) => return Self::Apart,
            }
        }
        match room.whole {
            0 => Self::Apart,
            _ => Self::Below(room.format()),
        }
    }

    fn column(&self, is_key: bool) -> String {
        match self {
            _ if is_key => "l".to_owned(),
            Self::Apart => "r".to_owned(),
            Self::Below(format) => format!("S[table-format = {format}]"),
        }
    }
}

/// How many digits the numbers of a column have before and behind the point.
#[derive(Default)]
struct Room {
    is_negative: bool,
    whole: usize,
    decimals: usize,
}

impl Room {
    fn make(&mut self, number: &str) {
        let plain = number.trim_start_matches('-');
        let (whole, decimals) = plain.split_once('.').unwrap_or((plain, ""));
        self.is_negative |= plain.len() < number.len();
        self.whole = self.whole.max(whole.len());
        self.decimals = self.decimals.max(decimals.len());
    }

    /// As `-4.2`: a sign, and digits before and behind the point.
    fn format(&self) -> String {
        let sign = if self.is_negative { "-" } else { "" };
        format!("{sign}{}.{}", self.whole, self.decimals)
    }
}

fn is_number(text: &str) -> bool {
    text.parse::<f64>().is_ok_and(f64::is_finite)
}

fn tabular(grid: &Grid, numbers: &[Numbers]) -> String {
    let columns = numbers.iter().enumerate();
    let columns: Vec<String> = columns.map(|(at, it)| it.column(at < grid.keys)).collect();
    let line = |cells: Vec<String>| format!("    {} \\\\\n", cells.join(" & "));
    let heads = grid.head.iter().map(|head| {
        let cells = head.iter().enumerate();
        line(cells.map(|(at, it)| heading(it, at < grid.keys)).collect())
    });
    let rows = grid.rows.iter().map(|row| {
        let cells = row.iter().zip(numbers);
        line(cells.map(|(it, numbers)| cell(it, numbers)).collect())
    });
    format!(
        "  \\begin{{tabular}}{{{}}}\n    \\toprule\n{}    \\midrule\n{}    \\bottomrule\n  \\end{{tabular}}\n",
        columns.join(" "),
        heads.collect::<String>(),
        rows.collect::<String>(),
    )
}

/// In braces: a column of numbers takes it for a number otherwise.
fn heading(cell: &Cell, is_key: bool) -> String {
    let lines = heading_lines(cell);
    let escaped: Vec<String> = lines.iter().map(|line| escaped(line)).collect();
    let side = if is_key { "l" } else { "r" };
    match escaped.len() {
        0 => "{}".to_owned(),
        1 => format!("{{{}}}", escaped[0]),
        _ => format!("{{\\shortstack[{side}]{{{}}}}}", escaped.join(r"\\")),
    }
}

fn heading_lines(cell: &Cell) -> Vec<String> {
    let text = one_line(&cell.shown().to_string());
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= HEADING => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

fn cell(cell: &Cell, numbers: &Numbers) -> String {
    let is_below = matches!(numbers, Numbers::Below(_));
    match cell.shown() {
        Shown::Alone(number) if cell.is_number() && is_number(&number) => {
            if is_below {
                number
            } else {
                format!("\\num{{{number}}}")
            }
        }
        Shown::PlusMinus(mean, half) => format!("\\num{{{mean} \\pm {half}}}"),
        Shown::FromTo(mean, [low, high]) => {
            format!("{{\\num{{{mean}}} (\\num{{{low}}} to \\num{{{high}}})}}")
        }
        Shown::Nothing => "{--}".to_owned(),
        Shown::Alone(text) => format!("{{{}}}", escaped(&text)),
    }
}

/// A text that means nothing but itself.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    let mut last = ' ';
    for sign in one_line(text).chars() {
        match sign {
            '\\' => escaped.push_str(r"\textbackslash{}"),
            '{' | '}' | '$' | '&' | '#' | '%' | '_' => escaped.extend(['\\', sign]),
            '~' => escaped.push_str(r"\textasciitilde{}"),
            '^' => escaped.push_str(r"\textasciicircum{}"),
            '<' => escaped.push_str(r"\textless{}"),
            '>' => escaped.push_str(r"\textgreater{}"),
            '|' => escaped.push_str(r"\textbar{}"),
            '`' => escaped.push_str(r"\textasciigrave{}"),
            '±' => escaped.push_str(r"\ensuremath{\pm}"),
            '–' => escaped.push_str("--"),
            '…' => escaped.push_str(r"\ldots{}"),
            '\u{a0}' => escaped.push('~'),
            // Babel gives the quote a meaning; behind the end of a row a bracket and a star have one.
            '"' => escaped.push_str("{''}"),
            '[' | ']' | '*' => escaped.extend(['{', sign, '}']),
            // Two of them would be a dash.
            '-' if last == '-' => escaped.push_str("{}-"),
            _ => escaped.push(sign),
        }
        last = sign;
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::super::testing::{hostile, sample};
    use super::*;

    #[test]
    fn numbers_stand_below_each_other() {
        let text = render(&[sample()], Some(Layout::Rows));
        let from = text.find("\\begin{table}").unwrap();
        assert_eq!(
            text[from..],
            *r"\begin{table}
  \centering
  \caption{Lookups while nodes come and go}
  \label{tab:churn}
  \small
  \sisetup{separate-uncertainty, retain-zero-uncertainty, table-text-alignment = right}
  \begin{tabular}{l S[table-format = 1.0] r r S[table-format = 1.3]}
    \toprule
    {routing} & {runs} & {success rate} & {\shortstack[r]{mean hops per\\lookup}} & {expected} \\
    \midrule
    {successors} & 5 & \num{1.000 \pm 0} & \num{485 \pm 14} & {} \\
    {fingers} & 5 & {\num{0.99993} (\num{0.99975} to \num{1})} & \num{4.010 \pm 0.047} & 4.002 \\
    \bottomrule
  \end{tabular}

  \smallskip
  {\footnotesize Means over the runs.\par}
\end{table}
"
        );
        assert!(text.contains("%   \\usepackage{booktabs}\n%   \\usepackage{siunitx}"));
    }

    /// Every sign that LaTeX gives a meaning is escaped, and braces are in pairs.
    #[test]
    fn names_are_nothing_but_names() {
        for layout in [Layout::Rows, Layout::Columns] {
            let text = render(&[hostile()], Some(layout));
            assert!(
                text.contains(
                    r"\caption{50 \% of A\_B \& \textless{}script\textgreater{}alert(1)\textless{}/script\textgreater{} \#1 \textbar{} \textbackslash{}x \$y\$ \textless{}U+202E\textgreater{}\textasciicircum{}\textasciitilde{}\{z\}\textless{}U+0007\textgreater{}}"
                ),
                "{text}"
            );
            assert!(text.contains(r"a\textbar{}b\_c,{''}d{''} \&\textless{}i\textgreater{}"));
            let mut depth = 0;
            let mut last = ' ';
            for sign in text.chars() {
                match sign {
                    '{' if last != '\\' => depth += 1,
                    '}' if last != '\\' => depth -= 1,
                    _ => {}
                }
                assert!(depth >= 0, "{text}");
                last = sign;
            }
            assert_eq!(depth, 0, "{text}");
        }
        assert_eq!(escaped("--set [1]"), r"-{}-set {[}1{]}");
    }

    #[test]
    fn room_is_made_for_the_longest_of_each() {
        let mut room = Room::default();
        for number in ["-12.5", "3151095", "0.25"] {
            room.make(number);
        }
        assert_eq!(room.format(), "-7.2");
    }

    /// A table that is too wide for a page stands in several parts, in one float.
    #[test]
    fn a_wide_table_is_one_float_of_several_parts() {
        let mut table = sample();
        for _ in 0..4 {
            let column = table.columns[2].clone();
            table.columns.push(column);
            for row in &mut table.rows {
                row.push(row[2].clone());
            }
        }
        let text = render(&[table], Some(Layout::Rows));
        assert_eq!(text.matches("\\begin{table}").count(), 1);
        assert_eq!(text.matches("\\begin{tabular}{l ").count(), 3);
        for part in text.split("\\begin{tabular}").skip(1) {
            let columns = part
                .lines()
                .next()
                .unwrap()
                .replace("S[table-format = ", "S[");
            let columns = columns.split(' ').count();
            let rows = part.lines().filter(|line| line.ends_with(" \\\\"));
            rows.for_each(|row| assert_eq!(row.matches(" & ").count() + 1, columns, "{part}"));
        }
    }
}
