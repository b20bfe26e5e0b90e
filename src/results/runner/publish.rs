//! Puts the result together from the parts of its runs. It takes nothing on trust: what a part says of a run and each
//! of its rows are held against the digests of what was written.

use std::collections::BTreeSet;

use super::Runner;
use crate::catalogue::{Metric, RecordKind};
use crate::results::csv::{self, Aggregate};
use crate::results::entry::{Failure, RepetitionsEntry, RunEntry};
use crate::results::error::ResultsError;
use crate::results::folder::LockedFolder;
use crate::results::host::{Host, peak_memory_bytes};
use crate::results::kept::KeptFile;
use crate::results::manifest::Manifest;
use crate::results::measured::{MeasuredRun, MeasuredRuns};
use crate::results::part::{FinishedRun, NotRead, Store};
use crate::results::repetitions::Repetitions;
use crate::results::search::Thresholds;
use crate::results::staged::{self, ASSEMBLED, Staged};

/// What came of putting a result together.
pub(super) enum Published<'plan> {
    /// It is there.
    Whole(MeasuredRuns<'plan>),
    /// Nothing changed: the part of this run is not what was written.
    Not { run: usize, file: KeptFile },
}

impl<'plan> Runner<'_, 'plan> {
    /// Puts the result together from the parts of these runs but those that failed; gives what they measured.
    pub(super) fn publish(
        &self,
        folder: &LockedFolder,
        store: &Store,
        wanted: &BTreeSet<usize>,
        failures: &[Failure],
    ) -> Result<Published<'plan>, ResultsError> {
        let failed: BTreeSet<u32> = failures.iter().map(|failure| failure.run).collect();
        let (mut entries, mut runs, mut said) = (Vec::new(), Vec::new(), None);
        let staged = Staged::begin(store.root().join(ASSEMBLED))?;
        let mut rows = staged.begin_rows(self.tables())?;
        for &run in wanted {
            let spec = &self.assignment.plan.runs[run];
            if failed.contains(&spec.run) {
                continue;
            }
            let prefix = staged::prefix(&csv::run_cells(spec));
            let part = store.read(&self.keys[run], |kind, piece| {
                rows.add(kind, &prefix, piece)
            });
            let part = match part {
                Ok(part) => part,
                Err(NotRead::Part(file)) => return Ok(Published::Not { run, file }),
                Err(NotRead::Taken(error)) => return Err(error),
            };
            let mut entry = self.run_entry(run, &part);
            // Once for all repetitions: of many runs it would be nearly all there is.
            if said.replace(spec.combination) != Some(spec.combination) {
                entry.scenario = Some(part.scenario);
            }
            entries.push(entry);
            runs.push(MeasuredRun {
                spec,
                summary: part.summary,
                audit: part.audit,
            });
        }
        let swept = &self.assignment.plan.swept;
        let measured = MeasuredRuns { swept, runs };
        let (summary, aggregate) = (csv::summary(&measured), Aggregate::of(&measured));
        let mut files = staged.tables(&summary, &aggregate.to_table())?.to_vec();
        if let Some(thresholds) = Thresholds::of(self.assignment.plan, &measured) {
            files.push(staged.thresholds(&csv::thresholds(&thresholds, swept))?);
        }
        files.extend(rows.finish()?);
        let manifest = Manifest {
            program: self.program.clone(),
            plan: self.plan.clone(),
            runs: entries,
            failed: failures.to_vec(),
            repetitions: self.repetitions(&measured),
            files,
            started: self.started.clone(),
            wall_seconds: self.clock.seconds(),
            peak_memory_bytes: peak_memory_bytes(),
            host: Host::this(),
        };
        folder.publish(&staged, &manifest)?;
        Ok(Published::Whole(measured))
    }

    /// How many repetitions there are of each combination, where that was not given.
    fn repetitions(&self, measured: &MeasuredRuns<'plan>) -> Vec<RepetitionsEntry> {
        let all = Repetitions::of(self.assignment.plan, measured);
        let all = all.into_iter().flat_map(|all| all.combinations);
        all.map(|one| RepetitionsEntry {
            swept: one.swept.to_vec(),
            runs: one.runs,
            mean: one.estimate.mean,
            ci95: one.estimate.ci95,
            ending: one.ending.name().to_owned(),
        })
        .collect()
    }

    /// The files of rows, and the columns of each that name a run.
    fn tables(&self) -> impl Iterator<Item = (RecordKind, Vec<String>)> {
        let plan = self.assignment.plan;
        let kinds = RecordKind::ALL.iter().copied();
        let kinds = kinds.filter(|kind| (kind.info().wanted)(&plan.output));
        kinds.map(|kind| {
            let columns: Vec<&str> = kind.info().column_names().collect();
            (kind, csv::run_columns(&plan.swept, &columns))
        })
    }

    fn run_entry(&self, run: usize, finished: &FinishedRun) -> RunEntry {
        let spec = &self.assignment.plan.runs[run];
        let events = finished.summary.get(Metric::Events).unwrap_or(0.0) as u64;
        RunEntry {
            run: spec.run,
            swept: spec.swept.clone(),
            repetition: spec.repetition,
            seed: spec.seed,
            key: self.keys[run].clone(),
            fingerprint: finished.summary.fingerprint.clone(),
            scenario: None,
            // No clock is so exact that more digits would say anything, and there may be many runs.
            wall_seconds: (finished.wall_seconds * 1e6).round() / 1e6,
            events,
            events_per_s: (events as f64 / finished.wall_seconds.max(1e-9)).round(),
        }
    }
}
