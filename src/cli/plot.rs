//! `chordsim plot`: draw the pictures again from the CSV files alone.

use std::path::{Path, PathBuf};

use super::args::PlotArgs;
use super::exit::{Exit, Stop};
use super::output;
use crate::report::plot::{self, PlotError, PlotOptions};
use crate::results::manifest::Manifest;

pub(super) fn run(args: &PlotArgs) -> Result<Exit, Stop> {
    let manifest = Manifest::expect(&args.results).map_err(Stop::failed)?;
    let plots = args
        .plots
        .clone()
        .unwrap_or_else(|| default_folder(&manifest.plan.name));
    for picture in draw(&args.results, &plots, !args.no_title)? {
        output::message(&picture.display().to_string());
    }
    Ok(Exit::Done)
}

#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("cannot draw the pictures")]
#[diagnostic(help("the results are complete; `chordsim plot` draws them again"))]
struct CannotDraw(#[source] PlotError);

/// Draws the pictures of a result folder, with or without headings; returns their paths.
pub(super) fn draw(results: &Path, plots: &Path, title: bool) -> Result<Vec<PathBuf>, Stop> {
    plot::draw_with(results, plots, PlotOptions { title })
        .map_err(|error| Stop::failed(CannotDraw(error)))
}

/// Where the pictures of a scenario go unless it is said otherwise.
pub(super) fn default_folder(name: &str) -> PathBuf {
    Path::new("plots").join(name)
}
