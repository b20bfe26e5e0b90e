//! The picture of where the time of lookups goes: latency by position of the hop, and which share of the hops leaves its region.

use super::choice;
use super::figure::{Axis, Figure, Panel, Point, Series, SeriesShape};
use super::style::LOOKS;
use crate::catalogue::{Column, RecordKind};
use crate::report::folder::FolderError;
use crate::report::folder::ResultFolder;
use crate::report::folder::table::{ResultColumn, ResultTable};

/// A sum over rows, each with the weight of its messages.
#[derive(Clone, Copy, Default)]
struct Weighted {
    sum: f64,
    weight: f64,
}

impl Weighted {
    fn add(&mut self, value: Option<f64>, weight: f64) {
        if let Some(value) = value {
            self.sum += value * weight;
            self.weight += weight;
        }
    }

    fn mean(self) -> Option<f64> {
        (self.weight > 0.0).then(|| self.sum / self.weight)
    }
}

/// What is drawn of a position: mean, median and 95th percentile of latency, the share that leaves the region, and messages.
#[derive(Clone, Copy, Default)]
struct Position {
    values: [Weighted; 4],
    messages: f64,
}

/// The hops of one combination, and the answer.
#[derive(Default)]
struct DrawnHops {
    hops: Vec<Position>,
    answer: Position,
    /// The most runs that have a row for a position.
    rows_of_answer: u64,
}

const VALUES: [&str; 4] = [
    "latency_ms_mean",
    "latency_ms_p50",
    "latency_ms_p95",
    "crossing_share",
];

struct Columns {
    step: ResultColumn,
    hop: ResultColumn,
    messages: ResultColumn,
    values: [ResultColumn; 4],
}

impl Columns {
    fn of(table: &ResultTable) -> Result<Self, FolderError> {
        let of = |name| table.column(column(name).name);
        let [mean, p50, p95, crossing] = VALUES;
        Ok(Self {
            step: of("step")?,
            hop: of("hop")?,
            messages: of("messages")?,
            values: [of(mean)?, of(p50)?, of(p95)?, of(crossing)?],
        })
    }
}

fn column(name: &str) -> &'static Column {
    RecordKind::Hop.info().column(name)
}

/// `None` without `hops.csv`, or without a hop in it.
pub(super) fn figure(folder: &ResultFolder) -> Result<Option<Figure>, FolderError> {
    let Some(table) = folder.hops()? else {
        return Ok(None);
    };
    let choice = choice::among_combinations(folder);
    let columns = Columns::of(&table)?;
    let mut finder = folder.finder(&table)?;
    let mut drawn: Vec<DrawnHops> = Vec::new();
    drawn.resize_with(choice.picked.len(), DrawnHops::default);
    table.each(|row| {
        let Some(place) = choice.place(finder.find(row)?) else {
            return Ok(());
        };
        let drawn = &mut drawn[place];
        let position = match (row.bytes(&columns.step), row.count(&columns.hop)?) {
            (b"hop", Some(hop @ 1..=64)) => {
                let at = hop as usize - 1;
                drawn
                    .hops
                    .resize(drawn.hops.len().max(at + 1), Position::default());
                &mut drawn.hops[at]
            }
            (b"answer", _) => {
                drawn.rows_of_answer += 1;
                &mut drawn.answer
            }
            _ => return Ok(()),
        };
        let messages = row.count(&columns.messages)?.unwrap_or(0) as f64;
        position.messages += messages;
        for (value, column) in position.values.iter_mut().zip(&columns.values) {
            value.add(row.number(column)?, messages);
        }
        Ok(())
    })?;
    let labels = choice.picked.iter();
    let labels: Vec<String> = labels
        .map(|c| choice::combination_label(folder, *c))
        .collect();
    let hops = drawn
        .iter()
        .map(|drawn| drawn.hops.len())
        .max()
        .unwrap_or(0);
    if hops == 0 {
        return Ok(None);
    }
    let mut notes = choice.notes.clone();
    notes.push("Of lookups answered rightly. Few of them get to the late hops.".to_owned());
    if drawn.len() == 1 && drawn[0].rows_of_answer > 1 {
        notes.push("Medians and percentiles are means of those of the repetitions.".to_owned());
    }
    Ok(Some(Figure {
        name: "latency-by-hop".to_owned(),
        title: "Latency hop by hop".to_owned(),
        subtitle: folder.title.clone(),
        panels: panels(&drawn, &labels, hops),
        columns: 1,
        notes,
    }))
}

fn panels(drawn: &[DrawnHops], labels: &[String], hops: usize) -> Vec<Panel> {
    let latency = match drawn {
        [only] => {
            let names = ["mean", "median", "95th percentile"];
            let of = |at: usize| lines(only, at, 1.0, names[at], (at, hops));
            (0..3).flat_map(of).collect()
        }
        _ => of_all(drawn, labels, 0, 1.0, hops),
    };
    let label = match drawn {
        [_] => column(VALUES[0]).unit.axis("latency"),
        _ => column(VALUES[0]).axis(),
    };
    let crossing = of_all(drawn, labels, 3, 100.0, hops);
    let mut panels = vec![panel("", &label, latency, hops, 150.0)];
    if !crossing.is_empty() {
        let title = "messages that leave the region of their sender";
        panels.push(panel(title, "messages (%)", crossing, hops, 80.0));
    }
    let title = "messages per lookup";
    let messages = per_lookup(drawn, labels);
    panels.push(panel(title, "messages", messages, hops, 80.0));
    let last = panels.len() - 1;
    for panel in &mut panels[..last] {
        panel.x = panel.x.clone().silent();
    }
    panels
}

/// Messages of a hop over the lookups answered. That can be more than one: a hop may go to several nodes.
fn per_lookup(drawn: &[DrawnHops], labels: &[String]) -> Vec<Series> {
    let line = |(at, (drawn, label)): (usize, (&DrawnHops, &String))| {
        let all = drawn.answer.messages.max(1.0);
        let share = |position: &Position| position.messages / all;
        let points = drawn.hops.iter().zip(1..);
        let points = points.map(|(position, hop)| Point::new(f64::from(hop), share(position)));
        Series {
            label: label.clone(),
            look: LOOKS[at],
            points: points.collect(),
            shape: SeriesShape::Marked,
        }
    };
    drawn.iter().zip(labels).enumerate().map(line).collect()
}

fn panel(title: &str, label: &str, series: Vec<Series>, hops: usize, height: f64) -> Panel {
    let values = series.iter().flat_map(|series| &series.points);
    let high = values.map(|point| point.y).fold(0.0, f64::max);
    let answer = hops as f64 + 1.0;
    let mut x = Axis::linear("hop", (1.0, answer), 10).roomy();
    x.range = (0.6, answer + 0.7);
    let step = hops.div_ceil(12);
    let marks = (1..=hops).filter(|hop| (hop - 1) % step == 0);
    let mut marks: Vec<_> = marks.map(|hop| (hop as f64, hop.to_string())).collect();
    // The name of the answer is wider than a number.
    marks.retain(|(at, _)| hops <= 12 || answer - at > 2.0);
    marks.push((answer, "answer".to_owned()));
    x.marks = marks;
    let mut y = Axis::linear(label, (0.0, high), 4);
    // Markers at the top are not cut.
    y.range.1 += (y.range.1 - y.range.0) * 0.05;
    Panel {
        title: title.to_owned(),
        x,
        y,
        series,
        height,
    }
}

/// The lines of all combinations.
fn of_all(
    drawn: &[DrawnHops],
    labels: &[String],
    value: usize,
    factor: f64,
    hops: usize,
) -> Vec<Series> {
    let of = |(at, (drawn, label)): (usize, (&DrawnHops, &String))| {
        lines(drawn, value, factor, label, (at, hops))
    };
    drawn.iter().zip(labels).enumerate().flat_map(of).collect()
}

/// A value of all hops, joined, and that of the answer apart from them; nothing if there are no values.
fn lines(
    drawn: &DrawnHops,
    value: usize,
    factor: f64,
    label: &str,
    (look, hops): (usize, usize),
) -> Vec<Series> {
    let of = |position: &Position| position.values[value].mean().map(|mean| mean * factor);
    let points = drawn.hops.iter().zip(1..);
    let points = points.filter_map(|(at, hop)| Some(Point::new(f64::from(hop), of(at)?)));
    let answer = of(&drawn.answer).map(|y| Point::new(hops as f64 + 1.0, y));
    let series = |points: Vec<Point>, shape| Series {
        label: label.to_owned(),
        look: LOOKS[look],
        points,
        shape,
    };
    let all = [
        series(points.collect(), SeriesShape::Marked),
        series(answer.into_iter().collect(), SeriesShape::Dots),
    ];
    all.into_iter()
        .filter(|series| !series.points.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Four lookups: six messages of the first hop, since two of them asked two nodes at once, and two of the second.
    #[test]
    fn a_hop_may_take_more_than_one_message_of_a_lookup() {
        let position = |messages| Position {
            messages,
            ..Position::default()
        };
        let drawn = DrawnHops {
            hops: vec![position(6.0), position(2.0)],
            answer: position(4.0),
            rows_of_answer: 1,
        };
        let panels = panels(&[drawn], &[String::new()], 2);
        let last = panels.last().unwrap();
        let heights: Vec<f64> = last.series[0].points.iter().map(|point| point.y).collect();
        assert_eq!(heights, [1.5, 0.5]);
        assert!(last.y.range.1 > 1.5 && last.y.range.1 < 4.0);
        assert_eq!(
            [last.title.as_str(), &last.y.label],
            ["messages per lookup", "messages"]
        );
    }
}
