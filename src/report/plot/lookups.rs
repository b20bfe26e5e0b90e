//! Pictures of single lookups: the distribution of hops and the latencies. `lookups.csv` may have
//! millions of rows; what is kept of them is one histogram of each kind per line drawn.

use std::collections::BTreeMap;

use hdrhistogram::Histogram;

use super::cdf::{self, Curve};
use super::choice::{self, LineChoice};
use super::error::PlotError;
use super::figure::{Axis, Figure, Panel, Point, Series, SeriesShape, round_up};
use super::folder::ResultFolder;
use super::style::{LOOKS, ORIENTATION};
use crate::catalogue::{Column, Metric, RecordKind};

/// What is kept of the lookups of one combination.
struct DrawnLookups {
    combination: usize,
    /// How many lookups took so many hops.
    hops: BTreeMap<u64, u64>,
    /// Latencies in microseconds.
    latency: Histogram<u64>,
}

/// The pictures that `lookups.csv` gives; none if there is no such file or nothing in it.
pub(super) fn figures(folder: &ResultFolder) -> Result<Vec<Figure>, PlotError> {
    let choice = choice::among_combinations(folder);
    let lookups = read(folder, &choice)?;
    let distribution = distribution(folder, &choice, &lookups);
    let curves = lookups
        .iter()
        .map(|l| Curve {
            label: choice::combination_label(folder, l.combination),
            values: &l.latency,
        })
        .collect();
    let latency = cdf::figure(
        &cdf::Words {
            name: "latency-cdf",
            title: "Latency of lookups",
            subtitle: &folder.title,
            x: &column("latency_ms").axis(),
            y: "answered lookups (%)",
        },
        curves,
        1e-3,
        choice.notes.clone(),
    );
    Ok(distribution.into_iter().chain(latency).collect())
}

/// A column of the file.
fn column(name: &str) -> &'static Column {
    RecordKind::Lookup.info().column(name)
}

fn read(folder: &ResultFolder, choice: &LineChoice) -> Result<Vec<DrawnLookups>, PlotError> {
    let Some(table) = folder.lookups()? else {
        return Ok(Vec::new());
    };
    let (hops, latency) = (
        table.column(column("hops").name)?,
        table.column(column("latency_ms").name)?,
    );
    let mut finder = folder.finder(&table)?;
    let empty = |c: &usize| DrawnLookups {
        combination: *c,
        hops: BTreeMap::new(),
        latency: cdf::histogram(),
    };
    let mut lookups: Vec<DrawnLookups> = choice.picked.iter().map(empty).collect();
    table.each(|row| {
        let Some(place) = choice.place(finder.find(row)?) else {
            return Ok(());
        };
        let kept = &mut lookups[place];
        if let Some(hops) = row.count(&hops)? {
            *kept.hops.entry(hops).or_default() += 1;
        }
        if let Some(ms) = row.number(&latency)? {
            cdf::record(&mut kept.latency, (ms * 1e3).round() as u64);
        }
        Ok(())
    })?;
    Ok(lookups)
}

/// A panel per combination, each with an axis of its own: the ranges differ by orders of magnitude
/// between ways of routing.
fn distribution(
    folder: &ResultFolder,
    choice: &LineChoice,
    lookups: &[DrawnLookups],
) -> Option<Figure> {
    let measured: Vec<&DrawnLookups> = lookups.iter().filter(|l| !l.hops.is_empty()).collect();
    if measured.is_empty() {
        return None;
    }
    let columns = if measured.len() > 3 { 2 } else { 1 };
    let mut panels: Vec<Panel> = measured
        .iter()
        .map(|lookups| panel(folder, lookups, 6 / columns as u32))
        .collect();
    let height = [190.0, 120.0, 100.0, 85.0][panels.len().min(4) - 1];
    for panel in &mut panels {
        panel.height = height;
    }
    Some(Figure {
        name: "hops-distribution".to_owned(),
        title: "Distribution of hops".to_owned(),
        subtitle: folder.title.clone(),
        panels,
        columns,
        notes: choice.notes.clone(),
    })
}

fn panel(folder: &ResultFolder, lookups: &DrawnLookups, ticks: u32) -> Panel {
    let most = lookups.hops.keys().next_back().copied().unwrap_or(0);
    let bin = bin(most);
    let outline = outline(&lookups.hops, bin);
    let top = outline.iter().map(|p| p.y).fold(0.0, f64::max);
    let label = match bin {
        1 => column("hops").axis(),
        bin => format!("{} (bars of {bin})", column("hops").axis()),
    };
    let y = Axis::linear("lookups (%)", (0.0, top), 4);
    let mut x = Axis::linear(&label, (0.0, most as f64), ticks);
    x.step = x.step.max(1.0);
    x.range = (-0.5, most as f64 + 0.5);
    let mut series = vec![Series {
        label: String::new(),
        look: LOOKS[0],
        points: outline,
        shape: SeriesShape::Area,
    }];
    let hops = folder.combinations[lookups.combination].estimate(Metric::HopsMean);
    if let Some(mean) = hops.mean {
        series.push(Series {
            label: "mean".to_owned(),
            look: ORIENTATION[0],
            points: vec![Point::new(mean, 0.0), Point::new(mean, y.range.1)],
            shape: SeriesShape::Plain,
        });
    }
    Panel {
        title: choice::combination_label(folder, lookups.combination),
        x,
        y,
        series,
        height: 0.0,
    }
}

/// How many hops share a bar: so many that no more than 50 bars are drawn.
fn bin(most: u64) -> u64 {
    round_up((most + 1) as f64 / 50.0).max(1.0) as u64
}

/// The outline of a histogram, in per cent of all for each full bar. The last bar may be narrower;
/// its height is that of a full one of the same density.
fn outline(hops: &BTreeMap<u64, u64>, bin: u64) -> Vec<Point> {
    let mut bars: BTreeMap<u64, u64> = BTreeMap::new();
    for (hops, count) in hops {
        *bars.entry(hops / bin).or_default() += count;
    }
    let all: u64 = bars.values().sum();
    let end = hops.keys().next_back().map_or(0, |most| most + 1);
    let mut outline = vec![Point::new(-0.5, 0.0)];
    for bar in 0..end.div_ceil(bin) {
        let (from, to) = (bar * bin, ((bar + 1) * bin).min(end));
        let full = bin as f64 / (to - from) as f64;
        let count = bars.get(&bar).copied().unwrap_or(0) as f64;
        let share = count * full * 100.0 / all as f64;
        outline.push(Point::new(from as f64 - 0.5, share));
        outline.push(Point::new(to as f64 - 0.5, share));
    }
    outline.push(Point::new(end as f64 - 0.5, 0.0));
    outline
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_than_fifty_bars_of_a_round_width() {
        assert_eq!([0, 10, 49, 50, 999, 4095].map(bin), [1, 1, 1, 2, 20, 100]);
    }

    #[test]
    fn the_outline_holds_all_lookups() {
        let hops = BTreeMap::from([(0, 1), (2, 3)]);
        let points: Vec<(f64, f64)> = outline(&hops, 1).iter().map(|p| (p.x, p.y)).collect();
        let expected = [
            (-0.5, 0.0),
            (-0.5, 25.0),
            (0.5, 25.0),
            (0.5, 0.0),
            (1.5, 0.0),
            (1.5, 75.0),
            (2.5, 75.0),
            (2.5, 0.0),
        ];
        assert_eq!(points, expected);
    }

    #[test]
    fn a_narrow_last_bar_shows_its_density() {
        let hops: BTreeMap<u64, u64> = (0..25).map(|h| (h, 4)).collect();
        let outline = outline(&hops, 10);
        assert!(outline[1..7].iter().all(|p| (p.y - 40.0).abs() < 1e-9));
        assert_eq!((outline[5].x, outline[6].x), (19.5, 24.5));
    }
}
