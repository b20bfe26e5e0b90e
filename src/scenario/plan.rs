//! From the text of a scenario to the runs it asks for.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::document;
use super::error::{Problem, ScenarioError};
use super::explain::deserialize;
use super::resolve::{self, DataKind, Header, NamedFile, Resolved};
use super::resolved::{Ids, LatencyModel, Scenario};
use super::source::{Sources, Span};
use super::sweep::{self, Axis, Combination};
use super::{Overrides, Plan, RunSpec};
use crate::engine::repetition_seed;

/// The most runs of one plan: all of them are laid out in memory.
const MAX_RUNS: u64 = 100_000;

/// The most memory that lists and texts of all runs may take, in bytes: each run has its own, and a file of
/// ten kilobytes could ask for gigabytes of them.
const MAX_BYTES: u64 = 256 << 20;

/// A file of data that runs of a plan read, with the place that names it.
#[derive(Clone, Debug)]
pub struct DataFile {
    /// Where it is, with the scenario's own folder already put in front.
    pub path: PathBuf,
    /// What is in it.
    pub kind: DataKind,
    named_at: Span,
    sources: Arc<Sources>,
}

impl DataFile {
    /// An error that points at the place in the scenario that names this file: for a file that is
    /// missing or unreadable. `reason` is set beside that place.
    #[must_use]
    pub fn error(&self, reason: &str, remedy: &str) -> Box<ScenarioError> {
        let problem = Problem::new(
            self.named_at.clone(),
            format!("cannot use the file {}", self.path.display()),
            reason,
            remedy,
        );
        ScenarioError::gather(vec![problem], &self.sources)
    }
}

/// See [`Plan::parse_with_files`].
pub(super) fn parse(
    text: &str,
    path: &Path,
    overrides: &Overrides,
) -> Result<(Plan, Vec<DataFile>), Box<ScenarioError>> {
    let sources = Arc::new(Sources::new(text, path, overrides));
    match lay_out(&sources, path) {
        Ok((plan, files)) => Ok((plan, data_files(files, &sources))),
        Err(problems) => Err(ScenarioError::gather(problems, &sources)),
    }
}

/// The plan, and every file of data once, in the order in which runs first need them.
fn lay_out(sources: &Sources, path: &Path) -> Result<(Plan, Vec<NamedFile>), Vec<Problem>> {
    let mut base = document::read(sources).map_err(|problem| vec![problem])?;
    let axes = sweep::extract(&mut base)?;
    // Read without the swept values first: what they replace must be right as well.
    let file = deserialize(&base).map_err(|problem| vec![problem])?;
    let header = resolve::header(&file, path)?;
    let combinations = combinations(&axes, &header, &file.repeat)?;
    let mut plan = empty_plan(header, &axes);
    let (mut files, mut seen, mut bytes) = (Vec::new(), BTreeSet::new(), 0);
    for index in 0..combinations {
        let combination =
            sweep::combination(&base, &axes, index.into()).map_err(|problem| vec![problem])?;
        let resolved = resolve_one(&combination, sources, path)?;
        bytes += size(&combination, &resolved.scenario) * u64::from(plan.repeat);
        if bytes > MAX_BYTES {
            return Err(vec![too_large(&axes, &file.repeat)]);
        }
        add_runs(&mut plan, index, &combination, &resolved);
        let named = resolved.file.into_iter();
        files.extend(named.filter(|file| seen.insert((file.path.clone(), file.kind))));
    }
    let changed = !sources.settings().is_empty();
    plan.expectations = resolve::expectations(&file, base.get_ref(), &plan, changed)?;
    Ok((plan, files))
}

/// How many combinations there are, if the runs are not too many.
fn combinations<T>(
    axes: &[Axis<'_>],
    header: &Header,
    repeat: &super::schema::Opt<T>,
) -> Result<u32, Vec<Problem>> {
    let combinations = sweep::count(axes).unwrap_or(u64::MAX);
    let runs = combinations.saturating_mul(header.repeat.into());
    if runs <= MAX_RUNS {
        return Ok(combinations as u32);
    }
    let span = if combinations > MAX_RUNS {
        sweep::place(axes)
    } else {
        resolve::place(repeat)
    };
    Err(vec![Problem::new(
        span.or_else(|| sweep::place(axes)).unwrap_or(0..0),
        format!("more than {MAX_RUNS} runs"),
        format!(
            "{combinations} combinations, {} repetitions of each",
            header.repeat
        ),
        "sweep fewer values or lower `repeat`, and use several scenarios",
    )])
}

/// How many bytes of lists and texts a run of this combination has.
fn size(combination: &Combination<'_>, scenario: &Scenario) -> u64 {
    let texts: usize = combination.texts.iter().map(String::len).sum();
    let ids = match &scenario.overlay.ids {
        Ids::List(list) => size_of_val(list.as_slice()),
        Ids::Hashed | Ids::Even => 0,
    };
    let file = match &scenario.network.model {
        LatencyModel::Graph { file } | LatencyModel::Matrix { file, .. } => file.as_os_str().len(),
        _ => 0,
    };
    (texts + ids + file + size_of_val(scenario.faults.as_slice())) as u64
}

fn too_large<T>(axes: &[Axis<'_>], repeat: &super::schema::Opt<T>) -> Problem {
    Problem::new(
        sweep::place(axes)
            .or_else(|| resolve::place(repeat))
            .unwrap_or(0..0),
        "the plan is too large",
        format!(
            "the lists and texts of its runs would fill more than {} MiB",
            MAX_BYTES >> 20
        ),
        "shorten the list of ids or faults, sweep fewer values or lower `repeat`",
    )
}

fn empty_plan(header: Header, axes: &[Axis<'_>]) -> Plan {
    Plan {
        name: header.name,
        title: header.title,
        seed: header.seed,
        repeat: header.repeat,
        swept: sweep::swept_keys(axes),
        output: header.output,
        runs: Vec::new(),
        expectations: Vec::new(),
    }
}

fn resolve_one(
    combination: &Combination<'_>,
    sources: &Sources,
    path: &Path,
) -> Result<Resolved, Vec<Problem>> {
    let file = deserialize(&combination.document).map_err(|problem| vec![problem])?;
    let within = |outer: &Span, inner: &Span| outer.start <= inner.start && inner.end <= outer.end;
    let blame = |span: &Span| {
        if combination.spans.iter().any(|swept| within(swept, span)) {
            2
        } else {
            u8::from(sources.is_option(span))
        }
    };
    let folder = path.parent().unwrap_or(Path::new(""));
    resolve::scenario(&file, folder, &blame)
}

fn add_runs(plan: &mut Plan, index: u32, combination: &Combination<'_>, resolved: &Resolved) {
    for repetition in 0..plan.repeat {
        plan.runs.push(RunSpec {
            run: plan.runs.len() as u32,
            swept: combination.texts.clone(),
            combination: index,
            repetition,
            seed: repetition_seed(plan.seed, repetition),
            scenario: resolved.scenario.clone(),
        });
    }
}

fn data_files(named: Vec<NamedFile>, sources: &Arc<Sources>) -> Vec<DataFile> {
    let file = |NamedFile { path, kind, span }| DataFile {
        path,
        kind,
        named_at: span,
        sources: Arc::clone(sources),
    };
    named.into_iter().map(file).collect()
}
