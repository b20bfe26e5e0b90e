//! What each node did: columns indexed by node.

use crate::catalogue::NodeRecord;
use crate::engine::{SimTime, prefetch_at, reserve_huge};
use crate::overlay::Traffic;
use crate::world::Departure;
use crate::world::NodeIdx;

/// Messages, bytes and lookups of one node during the measurement. None lies across two cache lines.
#[derive(Clone, Copy, Default)]
#[repr(align(32))]
struct Activity {
    lookups_started: u32,
    messages_in: u32,
    messages_out: u32,
    forwarded: u32,
    bytes_out: u64,
}

/// When a node was there.
#[derive(Clone, Copy)]
struct Life {
    /// First became a member; `SimTime::MAX` if it never did.
    joined: SimTime,
    /// Last departed; `SimTime::MAX` if it is there.
    left: SimTime,
    departure: Departure,
    /// Whether it is on the ring: not if it has lost the others, though it is up.
    member: bool,
    /// Whether its peer is up.
    up: bool,
    /// Times it was up during the measurement.
    sessions: u32,
    /// How long it was up during the measurement, in nanoseconds: the sum of the moments at which it went, less the
    /// moments at which it came. While it is up, that is yet to come to something.
    up_for: u64,
}

/// The columns.
#[derive(Default)]
pub(super) struct NodeColumns {
    activity: Vec<Activity>,
    lives: Vec<Life>,
    keys: Vec<u32>,
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
    /// Makes room for so many more nodes.
    pub(super) fn reserve(&mut self, nodes: usize) {
        reserve_huge(&mut self.activity, nodes);
        reserve_huge(&mut self.lives, nodes);
    }

    /// Adds the next node.
    pub(super) fn add(&mut self) {
        self.activity.push(Activity::default());
        let departure = Departure::Crash;
        self.lives.push(Life {
            joined: SimTime::MAX,
            left: SimTime::MAX,
            departure,
            member: false,
            up: false,
            sessions: 0,
            up_for: 0,
        });
    }

    /// A node came up, and is going to join.
    pub(super) fn came_up(&mut self, node: NodeIdx, now: SimTime, measuring: bool) {
        let life = &mut self.lives[node.at()];
        life.up = true;
        life.up_for = life.up_for.wrapping_sub(now.0);
        life.sessions += u32::from(measuring);
    }

    /// A node became a member.
    pub(super) fn joined(&mut self, node: NodeIdx, now: SimTime) {
        let life = &mut self.lives[node.at()];
        life.joined = life.joined.min(now);
        life.left = SimTime::MAX;
        life.member = true;
    }

    /// All nodes are members from the start.
    pub(super) fn all_joined(&mut self, now: SimTime) {
        for life in &mut self.lives {
            life.joined = now;
            life.member = true;
            life.up = true;
            life.up_for = life.up_for.wrapping_sub(now.0);
        }
    }

    /// A node has lost the others. It is up, and going to join again.
    pub(super) fn lost_the_ring(&mut self, node: NodeIdx) {
        self.lives[node.at()].member = false;
    }

    /// A node went. One that never got as far as the ring has not left it.
    pub(super) fn left(&mut self, node: NodeIdx, now: SimTime, departure: Departure) {
        let got_there = self.got_there(node.at());
        let life = &mut self.lives[node.at()];
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
        for life in &mut self.lives {
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
        let activity = &mut self.activity[node.at()];
        activity.messages_out += 1;
        activity.forwarded += u32::from(traffic == Traffic::Forwarded);
        activity.bytes_out += u64::from(bytes);
    }

    /// A node handled a message.
    pub(super) fn handled(&mut self, node: NodeIdx) {
        self.activity[node.at()].messages_in += 1;
    }

    /// Asks for what counts for a node.
    pub(super) fn prefetch(&self, node: NodeIdx) {
        prefetch_at(&self.activity, node.at());
    }

    /// A node asked.
    pub(super) fn asked(&mut self, node: NodeIdx) {
        self.activity[node.at()].lookups_started += 1;
    }

    /// Notes how many of these keys each node owns, given who owns them.
    pub(super) fn count_keys(&mut self, owners: &[NodeIdx]) {
        self.keys = vec![0; self.lives.len()];
        for owner in owners {
            self.keys[owner.at()] += 1;
        }
    }

    /// The messages handled by each peer of `positions` nodes of which one was a member during the
    /// measurement.
    pub(super) fn loads(&self, positions: u32, from: SimTime) -> Vec<u64> {
        let first_of = |node: usize| node - node % positions as usize;
        let is_of_member = |node: usize| {
            let first = first_of(node);
            (first..first + positions as usize).any(|node| self.was_member(node, from))
        };
        self.by_peer(positions, |columns, node| {
            is_of_member(node).then(|| columns.activity[node].messages_in)
        })
    }

    /// The keys held at the end by each peer of `positions` nodes that is still there.
    pub(super) fn held_keys(&self, positions: u32) -> Vec<u64> {
        self.by_peer(positions, |columns, node| {
            columns
                .is_member(node)
                .then(|| columns.keys.get(node).copied().unwrap_or(0))
        })
    }

    /// The row of a node; `None` if it was no member during the measurement that began at `from`, asked for
    /// nothing and neither sent nor handled a message that counts. Every source of a lookup has a row, and every node that answers
    /// one.
    pub(super) fn record(&self, node: NodeIdx, from: SimTime, facts: &Facts) -> Option<NodeRecord> {
        let (life, activity) = (&self.lives[node.at()], &self.activity[node.at()]);
        let gone = (life.left != SimTime::MAX).then_some(life);
        let joined = (life.joined != SimTime::MAX).then_some(life.joined);
        let messages = activity.messages_in + activity.messages_out;
        let did_something = activity.lookups_started > 0 || messages > 0;
        let belongs = self.was_member(node.at(), from) || did_something;
        belongs.then(|| NodeRecord {
            node: node.0,
            id: facts.id,
            host: facts.host,
            joined_s: joined.map(|joined| joined.seconds_from(from)),
            left_s: gone.map(|life| life.left.seconds_from(from)),
            departure: gone.map(|life| life.departure),
            selfish: facts.selfish,
            keys: self
                .is_member(node.at())
                .then(|| self.keys.get(node.at()).copied().map(u64::from))
                .flatten(),
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

    fn is_member(&self, node: usize) -> bool {
        self.lives[node].member
    }

    /// Whether it has been a member in the life that it now lives.
    fn got_there(&self, node: usize) -> bool {
        let life = &self.lives[node];
        life.joined != SimTime::MAX && life.left == SimTime::MAX
    }

    fn was_member(&self, node: usize, from: SimTime) -> bool {
        let life = &self.lives[node];
        life.joined != SimTime::MAX && life.left >= from
    }

    /// Sums a value over the nodes of each peer; peers without any value are left out.
    fn by_peer(&self, positions: u32, value: impl Fn(&Self, usize) -> Option<u32>) -> Vec<u64> {
        let positions = positions as usize;
        let sum = |first: usize| {
            let values = (first..first + positions).filter_map(|node| value(self, node));
            values.map(u64::from).reduce(|a, b| a + b)
        };
        (0..self.lives.len())
            .step_by(positions)
            .filter_map(sum)
            .collect()
    }
}
