//! Which share of the links carries at least so many messages, by the overlay and if requests went straight. Both axes are
//! logarithmic: what matters are the few links that carry the most.

use super::rows::{Counts, DrawnLinks};
use crate::catalogue::RecordKind;
use crate::report::folder::ResultFolder;
use crate::report::plot::choice;
use crate::report::plot::figure::{Axis, Figure, Panel, Point, Series, SeriesShape};
use crate::report::plot::style::{LOOKS, Look, ORIENTATION};

/// The most combinations that have a line for the direct way each.
const PAIRS_MAX: usize = 4;

/// `None` where nothing crossed any link.
pub(super) fn figure(
    folder: &ResultFolder,
    drawn: &[DrawnLinks],
    notes: &[String],
) -> Option<Figure> {
    let mut series = Vec::new();
    for (at, links) in drawn.iter().enumerate() {
        let label = choice::combination_label(folder, links.combination);
        let label = if label.is_empty() {
            "by the overlay".to_owned()
        } else {
            label
        };
        series.extend(line(&links.stress, label, LOOKS[at], SeriesShape::Line(at)));
    }
    series.extend(direct(folder, drawn));
    let points = || series.iter().flat_map(|series| &series.points);
    let x = (
        points().map(|point| point.x).min_by(f64::total_cmp)?,
        points().map(|point| point.x).max_by(f64::total_cmp)?,
    );
    let low = points().map(|point| point.y).min_by(f64::total_cmp)?;
    let label = RecordKind::Link.info().column("messages").axis();
    let panel = Panel {
        title: String::new(),
        x: Axis::log(&label, x).roomy(),
        y: Axis::log("links with at least so many (%)", (low, 100.0)).roomy(),
        series,
        height: 210.0,
    };
    let mut notes = notes.to_vec();
    notes.push(
        "Links that carry nothing have no place on these axes. Sent straight: the same requests go to the owner and one answer \
         comes back."
            .to_owned(),
    );
    Some(Figure {
        name: "link-stress".to_owned(),
        title: "Messages per link of the network".to_owned(),
        subtitle: folder.title.clone(),
        panels: vec![panel],
        columns: 1,
        notes,
    })
}

/// A line for the direct way of all combinations if it is the same for all, and otherwise, of few, one for each.
fn direct(folder: &ResultFolder, drawn: &[DrawnLinks]) -> Vec<Series> {
    let Some(first) = drawn.first() else {
        return Vec::new();
    };
    if drawn.iter().all(|links| links.direct == first.direct) {
        let label = "sent straight to the owner".to_owned();
        let line = line(&first.direct, label, ORIENTATION[0], SeriesShape::Plain);
        return line.into_iter().collect();
    }
    let of = |(at, links): (usize, &DrawnLinks)| {
        let label = choice::combination_label(folder, links.combination);
        let look = Look {
            dash: &[2.0, 2.0],
            width: 1.0,
            ..LOOKS[at]
        };
        let label = format!("{label}, sent straight");
        line(&links.direct, label, look, SeriesShape::Plain)
    };
    let pairs = drawn.iter().enumerate().take(PAIRS_MAX);
    pairs.filter_map(of).collect()
}

/// The line of these counts; `None` if no link carries anything.
fn line(counts: &Counts, label: String, look: Look, shape: SeriesShape) -> Option<Series> {
    let points = points(counts);
    (!points.is_empty()).then_some(Series {
        label,
        look,
        points,
        shape,
    })
}

/// For each number of messages the share of all links that carry at least so many, in per cent, as steps.
fn points(counts: &Counts) -> Vec<Point> {
    let all: u64 = counts.values().sum();
    let mut left = all;
    let mut points: Vec<Point> = Vec::new();
    for (messages, links) in counts {
        if *messages > 0 {
            let share = left as f64 * 100.0 / all as f64;
            points.push(Point::new(*messages as f64, share));
        }
        left -= links;
        if *messages > 0 && left > 0 {
            let share = left as f64 * 100.0 / all as f64;
            points.push(Point::new(*messages as f64, share));
        }
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of ten links four carry nothing, three 1 message, two 5, one 20.
    #[test]
    fn a_line_falls_in_steps_to_the_share_of_the_worst_link() {
        let counts = Counts::from([(0, 4), (1, 3), (5, 2), (20, 1)]);
        let points: Vec<_> = points(&counts).iter().map(|p| (p.x, p.y)).collect();
        assert_eq!(
            points,
            [
                (1.0, 60.0),
                (1.0, 30.0),
                (5.0, 30.0),
                (5.0, 10.0),
                (20.0, 10.0)
            ]
        );
        assert!(super::points(&Counts::from([(0, 9)])).is_empty());
    }
}
