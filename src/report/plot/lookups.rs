//! Pictures of single lookups: the distributions of their hops, latencies and stretch. `lookups.csv` may have
//! millions of rows; what is kept of them is one histogram of each kind per line drawn.
//!
//! Hops and latencies are those of the lookups answered rightly, as in `summary.csv`. Where many are lost, those
//! that get through are the short ones: so all shares are shares of all lookups, and a line ends at the success
//! rate.

use std::collections::BTreeMap;

use hdrhistogram::Histogram;

use super::cdf::{self, Curve};
use super::choice::{self, LineChoice};
use super::figure::Figure;
use super::hops;
use crate::catalogue::{Column, Outcome, RecordKind};
use crate::report::folder::FolderError;
use crate::report::folder::ResultFolder;
use crate::report::folder::combination::DrawnCombination;
use crate::report::folder::table::{ResultColumn, ResultRow, ResultTable};
use crate::report::numbers::percent;

/// What is kept of the lookups of one combination.
pub(super) struct DrawnLookups {
    pub combination: usize,
    /// How many there are.
    pub all: u64,
    /// How many of them were answered rightly. All below is about these.
    pub right: u64,
    /// How many were not answered at all; the rest was answered wrongly.
    failed: u64,
    /// How many lookups took so many hops.
    pub hops: BTreeMap<u64, u64>,
    /// Latencies in microseconds.
    latency: Histogram<u64>,
    /// Stretch in thousandths.
    stretch: Histogram<u64>,
}

impl DrawnLookups {
    fn of(combination: usize) -> Self {
        Self {
            combination,
            all: 0,
            right: 0,
            failed: 0,
            hops: BTreeMap::new(),
            latency: cdf::histogram(),
            stretch: cdf::histogram(),
        }
    }

    fn success(&self) -> f64 {
        self.right as f64 / self.all as f64
    }
}

/// The pictures that `lookups.csv` gives; none if there is no such file or nothing in it.
pub(super) fn figures(folder: &ResultFolder) -> Result<Vec<Figure>, FolderError> {
    let choice = choice::among_combinations(folder);
    let lookups = read(folder, &choice)?;
    let mut notes = choice.notes.clone();
    notes.extend(nothing_right(folder, &lookups));
    let distribution = hops::distribution(folder, &lookups, &notes);
    let latency = latency(folder, &lookups, notes.clone());
    let stretch = stretch(folder, &lookups, notes);
    let all = [distribution, latency, stretch];
    Ok(all.into_iter().flatten().collect())
}

fn latency(folder: &ResultFolder, lookups: &[DrawnLookups], notes: Vec<String>) -> Option<Figure> {
    let words = cdf::Words {
        name: "latency-cdf",
        title: "Latency of the lookups answered rightly",
        subtitle: &folder.title,
        x: &column("latency_ms").axis(),
        y: "all lookups (%)",
    };
    let mut curves = curves(folder, lookups, |l| &l.latency);
    for (curve, lookups) in curves.iter_mut().zip(lookups) {
        let timeout = folder.combinations[lookups.combination].timeout_s();
        let timeout = timeout.filter(|_| lookups.failed > 0);
        curve.given_up = timeout.map(|seconds| seconds * 1e3);
    }
    cdf::figure(&words, &curves, 1e-3, with_success_note(lookups, notes))
}

/// Where all ways are equally long, stretch says no more than hops do.
fn stretch(folder: &ResultFolder, lookups: &[DrawnLookups], notes: Vec<String>) -> Option<Figure> {
    if folder
        .combinations
        .iter()
        .all(DrawnCombination::is_equidistant)
    {
        return None;
    }
    let words = cdf::Words {
        name: "stretch-cdf",
        title: "Stretch of the lookups answered rightly",
        subtitle: &folder.title,
        x: "stretch (latency over the direct round trip)",
        y: "all lookups (%)",
    };
    let curves = curves(folder, lookups, |l| &l.stretch);
    let mut notes = with_success_note(lookups, notes);
    notes.push("Lookups without a hop have no stretch and are left out.".to_owned());
    cdf::figure(&words, &curves, 1e-3, notes)
}

fn curves<'a>(
    folder: &ResultFolder,
    lookups: &'a [DrawnLookups],
    values: fn(&DrawnLookups) -> &Histogram<u64>,
) -> Vec<Curve<'a>> {
    let lossless = lookups.iter().all(|l| l.right == l.all);
    let curve = |(look, lookups): (usize, &'a DrawnLookups)| {
        let success = format!(" ({})", percent(lookups.right, lookups.all));
        Curve {
            label: choice::combination_label(folder, lookups.combination),
            behind: if lossless { String::new() } else { success },
            look,
            values: values(lookups),
            ends_at: lookups.success(),
            given_up: None,
        }
    };
    lookups.iter().enumerate().map(curve).collect()
}

fn with_success_note(lookups: &[DrawnLookups], mut notes: Vec<String>) -> Vec<String> {
    if lookups.iter().any(|l| l.right < l.all) {
        let text = "A line ends at the success rate, given behind its name.";
        notes.push(text.to_owned());
    }
    if lookups.iter().any(|l| l.right + l.failed < l.all) {
        notes.push("What was answered wrongly is part of what is missing to 100 %.".to_owned());
    }
    notes
}

/// Names the combinations that no curve can be drawn of.
fn nothing_right(folder: &ResultFolder, lookups: &[DrawnLookups]) -> Option<String> {
    let lost = lookups.iter().filter(|l| l.all > 0 && l.right == 0);
    let names: Vec<String> = lost
        .map(|l| choice::combination_label(folder, l.combination))
        .collect();
    (!names.is_empty() && folder.combinations.len() > 1)
        .then(|| format!("No lookup was answered rightly with: {}.", names.join("; ")))
}

/// A column of the file.
fn column(name: &str) -> &'static Column {
    RecordKind::Lookup.info().column(name)
}

struct Columns {
    outcome: ResultColumn,
    hops: ResultColumn,
    latency: ResultColumn,
    stretch: ResultColumn,
}

impl Columns {
    fn of(table: &ResultTable) -> Result<Self, FolderError> {
        let of = |name| table.column(column(name).name);
        Ok(Self {
            hops: of("hops")?,
            latency: of("latency_ms")?,
            outcome: of("outcome")?,
            stretch: of("stretch")?,
        })
    }

    fn add(&self, row: &ResultRow<'_>, kept: &mut DrawnLookups) -> Result<(), FolderError> {
        let (hops, latency) = (row.count(&self.hops)?, row.number(&self.latency)?);
        let stretch = row.number(&self.stretch)?;
        kept.all += 1;
        let outcome = row.bytes(&self.outcome);
        if outcome == Outcome::Failed.name().as_bytes() {
            kept.failed += 1;
        }
        if outcome != Outcome::Ok.name().as_bytes() {
            return Ok(());
        }
        kept.right += 1;
        if let Some(hops) = hops {
            *kept.hops.entry(hops).or_default() += 1;
        }
        if let Some(ms) = latency {
            cdf::record(&mut kept.latency, (ms * 1e3).round() as u64);
        }
        if let Some(stretch) = stretch {
            cdf::record(&mut kept.stretch, (stretch * 1e3).round() as u64);
        }
        Ok(())
    }
}

fn read(folder: &ResultFolder, choice: &LineChoice) -> Result<Vec<DrawnLookups>, FolderError> {
    let Some(table) = folder.lookups()? else {
        return Ok(Vec::new());
    };
    let columns = Columns::of(&table)?;
    let mut finder = folder.finder(&table)?;
    let picked = choice.picked.iter();
    let mut lookups: Vec<DrawnLookups> = picked.map(|c| DrawnLookups::of(*c)).collect();
    table.each(|row| {
        if let Some(place) = choice.place(finder.find(row)?) {
            columns.add(row, &mut lookups[place])?;
        }
        Ok(())
    })?;
    Ok(lookups)
}
