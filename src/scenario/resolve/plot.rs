//! `[[plot]]`: pictures that a scenario asks for. Read after all runs are laid out, because they name what is
//! swept.

use std::collections::BTreeSet;

use super::expect_where::Combinations;
use super::header::is_plain_name;
use crate::catalogue::{Column, Exists, Metric, RecordKind, Unit};
use crate::codes;
use crate::scenario::chosen_plot::{ChosenPlot, LogAxes, PlotKind};
use crate::scenario::keys::plot::{PLOT, PlotKeys};
use crate::scenario::plan::Plan;
use crate::scenario::reader::{Given, Reader};
use crate::scenario::source::Span;
use crate::scenario::suggest::{did_you_mean, nearest};

/// Reads every `[[plot]]` for what is wrong with it by itself.
pub(crate) fn read(reader: &mut Reader<'_>) {
    for given in reader.list(&PLOT) {
        let _: PlotKeys = reader.read_from(&given);
    }
}

/// Every `[[plot]]`. In a scenario that the command line `changed`, pictures of what is not swept or written any
/// more are left out.
pub(crate) fn plots(
    reader: &mut Reader<'_>,
    plan: &Plan,
    combinations: &Combinations<'_>,
    changed: bool,
) -> Vec<ChosenPlot> {
    let (mut all, mut names) = (Vec::new(), BTreeSet::new());
    for given in reader.list(&PLOT) {
        let entry = PlotEntry {
            keys: reader.read_from(&given),
            given,
            plan,
            combinations,
            changed,
        };
        let Some(plot) = entry.resolve(reader) else {
            continue;
        };
        if !names.insert(plot.name.to_ascii_lowercase()) {
            entry.same_name(reader, &plot.name);
        }
        all.push(plot);
    }
    all
}

/// The columns that a kind of picture can show.
fn columns(kind: PlotKind) -> Vec<(RecordKind, &'static Column)> {
    let records = match kind {
        PlotKind::Against => &[][..],
        PlotKind::OverTime => &[RecordKind::Timeline],
        PlotKind::Distribution => &[RecordKind::Lookup, RecordKind::Node],
    };
    let of = |record: &RecordKind| {
        let record = *record;
        let is_amount = |column: &&Column| !matches!(column.unit, Unit::Name | Unit::Seconds);
        let columns = record.info().columns.iter().filter(is_amount);
        columns.map(move |column| (record, column))
    };
    records.iter().flat_map(of).collect()
}

/// One `[[plot]]`.
struct PlotEntry<'a, 'd> {
    keys: PlotKeys,
    given: Given<'d>,
    plan: &'a Plan,
    combinations: &'a Combinations<'a>,
    changed: bool,
}

impl PlotEntry<'_, '_> {
    fn resolve(&self, reader: &mut Reader<'_>) -> Option<ChosenPlot> {
        let metric = self.metric(reader);
        self.fits_its_kind(reader);
        let against = match self.keys.kind {
            PlotKind::Against => self.against(reader),
            PlotKind::OverTime | PlotKind::Distribution => None,
        };
        let lines = match self.keys.kind {
            PlotKind::OverTime => None,
            PlotKind::Against | PlotKind::Distribution => self.lines(reader),
        };
        self.axes(reader);
        let against_column = against.as_ref().map(|(_, column)| column.as_str());
        let name = self.name(reader, metric.unwrap_or_default(), against_column);
        let is_whole = self.keys.kind != PlotKind::Against || against.is_some();
        let lines_are_known = self.keys.lines.is_none() || lines.is_some();
        let plot = ChosenPlot {
            name,
            title: self.keys.title.clone(),
            kind: self.keys.kind,
            metric: metric?.to_owned(),
            against: against.map(|(key, _)| key),
            lines,
            log: self.keys.log,
        };
        (is_whole && lines_are_known).then_some(plot)
    }

    /// What is drawn, if there is such a thing and it is measured.
    fn metric(&self, reader: &mut Reader<'_>) -> Option<&'static str> {
        let named = self.given.with_place("metric", self.keys.metric.as_ref());
        let Some((name, place)) = named else {
            reader.push(
                codes::MISSING_KEY,
                self.given.span(),
                "a picture does not say of what",
                "`metric` is missing",
                "add, for example, metric = \"hops_mean\": a metric of summary.csv",
            );
            return None;
        };
        if self.keys.kind == PlotKind::Against {
            let Some(metric) = Metric::named(name) else {
                let all = Metric::ALL.iter().map(|metric| metric.name());
                unknown(
                    reader,
                    name,
                    place,
                    "no metric of summary.csv",
                    all.collect(),
                );
                return None;
            };
            let (is_there, key) = match metric.info().exists {
                Exists::Always => (true, ""),
                Exists::WithAudit => (self.plan.output.audit, "output.audit"),
                Exists::WithStorage => (self.plan.stores(), "storage.preload"),
                Exists::WithScript => (self.plan.has_script(), "event"),
                Exists::WithTrace => (self.plan.has_trace(), "churn.trace.file"),
                Exists::WithCoordinates => (self.plan.has_coordinates(), "chord.estimate"),
                Exists::WithLinks => (self.plan.output.links, "output.links"),
                Exists::WithHops => (self.plan.output.hops, "output.hops"),
                Exists::WithReputation => (self.plan.has_reputation(), "selfish.defence"),
                Exists::WithWhitewash => (self.plan.has_whitewash(), "selfish.behaviour"),
                Exists::WithSelfish => (self.plan.measures_selfish(), "selfish.fraction"),
                Exists::WithSelfishStorage => {
                    let stores = self.plan.stores();
                    let lacks = if stores {
                        "selfish.fraction"
                    } else {
                        "storage.preload"
                    };
                    (stores && self.plan.measures_selfish(), lacks)
                }
                Exists::WithDeclining => (self.plan.fair_peers_decline(), "selfish.defence"),
            };
            self.is_there(reader, place, is_there, metric.name(), key)
        } else {
            let all = columns(self.keys.kind);
            let Some((record, column)) = all.iter().find(|(_, column)| column.name == name) else {
                let all = all.into_iter().map(|(_, column)| column.name).collect();
                let files = match self.keys.kind {
                    PlotKind::OverTime => "no column of numbers of timeline.csv",
                    _ => "no column of numbers of lookups.csv or nodes.csv",
                };
                unknown(reader, name, place, files, all);
                return None;
            };
            let info = record.info();
            let is_written = (info.wanted)(&self.plan.output);
            self.is_there(
                reader,
                place,
                is_written,
                column.name,
                info.key.unwrap_or_default(),
            )
        }
    }

    /// The name of what is drawn if it is measured and written; `key` is what would make it so.
    fn is_there(
        &self,
        reader: &mut Reader<'_>,
        place: Span,
        is_there: bool,
        name: &'static str,
        key: &str,
    ) -> Option<&'static str> {
        if !is_there && !self.changed {
            reader.push(
                codes::NOT_MEASURED,
                place,
                format!("`{name}` is not written by this scenario"),
                "so there is nothing to draw",
                format!("set `{key}`, or remove the picture"),
            );
        }
        is_there.then_some(name)
    }

    /// The key along the horizontal axis, in full, and its column.
    fn against(&self, reader: &mut Reader<'_>) -> Option<(String, String)> {
        let Some((name, place)) = self.given.with_place("against", self.keys.against.as_ref())
        else {
            let columns: Vec<&str> = self.plan.swept.iter().map(|k| k.column.as_str()).collect();
            if !self.changed {
                let help = match columns.first() {
                    Some(first) => format!("add, for example, against = \"{first}\""),
                    None => "this scenario sweeps nothing: choose another `kind`".to_owned(),
                };
                let message = "a picture does not say against what";
                reader.push(
                    codes::MISSING_KEY,
                    self.given.span(),
                    message,
                    "`against` is missing",
                    help,
                );
            }
            return None;
        };
        let parts = self.plan.swept.iter().flat_map(|key| &key.parts);
        let mut parts =
            parts.filter(|part| [&part.key, &part.column, &part.full_column].contains(&name));
        match parts.next() {
            Some(part) => Some((part.key.clone(), part.column.clone())),
            None => self.swept(reader, name, place),
        }
    }

    fn lines(&self, reader: &mut Reader<'_>) -> Option<String> {
        let (name, place) = self.given.with_place("lines", self.keys.lines.as_ref())?;
        let (key, _) = self.swept(reader, name, place.clone())?;
        if self.keys.against.as_ref().is_some_and(|against| {
            let is_within = against.starts_with(&format!("{key}."));
            is_within || self.combinations.column(against, 0..0).ok() == self.place_of(&key)
        }) {
            reader.push(
                codes::IMPOSSIBLE_PICTURE,
                place,
                "`lines` and `against` are the same key",
                "each of its lines would have one point",
                "remove `lines`, or name another swept key",
            );
        }
        Some(key)
    }

    fn place_of(&self, key: &str) -> Option<usize> {
        self.plan.swept.iter().position(|swept| swept.key == key)
    }

    /// A swept key, in full, and its column.
    fn swept(&self, reader: &mut Reader<'_>, name: &str, place: Span) -> Option<(String, String)> {
        match self.combinations.column(name, place) {
            Ok(at) => {
                let swept = &self.plan.swept[at];
                Some((swept.key.clone(), swept.column.clone()))
            }
            Err(problem) => {
                if !self.changed {
                    reader.problems.replaceable.push(problem);
                }
                None
            }
        }
    }

    /// Whether there is no key that pictures of this kind have no use for.
    fn fits_its_kind(&self, reader: &mut Reader<'_>) {
        let idle: &[&str] = match self.keys.kind {
            PlotKind::Against => &[],
            PlotKind::Distribution => &["against"],
            PlotKind::OverTime => &["against", "lines"],
        };
        for key in idle {
            if let Some(place) = self.given.place(key) {
                reader.push(
                    codes::CONTRADICTION,
                    place,
                    format!("`{key}` is for pictures against a swept key"),
                    "this picture has a line for each combination of swept values",
                    format!(
                        "remove it, or write kind = \"{}\"",
                        PlotKind::Against.name()
                    ),
                );
            }
        }
    }

    /// Time and shares are never logarithmic.
    fn axes(&self, reader: &mut Reader<'_>) {
        let Some((log, place)) = self.keys.log.zip(self.given.place("log")) else {
            return;
        };
        let (axis, may) = match (self.keys.kind, log) {
            (PlotKind::OverTime, LogAxes::X | LogAxes::Both) => ("time", LogAxes::Y),
            (PlotKind::Distribution, LogAxes::Y | LogAxes::Both) => ("the share", LogAxes::X),
            _ => return,
        };
        reader.push(
            codes::IMPOSSIBLE_PICTURE,
            place,
            format!("{axis} has no logarithmic axis"),
            "this would make it one",
            format!(
                "write \"{}\" or \"{}\"",
                may.name(),
                LogAxes::Neither.name()
            ),
        );
    }

    fn name(&self, reader: &mut Reader<'_>, metric: &str, against: Option<&str>) -> String {
        if let Some((name, place)) = self.given.with_place("name", self.keys.name.as_ref()) {
            if !is_plain_name(name) {
                reader.push(
                    codes::BAD_NAME,
                    place,
                    "`name` cannot name a file",
                    "allowed: ASCII letters, digits, `-`, `_` and `.`, the first a letter or digit",
                    "a heading for people goes into `title`",
                );
            }
            return name.clone();
        }
        match self.keys.kind {
            PlotKind::Against => format!("{metric}-vs-{}", against.unwrap_or_default()),
            PlotKind::OverTime => format!("{metric}-over-time"),
            PlotKind::Distribution => format!("{metric}-cdf"),
        }
    }

    fn same_name(&self, reader: &mut Reader<'_>, name: &str) {
        reader.push(
            codes::SAID_TWICE,
            self.given
                .place("name")
                .unwrap_or_else(|| self.given.span()),
            format!("two pictures are called `{name}`"),
            "this is the second",
            "give it a `name` of its own",
        );
    }
}

/// Something to draw that does not exist.
fn unknown(reader: &mut Reader<'_>, name: &str, place: Span, label: &str, all: Vec<&str>) {
    let known = format!("there are: {}", all.join(", "));
    // `hops` for `hops_mean`.
    let longer = all.iter().copied().find(|other| {
        let rest = other.strip_prefix(name);
        rest.is_some_and(|rest| rest.starts_with('_'))
    });
    let help = did_you_mean(longer.or_else(|| nearest(name, all)), known);
    reader.push(
        codes::NO_SUCH_METRIC,
        place,
        format!("\"{name}\" cannot be drawn"),
        label,
        help,
    );
}
