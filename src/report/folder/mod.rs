//! A result folder as pictures, tables and pages read it: what its manifest says was swept, and the combinations of
//! swept values found in `aggregate.csv`.

pub(crate) mod combination;
mod error;
pub(crate) mod expectations;
pub(crate) mod runs;
pub(crate) mod table;

use std::cmp::Ordering;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use combination::DrawnCombination;
use expectations::Expectations;
use table::{ResultColumn, ResultRow, ResultTable};

pub use self::error::FolderError;
use crate::catalogue::{AGGREGATE_FILE, RUNS, RecordKind, THRESHOLD_FILE};
use crate::inputs::file;
use crate::results::manifest::{self, OverridesEntry, Program};
use crate::scenario::Overrides;

/// A result folder, its manifest and aggregate read.
pub(crate) struct ResultFolder {
    dir: PathBuf,
    /// The scenario's name.
    pub name: String,
    /// The scenario's heading for people; its name if it has none.
    pub title: String,
    /// The swept keys, in order.
    pub swept: Vec<Swept>,
    /// Every combination of swept values, in the order of `aggregate.csv`; at least one.
    pub combinations: Vec<DrawnCombination>,
    /// Runs that came to no end, and why.
    pub failed: Vec<FailedRun>,
    /// The version that made it; empty if that is not known.
    pub program: String,
    /// That and the seed, such as `chordsim 0.1.0, seed 311`.
    pub made_by: String,
    /// The pictures that the scenario asks for, as the manifest has them.
    chosen: Vec<Value>,
    /// What theory expects.
    pub expectations: Expectations,
    places: Places,
    written: Written,
}

/// Where the combinations stand, in the order of their values.
struct Places(Vec<usize>);

impl Places {
    fn of(values: &[&[String]]) -> Self {
        let mut places: Vec<usize> = (0..values.len()).collect();
        places.sort_by_key(|at| values[*at]);
        Self(places)
    }

    /// The first combination that compares as equal.
    fn find(&self, compare: impl Fn(usize) -> Ordering) -> Option<usize> {
        let at = self.0.partition_point(|c| compare(*c).is_lt());
        self.0.get(at).copied().filter(|c| compare(*c).is_eq())
    }
}

/// One swept key.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Swept {
    /// In full, such as `overlay.nodes`.
    pub key: String,
    /// What its column is called unless that would clash.
    pub column: String,
    /// What it is called where that would clash, if that is not the key.
    #[serde(default)]
    pub full_column: Option<String>,
    /// The numbers inside, if its values are tables.
    #[serde(default)]
    pub parts: Vec<Swept>,
}

#[derive(Deserialize)]
struct DrawnManifest {
    #[serde(default)]
    program: Option<Program>,
    plan: DrawnPlan,
    #[serde(default)]
    runs: Vec<DrawnRun>,
    #[serde(default)]
    failed: Vec<FailedRun>,
}

/// A run that came to no end.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct FailedRun {
    /// What happened.
    #[serde(default)]
    pub reason: String,
}

/// A run, as far as it says what was simulated.
#[derive(Deserialize)]
struct DrawnRun {
    swept: Vec<String>,
    /// Said of the first of a combination only, by the versions that say it once.
    #[serde(default)]
    scenario: Value,
}

#[derive(Deserialize)]
struct DrawnPlan {
    name: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    seed: u64,
    #[serde(default)]
    swept: Vec<Swept>,
    #[serde(default)]
    output: Written,
    #[serde(default)]
    plots: Vec<Value>,
    #[serde(default)]
    scenario_file: String,
    #[serde(default)]
    scenario_text: String,
    #[serde(default)]
    overrides: OverridesEntry,
}

/// Which tables the scenario had written.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Written {
    nodes: bool,
    timeline: bool,
}

impl ResultFolder {
    /// Reads `manifest.json` and `aggregate.csv`.
    pub(crate) fn open(dir: &Path) -> Result<Self, FolderError> {
        let DrawnManifest {
            program,
            plan,
            runs,
            failed,
        } = read_manifest(&dir.join(manifest::FILE))?;
        let DrawnPlan {
            name,
            title,
            seed,
            swept,
            output,
            plots,
            scenario_file,
            scenario_text,
            overrides,
        } = plan;
        let overrides = Overrides {
            seed: overrides.seed,
            repeat: overrides.repeat,
            set: overrides.set,
            events: Vec::new(),
        };
        let path = dir.join(AGGREGATE_FILE);
        let table = ResultTable::open(path.clone())?.ok_or(FolderError::Missing {
            file: path.clone(),
            column: RUNS,
        })?;
        let mut combinations = combination::all(table, &swept)?;
        let values: Vec<&[String]> = combinations.iter().map(|c| &c.values[..]).collect();
        let places = Places::of(&values);
        for run in runs {
            let at = places.find(|c| combinations[c].values.cmp(&run.swept));
            if let Some(combination) = at.map(|at| &mut combinations[at])
                && combination.scenario.is_null()
            {
                combination.scenario = run.scenario;
            }
        }
        if combinations.is_empty() {
            return Err(FolderError::NoRows { file: path });
        }
        let program = program.map_or_else(String::new, |program| program.to_string());
        let parts = [program.as_str(), &format!("seed {seed}")].map(str::to_owned);
        let parts = parts.into_iter().filter(|part| !part.is_empty());
        let made_by = parts.collect::<Vec<_>>().join(", ");
        Ok(Self {
            dir: dir.to_owned(),
            title: if title.is_empty() {
                name.clone()
            } else {
                title
            },
            name,
            swept,
            combinations,
            failed,
            program,
            made_by,
            places,
            chosen: plots,
            expectations: Expectations::of(scenario_text, scenario_file, overrides),
            written: output,
        })
    }

    /// The pictures that the scenario asks for.
    pub(crate) fn chosen<T: DeserializeOwned>(&self) -> Result<Vec<T>, FolderError> {
        let chosen = self.chosen.iter().map(T::deserialize);
        let chosen: Result<_, serde_json::Error> = chosen.collect();
        chosen.map_err(|error| broken(&self.dir.join(manifest::FILE), &error))
    }

    /// `lookups.csv`, if it is there: it is the largest file by far, and people remove it.
    pub(crate) fn lookups(&self) -> Result<Option<ResultTable>, FolderError> {
        ResultTable::open(self.dir.join(RecordKind::Lookup.info().file))
    }

    /// All combinations; of a search for a threshold those that all seeds tried. Which seeds try a value near the threshold,
    /// their own thresholds say: a mean over some of them would lie.
    pub(crate) fn fully_measured(&self) -> Vec<usize> {
        let is_search = self.dir.join(THRESHOLD_FILE).exists();
        let most = self.combinations.iter().map(|it| it.runs).max();
        let counts = |c: &usize| !is_search || Some(self.combinations[*c].runs) == most;
        (0..self.combinations.len()).filter(counts).collect()
    }

    /// `threshold.csv`, if it is there.
    pub(crate) fn thresholds(&self) -> Result<Option<ResultTable>, FolderError> {
        ResultTable::open(self.dir.join(THRESHOLD_FILE))
    }

    /// `operations.csv`, if it is there.
    pub(crate) fn operations(&self) -> Result<Option<ResultTable>, FolderError> {
        ResultTable::open(self.dir.join(RecordKind::Operation.info().file))
    }

    /// `links.csv`, if it is there.
    pub(crate) fn links(&self) -> Result<Option<ResultTable>, FolderError> {
        ResultTable::open(self.dir.join(RecordKind::Link.info().file))
    }

    /// `hops.csv`, if it is there.
    pub(crate) fn hops(&self) -> Result<Option<ResultTable>, FolderError> {
        ResultTable::open(self.dir.join(RecordKind::Hop.info().file))
    }

    /// `nodes.csv`, unless the scenario left it out.
    pub(crate) fn nodes(&self) -> Result<Option<ResultTable>, FolderError> {
        self.expected(RecordKind::Node, "messages_in", self.written.nodes)
    }

    /// `timeline.csv`, unless the scenario left it out.
    pub(crate) fn timeline(&self) -> Result<Option<ResultTable>, FolderError> {
        self.expected(RecordKind::Timeline, "time_s", self.written.timeline)
    }

    fn expected(
        &self,
        kind: RecordKind,
        column: &str,
        written: bool,
    ) -> Result<Option<ResultTable>, FolderError> {
        let file = self.dir.join(kind.info().file);
        let table = ResultTable::open(file.clone())?;
        if table.is_none() && written {
            let column = kind.info().column(column).name;
            return Err(FolderError::Missing { file, column });
        }
        Ok(table)
    }

    /// How to tell which combination a row of a table belongs to.
    pub(crate) fn finder(&self, table: &ResultTable) -> Result<Finder<'_>, FolderError> {
        Ok(Finder {
            columns: swept_columns(table, &self.swept)?,
            combinations: &self.combinations,
            places: &self.places,
            last: 0,
        })
    }
}

/// Tells which combination of swept values a row belongs to.
pub(crate) struct Finder<'a> {
    columns: Vec<ResultColumn>,
    combinations: &'a [DrawnCombination],
    places: &'a Places,
    /// Rows of one run stand together: most often it is the same as before.
    last: usize,
}

impl Finder<'_> {
    /// The position of the row's combination in [`ResultFolder::combinations`].
    pub(crate) fn find(&mut self, row: &ResultRow<'_>) -> Result<usize, FolderError> {
        if self.compare(row, self.last).is_ne() {
            let found = self.places.find(|c| self.compare(row, c));
            self.last = found.ok_or_else(|| {
                // Without swept keys everything matches, so there is a first column.
                let unknown = "a combination of values that is in aggregate.csv";
                row.unexpected(&self.columns[0], unknown)
            })?;
        }
        Ok(self.last)
    }

    fn compare(&self, row: &ResultRow<'_>, combination: usize) -> Ordering {
        let values = self.combinations[combination].values.iter();
        let cells = self.columns.iter().map(|column| row.bytes(column));
        values.map(String::as_bytes).cmp(cells)
    }
}

/// The swept columns of a table.
pub(crate) fn swept_columns(
    table: &ResultTable,
    swept: &[Swept],
) -> Result<Vec<ResultColumn>, FolderError> {
    let of = |s: &Swept| s.find(table).map_or_else(|| table.column(&s.column), Ok);
    swept.iter().map(of).collect()
}

impl Swept {
    /// Whether a number inside a table is that of a duration: then its column says that it is in seconds.
    pub(crate) fn is_duration(&self) -> bool {
        self.full_column
            .as_ref()
            .is_some_and(|full| *full != self.key)
    }

    /// Whether it is how many places on the ring a peer has. The key has an older name.
    pub(crate) fn is_virtual_nodes(&self) -> bool {
        ["overlay.virtual_nodes", "chord.virtual_nodes"].contains(&self.key.as_str())
    }

    /// Its column in a table. Where the table has a column of its own by the short name, this one goes by the full
    /// one: so that is tried first.
    pub(crate) fn find(&self, table: &ResultTable) -> Option<ResultColumn> {
        let full = self.full_column.as_ref().unwrap_or(&self.key);
        table.find(full).or_else(|| table.find(&self.column))
    }
}

fn read_manifest(path: &Path) -> Result<DrawnManifest, FolderError> {
    let text = file::read(path, file::MANIFEST_BYTES_MAX).map_err(|source| FolderError::Read {
        path: path.to_owned(),
        source,
    })?;
    serde_json::from_slice(&text).map_err(|error| broken(path, &error))
}

fn broken(path: &Path, error: &serde_json::Error) -> FolderError {
    FolderError::Broken {
        file: path.to_owned(),
        reason: error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    /// 10 000 combinations are halved 14 times, the last one is looked at, and what is found once more.
    #[test]
    fn a_row_is_not_compared_with_every_combination() {
        let all: Vec<[String; 1]> = (0..10_000)
            .map(|i| [(i * 7919 % 10_000).to_string()])
            .collect();
        let values: Vec<&[String]> = all.iter().map(|c| &c[..]).collect();
        let places = Places::of(&values);
        for at in (0..10_000).step_by(97) {
            let compared = Cell::new(0);
            let found = places.find(|c| {
                compared.set(compared.get() + 1);
                all[c].cmp(&all[at])
            });
            assert_eq!(found, Some(at));
            assert!(compared.get() <= 16, "{}", compared.get());
        }
        assert_eq!(places.find(|c| all[c][0].as_str().cmp("x")), None);
    }
}
