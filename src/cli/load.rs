//! Reading scenarios and the data files they refer to.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use miette::Diagnostic;

use super::args::ChangeArgs;
use super::data_folder;
use super::exit::Stop;
use crate::codes::{Code, Coded};
use crate::inputs::file::{self, Unreadable};
use crate::network::{self, Assets};
use crate::peers::Timetable;
use crate::results::manifest::{Input, OverridesEntry};
use crate::results::sha256_hex;
use crate::scenario::resolved::{ChurnModel, Scenario};
use crate::scenario::{DataFile, Overrides, Plan};

/// A scenario, ready to run.
pub(super) struct Loaded {
    /// The file, as it was named.
    pub file: PathBuf,
    /// Its text.
    pub text: String,
    /// What it asks for.
    pub plan: Plan,
    /// What its networks are built from.
    pub assets: Assets,
    /// The data files that were read.
    pub inputs: Vec<Input>,
    /// What the command line put on top.
    pub overrides: OverridesEntry,
}

#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("cannot read {}", path.display())]
#[diagnostic(help("{}", remedy(path, source)))]
struct NoScenario {
    path: PathBuf,
    source: Unreadable,
}

impl Coded for NoScenario {
    fn kind(&self) -> Code {
        self.source.code()
    }
}

fn remedy(path: &Path, reason: &Unreadable) -> String {
    if path == Path::new("-") {
        return "a scenario is not read from standard input: write it to a file, and name that"
            .into();
    }
    let known = reason.remedy();
    match reason {
        Unreadable::Encoding(error) => format!("a scenario is TOML in UTF-8: {}", error.remedy()),
        Unreadable::Io(error) => match error.kind() {
            io::ErrorKind::NotFound => "check the path; it is taken from the current folder".into(),
            io::ErrorKind::IsADirectory => "give the scenario file, not its folder".into(),
            _ => known.unwrap_or_else(|| "the scenario file has to be readable".into()),
        },
    }
}

/// Reads a scenario and the data files it refers to.
pub(super) fn load(path: &Path, change: &ChangeArgs) -> Result<Loaded, Stop> {
    load_text(path, read_text(path)?, change)
}

/// The text of a scenario.
pub(super) fn read_text(path: &Path) -> Result<String, Stop> {
    file::text(path, file::SCENARIO_BYTES_MAX).map_err(|source| {
        Stop::usage(NoScenario {
            path: path.to_owned(),
            source,
        })
    })
}

/// Reads a scenario whose text is known, and the data files it refers to.
pub(super) fn load_text(file: &Path, text: String, change: &ChangeArgs) -> Result<Loaded, Stop> {
    load_with_events(file, text, change, Vec::new())
}

/// The same, with more events than the file's script has: each as an `[[event]]` in one line.
pub(super) fn load_with_events(
    file: &Path,
    text: String,
    change: &ChangeArgs,
    events: Vec<String>,
) -> Result<Loaded, Stop> {
    let overrides = OverridesEntry {
        seed: change.seed,
        repeat: change.repeat,
        set: change.set.clone(),
    };
    prepare_with(file, text, overrides, events, read)
}

/// Makes a scenario ready whose text is known; `read` gives the text of a data file.
pub(super) fn prepare(
    file: &Path,
    text: String,
    overrides: OverridesEntry,
    read: impl Fn(&DataFile) -> Result<String, Stop>,
) -> Result<Loaded, Stop> {
    prepare_with(file, text, overrides, Vec::new(), read)
}

fn prepare_with(
    file: &Path,
    text: String,
    overrides: OverridesEntry,
    events: Vec<String>,
    read: impl Fn(&DataFile) -> Result<String, Stop>,
) -> Result<Loaded, Stop> {
    let change = Overrides {
        seed: overrides.seed,
        repeat: overrides.repeat,
        set: overrides.set.clone(),
        events,
    };
    let (mut plan, files) = Plan::parse_with_files(&text, file, &change).map_err(Stop::scenario)?;
    let contents = |file: &DataFile| Ok((file.path.clone(), read(file)?));
    let texts: BTreeMap<PathBuf, String> = files.iter().map(contents).collect::<Result<_, _>>()?;
    let input = |(path, text): (&PathBuf, &String)| Input {
        path: path.display().to_string(),
        sha256: sha256_hex(text.as_bytes()),
    };
    let assets = assets(&plan, &texts)?;
    play_traces(&mut plan, &assets, &files)?;
    Ok(Loaded {
        file: file.to_owned(),
        assets,
        inputs: texts.iter().map(input).collect(),
        text,
        plan,
        overrides,
    })
}

/// A scenario that names data files that are nowhere.
pub(super) struct Lacking {
    /// The scenario's name.
    pub name: String,
    /// The files, as it writes them.
    pub files: Vec<PathBuf>,
}

/// The data files that a scenario lacks; `None` if it lacks none, or is not good.
pub(super) fn lacking(file: &Path, text: &str) -> Option<Lacking> {
    let (plan, files) = Plan::parse_with_files(text, file, &Overrides::default()).ok()?;
    let is_nowhere = |file: &DataFile| !data_folder::place(file).exists();
    let nowhere = files.into_iter().filter(is_nowhere);
    let files: Vec<PathBuf> = nowhere.map(|file| file.written).collect();
    let name = plan.name;
    (!files.is_empty()).then_some(Lacking { name, files })
}

/// The contents of a data file.
fn read(data: &DataFile) -> Result<String, Stop> {
    file::text(&data_folder::place(data), data.kind.most_bytes()).map_err(|error| {
        let remedy = error.remedy().unwrap_or_else(|| data_folder::PLACES.into());
        Stop::scenario(data.error(error.code(), &error.to_string(), &remedy))
    })
}

/// What the networks of all runs are built from.
fn assets(plan: &Plan, texts: &BTreeMap<PathBuf, String>) -> Result<Assets, Stop> {
    let mut assets = Assets::default();
    let text_of = |path: &Path| texts.get(path).ok_or(io::ErrorKind::NotFound.into());
    for spec in &plan.runs {
        assets
            .load(&spec.scenario.network.model, text_of)
            .map_err(Stop::usage)?;
        network::announce(&spec.scenario.network, spec.seed, &assets);
        if let Some(file) = &spec.scenario.workload.keys_file {
            assets.load_keys(file, text_of).map_err(Stop::usage)?;
        }
        assets
            .load_churn(&spec.scenario.churn.model, text_of)
            .map_err(Stop::usage)?;
    }
    Ok(assets)
}

/// Lets the runs that play a trace know what it says of them.
fn play_traces(plan: &mut Plan, assets: &Assets, files: &[DataFile]) -> Result<(), Stop> {
    if !plan.has_trace() {
        return Ok(());
    }
    let mut last: Option<(u32, Scenario)> = None;
    for run in &mut plan.runs {
        // Repetitions play the same.
        if let Some((_, told)) = last.as_ref().filter(|(at, _)| *at == run.combination) {
            run.scenario = told.clone();
            continue;
        }
        let ChurnModel::Trace(played) = &run.scenario.churn.model else {
            continue;
        };
        let trace = assets.churn(played).map_err(Stop::usage)?;
        let (table, path) = (Timetable::new(&trace, played), played.file.clone());
        table.tell(&mut run.scenario).map_err(|misfit| {
            let named = files.iter().find(|file| file.path == path);
            let named = named.expect("a file that was read is named");
            Stop::scenario(named.error(misfit.code(), &misfit.to_string(), &misfit.remedy()))
        })?;
        last = Some((run.combination, run.scenario.clone()));
    }
    plan.forget_operations();
    Ok(())
}
