//! Whom the members' first live successors are, and the shape of the ring that they make.
//!
//! Every pointer leads forward. Where there is a member that none of them leaps over, all ways come to it, and round
//! once to it again: there is one ring, in order, and all are led to it. So it is mostly enough to know for how many
//! members that is so, and only a ring on which every member is leapt over, or a way ends, has to be walked.

#[cfg(test)]
use std::cell::Cell;
use std::collections::BTreeMap;

use super::shape::Shape;
use super::skips::Skips;
use crate::world::{Directory, Space};
use crate::world::{NodeIdx, RingId};

/// The first live successors of all members.
pub(super) struct Pointers {
    space: Space,
    /// Members whose first live successor is not the next member, and whom it is.
    astray: BTreeMap<RingId, Option<RingId>>,
    /// Whom they leap over.
    leaps: Skips,
    /// How many lead to nobody or to themselves: no way goes on from there.
    ends: usize,
    /// What they make, if nothing has changed since it was asked for.
    shape: Option<Shape>,
    /// Members that were walked over.
    #[cfg(test)]
    walked: Cell<u64>,
}

impl Pointers {
    pub(super) fn new(space: Space) -> Self {
        Self {
            space,
            astray: BTreeMap::new(),
            leaps: Skips::new(space),
            ends: 0,
            shape: None,
            #[cfg(test)]
            walked: Cell::new(0),
        }
    }

    /// A node has become a member.
    pub(super) fn joined(&mut self, node: NodeIdx, id: RingId) {
        self.leaps.joined(node, id);
    }

    /// A node is no member any more.
    pub(super) fn left(&mut self, node: NodeIdx) {
        self.leaps.left(node);
    }

    /// A node's pointer leads to this one or to nobody; `None` if it is as it should be, or the node is no member.
    #[expect(
        clippy::option_option,
        reason = "whether it goes astray, and then whether it leads to anybody"
    )]
    pub(super) fn set(&mut self, id: RingId, astray: Option<Option<RingId>>, members: &Directory) {
        let was = match astray {
            Some(target) => self.astray.insert(id, target),
            None => self.astray.remove(&id),
        };
        if was == astray {
            return;
        }
        self.shape = None;
        if let Some(target) = was {
            match target.filter(|target| *target != id) {
                Some(target) => drop(self.leaps.remove((id, target), members)),
                None => self.ends -= 1,
            }
        }
        if let Some(target) = astray {
            match target.filter(|target| *target != id) {
                Some(target) => drop(self.leaps.add((id, target), members)),
                None => self.ends += 1,
            }
        }
    }

    /// Stretches that were looked at, and members that were walked over.
    #[cfg(test)]
    pub(super) fn looked_at(&self) -> u64 {
        self.walked.get() + self.leaps.pairs.looked_at.get()
    }

    /// The shape of the ring.
    pub(super) fn shape(&mut self) -> Shape {
        if self.astray.is_empty() || self.ends == 0 && self.leaps.principals() > 0 {
            return Shape::SOUND;
        }
        *self.shape.get_or_insert_with(|| {
            #[cfg(test)]
            self.walked
                .set(self.walked.get() + self.astray.len() as u64);
            Shape::of(self.space, &self.astray)
        })
    }
}
