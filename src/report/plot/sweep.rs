//! Pictures of a measure against a swept number: hops against nodes, success against the share of
//! selfish peers. Means and confidence intervals come from `aggregate.csv` as they are.

use super::choice::{self, LineChoice};
use super::figure::{Axis, Figure, Panel, Point, Series, SeriesShape};
use super::folder::{DrawnCombination, ResultFolder, Swept};
use super::style::{LOOKS, ORIENTATION};
use crate::catalogue::Metric;
use crate::results::csv::Estimate;

/// What is drawn against a swept number: a metric, and what its pictures are called.
struct Measure {
    metric: Metric,
    name: &'static str,
    title: &'static str,
}

const HOPS: Measure = Measure {
    metric: Metric::HopsMean,
    name: "hops",
    title: "Hops",
};

const SUCCESS: Measure = Measure {
    metric: Metric::SuccessRate,
    name: "success",
    title: "Success",
};

/// One picture for every swept number and measure.
pub(super) fn figures(folder: &ResultFolder) -> Vec<Figure> {
    let mut figures = Vec::new();
    for key in 0..folder.swept.len() {
        if !is_number(folder, key) {
            continue;
        }
        if folder.swept[key].key == "overlay.nodes" {
            figures.extend(hops_against_nodes(folder, key));
        } else {
            figures.extend(against(folder, key, &SUCCESS));
            figures.extend(against(folder, key, &HOPS));
        }
    }
    figures
}

/// Whether a key has at least two values, all of them numbers or durations.
fn is_number(folder: &ResultFolder, key: usize) -> bool {
    let values = || folder.combinations.iter().map(|c| &c.values[key]);
    values().all(|v| choice::quantity(v).is_some())
        && values().any(|v| *v != folder.combinations[0].values[key])
}

fn hops_against_nodes(folder: &ResultFolder, key: usize) -> Option<Figure> {
    let (mut series, choice) = lines(folder, key, &HOPS);
    let mut notes = choice.notes;
    let count = |series: &[Series]| series.iter().map(|s| s.points.len()).sum::<usize>();
    let before = count(&series);
    for line in &mut series {
        line.points.retain(|p| p.x > 0.0 && p.y > 0.0);
    }
    if count(&series) < before {
        notes.push("Means of 0 hops have no place on a logarithmic axis.".to_owned());
    }
    let x = Axis::log("number of nodes N", across(&series)?).roomy();
    // The lower line for orientation is always in sight; the upper one where it is near the data.
    let (low, high) = upright(&series, false)?;
    let half_log = |n: f64| libm::log2(n) / 2.0;
    let most = half_log(x.range.1).max(high);
    let least = low.min(half_log(x.range.0.max(2.0))).max(0.1);
    let y = Axis::log(&HOPS.metric.info().axis(), (least, most)).roomy();
    let mut all = vec![
        orientation(0, "(N − 1)/2", &x, &y, |n| (n - 1.0) / 2.0),
        orientation(1, "½ log₂ N", &x, &y, half_log),
    ];
    all.retain(|line| line.points.len() > 1);
    all.extend(series);
    notes.extend(bars_note(folder));
    let panels = with_success(folder, key, &HOPS, (x, y), all);
    let title = "Hops against number of nodes";
    Some(sheet(folder, "hops-vs-nodes", title, notes, panels))
}

/// A line for orientation, where it lies between the axes.
fn orientation(look: usize, label: &str, x: &Axis, y: &Axis, value: fn(f64) -> f64) -> Series {
    let (first, last) = x.range;
    let at = |i: u32| first * libm::pow(last / first, f64::from(i) / 256.0);
    let inside = |p: &Point| (y.range.0..=y.range.1).contains(&p.y);
    Series {
        label: label.to_owned(),
        look: ORIENTATION[look],
        points: (0..=256)
            .map(|i| Point::new(at(i), value(at(i))))
            .filter(inside)
            .collect(),
        shape: SeriesShape::Plain,
    }
}

fn against(folder: &ResultFolder, key: usize, measure: &Measure) -> Option<Figure> {
    let (series, choice) = lines(folder, key, measure);
    let swept = &folder.swept[key];
    let x = horizontal(folder, key, across(&series)?);
    let y = vertical(measure, upright(&series, true)?);
    let name = format!("{}-vs-{}", measure.name, file_word(&swept.column));
    let title = format!("{} against {}", measure.title, quiet(&axis_label(swept)));
    let mut notes = choice.notes;
    notes.extend(bars_note(folder));
    let panels = with_success(folder, key, measure, (x, y), series);
    Some(sheet(folder, &name, &title, notes, panels))
}

/// The panel of a measure. One that is over the lookups answered rightly says so, and has under it which share of
/// all lookups these are, unless they are all: where many are lost, the short ones survive.
fn with_success(
    folder: &ResultFolder,
    key: usize,
    measure: &Measure,
    (x, y): (Axis, Axis),
    series: Vec<Series>,
) -> Vec<Panel> {
    let mut panel = Panel {
        title: String::new(),
        x,
        y,
        series,
        height: 220.0,
    };
    if measure.metric == SUCCESS.metric {
        return vec![panel];
    }
    panel.title = "of the lookups answered rightly".to_owned();
    let (success, _) = lines(folder, key, &SUCCESS);
    let Some((low, _)) = upright(&success, true).filter(|_| has_losses(&success)) else {
        return vec![panel];
    };
    let below = Panel {
        title: "which are of all lookups".to_owned(),
        x: panel.x.clone(),
        y: percent_of_success(low),
        series: success,
        height: 80.0,
    };
    panel.x = panel.x.silent();
    vec![panel, below]
}

/// Whether any mean is below 100 %.
fn has_losses(success: &[Series]) -> bool {
    let mut points = success.iter().flat_map(|s| &s.points);
    points.any(|point| point.y < 100.0)
}

fn horizontal(folder: &ResultFolder, key: usize, (low, high): (f64, f64)) -> Axis {
    let mut label = axis_label(&folder.swept[key]);
    if choice::is_duration(&folder.combinations[0].values[key]) {
        label.push_str(" (s)");
    }
    if low > 0.0 && high / low > 30.0 {
        Axis::log(&label, (low, high)).roomy()
    } else {
        Axis::linear(&label, (low, high), 6).roomy()
    }
}

fn vertical(measure: &Measure, (low, high): (f64, f64)) -> Axis {
    let label = measure.metric.info().axis();
    if measure.metric == SUCCESS.metric {
        percent_of_success(low)
    } else if low > 0.0 && high / low > 20.0 {
        Axis::log(&label, (low, high)).roomy()
    } else {
        Axis::linear(&label, (0.0, high), 5)
    }
}

/// The axis of a success rate whose lowest value is `low` per cent: up to 100 %, and no further
/// down than needed.
pub(super) fn percent_of_success(low: f64) -> Axis {
    let floors = [99.0, 98.0, 95.0, 90.0, 80.0, 50.0];
    let floor = floors.into_iter().find(|f| low >= *f).unwrap_or(0.0);
    Axis::linear(&SUCCESS.metric.info().axis(), (floor, 100.0), 5)
}

/// One line for each combination of the other swept values.
fn lines(folder: &ResultFolder, key: usize, measure: &Measure) -> (Vec<Series>, LineChoice) {
    let others: Vec<usize> = (0..folder.swept.len()).filter(|k| *k != key).collect();
    let swept: Vec<&Swept> = others.iter().map(|k| &folder.swept[*k]).collect();
    let values = |c: usize| -> Vec<&str> {
        let values = &folder.combinations[c].values;
        others.iter().map(|k| values[*k].as_str()).collect()
    };
    let mut groups: Vec<(Vec<&str>, Vec<Point>)> = Vec::new();
    for (c, combination) in folder.combinations.iter().enumerate() {
        let Some(point) = point(combination, key, measure) else {
            continue;
        };
        let values = values(c);
        match groups.iter_mut().find(|(group, _)| *group == values) {
            Some((_, points)) => points.push(point),
            None => groups.push((values, vec![point])),
        }
    }
    let rows: Vec<Vec<&str>> = groups.iter().map(|(values, _)| values.clone()).collect();
    let choice = choice::choose(&swept, &rows);
    let series = |(look, group): (usize, &usize)| {
        let (values, mut points) = groups[*group].clone();
        points.sort_by(|a, b| a.x.total_cmp(&b.x));
        let label = choice::label(&swept, &values);
        Series {
            label: if label.is_empty() {
                "mean".to_owned()
            } else {
                label
            },
            look: LOOKS[look],
            points,
            shape: SeriesShape::Marked,
        }
    };
    (
        choice.picked.iter().enumerate().map(series).collect(),
        choice,
    )
}

fn point(combination: &DrawnCombination, key: usize, measure: &Measure) -> Option<Point> {
    let Estimate { mean, ci95 } = combination.estimate(measure.metric);
    let factor = measure.metric.info().unit.shown_factor();
    let y = mean? * factor;
    let spread = ci95.map(|ci| (y - ci * factor, y + ci * factor));
    let x = choice::quantity(&combination.values[key])?;
    Some(Point { x, y, spread })
}

/// First and last horizontal coordinate of all points.
fn across(series: &[Series]) -> Option<(f64, f64)> {
    extent(series, |p| [p.x, p.x])
}

/// Lowest and highest vertical coordinate of all points, with or without their error bars.
fn upright(series: &[Series], bars: bool) -> Option<(f64, f64)> {
    if bars {
        extent(series, |p| {
            p.spread.map_or([p.y, p.y], |(low, high)| [low, high])
        })
    } else {
        extent(series, |p| [p.y, p.y])
    }
}

fn extent(series: &[Series], of: fn(&Point) -> [f64; 2]) -> Option<(f64, f64)> {
    let values = || series.iter().flat_map(|s| &s.points).flat_map(of);
    let low = values().min_by(f64::total_cmp)?;
    let high = values().max_by(f64::total_cmp)?;
    Some((low, high))
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

fn sheet(
    folder: &ResultFolder,
    name: &str,
    title: &str,
    notes: Vec<String>,
    panels: Vec<Panel>,
) -> Figure {
    Figure {
        name: name.to_owned(),
        title: title.to_owned(),
        subtitle: folder.title.clone(),
        panels,
        columns: 1,
        notes,
    }
}

fn axis_label(swept: &Swept) -> String {
    let label = match swept.key.as_str() {
        "selfish.fraction" => "share of selfish peers",
        "network.loss" => "probability of message loss",
        "chord.successors" => "length of the successor list",
        "chord.virtual_nodes" => "ring positions per peer",
        "churn.graceful" => "share of graceful departures",
        "churn.poisson.joins_per_s" => "joins per second",
        "churn.poisson.leaves_per_s" => "departures per second",
        _ => return choice::words(swept),
    };
    label.to_owned()
}

/// A label without its explanation in brackets.
fn quiet(label: &str) -> &str {
    label.split(" (").next().unwrap_or(label)
}

/// What may stand in a file's name.
fn file_word(column: &str) -> String {
    let safe = |c: char| {
        if c.is_ascii_alphanumeric() || c == '_' {
            c
        } else {
            '-'
        }
    };
    column.chars().map(safe).collect()
}
