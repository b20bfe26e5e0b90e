//! The books of the audit, brought up to date with every change of a list or of who is a member.

use std::collections::{BTreeMap, BTreeSet};

use super::arcs::Pair;
use super::lately::Lately;
use super::lists::{Change, Lists, without};
use super::pointers::Pointers;
use super::shape::Shape;
use super::skips::Skips;
use super::story::{Cause, Story};
use super::values::{Rules, Values};
use super::{Findings, Invariant};
use crate::catalogue::AuditRecord;
use crate::engine::{SimDuration, SimTime};
use crate::world::{Directory, NodeIdx, RingId, Space};

/// The ring as it is: who is a member, and which identifier each node has that ever was one.
pub struct Ring<'a> {
    /// All members.
    pub members: &'a Directory,
    /// The identifier of a node, also of one that has gone for good.
    pub id_of: &'a dyn Fn(NodeIdx) -> RingId,
}

impl Ring<'_> {
    pub(super) fn id(&self, node: NodeIdx) -> RingId {
        (self.id_of)(node)
    }

    /// The neighbours in a node's extended list, sorted.
    fn pairs(&self, node: NodeIdx, list: &[NodeIdx]) -> Vec<Pair> {
        let extended = std::iter::once(&node).chain(list);
        let mut pairs: Vec<Pair> = extended
            .zip(list)
            .map(|(a, b)| (self.id(*a), self.id(*b)))
            .collect();
        pairs.sort_unstable();
        pairs
    }
}

/// Looks at the ring of one run.
pub struct Auditor {
    pub(super) space: Space,
    /// How many principals there have to be.
    pub(super) needed: u64,
    /// How long an answer may be under way.
    pub(super) patience: SimDuration,
    /// When the measurement begins.
    pub(super) from: SimTime,
    pub(super) lists: Lists,
    pub(super) skips: Skips,
    /// Whom each member's first live successor is.
    pub(super) pointers: Pointers,
    /// Members without a live successor.
    pub(super) orphans: BTreeSet<NodeIdx>,
    /// Members whose list is not in order.
    pub(super) disordered: BTreeSet<NodeIdx>,
    /// Members that have a node twice, or themselves.
    pub(super) doubled: BTreeSet<NodeIdx>,
    /// What the pointers made when it was last judged.
    pub(super) shape: Shape,
    /// When a node was last a member no more.
    pub(super) failed_at: Lately,
    /// Since when a member has been a principal.
    pub(super) principal_since: Lately,
    /// Principals that the change under way has made others skip.
    pub(super) newly_skipped: Vec<NodeIdx>,
    pub(super) now: SimTime,
    pub(super) cause: Cause,
    pub(super) story: Story,
    /// What does not hold now, and its row.
    pub(super) open: BTreeMap<Invariant, usize>,
    /// Until when the time with anything open is counted.
    pub(super) counted_until: SimTime,
    /// Whether the invariant has ever held.
    pub(super) established: bool,
    /// Since when it has held; `None` if it did from the start.
    pub(super) sound_since: Option<SimTime>,
    /// The selfish peer that has been asked for the owner of a key in this step, and lies about it.
    pub(super) liar: Option<NodeIdx>,
    pub(super) rows: Vec<AuditRecord>,
    pub(super) findings: Findings,
    /// What is known of values, where any are stored.
    pub(super) values: Option<Values>,
}

impl Auditor {
    /// An auditor of a ring with successor lists of this length. `patience` is how long a node waits
    /// for an answer, `from` when the measurement begins (times in rows count from there).
    #[must_use]
    pub fn new(space: Space, successors: u8, patience: SimDuration, from: SimTime) -> Self {
        Self {
            space,
            needed: u64::from(successors) + 1,
            patience,
            from,
            lists: Lists::default(),
            skips: Skips::new(space),
            pointers: Pointers::new(space),
            orphans: BTreeSet::new(),
            disordered: BTreeSet::new(),
            doubled: BTreeSet::new(),
            shape: Shape::SOUND,
            failed_at: Lately::new(patience),
            principal_since: Lately::new(patience),
            newly_skipped: Vec::new(),
            now: SimTime::ZERO,
            cause: Cause::Join,
            story: Story::default(),
            open: BTreeMap::new(),
            counted_until: SimTime::ZERO,
            established: false,
            sound_since: None,
            liar: None,
            rows: Vec::new(),
            findings: Findings::default(),
            values: None,
        }
    }

    /// Values are stored by these rules, and looked after.
    #[must_use]
    pub fn with_storage(mut self, rules: Option<Rules>) -> Self {
        self.values = rules.map(Values::new);
        self
    }

    /// The next node exists.
    pub fn add_node(&mut self) {
        self.lists.add_node();
    }

    /// A node that is no member will never be one again.
    pub fn gone_for_good(&mut self, node: NodeIdx) {
        self.lists.forget(node);
    }

    /// What happens next, and when.
    pub fn note(&mut self, now: SimTime, cause: Cause) {
        self.now = now;
        self.cause = cause;
    }

    /// All members are there from the start, with these lists.
    pub fn begin<'a>(&mut self, ring: &Ring<'_>, list_of: impl Fn(NodeIdx) -> &'a [NodeIdx]) {
        for (id, node) in ring.members.iter() {
            self.skips.joined(node, id);
            self.pointers.joined(node, id);
        }
        for (_, node) in ring.members.iter() {
            self.take_over(node, list_of(node), ring);
        }
        for (_, node) in ring.members.iter() {
            self.look_at(node, ring);
        }
        self.judge(NodeIdx::NONE, ring);
        // No answer from an earlier time is under way.
        self.sound_since = None;
    }

    /// A node has become a member, with this list; the directory knows it.
    pub fn joined(&mut self, node: NodeIdx, list: &[NodeIdx], ring: &Ring<'_>) {
        let cause = std::mem::replace(&mut self.cause, Cause::Join);
        self.story.add(self.now, node, Cause::Join, None);
        self.skips.joined(node, ring.id(node));
        self.pointers.joined(node, ring.id(node));
        self.principal_since.put(node, self.now);
        self.take_over(node, list, ring);
        self.look_around(node, ring);
        self.judge(node, ring);
        self.cause = cause;
    }

    /// A node has acted and has this list now.
    pub fn acted(&mut self, node: NodeIdx, list: &[NodeIdx], ring: &Ring<'_>) {
        if self.lists.of(node) == list || !ring.members.is_member(node) {
            return;
        }
        self.take_over(node, list, ring);
        self.look_at(node, ring);
        self.judge(node, ring);
    }

    /// A node is no member any more, and the directory knows it.
    pub fn left(&mut self, now: SimTime, node: NodeIdx, cause: Cause, ring: &Ring<'_>) {
        self.note(now, cause);
        self.newly_skipped.clear();
        self.story.add(now, node, cause, None);
        self.failed_at.put(node, now);
        self.skips.left(node);
        self.pointers.left(node);
        let list = self.lists.update(node, &[]).unwrap_or_default();
        for pair in ring.pairs(node, &list) {
            self.let_go(pair, ring);
        }
        self.look_around(node, ring);
        self.judge(node, ring);
    }

    /// The books now hold this list of a member.
    fn take_over(&mut self, node: NodeIdx, list: &[NodeIdx], ring: &Ring<'_>) {
        self.newly_skipped.clear();
        let Some(was) = self.lists.update(node, list) else {
            return;
        };
        let (before, after) = (ring.pairs(node, &was), ring.pairs(node, list));
        for pair in without(&after, &before) {
            let skipped = self.skips.add(pair, ring.members);
            self.newly_skipped.extend(skipped);
        }
        for pair in without(&before, &after) {
            self.let_go(pair, ring);
        }
        self.newly_skipped
            .retain(|node| self.skips.is_skipped(*node));
        if self.established {
            let (before, after) = (was.to_vec(), list.to_vec());
            let change = Some(Change { before, after });
            self.story.add(self.now, node, self.cause, change);
        }
    }

    fn let_go(&mut self, pair: Pair, ring: &Ring<'_>) {
        for node in self.skips.remove(pair, ring.members) {
            self.principal_since.put(node, self.now);
        }
    }

    /// Looks at everybody whose place depends on whether a node is a member.
    fn look_around(&mut self, node: NodeIdx, ring: &Ring<'_>) {
        for holder in self.lists.holders(node) {
            self.look_where_it_leads(holder, ring);
        }
        let before = ring.members.before(ring.id(node));
        if let Some((_, before)) = before.and_then(|id| ring.members.at_or_after(id)) {
            self.look_where_it_leads(before, ring);
        }
        self.look_at(node, ring);
    }

    /// Looks at one node: where its list leads, and whether it is in order.
    fn look_at(&mut self, node: NodeIdx, ring: &Ring<'_>) {
        let (list, member) = (self.lists.of(node), ring.members.is_member(node));
        let disordered = member && !self.is_in_order(node, list, ring);
        let doubled = member && has_twice(node, list);
        put(&mut self.disordered, node, disordered);
        put(&mut self.doubled, node, doubled);
        self.look_where_it_leads(node, ring);
    }

    fn look_where_it_leads(&mut self, node: NodeIdx, ring: &Ring<'_>) {
        let (id, list, member) = (
            ring.id(node),
            self.lists.of(node),
            ring.members.is_member(node),
        );
        let first = list
            .iter()
            .copied()
            .find(|entry| ring.members.is_member(*entry));
        let alone = ring.members.len() == 1;
        let orphan = member && first.is_none() && !alone;
        let astray = member && !alone && first != ring.members.next(id);
        let target = first.map(|first| ring.id(first));
        put(&mut self.orphans, node, orphan);
        self.pointers
            .set(id, astray.then_some(target), ring.members);
    }

    fn is_in_order(&self, node: NodeIdx, list: &[NodeIdx], ring: &Ring<'_>) -> bool {
        let far = |entry: &NodeIdx| self.space.distance(ring.id(node), ring.id(*entry));
        list.is_sorted_by_key(far)
    }
}

fn has_twice(node: NodeIdx, list: &[NodeIdx]) -> bool {
    let mut nodes = list.to_vec();
    nodes.push(node);
    nodes.sort_unstable();
    nodes.windows(2).any(|two| two[0] == two[1])
}

fn put(set: &mut BTreeSet<NodeIdx>, node: NodeIdx, belongs: bool) {
    if belongs {
        set.insert(node);
    } else {
        set.remove(&node);
    }
}
