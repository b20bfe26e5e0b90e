//! What each node did: columns indexed by node. What a node did that has gone for good is packed away.

use super::past::{Activity, Life, Past};
use crate::catalogue::NodeRecord;
use crate::engine::SimTime;
use crate::overlay::Traffic;
use crate::world::Departure;
use crate::world::{Directory, NodeIdx, Note, PeerIdx, PerNode, Place, Rows};

/// The columns.
pub(super) struct NodeColumns {
    rows: Rows,
    activity: PerNode<Activity>,
    lives: PerNode<Life>,
    /// The keys that each node owns at the end, a row each.
    keys: Vec<u32>,
    /// The nodes that have gone for good.
    past: Past,
    /// Whether the measurement has begun.
    measured: bool,
}

/// What the columns do not know of a node.
pub struct Facts {
    /// Its identifier.
    pub id: u64,
    /// Where it sits.
    pub host: u32,
    /// Whose it is.
    pub peer: u32,
    /// Whether its peer is selfish.
    pub selfish: bool,
}

impl NodeColumns {
    /// No node yet. `in_full`: the row of each node will be asked for, and not only its load.
    pub(super) fn new(in_full: bool) -> Self {
        Self {
            rows: Rows::default(),
            activity: PerNode::default(),
            lives: PerNode::default(),
            keys: Vec::new(),
            past: Past::new(in_full),
            measured: false,
        }
    }

    /// Makes room for so many more nodes.
    pub(super) fn reserve(&mut self, nodes: usize) {
        self.activity.reserve(nodes);
        self.lives.reserve(nodes);
    }

    /// Adds the next node.
    pub(super) fn add(&mut self) {
        let row = self.rows.add();
        self.activity.fill(&self.rows, row, Activity::default());
        self.lives.fill(&self.rows, row, Life::default());
    }

    /// A node that has gone never comes back.
    pub(super) fn gone_for_good(&mut self, node: NodeIdx, from: SimTime) {
        let mut life = *self.life(node);
        if !self.measured {
            // What was before the measurement is not told of.
            (life.sessions, life.up_for) = (0, 0);
        }
        let activity = *self.active(node);
        let note = if self.rows.keeps(node) {
            Some(Note::default())
        } else {
            self.past.note(&life, &activity, from)
        };
        // What finds no room there keeps its row.
        if let Some(note) = note {
            self.rows.give_back(node, note);
        }
    }

    fn life(&self, node: NodeIdx) -> &Life {
        self.lives.of(&self.rows, node)
    }

    fn life_mut(&mut self, node: NodeIdx) -> &mut Life {
        self.lives.of_mut(&self.rows, node)
    }

    fn active(&self, node: NodeIdx) -> &Activity {
        self.activity.of(&self.rows, node)
    }

    fn active_mut(&mut self, node: NodeIdx) -> &mut Activity {
        self.activity.of_mut(&self.rows, node)
    }

    /// A node came up, and is going to join.
    pub(super) fn came_up(&mut self, node: NodeIdx, now: SimTime, measuring: bool) {
        let life = self.life_mut(node);
        life.up = true;
        life.up_for = life.up_for.wrapping_sub(now.0);
        life.sessions += u32::from(measuring);
    }

    /// A node became a member.
    pub(super) fn joined(&mut self, node: NodeIdx, now: SimTime) {
        let life = self.life_mut(node);
        life.joined = life.joined.min(now);
        life.left = SimTime::MAX;
        life.member = true;
    }

    /// These nodes, and no others, are up and members from the start.
    pub(super) fn are_there(&mut self, members: &Directory, now: SimTime) {
        if members.len() == self.rows.len() {
            self.lives.iter_mut().for_each(|life| life.begin(now));
            return;
        }
        for (_, node) in members.iter() {
            self.life_mut(node).begin(now);
        }
    }

    /// A node has lost the others. It is up, and going to join again.
    pub(super) fn lost_the_ring(&mut self, node: NodeIdx) {
        self.life_mut(node).member = false;
    }

    /// A node went. One that never got as far as the ring has not left it.
    pub(super) fn left(&mut self, node: NodeIdx, now: SimTime, departure: Departure) {
        let got_there = self.life(node).got_there();
        let life = self.life_mut(node);
        life.up = false;
        life.up_for = life.up_for.wrapping_add(now.0);
        if !got_there {
            return;
        }
        life.member = false;
        life.left = now;
        life.departure = departure;
    }

    /// The measurement begins: those who are there have begun a session in its eyes.
    pub(super) fn begin_measuring(&mut self, now: SimTime) {
        self.measured = true;
        for life in self.lives.iter_mut() {
            life.sessions = u32::from(life.up);
            life.up_for = if life.up { now.0.wrapping_neg() } else { 0 };
        }
    }

    /// The measurement is over.
    pub(super) fn end_measuring(&mut self, now: SimTime) {
        for life in self.lives.iter_mut().filter(|life| life.up) {
            life.up_for = life.up_for.wrapping_add(now.0);
        }
    }

    /// A node sent a message.
    pub(super) fn sent(&mut self, node: NodeIdx, bytes: u32, traffic: Traffic) {
        let activity = self.active_mut(node);
        activity.messages_out += 1;
        activity.forwarded += u32::from(traffic == Traffic::Forwarded);
        activity.bytes_out += u64::from(bytes);
    }

    /// A node handled a message.
    pub(super) fn handled(&mut self, node: NodeIdx) {
        self.active_mut(node).messages_in += 1;
    }

    /// Asks for what counts for a node.
    pub(super) fn prefetch(&self, node: NodeIdx) {
        self.activity.prefetch(&self.rows, node);
    }

    /// A node asked.
    pub(super) fn asked(&mut self, node: NodeIdx) {
        self.active_mut(node).lookups_started += 1;
    }

    /// Notes how many of these keys each node owns, given who owns them.
    pub(super) fn count_keys(&mut self, owners: &[NodeIdx]) {
        self.keys = vec![0; self.rows.len()];
        for owner in owners {
            self.keys[self.rows.of(*owner)] += 1;
        }
    }

    /// The messages handled by each peer of `positions` nodes of which one was a member during the
    /// measurement.
    pub(super) fn loads(
        &self,
        positions: u32,
        from: SimTime,
    ) -> impl Iterator<Item = (PeerIdx, u64)> + '_ {
        self.by_peer(positions, move |node| self.load(node, from))
    }

    /// The bytes sent by each of these peers. What is gone must have been kept in full.
    pub(super) fn bytes(
        &self,
        positions: u32,
        from: SimTime,
    ) -> impl Iterator<Item = (PeerIdx, u64)> + '_ {
        self.by_peer(positions, move |node| {
            let known = match self.rows.place(node) {
                Place::Gone(note) => self.past.get(note),
                Place::Row(_) => Some((*self.life(node), *self.active(node))),
            };
            known.map_or((false, 0), |(life, activity)| {
                (life.was_member(from), activity.bytes_out)
            })
        })
    }

    /// Whether a node was a member during the measurement that began at `from`, and the messages that it handled.
    fn load(&self, node: NodeIdx, from: SimTime) -> (bool, u64) {
        match self.rows.place(node) {
            Place::Gone(note) => self.past.load(note, from),
            Place::Row(_) => (self.life(node).was_member(from), self.active(node).load()),
        }
    }

    /// The keys held at the end by each peer of `positions` nodes that is still there.
    pub(super) fn held_keys(&self, positions: u32) -> impl Iterator<Item = (PeerIdx, u64)> + '_ {
        self.by_peer(positions, |node| {
            self.held(node).map_or((false, 0), |keys| (true, keys))
        })
    }

    /// The keys held at the end by a node that is a member.
    fn held(&self, node: NodeIdx) -> Option<u64> {
        let row = self.rows.get(node).filter(|_| self.life(node).member)?;
        self.keys.get(row).copied().map(u64::from)
    }

    /// The row of a node; `None` if it was no member during the measurement that began at `from`, asked for
    /// nothing and neither sent nor handled a message that counts. Every source of a lookup has a row, and every node that answers
    /// one.
    pub(super) fn record(&self, node: NodeIdx, from: SimTime, facts: &Facts) -> Option<NodeRecord> {
        let (life, activity) = match self.rows.place(node) {
            Place::Gone(note) => self.past.get(note)?,
            Place::Row(_) => (*self.life(node), *self.active(node)),
        };
        let gone = (life.left != SimTime::MAX).then_some(life);
        let joined = (life.joined != SimTime::MAX).then_some(life.joined);
        let belongs = life.was_member(from) || activity.is_any();
        belongs.then(|| NodeRecord {
            node: node.0,
            id: facts.id,
            host: facts.host,
            joined_s: joined.map(|joined| joined.seconds_from(from)),
            left_s: gone.map(|life| life.left.seconds_from(from)),
            departure: gone.map(|life| life.departure),
            selfish: facts.selfish,
            keys: self.held(node),
            lookups_started: activity.lookups_started.into(),
            messages_in: activity.messages_in.into(),
            messages_out: activity.messages_out.into(),
            forwarded: activity.forwarded.into(),
            bytes_out: activity.bytes_out,
            peer: facts.peer,
            sessions: life.sessions,
            up_s: SimTime(life.up_for).seconds_from(SimTime::ZERO),
        })
    }

    /// The sums over the nodes of each peer; peers of which no node belongs are left out.
    fn by_peer<'a>(
        &'a self,
        positions: u32,
        of: impl Fn(NodeIdx) -> (bool, u64) + 'a,
    ) -> impl Iterator<Item = (PeerIdx, u64)> + 'a {
        let peers = self.rows.nodes() as u32 / positions;
        (0..peers).filter_map(move |peer| {
            let first = peer * positions;
            let nodes = (first..first + positions).map(NodeIdx);
            let sum = nodes
                .map(&of)
                .reduce(|(one, a), (other, b)| (one || other, a + b));
            let (belongs, sum) = sum?;
            belongs.then_some((PeerIdx(peer), sum))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FROM: SimTime = SimTime(1_000);

    /// Ten nodes from the start, then one comes and one goes 10 000 times, each with a load that its number tells. The
    /// first ones keep their rows, and eleven at once share the others. Rows of results and
    /// loads are as if nothing had been packed away.
    #[test]
    fn the_departed_have_no_row_here_and_still_their_row_in_the_results() {
        for in_full in [true, false] {
            let mut nodes = NodeColumns::new(in_full);
            let add = |nodes: &mut NodeColumns, number: u32| {
                let node = NodeIdx(number);
                nodes.add();
                nodes.came_up(node, SimTime(number.into()), number >= 1_000);
                nodes.joined(node, SimTime(u64::from(number) + 1));
                (0..number % 5).for_each(|_| nodes.handled(node));
            };
            (0..10).for_each(|number| add(&mut nodes, number));
            for number in 10..10_010 {
                if number == 1_000 {
                    nodes.begin_measuring(FROM);
                }
                add(&mut nodes, number);
                let gone = NodeIdx(number - 10);
                nodes.left(gone, SimTime(number.into()), Departure::Leave);
                nodes.gone_for_good(gone, FROM);
            }
            // Ten and 1024 before rows are used again, and one that comes before one goes.
            assert!(nodes.rows.len() < 10 + 1024 + 12);
            let loads = (0..10_010_u64).filter(|number| number + 10 >= 1_000);
            let loads: Vec<u64> = loads.map(|number| number % 5).collect();
            let handled = |positions| -> Vec<u64> {
                let loads = nodes.loads(positions, FROM);
                loads.map(|(_, load)| load).collect()
            };
            assert_eq!(handled(1), loads);
            // Peers of two nodes: what both did, if one was a member.
            let pairs: Vec<u64> = (495..5_005).map(|k| 2 * k % 5 + (2 * k + 1) % 5).collect();
            assert_eq!(handled(2), pairs);
            let first = nodes.loads(2, FROM).next();
            assert_eq!(first.map(|(peer, _)| peer), Some(PeerIdx(495)));
            let facts = Facts {
                id: 7,
                host: 8,
                peer: 9,
                selfish: true,
            };
            let record = nodes.record(NodeIdx(5_003), FROM, &facts);
            assert_eq!(record.is_some(), in_full);
            if let Some(record) = record {
                assert_eq!(
                    (record.node, record.messages_in, record.sessions),
                    (5_003, 3, 1)
                );
                assert_eq!(record.departure, Some(Departure::Leave));
                let [joined, left] = [5_004, 5_013].map(|at| SimTime(at).seconds_from(FROM));
                assert_eq!((record.joined_s, record.left_s), (Some(joined), Some(left)));
            }
        }
    }
}
