//! `defence = "redundant"`: a user makes several requests for the same at once, each by another first hop, and believes the
//! first answer, or of those that come in time the one whose node is closest behind the key. An identifier cannot be forged,
//! so whoever claims a key that is not its own can be beaten by the true owner, if one request reaches it (Castro et al.,
//! OSDI 2002, section 5.2).
//!
//! Where the copies of a key are spread, the requests of a put or get are for the places of different copies instead, and
//! each that finds its place goes on there.
//!
//! Here stands which operations of the overlay are under way for a request, and what has come of them. A request that others
//! pass on cannot be called back: it goes on when the user has an answer, until it ends or the user's patience would have
//! ended.

use std::collections::BTreeMap;

use super::ledger::{Answer, Claim};
use crate::engine::{SimDuration, SimTime};
use crate::scenario::resolved::{RedundantAnswer, Scenario, Scheme};
use crate::world::{Action, Epoch, NodeIdx, OpIdx, RingId};

/// The requests that are made several times at once.
pub struct Redundant {
    /// How many are made at once, where there are as many ways.
    pub requests: u8,
    /// How long the user waits for further answers; `None`: the first is believed.
    pub wait: Option<SimDuration>,
    /// Whether the copies of a key are spread.
    pub is_spread: bool,
    /// By their tickets: so the oldest is the first.
    open: BTreeMap<u64, Routes>,
}

/// What has become of one way.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fate {
    /// It is under way.
    UnderWay,
    /// It has come to an end and could be begun again.
    DeadEnd,
    /// The answer has come by it, or nobody waits for one any more.
    Over,
    /// It was begun for an owner who was silent then, and nobody listens to its answer.
    Former,
}

/// One way.
#[derive(Clone, Copy, Debug)]
pub struct Route {
    /// The overlay's operation.
    pub op: OpIdx,
    /// Which way it is, or which place of the key it is for, from 0.
    pub number: u8,
    /// What has become of it.
    pub fate: Fate,
}

/// All ways of one request.
#[derive(Clone, Debug)]
pub struct Routes {
    /// The node that asks, and its life.
    pub asker: (NodeIdx, Epoch),
    /// When the request began.
    pub started: SimTime,
    /// The put or get, if each way is for another place of its key.
    pub places: Option<(RingId, Action)>,
    /// The ways.
    pub routes: Vec<Route>,
    /// Messages that were not answered in time, of ways that are over.
    pub timeouts: u32,
    /// Whether the user has an answer.
    pub is_settled: bool,
    /// The best answer so far, while the user waits for others.
    best: Option<Answer>,
    /// Who has claimed which key.
    claims: Vec<(RingId, Claim)>,
}

impl Routes {
    /// The first way of a request.
    #[must_use]
    pub fn new(asker: (NodeIdx, Epoch), started: SimTime, op: OpIdx) -> Self {
        let fate = Fate::UnderWay;
        Self {
            asker,
            started,
            places: None,
            routes: vec![Route {
                op,
                number: 0,
                fate,
            }],
            timeouts: 0,
            is_settled: false,
            best: None,
            claims: Vec::new(),
        }
    }

    /// Another way.
    pub fn add(&mut self, op: OpIdx) {
        self.routes.push(Route {
            op,
            number: self.count(),
            fate: Fate::UnderWay,
        });
    }

    /// How many ways there are, without former ones.
    #[must_use]
    pub fn count(&self) -> u8 {
        let ways = self.routes.iter();
        ways.filter(|route| route.fate != Fate::Former).count() as u8
    }

    /// Whether any answer may still come without the user's doing.
    #[must_use]
    pub fn are_under_way(&self) -> bool {
        self.routes.iter().any(|route| route.fate == Fate::UnderWay)
    }

    /// An answer has come to a user who waits for the best one. `distance` says how far behind the key a node is. Returns
    /// whether it is the first.
    pub fn weigh(&mut self, answer: Answer, distance: impl Fn(RingId) -> u64) -> bool {
        let is_first = self.best.is_none();
        let is_closer = |best: Answer| distance(answer.claim.id) < distance(best.claim.id);
        if self.best.is_none_or(is_closer) {
            self.best = Some(answer);
        }
        is_first
    }

    /// The best answer so far, which is believed now.
    pub fn take_best(&mut self) -> Option<Answer> {
        self.best.take()
    }

    /// Whether the user has an answer and waits for others.
    #[must_use]
    pub fn has_answer(&self) -> bool {
        self.best.is_some()
    }

    /// The last claim of a node to own a key.
    #[must_use]
    pub fn claim_of(&self, node: NodeIdx, key: RingId) -> Option<Claim> {
        let mut claims = self.claims.iter().rev();
        let found = claims.find(|(of, claim)| (*of, claim.node) == (key, node));
        found.map(|(_, claim)| *claim)
    }

    /// The owner whom a put or get has found is silent: the ways so far are former ones, and `op` is the first of new ones.
    pub fn begin_again(&mut self, op: OpIdx) {
        for route in &mut self.routes {
            route.fate = match route.fate {
                Fate::Over => Fate::Over,
                _ => Fate::Former,
            };
        }
        self.routes.retain(|route| route.fate == Fate::Former);
        self.is_settled = false;
        self.claims.clear();
        self.add(op);
    }
}

impl Redundant {
    /// The defence of a scenario, if it is one of its defences.
    #[must_use]
    pub fn of(scenario: &Scenario) -> Option<Self> {
        let redundancy = scenario.selfish.defence.redundant?;
        let waits = redundancy.answer == RedundantAnswer::Closest;
        let spread = |storage| matches!(storage, Scheme::Spread);
        Some(Self {
            requests: redundancy.requests,
            wait: waits.then_some(redundancy.wait),
            is_spread: scenario.storage.is_some_and(|it| spread(it.scheme)),
            open: BTreeMap::new(),
        })
    }

    /// A request is made by several ways.
    pub fn begin(&mut self, ticket: u64, routes: Routes) {
        self.open.insert(ticket, routes);
    }

    /// The ways of a request.
    #[must_use]
    pub fn get(&self, ticket: u64) -> Option<&Routes> {
        self.open.get(&ticket)
    }

    /// The same, to be changed.
    pub fn get_mut(&mut self, ticket: u64) -> Option<&mut Routes> {
        self.open.get_mut(&ticket)
    }

    /// Forgets a request. Returns its ways.
    pub fn take(&mut self, ticket: u64) -> Option<Routes> {
        self.open.remove(&ticket)
    }

    /// The oldest request of which ways may be under way.
    #[must_use]
    pub fn oldest(&self) -> Option<(u64, &Routes)> {
        let (ticket, routes) = self.open.first_key_value()?;
        Some((*ticket, routes))
    }

    /// A node claims a key, on account of a request.
    pub fn claim(&mut self, ticket: u64, key: RingId, claim: Claim) {
        if let Some(routes) = self.open.get_mut(&ticket) {
            routes.claims.push((key, claim));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(id: u64) -> Answer {
        let claim = Claim {
            node: NodeIdx(id as u32),
            id: RingId(id),
            owner: Some(RingId(40)),
        };
        Answer {
            at: SimTime(id),
            claim,
            hops: 3,
            direct_ms: 1.0,
        }
    }

    fn routes() -> Routes {
        Routes::new((NodeIdx(1), Epoch::FIRST_LIFE), SimTime::ZERO, OpIdx(5))
    }

    /// The key is 30 on a ring of 64: 40 is nearest behind it, and 20 lies almost a whole turn behind.
    #[test]
    fn of_all_answers_that_of_the_node_closest_behind_the_key_is_best() {
        let behind = |id: RingId| (id.0 + 64 - 30) % 64;
        let mut routes = routes();
        assert!(!routes.has_answer());
        assert!(routes.weigh(answer(20), behind), "the first");
        assert!(!routes.weigh(answer(40), behind));
        assert!(!routes.weigh(answer(50), behind));
        assert_eq!(routes.take_best(), Some(answer(40)));
        assert!(!routes.has_answer());
    }

    #[test]
    fn former_ways_are_no_ways() {
        let mut routes = routes();
        routes.add(OpIdx(6));
        assert_eq!((routes.count(), routes.routes[1].number), (2, 1));
        routes.routes[0].fate = Fate::Over;
        routes.begin_again(OpIdx(7));
        let left: Vec<_> = routes.routes.iter().map(|it| (it.op, it.number)).collect();
        assert_eq!(left, [(OpIdx(6), 1), (OpIdx(7), 0)]);
        assert_eq!(routes.count(), 1);
    }

    #[test]
    fn a_claim_is_found_by_its_node_and_key() {
        let mut redundant = Redundant {
            requests: 2,
            wait: None,
            is_spread: false,
            open: BTreeMap::new(),
        };
        redundant.begin(9, routes());
        redundant.claim(9, RingId(30), answer(40).claim);
        redundant.claim(8, RingId(30), answer(40).claim);
        let ways = redundant.get(9).unwrap();
        assert_eq!(
            ways.claim_of(NodeIdx(40), RingId(30)),
            Some(answer(40).claim)
        );
        assert_eq!(ways.claim_of(NodeIdx(40), RingId(31)), None);
        assert_eq!(ways.claim_of(NodeIdx(41), RingId(30)), None);
        assert!(redundant.get(8).is_none());
    }
}
