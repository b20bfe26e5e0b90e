//! On which host each peer sits. Knows peers by their number only.

use rand::seq::SliceRandom as _;

use crate::engine::{Stream, stream};
use crate::world::{HostIdx, PeerIdx, Persons};

/// Peers on hosts, for any number of peers: nothing here changes when peers come or go.
pub(super) enum Placement {
    /// Every peer has a host of its own, with its own number.
    Own,
    /// Hosts in random order; peers go round it as often as needed. The first peers, as many as
    /// there are hosts, are on different ones.
    Shared(Box<[u32]>),
    /// As before, but some have come back under other names, and sit where they sat.
    Renamed(Box<Self>, Persons),
}

impl Placement {
    /// The placement on so many hosts; `None` for as many as there are peers.
    ///
    /// # Panics
    /// If there are 0 hosts.
    pub(super) fn new(hosts: Option<u32>, seed: u64) -> Self {
        hosts.map_or(Self::Own, |hosts| {
            assert!(hosts > 0, "peers need a host to sit on");
            let mut order: Box<[u32]> = (0..hosts).collect();
            order.shuffle(&mut stream(seed, Stream::Hosts));
            Self::Shared(order)
        })
    }

    pub(super) fn host_of(&self, peer: PeerIdx) -> HostIdx {
        match self {
            Self::Own => HostIdx(peer.0),
            Self::Shared(order) => HostIdx(order[peer.at() % order.len()]),
            Self::Renamed(before, persons) => before.host_of(persons.behind(peer)),
        }
    }

    /// The next peer, `name`, is who `before` was, and sits where that one did. Peers that come later sit where they would
    /// have.
    pub(super) fn rename(&mut self, before: PeerIdx, name: PeerIdx) {
        if !matches!(self, Self::Renamed(..)) {
            let plain = std::mem::replace(self, Self::Own);
            *self = Self::Renamed(Box::new(plain), Persons::default());
        }
        if let Self::Renamed(_, persons) = self {
            persons.rename(before, name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts(placement: &Placement, peers: std::ops::Range<u32>) -> Vec<u32> {
        peers
            .map(|peer| placement.host_of(PeerIdx(peer)).0)
            .collect()
    }

    #[test]
    fn without_a_fixed_number_of_hosts_everybody_has_one() {
        assert_eq!(hosts(&Placement::new(None, 1), 5..8), [5, 6, 7]);
    }

    #[test]
    fn who_comes_back_sits_where_it_sat_and_others_where_they_would_have() {
        let mut placement = Placement::new(None, 1);
        placement.rename(PeerIdx(3), PeerIdx(5));
        placement.rename(PeerIdx(5), PeerIdx(7));
        assert_eq!(hosts(&placement, 3..9), [3, 4, 3, 5, 3, 6]);
    }

    #[test]
    fn the_first_peers_are_spread_over_all_hosts_and_later_ones_share_them_in_turn() {
        let placement = Placement::new(Some(100), 1);
        let first = hosts(&placement, 0..100);
        let mut sorted = first.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, (0..100).collect::<Vec<_>>());
        assert_ne!(first, sorted, "the order is random");
        assert_eq!(hosts(&placement, 100..200), first);
    }

    #[test]
    #[should_panic(expected = "peers need a host to sit on")]
    fn a_network_without_hosts_has_no_place_for_anybody() {
        let _ = Placement::new(Some(0), 1);
    }

    #[test]
    fn the_order_of_hosts_depends_on_the_seed_alone() {
        let of_seed = |seed| hosts(&Placement::new(Some(50), seed), 0..50);
        assert_eq!(of_seed(1), of_seed(1));
        assert_ne!(of_seed(1), of_seed(2));
    }
}
