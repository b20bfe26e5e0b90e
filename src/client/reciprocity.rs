//! `defence = "reciprocity"`: each peer serves another in proportion to what that one has done for it (tit for tat: Axelrod,
//! "The Evolution of Cooperation", 1984; between peers as with `BitTorrent`, Cohen 2003, though by what was done ever since and
//! not lately).
//!
//! What counts are values that were kept or given out: there the one who serves knows for whom. Lookups are passed on for
//! whoever asks: who passes one on is not told, and could not be paid by that one either. Balances are private: nobody knows
//! what others have done for each other.

use std::collections::BTreeMap;

use super::standing::Experience;
use crate::overlay::Service;
use crate::scenario::resolved::Reciprocity;
use crate::world::PeerIdx;

/// What one peer has done for another, and that one for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Balance {
    given: u32,
    taken: u32,
}

/// What each peer has done for others, and others for it. There is an entry for a pair only once one of the two has
/// done something for the other.
pub struct Balances {
    config: Reciprocity,
    /// By who remembers, and about whom.
    of: BTreeMap<(PeerIdx, PeerIdx), Balance>,
}

impl Balances {
    /// Nobody has done anything yet.
    #[must_use]
    pub fn new(config: Reciprocity) -> Self {
        let of = BTreeMap::new();
        Self { config, of }
    }

    /// A peer has seen something of another.
    pub fn note(&mut self, experience: &Experience) {
        if experience.served && is_weighed(experience.service) {
            self.entry(experience.asker, experience.server).taken += 1;
        }
    }

    /// Whether a peer serves another, which asks it for this.
    #[must_use]
    pub fn serves(&self, server: PeerIdx, asker: PeerIdx, service: Service) -> bool {
        if !is_weighed(service) {
            return true;
        }
        let balance = self.of.get(&(server, asker)).copied().unwrap_or_default();
        let Reciprocity { allowance, ratio } = self.config;
        f64::from(balance.given) < f64::from(allowance) + ratio * f64::from(balance.taken)
    }

    /// A peer has served another.
    pub fn served(&mut self, server: PeerIdx, asker: PeerIdx, service: Service) {
        if is_weighed(service) {
            self.entry(server, asker).given += 1;
        }
    }

    fn entry(&mut self, of: PeerIdx, about: PeerIdx) -> &mut Balance {
        self.of.entry((of, about)).or_default()
    }
}

/// Whether the one who does this knows for whom.
fn is_weighed(service: Service) -> bool {
    matches!(service, Service::Keep | Service::HandOut)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::SimTime;

    const ME: PeerIdx = PeerIdx(3);
    const OTHER: PeerIdx = PeerIdx(8);

    fn balances(allowance: u32, ratio: f64) -> Balances {
        Balances::new(Reciprocity { allowance, ratio })
    }

    fn note(balances: &mut Balances, service: Service, served: bool) {
        balances.note(&Experience {
            asker: ME,
            server: OTHER,
            service,
            served,
            at: SimTime::ZERO,
        });
    }

    /// How many requests in a row are served.
    fn serves_in_a_row(balances: &mut Balances) -> u32 {
        let mut count = 0;
        while balances.serves(ME, OTHER, Service::HandOut) && count < 100 {
            balances.served(ME, OTHER, Service::HandOut);
            count += 1;
        }
        count
    }

    #[test]
    fn the_allowance_is_served_and_then_what_was_done_in_return() {
        let mut balances = balances(3, 1.5);
        assert_eq!(serves_in_a_row(&mut balances), 3);
        note(&mut balances, Service::Keep, true);
        // Up to 3 + 1.5: 3 and 4 are less than that, 5 is not.
        assert_eq!(serves_in_a_row(&mut balances), 2);
        note(&mut balances, Service::HandOut, true);
        // Up to 6.
        assert_eq!(serves_in_a_row(&mut balances), 1);
    }

    #[test]
    fn what_was_not_done_and_what_was_passed_on_weigh_nothing() {
        let mut balances = balances(1, 1.0);
        note(&mut balances, Service::Keep, false);
        note(&mut balances, Service::PassOn, true);
        for _ in 0..5 {
            balances.served(ME, OTHER, Service::PassOn);
        }
        assert_eq!(serves_in_a_row(&mut balances), 1);
        assert!(balances.serves(ME, OTHER, Service::PassOn));
        assert!(!balances.serves(ME, OTHER, Service::Keep));
    }

    #[test]
    fn what_one_has_done_for_another_is_no_third_one_s_business() {
        let mut balances = balances(0, 1.0);
        note(&mut balances, Service::Keep, true);
        assert!(balances.serves(ME, OTHER, Service::Keep));
        assert!(!balances.serves(OTHER, ME, Service::Keep));
        assert!(!balances.serves(PeerIdx(9), OTHER, Service::Keep));
    }
}
