//! What kind of graph a ring is: how many others a node knows, how far apart nodes are, and how many of those who are
//! known to one know each other.
//!
//! The graph has an edge from a node to its successor and to each of its fingers, once, and none to itself. Nodes know
//! their predecessors, too, but no lookup goes there. Clustering is that of Watts and Strogatz (Nature 393, 1998): of a
//! node with k neighbours, the share of the k (k - 1) / 2 pairs of neighbours that are neighbours of each other, where
//! the direction of an edge does not count; 0 of a node with fewer than two.

use std::collections::VecDeque;

use super::links::{Kind, Ring};

/// Degrees, distances and clustering of a ring.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Degrees {
    /// Of each node: how many nodes it knows.
    pub out: Vec<usize>,
    /// Of each node: how many nodes know it.
    pub into: Vec<usize>,
    /// Of each node.
    pub clustering: Vec<f64>,
    /// The steps from one node to another on the shortest way: the mean over all ordered pairs; none of a lonely node.
    pub distance_mean: Option<f64>,
    /// The greatest such number, the diameter.
    pub diameter: usize,
}

impl Degrees {
    /// Computes all of it, exactly: the distances from every node by a search of its own.
    pub(super) fn of(ring: &Ring) -> Self {
        let known = known(ring);
        let mut around = known.clone();
        for (from, list) in known.iter().enumerate() {
            for &to in list {
                around[to].push(from);
            }
        }
        for list in &mut around {
            list.sort_unstable();
            list.dedup();
        }
        let mut into = vec![0; known.len()];
        known.iter().flatten().for_each(|&to| into[to] += 1);
        let (mut sum, mut diameter) = (0, 0);
        for from in 0..known.len() {
            let (all, farthest) = distances(&known, from);
            sum += all;
            diameter = diameter.max(farthest);
        }
        let pairs = known.len() * (known.len() - 1);
        Self {
            out: known.iter().map(Vec::len).collect(),
            into,
            clustering: (0..around.len())
                .map(|at| clustering(&around, at))
                .collect(),
            distance_mean: (pairs > 0).then(|| sum as f64 / pairs as f64),
            diameter,
        }
    }

    /// The number of edges.
    pub(super) fn edges(&self) -> usize {
        self.out.iter().sum()
    }

    pub(super) fn clustering_mean(&self) -> f64 {
        self.clustering.iter().sum::<f64>() / self.clustering.len() as f64
    }
}

/// The successor and the fingers of each node, sorted, itself excepted.
fn known(ring: &Ring) -> Vec<Vec<usize>> {
    let mut known = vec![Vec::new(); ring.ids().len()];
    for link in ring.links() {
        if link.kind != Kind::Predecessor && link.from != link.to {
            known[link.from].push(link.to);
        }
    }
    for list in &mut known {
        list.sort_unstable();
        list.dedup();
    }
    known
}

/// The sum of the distances from a node to all others, and the greatest of them. Each of them can be reached, by way of
/// successors.
fn distances(known: &[Vec<usize>], from: usize) -> (usize, usize) {
    let mut distance = vec![usize::MAX; known.len()];
    distance[from] = 0;
    let mut next = VecDeque::from([from]);
    let (mut sum, mut farthest) = (0, 0);
    while let Some(node) = next.pop_front() {
        farthest = distance[node];
        sum += farthest;
        for &to in &known[node] {
            if distance[to] == usize::MAX {
                distance[to] = farthest + 1;
                next.push_back(to);
            }
        }
    }
    (sum, farthest)
}

/// The clustering of a node; `around` has the sorted neighbours of each.
fn clustering(around: &[Vec<usize>], at: usize) -> f64 {
    let neighbours = &around[at];
    if neighbours.len() < 2 {
        return 0.0;
    }
    let others = |one: &usize| {
        let known = neighbours
            .iter()
            .filter(|other| around[*one].binary_search(other).is_ok());
        known.count()
    };
    // Each pair is met twice.
    let linked: usize = neighbours.iter().map(others).sum();
    linked as f64 / (neighbours.len() * (neighbours.len() - 1)) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(ids: &[u64], bits: u32) -> Degrees {
        Degrees::of(&Ring::new(ids.to_vec(), bits))
    }

    /// By hand. 14 knows 32 and 98; 32 knows 98; 98 knows 124 and 14; 124 knows 14, 32 and 98. From 14 it is 1, 1 and 2
    /// steps to the others, from 32 it is 1, 2 and 2, from 98 it is 1, 1 and 2, and from 124 one step to each: 16 in all,
    /// over 12 pairs. All six pairs know each other, in one direction at least.
    #[test]
    fn the_lectures_ring_with_node_14() {
        let degrees = of(&[14, 32, 98, 124], 7);
        assert_eq!(degrees.out, [2, 1, 2, 3]);
        assert_eq!(degrees.into, [2, 2, 3, 1]);
        assert_eq!(degrees.edges(), 8);
        assert_eq!(degrees.diameter, 2);
        assert_eq!(degrees.distance_mean, Some(16.0 / 12.0));
        assert_eq!(degrees.clustering, [1.0; 4]);
    }

    /// Node 0 knows 1, 2 and 4, and all nodes are alike. The way to 7 takes 4 + 2 + 1; to 1 ... 7 it is 1, 1, 2, 1, 2, 2
    /// and 3 steps. The neighbours of 0 are 1, 2, 4, 6 and 7, and of their ten pairs six are 1, 2 or 4 apart: 1-2, 1-7,
    /// 2-4, 2-6, 4-6 and 6-7.
    #[test]
    fn a_full_ring_of_three_bits() {
        let degrees = of(&[0, 1, 2, 3, 4, 5, 6, 7], 3);
        assert_eq!(degrees.out, [3; 8]);
        assert_eq!(degrees.into, [3; 8]);
        assert_eq!(degrees.diameter, 3);
        assert_eq!(degrees.distance_mean, Some(12.0 / 7.0));
        assert_eq!(degrees.clustering, [0.6; 8]);
    }

    #[test]
    fn one_node_and_two() {
        let one = of(&[5], 3);
        assert_eq!((one.edges(), one.diameter, one.distance_mean), (0, 0, None));
        assert_eq!(one.clustering, [0.0]);
        let two = of(&[5, 6], 3);
        assert_eq!(
            (two.edges(), two.diameter, two.distance_mean),
            (2, 1, Some(1.0))
        );
        assert_eq!(two.clustering, [0.0; 2]);
    }

    /// On a full ring of 2^m positions a node knows m others, and the way to the node d ahead takes as many steps as d
    /// has ones: m at most, m / 2 on average over all 2^m distances, 0 among them.
    #[test]
    fn a_full_ring_of_a_thousand_nodes() {
        let ids: Vec<u64> = (0..1024).collect();
        let degrees = of(&ids, 10);
        assert_eq!(degrees.edges(), 10 * 1024);
        assert_eq!(degrees.into, [10; 1024]);
        assert_eq!(degrees.diameter, 10);
        assert_eq!(degrees.distance_mean, Some(5.0 * 1024.0 / 1023.0));
    }
}
