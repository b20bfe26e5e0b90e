//! Pictures over time: success and latency with the churn under them, the health of the ring, and what a scenario
//! asks for. The moments at which something strikes are marked.
//!
//! A row of `timeline.csv` is about the sample that ends at its time. What was counted in it is drawn from its
//! beginning to its end; a state is that of its end, and is drawn from there on. So nothing shows before it was.

use std::collections::BTreeSet;

use super::against::{percent_of_success, varies};
use super::choice::{self, LineChoice};
use super::chosen::Chosen;
use super::figure::{Axis, Figure, Panel, Point, Series, SeriesShape, quiet};
use super::magnitude::{self, BYTES};
use super::style::{LOOKS, Look, Marker, ORIENTATION};
use super::timeline::{self, DrawnTimeline, Interval, Mean};
use super::warm_up;
use crate::catalogue::{RecordKind, Unit};
use crate::report::folder::FolderError;
use crate::report::folder::ResultFolder;
use crate::report::folder::combination::{self, DrawnCombination};
use crate::report::lines::capital;
use crate::report::numbers::number;

/// What pictures over time are made of.
pub(super) struct OverTime<'a> {
    pub folder: &'a ResultFolder,
    choice: LineChoice,
    timeline: DrawnTimeline,
    /// The second at which the warm-up had better end, if it looks too short.
    steady_from: Option<f64>,
}

/// A picture that a scenario asks for.
pub(super) fn chosen(
    folder: &ResultFolder,
    chosen: &Chosen,
) -> Result<Option<Figure>, FolderError> {
    let story = OverTime::read(folder, Some(&chosen.metric))?;
    Ok(story.and_then(|story| story.chosen(chosen)))
}

/// In so many steps a curve of theory looks smooth.
const THEORY_STEPS: u32 = 120;

/// Joins upwards, departures downwards.
const JOINS: Look = Look {
    color: "#333333",
    dash: &[],
    marker: Marker::Circle,
    width: 0.8,
};
const DEPARTURES: Look = Look {
    color: "#8C8C8C",
    ..JOINS
};

impl<'a> OverTime<'a> {
    /// What the files of a folder tell; `other` is a column besides those that are always drawn. `None` if there is no
    /// `timeline.csv` or nothing in it.
    pub(super) fn read(
        folder: &'a ResultFolder,
        other: Option<&str>,
    ) -> Result<Option<Self>, FolderError> {
        let choice = choice::among_combinations(folder);
        let timeline = timeline::read(folder, &choice, other)?;
        let Some(timeline) = timeline else {
            return Ok(None);
        };
        Ok(Some(Self {
            steady_from: warm_up::end(folder, &choice.picked)?,
            folder,
            choice,
            timeline,
        }))
    }

    /// The pictures of lookups and of the ring.
    pub(super) fn figures(&self) -> Vec<Figure> {
        self.service().into_iter().chain(self.health()).collect()
    }

    /// Success and, where anything happens, latency; what is the same all the time is left out.
    fn service(&self) -> Option<Figure> {
        let rate = |i: &Interval| (i.lookups > 0).then(|| i.ok as f64 * 100.0 / i.lookups as f64);
        let success = self.lines(&rate, Shown::Counted);
        let mut panels = Vec::new();
        let mut titles = Vec::new();
        if varies(&success) {
            let y = percent_of_success(extent(&success)?.0);
            panels.push(self.panel("", y, success, 150.0));
            titles.push("Success");
        }
        let latency = self.lines(&|i| i.latency_ms.value(), Shown::Counted);
        if self.churned() && varies(&latency) {
            let (low, high) = extent(&latency)?;
            let label = "latency (ms)";
            let y = if low > 0.0 && high / low > 20.0 {
                Axis::log(label, (low, high))
            } else {
                Axis::linear(label, (0.0, high), 4)
            };
            let title = "mean latency of the lookups answered rightly";
            panels.push(self.panel(title, y, latency, 110.0));
            titles.push("latency");
        }
        if panels.is_empty() {
            return None;
        }
        let strikes = !self.moments().is_empty() && titles.contains(&"Success");
        if self.churned() {
            panels.push(self.churn());
        }
        let title = match titles[..] {
            ["latency"] => "Latency over time".to_owned(),
            _ => format!("{} over time", titles.join(" and ")),
        };
        let mut figure = self.figure("success-over-time", &title, panels);
        if strikes {
            let note = "A lookup counts where it starts: those under way when something strikes stand before it.";
            figure.notes.push(note.to_owned());
        }
        Some(figure)
    }

    fn health(&self) -> Option<Figure> {
        if !self.churned() {
            return None;
        }
        let wrong = self.health_panel("wrong_successors", |i| i.wrong_successors);
        let dead = self.health_panel("dead_fingers", |i| i.dead_fingers);
        let panels: Vec<Panel> = [wrong, dead].into_iter().flatten().collect();
        (!panels.is_empty()).then(|| self.figure("ring-health", "Health of the ring", panels))
    }

    /// A column of `timeline.csv`, a share, on axes of its own; none if there is nothing but zeros.
    fn health_panel(&self, name: &str, of: fn(&Interval) -> Mean) -> Option<Panel> {
        let column = RecordKind::Timeline.info().column(name);
        let factor = column.unit.shown_factor();
        let percent = |i: &Interval| of(i).value().map(|share| share * factor);
        let series = self.lines(&percent, Shown::AtEnd);
        let (_, high) = extent(&series).filter(|(_, high)| *high > 0.0)?;
        let y = Axis::linear(&column.unit.axis("share"), (0.0, high), 4);
        let title = column.label.unwrap_or(column.name);
        Some(self.panel(title, y, series, 110.0))
    }

    /// A column of `timeline.csv` that a scenario asks for.
    fn chosen(&self, chosen: &Chosen) -> Option<Figure> {
        let column = RecordKind::Timeline.info().column(&chosen.metric);
        let factor = column.unit.shown_factor();
        let mut series = self.lines(&|i| i.other.value().map(|v| v * factor), Shown::Counted);
        let mut label = column.axis().replace('_', " ");
        if column.unit == Unit::Bytes {
            let unit = magnitude::shorten(&mut series, BYTES);
            label = format!("{} ({unit})", quiet(&label));
        }
        let (low, high) = extent(&series)?;
        let y = if chosen.log_y() == Some(true) && high > 0.0 {
            Axis::log(&label, (if low > 0.0 { low } else { high / 1e3 }, high))
        } else {
            Axis::linear(&label, (low.min(0.0), high), 5)
        };
        let panel = self.panel("", y, series, 190.0);
        let title = format!("{} over time", capital(quiet(&label)));
        Some(self.figure(&chosen.name, &title, vec![panel]))
    }

    /// What theory expects of each combination at any second, on top of what was measured.
    pub(super) fn theory(
        &self,
        value: impl Fn(&DrawnCombination, f64) -> Option<f64>,
    ) -> Vec<Series> {
        let moments = || {
            let step = self.end_s() / f64::from(THEORY_STEPS);
            (0..=THEORY_STEPS).map(move |at| f64::from(at) * step)
        };
        let line = |combination: &usize| {
            let combination = &self.folder.combinations[*combination];
            let point = |second: f64| {
                Some(Point::new(
                    second / self.unit().1,
                    value(combination, second)?,
                ))
            };
            let points: Vec<Point> = moments().map_while(point).collect();
            (points.len() > 1).then(|| Series::theory(points, SeriesShape::Plain))
        };
        self.choice.picked.iter().filter_map(line).collect()
    }

    pub(super) fn panel(&self, title: &str, y: Axis, series: Vec<Series>, height: f64) -> Panel {
        Panel {
            title: title.to_owned(),
            x: self.time_axis(),
            y,
            series,
            height,
        }
    }

    /// A line at every moment at which something strikes, from the bottom of a panel to its top.
    fn faults(&self, (low, high): (f64, f64)) -> Vec<Series> {
        let moments = self.moments();
        let picked = self.choice.picked.iter();
        let mut all = picked.map(|c| self.folder.combinations[*c].faults());
        let first = all.next().unwrap_or_default();
        let is_same = all.all(|faults| faults == first);
        let named = is_same && first.len() <= ORIENTATION.len();
        let unit = self.unit().1;
        let line = |(at, (seconds, deed)): (usize, &(f64, String))| {
            let x = seconds / unit;
            let own = named.then_some((deed.as_str(), at));
            let (label, look) = own.unwrap_or_else(|| combination::sort_of_moment(deed));
            Series {
                label: label.to_owned(),
                look: ORIENTATION[look],
                points: vec![Point::new(x, low), Point::new(x, high)],
                shape: SeriesShape::Plain,
            }
        };
        moments.iter().enumerate().map(line).collect()
    }

    /// When something strikes in any of the combinations, in seconds, and what.
    fn moments(&self) -> Vec<(f64, String)> {
        let picked = self.choice.picked.iter();
        let all = picked.flat_map(|c| self.folder.combinations[*c].faults());
        let mut moments: Vec<(f64, String)> = all.collect();
        moments.sort_by(|a, b| a.0.total_cmp(&b.0));
        // What strikes in the same moment as others stands between them: those of the next combination follow.
        let mut seen = BTreeSet::new();
        moments.retain(|(seconds, deed)| seen.insert((seconds.to_bits(), deed.clone())));
        moments
    }

    /// What is to be known where something strikes in the middle of an interval.
    fn within_note(&self) -> Option<String> {
        let width = self.timeline.width;
        let is_within = |(second, _): &(f64, String)| {
            let intervals = second / width;
            *second < self.timeline.end && (intervals - intervals.round()).abs() > 1e-6
        };
        let (unit, seconds) = self.unit();
        self.moments().iter().any(is_within).then(|| {
            let width = number(width / seconds);
            format!(
                "Each value is that of an interval of {width}\u{a0}{unit}: that in which something strikes begins before it."
            )
        })
    }

    pub(super) fn churned(&self) -> bool {
        let runs = self.timeline.runs.iter().flat_map(|runs| runs.values());
        let mut intervals = runs.flat_map(|intervals| intervals.values());
        intervals.any(|i| i.joins + i.departures > 0)
    }

    /// Joins and departures. One world for all combinations is drawn once; where the combinations
    /// differ, each gets the sum of its joins and departures as a line.
    pub(super) fn churn(&self) -> Panel {
        let joins = self.rates(|i| i.joins);
        let departures = self.rates(|i| i.departures);
        let alike = |rates: &[Vec<(u64, f64)>]| rates.windows(2).all(|pair| pair[0] == pair[1]);
        let (title, series) = if alike(&joins) && alike(&departures) {
            let up = self.area(&joins[0], 1.0, JOINS);
            let down = self.area(&departures[0], -1.0, DEPARTURES);
            ("joins (up), departures (down)", vec![up, down])
        } else {
            ("joins and departures", self.turnover())
        };
        let values = || series.iter().flat_map(|s| &s.points).map(|p| p.y);
        let low = values().fold(0.0, f64::min);
        let high = values().fold(0.0, f64::max);
        let mut y = Axis::linear("per minute", (low, high), 5);
        // Rounding both ends up to the next tick would leave the panel half empty.
        y.range = (low * 1.05, (high * 1.05).max(y.step * 0.1));
        Panel {
            title: title.to_owned(),
            x: self.time_axis(),
            y,
            series,
            height: 80.0,
        }
    }

    fn turnover(&self) -> Vec<Series> {
        let rates = self.rates(|i| i.joins + i.departures);
        let line = |(look, rates): (usize, Vec<(u64, f64)>)| Series {
            label: String::new(),
            look: LOOKS[look],
            points: self.staircase(&rates, 1.0),
            shape: SeriesShape::Plain,
        };
        rates.into_iter().enumerate().map(line).collect()
    }

    fn area(&self, rates: &[(u64, f64)], sign: f64, look: Look) -> Series {
        let mut points = self.staircase(rates, sign);
        if let (Some(first), Some(last)) = (points.first(), points.last()) {
            let (first, last) = (Point::new(first.x, 0.0), Point::new(last.x, 0.0));
            points.insert(0, first);
            points.push(last);
        }
        Series {
            label: String::new(),
            look,
            points,
            shape: SeriesShape::Area,
        }
    }

    fn staircase(&self, rates: &[(u64, f64)], sign: f64) -> Vec<Point> {
        let edges = |(place, rate): &(u64, f64)| {
            let at = |edge: u64| Point::new(self.time(edge as f64), sign * rate);
            [at(*place), at(place + 1)]
        };
        rates.iter().flat_map(edges).collect()
    }

    /// Per combination: events per minute in each interval, over all its runs.
    fn rates(&self, count: fn(&Interval) -> u64) -> Vec<Vec<(u64, f64)>> {
        let combination = |c: usize| {
            let rate = |place: u64| {
                let (mut events, mut seconds) = (0, 0.0);
                for interval in self.at(c, place) {
                    events = count(interval).saturating_add(events);
                    seconds += interval.seconds;
                }
                (seconds > 0.0).then(|| (place, events as f64 * 60.0 / seconds))
            };
            self.places().into_iter().filter_map(rate).collect()
        };
        (0..self.timeline.runs.len()).map(combination).collect()
    }

    /// A line per combination: the mean over its runs, in a band from the lowest to the highest.
    pub(super) fn lines(
        &self,
        value: &dyn Fn(&Interval) -> Option<f64>,
        shown: Shown,
    ) -> Vec<Series> {
        let several = self.several_runs();
        let places = self.places();
        let end = places.last().map_or(0.0, |last| *last as f64 + 1.0);
        let step = |c: usize, place: u64| {
            let values: Vec<f64> = self.at(c, place).filter_map(value).collect();
            let low = values.iter().copied().min_by(f64::total_cmp)?;
            let high = values.iter().copied().max_by(f64::total_cmp)?;
            let from = place as f64 + shown.offset();
            let at = |x: f64| Point {
                x: self.time(x.min(end)),
                y: values.iter().sum::<f64>() / values.len() as f64,
                spread: several.then_some((low, high)),
            };
            Some([at(from), at(from + 1.0)])
        };
        let series = |(look, combination): (usize, &usize)| Series {
            label: choice::combination_label(self.folder, *combination),
            look: LOOKS[look],
            points: places
                .iter()
                .filter_map(|place| step(look, *place))
                .flatten()
                .collect(),
            shape: SeriesShape::Line(look),
        };
        let all = self.choice.picked.iter().enumerate().map(series);
        all.filter(|s| !s.points.is_empty()).collect()
    }

    fn at(&self, combination: usize, place: u64) -> impl Iterator<Item = &Interval> {
        let runs = self.timeline.runs[combination].values();
        runs.filter_map(move |intervals| intervals.get(&place))
    }

    /// The intervals that have a row in any run. A damaged file may number them without end: they are not counted up.
    fn places(&self) -> BTreeSet<u64> {
        let runs = self.timeline.runs.iter().flat_map(|runs| runs.values());
        runs.flat_map(|intervals| intervals.keys().copied())
            .collect()
    }

    fn several_runs(&self) -> bool {
        self.timeline.runs.iter().any(|runs| runs.len() > 1)
    }

    /// A moment, counted in intervals, in the unit of the axis.
    fn time(&self, intervals: f64) -> f64 {
        (intervals * self.timeline.width).min(self.timeline.end) / self.unit().1
    }

    fn end_s(&self) -> f64 {
        self.timeline.end
    }

    pub(super) fn unit(&self) -> (&'static str, f64) {
        match self.end_s() {
            s if s <= 300.0 => ("s", 1.0),
            s if s <= 3.0 * 3600.0 => ("min", 60.0),
            s if s <= 4.0 * 86400.0 => ("h", 3600.0),
            _ => ("d", 86400.0),
        }
    }

    fn time_axis(&self) -> Axis {
        let (unit, seconds) = self.unit();
        let end = self.end_s() / seconds;
        let mut axis = Axis::linear(&format!("time ({unit})"), (0.0, end), 6);
        axis.range = (0.0, end);
        axis
    }

    pub(super) fn figure(&self, name: &str, title: &str, mut panels: Vec<Panel>) -> Figure {
        let above = panels.len() - 1;
        for panel in &mut panels[..above] {
            panel.x = self.time_axis().silent();
        }
        for panel in &mut panels {
            // Under the data.
            let faults = self.faults(panel.y.range);
            let steady = self.steady_from.map(|second| second / self.unit().1);
            let mark = steady.map(|x| warm_up::mark(x, panel.y.range));
            panel.series.splice(0..0, faults.into_iter().chain(mark));
        }
        let mut notes = self.choice.notes.clone();
        notes.extend(self.within_note());
        notes.extend(self.steady_from.map(|_| warm_up::NOTE.to_owned()));
        if self.several_runs() {
            notes.push("Lines: mean of the runs; bands: lowest to highest.".into());
        }
        Figure {
            name: name.to_owned(),
            title: title.to_owned(),
            subtitle: self.folder.title.clone(),
            panels,
            columns: 1,
            notes,
        }
    }
}

/// Where a value is shown that stands in the row of an interval.
#[derive(Clone, Copy)]
pub(super) enum Shown {
    /// It was counted in the interval: from its beginning to its end.
    Counted,
    /// It is the state at the end: from there to the next.
    AtEnd,
}

impl Shown {
    fn offset(self) -> f64 {
        match self {
            Self::Counted => 0.0,
            Self::AtEnd => 1.0,
        }
    }
}

/// Lowest and highest of all values, bands included.
pub(super) fn extent(series: &[Series]) -> Option<(f64, f64)> {
    super::against::upright(series, true)
}
