//! Pictures of a result folder, drawn from its files alone: they can be drawn again at any time,
//! on another machine, without the scenario and without running anything.
//!
//! Which pictures there are follows from what was measured. The tour: `folder` reads the
//! manifest and `aggregate.csv`, `table` any CSV; `choice` decides which combinations get a
//! line; `sweep`, `lookups`, `load` and `over_time` make a `figure` of the data;
//! `canvas` and `marks` draw it, and are the only ones to know the plotting crate. None of
//! them knows the simulation.

mod canvas;
mod cdf;
mod choice;
mod dash;
mod figure;
mod folder;
mod legend;
mod load;
mod lookups;
mod marks;
mod over_time;
mod style;
mod sweep;
mod table;
mod timeline;
mod write;

use std::io;
use std::path::{Path, PathBuf};

use self::folder::Folder;

/// Draws all pictures that a result folder gives, each as SVG and as PNG, into a folder that is
/// made if it does not exist. Returns their paths in the order of drawing.
///
/// Nothing is written unless everything could be drawn; a file appears complete or not at all.
/// The same results give the same bytes.
///
/// # Errors
/// [`PlotError`] names the file and what is wrong with it.
pub fn draw(results_dir: &Path, plots_dir: &Path) -> Result<Vec<PathBuf>, PlotError> {
    let folder = Folder::open(results_dir)?;
    let mut figures = sweep::figures(&folder);
    figures.extend(lookups::figures(&folder)?);
    figures.extend(load::figure(&folder)?);
    figures.extend(over_time::figures(&folder)?);
    let mut files = Vec::new();
    for figure in &figures {
        let drawn = canvas::draw(figure).map_err(|reason| PlotError::Draw {
            name: figure.name.clone(),
            reason,
        })?;
        files.push((format!("{}.svg", figure.name), drawn.svg.into_bytes()));
        files.push((format!("{}.png", figure.name), drawn.png));
    }
    write::all(plots_dir, &files)
}

/// Why pictures could not be drawn.
#[derive(Debug, thiserror::Error)]
pub enum PlotError {
    /// A file that a picture needs is not there.
    #[error(
        "{}: no such file; its column `{column}` is needed to draw. Is this a complete result \
         folder? Otherwise run the scenario again", file.display()
    )]
    Missing {
        /// Where it should be.
        file: PathBuf,
        /// One of the columns that are needed of it.
        column: &'static str,
    },
    /// A file lacks a column.
    #[error(
        "{}: there is no column `{column}`; run the scenario again to have the file written anew",
        file.display()
    )]
    Column {
        /// The file.
        file: PathBuf,
        /// The name of the column.
        column: String,
    },
    /// A cell holds something unexpected.
    #[error(
        "{}, line {line}, column `{column}`: expected {expected}, found `{value}`",
        file.display()
    )]
    Value {
        /// The file.
        file: PathBuf,
        /// Counted from 1, the header included.
        line: u64,
        /// The name of the column.
        column: String,
        /// What the cell holds.
        value: String,
        /// What it should hold.
        expected: &'static str,
    },
    /// A file has a header and nothing else.
    #[error("{}: there are no rows, so nothing can be drawn; was any run finished?", file.display())]
    NoRows {
        /// The file.
        file: PathBuf,
    },
    /// A file is not CSV or JSON, or not of the shape it should have.
    #[error("{}: cannot be understood: {reason}", file.display())]
    Broken {
        /// The file.
        file: PathBuf,
        /// What the parser says.
        reason: String,
    },
    /// A file cannot be read.
    #[error("{}: cannot be read: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A picture cannot be written.
    #[error("{}: cannot be written: {source}", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The plotting crate gave up.
    #[error("the picture `{name}` could not be drawn: {reason}")]
    Draw {
        /// Which picture.
        name: String,
        /// What the crate says.
        reason: String,
    },
}
