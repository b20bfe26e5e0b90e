//! Pictures of a result folder, drawn from its files alone: they can be drawn again at any time,
//! on another machine, without the scenario and without running anything.
//!
//! Which pictures there are follows from what was measured. The tour: `folder` reads the
//! manifest and `aggregate.csv`, `table` any CSV; `choice` decides which combinations get a
//! line; `sweep`, `lookups`, `load` and `over_time` make a `figure` of the data;
//! `canvas` and `marks` draw it, and are the only ones to know the plotting crate. None of
//! them knows the simulation.

mod against;
mod alike;
mod canvas;
mod cdf;
mod choice;
mod chosen;
mod combination;
mod dash;
mod error;
mod figure;
mod folder;
mod hops;
mod legend;
mod load;
mod lookups;
mod marks;
mod over_time;
mod scale;
mod style;
mod sweep;
mod swept_axis;
mod table;
mod ticks;
mod timeline;
mod write;

use std::path::{Path, PathBuf};

pub use self::error::PlotError;
use self::folder::ResultFolder;

/// Draws all pictures that a result folder gives, each as SVG and as PNG, into a folder that is
/// made if it does not exist. Returns their paths in the order of drawing.
///
/// Nothing is written unless everything could be drawn; a file appears complete or not at all.
/// The same results give the same bytes.
///
/// # Errors
/// [`PlotError`] names the file and what is wrong with it.
pub fn draw(results_dir: &Path, plots_dir: &Path) -> Result<Vec<PathBuf>, PlotError> {
    let folder = ResultFolder::open(results_dir)?;
    let mut figures = sweep::figures(&folder);
    figures.extend(lookups::figures(&folder)?);
    figures.extend(load::figure(&folder)?);
    figures.extend(over_time::figures(&folder)?);
    let chosen = chosen::figures(&folder)?;
    // A picture that the scenario asks for takes the place of the one of its name.
    figures.retain(|figure| chosen.iter().all(|other| other.name != figure.name));
    figures.extend(chosen);
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
