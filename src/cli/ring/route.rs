//! The way of one lookup on a ring at rest: the overlay itself is asked, message by message, on a network without time.

use std::collections::VecDeque;

use crate::engine::{SimDuration, SimTime, Stream, stream};
use crate::overlay::chord::Chord;
use crate::overlay::rpc::CallRules;
use crate::overlay::{Attempt, Deed, Effect, Effects, Fx, Overlay, Request, Service, Start};
use crate::report::ring::{Ring, Route};
use crate::scenario::RunSpec;
use crate::world::{Epoch, NodeIdx, RingId, Space};

/// The way that a lookup of `key` takes from the node of rank `from`, by the rules of the scenario. Every node knows
/// what maintenance would have told it in the end; nobody comes, goes or is silent.
pub(super) fn route(ring: &Ring, spec: &RunSpec, from: usize, key: u64) -> Route {
    let scenario = &spec.scenario;
    let chord = Chord::new(&scenario.overlay, &scenario.chord);
    let rules = CallRules {
        timeout: scenario.overlay.rpc_timeout,
        retries: scenario.overlay.rpc_retries,
    };
    let (hops, owner) = Still::new(chord, ring.ids(), rules, spec).ask(from, RingId(key));
    Route {
        from: ring.ids()[from],
        key,
        hops,
        owner,
    }
}

/// An overlay at rest, on a network on which every message arrives at once, in the order of sending.
struct Still<O: Overlay> {
    overlay: O,
    fx: Fx<O>,
    under_way: VecDeque<(NodeIdx, NodeIdx, O::Msg)>,
    /// Who answered, once that is known.
    owner: Option<NodeIdx>,
}

impl<O: Overlay> Still<O> {
    fn new(mut overlay: O, ids: &[u64], rules: CallRules, spec: &RunSpec) -> Self {
        let ids = ids.iter().copied().map(RingId);
        let members: Vec<_> = ids.zip((0..).map(NodeIdx)).collect();
        for (id, _) in &members {
            overlay.add_node(*id);
        }
        overlay.converge(&Start {
            members: &members,
            seed: spec.seed,
            latency: &|_, _| SimDuration::ZERO,
        });
        let rng = stream(spec.seed, Stream::Protocol);
        let space = Space::new(spec.scenario.overlay.id_bits);
        Self {
            fx: Effects::new(rng, space, rules, overlay.parcel_width()),
            overlay,
            under_way: VecDeque::new(),
            owner: None,
        }
    }

    /// A user at a node asks for a key: the messages that carry the lookup, and who answers.
    fn ask(mut self, from: usize, key: RingId) -> (Vec<(u64, u64)>, u64) {
        let request = Request {
            ticket: 0,
            key,
            attempt: Attempt::First,
        };
        let asking = NodeIdx(from as u32);
        self.act(asking, |overlay, fx| {
            overlay.request(request, fx);
        });
        let mut hops = Vec::new();
        while let Some((from, to, msg)) = self.under_way.pop_front() {
            // Acknowledgements and answers ask for nothing.
            let service = self.overlay.service(to, &msg, self.fx.parcels());
            if matches!(service, Service::PassOn | Service::Answer) {
                hops.push((self.overlay.id(from).0, self.overlay.id(to).0));
            }
            self.act(to, |overlay, fx| {
                overlay.on_message(from, msg, Deed::Serve, fx);
                fx.parcels_mut().release(&msg);
            });
        }
        let owner = self
            .owner
            .expect("a lookup on a ring at rest finds the owner");
        (hops, self.overlay.id(owner).0)
    }

    /// Lets a node act; what it sends is under way.
    fn act(&mut self, node: NodeIdx, handler: impl FnOnce(&mut O, &mut Fx<O>)) {
        self.fx.begin(SimTime::ZERO, node, Epoch::default());
        handler(&mut self.overlay, &mut self.fx);
        for effect in (0..).map_while(|place| self.fx.get(place)) {
            match *effect {
                Effect::Send { to, msg, .. } => self.under_way.push_back((node, to, msg)),
                Effect::Answered { owner, .. } => self.owner = Some(owner),
                _ => {}
            }
        }
        self.fx.end();
    }
}
