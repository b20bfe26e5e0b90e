//! Peers turn selfish, or honest again, while a run goes on: the share grows, or each decides for itself. All do so at the
//! same moment, by what was until then.

use super::generosity::Game;
use super::imitation::{Accounts, Worth, counterpart};
use super::{Conduct, ramp};
use crate::engine::{SimDuration, Stream, unit_hash};
use crate::scenario::resolved::{Presence, Rule};
use crate::world::PeerIdx;

/// What a number of [`Stream::Decisions`] is drawn for, besides the peer.
const GENEROSITY: u64 = 0;

impl Conduct {
    /// When peers turn next, after this moment, both counted from the beginning of the measurement; `None`: never.
    #[must_use]
    pub fn next_turn(&self, after: SimDuration) -> Option<SimDuration> {
        match self.config.who {
            Presence::Drawn => None,
            Presence::Ramp { until, .. } if after >= until => None,
            // At the end it is whole, however long the steps are.
            Presence::Ramp { until, every } => Some((after + every).min(until)),
            Presence::Decide { every, .. } => Some(after + every),
        }
    }

    /// The measurement begins: what was before decides nothing.
    pub fn begin_measuring(&mut self) {
        if let Some(accounts) = &mut self.accounts {
            accounts.clear();
        }
    }

    /// Peers turn at this moment, counted from the beginning of the measurement. `live` are those that are up: only they
    /// decide, and only by them the others go.
    pub fn turn(&mut self, now: SimDuration, live: &[PeerIdx]) {
        match self.config.who {
            Presence::Drawn => {}
            Presence::Ramp { until, .. } => {
                self.grow(ramp::share_at(self.config.fraction, until, now));
            }
            Presence::Decide { by, .. } => {
                match by {
                    Rule::Imitation {
                        gain_per_request,
                        cost_per_message,
                        cost_per_byte,
                    } => {
                        let worth = Worth {
                            gain_per_request,
                            cost_per_message,
                            cost_per_byte,
                        };
                        self.imitate(&worth, live);
                    }
                    Rule::Generosity {
                        most,
                        benefit,
                        exclusion,
                    } => {
                        let game = Game {
                            most,
                            benefit,
                            exclusion,
                        };
                        self.play(&game, live);
                    }
                }
                self.decisions += 1;
                if let Some(share) = self.share_of(live) {
                    self.share = share;
                }
            }
        }
    }

    /// More peers turn selfish: as many of the first ones as make this share, and of later ones those that are as inclined.
    fn grow(&mut self, share: f64) {
        self.share = share;
        for peer in &self.ranked[..super::count(share, self.ranked.len())] {
            self.selfish[*peer as usize] = true;
        }
        for peer in self.ranked.len()..self.selfish.len() {
            let person = self.persons.behind(PeerIdx::from_usize(peer));
            if super::inclination(self.seed, person.0) < share {
                self.selfish[peer] = true;
            }
        }
    }

    fn play(&mut self, game: &Game, live: &[PeerIdx]) {
        let Some(selfish) = self.share_of(live) else {
            return;
        };
        for peer in live {
            let person = self.persons.behind(*peer).0;
            let rank = unit_hash(self.seed, Stream::Decisions, person.into(), GENEROSITY);
            self.selfish[peer.at()] = !game.contributes(rank, 1.0 - selfish);
        }
    }

    fn imitate(&mut self, worth: &Worth, live: &[PeerIdx]) {
        let others = live.len().saturating_sub(1);
        let Some(accounts) = self.accounts.as_mut().filter(|_| others > 0) else {
            return;
        };
        // In the order of their numbers, so that whom a peer is compared with does not depend on who went before.
        let mut live = live.to_vec();
        live.sort_unstable();
        let fared = |peer: PeerIdx| worth.of(accounts.of(peer));
        let round = 1 + self.decisions;
        let follows = |(place, peer): (usize, &PeerIdx)| {
            let draw = unit_hash(self.seed, Stream::Decisions, peer.0.into(), round);
            let other = live[counterpart(place, others, draw)];
            let differs = self.selfish[peer.at()] != self.selfish[other.at()];
            (differs && fared(other) > fared(*peer)).then_some(*peer)
        };
        let turning: Vec<PeerIdx> = live.iter().enumerate().filter_map(follows).collect();
        for peer in turning {
            self.selfish[peer.at()] = !self.selfish[peer.at()];
        }
        accounts.clear();
    }

    /// The share of these peers that is selfish; `None` of nobody.
    fn share_of(&self, live: &[PeerIdx]) -> Option<f64> {
        let selfish = live.iter().filter(|peer| self.is_selfish(**peer)).count();
        (!live.is_empty()).then(|| selfish as f64 / live.len() as f64)
    }

    /// Whether those that play fair keep nothing for this peer and give nothing out to it until the next decision.
    #[must_use]
    pub fn is_excluded(&self, peer: PeerIdx) -> bool {
        let Presence::Decide {
            by: Rule::Generosity { exclusion, .. },
            ..
        } = self.config.who
        else {
            return false;
        };
        let draw = |round| unit_hash(self.seed, Stream::Decisions, peer.0.into(), round);
        self.is_selfish(peer) && draw(1 + self.decisions) < exclusion
    }

    /// Whether anybody wants to know how peers fare.
    #[must_use]
    pub fn keeps_accounts(&self) -> bool {
        self.accounts.is_some()
    }

    /// A request of a peer has been answered as it should be.
    pub fn gained(&mut self, peer: PeerIdx) {
        if let Some(accounts) = &mut self.accounts {
            accounts.entry(peer).answered += 1;
        }
    }

    /// A peer has sent a message in serving others.
    pub fn paid(&mut self, peer: PeerIdx, bytes: u32) {
        if let Some(accounts) = &mut self.accounts {
            let account = accounts.entry(peer);
            account.messages += 1;
            account.bytes += u64::from(bytes);
        }
    }
}

/// The accounts, where peers decide by them.
pub(super) fn accounts(who: &Presence) -> Option<Accounts> {
    let by_accounts = matches!(
        who,
        Presence::Decide {
            by: Rule::Imitation { .. },
            ..
        }
    );
    by_accounts.then(Accounts::default)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::resolved::{Behaviour, Defences, Selfish};

    const MINUTE: SimDuration = SimDuration::from_secs(60);

    fn conduct(fraction: f64, who: Presence, peers: u32) -> Conduct {
        let behaviour = vec![Behaviour::DropLookups];
        let config = Selfish {
            who,
            ..Selfish::with(fraction, behaviour, Defences::default())
        };
        Conduct::new(&config, 4, peers)
    }

    fn deciding(by: Rule) -> Presence {
        Presence::Decide { every: MINUTE, by }
    }

    fn all(peers: u32) -> Vec<PeerIdx> {
        (0..peers).map(PeerIdx).collect()
    }

    fn selfish(conduct: &Conduct, peers: u32) -> Vec<u32> {
        let is_selfish = |peer: &u32| conduct.is_selfish(PeerIdx(*peer));
        (0..peers).filter(is_selfish).collect()
    }

    /// Steps at 4 and 8 minutes, and one at the end of 10. A quarter of 50 peers is 12.5, which is rounded up.
    #[test]
    fn the_share_grows_in_steps_and_nobody_turns_back() {
        let (until, every) = (MINUTE.scaled(10.0), MINUTE.scaled(4.0));
        let mut conduct = conduct(0.25, Presence::Ramp { until, every }, 50);
        assert_eq!(selfish(&conduct, 50).len(), 0);
        for _ in 0..1000 {
            conduct.add_peer();
        }
        let (mut now, mut before) = (SimDuration::ZERO, Vec::new());
        let mut counts = Vec::new();
        while let Some(next) = conduct.next_turn(now) {
            now = next;
            conduct.turn(now, &all(1050));
            let selfish = selfish(&conduct, 1050);
            assert!(before.iter().all(|peer| selfish.contains(peer)));
            let first = selfish.iter().filter(|peer| **peer < 50).count();
            counts.push((now.0 / MINUTE.0, first));
            before = selfish;
        }
        // 0.1 · 50, 0.2 · 50, 0.25 · 50.
        assert_eq!(counts, [(4, 5), (8, 10), (10, 13)]);
        let later = before.len() - 13;
        assert!((200..300).contains(&later), "{later} of 1000 at 0.25");
        // The same peers as if they had been so from the beginning.
        let mut drawn = self::conduct(0.25, Presence::Drawn, 50);
        (0..1000).for_each(|_| drawn.add_peer());
        assert_eq!(selfish(&drawn, 1050), before);
    }

    fn imitating(peers: u32, fraction: f64) -> Conduct {
        let by = Rule::Imitation {
            gain_per_request: 1.0,
            cost_per_message: 0.5,
            cost_per_byte: 0.0,
        };
        conduct(fraction, deciding(by), peers)
    }

    /// With two peers each has the other for a counterpart.
    #[test]
    fn of_two_peers_the_one_that_fares_worse_does_as_the_other() {
        for (gained, paid, becomes) in [
            // 3 - 1 against 0: the honest one fares better.
            (3, 2, 0),
            // 1 - 1.5 against 0: the selfish one does.
            (1, 3, 2),
            // 1 - 1 against 0: nobody has a reason.
            (1, 2, 1),
        ] {
            let mut conduct = imitating(2, 0.5);
            let honest = PeerIdx(u32::from(conduct.is_selfish(PeerIdx(0))));
            (0..gained).for_each(|_| conduct.gained(honest));
            (0..paid).for_each(|_| conduct.paid(honest, 100));
            conduct.turn(MINUTE, &all(2));
            assert_eq!(selfish(&conduct, 2).len(), becomes, "{gained}, {paid}");
        }
    }

    #[test]
    fn whoever_is_alone_or_finds_no_other_conduct_stays_as_it_is() {
        let mut alone = imitating(1, 1.0);
        alone.turn(MINUTE, &all(1));
        assert!(alone.is_selfish(PeerIdx(0)));
        let mut alike = imitating(20, 0.0);
        alike.gained(PeerIdx(3));
        alike.turn(MINUTE, &all(20));
        assert_eq!(selfish(&alike, 20).len(), 0);
    }

    /// All decide by what was before any of them has: the same is computed here from a copy, one peer after the other.
    #[test]
    fn imitation_goes_by_one_snapshot_of_all_and_by_the_last_interval_only() {
        const PEERS: u32 = 40;
        let mut conduct = imitating(PEERS, 0.4);
        for round in 1..6_u64 {
            let gains: Vec<u64> = (0..u64::from(PEERS))
                .map(|p| (p * 7 + round * 5) % 11)
                .collect();
            for (peer, gain) in (0..).map(PeerIdx).zip(&gains) {
                (0..*gain).for_each(|_| conduct.gained(peer));
            }
            let was: Vec<bool> = all(PEERS).iter().map(|p| conduct.is_selfish(*p)).collect();
            let after = |peer: usize| {
                let draw = unit_hash(4, Stream::Decisions, peer as u64, round);
                let among: Vec<usize> = (0..PEERS as usize).filter(|p| *p != peer).collect();
                let other = among[(draw * among.len() as f64) as usize];
                was[if gains[other] > gains[peer] {
                    other
                } else {
                    peer
                }]
            };
            let expected: Vec<u32> = (0..PEERS).filter(|p| after(*p as usize)).collect();
            // The order in which peers are up is that of their lives.
            let mut live = all(PEERS);
            live.rotate_left(13);
            conduct.turn(MINUTE, &live);
            assert_eq!(selfish(&conduct, PEERS), expected, "round {round}");
        }
    }

    /// Only those that are up decide, and newcomers are selfish as often as those are.
    #[test]
    fn peers_that_are_down_do_not_decide() {
        let by = Rule::Generosity {
            most: 0.0,
            benefit: 0.0,
            exclusion: 0.0,
        };
        let mut conduct = conduct(0.0, deciding(by), 100);
        conduct.turn(MINUTE, &all(30));
        assert_eq!(selfish(&conduct, 100), (0..30).collect::<Vec<_>>());
        (0..1000).for_each(|_| conduct.add_peer());
        assert_eq!(
            selfish(&conduct, 1100).len(),
            1030,
            "all that decide are selfish"
        );
    }

    #[test]
    fn free_riders_are_excluded_until_the_next_decision_and_nobody_else_is() {
        let by = Rule::Generosity {
            most: 5.0,
            benefit: 0.0,
            exclusion: 0.25,
        };
        let mut conduct = conduct(0.5, deciding(by), 4000);
        let excluded = |conduct: &Conduct| {
            let excluded = |peer: &PeerIdx| conduct.is_excluded(*peer);
            all(4000).into_iter().filter(excluded).collect::<Vec<_>>()
        };
        let first = excluded(&conduct);
        assert!(first.iter().all(|peer| conduct.is_selfish(*peer)));
        assert!((440..560).contains(&first.len()), "{} of 2000", first.len());
        conduct.turn(MINUTE, &all(4000));
        assert_ne!(excluded(&conduct), first);
    }
}
