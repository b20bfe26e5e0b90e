//! What the storage of a scenario promises, and after what time.

use crate::engine::SimDuration;
use crate::scenario::resolved::{Behaviour, Quorums, Scenario, Scheme, Selfish};

/// What matters of a scenario.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a promise of its own, and none excludes another"
)]
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// Copies of each value.
    pub replicas: u8,
    /// Whether any nodes that acknowledge a put and any that answer a get have one in common.
    pub quorums_overlap: bool,
    /// Whether a put is sent to all that keep copies.
    pub puts_reach_owners: bool,
    /// How often copies are compared.
    pub repair_every: Option<SimDuration>,
    /// Whether keys move when nodes come and go.
    pub handover: bool,
    /// Nodes of one peer have numbers that follow each other: so many.
    pub nodes_per_peer: u32,
    /// How long a node waits for an answer.
    pub patience: SimDuration,
    /// How long a user waits.
    pub request_timeout: SimDuration,
    /// Whether every peer keeps, compares and moves copies as it should.
    pub all_do_their_share: bool,
    /// Whether messages wait until a node is free, nobody knows how long.
    pub queues: bool,
}

/// An offer of copies goes so far at most, and some more messages settle it.
const LEGS: u64 = 150;
/// An offer finds its way to so many owners at least; more need another one.
const OWNERS_PER_OFFER: u64 = 32;
/// So many copies are offered at once.
const COPIES_PER_OFFER: u64 = 1024;

/// Whether selfish peers, if there are any, leave alone what has to be done about copies. Who lies about the owner of a key has
/// values put and got where they do not belong. Copies that are spread are looked for like the owner of a key.
fn do_their_share(selfish: &Selfish, scheme: Scheme) -> bool {
    use Behaviour::{DropLookups, Misroute, NoMaintenance, RefuseStorage};
    let lets_copies_go = |it: &Behaviour| match it {
        RefuseStorage | NoMaintenance | Misroute => true,
        DropLookups => scheme == Scheme::Spread,
        Behaviour::RefuseServing | Behaviour::Whitewash | Behaviour::Leech => false,
    };
    selfish.never() || !selfish.behaviour.iter().any(lets_copies_go)
}

impl Rules {
    /// Those of a scenario; `None` if it stores nothing.
    #[must_use]
    pub fn of(scenario: &Scenario) -> Option<Self> {
        let storage = scenario.storage?;
        let quorums = storage.write_quorum + storage.read_quorum;
        Some(Self {
            replicas: storage.replicas,
            quorums_overlap: quorums > storage.replicas,
            puts_reach_owners: storage.quorums == Quorums::First
                || storage.write_quorum == storage.replicas,
            repair_every: storage.repair_every,
            handover: storage.handover,
            nodes_per_peer: scenario.overlay.virtual_nodes,
            patience: scenario.overlay.rpc_timeout,
            request_timeout: scenario.overlay.request_timeout,
            all_do_their_share: do_their_share(&scenario.selfish, storage.scheme),
            queues: scenario.network.service_time > SimDuration::ZERO,
        })
    }

    /// After so long nothing that was sent before is under way, nor an answer to it.
    pub(super) fn settle(&self) -> SimDuration {
        SimDuration(self.patience.0.saturating_mul(2))
    }

    /// After so long nothing that a put has sent is under way.
    pub(super) fn put_is_over_after(&self) -> SimDuration {
        self.request_timeout + self.settle()
    }

    /// How long repair takes to bring all copies to their places, on a ring of so many nodes with so many copies.
    ///
    /// A copy in the wrong place was last asked about when the ring came to rest. A period later, and half the time that
    /// owners have to ask, it is due to be offered, and within another period it is. The owner asks for it and compares; if
    /// its round is over already, in the next period. What goes beyond one offer takes more periods.
    pub(super) fn mend(&self, nodes: u64, copies: u64) -> Option<SimDuration> {
        let period = self.repair_every?.0;
        let periods = 4 + nodes / OWNERS_PER_OFFER + copies / COPIES_PER_OFFER;
        let messages = self.patience.0.saturating_mul(LEGS);
        let second = SimDuration::from_secs(1).0;
        let asking = self.patience.0.saturating_mul(4).max(2 * second);
        // Moments are kept in whole seconds.
        let whole = period.saturating_mul(periods);
        let sum = whole
            .saturating_add(messages)
            .saturating_add(asking)
            .saturating_add(2 * second);
        Some(SimDuration(sum))
    }
}
