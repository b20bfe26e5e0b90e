//! A result folder: what its manifest says was swept, and the combinations of swept values found
//! in `aggregate.csv`.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::PlotError;
use super::table::{Column, Row, Table};

/// A result folder, its manifest and aggregate read.
pub(super) struct Folder {
    dir: PathBuf,
    /// The scenario's heading for people; its name if it has none.
    pub title: String,
    /// The swept keys, in order.
    pub swept: Vec<Swept>,
    /// Every combination of swept values, in the order of `aggregate.csv`; at least one.
    pub combinations: Vec<Combination>,
    written: Written,
}

/// One swept key.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Swept {
    /// In full, such as `overlay.nodes`.
    pub key: String,
    /// What its column is called unless that would clash.
    pub column: String,
}

/// One combination of swept values, with its means over the repetitions.
#[derive(Clone, Debug)]
pub(super) struct Combination {
    /// As they are written, one for each swept key.
    pub values: Vec<String>,
    /// Repetitions.
    pub runs: u64,
    /// Share of lookups that were answered rightly.
    pub success: Estimate,
    /// Hops of a lookup.
    pub hops: Estimate,
}

/// A mean over repetitions; `None` where there is none.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Estimate {
    /// The mean.
    pub mean: Option<f64>,
    /// Half the width of its 95 % confidence interval.
    pub ci95: Option<f64>,
}

#[derive(Deserialize)]
struct Manifest {
    plan: Plan,
}

#[derive(Deserialize)]
struct Plan {
    name: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    swept: Vec<Swept>,
    #[serde(default)]
    output: Written,
}

/// Which tables the scenario had written.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Written {
    nodes: bool,
    timeline: bool,
}

impl Folder {
    /// Reads `manifest.json` and `aggregate.csv`.
    pub fn open(dir: &Path) -> Result<Self, PlotError> {
        let Plan {
            name,
            title,
            swept,
            output,
        } = manifest(&dir.join("manifest.json"))?.plan;
        let path = dir.join("aggregate.csv");
        let table = Table::open(path.clone())?.ok_or(PlotError::Missing {
            file: path.clone(),
            column: "runs",
        })?;
        let combinations = aggregate(table, &swept)?;
        if combinations.is_empty() {
            return Err(PlotError::NoRows { file: path });
        }
        Ok(Self {
            dir: dir.to_owned(),
            title: if title.is_empty() { name } else { title },
            swept,
            combinations,
            written: output,
        })
    }

    /// `lookups.csv`, if it is there: it is the largest file by far, and people remove it.
    pub fn lookups(&self) -> Result<Option<Table>, PlotError> {
        Table::open(self.dir.join("lookups.csv"))
    }

    /// `nodes.csv`, unless the scenario left it out.
    pub fn nodes(&self) -> Result<Option<Table>, PlotError> {
        self.expected("nodes.csv", "messages_in", self.written.nodes)
    }

    /// `timeline.csv`, unless the scenario left it out.
    pub fn timeline(&self) -> Result<Option<Table>, PlotError> {
        self.expected("timeline.csv", "time_s", self.written.timeline)
    }

    fn expected(
        &self,
        file: &str,
        column: &'static str,
        written: bool,
    ) -> Result<Option<Table>, PlotError> {
        let file = self.dir.join(file);
        let table = Table::open(file.clone())?;
        if table.is_none() && written {
            return Err(PlotError::Missing { file, column });
        }
        Ok(table)
    }

    /// How to tell which combination a row of a table belongs to.
    pub fn finder(&self, table: &Table) -> Result<Finder<'_>, PlotError> {
        Ok(Finder {
            columns: swept_columns(table, &self.swept)?,
            combinations: &self.combinations,
            last: 0,
        })
    }
}

/// Tells which combination of swept values a row belongs to.
pub(super) struct Finder<'a> {
    columns: Vec<Column>,
    combinations: &'a [Combination],
    /// Rows of one run stand together: most often it is the same as before.
    last: usize,
}

impl Finder<'_> {
    /// The position of the row's combination in [`Folder::combinations`].
    pub fn find(&mut self, row: &Row<'_>) -> Result<usize, PlotError> {
        if !self.matches(row, self.last) {
            let all = 0..self.combinations.len();
            let found = all.into_iter().find(|c| self.matches(row, *c));
            self.last = found.ok_or_else(|| {
                // Without swept keys everything matches, so there is a first column.
                let unknown = "a combination of values that is in aggregate.csv";
                row.unexpected(&self.columns[0], unknown)
            })?;
        }
        Ok(self.last)
    }

    fn matches(&self, row: &Row<'_>, combination: usize) -> bool {
        let values = &self.combinations[combination].values;
        let mut pairs = self.columns.iter().zip(values);
        pairs.all(|(column, value)| row.bytes(column) == value.as_bytes())
    }
}

/// The swept columns of a table. Where the table has a column of its own by the short name, the
/// swept one goes by the full key: so that is tried first.
fn swept_columns(table: &Table, swept: &[Swept]) -> Result<Vec<Column>, PlotError> {
    let of = |s: &Swept| {
        table
            .find(&s.key)
            .map_or_else(|| table.column(&s.column), Ok)
    };
    swept.iter().map(of).collect()
}

fn manifest(path: &Path) -> Result<Manifest, PlotError> {
    let text = std::fs::read(path).map_err(|source| PlotError::Read {
        path: path.to_owned(),
        source,
    })?;
    serde_json::from_slice(&text).map_err(|error| PlotError::Broken {
        file: path.to_owned(),
        reason: error.to_string(),
    })
}

fn aggregate(table: Table, swept: &[Swept]) -> Result<Vec<Combination>, PlotError> {
    let columns = swept_columns(&table, swept)?;
    let runs = table.column("runs")?;
    let success = estimate(&table, "success_rate")?;
    let hops = estimate(&table, "hops_mean")?;
    let mut combinations = Vec::new();
    table.each(|row| {
        let text = |c| row.text(c).map(str::to_owned);
        combinations.push(Combination {
            values: columns.iter().map(text).collect::<Result<_, _>>()?,
            runs: row.count(&runs)?.unwrap_or(0),
            success: read(row, &success)?,
            hops: read(row, &hops)?,
        });
        Ok(())
    })?;
    Ok(combinations)
}

fn estimate(table: &Table, metric: &str) -> Result<[Column; 2], PlotError> {
    Ok([
        table.column(&format!("{metric}_mean"))?,
        table.column(&format!("{metric}_ci95"))?,
    ])
}

fn read(row: &Row<'_>, [mean, ci95]: &[Column; 2]) -> Result<Estimate, PlotError> {
    Ok(Estimate {
        mean: row.number(mean)?,
        ci95: row.number(ci95)?,
    })
}
