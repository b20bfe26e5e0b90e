//! Copies are compared, replaced, released and found again (after Cates 2003: an owner synchronises its keys with the nodes
//! behind it, and who keeps what is not its own finds the owner).

use rand::RngExt as _;

use super::operation::closed_by;
use super::shelf::Round;
use super::{
    Cause, Host, Msg, NOBODY_WAITS, Purpose, Stored, Timer, pack_names, pack_summary, pack_values,
    send,
};
use crate::engine::{SimDuration, SimTime};
use crate::overlay::{Arc, Fx, Item, ParcelId, Traffic};
use crate::scenario::resolved::Rounds;
use crate::world::{CallId, NodeIdx};

/// The most copies that a node offers at once.
const MOST_OFFERED: usize = 1024;

/// An offer that was passed on so often goes on no more: the node offers again.
const MOST_HOPS: u8 = 128;

impl<O: Host> Stored<O> {
    /// A node that has become a member repairs from now on.
    pub(super) fn start_repairing(&mut self, fx: &mut Fx<O>) {
        let Some(period) = self.config.repair_every else {
            return;
        };
        let after = match self.config.rounds {
            Rounds::Staggered => period.scaled(fx.rng().random::<f64>()),
            Rounds::Together => until_next_round(fx.now(), period),
        };
        fx.timer(after, O::Timer::from(Timer::Repair));
    }

    /// The time for a repair has come.
    pub(super) fn on_repair_timer(&mut self, fx: &mut Fx<O>) {
        if !self.wait_for_repair(fx) {
            return;
        }
        let node = fx.node();
        self.shelf_mut(node).declined.clear();
        fx.timer(time_to_ask::<O>(fx), O::Timer::from(Timer::Offer));
        if let Some(arc) = self.overlay.own_arc(node) {
            let now = fx.now();
            self.shelf_mut(node).asked(arc, now);
            self.compare(arc, fx);
        }
    }

    /// A node repairs once more in a period, if it is a member. Returns whether it is.
    pub(super) fn wait_for_repair(&self, fx: &mut Fx<O>) -> bool {
        let Some(period) = self.config.repair_every else {
            return false;
        };
        if !self.overlay.is_member(fx.node()) {
            // Joining starts another timer.
            return false;
        }
        let after = match self.config.rounds {
            Rounds::Staggered => period,
            Rounds::Together => until_next_round(fx.now(), period),
        };
        fx.timer(after, O::Timer::from(Timer::Repair));
        true
    }

    /// The owner tells the others what it has.
    fn compare(&mut self, arc: Arc, fx: &mut Fx<O>) {
        let node = fx.node();
        let (others, _) = self.others(node);
        let digest = self.shelf(node).digest(arc);
        let before = self
            .shelf(node)
            .round
            .as_ref()
            .map_or(0, |round| round.number);
        let number = before.wrapping_add(1);
        self.shelf_mut(node).round = Some(Round {
            number,
            arc,
            digest,
            wanted: others.len() as u8,
            asked: others.clone(),
            same: 0,
            awaited: 0,
        });
        for other in &others {
            ask_same::<O>(*other, (arc, digest), Purpose::Compare(number), fx);
        }
        self.compare_elsewhere(arc, fx);
        if others.is_empty() {
            self.release_behind(fx);
        }
    }

    /// One of the others is silent: the next node that comes into question is told in its place.
    pub(super) fn on_silent_other(&mut self, number: u32, fx: &mut Fx<O>) {
        let node = fx.node();
        let round = self.shelf(node).round.as_ref();
        let Some(round) = round.filter(|round| round.number == number) else {
            return;
        };
        let known = round.asked.iter().map(|asked| self.peer_of(*asked));
        let known: Vec<u32> = known.chain([self.peer_of(node)]).collect();
        let mut candidates = self.overlay.stand_ins(node).iter();
        let next = candidates.find(|candidate| !known.contains(&self.peer_of(**candidate)));
        let (Some(&next), about) = (next, (round.arc, round.digest)) else {
            return;
        };
        if let Some(round) = &mut self.shelf_mut(node).round {
            round.asked.push(next);
        }
        ask_same::<O>(next, about, Purpose::Compare(number), fx);
    }

    /// Whoever keeps copies at another place is silent: the next round will see.
    pub(super) fn on_silent_part(&mut self, number: u32, fx: &Fx<O>) {
        self.searches.end_part(fx.node(), number);
    }

    /// An owner says what it has.
    pub(super) fn on_summary(
        &mut self,
        from: NodeIdx,
        call: CallId,
        summary: ParcelId,
        fx: &mut Fx<O>,
    ) {
        let batch = fx.batch(summary);
        let (arc, digest) = (batch.arc, batch.digest);
        let now = fx.now();
        let shelf = self.shelf_mut(fx.node());
        shelf.asked(arc, now);
        let answer = if shelf.digest(arc) == digest {
            Msg::Same(call)
        } else {
            let items: Vec<_> = shelf.on(arc).collect();
            Msg::Inventory(call, pack_names::<O>(&items, fx))
        };
        send::<O>(from, answer, Traffic::Repair, fx);
    }

    /// One of the others has the same.
    pub(super) fn on_same(&mut self, from: NodeIdx, call: CallId, fx: &mut Fx<O>) {
        match closed_by::<O>(call, from, fx) {
            Some(Purpose::Compare(round)) => self.count_same(round, fx),
            Some(Purpose::Part(number)) => {
                self.searches.end_part(fx.node(), number);
            }
            _ => {}
        }
    }

    fn count_same(&mut self, number: u32, fx: &mut Fx<O>) {
        if let Some(round) = &mut self.shelf_mut(fx.node()).round
            && round.number == number
        {
            round.same += 1;
            if round.is_complete() {
                self.release_behind(fx);
            }
        }
    }

    /// One of the others has something else: it gets what it lacks, unless it has declined that already, and is asked for
    /// what this node lacks and `wants`.
    pub(super) fn on_inventory(
        &mut self,
        from: NodeIdx,
        call: CallId,
        items: ParcelId,
        wants: bool,
        fx: &mut Fx<O>,
    ) {
        let (arc, complete) = match closed_by::<O>(call, from, fx) {
            Some(Purpose::Compare(round)) => {
                let arc = self.shelf(fx.node()).round.as_ref().map(|it| it.arc);
                (arc, Purpose::Complete(round))
            }
            Some(Purpose::Part(number)) => {
                (self.searches.end_part(fx.node(), number), Purpose::Replace)
            }
            _ => return,
        };
        let Some(arc) = arc else {
            return;
        };
        let node = fx.node();
        let theirs = &fx.batch(items).items;
        let (missing_there, mut missing_here) = self.differences(node, arc, theirs);
        missing_here.retain(|_| wants);
        let missing_here = self.not_wanted_yet(node, missing_here);
        if !missing_there.is_empty() && self.shelf(node).declined.contains(&from) {
            if let Purpose::Complete(round) = complete {
                self.on_silent_other(round, fx);
            }
        } else if !missing_there.is_empty() {
            let purpose = if missing_here.is_empty() {
                complete
            } else {
                Purpose::Replace
            };
            send_copies::<O>(from, &missing_there, purpose, fx);
        }
        if !missing_here.is_empty() {
            if let Some(round) = &mut self.shelf_mut(node).round {
                round.awaited = round.awaited.saturating_add(1);
            }
            let wanted = pack_names::<O>(&missing_here, fx);
            send::<O>(from, Msg::Wanted(wanted), Traffic::Repair, fx);
        }
    }

    /// Copies have come. If the owner itself lacked them, others may lack them as well: when all are there, it compares once
    /// more.
    pub(super) fn compare_again(&mut self, fx: &mut Fx<O>) {
        let node = fx.node();
        let Some(round) = self
            .shelf_mut(node)
            .round
            .as_mut()
            .filter(|round| round.awaited > 0)
        else {
            return;
        };
        round.awaited -= 1;
        if round.awaited == 0
            && let Some(arc) = self.overlay.own_arc(node)
        {
            self.compare(arc, fx);
        }
    }

    /// The copies on an arc that another node lacks, given what it has there, and those that this one lacks.
    fn differences(&self, node: NodeIdx, arc: Arc, theirs: &[Item]) -> (Vec<Item>, Vec<Item>) {
        let mut theirs_by_key: Vec<_> =
            theirs.iter().map(|item| (item.key, item.version)).collect();
        theirs_by_key.sort_unstable();
        let their_version = |key| {
            let place = theirs_by_key.binary_search_by_key(&key, |(key, _)| *key);
            place.map_or(0, |place| theirs_by_key[place].1)
        };
        let shelf = self.shelf(node);
        let missing_there = shelf
            .on(arc)
            .filter(|item| item.version > their_version(item.key));
        let missing_here = theirs
            .iter()
            .copied()
            .filter(|item| item.version > shelf.copy_of(item.key).version);
        (missing_there.collect(), missing_here.collect())
    }

    /// Another node asks for copies.
    pub(super) fn on_wanted(&mut self, from: NodeIdx, items: ParcelId, fx: &mut Fx<O>) {
        let shelf = self.shelf(fx.node());
        let wanted = fx.batch(items).items.iter();
        let copies: Vec<_> = wanted
            .map(|item| shelf.copy_of(item.key))
            .filter(|item| item.version > 0)
            .collect();
        if !copies.is_empty() {
            let values = pack_values::<O>(&copies, fx);
            let copies = Msg::Copies(NOBODY_WAITS, Cause::Wanted, values);
            send::<O>(from, copies, Traffic::Repair, fx);
        }
    }

    /// All who should have copies of this node's keys have the same. So the node behind them, which was one of them before
    /// another joined, need not keep them any more.
    fn release_behind(&mut self, fx: &mut Fx<O>) {
        let node = fx.node();
        let (_, Some(behind)) = self.others(node) else {
            return;
        };
        let Some(round) = &self.shelf(node).round else {
            return;
        };
        let (arc, digest) = (round.arc, round.digest);
        // Where a node was passed over, the one behind has taken its place.
        if round.asked.contains(&behind) || self.shelf(node).released == Some((behind, arc)) {
            return;
        }
        self.shelf_mut(node).released = Some((behind, arc));
        let summary = pack_summary::<O>(arc, digest, fx);
        send::<O>(behind, Msg::Release(summary), Traffic::Repair, fx);
    }

    /// An owner has enough copies elsewhere.
    pub(super) fn on_release(&mut self, from: NodeIdx, summary: ParcelId, fx: &mut Fx<O>) {
        let node = fx.node();
        let batch = fx.batch(summary);
        let (arc, digest) = (batch.arc, batch.digest);
        let items: Vec<_> = self.shelf(node).on(arc).collect();
        if items.is_empty() {
            return;
        }
        if self.shelf(node).digest(arc) == digest {
            for item in items {
                if !self.is_keeper(node, item.key) {
                    self.discard(node, item.key);
                }
            }
        } else {
            let names = pack_names::<O>(&items, fx);
            send::<O>(from, Msg::Offer(node, 0, names), Traffic::Repair, fx);
        }
    }

    /// The owners of all that this node keeps have had time to ask about it. What nobody has asked about for longer than a
    /// period is misplaced, and is offered to its owner.
    pub(super) fn on_offer_timer(&mut self, fx: &mut Fx<O>) {
        let Some(period) = self.config.repair_every else {
            return;
        };
        let node = fx.node();
        let Some(own) = self.overlay.own_arc(node) else {
            return;
        };
        let long = period.0.saturating_add(time_to_ask::<O>(fx).0 / 2);
        let Some(since) = fx.now().0.checked_sub(long) else {
            return;
        };
        let unasked = self
            .shelf(node)
            .unasked(SimTime(since), own.upto, MOST_OFFERED);
        let items: Vec<_> = unasked.collect();
        self.pass_offer_on(node, (node, 0), &items, fx);
    }

    /// Passes an offer on towards the owner of its first key.
    fn pass_offer_on(
        &mut self,
        from: NodeIdx,
        (origin, hops): (NodeIdx, u8),
        items: &[Item],
        fx: &mut Fx<O>,
    ) {
        let node = fx.node();
        let Some(first) = items.first().filter(|_| hops < MOST_HOPS) else {
            return;
        };
        let (before, me) = (self.overlay.id(from), self.overlay.id(node));
        // The sender has taken this node for the owner, and did not know a node that lies between.
        let is_past = from != node && self.space.between_right_closed(before, first.key, me);
        let next = if is_past {
            self.overlay.predecessor(node)
        } else {
            self.overlay.towards(node, first.key)
        };
        if let Some(next) = next {
            let names = pack_names::<O>(items, fx);
            let offer = Msg::Offer(origin, hops + 1, names);
            send::<O>(next, offer, Traffic::Repair, fx);
        }
    }

    /// A node has copies that may be of this node's keys, which it `wants` or not.
    pub(super) fn on_offer(
        &mut self,
        from: NodeIdx,
        (origin, hops): (NodeIdx, u8),
        items: ParcelId,
        wants: bool,
        fx: &mut Fx<O>,
    ) {
        let node = fx.node();
        // Who does not know where its keys begin cannot tell; the offer will be made again.
        let Some(own) = self.overlay.own_arc(node) else {
            return;
        };
        let offered = fx.batch(items).items.clone();
        let is_mine = |item: &Item| own.holds(self.space, item.key);
        let (mine, others): (Vec<Item>, Vec<Item>) = offered.into_iter().partition(is_mine);
        let from = if mine.is_empty() { from } else { node };
        self.pass_offer_on(from, (origin, hops), &others, fx);
        if mine.is_empty() || origin == node || !wants {
            return;
        }
        let newer = |item: &Item| item.version > self.shelf(node).copy_of(item.key).version;
        let (wanted, known): (Vec<Item>, Vec<Item>) = mine.into_iter().partition(newer);
        let wanted = self.not_wanted_yet(node, wanted);
        if !wanted.is_empty() {
            if let Some(round) = &mut self.shelf_mut(node).round {
                round.awaited = round.awaited.saturating_add(1);
            }
            let wanted = pack_names::<O>(&wanted, fx);
            send::<O>(origin, Msg::Wanted(wanted), Traffic::Repair, fx);
        }
        let (keepers, _) = self.others(node);
        if !known.is_empty() && !keepers.contains(&origin) {
            let known = pack_names::<O>(&known, fx);
            send::<O>(origin, Msg::Drop(known), Traffic::Repair, fx);
        }
    }

    /// The owner of these has them.
    pub(super) fn on_drop(&mut self, items: ParcelId, fx: &Fx<O>) {
        let node = fx.node();
        for item in &fx.batch(items).items {
            let is_keeper = self.is_keeper(node, item.key);
            if !is_keeper && self.shelf(node).copy_of(item.key).version <= item.version {
                self.discard(node, item.key);
            }
        }
    }

    /// Copies have been acknowledged.
    pub(super) fn on_got(&mut self, from: NodeIdx, call: CallId, fx: &mut Fx<O>) {
        match closed_by::<O>(call, from, fx) {
            Some(Purpose::Complete(round)) => self.count_same(round, fx),
            Some(Purpose::Handover) => self.handed_over(call, fx),
            _ => {}
        }
    }
}

/// Tells a node that should have the same copies of their digest.
pub(super) fn ask_same<O: Host>(
    to: NodeIdx,
    (arc, digest): (Arc, u64),
    purpose: Purpose,
    fx: &mut Fx<O>,
) {
    let summary = pack_summary::<O>(arc, digest, fx);
    let purpose = O::Purpose::from(purpose);
    fx.call(to, purpose, Traffic::Repair, |call| {
        O::Msg::from(Msg::Summary(call, summary))
    });
}

/// Sends copies to a node that lacks them.
pub(super) fn send_copies<O: Host>(to: NodeIdx, items: &[Item], purpose: Purpose, fx: &mut Fx<O>) {
    let values = pack_values::<O>(items, fx);
    fx.call(to, O::Purpose::from(purpose), Traffic::Repair, |call| {
        O::Msg::from(Msg::Copies(call, Cause::Repair, values))
    });
}

/// How long owners need to ask about copies, at most: two of their calls may be in vain.
fn time_to_ask<O: Host>(fx: &Fx<O>) -> SimDuration {
    SimDuration(fx.rpc_timeout().0.saturating_mul(4)).max(SimDuration::from_secs(2))
}

fn until_next_round(now: SimTime, period: SimDuration) -> SimDuration {
    SimDuration(period.0 - now.0 % period.0)
}
