//! Pictures of a result folder, drawn from its files alone: they can be drawn again at any time,
//! on another machine, without the scenario and without running anything.
//!
//! Which pictures there are follows from what was measured, and from what the scenario asked for. The tour: [`folder`](crate::report::folder)
//! has the manifest, the combinations and any CSV; `choice` decides which
//! combinations get a line, `swept_axis` where they lie; `sweep`, `selfish`, `threshold` and `against`, `lookups` and `hops`, `load`, `keys`,
//! `hop_latency`, `links`, `over_time`, `values`, `turning` and `chosen` make a `figure` of the data; `canvas`, `marks`, `scale` and `pdf` draw it, and are the
//! only ones to know the plotting crate, besides those of `ring` and `sequence`, the pictures of a ring at rest and of one
//! request. `data` hands figures to a page that draws them itself. None of them knows the
//! simulation.

mod against;
mod alike;
mod canvas;
mod cdf;
mod choice;
mod chosen;
mod dash;
pub(crate) mod data;
mod error;
mod figure;
mod helvetica;
mod hop_latency;
mod hops;
mod keys;
mod layout;
mod legend;
pub(crate) mod links;
mod load;
mod lookups;
mod magnitude;
mod marks;
mod over_time;
mod pdf;
mod resolution;
pub(crate) mod ring;
mod scale;
mod selfish;
pub(crate) mod sequence;
mod shapes;
pub(crate) mod single;
mod spread;
mod style;
mod sweep;
mod swept_axis;
mod threshold;
mod ticks;
mod timeline;
mod turning;
mod values;
mod warm_up;
pub(crate) mod way;

use std::path::{Path, PathBuf};

use kuva::render::render::Scene;

pub use self::error::PlotError;
use self::figure::Figure;
use self::over_time::OverTime;
use crate::report::folder::{FolderError, ResultFolder};
use crate::results::write_all;

/// What may be chosen about all pictures.
#[derive(Clone, Copy, Debug)]
pub struct PlotOptions {
    /// Whether a picture says over its axes what it shows and which scenario it is from. A paper says that in its
    /// own words.
    pub title: bool,
    /// Whether each comes as PNG, too: three quarters of the time go into that.
    pub png: bool,
}

impl Default for PlotOptions {
    fn default() -> Self {
        Self {
            title: true,
            png: true,
        }
    }
}

/// Draws all pictures that a result folder gives, each as SVG, PNG and PDF, into a folder that is
/// made if it does not exist. Returns their paths in the order of drawing.
///
/// Nothing is written unless everything could be drawn; a file appears complete or not at all.
/// The same results give the same bytes.
///
/// # Errors
/// [`PlotError`] names the file and what is wrong with it.
pub fn draw(results_dir: &Path, plots_dir: &Path) -> Result<Vec<PathBuf>, PlotError> {
    draw_with(results_dir, plots_dir, PlotOptions::default())
}

/// As [`draw`], with what may be chosen.
///
/// # Errors
/// As [`draw`].
pub fn draw_with(
    results_dir: &Path,
    plots_dir: &Path,
    options: PlotOptions,
) -> Result<Vec<PathBuf>, PlotError> {
    let pictures = pictures(results_dir, options)?;
    write_all(plots_dir, &pictures).map_err(PlotError::Write)
}

/// The pictures of a result folder as files: their names, and what is in them.
///
/// # Errors
/// As [`draw`].
pub fn pictures(
    results_dir: &Path,
    options: PlotOptions,
) -> Result<Vec<(String, Vec<u8>)>, PlotError> {
    let folder = ResultFolder::open(results_dir)?;
    let Shown { mut figures, maps } = shown(&folder, options.title)?;
    let mut files = Vec::new();
    let mut add = |name: &str, drawn: Result<canvas::Drawn, String>| -> Result<(), PlotError> {
        let drawn = drawn.map_err(|reason| PlotError::Draw {
            name: name.to_owned(),
            reason,
        })?;
        files.push((format!("{name}.svg"), drawn.svg.into_bytes()));
        files.extend(drawn.png.map(|png| (format!("{name}.png"), png)));
        files.push((format!("{name}.pdf"), drawn.pdf));
        Ok(())
    };
    for figure in &mut figures {
        if !options.title {
            figure.title.clear();
            figure.subtitle.clear();
        }
        add(&figure.name, canvas::draw(figure, options.png))?;
    }
    for (name, map) in maps {
        add(&name, canvas::finished(map, options.png))?;
    }
    Ok(files)
}

/// What there is to show of a result.
struct Shown {
    /// Pictures with axes.
    figures: Vec<Figure>,
    /// Maps of the network, by name.
    maps: Vec<(String, Scene)>,
}

fn shown(folder: &ResultFolder, titles: bool) -> Result<Shown, FolderError> {
    let mut figures = sweep::figures(folder);
    figures.extend(selfish::figures(folder));
    figures.extend(threshold::figures(folder)?);
    figures.extend(lookups::figures(folder)?);
    figures.extend(load::figure(folder)?);
    figures.extend(keys::figure(folder)?);
    figures.extend(hop_latency::figure(folder)?);
    let of_links = links::pictures(folder, titles)?;
    figures.extend(of_links.figure);
    if let Some(story) = OverTime::read(folder, None)? {
        figures.extend(story.figures());
        figures.extend(values::figure(&story));
        figures.extend(turning::figure(&story));
    }
    let chosen = chosen::figures(folder)?;
    // A picture that the scenario asks for takes the place of the one of its name.
    figures.retain(|figure| chosen.iter().all(|other| other.name != figure.name));
    figures.extend(chosen);
    let maps = of_links.maps;
    Ok(Shown { figures, maps })
}
