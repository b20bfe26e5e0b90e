//! From the text of a scenario to the runs it asks for.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use super::data::{DataFile, NamedFile};
use super::document::{self, Document};
use super::error::{Problem, ScenarioError};
use super::plan::{Plan, RunSpec};
use super::reader::Reader;
use super::resolve::{self, Header, Resolved, threshold, until};
use super::resolved::{
    self, ChurnModel, Ids, LatencyModel, RegionTable, Scenario, ScriptEvent, ScriptKind,
};
use super::source::{Overrides, Sources, Span};
use super::sweep::{self, Axis, Combination};
use crate::codes;
use crate::engine::repetition_seed;

/// The most runs of one plan: all of them are laid out in memory.
const MAX_RUNS: u64 = 100_000;

/// The most memory that lists and texts of all runs may take, in bytes: each run has its own, and a file of
/// ten kilobytes could ask for gigabytes of them.
const MAX_BYTES: u64 = 256 << 20;

impl Plan {
    /// Reads a scenario.
    ///
    /// `path` is used in messages, to name a scenario that has no `name`, and as the place
    /// relative to which data files are looked for; nothing is read from it.
    ///
    /// # Errors
    /// [`ScenarioError`] says what is wrong, where, and what to do.
    pub fn parse(
        text: &str,
        path: &Path,
        overrides: &Overrides,
    ) -> Result<Self, Box<ScenarioError>> {
        Self::parse_with_files(text, path, overrides).map(|(plan, _)| plan)
    }

    /// Like [`Plan::parse`], with the files of data its runs will read: each once, in the order in
    /// which they are first needed.
    ///
    /// # Errors
    /// As [`Plan::parse`].
    pub fn parse_with_files(
        text: &str,
        path: &Path,
        overrides: &Overrides,
    ) -> Result<(Self, Vec<DataFile>), Box<ScenarioError>> {
        let sources = Arc::new(Sources::new(text, path, overrides));
        match lay_out(&sources, path) {
            Ok((plan, files)) => {
                let file = |file| DataFile::new(file, &sources);
                Ok((plan, files.into_iter().map(file).collect()))
            }
            Err(problems) => Err(ScenarioError::gather(problems, &sources)),
        }
    }
}

/// The plan, and every file of data once, in the order in which runs first need them.
fn lay_out(sources: &Sources, path: &Path) -> Result<(Plan, Vec<NamedFile>), Vec<Problem>> {
    let mut base = document::read(sources).map_err(|problem| vec![problem])?;
    let axes = sweep::extract(&mut base)?;
    let blame = |span: &Span| u8::from(sources.is_option(span));
    let mut reader = Reader::new(base.get_ref(), &blame);
    let is_searched = threshold::is_asked_for(&reader, |span| sources.is_option(span));
    let header = read_base(&mut reader, path, !axes.is_empty() || is_searched)?;
    let search = is_searched.then(|| threshold::search(&mut reader, &axes));
    let search = search.flatten();
    if is_searched && header.until.is_some() {
        until::refuse_with_threshold(&mut reader);
    }
    if !reader.problems.is_empty() {
        return Err(reader.problems.all());
    }
    // What is looked for is swept like any other key, and varies fastest.
    let searched = search.iter().map(threshold::Search::axis);
    let axes: Vec<Axis<'_>> = axes.into_iter().chain(searched).collect();
    let repeat = reader.place("repeat");
    let combinations = combinations(&axes, &header, repeat.clone(), search.is_some())?;
    let rule = header.until.clone();
    let mut plan = empty_plan(header, &axes);
    let (mut files, mut seen, mut bytes) = (Vec::new(), BTreeSet::new(), 0);
    let simulated = simulated(&base, &axes);
    for index in 0..combinations {
        let combination =
            sweep::combination(&simulated, &axes, index.into()).map_err(|problem| vec![problem])?;
        let resolved = resolve_one(&combination, sources, path)?;
        bytes += size(&combination, &resolved.scenario) * u64::from(plan.repeat);
        if bytes > MAX_BYTES {
            return Err(vec![too_large(&axes, repeat)]);
        }
        add_runs(&mut plan, index, &combination, &resolved);
        let named = resolved.files.into_iter();
        files.extend(named.filter(|file| seen.insert((file.path.clone(), file.kind))));
    }
    if !plan.has_trace() {
        plan.forget_operations();
    }
    plan.threshold = search
        .as_ref()
        .and_then(|search| search.threshold(&mut reader, &plan));
    plan.until = rule.and_then(|rule| rule.until(&mut reader, &plan));
    if !reader.problems.is_empty() {
        return Err(reader.problems.all());
    }
    let changed = !sources.settings().is_empty();
    let counts: Vec<u32> = axes.iter().map(|axis| axis.values.len() as u32).collect();
    let (expectations, plots) = resolve::afterwards(reader, &plan, &counts, changed)?;
    (plan.expectations, plan.plots) = (expectations, plots);
    Ok((plan, files))
}

/// Reads the document without the swept values. What these replace must be of the right type as
/// well; whether the rest is allowed and fits is asked of each combination.
fn read_base(reader: &mut Reader<'_>, path: &Path, is_swept: bool) -> Result<Header, Vec<Problem>> {
    // Expectations and pictures are read once more when the runs are laid out, and asked for the rest then.
    resolve::read_expectations(reader);
    resolve::read_plots(reader);
    reader.problems.replaceable.clear();
    let top = reader.read();
    resolve::read_parts(reader, &top, folder(path));
    if is_swept {
        reader.problems.replaceable.clear();
    }
    let header = resolve::header(reader, top, path);
    if reader.problems.is_empty() {
        Ok(header)
    } else {
        Err(std::mem::take(&mut reader.problems).all())
    }
}

/// How many combinations there are, if the runs are not too many.
fn combinations(
    axes: &[Axis<'_>],
    header: &Header,
    repeat: Option<Span>,
    is_searched: bool,
) -> Result<u32, Vec<Problem>> {
    let combinations = sweep::count(axes).unwrap_or(u64::MAX);
    let runs = combinations.saturating_mul(header.repeat.into());
    if runs <= MAX_RUNS {
        return Ok(combinations as u32);
    }
    let span = if combinations > MAX_RUNS {
        sweep::place(axes)
    } else {
        repeat
    };
    let (counted, remedy) = if is_searched {
        (
            ", with each value that the search may try",
            "raise `threshold.within`, ",
        )
    } else {
        ("", "")
    };
    let (up_to, repeat) = match header.until {
        Some(_) => ("up to ", "repeat_max"),
        None => ("", "repeat"),
    };
    Err(vec![Problem::new(
        codes::PLAN_TOO_LARGE,
        span.or_else(|| sweep::place(axes)).unwrap_or(0..0),
        format!("more than {MAX_RUNS} runs"),
        format!(
            "{combinations} combinations{counted}, {up_to}{} repetitions of each",
            header.repeat
        ),
        format!("{remedy}sweep fewer values or lower `{repeat}`, and use several scenarios"),
    )])
}

/// How many bytes of lists and texts a run of this combination has.
fn size(combination: &Combination<'_, '_>, scenario: &Scenario) -> u64 {
    let texts: usize = combination.texts.iter().map(String::len).sum();
    let ids = match &scenario.overlay.ids {
        Ids::List(list) => size_of_val(list.as_slice()),
        Ids::Hashed | Ids::Even | Ids::Region => 0,
    };
    let file = match &scenario.network.model {
        LatencyModel::Graph { file, .. }
        | LatencyModel::Matrix(resolved::Matrix { file, .. })
        | LatencyModel::Regions {
            table: RegionTable::File(file),
            ..
        } => file.as_os_str().len(),
        _ => 0,
    };
    let keys = scenario.workload.keys_file.as_ref();
    let file = file + keys.map_or(0, |file| file.as_os_str().len());
    let trace = match &scenario.churn.model {
        ChurnModel::Trace(played) => size_of_val(&**played) + played.file.as_os_str().len(),
        _ => 0,
    };
    let file = file + trace;
    let lists = size_of_val(scenario.faults.as_slice()) + size_of_val(scenario.events.as_slice());
    let values: usize = scenario.events.iter().map(bytes_of_texts).sum();
    (texts + ids + file + lists + values) as u64
}

/// The bytes of the texts that an event holds.
fn bytes_of_texts(event: &ScriptEvent) -> usize {
    let label = event.kind.key().and_then(|key| key.label.as_ref());
    let value = match &event.kind {
        ScriptKind::Put { value, .. } => value.len(),
        _ => 0,
    };
    label.map_or(0, String::len) + value
}

fn too_large(axes: &[Axis<'_>], repeat: Option<Span>) -> Problem {
    Problem::new(
        codes::PLAN_TOO_LARGE,
        sweep::place(axes).or(repeat).unwrap_or(0..0),
        "the plan is too large",
        format!(
            "the lists and texts of its runs would fill more than {} MiB",
            MAX_BYTES >> 20
        ),
        "shorten the list of ids, faults or events, sweep fewer values or lower `repeat`",
    )
}

fn empty_plan(header: Header, axes: &[Axis<'_>]) -> Plan {
    Plan {
        name: header.name,
        title: header.title,
        seed: header.seed,
        repeat: header.repeat,
        until: None,
        swept: sweep::swept_keys(axes),
        output: header.output,
        runs: Vec::new(),
        expectations: Vec::new(),
        plots: Vec::new(),
        threshold: None,
    }
}

/// The scenario without what is said of its results: where something is swept it is copied for each combination, and
/// there may be tens of thousands of expectations and pictures.
pub(super) fn simulated<'b, 'a>(
    base: &'b Document<'a>,
    axes: &[Axis<'a>],
) -> Cow<'b, Document<'a>> {
    let mut simulated = Cow::Borrowed(base);
    if !axes.is_empty() {
        let table = simulated.to_mut().get_mut();
        for key in ["expect", "plot", "threshold"] {
            table.remove(key);
        }
    }
    simulated
}

fn resolve_one(
    combination: &Combination<'_, '_>,
    sources: &Sources,
    path: &Path,
) -> Result<Resolved, Vec<Problem>> {
    let within = |outer: &Span, inner: &Span| outer.start <= inner.start && inner.end <= outer.end;
    let blame = |span: &Span| {
        if combination.spans.iter().any(|swept| within(swept, span)) {
            2
        } else {
            u8::from(sources.is_option(span))
        }
    };
    let reader = Reader::new(combination.document.get_ref(), &blame);
    resolve::scenario(reader, folder(path))
}

/// Where data files are looked for.
fn folder(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new(""))
}

fn add_runs(plan: &mut Plan, index: u32, combination: &Combination<'_, '_>, resolved: &Resolved) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::source::Overrides;

    /// What is copied for each combination has nothing of what is said of results.
    #[test]
    fn expectations_are_not_copied_for_each_combination() {
        let expect = "[[expect]]\nquantity = \"failed\"\nat_most = 0\nkind = \"exact\"\n[[plot]]\n";
        let sweep = "[sweep]\n\"overlay.nodes\" = [8, 16]\n";
        for (text, is_kept) in [
            (expect.to_owned(), true),
            (format!("{expect}{sweep}"), false),
        ] {
            let sources = Sources::new(&text, Path::new("a.toml"), &Overrides::default());
            let mut base = document::read(&sources).ok().unwrap();
            let axes = sweep::extract(&mut base).ok().unwrap();
            let simulated = simulated(&base, &axes);
            for key in ["expect", "plot"] {
                assert!(base.get_ref().contains_key(key));
                assert_eq!(simulated.get_ref().contains_key(key), is_kept);
            }
        }
    }
}
