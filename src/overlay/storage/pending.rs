//! What is known of a put or get at the node that asks, from the moment when its owner has been found.

use std::collections::VecDeque;

use crate::overlay::{Effects, Item, Message, Service};
use crate::world::{Action, NodeIdx, RingId};

/// A put or get whose owner has been found.
#[derive(Clone, Debug)]
pub(super) struct Pending {
    pub ticket: u64,
    pub key: RingId,
    pub action: Action,
    /// Nodes that have been asked and have neither answered nor been silent for too long.
    pub due: u8,
    pub answers: u8,
    pub timeouts: u32,
    /// The newest copy so far.
    pub newest: Item,
    /// What each node has answered to a get, for read repair.
    pub answered: Vec<(NodeIdx, u32)>,
    /// Who has been asked, where each place of the key is looked for by itself.
    pub keepers: Vec<NodeIdx>,
    /// The numbers of places that the client looks for and has not found.
    pub awaited: Vec<u8>,
    /// Whom to ask in place of those that are silent or have no copy, the nearest first.
    pub others: VecDeque<NodeIdx>,
    /// Those that keep copies as well, where only some were drawn to be asked.
    pub left_out: Vec<NodeIdx>,
    /// Whether the user has been told.
    pub told: bool,
    /// Whether who has no copy of what others have is to blame.
    pub is_judged: bool,
}

impl Pending {
    /// Nobody has been asked yet.
    pub(super) fn new(ticket: u64, key: RingId, action: Action) -> Self {
        Self {
            ticket,
            key,
            action,
            due: 0,
            answers: 0,
            timeouts: 0,
            newest: Item {
                key,
                version: 0,
                bytes: 0,
            },
            answered: Vec::new(),
            keepers: Vec::new(),
            awaited: Vec::new(),
            others: VecDeque::new(),
            left_out: Vec::new(),
            told: false,
            is_judged: true,
        }
    }

    /// All that were asked for their copies have answered. Who had none of what others had has not served.
    pub(super) fn judge_the_empty<M: Message, T, P: Copy>(&self, fx: &mut Effects<M, T, P>) {
        if self.newest.version == 0 || !self.is_judged {
            return;
        }
        for (node, version) in &self.answered {
            if *version == 0 && *node != fx.node() {
                fx.experienced(*node, Service::HandOut, false);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{SimDuration, SimTime, Stream, stream};
    use crate::overlay::rpc::CallRules;
    use crate::overlay::{Effect, NoTimer, parcels::Parcels};
    use crate::world::{Epoch, Payload, Space};

    #[derive(Clone, Copy, Debug)]
    struct Word;

    impl Payload for Word {
        fn words(&self) -> [u64; 2] {
            [0, 0]
        }

        fn from_words(_: [u64; 2]) -> Self {
            Self
        }

        fn name(&self) -> &'static str {
            "word"
        }
    }

    impl Message for Word {
        fn bytes(&self, _: &Parcels) -> u32 {
            32
        }
    }

    /// Whom node 9 thinks ill of, given what each has answered and the newest version of these.
    fn blamed(answered: &[(u32, u32)], remembers: bool) -> Vec<NodeIdx> {
        let rules = CallRules {
            timeout: SimDuration::from_secs(1),
            retries: 0,
        };
        let rng = stream(1, Stream::Protocol);
        let mut fx: Effects<Word, NoTimer, ()> = Effects::new(rng, Space::new(64), rules, 4);
        fx.remember(remembers);
        fx.begin(SimTime::ZERO, NodeIdx(9), Epoch::FIRST_LIFE);
        let mut pending = Pending::new(1, RingId(5), Action::Get);
        let answers = answered
            .iter()
            .map(|(node, version)| (NodeIdx(*node), *version));
        pending.answered = answers.collect();
        pending.newest.version = answered
            .iter()
            .map(|(_, version)| *version)
            .max()
            .unwrap_or(0);
        pending.judge_the_empty(&mut fx);
        let effects = (0..).map_while(|place| fx.get(place));
        let blame = effects.map(|effect| match *effect {
            Effect::Experience {
                of,
                service: Service::HandOut,
                served: false,
            } => of,
            ref other => panic!("{other:?}"),
        });
        blame.collect()
    }

    #[test]
    fn who_lacks_what_others_have_has_not_served() {
        let mixed = [(1, 0), (2, 3), (3, 2), (9, 0)];
        assert_eq!(blamed(&mixed, true), [NodeIdx(1)], "an old copy is a copy");
        assert_eq!(blamed(&[(1, 0), (2, 0)], true), [], "there may be none");
        assert_eq!(blamed(&mixed, false), [], "nobody remembers");
    }
}
