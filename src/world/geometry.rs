//! Who really owns a key. Overlays that have nothing else in common all answer this question, each in
//! its own way.
//!
//! Only measurements ask it; no protocol ever does. A protocol finds the owner by what its nodes know.

use super::directory::{Directory, Member};
use super::index::RingId;

/// A rule that gives every key an owner among the live members.
pub trait Geometry: Copy + Default {
    /// The owner of a key; `None` if there are no members.
    fn owner(self, members: &Directory, key: RingId) -> Option<Member>;

    /// Asks for the memory in which the owner of a key is found.
    fn prefetch(self, members: &Directory, key: RingId);
}

/// Keys and nodes lie on a ring; a key belongs to the first member at or after it (Stoica et al. 2001,
/// section 4.2).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Ring;

impl Geometry for Ring {
    #[inline]
    fn owner(self, members: &Directory, key: RingId) -> Option<Member> {
        members.at_or_after(key)
    }

    #[inline]
    fn prefetch(self, members: &Directory, key: RingId) {
        members.prefetch(key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::{NodeIdx, Space};

    #[test]
    fn the_lecture_s_keys_belong_to_the_next_highest_node() {
        let nodes = [32, 98, 124].map(RingId);
        let members: Vec<_> = nodes.into_iter().zip((0..).map(NodeIdx)).collect();
        let mut directory = Directory::of(Space::new(7), &members);
        for key in 0..128 {
            let expected = nodes.iter().find(|id| id.0 >= key).unwrap_or(&nodes[0]);
            let owner = Ring.owner(&directory, RingId(key)).unwrap();
            assert_eq!(owner.0, *expected, "key {key}");
        }
        directory.remove(RingId(98), NodeIdx(1));
        assert_eq!(Ring.owner(&directory, RingId(33)).unwrap().1, NodeIdx(2));
        assert_eq!(Ring.owner(&Directory::new(Space::new(7)), RingId(1)), None);
    }
}
