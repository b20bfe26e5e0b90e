//! The picture of how hops are distributed: bars that add up to the share of lookups that were answered rightly.

use std::collections::BTreeMap;

use super::alike;
use super::choice;
use super::figure::{Axis, Figure, Panel, Point, Series, SeriesShape, round_up};
use super::lookups::DrawnLookups;
use super::style::{LOOKS, ORIENTATION};
use crate::catalogue::{Metric, RecordKind};
use crate::report::folder::ResultFolder;
use crate::report::numbers::percent;

/// A panel per combination, each with an axis of its own: the ranges differ by orders of magnitude
/// between ways of routing. Combinations with the same hops share one.
pub(super) fn distribution(
    folder: &ResultFolder,
    lookups: &[DrawnLookups],
    notes: &[String],
) -> Option<Figure> {
    let measured: Vec<&DrawnLookups> = lookups.iter().filter(|l| !l.hops.is_empty()).collect();
    if measured.is_empty() {
        return None;
    }
    let groups = alike::groups(&measured, |a, b| a.hops == b.hops && a.all == b.all);
    let columns = if groups.len() > 3 { 2 } else { 1 };
    let height = [190.0, 120.0, 100.0, 85.0][groups.len().min(4) - 1];
    let names: Vec<String> = measured
        .iter()
        .map(|l| choice::combination_label(folder, l.combination))
        .collect();
    let names =
        |group: &Vec<usize>| -> Vec<&str> { group.iter().map(|at| names[*at].as_str()).collect() };
    let panel = |group: &Vec<usize>| {
        let title = title(&alike::label(&names(group)), measured[group[0]]);
        panel(
            folder,
            measured[group[0]],
            title,
            6 / columns as u32,
            height,
        )
    };
    let panels: Vec<Panel> = groups.iter().map(panel).collect();
    let mut notes = notes.to_vec();
    notes.extend(groups.iter().filter_map(|group| alike::note(&names(group))));
    if measured.iter().any(|l| l.right < l.all) {
        notes.push("In per cent of all lookups: the sum is the success rate.".to_owned());
    }
    Some(Figure {
        name: "hops-distribution".to_owned(),
        title: "Hops of the lookups answered rightly".to_owned(),
        subtitle: folder.title.clone(),
        panels,
        columns,
        notes,
    })
}

/// Which lookups a panel is about, and how many of them were answered rightly.
fn title(label: &str, lookups: &DrawnLookups) -> String {
    // Blanks that do not break keep together what belongs together.
    let success = format!(
        "{}\u{a0}answered\u{a0}rightly",
        percent(lookups.right, lookups.all)
    );
    if label.is_empty() {
        success
    } else {
        format!("{label}: {success}")
    }
}

fn panel(
    folder: &ResultFolder,
    lookups: &DrawnLookups,
    title: String,
    ticks: u32,
    height: f64,
) -> Panel {
    let most = lookups.hops.keys().next_back().copied().unwrap_or(0);
    let bin = bin(most);
    let outline = outline(&lookups.hops, lookups.all, bin);
    let top = outline.iter().map(|p| p.y).fold(0.0, f64::max);
    let name = RecordKind::Lookup.info().column("hops").axis();
    let label = match bin {
        1 => name,
        bin => format!("{name} (bars of {bin})"),
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
    let combination = &folder.combinations[lookups.combination];
    let hops = combination.estimate(Metric::HopsMean);
    if let Some(mean) = hops.mean {
        series.push(Series {
            label: "mean".to_owned(),
            look: ORIENTATION[0],
            points: vec![Point::new(mean, 0.0), Point::new(mean, y.range.1)],
            shape: SeriesShape::Plain,
        });
    }
    let theory = folder.expectations.per_cent(combination);
    series.extend(theory.map(|per_cent| expected(&per_cent, bin, most)));
    Panel {
        title,
        x,
        y,
        series,
        height,
    }
}

/// What theory expects, as the heights of the bars at their middles, up to the last bar.
fn expected(per_cent: &[f64], bin: u64, most: u64) -> Series {
    let bars = per_cent.chunks(bin as usize).zip(0..=most / bin);
    let points = bars.map(|(shares, bar)| {
        let first = bar * bin;
        let width = shares.len() as f64;
        let full = bin as f64 / width;
        let middle = first as f64 + (width - 1.0) / 2.0;
        Point::new(middle, shares.iter().sum::<f64>() * full)
    });
    let points: Vec<Point> = points.collect();
    // More markers than that run into each other.
    let shape = if points.len() > 12 {
        SeriesShape::Plain
    } else {
        SeriesShape::Marked
    };
    Series::theory(points, shape)
}

/// How many hops share a bar: so many that no more than 50 bars are drawn.
fn bin(most: u64) -> u64 {
    round_up((most + 1) as f64 / 50.0).max(1.0) as u64
}

/// The outline of a histogram, in per cent of `all` for each full bar. The last bar may be narrower;
/// its height is that of a full one of the same density.
fn outline(hops: &BTreeMap<u64, u64>, all: u64, bin: u64) -> Vec<Point> {
    let mut bars: BTreeMap<u64, u64> = BTreeMap::new();
    for (hops, count) in hops {
        *bars.entry(hops / bin).or_default() += count;
    }
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

    /// 1 and 3 of 8: the other four were not answered rightly and stand in no bar.
    #[test]
    fn the_outline_holds_the_answered_lookups_as_shares_of_all() {
        let hops = BTreeMap::from([(0, 1), (2, 3)]);
        let points: Vec<(f64, f64)> = outline(&hops, 8, 1).iter().map(|p| (p.x, p.y)).collect();
        let expected = [
            (-0.5, 0.0),
            (-0.5, 12.5),
            (0.5, 12.5),
            (0.5, 0.0),
            (1.5, 0.0),
            (1.5, 37.5),
            (2.5, 37.5),
            (2.5, 0.0),
        ];
        assert_eq!(points, expected);
    }

    /// Eight hops, each as likely, in bars of 3: two full bars, and one of two hops at the height of a full one.
    #[test]
    fn theory_stands_where_the_bars_do() {
        let series = expected(&[12.5; 8], 3, 7);
        let points: Vec<(f64, f64)> = series.points.iter().map(|p| (p.x, p.y)).collect();
        assert_eq!(points, [(1.0, 37.5), (4.0, 37.5), (6.5, 37.5)]);
    }

    #[test]
    fn a_narrow_last_bar_shows_its_density() {
        let hops: BTreeMap<u64, u64> = (0..25).map(|h| (h, 4)).collect();
        let outline = outline(&hops, 100, 10);
        assert!(outline[1..7].iter().all(|p| (p.y - 40.0).abs() < 1e-9));
        assert_eq!((outline[5].x, outline[6].x), (19.5, 24.5));
    }
}
