//! The ring as a picture: which nodes' fingers are in it, and in which form it is drawn.

use std::path::Path;

use super::error::RingError;
use super::rank;
use crate::cli::args::RingArgs;
use crate::cli::exit::Stop;
use crate::report::plot::ring::{CHOSEN_MAX, RingPicture, draw};
use crate::report::plot::single::PictureFormat;
use crate::report::ring::{Ring, Route};

/// On rings with more nodes than this nobody's fingers are drawn unless it is said whose.
const FEW: usize = 16;

/// The form that the end of a name stands for.
pub(in crate::cli) fn format(option: &'static str, file: &Path) -> Result<PictureFormat, Stop> {
    let end = file.extension().and_then(|end| end.to_str());
    match end.map(str::to_ascii_lowercase).as_deref() {
        Some("svg") => Ok(PictureFormat::Svg),
        Some("png") => Ok(PictureFormat::Png),
        Some("pdf") => Ok(PictureFormat::Pdf),
        _ => Err(Stop::usage(RingError::NoPicture {
            option,
            path: file.to_owned(),
        })),
    }
}

/// The bytes of the picture.
pub(super) fn drawn(
    args: &RingArgs,
    file: &Path,
    ring: &Ring,
    route: Option<&Route>,
) -> Result<Vec<u8>, Stop> {
    let picture = RingPicture {
        ring,
        chosen: chosen(args, ring)?,
        route,
    };
    let reason = |reason| Stop::failed(RingError::NotDrawn { reason });
    draw(&picture, format("--picture", file)?).map_err(reason)
}

/// The nodes whose fingers are drawn, each once.
fn chosen(args: &RingArgs, ring: &Ring) -> Result<Vec<usize>, Stop> {
    let mut chosen = Vec::new();
    for id in &args.fingers_of {
        let rank = rank(ring, "--fingers-of", *id)?;
        if !chosen.contains(&rank) {
            chosen.push(rank);
        }
    }
    if chosen.len() > CHOSEN_MAX {
        let (chosen, most) = (chosen.len(), CHOSEN_MAX);
        return Err(Stop::usage(RingError::TooMany { chosen, most }));
    }
    if chosen.is_empty() && args.path.is_none() && ring.ids().len() <= FEW {
        chosen.push(0);
    }
    Ok(chosen)
}
