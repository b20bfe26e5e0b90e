//! The pictures that a sweep gives by itself: hops against nodes, success, hops, latency and stretch against other
//! keys. What is the same everywhere is not drawn.

use super::against::{Against, file_word, upright, varies};
use super::figure::{Axis, Figure, Point, Series, SeriesShape, quiet};
use super::magnitude::{self, COUNTS};
use super::style::{LOOKS, ORIENTATION};
use super::swept_axis::{self, Along, SweptAxis};
use crate::catalogue::{Metric, Unit};
use crate::report::folder::ResultFolder;
use crate::report::folder::combination::DrawnCombination;

/// What is drawn against a swept key, and what its pictures are called.
struct Measure {
    metric: Metric,
    name: &'static str,
    title: &'static str,
    /// Where there is one line only, it has these beside it.
    beside: &'static [(Metric, &'static str)],
}

const SUCCESS: Measure = Measure {
    metric: Metric::SuccessRate,
    name: "success",
    title: "Success",
    beside: &[],
};

const HOPS: Measure = Measure {
    metric: Metric::HopsMean,
    name: "hops",
    title: "Hops",
    beside: &[],
};

const LATENCY: Measure = Measure {
    metric: Metric::LatencyMsP50,
    name: "latency",
    title: "Latency",
    beside: &[
        (Metric::LatencyMsP50, "median"),
        (Metric::LatencyMsMean, "mean"),
        (Metric::LatencyMsP95, "95th percentile"),
    ],
};

const STRETCH: Measure = Measure {
    metric: Metric::StretchP50,
    name: "stretch",
    title: "Stretch",
    beside: &[
        (Metric::StretchP50, "median"),
        (Metric::StretchMean, "mean"),
        (Metric::StretchP95, "95th percentile"),
    ],
};

/// What is drawn of the values that are stored.
const STORED: [Measure; 4] = [
    Measure {
        metric: Metric::GetSuccessRate,
        name: "get-success",
        title: "Success of gets",
        beside: &[],
    },
    Measure {
        metric: Metric::PutSuccessRate,
        name: "put-success",
        title: "Success of puts",
        beside: &[],
    },
    Measure {
        metric: Metric::StaleRate,
        name: "stale",
        title: "Stale reads",
        beside: &[],
    },
    Measure {
        metric: Metric::ValuesAlive,
        name: "values-alive",
        title: "Values alive",
        beside: &[],
    },
];

const UPKEEP: Measure = Measure {
    metric: Metric::UpkeepBytes,
    name: "upkeep",
    title: "Upkeep",
    beside: &[
        (Metric::UpkeepBytes, "together"),
        (Metric::RepairBytes, "repair"),
        (Metric::HandoverBytes, "hand-over"),
    ],
};

const KEYS: Measure = Measure {
    metric: Metric::KeysP99,
    name: "keys",
    title: "Keys per peer",
    beside: &[
        (Metric::KeysMax, "most"),
        (Metric::KeysP99, "99th percentile"),
        (Metric::KeysMean, "mean"),
        (Metric::KeysP1, "1st percentile"),
    ],
};

/// The swept keys that make an axis. Words make one only if nothing else does: beside numbers they are what tells lines
/// apart.
pub(super) fn axes(folder: &ResultFolder) -> Vec<usize> {
    let axis = |key| Some((key, swept_axis::of(folder, Along::Key(key))?));
    let axes: Vec<(usize, SweptAxis)> = (0..folder.swept.len()).filter_map(axis).collect();
    let any_ordered = axes.iter().any(|(_, axis)| axis.is_ordered);
    let drawn = axes
        .iter()
        .filter(|(_, axis)| axis.is_ordered || !any_ordered);
    drawn.map(|(key, _)| *key).collect()
}

/// One picture for every swept key that makes an axis, and every measure.
pub(super) fn figures(folder: &ResultFolder) -> Vec<Figure> {
    let mut figures = Vec::new();
    for key in &axes(folder) {
        if folder.swept[*key].key == "overlay.nodes" {
            figures.extend(hops_against_nodes(folder, *key));
        } else {
            figures.extend(against(folder, *key, &SUCCESS));
            figures.extend(against(folder, *key, &HOPS));
        }
        let stored = STORED.iter().filter(|m| changes_along(folder, *key, m));
        figures.extend(stored.filter_map(|m| against(folder, *key, m)));
        figures.extend(upkeep(folder, *key));
        if folder.swept[*key].is_virtual_nodes() {
            figures.extend(against(folder, *key, &KEYS));
        }
        // Where all ways are equally long, hops say it all.
        if !folder
            .combinations
            .iter()
            .all(DrawnCombination::is_equidistant)
        {
            figures.extend(against(folder, *key, &LATENCY));
            let ways = ["network.", "overlay.", "chord."];
            if ways
                .iter()
                .any(|way| folder.swept[*key].key.starts_with(way))
            {
                figures.extend(against(folder, *key, &STRETCH));
            }
        }
    }
    figures
}

/// Whether any line of a measure is more than a level one: which copies are asked is no matter to what puts wait for.
fn changes_along(folder: &ResultFolder, key: usize, measure: &Measure) -> bool {
    let against = Against::of(folder, measure.metric, Along::Key(key));
    let lines = against.map(|against| against.lines().0).unwrap_or_default();
    let mut lines = lines.iter();
    lines.any(|line| varies(std::slice::from_ref(line)))
}

fn against(folder: &ResultFolder, key: usize, measure: &Measure) -> Option<Figure> {
    let against = Against::of(folder, measure.metric, Along::Key(key))?;
    let (mut series, choice) = against.lines();
    let only_one = series
        .iter()
        .filter(|s| s.shape != SeriesShape::Plain)
        .count()
        == 1;
    if only_one && !measure.beside.is_empty() {
        series = beside(folder, key, measure.beside);
    }
    if !varies(&series) {
        return None;
    }
    if measure.metric == UPKEEP.metric {
        series.splice(0..0, rule_of_upkeep(&against));
    }
    let swept = &folder.swept[key];
    let name = format!("{}-vs-{}", measure.name, file_word(&swept.column));
    let title = format!(
        "{} against {}",
        measure.title,
        quiet(&against.axis.axis.label)
    );
    let mut panels = against.panels(series, 220.0);
    if only_one && !measure.beside.is_empty() {
        let unit = measure.metric.info().unit;
        // What stands for all of them; bytes are in a unit that fits them.
        if unit != Unit::Bytes {
            panels[0].y.label = unit.axis(&measure.title.to_lowercase());
        }
    }
    against.figure(&name, title, panels, against.notes(&choice))
}

/// Several metrics of the only line that there is.
fn beside(folder: &ResultFolder, key: usize, metrics: &[(Metric, &str)]) -> Vec<Series> {
    let one = |(look, (metric, label)): (usize, &(Metric, &str))| {
        let against = Against::of(folder, *metric, Along::Key(key))?;
        let dodge = against.dodge(look, metrics.len());
        let value = |c| against.measured(c);
        let measured = Series {
            label: (*label).to_owned(),
            look: LOOKS[look],
            points: against.points(&against.combinations, dodge, value),
            shape: against.shape(),
        };
        Some((measured, against.theory(&against.combinations, dodge)))
    };
    let all = metrics.iter().enumerate().filter_map(one);
    let (mut measured, theory): (Vec<Series>, Vec<Option<Series>>) = all.unzip();
    let is_something = |series: &Series| series.points.iter().any(|point| point.y > 0.0);
    measured.retain(is_something);
    // What theory expects lies on top of all that was measured.
    measured.extend(theory.into_iter().flatten());
    measured
}

/// What is known of upkeep to a few per cent, for orientation.
fn rule_of_upkeep(against: &Against<'_>) -> Vec<Series> {
    let lines = if against.axis.is_ordered {
        against.known(|combination| against.folder.expectations.upkeep_bytes(combination))
    } else {
        Vec::new()
    };
    let line = |points: Vec<Point>| Series {
        label: "2 K v k t/L".to_owned(),
        look: ORIENTATION[0],
        points,
        shape: SeriesShape::Plain,
    };
    lines.into_iter().map(line).collect()
}

/// What it costs to keep the copies: bytes, and below them all messages that are sent meanwhile.
fn upkeep(folder: &ResultFolder, key: usize) -> Option<Figure> {
    if !changes_along(folder, key, &UPKEEP) {
        return None;
    }
    let mut figure = against(folder, key, &UPKEEP)?;
    let load = Against::of(folder, Metric::Messages, Along::Key(key))?;
    let (mut series, _) = load.lines();
    let unit = magnitude::shorten(&mut series, COUNTS);
    let mut below = load.panels(series, 110.0).into_iter().next()?;
    // Of a single line the panel says what it is.
    if let [only] = &mut below.series[..] {
        only.label.clear();
    }
    let unit = if unit.is_empty() {
        String::new()
    } else {
        format!(" ({unit})")
    };
    below.title = format!("messages of all nodes{unit}");
    "messages".clone_into(&mut below.y.label);
    let above = figure.panels.first_mut()?;
    above.x = above.x.clone().silent();
    above.height = 150.0;
    above.title = std::mem::take(&mut above.y.label);
    "upkeep".clone_into(&mut above.y.label);
    figure.panels.push(below);
    Some(figure)
}

fn hops_against_nodes(folder: &ResultFolder, key: usize) -> Option<Figure> {
    let mut against = Against::of(folder, HOPS.metric, Along::Key(key))?;
    let (mut series, choice) = against.lines();
    let mut notes = against.notes(&choice);
    let count = |series: &[Series]| series.iter().map(|s| s.points.len()).sum::<usize>();
    let before = count(&series);
    for line in &mut series {
        line.points.retain(|p| p.x > 0.0 && p.y > 0.0);
    }
    if count(&series) < before {
        notes.insert(
            0,
            "Means of 0 hops have no place on a logarithmic axis.".to_owned(),
        );
    }
    let (x, marks) = (&against.axis.axis, against.axis.axis.marks.clone());
    let (first, last) = (marks.first()?.0, marks.last()?.0);
    let x = swept_axis::spanning(&x.label, (first, last), true, marks);
    // The lower line for orientation is always in sight; the upper one where it is near the data.
    let (low, high) = upright(&series, false)?;
    let half_log = |n: f64| libm::log2(n) / 2.0;
    let most = half_log(x.range.1).max(high);
    let least = low.min(half_log(x.range.0.max(2.0))).max(0.1);
    let y = Axis::log(&HOPS.metric.info().axis(), (least, most)).roomy();
    let mut all = vec![
        orientation(1, "(N − 1)/2", &x, &y, |n| (n - 1.0) / 2.0),
        orientation(2, "½ log₂ N", &x, &y, half_log),
    ];
    all.retain(|line| line.points.len() > 1);
    all.extend(series);
    against.axis.axis = x;
    let mut panels = against.panels(all, 220.0);
    panels.first_mut()?.y = y;
    let title = "Hops against number of nodes".to_owned();
    against.figure("hops-vs-nodes", title, panels, notes)
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
