//! The pictures of what selfish peers do to honest ones, and of what a defence costs beside what it brings.

use super::against::{Against, file_word, percent_from, upright, varies};
use super::choice::LineChoice;
use super::figure::{Axis, Figure, Panel, Series, SeriesShape, quiet};
use super::magnitude::{self, COUNTS};
use super::style::LOOKS;
use super::sweep;
use super::swept_axis::Along;
use crate::catalogue::Metric;
use crate::report::folder::ResultFolder;

/// The key along which a system of takers breaks down.
const SHARE: &str = "selfish.fraction";

/// How well honest peers are served, with what a panel of it is called.
const SERVED: [(Metric, &str); 3] = [
    (
        Metric::SuccessRateHonest,
        "lookups of honest peers answered rightly",
    ),
    (
        Metric::GetSuccessRateHonest,
        "gets of honest peers that found the value",
    ),
    (
        Metric::PutSuccessRateHonest,
        "puts of honest peers that were stored",
    ),
];

/// Heights of panels.
const HIGH: f64 = 150.0;
const LOW: f64 = 110.0;

/// For every swept key that makes an axis: success of honest peers with its cost, and their load; and success against cost.
/// Where nothing of honest peers was measured there is none.
pub(super) fn figures(folder: &ResultFolder) -> Vec<Figure> {
    let mut figures = Vec::new();
    for key in sweep::axes(folder) {
        figures.extend(success_and_cost(folder, key));
        figures.extend(load(folder, key));
    }
    figures.extend(cost_of_defences(folder));
    figures
}

/// A panel of one metric against a swept key.
struct Drawn<'a> {
    against: Against<'a>,
    choice: LineChoice,
    panel: Panel,
    varies: bool,
}

/// A metric against a key; `None` if it has no values. Its title says what it is, and `label` what its axis counts.
fn drawn<'a>(
    folder: &'a ResultFolder,
    key: usize,
    metric: Metric,
    (title, label): (&str, &str),
) -> Option<Drawn<'a>> {
    let against = Against::of(folder, metric, Along::Key(key))?;
    let (mut series, choice) = against.lines();
    let varies = varies(&series);
    let unit = match label {
        "messages" => magnitude::shorten(&mut series, COUNTS),
        _ => "",
    };
    let mut panel = against.panels(series, LOW).into_iter().next()?;
    // Of a single line the panel says what it is.
    if let [only] = &mut panel.series[..] {
        only.label.clear();
    }
    panel.title = match unit {
        "" => title.to_owned(),
        unit => format!("{title} ({unit})"),
    };
    label.clone_into(&mut panel.y.label);
    Some(Drawn {
        against,
        choice,
        panel,
        varies,
    })
}

/// Panels on one axis, from top to bottom, as a picture.
fn stacked(name: &str, title: &str, all: &[Drawn<'_>]) -> Option<Figure> {
    let first = all.first()?;
    let notes = first.against.notes(&first.choice);
    let swept = &first.against.folder.swept[first.against.along()];
    let axis = first.against.axis.axis.label.clone();
    let name = format!("{name}-vs-{}", file_word(&swept.column));
    let title = format!("{title} against {}", quiet(&axis));
    let last = all.len() - 1;
    let panels = all.iter().enumerate().map(|(at, drawn)| {
        let mut panel = drawn.panel.clone();
        if at == 0 {
            panel.height = HIGH;
        }
        if at < last {
            panel.x = panel.x.silent();
        }
        panel
    });
    first.against.figure(&name, title, panels.collect(), notes)
}

/// How well honest peers are served, and below it what a request costs.
fn success_and_cost(folder: &ResultFolder, key: usize) -> Option<Figure> {
    let served = SERVED.into_iter().filter_map(|(metric, title)| {
        let drawn = drawn(folder, key, metric, (title, "success (%)"))?;
        drawn.varies.then_some(drawn)
    });
    let mut all: Vec<Drawn<'_>> = served.collect();
    if all.is_empty() {
        return None;
    }
    let cost = ("messages per request", "messages");
    all.extend(drawn(folder, key, Metric::RequestMessagesMean, cost));
    stacked("honest-success", "Success and cost", &all)
}

/// What honest peers bear, and how evenly.
fn load(folder: &ResultFolder, key: usize) -> Option<Figure> {
    let mean = ("messages handled per honest peer", "messages");
    let mut mean = drawn(folder, key, Metric::LoadMeanHonest, mean)?;
    let even = (
        "how evenly among honest peers: Jain's index",
        "Jain's index",
    );
    let even = drawn(folder, key, Metric::LoadJainHonest, even);
    if !mean.varies && !even.as_ref().is_some_and(|even| even.varies) {
        return None;
    }
    beside_the_selfish(&mut mean);
    let all: Vec<Drawn<'_>> = std::iter::once(mean).chain(even).collect();
    stacked("honest-load", "Load of honest peers", &all)
}

/// Where honest peers have one line, selfish ones have one beside it.
fn beside_the_selfish(mean: &mut Drawn<'_>) {
    let (selfish, _) = mean.against.with(Metric::LoadMeanSelfish).lines();
    let (honest, _) = mean.against.lines();
    let ([honest], [selfish]) = (&honest[..], &selfish[..]) else {
        return;
    };
    let named = |series: &Series, label: &str, look: usize| Series {
        label: label.to_owned(),
        look: LOOKS[look],
        ..series.clone()
    };
    let mut both = vec![
        named(honest, "honest peers", 0),
        named(selfish, "selfish peers", 1),
    ];
    let unit = magnitude::shorten(&mut both, COUNTS);
    let Some(panel) = mean.against.panels(both, LOW).into_iter().next() else {
        return;
    };
    mean.panel.y.range = panel.y.range;
    mean.panel.y.step = panel.y.step;
    mean.panel.y.log = panel.y.log;
    mean.panel.series = panel.series;
    mean.panel.title = match unit {
        "" => "messages handled per peer".to_owned(),
        unit => format!("messages handled per peer ({unit})"),
    };
}

/// Success of honest peers over messages per request: a line per defence, along the share of selfish peers. What stands
/// higher brings more, what stands further right costs more.
fn cost_of_defences(folder: &ResultFolder) -> Option<Figure> {
    let key = folder.swept.iter().position(|swept| swept.key == SHARE)?;
    if folder.swept.len() < 2 {
        return None;
    }
    let of = |(metric, title): (Metric, &str)| {
        let against = Against::of(folder, metric, Along::Key(key))?;
        let (series, choice) = against.over(Metric::RequestMessagesMean);
        let lines = series.iter().filter(|line| line.points.len() > 1).count();
        (lines > 1 && varies(&series)).then(|| {
            let panel = over_cost(&series, title)?;
            Some((against, choice, panel))
        })?
    };
    let all: Vec<_> = SERVED.into_iter().filter_map(of).collect();
    let (against, choice, _) = all.first()?;
    let marks = &against.axis.axis.marks;
    let (low, high) = (&marks.first()?.1, &marks.last()?.1);
    let mut notes = choice.notes.clone();
    notes.push(format!(
        "Along a line: share of selfish peers, {low} to {high}."
    ));
    notes.extend(against.bars_note());
    let last = all.len() - 1;
    let panels = all.iter().enumerate().map(|(at, (_, _, panel))| {
        let mut panel = panel.clone();
        if at < last {
            panel.x.label.clear();
        }
        panel
    });
    let title = "What defences cost and bring".to_owned();
    against.figure("cost-of-defences", title, panels.collect(), notes)
}

fn over_cost(series: &[Series], title: &str) -> Option<Panel> {
    let (low, _) = upright(series, true)?;
    let costs = series.iter().flat_map(|s| &s.points).map(|point| point.x);
    let most = costs.max_by(f64::total_cmp)?;
    let series = series.iter().map(|line| Series {
        shape: SeriesShape::Marked,
        ..line.clone()
    });
    Some(Panel {
        title: title.to_owned(),
        x: Axis::linear(&Metric::RequestMessagesMean.info().axis(), (0.0, most), 6),
        y: percent_from(low, "success (%)"),
        series: series.collect(),
        height: HIGH,
    })
}
