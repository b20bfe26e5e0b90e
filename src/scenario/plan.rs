//! From the text of a scenario to the runs it asks for.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::document;
use super::error::{Problem, ScenarioError};
use super::explain::deserialize;
use super::resolve::{self, DataKind, Header, NamedFile, Resolved};
use super::source::{Sources, Span};
use super::sweep::{self, Axis, Combination};
use super::{Overrides, Plan, RunSpec};
use crate::engine::repetition_seed;

/// The most runs of one plan: all of them are laid out in memory.
const MAX_RUNS: u64 = 100_000;

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

fn lay_out(sources: &Sources, path: &Path) -> Result<(Plan, Vec<NamedFile>), Vec<Problem>> {
    let mut base = document::read(sources).map_err(|problem| vec![problem])?;
    let axes = sweep::extract(&mut base)?;
    // Read without the swept values first: what they replace must be right as well.
    let file = deserialize(&base).map_err(|problem| vec![problem])?;
    let header = resolve::header(&file, path)?;
    let combinations = combinations(&axes, &header, &file.repeat)?;
    let mut plan = empty_plan(header, &axes);
    let mut files = Vec::new();
    for index in 0..combinations {
        let combination =
            sweep::combination(&base, &axes, index.into()).map_err(|problem| vec![problem])?;
        let resolved = resolve_one(&combination, sources, path)?;
        add_runs(&mut plan, index, &combination, &resolved);
        files.extend(resolved.file);
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

/// Every file once, in the order in which runs first need them.
fn data_files(named: Vec<NamedFile>, sources: &Arc<Sources>) -> Vec<DataFile> {
    let mut files: Vec<DataFile> = Vec::new();
    for NamedFile { path, kind, span } in named {
        if files
            .iter()
            .all(|file| (&file.path, file.kind) != (&path, kind))
        {
            files.push(DataFile {
                path,
                kind,
                named_at: span,
                sources: Arc::clone(sources),
            });
        }
    }
    files
}
