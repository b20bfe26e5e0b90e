//! Which peers are selfish, and what that means for a message. This is the one place where it is decided. A
//! behaviour is a file here and a line in [`Conduct::deed`]; who is selfish when stands in `turning`.

mod drop_lookups;
mod generosity;
mod imitation;
mod leech;
mod misroute;
mod no_maintenance;
mod ramp;
mod refuse_serving;
mod refuse_storage;
mod turning;

pub use leech::{Leeches, Step};

use self::imitation::Accounts;
use crate::engine::{Stream, unit_hash};
use crate::overlay::{Deed, Service};
use crate::scenario::resolved::{Behaviour, MisrouteTo, Presence, Selfish};
use crate::world::{NodeIdx, PeerIdx, Persons};

/// The conduct of all peers. For one seed, the selfish peers at a smaller share are also selfish at a larger
/// share.
pub struct Conduct {
    seed: u64,
    config: Selfish,
    /// Whether each peer is selfish at present.
    selfish: Vec<bool>,
    persons: Persons,
    /// The share of selfish peers by which those that come are.
    share: f64,
    /// The first peers, the most inclined first; empty unless the share grows.
    ranked: Vec<u32>,
    /// How often peers have decided.
    decisions: u64,
    /// How peers have fared, where they decide by that.
    accounts: Option<Accounts>,
}

impl Conduct {
    /// Exactly the configured share (rounded) of `initial` peers is selfish; none, if the share has yet to grow.
    #[must_use]
    pub fn new(config: &Selfish, seed: u64, initial: u32) -> Self {
        let grows = matches!(config.who, Presence::Ramp { .. });
        let share = if grows { 0.0 } else { config.fraction };
        let ranked = if config.never() {
            Vec::new()
        } else {
            ranked(seed, initial)
        };
        let mut selfish = vec![false; initial as usize];
        for peer in &ranked[..count(share, ranked.len())] {
            selfish[*peer as usize] = true;
        }
        Self {
            seed,
            config: config.clone(),
            selfish,
            persons: Persons::default(),
            share,
            ranked: if grows { ranked } else { Vec::new() },
            decisions: 0,
            accounts: turning::accounts(&config.who),
        }
    }

    /// A further peer arrives; it is selfish with the probability of the present share.
    pub fn add_peer(&mut self) {
        let peer = PeerIdx::from_usize(self.selfish.len());
        let person = self.persons.behind(peer).0;
        self.selfish
            .push(inclination(self.seed, person) < self.share);
    }

    /// A further peer arrives, which is one of the others come back, and what that one was. Whether those that come later are
    /// selfish does not depend on it.
    pub fn add_again(&mut self, before: PeerIdx) {
        let name = PeerIdx::from_usize(self.selfish.len());
        self.persons.rename(before, name);
        self.selfish.push(self.is_selfish(before));
    }

    /// Whether a peer is selfish at present.
    pub fn is_selfish(&self, peer: PeerIdx) -> bool {
        self.selfish[peer.at()]
    }

    /// What a peer does when it is asked for a service. `named` says which node it names that misroutes. What the first of
    /// its behaviours refuses, no other one grants.
    pub fn deed(
        &self,
        peer: PeerIdx,
        service: Service,
        named: impl Fn(MisrouteTo) -> NodeIdx,
    ) -> Deed {
        if !self.is_selfish(peer) {
            return Deed::Serve;
        }
        let deed = |behaviour: &Behaviour| match behaviour {
            Behaviour::DropLookups => drop_lookups::deed(service),
            Behaviour::RefuseStorage => refuse_storage::deed(service, self.config.storage_refusal),
            Behaviour::RefuseServing => refuse_serving::deed(service),
            Behaviour::NoMaintenance => no_maintenance::deed(service),
            Behaviour::Misroute => misroute::deed(service, || named(self.config.misroute_to)),
            // Who asks and goes, or comes back as another, may serve in between.
            Behaviour::Whitewash | Behaviour::Leech => Deed::Serve,
        };
        let mut deeds = self.config.behaviour.iter().map(deed);
        deeds
            .find(|deed| *deed != Deed::Serve)
            .unwrap_or(Deed::Serve)
    }
}

/// This share of so many peers, rounded.
fn count(share: f64, peers: usize) -> usize {
    libm::round(share * peers as f64) as usize
}

/// The first peers, the most inclined first.
fn ranked(seed: u64, initial: u32) -> Vec<u32> {
    let mut ranked: Vec<_> = (0..initial)
        .map(|peer| (inclination(seed, peer), peer))
        .collect();
    ranked.sort_by(|a, b| a.0.total_cmp(&b.0));
    ranked.into_iter().map(|(_, peer)| peer).collect()
}

fn inclination(seed: u64, peer: u32) -> f64 {
    unit_hash(seed, Stream::Selfish, u64::from(peer), 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::resolved::{Defences, StorageRefusal};

    fn conduct(fraction: f64) -> Conduct {
        of(fraction, vec![Behaviour::DropLookups])
    }

    fn of(fraction: f64, behaviour: Vec<Behaviour>) -> Conduct {
        let config = Selfish::with(fraction, behaviour, Defences::default());
        Conduct::new(&config, 4, 50)
    }

    #[test]
    fn who_comes_back_is_as_before_and_changes_nothing_for_those_that_come_later() {
        let (mut plain, mut washed) = (conduct(0.3), conduct(0.3));
        for before in (0..50).map(PeerIdx) {
            plain.add_peer();
            washed.add_again(before);
            washed.add_peer();
        }
        let selfish = |conduct: &Conduct, peer: u32| conduct.is_selfish(PeerIdx(peer));
        for k in 0..50 {
            assert_eq!(selfish(&washed, 50 + 2 * k), selfish(&plain, k));
            assert_eq!(selfish(&washed, 51 + 2 * k), selfish(&plain, 50 + k));
        }
    }

    fn refused_by(behaviour: Vec<Behaviour>) -> Vec<(Service, Deed)> {
        let conduct = of(1.0, behaviour);
        let deed = |service| conduct.deed(PeerIdx(0), service, |_| NodeIdx(7));
        let services = [
            Service::Nothing,
            Service::PassOn,
            Service::Answer,
            Service::Maintain,
            Service::Keep,
            Service::HandOut,
        ];
        let deeds = services.map(|service| (service, deed(service)));
        let refused = deeds.into_iter().filter(|(_, deed)| *deed != Deed::Serve);
        refused.collect()
    }

    #[test]
    fn the_share_is_exact_and_a_larger_one_contains_a_smaller_one() {
        let selfish = |fraction| {
            let conduct = conduct(fraction);
            (0..50)
                .filter(|peer| conduct.is_selfish(PeerIdx(*peer)))
                .collect::<Vec<_>>()
        };
        let (few, many) = (selfish(0.1), selfish(0.3));
        assert_eq!((few.len(), many.len()), (5, 15));
        assert!(few.iter().all(|peer| many.contains(peer)));
        assert_eq!(selfish(1.0).len(), 50);
        assert_eq!(selfish(0.0).len(), 0);
    }

    #[test]
    fn later_peers_are_selfish_in_proportion() {
        let mut conduct = conduct(0.3);
        for _ in 0..10_000 {
            conduct.add_peer();
        }
        let count = (50..10_050)
            .filter(|peer| conduct.is_selfish(PeerIdx(*peer)))
            .count();
        assert!(
            (2800..3200).contains(&count),
            "{count} of 10 000 at a share of 0.3"
        );
    }

    #[test]
    fn each_behaviour_refuses_one_thing_and_several_refuse_all_of_theirs() {
        use Behaviour::{
            DropLookups, Leech, Misroute, NoMaintenance, RefuseServing, RefuseStorage, Whitewash,
        };
        let passes = (Service::PassOn, Deed::Refuse);
        let maintains = (Service::Maintain, Deed::Refuse);
        let gives = (Service::HandOut, Deed::Refuse);
        for (behaviour, refused) in [
            (vec![DropLookups], vec![passes]),
            (vec![RefuseStorage], vec![(Service::Keep, Deed::Refuse)]),
            (vec![RefuseServing], vec![gives]),
            (vec![NoMaintenance], vec![maintains]),
            (
                vec![Misroute],
                vec![(Service::PassOn, Deed::Misroute(NodeIdx(7)))],
            ),
            (vec![Whitewash], vec![]),
            (vec![Leech], vec![]),
            (
                vec![DropLookups, RefuseServing, NoMaintenance, Leech],
                vec![passes, maintains, gives],
            ),
        ] {
            assert_eq!(refused_by(behaviour.clone()), refused, "{behaviour:?}");
        }
    }

    #[test]
    fn who_keeps_nothing_may_say_so() {
        let mut conduct = of(1.0, vec![Behaviour::RefuseStorage]);
        conduct.config.storage_refusal = StorageRefusal::Decline;
        let deed = conduct.deed(PeerIdx(0), Service::Keep, |_| NodeIdx(7));
        assert_eq!(deed, Deed::Decline);
    }
}
