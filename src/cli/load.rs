//! Reading scenarios and the data files they refer to.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use miette::Diagnostic;

use super::args::ChangeArgs;
use super::{Stop, shim};
use crate::network::Assets;
use crate::output::manifest::{Input, OverridesRecord};
use crate::output::sha256_hex;
use crate::scenario::Plan;

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
    pub overrides: OverridesRecord,
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
        io::ErrorKind::InvalidData => "a scenario is TOML in UTF-8; this file is not text",
        _ => "the scenario file has to be readable",
    }
}

/// Reads a scenario and the data files it refers to.
pub(super) fn load(file: &Path, change: &ChangeArgs) -> Result<Loaded, Stop> {
    let text = fs::read_to_string(file).map_err(|source| {
        Stop::usage(Unreadable {
            path: file.to_owned(),
            source,
        })
    })?;
    let overrides = shim::Overrides {
        seed: change.seed,
        repeat: change.repeat,
        set: change.set.clone(),
    };
    let plan = shim::parse(&text, file, &overrides)?;
    let (mut assets, mut inputs) = (Assets::default(), BTreeMap::new());
    shim::load(&mut assets, &plan, &mut |path| {
        let text = fs::read_to_string(path)?;
        inputs.insert(path.display().to_string(), sha256_hex(text.as_bytes()));
        Ok(text)
    })?;
    let inputs = inputs
        .into_iter()
        .map(|(path, sha256)| Input { path, sha256 });
    Ok(Loaded {
        file: file.to_owned(),
        text,
        plan,
        assets,
        inputs: inputs.collect(),
        overrides: OverridesRecord {
            seed: change.seed,
            repeat: change.repeat,
            set: change.set.clone(),
        },
    })
}
