//! `chordsim plot`: draw the pictures again from the CSV files alone.

use std::error::Error;
use std::path::{Path, PathBuf};

use miette::Diagnostic;

use super::args::PlotArgs;
use super::exit::{Exit, Stop};
use super::output;
use crate::codes::{Code, Coded};
use crate::report::folder::FolderError;
use crate::report::plot::{self, PlotError, PlotOptions};
use crate::results::{Reading, ResultsError, write_all};

pub(super) fn run(args: &PlotArgs) -> Result<Exit, Stop> {
    let (_, manifest) = Reading::begin(&args.results).map_err(Stop::failed)?;
    let plots = args
        .plots
        .clone()
        .unwrap_or_else(|| default_folder(&manifest.plan.name));
    for picture in draw(&args.results, &plots, !args.no_title)? {
        output::message(&picture.display().to_string());
    }
    Ok(Exit::Done)
}

#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("cannot draw the pictures")]
#[diagnostic(help("{remedy}"))]
pub(super) struct CannotDraw {
    code: Code,
    remedy: String,
    source: Box<dyn Error + Send + Sync>,
}

impl Coded for CannotDraw {
    fn kind(&self) -> Code {
        self.code
    }
}

impl From<PlotError> for CannotDraw {
    fn from(error: PlotError) -> Self {
        Self {
            code: error.code(),
            remedy: "`chordsim run` with the scenario of these results does again what is missing or damaged, and draws"
                .to_owned(),
            source: error.into(),
        }
    }
}

impl From<FolderError> for CannotDraw {
    fn from(error: FolderError) -> Self {
        PlotError::from(error).into()
    }
}

impl From<ResultsError> for CannotDraw {
    fn from(error: ResultsError) -> Self {
        let first = error.help().map(|help| format!("{help}; then "));
        let remedy = first.unwrap_or_default() + "`chordsim plot` draws the pictures again";
        Self {
            code: error.kind(),
            remedy,
            source: error.into(),
        }
    }
}

/// Draws the pictures of a result folder, with or without headings; returns their paths.
pub(super) fn draw(results: &Path, plots: &Path, title: bool) -> Result<Vec<PathBuf>, Stop> {
    let attempt = || -> Result<Vec<PathBuf>, CannotDraw> {
        let (reading, _) = Reading::begin(results)?;
        let options = PlotOptions {
            title,
            ..PlotOptions::default()
        };
        let pictures = plot::pictures(results, options);
        // First of all: files of two results make no picture, or a wrong one.
        reading.end()?;
        Ok(write_all(plots, &pictures?)?)
    };
    attempt().map_err(Stop::failed)
}

/// Where the pictures of a scenario go unless it is said otherwise.
pub(super) fn default_folder(name: &str) -> PathBuf {
    Path::new("plots").join(name)
}
