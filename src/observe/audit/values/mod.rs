//! The audit of what is stored: whether copies are where they belong, are counted as they are, and are what users are told.
//!
//! What the protocol of `docs/storage.md` promises, and when:
//!
//! * at any time the counts of keys and copies are those of the shelves, and what a get that reads nothing says of the value
//!   is so;
//! * a get reads no version older than the newest one acknowledged when it began, if the quorums overlap and the nodes that
//!   keep copies have been the same since that version's put began;
//! * a node that joins or says goodbye moves keys, so that they are at their owners when its messages have arrived. That is
//!   promised of a ring in order where one such change comes after the other;
//! * whatever has happened, repair brings all copies to their places, given the time that it takes and a ring that nothing
//!   disturbs.
//!
//! One concern a file: [`calm`] says how long nothing has been disturbed, [`stocktaking`] goes along the shelves,
//! [`looking`] compares what is there with what was promised, and [`rules`] says what a scenario promises.

mod calm;
mod looking;
mod rules;
mod stocktaking;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use self::calm::{Calm, Disturbance};
pub use self::rules::Rules;
use self::stocktaking::Shelves;
use super::auditor::Ring;
use super::story::Cause;
use super::{Auditor, Excuse, Invariant};
use crate::catalogue::OperationOutcome;
use crate::client::OperationState;
use crate::engine::SimTime;
use crate::overlay::Arc;
use crate::overlay::storage::Stock;
use crate::world::{Action, NodeIdx, RingId};

/// Something that does not hold, or does again.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Finding {
    Broken {
        invariant: Invariant,
        node: NodeIdx,
        excuse: Option<Excuse>,
        /// Keys.
        offenders: Vec<RingId>,
        told: String,
    },
    Holds(Invariant),
}

/// The books about what is stored.
pub(super) struct Values {
    rules: Rules,
    calm: Calm,
    /// All nodes that are up, members or not.
    up: BTreeSet<NodeIdx>,
    /// The keys that each takes for its own.
    own: BTreeMap<NodeIdx, Option<Arc>>,
    /// When the put of each version began.
    puts: BTreeMap<(RingId, u32), SimTime>,
    /// Those that may be under way, or may have been a moment ago.
    recent: VecDeque<(SimTime, RingId)>,
    /// Keys that were put while the ring was disturbed: until repair has been there their newest copy may be anywhere.
    doubtful: BTreeSet<RingId>,
    /// Keys of which there were copies when a ring in order was last looked at.
    known: BTreeSet<RingId>,
    /// What does not hold, and its row.
    open: BTreeMap<Invariant, (usize, Option<Excuse>)>,
}

impl Values {
    pub(super) fn new(rules: Rules) -> Self {
        Self {
            rules,
            calm: Calm::new(rules.settle(), rules.handover),
            up: BTreeSet::new(),
            own: BTreeMap::new(),
            puts: BTreeMap::new(),
            recent: VecDeque::new(),
            doubtful: BTreeSet::new(),
            known: BTreeSet::new(),
            open: BTreeMap::new(),
        }
    }

    /// Why something about copies need not hold. Where peers do not do their share nothing is promised.
    fn excuse(&self, excuse: Option<Excuse>) -> Option<Excuse> {
        let selfish = (!self.rules.all_do_their_share).then_some(Excuse::Selfish);
        excuse.or(selfish)
    }

    fn shelves<'a>(&'a self, ring: &'a Ring<'a>, stock: &'a dyn Stock) -> Shelves<'a> {
        Shelves {
            ring,
            stock,
            up: &self.up,
            nodes_per_peer: self.rules.nodes_per_peer,
        }
    }

    /// The nodes that are there from the start.
    pub(super) fn begin(&mut self, ring: &Ring<'_>, stock: &dyn Stock) {
        self.up.extend(ring.members.iter().map(|(_, node)| node));
        for (_, node) in ring.members.iter() {
            self.own.insert(node, stock.own_keys(node));
        }
        self.calm.is_in_order = self.shelves(ring, stock).is_in_order();
    }

    pub(super) fn came_up(&mut self, node: NodeIdx) {
        self.up.insert(node);
    }

    pub(super) fn went_down(&mut self, node: NodeIdx) {
        self.up.remove(&node);
        self.own.remove(&node);
    }

    /// A node is a member from now on, or no more; so many are there.
    pub(super) fn came_or_went(&mut self, now: SimTime, cause: Cause, members: usize) {
        let what = match cause {
            Cause::Crash | Cause::Lost => Disturbance::Failure,
            // There is nobody to say goodbye to.
            Cause::Leave if members == 0 => Disturbance::Failure,
            _ => Disturbance::Gentle,
        };
        self.disturb(what, now, now);
    }

    /// A node has acted. Its list of others has changed if `list_changed`.
    pub(super) fn acted(
        &mut self,
        now: SimTime,
        node: NodeIdx,
        list_changed: bool,
        stock: &dyn Stock,
    ) {
        let own = stock.own_keys(node);
        let own_changed = self.own.insert(node, own) != Some(own);
        if list_changed || own_changed {
            self.disturb(Disturbance::Tables, now, now);
        }
    }

    /// A live node was taken for dead.
    pub(super) fn doubted(&mut self, now: SimTime) {
        self.disturb(Disturbance::Suspicion, now, now);
    }

    /// A message was lost or refused.
    pub(super) fn mishap(&mut self, now: SimTime) {
        self.disturb(Disturbance::Mishap, now, now);
    }

    /// A message will arrive then.
    pub(super) fn on_its_way(&mut self, now: SimTime, arrives: SimTime) {
        if arrives.since(now) > self.rules.patience {
            self.disturb(Disturbance::Mishap, now, arrives);
        }
    }

    fn disturb(&mut self, what: Disturbance, now: SimTime, over: SimTime) {
        self.calm.disturb(what, now, over);
        let long = self.rules.put_is_over_after();
        let recent = self.recent.drain(..);
        let open = recent.filter(|(began, _)| *began + long >= now);
        self.doubtful.extend(open.map(|(_, key)| key));
    }

    /// A user puts or gets what is under a key.
    pub(super) fn began(&mut self, now: SimTime, key: RingId, action: Action) {
        let Action::Put { version, .. } = action else {
            return;
        };
        self.puts.insert((key, version), now);
        if !self.calm.is_in_order || !self.rules.puts_reach_owners {
            self.doubtful.insert(key);
            return;
        }
        self.forget_puts_before(now);
        self.recent.push_back((now, key));
    }

    /// Nothing of a put that began long ago is under way.
    fn forget_puts_before(&mut self, now: SimTime) {
        let long = self.rules.put_is_over_after();
        let over = |(began, _): &mut (SimTime, RingId)| *began + long < now;
        while self.recent.pop_front_if(over).is_some() {}
    }

    /// A put or get has been told how it ended.
    pub(super) fn ended(
        &self,
        key: RingId,
        state: &OperationState,
        (ring, stock): (&Ring<'_>, &dyn Stock),
    ) -> Option<Finding> {
        if state.action != Action::Get {
            return None;
        }
        let shelves = self.shelves(ring, stock);
        let holder = shelves.holder_of(key);
        match (state.outcome, holder) {
            (OperationOutcome::Lost | OperationOutcome::Missing, Some(holder)) => {
                let told = format!("a get was told that there is nothing, and {holder} has a copy");
                Some(broken(Invariant::ReportedLost, holder, None, key, told))
            }
            (OperationOutcome::Found | OperationOutcome::Stale, _)
                if state.version < state.newest_stored =>
            {
                self.stale(key, state, &shelves)
            }
            _ => None,
        }
    }

    /// A get has read an old version.
    fn stale(&self, key: RingId, state: &OperationState, shelves: &Shelves) -> Option<Finding> {
        if !self.rules.quorums_overlap {
            return None;
        }
        let newest = state.newest_stored;
        // What was there from the start is older than any change.
        let began = self.puts.get(&(key, newest)).copied();
        let began = began.unwrap_or(SimTime::ZERO);
        let promised = self.calm.is_unchanged_since(began) && shelves.is_in_order();
        let excuse = self.excuse((!promised).then_some(Excuse::NotAtRest));
        let read = state.version;
        let told = format!("a get read version {read} though version {newest} had been stored");
        let owner = shelves.ring.members.at_or_after(key);
        let owner = owner.map_or(NodeIdx::NONE, |(_, owner)| owner);
        Some(broken(Invariant::FreshReads, owner, excuse, key, told))
    }
}

fn broken(
    invariant: Invariant,
    node: NodeIdx,
    excuse: Option<Excuse>,
    key: RingId,
    told: String,
) -> Finding {
    Finding::Broken {
        invariant,
        node,
        excuse,
        offenders: vec![key],
        told,
    }
}

impl Auditor {
    /// Lets the books about what is stored do something, if there are any, and puts down what they find.
    pub(super) fn with_values<F: IntoIterator<Item = Finding>>(
        &mut self,
        ring: &Ring<'_>,
        work: impl FnOnce(&mut Values) -> F,
    ) {
        let Some(mut values) = self.values.take() else {
            return;
        };
        for finding in work(&mut values) {
            self.put_down(finding, &mut values.open, ring);
        }
        self.values = Some(values);
    }

    fn put_down(
        &mut self,
        finding: Finding,
        open: &mut BTreeMap<Invariant, (usize, Option<Excuse>)>,
        ring: &Ring<'_>,
    ) {
        let now = self.now.seconds_from(self.from);
        match finding {
            Finding::Holds(invariant) => {
                if let Some((row, _)) = open.remove(&invariant) {
                    self.rows[row].until_s = Some(now);
                }
            }
            Finding::Broken {
                invariant,
                node,
                excuse,
                offenders,
                told,
            } => {
                let lasts = invariant.is_of_copies();
                match open.get(&invariant) {
                    // It is told once more only if what excused it excuses it no longer.
                    Some((_, before)) if lasts && (excuse.is_some() || before.is_none()) => return,
                    Some((row, _)) if lasts => self.rows[*row].until_s = Some(now),
                    _ => {}
                }
                let row =
                    self.violation_of_values(invariant, node, excuse, (offenders, told), ring);
                if lasts {
                    open.insert(invariant, (row, excuse));
                }
            }
        }
    }
}
