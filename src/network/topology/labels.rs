//! Exact distances between all routers without a table of all pairs: hub labels.
//!
//! Each router has a label: some routers, its *hubs*, with the distance to each. Any two routers have a hub on a
//! shortest path between them in common, so their distance is the least sum over the hubs that both have. Labels come
//! from pruned landmark labelling (Akiba, Iwata, Yoshida, SIGMOD 2013, here with latencies): routers become hubs one
//! after the other, each by a search that goes no further where earlier hubs know the distance already. What they say
//! does not depend on the order, how long they are does. Routers that many shortest paths pass come first: they are
//! counted over the shortest paths from a few routers.

use super::routers::Topology;
use super::search::Search;
use crate::engine::SimDuration;

/// So many routers are looked from to see which ones many shortest paths pass.
const VIEWPOINTS: u32 = 64;

/// The longest that labels may be in the mean. Beyond that they would take as much as the table and far more time.
const LENGTH_MEAN_MAX: usize = 1000;

/// A hub by its rank, and how far away it is.
type Entry = (u32, SimDuration);

/// The labels of all routers, one behind the other, each in the order of its hubs.
pub(super) struct Labels {
    /// Where the label of each router begins; at the end, where the last one ends.
    starts: Box<[usize]>,
    hubs: Box<[u32]>,
    far: Box<[SimDuration]>,
}

impl Labels {
    /// Of a connected topology; `None` if they would be too long.
    pub(super) fn new(topology: &Topology) -> Option<Self> {
        let routers = topology.node_count();
        let mut labels: Vec<Vec<Entry>> = vec![Vec::new(); routers];
        let mut search = Search::new(routers);
        let mut known = vec![SimDuration::MAX; routers];
        let (mut entries, most) = (0, routers * LENGTH_MEAN_MAX);
        for (rank, hub) in (0..).zip(by_importance(topology, &mut search)) {
            for (earlier, far) in &labels[hub as usize] {
                known[*earlier as usize] = *far;
            }
            search.run(topology, hub, |router, far| {
                let label = &mut labels[router as usize];
                if is_known(label, &known, far) {
                    return false;
                }
                label.push((rank, far));
                entries += 1;
                true
            });
            for (earlier, _) in &labels[hub as usize] {
                known[*earlier as usize] = SimDuration::MAX;
            }
            if entries > most {
                return None;
            }
        }
        Some(Self::packed(labels, entries))
    }

    fn packed(labels: Vec<Vec<Entry>>, entries: usize) -> Self {
        let mut starts = vec![0];
        let (mut hubs, mut far) = (Vec::with_capacity(entries), Vec::with_capacity(entries));
        for label in labels {
            hubs.extend(label.iter().map(|(hub, _)| *hub));
            far.extend(label.iter().map(|(_, far)| *far));
            starts.push(hubs.len());
        }
        Self {
            starts: starts.into(),
            hubs: hubs.into(),
            far: far.into(),
        }
    }

    /// Bytes of the labels of so many routers that are so long in the mean: those that are kept, and those that they
    /// are made of, which have room to grow.
    pub(super) fn bytes(routers: f64, length: f64) -> f64 {
        let kept = (size_of::<u32>() + size_of::<SimDuration>()) as f64;
        routers * length * (kept + 1.5 * size_of::<Entry>() as f64)
    }

    /// The latency of the shortest path between two routers; zero from a router to itself.
    pub(super) fn distance(&self, a: u32, b: u32) -> SimDuration {
        let [a, b] = [a, b].map(|router| {
            let router = router as usize;
            self.starts[router]..self.starts[router + 1]
        });
        let (mut i, mut j) = (a.start, b.start);
        let mut least = u64::MAX;
        while i < a.end && j < b.end {
            let (here, there) = (self.hubs[i], self.hubs[j]);
            if here == there {
                least = least.min(self.far[i].0 + self.far[j].0);
            }
            // Both at once where they are equal, and no branch to guess.
            i += usize::from(here <= there);
            j += usize::from(there <= here);
        }
        SimDuration(least)
    }

    /// How long the labels are in the mean.
    #[cfg(test)]
    pub(super) fn mean_length(&self) -> f64 {
        self.hubs.len() as f64 / (self.starts.len() - 1) as f64
    }
}

/// Whether a router is no further from a hub by way of those that it has in common with it: `known` says how far the
/// hub is from each earlier one.
fn is_known(label: &[Entry], known: &[SimDuration], far: SimDuration) -> bool {
    label
        .iter()
        .any(|(hub, to)| known[*hub as usize].0.saturating_add(to.0) <= far.0)
}

/// All routers, those first that many shortest paths pass; of several those with the lowest numbers.
fn by_importance(topology: &Topology, search: &mut Search) -> Vec<u32> {
    let routers = topology.node_count() as u32;
    let mut passing = vec![0_u64; routers as usize];
    let views = VIEWPOINTS.min(routers);
    for view in 0..views {
        let from = (u64::from(view) * u64::from(routers) / u64::from(views)) as u32;
        let mut order = Vec::new();
        search.run(topology, from, |router, _| {
            order.push(router);
            true
        });
        // The farthest first, so that a router's own are all counted before they are added to the one before it.
        let mut behind = vec![1_u64; routers as usize];
        for router in order.into_iter().rev() {
            let all = behind[router as usize];
            passing[router as usize] += all;
            if let Some(before) = search.before(router) {
                behind[before as usize] += all;
            }
        }
    }
    let mut by_importance: Vec<u32> = (0..routers).collect();
    by_importance.sort_by_key(|router| std::cmp::Reverse(passing[*router as usize]));
    by_importance
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::topology::testing::{brute_force, random_topology};

    #[test]
    fn the_least_sum_over_common_hubs_is_the_shortest_of_all_ways() {
        for seed in 0..60 {
            let latencies = [3, 1000][seed as usize % 2];
            let topology = random_topology(1 + seed as u32, seed as u32 % 80, latencies, seed);
            let labels = Labels::new(&topology).unwrap();
            for (a, row) in (0..).zip(brute_force(&topology)) {
                for (b, expected) in (0..).zip(row) {
                    assert_eq!(labels.distance(a, b).0, expected, "{seed}: {a} {b}");
                }
            }
        }
    }

    /// Every path of a star passes its middle: two hubs each, and one for the middle itself.
    #[test]
    fn labels_are_short_where_few_routers_are_on_all_paths() {
        let mut star = Topology::default();
        (0..100).for_each(|_| _ = star.add_node(()));
        for leaf in (0..100_u32).filter(|leaf| *leaf != 40) {
            star.add_edge(40.into(), leaf.into(), SimDuration(u64::from(leaf) + 1));
        }
        let labels = Labels::new(&star).unwrap();
        assert!((labels.mean_length() - 1.99).abs() < 1e-9);
        assert_eq!(labels.distance(3, 7), SimDuration(4 + 8));
    }
}
