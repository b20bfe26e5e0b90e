//! What has happened to nodes lately: only as long as it matters, so of those that matter.

use std::collections::{BTreeMap, VecDeque};

use crate::engine::{SimDuration, SimTime};
use crate::world::NodeIdx;

/// When something last happened to each node, if that is not longer ago than a given time.
pub(super) struct Lately {
    patience: SimDuration,
    at: BTreeMap<NodeIdx, SimTime>,
    /// In the order of time.
    order: VecDeque<(SimTime, NodeIdx)>,
}

impl Lately {
    pub(super) fn new(patience: SimDuration) -> Self {
        Self {
            patience,
            at: BTreeMap::new(),
            order: VecDeque::new(),
        }
    }

    /// It happens to a node now.
    pub(super) fn put(&mut self, node: NodeIdx, now: SimTime) {
        self.drop_old(now);
        self.at.insert(node, now);
        self.order.push_back((now, node));
    }

    /// When it last happened to a node; `None` only if that is too long ago, or if it never did.
    pub(super) fn get(&self, node: NodeIdx) -> Option<SimTime> {
        self.at.get(&node).copied()
    }

    /// Of how many nodes anything is known.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.order.len()
    }

    fn drop_old(&mut self, now: SimTime) {
        let is_old = |at: SimTime| at < now && now.since(at) > self.patience;
        while let Some((at, node)) = self.order.pop_front_if(|(at, _)| is_old(*at)) {
            if self.at.get(&node) == Some(&at) {
                self.at.remove(&node);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_recent_is_known_and_nothing_else_is_kept() {
        let mut lately = Lately::new(SimDuration::from_secs(2));
        let second = |number: u64| SimTime(number * 1_000_000_000);
        for number in 0..1000 {
            lately.put(NodeIdx(number % 5), second(number.into()));
            for back in 0..=number.min(2) {
                let then = number - back;
                assert_eq!(lately.get(NodeIdx(then % 5)), Some(second(then.into())));
            }
            assert!(lately.len() <= 3);
        }
        assert_eq!(lately.get(NodeIdx(0)), None);
    }
}
