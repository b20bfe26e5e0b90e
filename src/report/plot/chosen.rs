//! The pictures that a scenario asks for: `[[plot]]`.

use hdrhistogram::Histogram;
use serde::Deserialize;

use super::against::Against;
use super::cdf::{self, Curve};
use super::choice::{self, Labels, LineChoice};
use super::figure::{Axis, Figure, Panel, quiet};
use super::over_time;
use super::swept_axis::Along;
use crate::catalogue::{Column, Metric, Outcome, RecordKind};
use crate::report::folder::FolderError;
use crate::report::folder::ResultFolder;
use crate::report::folder::table::ResultTable;
use crate::report::lines::capital;

/// A picture that a scenario asks for, as it stands in the manifest.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Chosen {
    pub name: String,
    #[serde(default)]
    pub title: String,
    kind: Kind,
    pub metric: String,
    against: Option<String>,
    lines: Option<String>,
    log: Option<Log>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    Against,
    OverTime,
    Distribution,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Log {
    None,
    X,
    Y,
    Both,
}

impl Chosen {
    fn log_x(&self) -> Option<bool> {
        self.log.map(|log| matches!(log, Log::X | Log::Both))
    }

    /// Whether the vertical axis is to be logarithmic.
    pub(super) fn log_y(&self) -> Option<bool> {
        self.log.map(|log| matches!(log, Log::Y | Log::Both))
    }
}

/// Most panels of one picture.
const MOST_PANELS: usize = 4;
/// Most lines of one panel.
const MOST_LINES: usize = 8;
/// Numbers of records are kept in thousandths: histograms are of whole numbers.
const THOUSANDTHS: f64 = 1e3;

/// The pictures that the scenario asks for. A picture of which nothing was measured is not drawn.
pub(super) fn figures(folder: &ResultFolder) -> Result<Vec<Figure>, FolderError> {
    let mut figures = Vec::new();
    for chosen in folder.chosen::<Chosen>()? {
        let figure = match chosen.kind {
            Kind::Against => against(folder, &chosen),
            Kind::OverTime => over_time::chosen(folder, &chosen)?,
            Kind::Distribution => distribution(folder, &chosen)?,
        };
        figures.extend(figure.map(|mut figure| {
            figure.name.clone_from(&chosen.name);
            if !chosen.title.is_empty() {
                figure.title.clone_from(&chosen.title);
            }
            figure
        }));
    }
    Ok(figures)
}

fn against(folder: &ResultFolder, chosen: &Chosen) -> Option<Figure> {
    let metric = Metric::named(&chosen.metric)?;
    let along = Along::named(folder, chosen.against.as_ref()?)?;
    let mut all = Against::of(folder, metric, along)?;
    all.log_y = chosen.log_y();
    let has_place_on_log = all.axis.places.iter().flatten().all(|x| *x > 0.0);
    if let Some(log) = chosen.log_x().filter(|log| !log || has_place_on_log)
        && all.axis.is_ordered
    {
        let (label, marks) = (all.axis.axis.label.clone(), all.axis.axis.marks.clone());
        let ends = (marks.first()?.0, marks.last()?.0);
        all.axis.axis = super::swept_axis::spanning(&label, ends, log, marks);
    }
    let label = metric.info().label;
    let title = format!("{} against {}", capital(label), quiet(&all.axis.axis.label));
    let (panels, notes) = match &chosen.lines {
        None => {
            let (series, choice) = all.lines();
            let mut notes = all.notes(&choice);
            notes.extend(all.zeros_note(&series));
            (all.panels(series, 220.0), notes)
        }
        Some(lines) => by_lines(&mut all, Along::named(folder, lines)?.key()),
    };
    all.figure(&chosen.name, title, panels, notes)
}

/// A line for each value of one key, a panel for each combination of those that are left.
fn by_lines(all: &mut Against<'_>, lines: usize) -> (Vec<Panel>, Vec<String>) {
    let folder = all.folder;
    let others: Vec<usize> = all
        .keys
        .iter()
        .copied()
        .filter(|key| *key != lines)
        .collect();
    let combinations: Vec<usize> = (0..folder.combinations.len()).collect();
    let labels = Labels::of(folder, &others);
    let groups = super::alike::by_key(&combinations, |c| labels.label(*c));
    let shown = groups.len().min(MOST_PANELS);
    all.keys = vec![lines];
    let (mut panels, mut notes, mut zeros_note) = (Vec::new(), Vec::new(), None);
    for (at, group) in groups.iter().take(shown).enumerate() {
        all.combinations.clone_from(group);
        let (series, choice) = all.lines();
        let zeros = all.zeros_note(&series);
        let mut drawn = all.panels(series, if shown > 1 { 130.0 } else { 220.0 });
        if let Some(first) = drawn.first_mut() {
            let label = labels.label(group[0]);
            let is_both = !label.is_empty() && !first.title.is_empty();
            first.title = format!("{label}{}{}", if is_both { ": " } else { "" }, first.title);
        }
        if at + 1 < shown {
            for panel in &mut drawn {
                panel.x.label.clear();
            }
        }
        panels.extend(drawn);
        notes = all.notes(&choice);
        zeros_note = zeros_note.or(zeros);
    }
    notes.extend(zeros_note);
    if groups.len() > shown {
        notes.push(format!("Shown are {shown} of {} panels.", groups.len()));
    }
    (panels, notes)
}

/// The distribution of a column of `lookups.csv`, as shares of all lookups, or of `nodes.csv`.
fn distribution(folder: &ResultFolder, chosen: &Chosen) -> Result<Option<Figure>, FolderError> {
    let find = |kind: RecordKind| {
        let mut columns = kind.info().columns.iter();
        columns.find(|column| column.name == chosen.metric)
    };
    if let (Some(column), Some(table)) = (find(RecordKind::Lookup), folder.lookups()?) {
        return counted(folder, chosen, table, column, Some("outcome"));
    }
    if let (Some(column), Some(table)) = (find(RecordKind::Node), folder.nodes()?) {
        return counted(folder, chosen, table, column, None);
    }
    Ok(None)
}

/// The rows of one combination.
struct Counted {
    all: u64,
    /// Those that count: the lookups answered rightly, or all nodes.
    right: u64,
    /// Of those, in thousandths.
    values: Histogram<u64>,
}

/// Counts the values of a column. `outcome`: the column that says whether a row counts only among all.
fn count(
    folder: &ResultFolder,
    choice: &LineChoice,
    table: ResultTable,
    column: &Column,
    outcome: Option<&str>,
) -> Result<Vec<Counted>, FolderError> {
    let cells = table.column(column.name)?;
    let outcome = outcome.map(|name| table.column(name)).transpose()?;
    let mut finder = folder.finder(&table)?;
    let empty = |_: &usize| Counted {
        all: 0,
        right: 0,
        values: cdf::histogram(),
    };
    let mut kept: Vec<Counted> = choice.picked.iter().map(empty).collect();
    table.each(|row| {
        let value = row.number(&cells)?;
        if let Some(place) = choice.place(finder.find(row)?) {
            let ok = Outcome::Ok.name().as_bytes();
            let counts = outcome
                .as_ref()
                .is_none_or(|outcome| row.bytes(outcome) == ok);
            kept[place].all += 1;
            kept[place].right += u64::from(counts);
            if let Some(value) = value.filter(|_| counts) {
                let thousandths = (value * THOUSANDTHS).round() as u64;
                cdf::record(&mut kept[place].values, thousandths);
            }
        }
        Ok(())
    })?;
    Ok(kept)
}

fn counted(
    folder: &ResultFolder,
    chosen: &Chosen,
    table: ResultTable,
    column: &'static Column,
    outcome: Option<&str>,
) -> Result<Option<Figure>, FolderError> {
    let sheet = Sheet::of(folder, chosen);
    let kept = count(folder, &sheet.choice, table, column, outcome)?;
    let is_of_lookups = outcome.is_some();
    let y = if is_of_lookups {
        "all lookups (%)"
    } else {
        "nodes (%)"
    };
    let groups: Vec<Vec<Curve<'_>>> = sheet
        .groups
        .iter()
        .map(|(_, group)| sheet.curves(group, &kept))
        .collect();
    let unit = 1.0 / THOUSANDTHS;
    let slices: Vec<&[Curve<'_>]> = groups.iter().map(Vec::as_slice).collect();
    let Some(mut x) = cdf::axis(&column.axis(), &slices, unit) else {
        return Ok(None);
    };
    if let Some(log) = chosen.log_x() {
        set_log(&mut x, log);
    }
    let is_one = groups.len() == 1;
    let panels = groups
        .iter()
        .zip(&sheet.groups)
        .map(|(curves, (title, _))| {
            let mut panel = cdf::panel(
                x.clone(),
                y,
                curves,
                unit,
                if is_one { 200.0 } else { 150.0 },
            );
            panel.title.clone_from(title);
            panel
        });
    let panels: Vec<Panel> = panels.collect();
    let mut notes = sheet.choice.notes.clone();
    if is_of_lookups {
        notes.push("Of the lookups answered rightly; a line ends at the success rate.".to_owned());
    }
    notes.extend(groups.iter().flat_map(|curves| cdf::notes(curves)));
    Ok(Some(Figure {
        name: chosen.name.clone(),
        title: capital(column.label.unwrap_or(column.name)).replace('_', " "),
        subtitle: folder.title.clone(),
        panels,
        columns: if is_one { 1 } else { 2 },
        notes,
    }))
}

/// Which combinations are drawn, and in which panels.
struct Sheet<'a> {
    folder: &'a ResultFolder,
    choice: LineChoice,
    /// Each panel's title, and its combinations by their places among the picked ones.
    groups: Vec<(String, Vec<usize>)>,
    /// The key that has lines, if the picture says which.
    lines: Option<usize>,
}

impl<'a> Sheet<'a> {
    fn of(folder: &'a ResultFolder, chosen: &Chosen) -> Self {
        let named = chosen
            .lines
            .as_ref()
            .and_then(|key| Along::named(folder, key));
        let Some(lines) = named.map(Along::key) else {
            let choice = choice::among_combinations(folder);
            let all = (0..choice.picked.len()).collect();
            return Self {
                folder,
                groups: vec![(String::new(), all)],
                choice,
                lines: None,
            };
        };
        let others: Vec<usize> = (0..folder.swept.len())
            .filter(|key| *key != lines)
            .collect();
        let labels = Labels::of(folder, &others);
        let combinations: Vec<usize> = (0..folder.combinations.len()).collect();
        let groups = super::alike::by_key(&combinations, |c| labels.label(*c));
        let shown = groups.len().min(MOST_PANELS);
        let mut notes = Vec::new();
        if groups.len() > shown {
            notes.push(format!("Shown are {shown} of {} panels.", groups.len()));
        }
        let (mut picked, mut panels) = (Vec::new(), Vec::new());
        for group in groups.iter().take(shown) {
            // As many as can be told apart.
            let drawn = &group[..group.len().min(MOST_LINES)];
            if drawn.len() < group.len() {
                notes.push(format!("Shown are {MOST_LINES} of {} lines.", group.len()));
            }
            let first = picked.len();
            picked.extend_from_slice(drawn);
            panels.push((labels.label(group[0]), (first..picked.len()).collect()));
        }
        notes.dedup();
        Self {
            folder,
            choice: LineChoice { picked, notes },
            groups: panels,
            lines: Some(lines),
        }
    }

    fn curves<'k>(&self, group: &[usize], kept: &'k [Counted]) -> Vec<Curve<'k>> {
        let lines = self.lines.map(|key| Labels::of(self.folder, &[key]));
        let curve = |(look, place): (usize, &usize)| {
            let (combination, kept) = (self.choice.picked[*place], &kept[*place]);
            Curve {
                label: match &lines {
                    Some(labels) => labels.label(combination),
                    None => choice::combination_label(self.folder, combination),
                },
                behind: String::new(),
                look,
                values: &kept.values,
                ends_at: kept.right as f64 / kept.all.max(1) as f64,
                given_up: None,
            }
        };
        group.iter().enumerate().map(curve).collect()
    }
}

/// Makes an axis logarithmic or linear, over the same values.
fn set_log(axis: &mut Axis, log: bool) {
    let (low, high) = axis.range;
    if axis.log == log || (log && high <= 0.0) {
        return;
    }
    *axis = if log {
        Axis::log(
            &axis.label,
            (if low > 0.0 { low } else { high / 1e3 }, high),
        )
    } else {
        Axis::linear(&axis.label, (0.0, high), 6)
    };
}
