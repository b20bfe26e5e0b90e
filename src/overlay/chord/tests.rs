//! The protocol in situations that a whole run meets too rarely, and the size of its tables in the long
//! run.

use super::message::{HopHeader, Role};
use super::ops::OpKind;
use super::*;
use crate::engine::{EventQueue, SimTime, Stream, stream};
use crate::overlay::rpc::CallRules;
use crate::overlay::{Attempt, Deed, Effect, Overlay as _, Request, Service, Start};
use crate::scenario::resolved::{LookupMode, Maintenance};
use crate::world::{self, CallId, Epoch, Event};

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
        proximity: resolved::ProximityChoice::None,
        pns_samples: 16,
        estimate: resolved::Estimate::Ping,
        merge_probe_every: None,
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
        bootstrap: resolved::Bootstrap::Replaced,
        rpc_timeout: SimDuration::from_millis(500),
        rpc_retries: 0,
        request_timeout: SimDuration::from_secs(5),
    }
}

/// A ring of nodes with the identifiers 0, 10, 20, ... (node i has 10 · i), on a network where every
/// message takes 10 ms.
struct Lab {
    chord: Chord,
    fx: Fx,
    queue: EventQueue<world::Packed>,
    now: SimTime,
    dead: Vec<bool>,
    answered: u64,
    isolated: u64,
}

impl Lab {
    fn new(nodes: u32, lookup: LookupMode) -> Self {
        Self::with(nodes, &config(lookup))
    }

    /// A ring kept by another maintenance protocol than the proved one.
    fn keeping(nodes: u32, maintenance: Maintenance) -> Self {
        let config = resolved::Chord {
            maintenance,
            ..config(LookupMode::Recursive)
        };
        Self::with(nodes, &config)
    }

    fn with(nodes: u32, config: &resolved::Chord) -> Self {
        let overlay = overlay(12);
        let mut chord = Chord::new(&overlay, config);
        let ring: Vec<_> = (0..nodes)
            .map(|node| (RingId(u64::from(node) * 10), NodeIdx(node)))
            .collect();
        for (id, _) in &ring {
            chord.add_node(*id);
        }
        chord.converge(&Start {
            members: &ring,
            seed: 1,
            latency: &|_, _| SimDuration::from_millis(10),
        });
        let rng = stream(1, Stream::Protocol);
        Self {
            fx: Effects::new(
                rng,
                Space::new(12),
                CallRules {
                    timeout: overlay.rpc_timeout,
                    retries: overlay.rpc_retries,
                },
                chord.parcel_width(),
            ),
            chord,
            queue: EventQueue::new(),
            now: SimTime::ZERO,
            dead: vec![false; nodes as usize],
            answered: 0,
            isolated: 0,
        }
    }

    /// Lets a node act; the effects it asks for are scheduled.
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

    /// A user at a node asks for a key.
    fn ask(&mut self, node: NodeIdx, key: RingId, ticket: u64) -> OpIdx {
        let attempt = Attempt::First;
        let request = Request {
            ticket,
            key,
            attempt,
        };
        self.act(node, |chord, fx| chord.request(request, fx))
    }

    /// The user has waited long enough and asks again.
    fn ask_again(&mut self, node: NodeIdx, key: RingId, op: OpIdx, number: u16) {
        let attempt = Attempt::Again { op, number };
        let request = Request {
            ticket: 0,
            key,
            attempt,
        };
        self.act(node, |chord, fx| {
            chord.request(request, fx);
        });
    }

    fn receive(&mut self, to: NodeIdx, from: NodeIdx, msg: Packed) {
        self.act(to, |chord, fx| {
            chord.on_message(from, msg, Deed::Serve, fx);
            fx.parcels_mut().release(&msg);
        });
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
            Effect::Asked { .. } | Effect::Operated { .. } | Effect::FindAgain { .. } => {
                unreachable!("nothing is stored")
            }
            Effect::Answered { .. } => self.answered += 1,
            Effect::Isolated => self.isolated += 1,
            Effect::Claims { .. }
            | Effect::Failed { .. }
            | Effect::Joined
            | Effect::Experience { .. }
            | Effect::Entrusted { .. }
            | Effect::Shunned { .. }
            | Effect::LookAround => {}
        }
    }

    /// Goes on until `end`.
    fn run(&mut self, end: SimTime) {
        while self.now < end {
            let due = self.fx.calls_mut().next_deadline();
            let next = self.queue.pop_until(due.unwrap_or(SimTime::MAX));
            let next = next.map(|(at, event)| (at, Event::unpack(event)));
            let next = next.or_else(|| {
                let (node, epoch, call) = self.fx.calls_mut().pop_deadline()?;
                Some((due?, Event::Deadline { node, epoch, call }))
            });
            let Some((at, event)) = next else {
                break;
            };
            self.now = at;
            self.handle(event);
        }
    }

    fn handle(&mut self, event: Event<Packed, Timer>) {
        match event {
            Event::Message { to, msg, .. } if self.dead[to.at()] => {
                self.fx.parcels_mut().release(&msg);
            }
            Event::Message { to, from, msg, .. } => self.receive(to, from, msg),
            Event::Timer { node, timer, .. } if !self.dead[node.at()] => {
                self.act(node, |chord, fx| chord.on_timer(timer, fx));
            }
            Event::Deadline { node, call, .. } if !self.dead[node.at()] => self.miss(node, call),
            _ => {}
        }
    }

    /// A call of a node is not answered in time.
    fn miss(&mut self, node: NodeIdx, call: CallId) {
        self.act(node, |chord, fx| {
            if let Some(call) = fx.expired(call) {
                chord.on_silence(call, fx);
            }
        });
    }

    fn crash(&mut self, node: u32) {
        self.chord.remove(NodeIdx(node));
        self.dead[node as usize] = true;
    }
}

#[test]
fn a_nearer_predecessor_that_came_meanwhile_stays() {
    let mut lab = Lab::new(10, LookupMode::Recursive);
    let node = NodeIdx(9);
    lab.act(node, |chord, fx| {
        chord.set_predecessor(node, NodeIdx(5));
        // Farther away than the predecessor: node 3 makes the node ask whether its predecessor lives.
        chord.on_notify(NodeIdx(3), fx);
        assert_eq!(chord.node(node).status, Status::Rectifying);
        chord.on_notify(NodeIdx(8), fx);
        assert_eq!(chord.predecessor(node), Some(NodeIdx(8)));
    });
    lab.crash(5);
    lab.run(SimTime(600_000_000));
    assert_eq!(lab.chord.predecessor(node), Some(NodeIdx(8)));
    assert_eq!(lab.chord.node(node).status, Status::Idle);
}

#[test]
fn a_dead_predecessor_gives_way_to_who_claims_its_place() {
    let mut lab = Lab::new(10, LookupMode::Recursive);
    let node = NodeIdx(9);
    lab.crash(8);
    lab.receive(node, NodeIdx(7), Msg::Notify.into());
    lab.run(SimTime(600_000_000));
    assert_eq!(lab.chord.predecessor(node), Some(NodeIdx(7)));
}

/// Names of operations are used again; a timer or message of long ago may find another node's
/// operation.
#[test]
fn nobody_touches_an_operation_of_another_node() {
    let mut lab = Lab::new(10, LookupMode::Recursive);
    let (owner, stranger) = (NodeIdx(1), NodeIdx(2));
    let op = lab
        .chord
        .ops
        .insert(RingId(77), owner, OpKind::User(0), SimTime::ZERO);
    let state = lab.fx.pack(NodeIdx(3), &[NodeIdx(4)]);
    lab.act(stranger, |chord, fx| chord.on_timer(Timer::Join(op), fx));
    for msg in [
        Msg::JoinLater(op),
        Msg::Welcome(op, state),
        Msg::NoRoute(op),
        Msg::Answer(HopHeader::new(Role::Step, 1), op),
    ] {
        lab.receive(stranger, NodeIdx(3), msg.into());
    }
    let row = lab.chord.ops.get(op).expect("still under way");
    assert_eq!(row.attempt, 0);
    assert_eq!((lab.answered, lab.isolated, lab.queue.len()), (0, 0, 0));
    assert_eq!(lab.chord.list_of(stranger)[0], NodeIdx(3));
}

/// The lookup has started again meanwhile. The end of its old call has no consequences.
#[test]
fn a_lookup_that_started_again_goes_one_way_only() {
    let mut lab = Lab::new(10, LookupMode::Iterative);
    let node = NodeIdx(0);
    let op = lab.ask(node, RingId(77), 0);
    let first = lab.chord.ops.get(op).unwrap().call;
    lab.ask_again(node, RingId(77), op, 1);
    let current = lab.chord.ops.get(op).unwrap().call;
    assert_ne!(first, current);
    let waiting = lab.queue.len();
    lab.miss(node, first);
    let row = lab.chord.ops.get(op).unwrap();
    assert_eq!((row.call, row.timeouts), (current, 0));
    assert_eq!(lab.queue.len(), waiting, "nothing more is sent");
}

/// To pass a join on is a service to others; to be the place of a join is maintenance of the own links.
#[test]
fn only_joins_that_lead_on_are_passed_on() {
    let mut lab = Lab::new(10, LookupMode::Recursive);
    let joiner = NodeIdx(10);
    lab.chord.add_node(RingId(35));
    let op = lab
        .chord
        .ops
        .insert(RingId(35), joiner, OpKind::Join, SimTime::ZERO);
    let join = Msg::Forward(HopHeader::new(Role::Step, 1), op, CallId(0)).into();
    let service = |node| lab.chord.asked_for(NodeIdx(node), join);
    assert_eq!(service(0), Service::PassOn);
    assert_eq!(service(3), Service::Maintain);
}

/// Many nodes want to join in one gap. One is let in; the others are asked to come back when the node
/// has heard of it.
#[test]
fn a_gap_takes_one_newcomer_at_a_time() {
    let mut lab = Lab::new(2, LookupMode::Recursive);
    for id in 1..=5 {
        lab.chord.add_node(RingId(id));
        lab.dead.push(false);
    }
    let members = |lab: &Lab| {
        (2..7)
            .filter(|node| lab.chord.node(NodeIdx(*node)).member)
            .count()
    };
    for node in 2..7 {
        lab.act(NodeIdx(node), |chord, fx| chord.join(Some(NodeIdx(0)), fx));
    }
    lab.run(SimTime(300_000_000));
    assert_eq!(members(&lab), 1);
    lab.run(SimTime(600_000_000));
    assert_eq!(lab.chord.list_of(NodeIdx(0))[0], NodeIdx(2));
}

/// One message after a node hears of the new node, the node before learns of it, without a round of its
/// own.
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
        lab.act(newcomer, |chord, fx| chord.join(Some(NodeIdx(0)), fx));
        lab.run(SimTime(200_000_000));
        assert!(lab.chord.node(newcomer).member);
        assert_eq!(lab.chord.list_of(newcomer)[..2], [4, 5].map(NodeIdx));
        assert_eq!(lab.chord.predecessor(NodeIdx(4)), Some(newcomer));
        let first = lab.chord.list_of(NodeIdx(3))[0];
        assert_eq!(first == newcomer, told, "{maintenance:?}");
    }
}

/// 3 leaves: 2 closes the gap with the last entry of its list, 4 learns who comes before it.
#[test]
fn a_departure_hands_over_the_last_entry() {
    let mut lab = Lab::keeping(10, Maintenance::Ton2003);
    assert_eq!(lab.chord.list_of(NodeIdx(2)), [3, 4, 5, 6].map(NodeIdx));
    lab.act(NodeIdx(3), Chord::leave);
    lab.crash(3);
    lab.run(SimTime(15_000_000));
    assert_eq!(lab.chord.list_of(NodeIdx(2)), [4, 5, 6, 7].map(NodeIdx));
    assert_eq!(lab.chord.predecessor(NodeIdx(4)), Some(NodeIdx(2)));
}

/// No node has asked the node that the successor names; the old protocols believe in it all the same.
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
        let list = lab.chord.list_of(NodeIdx(2));
        assert_eq!(list[0], NodeIdx(first), "{maintenance:?}: {list:?}");
    }
}

/// After a round through the fingers, the entries of the list are checked in turn.
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
    assert_eq!(lab.chord.list_of(node), [1, 3, 4].map(NodeIdx));
}

/// Lookups, joins, crashes and repairs without end do not make any table grow.
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
        let mut lab = Lab::with(60, &config);
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
                open.push_back((lab.ask(source, key, ticket), source, key));
            }
            lab.run(SimTime(u64::from(step) * 100_000_000));
            // Cancels lookups, as the simulation does when their time is over.
            while open.len() > 50 {
                let (op, ..) = open.pop_front().unwrap();
                lab.chord.cancel(op);
            }
            // A crash now and then. Some of the nodes have just asked for a key or begun to join.
            if step % 400 == 100 {
                lab.crash(step / 400 % 59);
            }
            if step % 400 == 300 {
                let back = NodeIdx(step / 400 % 59);
                lab.dead[back.at()] = false;
                lab.act(back, |chord, fx| chord.join(Some(NodeIdx(59)), fx));
            }
            // A lookup that was answered long ago is not asked again.
            let again = open.get(open.len() / 2).copied();
            if let Some((op, source, key)) = again
                && lab.chord.ops.get(op).is_some_and(|row| row.key == key)
                && !lab.dead[source.at()]
            {
                lab.ask_again(source, key, op, 1);
            }
            let (rows, _) = lab.fx.parcels().room();
            let now = [lab.chord.ops.room(), lab.fx.calls().window(), rows];
            if step > 2000 {
                assert!(now[0] <= most[0] + 40, "operations: {now:?} {most:?}");
                assert!(now[1] <= 2 * most[1] + 100, "calls: {now:?} {most:?}");
                assert!(now[2] <= most[2] + 40, "parcels: {now:?} {most:?}");
            } else {
                most = [0, 1, 2].map(|i| most[i].max(now[i]));
            }
        }
        assert!(lab.answered > 19_000, "{} answered", lab.answered);
        // At most one pending_op for each node and the lookups that are still asked for.
        assert!(lab.chord.ops.open() <= 60 + open.len());
        let (rows, free) = lab.fx.parcels().room();
        assert!(rows - free < 20, "parcels under way only");
    }
}
