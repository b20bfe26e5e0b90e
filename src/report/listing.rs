//! A list of results for people: a line each, and below it what is wrong with those with which something is.

use crate::inputs::harmless::shortened;
use crate::results::{Listed, ListedState};

/// So many signs of a name and of a heading are shown.
const NAME: usize = 24;
const TITLE: usize = 48;

/// A line per result: its folder, when it was written, how long that took, runs, size, version, state, heading.
pub(crate) fn render(all: &[Listed]) -> String {
    let header = [
        "folder",
        "when (UTC)",
        "took",
        "runs",
        "size",
        "state",
        "version",
    ];
    let mut lines = vec![header.map(str::to_owned)];
    lines.extend(all.iter().map(line));
    let widths: Vec<usize> = (0..header.len())
        .map(|column| {
            let cells = lines.iter().map(|line| line[column].chars().count());
            cells.max().unwrap_or(0)
        })
        .collect();
    let titles = std::iter::once("title".to_owned()).chain(all.iter().map(remark));
    let shown = lines.iter().zip(titles).map(|(line, title)| {
        let cells = line.iter().zip(&widths).enumerate();
        // Numbers to the right, words to the left.
        let cells = cells.map(|(column, (cell, width))| match column {
            2..=4 => format!("{cell:>width$}"),
            _ => format!("{cell:<width$}"),
        });
        let cells: Vec<String> = cells.chain([title]).collect();
        format!("{}\n", cells.join("  ").trim_end())
    });
    shown.collect()
}

fn line(one: &Listed) -> [String; 7] {
    let folder = one.folder.file_name().unwrap_or(one.folder.as_os_str());
    let runs = match (one.state, one.failed) {
        (ListedState::Interrupted | ListedState::BeingWritten, _) if one.program.is_none() => {
            format!("{} kept", one.runs)
        }
        (_, 0) => one.runs.to_string(),
        (_, failed) => format!("{} of {}", one.runs, one.runs + failed),
    };
    // A version without the name of the program, which is always the same.
    let version = one.program.as_deref().unwrap_or("–");
    let version = version
        .split_once(' ')
        .map_or(version, |(_, version)| version);
    [
        one_line(&folder.to_string_lossy(), NAME),
        one.when.as_deref().map_or_else(|| "–".to_owned(), moment),
        one.wall_seconds.map_or_else(|| "–".to_owned(), duration),
        runs,
        bytes(one.bytes),
        one.state.told().to_owned(),
        one_line(version, NAME),
    ]
}

/// What is wrong with a result, or else its heading.
fn remark(one: &Listed) -> String {
    let text = if one.fault.is_empty() {
        &one.title
    } else {
        &one.fault
    };
    one_line(text, TITLE)
}

/// A text of one line, shortened: it comes from a file that anybody may have written.
fn one_line(text: &str, most: usize) -> String {
    let text = shortened(text, most);
    text.replace(['\n', '\r', '\t'], " ")
}

/// `2026-03-01T12:00:00Z` as `2026-03-01 12:00`.
fn moment(utc: &str) -> String {
    let to_the_minute: String = utc.chars().take(16).collect();
    one_line(&to_the_minute.replace('T', " "), NAME)
}

fn duration(seconds: f64) -> String {
    match seconds {
        ..9.95 => format!("{seconds:.1} s"),
        ..119.5 => format!("{seconds:.0} s"),
        ..7170.0 => format!("{:.0} min", seconds / 60.0),
        _ => format!("{:.1} h", seconds / 3600.0),
    }
}

fn bytes(bytes: u64) -> String {
    let size = bytes as f64;
    match size {
        ..1e3 => format!("{bytes} B"),
        ..1e6 => format!("{:.0} kB", size / 1e3),
        ..1e9 => format!("{:.1} MB", size / 1e6),
        _ => format!("{:.1} GB", size / 1e9),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_is_a_line_and_what_is_wrong_stands_at_its_end() {
        let whole = Listed {
            folder: "results/churn".into(),
            name: "churn".to_owned(),
            title: "Nodes come\nand go".to_owned(),
            when: Some("2026-03-01T12:34:56Z".to_owned()),
            wall_seconds: Some(7.26),
            runs: 10,
            failed: 0,
            bytes: 12_345_678,
            program: Some("chordsim 0.1.0 (0123456789)".to_owned()),
            state: ListedState::Complete,
            fault: String::new(),
        };
        let damaged = Listed {
            folder: "results/x".into(),
            wall_seconds: Some(5400.0),
            failed: 2,
            bytes: 999,
            state: ListedState::Damaged,
            fault: "nodes.csv is missing".to_owned(),
            ..whole.clone()
        };
        let interrupted = Listed {
            folder: "results/half".into(),
            title: String::new(),
            wall_seconds: None,
            program: None,
            state: ListedState::Interrupted,
            ..whole.clone()
        };
        assert_eq!(
            render(&[whole, damaged, interrupted]),
            "\
folder  when (UTC)          took      runs     size  state        version             title
churn   2026-03-01 12:34   7.3 s        10  12.3 MB  complete     0.1.0 (0123456789)  Nodes come and go
x       2026-03-01 12:34  90 min  10 of 12    999 B  damaged      0.1.0 (0123456789)  nodes.csv is missing
half    2026-03-01 12:34       –   10 kept  12.3 MB  interrupted  –
"
        );
    }
}
