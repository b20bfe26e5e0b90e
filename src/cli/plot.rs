//! `chordsim plot`: draw the pictures again from the CSV files alone.

use std::path::{Path, PathBuf};

use super::args::PlotArgs;
use super::{Exit, Stop, shim};
use crate::output::manifest::Manifest;

pub(super) fn run(args: &PlotArgs) -> Result<Exit, Stop> {
    let manifest = Manifest::expect(&args.results).map_err(Stop::failed)?;
    let plots = args
        .plots
        .clone()
        .unwrap_or_else(|| default_folder(&manifest.plan.name));
    for picture in shim::draw(&args.results, &plots)? {
        eprintln!("{}", picture.display());
    }
    Ok(Exit::Done)
}

/// Where the pictures of a scenario go unless it is said otherwise.
pub(super) fn default_folder(name: &str) -> PathBuf {
    Path::new("plots").join(name)
}
