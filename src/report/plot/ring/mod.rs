//! The drawing on the blackboard: a ring with its nodes in their places, the fingers of some, and the way of a lookup.
//!
//! `circle` is the geometry, `labels` finds room for what is written, `captions` and `legend` say what stands below,
//! and `sheet` draws all of it.

mod captions;
mod circle;
mod labels;
mod legend;
mod sheet;

use std::f64::consts::TAU;

use super::single::{self, PictureFormat};
use super::style::{LOOKS, Look};
use crate::report::ring::{Ring, Route};

/// The most nodes whose fingers can be told apart: the look of the lookup is taken.
pub(crate) const CHOSEN_MAX: usize = LOOKS.len() - 1;
/// The place among the looks of the way of a lookup.
const WAY: usize = 1;

/// What is drawn.
pub(crate) struct RingPicture<'a> {
    pub ring: &'a Ring,
    /// The ranks of the nodes whose fingers are drawn, at most [`CHOSEN_MAX`].
    pub chosen: Vec<usize>,
    /// The way of a lookup, if there is to be one.
    pub route: Option<&'a Route>,
}

/// The file of a picture. The same ring gives the same bytes.
///
/// # Errors
/// A message, if the PNG cannot be encoded.
pub(crate) fn draw(picture: &RingPicture<'_>, format: PictureFormat) -> Result<Vec<u8>, String> {
    single::file(sheet::scene(picture), format)
}

impl RingPicture<'_> {
    /// The angle of a position, clockwise from the top, where 0 is.
    fn angle(&self, position: u64) -> f64 {
        position as f64 / (self.ring.last() as f64 + 1.0) * TAU
    }

    /// The look of the fingers of each chosen node.
    fn looks(&self) -> impl Iterator<Item = (usize, Look)> + '_ {
        let looks = LOOKS.iter().enumerate().filter(|(at, _)| *at != WAY);
        let chosen = self.chosen.iter().copied();
        chosen.zip(looks.map(|(_, look)| *look))
    }

    /// The way of the lookup is drawn without dashes, and thicker than everything else.
    fn way_look() -> Look {
        Look {
            dash: &[],
            width: 2.6,
            ..LOOKS[WAY]
        }
    }

    /// The ranks of the nodes that the lookup meets, in order.
    fn on_the_way(&self) -> Vec<usize> {
        let hops = self.route.iter().flat_map(|route| &route.hops);
        let ends = self.route.iter().map(|route| route.from);
        let ids = ends.chain(hops.map(|hop| hop.1));
        ids.filter_map(|id| self.ring.rank(id)).collect()
    }
}
