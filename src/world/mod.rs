//! What every part of a run speaks of: indices of nodes, peers, hosts, links and operations; identifiers
//! and their arithmetic; who is a member and who owns a key; what can happen, and how a peer departs.
//!
//! This module knows no protocol and no network, and draws nothing at random but identifiers.
//!
//! | file | concern |
//! |---|---|
//! | `index` | typed indices; identifiers; the lives of a node |
//! | `ring` | arithmetic on identifiers that lie on a ring |
//! | `ids` | how nodes come by their identifiers |
//! | `names` | how a name comes by its place |
//! | `directory` | all live members, in the order of their identifiers |
//! | [`geometry`] | who really owns a key |
//! | `event` | what can happen in a run |
//! | `rows` | columns in which rows of nodes that never come back are used again |
//! | `persons` | who is behind peers that come back under another name |
//! | `departure` | how a peer departs |

mod action;
mod departure;
mod directory;
mod event;
pub mod geometry;
mod ids;
mod index;
mod names;
mod persons;
mod ring;
mod rows;

pub use action::Action;
pub use departure::Departure;
pub use directory::{Directory, Member};
pub use event::{Event, Packed, Payload};
pub use geometry::Geometry;
pub use ids::{IdSource, Sector};
pub use index::{CallId, Epoch, HostIdx, LinkIdx, NodeIdx, OpIdx, PeerIdx, RingId};
pub use names::hashed;
pub use persons::Persons;
pub use ring::Space;
pub use rows::{Note, PerNode, Place, Rows};
