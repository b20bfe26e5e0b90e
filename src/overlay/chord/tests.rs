//! The protocol in situations that a whole run meets too rarely, and what its tables hold in the
//! long run.

use super::calls::Purpose;
use super::message::{Leg, Role};
use super::ops::Aim;
use super::*;
use crate::engine::{self, Epoch, Event, EventQueue, SimTime, Stream, stream};
use crate::overlay::{Effect, Overlay as _, Service};
use crate::scenario::resolved::{LookupMode, Maintenance};

pub(super) fn config(lookup: LookupMode) -> resolved::Chord {
    let second = SimDuration::from_secs(1);
    resolved::Chord {
        routing: Routing::Fingers,
        lookup,
        maintenance: Maintenance::Zave2017,
        successors: 4,
        stabilize_every: Some(second),
        fix_fingers_every: Some(second),
        check_predecessor_every: Some(second),
        maintenance_jitter: 0.1,
    }
}

/// An overlay on a ring of 2^`id_bits` positions.
pub(super) fn overlay(id_bits: u32) -> resolved::Overlay {
    resolved::Overlay {
        protocol: resolved::Protocol::Chord,
        nodes: 1,
        virtual_nodes: 1,
        id_bits,
        ids: resolved::Ids::Hashed,
        start: resolved::Start::Converged,
        join_window: SimDuration::ZERO,
        rpc_timeout: SimDuration::from_millis(500),
        request_timeout: SimDuration::from_secs(5),
    }
}

/// A ring of nodes with the identifiers 0, 10, 20, ... of which node i has 10 · i, on a network
/// where every message takes 10 ms.
struct Lab {
    chord: Chord,
    fx: Fx,
    queue: EventQueue<engine::Packed>,
    now: SimTime,
    dead: Vec<bool>,
    answered: u64,
    wants_contact: u64,
}

impl Lab {
    fn new(nodes: u32, lookup: LookupMode, defence: Defence) -> Self {
        Self::with(nodes, &config(lookup), defence)
    }

    /// As the protocols before the proved one have it.
    fn keeping(nodes: u32, maintenance: Maintenance) -> Self {
        let config = resolved::Chord {
            maintenance,
            ..config(LookupMode::Recursive)
        };
        Self::with(nodes, &config, Defence::None)
    }

    fn with(nodes: u32, config: &resolved::Chord, defence: Defence) -> Self {
        let mut chord = Chord::new(&overlay(12), config, defence);
        let ring: Vec<_> = (0..nodes)
            .map(|node| (RingId(u64::from(node) * 10), NodeIdx(node)))
            .collect();
        for (id, _) in &ring {
            chord.add_node(*id);
        }
        chord.converge(&ring);
        Self {
            chord,
            fx: Effects::new(stream(1, Stream::Protocol)),
            queue: EventQueue::new(),
            now: SimTime::ZERO,
            dead: vec![false; nodes as usize],
            answered: 0,
            wants_contact: 0,
        }
    }

    /// Lets a node act; what it wants done is scheduled.
    fn act<R>(&mut self, node: NodeIdx, handler: impl FnOnce(&mut Chord, &mut Fx) -> R) -> R {
        self.fx.begin(self.now, node, Epoch::default());
        let result = handler(&mut self.chord, &mut self.fx);
        let effects: Vec<_> = (0..)
            .map_while(|place| self.fx.get(place).copied())
            .collect();
        self.fx.end();
        for effect in effects {
            self.apply(node, effect);
        }
        result
    }

    fn apply(&mut self, node: NodeIdx, effect: Effect<Packed, Timer>) {
        let epoch = Epoch::default();
        match effect {
            Effect::Send { to, msg, .. } => {
                let from = node;
                let event: Event<_, Timer> = Event::Message {
                    to,
                    from,
                    epoch,
                    msg,
                };
                self.queue
                    .push(self.now + SimDuration::from_millis(10), event.pack());
            }
            Effect::Timer { after, timer } => {
                let event: Event<Packed, _> = Event::Timer { node, epoch, timer };
                self.queue.push(self.now + after, event.pack());
            }
            Effect::Answered { .. } => self.answered += 1,
            Effect::NeedsContact => self.wants_contact += 1,
            Effect::Claims { .. } | Effect::Failed { .. } | Effect::Joined => {}
        }
    }

    /// Goes on until `end`.
    fn run(&mut self, end: SimTime) {
        while self.now < end {
            let due = self.chord.next_deadline();
            let next = self.queue.pop_until(due.unwrap_or(SimTime::MAX));
            let next = next.map(|(at, event)| (at, Event::unpack(event)));
            let next = next.or_else(|| {
                let (node, epoch, timer) = self.chord.pop_deadline()?;
                Some((due?, Event::Timer { node, epoch, timer }))
            });
            let Some((at, event)) = next else {
                break;
            };
            self.now = at;
            match event {
                Event::Message { to, msg, .. } if self.dead[to.at()] => self.chord.discard(msg),
                Event::Message { to, from, msg, .. } => {
                    self.act(to, |chord, fx| chord.on_message(from, msg, fx));
                }
                Event::Timer { node, timer, .. } if !self.dead[node.at()] => {
                    self.act(node, |chord, fx| chord.on_timer(timer, fx));
                }
                _ => {}
            }
        }
    }

    fn crash(&mut self, node: u32) {
        self.chord.remove(NodeIdx(node));
        self.dead[node as usize] = true;
    }
}

const RETRY: Defence = Defence::Retry {
    after: SimDuration::from_millis(700),
    attempts: 3,
};

#[test]
fn a_nearer_predecessor_that_came_meanwhile_stays() {
    let mut lab = Lab::new(10, LookupMode::Recursive, Defence::None);
    let node = NodeIdx(9);
    lab.act(node, |chord, fx| {
        chord.set_predecessor(node, NodeIdx(5));
        // Farther away than the predecessor: that one is asked whether it lives.
        chord.on_message(NodeIdx(3), Msg::Notify.into(), fx);
        assert_eq!(chord.node(node).status, Status::Rectifying);
        chord.on_message(NodeIdx(8), Msg::Notify.into(), fx);
        assert_eq!(chord.predecessor(node), Some(NodeIdx(8)));
    });
    lab.crash(5);
    lab.run(SimTime(600_000_000));
    assert_eq!(lab.chord.predecessor(node), Some(NodeIdx(8)));
    assert_eq!(lab.chord.node(node).status, Status::Idle);
}

#[test]
fn a_dead_predecessor_gives_way_to_who_claims_its_place() {
    let mut lab = Lab::new(10, LookupMode::Recursive, Defence::None);
    let node = NodeIdx(9);
    lab.crash(8);
    lab.act(node, |chord, fx| {
        chord.on_message(NodeIdx(7), Msg::Notify.into(), fx);
    });
    lab.run(SimTime(600_000_000));
    assert_eq!(lab.chord.predecessor(node), Some(NodeIdx(7)));
}

/// Names of operations come round again; a timer or message of long ago may find another's.
#[test]
fn nobody_touches_an_operation_of_another_node() {
    let mut lab = Lab::new(10, LookupMode::Recursive, RETRY);
    let (owner, stranger) = (NodeIdx(1), NodeIdx(2));
    let op = lab.chord.ops.insert(RingId(77), owner, Aim::User(0));
    let snapshot = lab.chord.snapshots.take(NodeIdx(3), &[NodeIdx(4)]);
    lab.act(stranger, |chord, fx| {
        chord.on_timer(Timer::Retry(op), fx);
        chord.on_timer(Timer::Join(op), fx);
        chord.on_message(NodeIdx(3), Msg::JoinLater(op).into(), fx);
        chord.on_message(NodeIdx(3), Msg::Welcome(op, snapshot).into(), fx);
        chord.on_message(NodeIdx(3), Msg::NoRoute(op).into(), fx);
        chord.on_message(
            NodeIdx(3),
            Msg::Answer(Leg::new(Role::Step, 1), op).into(),
            fx,
        );
    });
    let row = lab.chord.ops.get(op).expect("still under way");
    assert_eq!(row.attempt, 0);
    assert_eq!(
        (lab.answered, lab.wants_contact, lab.queue.len()),
        (0, 0, 0)
    );
    assert_eq!(lab.chord.successors(stranger)[0], NodeIdx(3));
}

/// The call of a lookup that has started again meanwhile is over without consequences.
#[test]
fn a_lookup_that_started_again_goes_one_way_only() {
    let mut lab = Lab::new(10, LookupMode::Iterative, RETRY);
    let node = NodeIdx(0);
    let op = lab.act(node, |chord, fx| {
        let op = chord.start_lookup(RingId(77), 0, fx);
        chord.on_timer(Timer::Retry(op), fx);
        op
    });
    let current = lab.chord.ops.get(op).unwrap().call;
    let first = super::message::CallId(current.0 - 1);
    let waiting = lab.queue.len();
    lab.act(node, |chord, fx| chord.on_timer(Timer::Call(first), fx));
    let row = lab.chord.ops.get(op).unwrap();
    assert_eq!((row.call, row.timeouts), (current, 1));
    assert_eq!(lab.queue.len(), waiting, "nothing more is sent");
}

/// To pass a join on is a service to others; to be its place is the upkeep of the own links.
#[test]
fn only_joins_that_lead_on_are_passed_on() {
    let mut lab = Lab::new(10, LookupMode::Recursive, Defence::None);
    let joiner = NodeIdx(10);
    lab.chord.add_node(RingId(35));
    let op = lab.chord.ops.insert(RingId(35), joiner, Aim::Join);
    let call = lab.chord.calls.open(
        SimTime(1),
        (joiner, Epoch::FIRST_LIFE),
        NodeIdx(0),
        Purpose::Forward(op),
        0,
    );
    let join = Msg::Forward(Leg::new(Role::Step, 1), op, call).into();
    let service = |node| lab.chord.service(NodeIdx(node), &join);
    assert_eq!(service(0), Service::PassOn);
    assert_eq!(service(3), Service::Maintain);
}

/// Many want to join in one gap: one is let in, the others are asked to come back when the node has
/// heard of it.
#[test]
fn a_gap_takes_one_newcomer_at_a_time() {
    let mut lab = Lab::new(2, LookupMode::Recursive, Defence::None);
    for id in 1..=5 {
        lab.chord.add_node(RingId(id));
        lab.dead.push(false);
    }
    let members = |lab: &Lab| (2..7).filter(|node| lab.chord.nodes[*node].member).count();
    for node in 2..7 {
        lab.act(NodeIdx(node), |chord, fx| chord.join(NodeIdx(0), fx));
    }
    lab.run(SimTime(300_000_000));
    assert_eq!(members(&lab), 1);
    lab.run(SimTime(600_000_000));
    assert_eq!(lab.chord.successors(NodeIdx(0))[0], NodeIdx(2));
}

/// One message after the newcomer is heard of, the node before it knows it, without a round of its own.
#[test]
fn the_old_predecessor_is_told_of_a_newcomer() {
    for (maintenance, told) in [
        (Maintenance::Ton2003, true),
        (Maintenance::Chord2001, false),
    ] {
        let mut lab = Lab::keeping(10, maintenance);
        lab.chord.add_node(RingId(35));
        lab.dead.push(false);
        let newcomer = NodeIdx(10);
        lab.act(newcomer, |chord, fx| chord.join(NodeIdx(0), fx));
        lab.run(SimTime(200_000_000));
        assert!(lab.chord.node(newcomer).member);
        assert_eq!(lab.chord.successors(newcomer)[..2], [4, 5].map(NodeIdx));
        assert_eq!(lab.chord.predecessor(NodeIdx(4)), Some(newcomer));
        let first = lab.chord.successors(NodeIdx(3))[0];
        assert_eq!(first == newcomer, told, "{maintenance:?}");
    }
}

/// 3 leaves: 2 closes the gap with the last entry of its list, 4 learns who comes before it.
#[test]
fn a_departure_hands_over_the_last_entry() {
    let mut lab = Lab::keeping(10, Maintenance::Ton2003);
    assert_eq!(lab.chord.successors(NodeIdx(2)), [3, 4, 5, 6].map(NodeIdx));
    lab.act(NodeIdx(3), Chord::leave);
    lab.crash(3);
    lab.run(SimTime(15_000_000));
    assert_eq!(lab.chord.successors(NodeIdx(2)), [4, 5, 6, 7].map(NodeIdx));
    assert_eq!(lab.chord.predecessor(NodeIdx(4)), Some(NodeIdx(2)));
}

/// Nobody has asked the node that the successor names; the old protocols believe in it all the same.
#[test]
fn a_dead_node_between_is_believed_in_unless_the_protocol_is_proved() {
    for (maintenance, first) in [
        (Maintenance::Zave2017, 4),
        (Maintenance::Ton2003, 3),
        (Maintenance::Chord2001, 3),
    ] {
        let mut lab = Lab::keeping(10, maintenance);
        lab.crash(3);
        lab.act(NodeIdx(2), |chord, fx| {
            chord.without_successor(NodeIdx(3), fx);
        });
        lab.run(SimTime(25_000_000));
        let list = lab.chord.successors(NodeIdx(2));
        assert_eq!(list[0], NodeIdx(first), "{maintenance:?}: {list:?}");
    }
}

/// After a round through the fingers the entries of the list have their turn.
#[test]
fn dead_entries_of_a_list_are_found_one_by_one() {
    let mut lab = Lab::keeping(10, Maintenance::Ton2003);
    let node = NodeIdx(0);
    lab.crash(2);
    lab.act(node, |chord, fx| {
        chord.turn_to_list(node);
        assert!(chord.check_list_entry(fx), "2, which is dead");
        assert!(chord.check_list_entry(fx), "3");
        assert!(chord.check_list_entry(fx), "4");
        assert!(!chord.check_list_entry(fx), "the fingers have their turn");
    });
    lab.run(SimTime(600_000_000));
    assert_eq!(lab.chord.successors(node), [1, 3, 4].map(NodeIdx));
}

/// Lookups, joins, crashes and repairs without end leave nothing behind.
#[test]
fn tables_do_not_grow_with_time() {
    for (lookup, maintenance) in [
        (LookupMode::Recursive, Maintenance::Zave2017),
        (LookupMode::Iterative, Maintenance::Zave2017),
        (LookupMode::Iterative, Maintenance::Ton2003),
        (LookupMode::Recursive, Maintenance::Chord2001),
    ] {
        let config = resolved::Chord {
            maintenance,
            ..config(lookup)
        };
        let mut lab = Lab::with(60, &config, RETRY);
        for node in (0..60).map(NodeIdx) {
            lab.act(node, Chord::start);
        }
        let mut open = std::collections::VecDeque::new();
        let mut most = [0; 3];
        for step in 0..20_000_u32 {
            let source = NodeIdx(step * 7 % 60);
            if !lab.dead[source.at()] {
                let key = RingId(u64::from(step) * 37 % 4096);
                let ticket = u64::from(step);
                open.push_back(lab.act(source, |chord, fx| chord.request(key, ticket, fx)));
            }
            lab.run(SimTime(u64::from(step) * 100_000_000));
            // As the simulation does when their time is over.
            while open.len() > 50 {
                let op = open.pop_front().unwrap();
                lab.chord.forget(op);
            }
            // A crash now and then, some of them of a node that has just asked or sets out to join.
            if step % 400 == 100 {
                lab.crash(step / 400 % 59);
            }
            if step % 400 == 300 {
                let back = NodeIdx(step / 400 % 59);
                lab.dead[back.at()] = false;
                lab.act(back, |chord, fx| chord.join(NodeIdx(59), fx));
            }
            let chord = &lab.chord;
            let (rows, _) = chord.snapshots.room();
            let now = [chord.ops.room(), chord.calls.window(), rows];
            if step > 2000 {
                assert!(now[0] <= most[0] + 40, "operations: {now:?} {most:?}");
                assert!(now[1] <= 2 * most[1] + 100, "calls: {now:?} {most:?}");
                assert!(now[2] <= most[2] + 40, "snapshots: {now:?} {most:?}");
            } else {
                most = [0, 1, 2].map(|i| most[i].max(now[i]));
            }
        }
        assert!(lab.answered > 19_000, "{} answered", lab.answered);
        // At most one errand for each node and the lookups that are still asked for.
        assert!(lab.chord.ops.open() <= 60 + open.len());
        let (rows, free) = lab.chord.snapshots.room();
        assert!(rows - free < 20, "copies under way only");
    }
}
