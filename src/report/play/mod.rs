//! A ring at one moment, as `chordsim play` shows it to a lecture room: what each node knows and keeps, what has
//! changed, and a drawing for a terminal.
//!
//! | file | concern |
//! |---|---|
//! | `moment` | what there is at a moment, as plain data |
//! | `circle` | the drawing of a ring |
//! | `tables` | what one node knows and keeps |
//! | `changes` | what is different between two moments, in words |
//! | `paint` | colours |

mod changes;
mod circle;
mod moment;
mod paint;
mod tables;

pub(crate) use self::changes::{changes, unnoticed};
pub(crate) use self::circle::circle;
pub(crate) use self::moment::{Copy, Moment, Node};
pub(crate) use self::paint::Paint;
pub(crate) use self::tables::{fingers, keys, known, nodes};
pub(crate) use super::lines::{counted, listed, visible, wrapped};
