//! Reading scenarios and the data files they refer to.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use miette::Diagnostic;

use super::args::ChangeArgs;
use super::exit::Stop;
use crate::inputs::encoding::{self, EncodingError};
use crate::network::Assets;
use crate::results::manifest::{Input, OverridesEntry};
use crate::results::sha256_hex;
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
#[diagnostic(help("{}", remedy(source)))]
struct Unreadable {
    path: PathBuf,
    source: io::Error,
}

fn remedy(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::NotFound => "check the path; it is taken from the current folder",
        io::ErrorKind::IsADirectory => "give the scenario file, not its folder",
        _ => "the scenario file has to be readable",
    }
}

#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("cannot read {}: {source}", path.display())]
#[diagnostic(help("a scenario is TOML in UTF-8: {}", source.remedy()))]
struct NotText {
    path: PathBuf,
    source: EncodingError,
}

/// Reads a scenario and the data files it refers to.
pub(super) fn load(file: &Path, change: &ChangeArgs) -> Result<Loaded, Stop> {
    let path = || file.to_owned();
    let unreadable = |source| {
        Stop::usage(Unreadable {
            path: path(),
            source,
        })
    };
    let not_text = |source| {
        Stop::usage(NotText {
            path: path(),
            source,
        })
    };
    let bytes = fs::read(file).map_err(unreadable)?;
    let text = encoding::text(bytes).map_err(not_text)?;
    load_text(file, text, change)
}

/// Reads a scenario whose text is known, and the data files it refers to.
pub(super) fn load_text(file: &Path, text: String, change: &ChangeArgs) -> Result<Loaded, Stop> {
    let overrides = OverridesEntry {
        seed: change.seed,
        repeat: change.repeat,
        set: change.set.clone(),
    };
    prepare(file, text, overrides, read)
}

/// Makes a scenario ready whose text is known; `read` gives the text of a data file.
pub(super) fn prepare(
    file: &Path,
    text: String,
    overrides: OverridesEntry,
    read: impl Fn(&DataFile) -> Result<String, Stop>,
) -> Result<Loaded, Stop> {
    let change = Overrides {
        seed: overrides.seed,
        repeat: overrides.repeat,
        set: overrides.set.clone(),
    };
    let (plan, files) = Plan::parse_with_files(&text, file, &change).map_err(Stop::scenario)?;
    let contents = |file: &DataFile| Ok((file.path.clone(), read(file)?));
    let texts: BTreeMap<PathBuf, String> = files.iter().map(contents).collect::<Result<_, _>>()?;
    let input = |(path, text): (&PathBuf, &String)| Input {
        path: path.display().to_string(),
        sha256: sha256_hex(text.as_bytes()),
    };
    Ok(Loaded {
        file: file.to_owned(),
        assets: assets(&plan, &texts)?,
        inputs: texts.iter().map(input).collect(),
        text,
        plan,
        overrides,
    })
}

/// The contents of a data file.
fn read(file: &DataFile) -> Result<String, Stop> {
    let bytes = fs::read(&file.path).map_err(|error| {
        Stop::scenario(file.error(
            &error.to_string(),
            "put the file there, or name another; a path is taken from the scenario's own folder",
        ))
    })?;
    let not_text = |error: EncodingError| file.error(&error.to_string(), &error.remedy());
    encoding::text(bytes).map_err(|error| Stop::scenario(not_text(error)))
}

/// What the networks of all runs are built from.
fn assets(plan: &Plan, texts: &BTreeMap<PathBuf, String>) -> Result<Assets, Stop> {
    let mut assets = Assets::default();
    let text_of = |path: &Path| {
        texts
            .get(path)
            .cloned()
            .ok_or(io::ErrorKind::NotFound.into())
    };
    for spec in &plan.runs {
        assets
            .load(&spec.scenario.network.model, text_of)
            .map_err(Stop::usage)?;
    }
    Ok(assets)
}
