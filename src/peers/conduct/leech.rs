//! `behaviour = "leech"`: a peer that comes only to ask. It joins, makes one request, says goodbye when that is over, stays
//! away for a while, and comes again. While it is there it serves others as its other behaviours let it.
//!
//! This file says when. How a peer comes, asks and goes is the loop's business.

use std::collections::BTreeMap;

use rand_chacha::ChaCha8Rng;

use crate::engine::{SimDuration, SimTime, Stream, stream, unit_hash};
use crate::scenario::resolved::{Behaviour, Selfish};
use crate::world::PeerIdx;

/// What a leech does next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// It comes.
    Come,
    /// It makes its request.
    Ask,
    /// It goes.
    Leave,
}

/// Where a leech is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Stage {
    Away {
        until: SimTime,
    },
    /// It looks for its place on the ring.
    Arriving,
    /// It waits for what it has asked for.
    Asking,
    Satisfied,
}

/// A leech.
#[derive(Clone, Copy, Debug)]
struct Leech {
    stage: Stage,
    /// How often it has gone away.
    pauses: u64,
    /// Whether it would be up if it came and went as others do; `None`: it would not have come yet.
    shadow: Option<bool>,
}

/// All leeches of one run that have come or gone so far.
pub struct Leeches {
    seed: u64,
    away: SimDuration,
    rng: ChaCha8Rng,
    all: BTreeMap<PeerIdx, Leech>,
    /// Who waits for each request.
    requests: BTreeMap<u64, PeerIdx>,
    /// Those whose request is over and who do not know yet.
    satisfied: Vec<PeerIdx>,
}

impl Leeches {
    /// Those of the run with this seed; `None` if there can be none.
    #[must_use]
    pub fn of(config: &Selfish, seed: u64) -> Option<Self> {
        let may_be = config.does(Behaviour::Leech) && !config.never();
        may_be.then(|| Self {
            seed,
            away: config.leech_away,
            rng: stream(seed, Stream::Leeches),
            all: BTreeMap::new(),
            requests: BTreeMap::new(),
            satisfied: Vec::new(),
        })
    }

    /// Random numbers for what they ask.
    pub fn rng(&mut self) -> &mut ChaCha8Rng {
        &mut self.rng
    }

    /// A leech is away at the beginning. Returns how long: what is left of an exponential time is as long as a whole one.
    /// `shadow`: whether it would be up if it were no leech; `None`: it would not have come yet.
    pub fn begin(&mut self, peer: PeerIdx, shadow: Option<bool>) -> SimDuration {
        let away = self.goes(peer, SimTime::ZERO);
        if let Some(leech) = self.all.get_mut(&peer) {
            leech.shadow = shadow;
        }
        away
    }

    /// A leech has gone, by itself or not. Returns how long it stays away: that depends on nothing but who it is and how often
    /// it went away before.
    pub fn goes(&mut self, peer: PeerIdx, now: SimTime) -> SimDuration {
        let leech = self.leech(peer);
        let number = leech.pauses;
        leech.pauses += 1;
        let unit = unit_hash(self.seed, Stream::Leeches, u64::from(peer.0), number);
        let away = self.away.scaled(-libm::log1p(-unit));
        self.leech(peer).stage = Stage::Away { until: now + away };
        self.requests.retain(|_, asker| *asker != peer);
        away
    }

    /// A leech is there, and looks for its place.
    pub fn comes(&mut self, peer: PeerIdx) {
        self.leech(peer).stage = Stage::Arriving;
    }

    /// What a leech does at a moment at which it may do something.
    #[must_use]
    pub fn step(&self, peer: PeerIdx, now: SimTime) -> Option<Step> {
        match self.all.get(&peer)?.stage {
            Stage::Away { until } => (now >= until).then_some(Step::Come),
            Stage::Arriving => Some(Step::Ask),
            Stage::Asking => None,
            Stage::Satisfied => Some(Step::Leave),
        }
    }

    /// A leech makes its request.
    pub fn asks(&mut self, peer: PeerIdx, ticket: u64) {
        self.leech(peer).stage = Stage::Asking;
        self.requests.insert(ticket, peer);
    }

    /// A request is over, whoever made it.
    pub fn over(&mut self, ticket: u64) {
        if let Some(peer) = self.requests.remove(&ticket) {
            self.leech(peer).stage = Stage::Satisfied;
            self.satisfied.push(peer);
        }
    }

    /// Those whose request is over, once.
    pub fn take_satisfied(&mut self) -> Vec<PeerIdx> {
        std::mem::take(&mut self.satisfied)
    }

    /// The moment at which a peer would come or go that is a leech. Returns whether it would have been up.
    pub fn toggle_shadow(&mut self, peer: PeerIdx) -> Option<bool> {
        let leech = self.leech(peer);
        let before = leech.shadow;
        leech.shadow = Some(before != Some(true));
        before
    }

    fn leech(&mut self, peer: PeerIdx) -> &mut Leech {
        self.all.entry(peer).or_insert(Leech {
            stage: Stage::Arriving,
            pauses: 0,
            shadow: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::resolved::Defences;

    fn leeches() -> Leeches {
        let config = Selfish::with(0.5, vec![Behaviour::Leech], Defences::default());
        Leeches::of(&config, 7).unwrap()
    }

    #[test]
    fn a_leech_comes_asks_goes_and_comes_again() {
        let (mut leeches, peer) = (leeches(), PeerIdx(3));
        let first = SimTime::ZERO + leeches.begin(peer, Some(true));
        assert_eq!(leeches.step(peer, SimTime(first.0 - 1)), None);
        assert_eq!(leeches.step(peer, first), Some(Step::Come));
        leeches.comes(peer);
        assert_eq!(leeches.step(peer, first), Some(Step::Ask));
        leeches.asks(peer, 11);
        assert_eq!(leeches.step(peer, first), None);
        leeches.over(12);
        assert_eq!(leeches.take_satisfied(), []);
        leeches.over(11);
        assert_eq!(leeches.take_satisfied(), [peer]);
        assert_eq!(leeches.take_satisfied(), []);
        assert_eq!(leeches.step(peer, first), Some(Step::Leave));
        let again = first + leeches.goes(peer, first);
        assert_eq!(leeches.step(peer, first), None);
        assert_eq!(leeches.step(peer, again), Some(Step::Come));
    }

    #[test]
    fn pauses_are_exponential_and_each_leechs_own() {
        let (mut one, mut other) = (leeches(), leeches());
        let mut pauses = Vec::new();
        for number in 0..10_000_u32 {
            let peer = PeerIdx(number % 100);
            pauses.push(one.goes(peer, SimTime::ZERO).as_secs_f64());
        }
        for _ in 0..100 {
            let again = other.goes(PeerIdx(5), SimTime::ZERO).as_secs_f64();
            assert!(pauses.contains(&again), "whoever else comes and goes");
        }
        // Mean and standard deviation are 600 s.
        let mean = pauses.iter().sum::<f64>() / 1e4;
        assert!((mean - 600.0).abs() < 4.0 * 6.0, "{mean}");
        let above = pauses.iter().filter(|pause| **pause > 600.0).count() as f64 / 1e4;
        assert!((above - (-1.0_f64).exp()).abs() < 4.0 * 0.0048, "{above}");
    }
}
