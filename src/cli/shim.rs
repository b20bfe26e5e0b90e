//! Where the parts that come from elsewhere are called: parsing, data files, drawing.

#![allow(
    dead_code,
    clippy::unnecessary_wraps,
    reason = "the real ones use and return more"
)]

use std::path::{Path, PathBuf};

use super::Stop;
use crate::network::Assets;
use crate::scenario::Plan;

/// What the command line puts on top of a scenario.
#[derive(Default)]
pub(super) struct Overrides {
    pub seed: Option<u64>,
    pub repeat: Option<u32>,
    pub set: Vec<String>,
}

#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("this build can neither read scenarios nor draw")]
struct Unavailable;

pub(super) fn parse(_text: &str, _path: &Path, _overrides: &Overrides) -> Result<Plan, Stop> {
    Err(Stop::usage(Unavailable))
}

pub(super) fn load(
    _assets: &mut Assets,
    _plan: &Plan,
    _read: &mut dyn FnMut(&Path) -> std::io::Result<String>,
) -> Result<(), Stop> {
    Ok(())
}

pub(super) fn draw(_results: &Path, _plots: &Path) -> Result<Vec<PathBuf>, Stop> {
    Err(Stop::failed(Unavailable))
}
