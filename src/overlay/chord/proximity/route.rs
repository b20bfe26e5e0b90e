//! Proximity route selection: the next hop by the time that is left.

use super::super::Chord;
use crate::world::{NodeIdx, RingId};

/// How good a next hop is, the smaller the better: the expected time that is left, in milliseconds one way, and the
/// distance on the ring, which tells apart what takes equally long.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Merit {
    left_ms: f64,
    distance: u64,
}

impl Merit {
    fn is_after(self, other: Self) -> bool {
        let by_time = self.left_ms.total_cmp(&other.left_ms);
        by_time.then(self.distance.cmp(&other.distance)).is_gt()
    }
}

impl Chord {
    /// The best next hop before `key`, or the next best after `failed`, by CFS's rule: the node x that minimises
    /// d(n, x) + d · ½ · log2(1 + N · dist(x, key) / 2^m), where d(n, x) is the latency to x, d the mean latency to
    /// the nodes that this one has measured, and N the size of the ring, judged by how close its neighbours are. (CFS takes the
    /// mean of all calls; these go to near nodes the more often, the better the rule works.) `None`: no node is
    /// known before the key (or none after `failed`).
    ///
    /// A node whose latency is not known is taken to be at the mean.
    pub(in crate::overlay::chord) fn cheapest_preceding_node(
        &self,
        node: NodeIdx,
        key: RingId,
        failed: Option<NodeIdx>,
    ) -> Option<NodeIdx> {
        let me = self.node(node);
        let to_key = self.space.distance(me.id, key);
        let top = to_key.checked_sub(1)?.checked_ilog2()?;
        let fingers = self
            .fingers
            .downwards(&me.fingers, top)
            .map(|finger| finger.node);
        let known = fingers.chain(self.list_of(node).iter().copied());
        let merit = self.merit(node, key);
        let limit = failed.map(&merit);
        let mut best: Option<(Merit, NodeIdx)> = None;
        for candidate in known {
            let distance = self.distance_of(me, candidate);
            if distance == 0 || distance >= to_key {
                continue;
            }
            let merit = merit(candidate);
            if limit.is_none_or(|limit| merit.is_after(limit))
                && best.is_none_or(|(best, _)| best.is_after(merit))
            {
                best = Some((merit, candidate));
            }
        }
        best.map(|(_, node)| node)
    }

    /// What the node thinks of handing a lookup for `key` to another.
    fn merit(&self, node: NodeIdx, key: RingId) -> impl Fn(NodeIdx) -> Merit {
        let near = self.near(node);
        let mean = near.mean_ms().unwrap_or(1.0) / 2.0;
        let density = self.density(node);
        move |other| {
            let there = near.round_trip_ms(other, self.estimate());
            let left = self.space.distance(self.id_of(other), key) as f64;
            let hops = 0.5 * libm::log2(1.0 + density * left);
            Merit {
                left_ms: there.map_or(mean, |there| there / 2.0) + mean * hops,
                distance: self.distance(node, other),
            }
        }
    }

    /// How many nodes there are on a stretch of length 1 of the ring, judged by the neighbours that the node knows: from
    /// its predecessor to the end of its list.
    fn density(&self, node: NodeIdx) -> f64 {
        let me = self.node(node);
        let Some(end) = me.list.id() else { return 0.0 };
        let ahead = (self.space.distance(me.id, end), me.list.len());
        let behind = match me.predecessor.some() {
            Some(_) => (self.space.distance(me.predecessor_id, me.id), 1),
            None => (0, 0),
        };
        (ahead.1 + behind.1) as f64 / (ahead.0 as f64 + behind.0 as f64).max(1.0)
    }
}
