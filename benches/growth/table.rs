//! Tables as Markdown, rounded for people, and as CSV, with all digits.

use std::error::Error;
use std::fs;
use std::path::Path;

use super::cell::Measured;
use super::plans::Row;

/// One number in both forms.
#[derive(Clone)]
pub(crate) struct Value {
    pub shown: String,
    pub exact: String,
}

impl Value {
    /// A number that is shown in units of `unit` with so many decimals.
    pub(crate) fn number(number: f64, unit: f64, decimals: usize) -> Self {
        Self {
            shown: format!("{:.decimals$}", number / unit),
            exact: number.to_string(),
        }
    }

    /// A text that is the same in both.
    pub(crate) fn text(text: &str) -> Self {
        Self {
            shown: text.to_owned(),
            exact: text.to_owned(),
        }
    }
}

/// A heading of a table in both forms.
pub(crate) struct Column {
    pub shown: &'static str,
    pub exact: &'static str,
}

/// A column for people and for programs.
pub(crate) const fn column(shown: &'static str, exact: &'static str) -> Column {
    Column { shown, exact }
}

/// A table.
pub(crate) struct Table {
    pub name: &'static str,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Value>>,
}

const MEASURED: [Column; 13] = [
    column("nodes", "nodes"),
    column("simulated s", "simulated_s"),
    column("M messages", "messages"),
    column("M events", "events"),
    column("set-up s", "set_up_s"),
    column("run s", "run_s"),
    column("peak MiB", "peak_bytes"),
    column("bytes/node", "bytes_per_node"),
    column("ns/event", "ns_per_event"),
    column("M messages/s", "messages_per_s"),
    column("M events/s", "events_per_s"),
    column("ceiling, M events/s", "ceiling_events_per_s"),
    column("of the ceiling", "ratio"),
];

impl Table {
    /// What whole runs cost; `labels` are the headings of what names a row besides its nodes.
    pub(crate) fn of_runs(
        name: &'static str,
        labels: &[&'static str],
        rows: &[Row],
        medians: &[Measured],
    ) -> Self {
        let labels = labels.iter().map(|label| column(label, label));
        Self {
            name,
            columns: labels.chain(MEASURED).collect(),
            rows: rows
                .iter()
                .zip(medians)
                .map(|(r, m)| values(r, m))
                .collect(),
        }
    }

    /// For a page of documentation.
    pub(crate) fn markdown(&self) -> String {
        let line = |cells: Vec<&str>| format!("| {} |\n", cells.join(" | "));
        let mut text = line(self.columns.iter().map(|column| column.shown).collect());
        text.push('|');
        text += &"---:|".repeat(self.columns.len());
        text.push('\n');
        for row in &self.rows {
            text += &line(row.iter().map(|value| value.shown.as_str()).collect());
        }
        text
    }

    /// Writes a file of the table's name.
    ///
    /// # Errors
    /// If it cannot be written.
    pub(crate) fn write_csv(&self, folder: &Path) -> Result<(), Box<dyn Error>> {
        fs::create_dir_all(folder)?;
        let file = folder.join(self.name).with_extension("csv");
        let mut writer = csv::Writer::from_path(&file)?;
        writer.write_record(self.columns.iter().map(|column| column.exact))?;
        for row in &self.rows {
            writer.write_record(row.iter().map(|value| &value.exact))?;
        }
        writer.flush()?;
        eprintln!("written: {}", file.display());
        Ok(())
    }
}

fn values(row: &Row, measured: &Measured) -> Vec<Value> {
    let nodes = row.cell.nodes;
    let labels = row.labels.iter().map(|label| Value::text(label));
    let numbers = [
        Value::text(&nodes.to_string()),
        Value::text(&row.cell.seconds.to_string()),
        Value::number(measured.messages, 1e6, 1),
        Value::number(measured.events, 1e6, 1),
        Value::number(measured.set_up_s, 1.0, 3),
        Value::number(measured.run_s, 1.0, 2),
        Value::number(measured.peak, 1024.0 * 1024.0, 0),
        Value::number(measured.bytes_per_node(nodes), 1.0, 0),
        Value::number(measured.ns_per_event(), 1.0, 0),
        Value::number(measured.messages_per_s(), 1e6, 2),
        Value::number(measured.events_per_s(), 1e6, 2),
        Value::number(measured.ceiling, 1e6, 2),
        Value::number(measured.events_per_s() / measured.ceiling, 1.0, 2),
    ];
    labels.chain(numbers).collect()
}
