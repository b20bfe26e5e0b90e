//! Where the measurement had better begin, marked in pictures over time: only where the warm-up looks too short.

use super::figure::{Point, Series, SeriesShape};
use super::style::{Look, Marker};
use crate::report::folder::{FolderError, ResultFolder};
use crate::report::warm_up;

/// Unlike the lines of faults.
const LOOK: Look = Look {
    color: "#707070",
    dash: &[1.0, 3.0],
    marker: Marker::Circle,
    width: 1.8,
};

/// What stands below such a picture.
pub(super) const NOTE: &str = "What is left of the dotted line does not look like what follows it: MSER-5 suggests to give it to the warm-up.";

/// The second from which on all of these combinations are as they will be; `None` if they are so from the beginning.
pub(super) fn end(folder: &ResultFolder, picked: &[usize]) -> Result<Option<f64>, FolderError> {
    let short = warm_up::too_short(folder)?;
    let drawn = short.iter().filter(|one| picked.contains(&one.combination));
    Ok(drawn.map(|one| one.seconds).max_by(f64::total_cmp))
}

/// A line there, from the bottom of a panel to its top.
pub(super) fn mark(x: f64, (low, high): (f64, f64)) -> Series {
    Series {
        label: "suggested end of the warm-up".to_owned(),
        look: LOOK,
        points: vec![Point::new(x, low), Point::new(x, high)],
        shape: SeriesShape::Plain,
    }
}
