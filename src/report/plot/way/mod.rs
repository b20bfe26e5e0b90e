//! The picture that explains the problem: one request on the network, and the same request on the ring, side by side. A step on the
//! ring is a way over the network, and has the same number and colour in both.
//!
//! | file | concern |
//! |---|---|
//! | `picture` | what is drawn |
//! | `sheet` | the page: headings, both sides, the legend |
//! | `sides` | the two sides |
//! | `pen` | lines with arrows, numbers and names, where there is room |

mod pen;
mod picture;
mod sheet;
mod sides;

pub(crate) use self::picture::{Leg, NetworkMap, WayPicture};
use super::single::{self, PictureFormat};

/// More legs than this cannot be told apart.
pub(crate) const LEGS_MAX: usize = 16;

/// The file of the picture. The same request gives the same bytes.
///
/// # Errors
/// A message: there are too many legs, or the PNG cannot be encoded.
pub(crate) fn draw(picture: &WayPicture, format: PictureFormat) -> Result<Vec<u8>, String> {
    let legs = picture.legs.len();
    if legs > LEGS_MAX {
        return Err(format!(
            "the request takes {legs} messages one after the other, and {LEGS_MAX} can be told apart; text and JSON tell all of them"
        ));
    }
    single::file(sheet::scene(picture), format)
}
