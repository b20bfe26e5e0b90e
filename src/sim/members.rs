//! Which peers are up, which nodes are on the ring, and in which life they are.

use std::collections::BTreeSet;

use rand_chacha::ChaCha8Rng;

use super::seekers::Seekers;
use crate::engine::prefetch_at;
use crate::peers::Population;
use crate::scenario::resolved::Ids;
use crate::world::{Directory, IdSource, Sector, Space};
use crate::world::{Epoch, NodeIdx, PeerIdx, RingId};

/// How many times a random member is drawn before giving up.
const MAX_DRAWS: u32 = 32;

/// Peers and their nodes. A peer has as many nodes (ring positions) as there are virtual nodes;
/// node n belongs to peer n / positions.
pub(super) struct Members {
    space: Space,
    positions: u32,
    population: Population,
    directory: Directory,
    epochs: Vec<Epoch>,
    /// The number of nodes that were added first.
    initial: u32,
    /// A bit for each node that is in its first life. All bits fit the processor's cache, and every
    /// message that is sent asks for the epoch of its receiver.
    in_first_life: Vec<u64>,
    /// The number of nodes that are not in their first life. While it is 0, no bit needs to be looked at.
    in_another: usize,
    ids: IdSource,
    /// The node through which other nodes join, as long as it is a member.
    well_known: NodeIdx,
    /// Nodes that go through the well-known ones.
    pub(super) seekers: Seekers,
}

impl Members {
    /// No peers yet.
    pub(super) fn new(space: Space, positions: u32, seed: u64) -> Self {
        let (population, directory, epochs) =
            (Population::default(), Directory::new(space), Vec::new());
        let (ids, well_known) = (IdSource::new(space, seed), NodeIdx(0));
        Self {
            space,
            positions,
            population,
            directory,
            epochs,
            initial: 0,
            in_first_life: Vec::new(),
            in_another: 0,
            ids,
            well_known,
            seekers: Seekers::default(),
        }
    }

    /// The number of nodes of each peer.
    pub(super) fn positions(&self) -> u32 {
        self.positions
    }

    /// Which peers are up.
    pub(super) fn population(&self) -> &Population {
        &self.population
    }

    /// Which nodes are on the ring.
    pub(super) fn directory(&self) -> &Directory {
        &self.directory
    }

    /// The peer of a node.
    pub(super) fn peer_of(&self, node: NodeIdx) -> PeerIdx {
        // A division by 1 takes time too, and 1 is by far the most common number.
        PeerIdx(if self.positions == 1 {
            node.0
        } else {
            node.0 / self.positions
        })
    }

    /// The nodes of a peer.
    pub(super) fn nodes_of(&self, peer: PeerIdx) -> impl Iterator<Item = NodeIdx> + use<> {
        let first = peer.0 * self.positions;
        (first..first + self.positions).map(NodeIdx)
    }

    /// The current life of a node.
    #[inline]
    pub(super) fn epoch(&self, node: NodeIdx) -> Epoch {
        if self.in_another == 0 || self.is_in_first_life(node) {
            Epoch::FIRST_LIFE
        } else {
            self.epochs[node.at()]
        }
    }

    fn is_in_first_life(&self, node: NodeIdx) -> bool {
        self.in_first_life[node.at() / 64] >> (node.at() % 64) & 1 == 1
    }

    /// Asks for the memory that says in which life a node is.
    #[inline]
    pub(super) fn prefetch(&self, node: NodeIdx) {
        if self.in_another != 0 {
            prefetch_at(&self.in_first_life, node.at() / 64);
        }
    }

    /// Whether a node is up and still in the life of this epoch.
    pub(super) fn is_current(&self, node: NodeIdx, epoch: Epoch) -> bool {
        self.epoch(node) == epoch && epoch.is_life()
    }

    /// Adds the first peers, which are down. Returns the identifiers of their nodes.
    pub(super) fn add_initial(
        &mut self,
        ids: &Ids,
        peers: u32,
        sector_of: impl Fn(PeerIdx) -> Option<Sector>,
    ) -> Vec<RingId> {
        (0..peers).for_each(|_| self.add_rows());
        self.initial = peers * self.positions;
        let positions = self.positions;
        self.ids.initial(ids, peers * positions, |node| {
            sector_of(PeerIdx(node / positions))
        })
    }

    /// Adds peers, which are down. Returns the number of the first one and the identifiers of the nodes of all, or
    /// `None` if there are not enough free ones. These identifiers differ from each other and from those of all
    /// nodes that are up, have yet to come for the first time, or `may_return`; `id_of` tells the identifier of a
    /// node, and `sector_of` in which part of the ring a peer has to be, if that is wanted.
    pub(super) fn add(
        &mut self,
        peers: u32,
        id_of: impl Fn(NodeIdx) -> RingId,
        may_return: bool,
        sector_of: impl Fn(PeerIdx) -> Option<Sector>,
    ) -> Option<(PeerIdx, Vec<RingId>)> {
        // On a wide ring a clash with a node that is not a member now is practically impossible.
        let mut taken = BTreeSet::new();
        if self.space.bits() <= 32 {
            taken = self.holders(may_return).map(id_of).collect();
        }
        let count = peers as usize * self.positions as usize;
        if taken.len() as u128 + count as u128 > 1 << self.space.bits() {
            return None;
        }
        let mut new = Vec::with_capacity(count);
        let (first, positions) = (self.population.len() as u32, self.positions);
        for place in 0..count as u32 {
            let sector = sector_of(PeerIdx(first + place / positions));
            let id = self
                .ids
                .another(sector, |id| taken.contains(&id) || self.directory.holds(id));
            taken.insert(id);
            new.push(id);
        }
        let first = PeerIdx::from_usize(self.population.len());
        (0..peers).for_each(|_| self.add_rows());
        Some((first, new))
    }

    /// Adds a peer whose only node has this identifier, unless a node has it that is up, has yet to come for the first time,
    /// or `may_return`. The peer is down.
    pub(super) fn add_named(
        &mut self,
        id: RingId,
        id_of: impl Fn(NodeIdx) -> RingId,
        may_return: bool,
    ) -> Option<PeerIdx> {
        assert_eq!(self.positions, 1, "a peer joins by name with one position");
        if self.holders(may_return).any(|node| id_of(node) == id) {
            return None;
        }
        let peer = PeerIdx::from_usize(self.population.len());
        self.add_rows();
        Some(peer)
    }

    /// The first node of a peer that is up, if it has this identifier: on the ring or not.
    pub(super) fn named(&self, id: RingId, id_of: impl Fn(NodeIdx) -> RingId) -> Option<NodeIdx> {
        let is_first = |node: &NodeIdx| node.0.is_multiple_of(self.positions);
        self.member(id).filter(is_first).or_else(|| {
            let up = self.population.up().iter();
            let mut first = up.map(|peer| NodeIdx(peer.0 * self.positions));
            first.find(|node| id_of(*node) == id)
        })
    }

    /// The node on the ring with this identifier.
    pub(super) fn member(&self, id: RingId) -> Option<NodeIdx> {
        let found = self.directory.at_or_after(id);
        found
            .filter(|(other, _)| *other == id)
            .map(|(_, node)| node)
    }

    /// Adds a peer, which is down. Its nodes get the identifiers that those of a peer had that has gone for good.
    pub(super) fn add_in_place(&mut self) -> PeerIdx {
        let peer = PeerIdx::from_usize(self.population.len());
        self.add_rows();
        peer
    }

    /// Free identifiers for the nodes of one more peer, as [`Members::add`] gives them, but from another source.
    pub(super) fn free_ids(
        &self,
        source: &mut IdSource,
        id_of: impl Fn(NodeIdx) -> RingId,
        may_return: bool,
        sector: Option<Sector>,
    ) -> Option<Vec<RingId>> {
        let mut taken = BTreeSet::new();
        if self.space.bits() <= 32 {
            taken = self.holders(may_return).map(id_of).collect();
        }
        if taken.len() as u128 + u128::from(self.positions) > 1 << self.space.bits() {
            return None;
        }
        let ids = (0..self.positions).map(|_| {
            let is_taken = |id| taken.contains(&id) || self.directory.holds(id);
            let id = source.another(sector, is_taken);
            taken.insert(id);
            id
        });
        Some(ids.collect())
    }

    /// The peer that came last takes this place among those that are up.
    pub(super) fn settle_last(&mut self, place: u32) {
        self.population.settle_last(place);
    }

    /// All nodes that are up, have yet to come for the first time, or `may_return`; a node may come twice. Unless nodes
    /// may return this looks at those who live and not at all who ever lived.
    fn holders(&self, may_return: bool) -> impl Iterator<Item = NodeIdx> + '_ {
        let all = self.epochs.len() as u32;
        // Only the first peers may keep others waiting: all later ones come up when they are added, or may return.
        let first = if may_return { all } else { self.initial };
        let to_come = move |node: &NodeIdx| may_return || self.epoch(*node) == Epoch::default();
        let waiting = (0..first).map(NodeIdx).filter(to_come);
        let up = self.population.up().iter();
        waiting.chain(up.flat_map(|peer| self.nodes_of(*peer)))
    }

    fn add_rows(&mut self) {
        self.population.add();
        self.epochs
            .extend((0..self.positions).map(|_| Epoch::default()));
        self.in_another += self.positions as usize;
        self.in_first_life.resize(self.epochs.len().div_ceil(64), 0);
    }

    /// A peer comes up: its nodes begin a new life, off the ring.
    pub(super) fn bring_up(&mut self, peer: PeerIdx) {
        self.population.bring_up(peer);
        self.nodes_of(peer).for_each(|node| self.turn(node));
    }

    /// A peer goes down: the lives of its nodes are over.
    pub(super) fn take_down(&mut self, peer: PeerIdx) {
        self.population.take_down(peer);
        self.nodes_of(peer).for_each(|node| self.turn(node));
    }

    /// All nodes are members from the start; `ring` is sorted by identifier.
    pub(super) fn converge(&mut self, ring: &[(RingId, NodeIdx)]) {
        self.directory = Directory::of(self.space, ring);
    }

    /// A node is on the ring.
    pub(super) fn joined(&mut self, node: NodeIdx, id: RingId) {
        self.directory.insert(id, node);
    }

    /// A node is no longer on the ring.
    pub(super) fn off_the_ring(&mut self, node: NodeIdx, id: RingId) {
        self.directory.remove(id, node);
    }

    /// A node that is up begins a new life: no message sent to it and no timer set by it before that
    /// reaches it.
    pub(super) fn renew(&mut self, node: NodeIdx) {
        self.turn(node);
        self.turn(node);
    }

    /// A node comes or goes.
    fn turn(&mut self, node: NodeIdx) {
        self.in_another += usize::from(self.is_in_first_life(node));
        let epoch = self.epochs[node.at()].next();
        self.in_another -= usize::from(epoch == Epoch::FIRST_LIFE);
        self.epochs[node.at()] = epoch;
        let bit = 1 << (node.at() % 64);
        let word = &mut self.in_first_life[node.at() / 64];
        *word = if epoch == Epoch::FIRST_LIFE {
            *word | bit
        } else {
            *word & !bit
        };
    }

    /// The node through which `node` joins. This is node 0 as long as it is a member. After that it is
    /// the member with the lowest number, of a peer that is `fair` if there is one. `None` on an empty
    /// ring.
    pub(super) fn well_known(
        &mut self,
        node: NodeIdx,
        fair: impl Fn(PeerIdx) -> bool,
    ) -> Option<NodeIdx> {
        let other =
            |candidate: &NodeIdx| *candidate != node && self.directory.is_member(*candidate);
        if !other(&self.well_known) {
            // Members are as many as live; nodes, as many as ever lived.
            let others = || self.directory.iter().map(|(_, node)| node).filter(other);
            let fair = |candidate: &NodeIdx| fair(self.peer_of(*candidate));
            self.well_known = others().filter(fair).min().or_else(|| others().min())?;
        }
        Some(self.well_known)
    }

    /// Some member, drawn at random among the peers that are up.
    pub(super) fn random_member(&self, rng: &mut ChaCha8Rng) -> Option<NodeIdx> {
        // Nearly all peers that are up have joined; if not, asking the well-known node again is fine.
        (0..MAX_DRAWS).find_map(|_| {
            let node = NodeIdx(self.population.draw(rng)?.0 * self.positions);
            self.directory.is_member(node).then_some(node)
        })
    }

    /// The peers that are up and of which a node is on the ring.
    pub(super) fn peers(&self) -> impl Iterator<Item = PeerIdx> + '_ {
        let up = self.population.up().iter().copied();
        let is_member = |node| self.directory.is_member(node);
        up.filter(move |peer| self.nodes_of(*peer).any(is_member))
    }

    /// The number of peers on the ring, and the number of peers that are up but not on the ring yet.
    pub(super) fn count(&self) -> (u64, u64) {
        let members = self.directory.len() as u64 / u64::from(self.positions);
        (members, self.population.up().len() as u64 - members)
    }
}
