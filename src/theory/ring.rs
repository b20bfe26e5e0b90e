//! The ring of a run, seen from above: all nodes in order, the demand for each, and which nodes drop
//! lookups. A node is named by its rank, counted clockwise from the least identifier.

use crate::peers::Conduct;
use crate::scenario::resolved::{self, Behaviour, Popularity, Scenario};
use crate::workload::Keys;
use crate::world::{IdSource, Space};
use crate::world::{PeerIdx, RingId};

pub(super) struct Ring {
    space: Space,
    ids: Vec<RingId>,
    /// The ring is cut into about as many equal parts as there are nodes. For the start of each part
    /// (and for the end of the ring): how many nodes lie before it.
    before: Vec<u32>,
    /// The demand for each node: the sum of its keys' popularities.
    demand: Vec<f64>,
    /// Whether each node drops the lookups that it should pass on.
    drops: Vec<bool>,
}

impl Ring {
    /// The ring of the run with this seed.
    pub(super) fn of(scenario: &Scenario, seed: u64) -> Self {
        let space = Space::new(scenario.overlay.id_bits);
        let (peers, positions) = (scenario.overlay.nodes, scenario.overlay.virtual_nodes);
        let ids =
            IdSource::new(space, seed).initial(&scenario.overlay.ids, peers * positions, |_| None);
        let mut ranked: Vec<_> = ids.into_iter().zip(0_u32..).collect();
        ranked.sort_unstable();
        let conduct = Conduct::new(&scenario.selfish, seed, peers);
        let droppers_are_there = scenario.selfish.does(Behaviour::DropLookups);
        let drops = |node: u32| droppers_are_there && conduct.is_selfish(PeerIdx(node / positions));
        let mut ring = Self {
            before: Vec::new(),
            space,
            drops: ranked.iter().map(|(_, node)| drops(*node)).collect(),
            demand: vec![0.0; ranked.len()],
            ids: ranked.into_iter().map(|(id, _)| id).collect(),
        };
        ring.divide();
        ring.ask_for_keys(&scenario.workload, seed);
        ring
    }

    fn divide(&mut self) {
        let parts = self.ids.len();
        let mut before = vec![0; parts + 1];
        self.before = vec![0; parts + 1];
        for id in &self.ids {
            before[self.part(*id) + 1] += 1;
        }
        for part in 1..=parts {
            before[part] += before[part - 1];
        }
        self.before = before;
    }

    /// The part of the ring in which an identifier lies.
    fn part(&self, id: RingId) -> usize {
        let parts = self.before.len() as u64 - 1;
        ((u128::from(id.0) * u128::from(parts)) >> self.space.bits()) as usize
    }

    fn ask_for_keys(&mut self, workload: &resolved::Workload, seed: u64) {
        let keys = Keys::new(workload.keys, workload.popularity, self.space, seed);
        for (key, place) in keys.all().iter().zip(1_u32..) {
            let owner = self.owner(*key);
            self.demand[owner] += match workload.popularity {
                Popularity::Uniform => 1.0,
                Popularity::Zipf { exponent } => libm::pow(f64::from(place), -exponent),
            };
        }
    }

    /// The number of nodes; at least 1.
    pub(super) fn len(&self) -> usize {
        self.ids.len()
    }

    pub(super) fn bits(&self) -> u32 {
        self.space.bits()
    }

    /// The demand for each node, by rank.
    pub(super) fn demand(&self) -> &[f64] {
        &self.demand
    }

    pub(super) fn drops(&self, rank: usize) -> bool {
        self.drops[rank]
    }

    pub(super) fn has_droppers(&self) -> bool {
        self.drops.contains(&true)
    }

    /// The rank of the node this many nodes clockwise from another one.
    pub(super) fn ahead(&self, rank: usize, nodes: usize) -> usize {
        let sum = rank + nodes;
        if sum < self.len() {
            sum
        } else {
            sum - self.len()
        }
    }

    /// The clockwise distance from one node's identifier to another's.
    pub(super) fn distance(&self, from: usize, to: usize) -> u64 {
        self.space.distance(self.ids[from], self.ids[to])
    }

    /// The owner of a key: the first node at or after it.
    pub(super) fn owner(&self, key: RingId) -> usize {
        let part = self.part(key);
        let (from, to) = (self.before[part] as usize, self.before[part + 1] as usize);
        let rank = from + self.ids[from..to].partition_point(|id| *id < key);
        if rank == self.len() { 0 } else { rank }
    }

    /// Finger `i` of a node: how many nodes ahead the owner of its identifier + 2^i lies. 0: the node
    /// itself.
    pub(super) fn finger(&self, rank: usize, i: u32) -> usize {
        let owner = self.owner(self.space.finger_start(self.ids[rank], i));
        if owner < rank {
            owner + self.len() - rank
        } else {
            owner - rank
        }
    }
}
