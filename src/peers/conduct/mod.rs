//! Which peers are selfish, and what that means for a message. This is the one place where it is decided. A
//! behaviour is a file here and a line in [`Conduct::deed`].

mod drop_lookups;

use crate::engine::{Stream, unit_hash};
use crate::overlay::{Deed, Service};
use crate::scenario::resolved::{Behaviour, Selfish};
use crate::world::PeerIdx;

/// The conduct of all peers. For one seed, the selfish peers at a smaller share are also selfish at a larger
/// share.
pub struct Conduct {
    seed: u64,
    fraction: f64,
    behaviour: Behaviour,
    selfish: Vec<bool>,
}

impl Conduct {
    /// Exactly the configured share (rounded) of `initial` peers is selfish.
    #[must_use]
    pub fn new(config: &Selfish, seed: u64, initial: u32) -> Self {
        let mut ranked: Vec<_> = (0..initial)
            .map(|peer| (inclination(seed, peer), peer))
            .collect();
        ranked.sort_by(|a, b| a.0.total_cmp(&b.0));
        let count = libm::round(config.fraction * f64::from(initial)) as usize;
        let mut selfish = vec![false; initial as usize];
        for (_, peer) in &ranked[..count] {
            selfish[*peer as usize] = true;
        }
        Self {
            seed,
            fraction: config.fraction,
            behaviour: config.behaviour,
            selfish,
        }
    }

    /// A further peer arrives; it is selfish with the probability of the configured share.
    pub fn add_peer(&mut self) {
        let peer = self.selfish.len() as u32;
        self.selfish
            .push(inclination(self.seed, peer) < self.fraction);
    }

    /// Whether a peer is selfish.
    pub fn is_selfish(&self, peer: PeerIdx) -> bool {
        self.selfish[peer.at()]
    }

    /// What a peer does when it is asked for a service.
    pub fn deed(&self, peer: PeerIdx, service: Service) -> Deed {
        if !self.is_selfish(peer) {
            return Deed::Serve;
        }
        match self.behaviour {
            Behaviour::DropLookups => drop_lookups::deed(service),
        }
    }

    /// Whether no peer is selfish and none will be. Then no peer's deeds need to be asked for.
    pub fn all_fair(&self) -> bool {
        self.fraction == 0.0
    }
}

fn inclination(seed: u64, peer: u32) -> f64 {
    unit_hash(seed, Stream::Selfish, u64::from(peer), 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::resolved::Defence;

    fn conduct(fraction: f64) -> Conduct {
        let behaviour = Behaviour::DropLookups;
        Conduct::new(
            &Selfish {
                fraction,
                behaviour,
                defence: Defence::None,
            },
            4,
            50,
        )
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
        assert!(conduct(0.0).all_fair());
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
    fn a_dropper_refuses_to_pass_on_and_nothing_else() {
        let conduct = conduct(1.0);
        let deed = |service| conduct.deed(PeerIdx(0), service);
        assert_eq!(deed(Service::PassOn), Deed::Refuse);
        assert_eq!(deed(Service::Answer), Deed::Serve);
        assert_eq!(deed(Service::Maintain), Deed::Serve);
    }
}
