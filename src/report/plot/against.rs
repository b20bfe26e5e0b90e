//! Draws metrics against a swept key. Means and confidence intervals come from `aggregate.csv` as they are; so does
//! what theory expects.

use std::collections::BTreeSet;

use super::choice::{self, LineChoice};
use super::figure::{Axis, Figure, Panel, Point, Series, SeriesShape};
use super::magnitude::{self, BYTES};
use super::style::LOOKS;
use super::swept_axis::{self, Along, SweptAxis};
use crate::catalogue::{Metric, Unit};
use crate::report::folder::combination::DrawnCombination;
use crate::report::folder::{ResultFolder, Swept};
use crate::results::csv::Estimate;

/// Shares that one wishes to be 100 %.
const SUCCESSES: [Metric; 9] = [
    Metric::SuccessRate,
    Metric::PutSuccessRate,
    Metric::GetSuccessRate,
    Metric::SuccessRateHonest,
    Metric::PutSuccessRateHonest,
    Metric::GetSuccessRateHonest,
    Metric::SuccessRateSelfish,
    Metric::PutSuccessRateSelfish,
    Metric::GetSuccessRateSelfish,
];

/// What is drawn against a swept key.
pub(super) struct Against<'a> {
    pub folder: &'a ResultFolder,
    pub metric: Metric,
    along: Along,
    pub axis: SweptAxis,
    /// The swept keys that tell the lines of a panel apart.
    pub keys: Vec<usize>,
    /// Numbers inside the tables whose one number the axis is: these tell lines apart as well where the axis has
    /// several tables at one place.
    siblings: Vec<&'a Swept>,
    /// The combinations of this panel.
    pub combinations: Vec<usize>,
    /// Whether the vertical axis is logarithmic; `None`: as the values ask for.
    pub log_y: Option<bool>,
}

impl<'a> Against<'a> {
    /// With a line for every combination of the other swept keys; `None` if there is nothing to draw along.
    pub(super) fn of(folder: &'a ResultFolder, metric: Metric, along: Along) -> Option<Self> {
        let others = (0..folder.swept.len()).filter(|key| *key != along.key());
        Some(
            Self {
                folder,
                metric,
                along,
                axis: swept_axis::of(folder, along)?,
                keys: others.collect(),
                siblings: Vec::new(),
                combinations: folder.fully_measured(),
                log_y: None,
            }
            .apart(along),
        )
    }

    /// With lines told apart by the other numbers of a table, if they would otherwise have two points at one place.
    fn apart(mut self, along: Along) -> Self {
        let Along::Part(key, part) = along else {
            return self;
        };
        let place = |c: &usize| (self.axis.places[*c].map(f64::to_bits), self.values(*c));
        let places: BTreeSet<_> = self.combinations.iter().map(place).collect();
        if places.len() < self.combinations.len() {
            let parts = swept_axis::varying(self.folder, &self.folder.swept[key]);
            let of_axis = &self.folder.swept[key].parts[part].key;
            self.siblings = parts.into_iter().filter(|p| p.key != *of_axis).collect();
        }
        self
    }

    /// What tells the line of a combination from others: the values of the keys, then of the siblings.
    fn values(&self, combination: usize) -> Vec<&'a str> {
        let combination = &self.folder.combinations[combination];
        let keys = self
            .keys
            .iter()
            .map(|key| combination.values[*key].as_str());
        let siblings = self.siblings.iter().map(|part| combination.part(&part.key));
        keys.chain(siblings).collect()
    }

    fn label(&self, combination: usize) -> String {
        let keys = choice::label(self.folder, combination, &self.keys);
        let values = self.values(combination);
        let siblings = self.siblings.iter().zip(&values[self.keys.len()..]);
        let siblings = siblings.map(|(part, value)| choice::value_name(&part.key, value));
        let all: Vec<String> = std::iter::once(keys).chain(siblings).collect();
        let all: Vec<&str> = all
            .iter()
            .map(String::as_str)
            .filter(|n| !n.is_empty())
            .collect();
        all.join(", ")
    }

    /// The place of the swept key along which is drawn.
    pub(super) fn along(&self) -> usize {
        self.along.key()
    }

    /// The same of another metric.
    pub(super) fn with(&self, metric: Metric) -> Self {
        Against {
            metric,
            axis: self.axis.clone(),
            keys: self.keys.clone(),
            siblings: self.siblings.clone(),
            combinations: self.combinations.clone(),
            ..*self
        }
    }

    /// The lines, what theory expects of them, and what was left out.
    pub(super) fn lines(&self) -> (Vec<Series>, LineChoice) {
        let (groups, choice) = self.groups();
        let mut theory = Vec::new();
        let mut measured = Vec::new();
        for (look, group) in choice.picked.iter().enumerate() {
            let combinations = &groups[*group];
            let dodge = self.dodge(look, choice.picked.len());
            let points = self.points(combinations, dodge, |c| self.measured(c));
            theory.extend(self.theory(combinations, dodge));
            let label = self.label(combinations[0]);
            measured.push(Series {
                label: if label.is_empty() {
                    "mean".to_owned()
                } else {
                    label
                },
                look: LOOKS[look],
                points,
                shape: self.shape(),
            });
        }
        measured.retain(|series| !series.points.is_empty());
        // On top: where the two agree, one sees the one through the gaps of the other.
        measured.extend(theory);
        (measured, choice)
    }

    /// The same lines, each point where another metric has its value: one over the other, along the key.
    pub(super) fn over(&self, across: Metric) -> (Vec<Series>, LineChoice) {
        let across = self.with(across);
        let (groups, choice) = self.groups();
        let line = |(look, group): (usize, &usize)| {
            let mut combinations = groups[*group].clone();
            let place = |c: &usize| self.axis.places[*c].unwrap_or(f64::INFINITY);
            combinations.sort_by(|a, b| place(a).total_cmp(&place(b)));
            let point = |c: &usize| {
                let ((x, _), (y, spread)) = (across.measured(*c)?, self.measured(*c)?);
                Some(Point { x, y, spread })
            };
            Series {
                label: self.label(combinations[0]),
                look: LOOKS[look],
                points: combinations.iter().filter_map(point).collect(),
                shape: SeriesShape::Marked,
            }
        };
        let lines = choice.picked.iter().enumerate().map(line);
        let lines = lines.filter(|line| !line.points.is_empty()).collect();
        (lines, choice)
    }

    /// Something else that is known of the combinations of each line, where it is known of more than one.
    pub(super) fn known(
        &self,
        value: impl Fn(&DrawnCombination) -> Option<f64>,
    ) -> Vec<Vec<Point>> {
        let (groups, choice) = self.groups();
        let value = |c: usize| Some((value(&self.folder.combinations[c])?, None));
        let lines = choice.picked.iter();
        let lines = lines.map(|group| self.points(&groups[*group], 0.0, value));
        lines.filter(|points| points.len() > 1).collect()
    }

    /// What theory expects of these combinations, where it expects anything.
    pub(super) fn theory(&self, combinations: &[usize], dodge: f64) -> Option<Series> {
        let expected = self.points(combinations, dodge, |c| self.expected(c));
        if self.axis.is_ordered {
            (expected.len() > 1).then(|| Series::theory(expected, SeriesShape::Plain))
        } else {
            (!expected.is_empty()).then(|| Series::theory(expected, SeriesShape::Dots))
        }
    }

    pub(super) fn shape(&self) -> SeriesShape {
        if self.axis.is_ordered {
            SeriesShape::Marked
        } else {
            SeriesShape::Dots
        }
    }

    /// Moves what would lie on top of each other apart, where places are no numbers.
    pub(super) fn dodge(&self, look: usize, lines: usize) -> f64 {
        if self.axis.is_ordered || lines < 2 {
            return 0.0;
        }
        (look as f64 / (lines - 1) as f64 - 0.5) * 0.5
    }

    /// The combinations of each line, and which of the lines are drawn.
    fn groups(&self) -> (Vec<Vec<usize>>, LineChoice) {
        let values = |c: &usize| self.values(*c);
        let groups = super::alike::by_key(&self.combinations, values);
        let of = |group: Vec<usize>| -> Vec<usize> {
            group.into_iter().map(|at| self.combinations[at]).collect()
        };
        let groups: Vec<Vec<usize>> = groups.into_iter().map(of).collect();
        let swept: Vec<&Swept> = self
            .keys
            .iter()
            .map(|key| &self.folder.swept[*key])
            .chain(self.siblings.iter().copied())
            .collect();
        let rows: Vec<Vec<&str>> = groups.iter().map(|group| values(&group[0])).collect();
        let choice = choice::choose(&swept, &rows);
        (groups, choice)
    }

    pub(super) fn points(
        &self,
        combinations: &[usize],
        dodge: f64,
        value: impl Fn(usize) -> Option<(f64, Option<(f64, f64)>)>,
    ) -> Vec<Point> {
        let point = |c: &usize| {
            let x = self.axis.places[*c]? + dodge;
            let (y, spread) = value(*c)?;
            Some(Point { x, y, spread })
        };
        let mut points: Vec<Point> = combinations.iter().filter_map(point).collect();
        points.sort_by(|a, b| a.x.total_cmp(&b.x));
        points
    }

    pub(super) fn measured(&self, combination: usize) -> Option<(f64, Option<(f64, f64)>)> {
        let combination = &self.folder.combinations[combination];
        let Estimate { mean, ci95 } = combination.estimate(self.metric);
        let factor = self.metric.info().unit.shown_factor();
        let y = mean? * factor;
        let is_share = self.metric.info().unit == Unit::Share;
        let within = |end: f64| {
            if is_share {
                end.clamp(0.0, factor)
            } else {
                end
            }
        };
        let ends = |ci: f64| (within(y - ci * factor), within(y + ci * factor));
        Some((y, ci95.map(ends)))
    }

    fn expected(&self, combination: usize) -> Option<(f64, Option<(f64, f64)>)> {
        let expected = self.folder.combinations[combination].expected(self.metric)?;
        Some((expected * self.metric.info().unit.shown_factor(), None))
    }

    /// The panel of these lines. One that is over the lookups answered rightly says so, and has under it which share
    /// of all lookups these are, unless they are all: where many are lost, the short ones survive.
    pub(super) fn panels(&self, mut series: Vec<Series>, height: f64) -> Vec<Panel> {
        let is_of_bytes = self.metric.info().unit == Unit::Bytes;
        let unit = is_of_bytes.then(|| magnitude::shorten(&mut series, BYTES));
        let Some(extent) = upright(&series, true) else {
            return Vec::new();
        };
        let mut panel = Panel {
            title: String::new(),
            x: self.axis.axis.clone(),
            y: self.vertical(&series, extent),
            series,
            height,
        };
        if let Some(unit) = unit {
            panel.y.label = format!("{} ({unit})", self.metric.info().label);
        }
        if !is_of_answered(self.metric) {
            return vec![panel];
        }
        "of the lookups answered rightly".clone_into(&mut panel.title);
        let below = self.with(Metric::SuccessRate).success_panel();
        if below.is_some() {
            panel.x = panel.x.silent();
        }
        [Some(panel), below].into_iter().flatten().collect()
    }

    /// The vertical axis. On a logarithmic one that was asked for, zeros have no place.
    fn vertical(&self, series: &[Series], extent: (f64, f64)) -> Axis {
        let means = || series.iter().flat_map(|s| &s.points).map(|point| point.y);
        let wanted = |y: &f64| self.log_y != Some(true) || *y > 0.0;
        let least = means().filter(wanted).min_by(f64::total_cmp);
        vertical(self.metric, self.log_y, extent, least)
    }

    /// What is to be known where zeros have no place.
    pub(super) fn zeros_note(&self, series: &[Series]) -> Option<String> {
        let mut points = series.iter().flat_map(|s| &s.points);
        let is_missing = self.log_y == Some(true) && points.any(|point| point.y <= 0.0);
        is_missing.then(|| "Means of 0 have no place on a logarithmic axis.".to_owned())
    }

    fn success_panel(&self) -> Option<Panel> {
        let (series, _) = self.lines();
        let (low, _) = upright(&series, true)?;
        let mut points = series.iter().flat_map(|s| &s.points);
        points.any(|point| point.y < 100.0).then(|| Panel {
            title: "which are of all lookups".to_owned(),
            x: self.axis.axis.clone(),
            y: percent_of_success(low),
            series: series.clone(),
            height: 110.0,
        })
    }

    /// What stands under the picture.
    pub(super) fn notes(&self, choice: &LineChoice) -> Vec<String> {
        let mut notes = choice.notes.clone();
        notes.extend(self.axis.notes.iter().cloned());
        notes.extend(self.bars_note());
        notes
    }

    /// What error bars are, if there are any.
    pub(super) fn bars_note(&self) -> Option<String> {
        bars_note(self.folder)
    }

    /// A picture of these panels.
    pub(super) fn figure(
        &self,
        name: &str,
        title: String,
        panels: Vec<Panel>,
        notes: Vec<String>,
    ) -> Option<Figure> {
        (!panels.is_empty()).then(|| Figure {
            name: name.to_owned(),
            title,
            subtitle: self.folder.title.clone(),
            panels,
            columns: 1,
            notes,
        })
    }
}

/// Whether a metric is over the lookups that were answered rightly.
fn is_of_answered(metric: Metric) -> bool {
    let of = ["hops_", "path_length_", "latency_ms_", "stretch_"];
    of.iter().any(|begin| metric.name().starts_with(begin))
}

fn vertical(
    metric: Metric,
    log: Option<bool>,
    (low, high): (f64, f64),
    least: Option<f64>,
) -> Axis {
    let label = metric.info().axis();
    if SUCCESSES.contains(&metric) && log != Some(true) {
        return percent_from(low, &label);
    }
    let least = least.unwrap_or(low);
    let is_share = metric.info().unit == Unit::Share;
    let is_log = log.unwrap_or(low > 0.0 && high / low > 20.0);
    if is_log && least > 0.0 {
        // A bar that reaches to nothing is cut off; the mean stays in sight.
        let axis = Axis::log(&label, (if low > 0.0 { low } else { least / 2.0 }, high));
        // A share goes up to 100 %, which needs no room above it.
        return if is_share { axis } else { axis.roomy() };
    }
    let high = if is_share { high.min(100.0) } else { high };
    Axis::linear(&label, (0.0, high), 5)
}

/// The axis of a success rate whose lowest value is `low` per cent: up to 100 %, and no further
/// down than needed, in steps that say how much of it one sees.
pub(super) fn percent_of_success(low: f64) -> Axis {
    percent_from(low, &Metric::SuccessRate.info().axis())
}

/// The same of another share, which its label says.
pub(super) fn percent_from(low: f64, label: &str) -> Axis {
    let floors = [99.0, 98.0, 95.0, 90.0, 80.0, 50.0];
    let floor = floors.into_iter().find(|f| low >= *f).unwrap_or(0.0);
    Axis::linear(label, (floor, 100.0), 5)
}

/// Lowest and highest vertical coordinate of all points, with or without their error bars.
pub(super) fn upright(series: &[Series], bars: bool) -> Option<(f64, f64)> {
    let of = |point: &Point| match point.spread {
        Some((low, high)) if bars => [low, high],
        _ => [point.y, point.y],
    };
    let values = || series.iter().flat_map(|s| &s.points).flat_map(of);
    let low = values().min_by(f64::total_cmp)?;
    let high = values().max_by(f64::total_cmp)?;
    Some((low, high))
}

/// Whether there is more to see than one and the same value.
pub(super) fn varies(series: &[Series]) -> bool {
    upright(series, false).is_some_and(|(low, high)| high - low > high.abs() * 1e-3)
}

fn bars_note(folder: &ResultFolder) -> Option<String> {
    let runs = || folder.combinations.iter().map(|c| c.runs);
    let (least, most) = (runs().min()?, runs().max()?);
    let count = if least == most {
        format!("{most} runs")
    } else {
        format!("{least} to {most} runs")
    };
    (most > 1).then(|| format!("Bars: 95 % confidence intervals over {count}."))
}

/// What may stand in a file's name.
pub(super) fn file_word(column: &str) -> String {
    let safe = |c: char| {
        if c.is_ascii_alphanumeric() || c == '_' {
            c
        } else {
            '-'
        }
    };
    column.chars().map(safe).collect()
}
