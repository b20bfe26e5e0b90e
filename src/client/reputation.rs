//! `defence = "reputation"`: each peer keeps a score of every other one that it has asked for something, from its own
//! experience alone, which fades.
//!
//! A bad experience adds 1 to what weighs against the other, a good one takes 1 off, down to 0: nobody can lay up credit and
//! spend it, so that a peer which turns selfish is found out as soon as any other. Half of what weighs is forgotten in each
//! half-life. Who has reached the limit is of ill repute, and stays so until less than half of it is left: were it the limit
//! itself, the first moment of forgetting would end it.
//!
//! Peers are known by their name only. Who comes back under another is a stranger.

use std::collections::{BTreeMap, BTreeSet};

use super::standing::Experience;
use crate::engine::{SimDuration, SimTime};
use crate::overlay::Service;
use crate::scenario::resolved::{ReputationVerdict, Repute};
use crate::world::PeerIdx;

/// What each peer thinks of the others it knows.
pub struct Reputation {
    config: Repute,
    /// By who judges and who is judged. Of whom nothing bad is known, nothing is kept.
    scores: BTreeMap<(PeerIdx, PeerIdx), Score>,
    /// The same the other way round: who is judged, by whom.
    judges: BTreeSet<(PeerIdx, PeerIdx)>,
}

/// What one peer thinks of another.
#[derive(Clone, Copy, Debug)]
struct Score {
    /// What weighed against it at that moment.
    weight: f64,
    at: SimTime,
    ill_until: Option<SimTime>,
}

impl Score {
    fn is_ill(self, now: SimTime) -> bool {
        self.ill_until.is_some_and(|until| now <= until)
    }
}

/// What has come of an experience.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Opinion {
    /// Until when the other is of ill repute, that moment included, if nothing else happens; `None` if it is not.
    pub ill_until: Option<SimTime>,
    /// Whether it is so from this moment on: a verdict.
    pub is_verdict: bool,
}

impl Reputation {
    /// Nobody knows anybody.
    #[must_use]
    pub fn new(config: Repute) -> Self {
        Self {
            config,
            scores: BTreeMap::new(),
            judges: BTreeSet::new(),
        }
    }

    /// A peer has seen something of another.
    pub fn note(&mut self, experience: &Experience) -> Opinion {
        let &Experience {
            asker,
            server,
            served,
            at,
            ..
        } = experience;
        let before = self.scores.get(&(asker, server)).copied();
        let was_ill = before.is_some_and(|score| score.is_ill(at));
        let weight = before.map_or(0.0, |score| self.faded(score, at));
        let weight = if served {
            (weight - 1.0).max(0.0)
        } else {
            weight + 1.0
        };
        if weight == 0.0 {
            self.scores.remove(&(asker, server));
            self.judges.remove(&(server, asker));
            return Opinion::default();
        }
        let limit = self.config.limit;
        let is_ill = weight >= limit || was_ill && weight >= limit / 2.0;
        let ill_until = is_ill.then(|| self.redeemed(weight, at));
        let score = Score {
            weight,
            at,
            ill_until,
        };
        self.scores.insert((asker, server), score);
        self.judges.insert((server, asker));
        Opinion {
            ill_until,
            is_verdict: is_ill && !was_ill,
        }
    }

    /// What is left of a score at a later moment.
    fn faded(&self, score: Score, now: SimTime) -> f64 {
        let half_lives = self.config.half_life.map_or(0.0, |half_life| {
            now.since(score.at).as_secs_f64() / half_life.as_secs_f64()
        });
        score.weight * libm::exp2(-half_lives)
    }

    /// The last moment at which half of the limit is left of such a weight.
    fn redeemed(&self, weight: f64, from: SimTime) -> SimTime {
        self.config.half_life.map_or(SimTime::MAX, |half_life| {
            let half_lives = libm::log2(weight / (self.config.limit / 2.0));
            from + SimDuration::from_secs_f64(half_lives * half_life.as_secs_f64())
        })
    }

    /// Whether one peer thinks ill of another.
    #[must_use]
    pub fn thinks_ill(&self, judge: PeerIdx, of: PeerIdx, now: SimTime) -> bool {
        let score = self.scores.get(&(judge, of));
        score.is_some_and(|score| score.is_ill(now))
    }

    /// Whether anybody thinks ill of a peer.
    #[must_use]
    pub fn is_ill_reputed(&self, peer: PeerIdx, now: SimTime) -> bool {
        let judges = self.judges.range(all_of(peer));
        judges
            .into_iter()
            .any(|(_, judge)| self.thinks_ill(*judge, peer, now))
    }

    /// Whether a peer serves another. The upkeep of the overlay is everybody's: nobody is kept out of the ring.
    #[must_use]
    pub fn serves(&self, server: PeerIdx, asker: PeerIdx, service: Service, now: SimTime) -> bool {
        self.config.verdict == ReputationVerdict::Avoid
            || service == Service::Maintain
            || !self.thinks_ill(server, asker, now)
    }

    /// Nobody will meet this peer again. Returns the pairs of who thought something of whom.
    pub fn forget(&mut self, peer: PeerIdx) -> Vec<(PeerIdx, PeerIdx)> {
        let by_it = self.scores.range(all_of(peer)).map(|(pair, _)| *pair);
        let of_it = self.judges.range(all_of(peer));
        let of_it = of_it.map(|(judged, judge)| (*judge, *judged));
        let gone: Vec<_> = by_it.chain(of_it).collect();
        for (judge, judged) in &gone {
            self.scores.remove(&(*judge, *judged));
            self.judges.remove(&(*judged, *judge));
        }
        gone
    }
}

fn all_of(peer: PeerIdx) -> std::ops::RangeInclusive<(PeerIdx, PeerIdx)> {
    (peer, PeerIdx(0))..=(peer, PeerIdx(u32::MAX))
}

#[cfg(test)]
mod tests {
    use rand::RngExt as _;

    use super::*;
    use crate::engine::{Stream, stream};

    const MINUTE: SimDuration = SimDuration::from_secs(60);

    fn reputation(limit: f64, half_life: Option<SimDuration>) -> Reputation {
        Reputation::new(Repute {
            verdict: ReputationVerdict::Shun,
            limit,
            half_life,
        })
    }

    fn experience(asker: u32, server: u32, served: bool, at: SimTime) -> Experience {
        Experience {
            asker: PeerIdx(asker),
            server: PeerIdx(server),
            service: Service::HandOut,
            served,
            at,
        }
    }

    fn minute(minutes: u64) -> SimTime {
        SimTime::ZERO + MINUTE * minutes
    }

    /// One bad experience weighs 1, the limit; after a half-life half of the limit is left, which is not below it yet.
    #[test]
    fn a_peer_is_of_ill_repute_until_less_than_half_of_the_limit_is_left() {
        let mut of = reputation(1.0, Some(MINUTE * 10));
        let opinion = of.note(&experience(1, 2, false, minute(5)));
        assert!(opinion.is_verdict);
        assert_eq!(opinion.ill_until, Some(minute(15)));
        let (judge, judged) = (PeerIdx(1), PeerIdx(2));
        assert!(of.thinks_ill(judge, judged, minute(15)));
        let later = minute(15) + SimDuration(1);
        assert!(!of.thinks_ill(judge, judged, later));
        assert!(!of.thinks_ill(judged, judge, minute(6)), "nobody is told");
        assert!(!of.thinks_ill(PeerIdx(3), judged, minute(6)));
        // A second one before that is no verdict: it is 0.5 + 1 = 1.5 at 15 minutes, and log2(3) half-lives more.
        let opinion = of.note(&experience(1, 2, false, minute(15)));
        assert!(!opinion.is_verdict);
        let until = opinion.ill_until.unwrap().seconds_from(SimTime::ZERO);
        assert!((until - 900.0 - 600.0 * 3.0_f64.log2()).abs() < 1e-6);
    }

    #[test]
    fn a_good_experience_takes_a_bad_one_off_and_none_is_laid_up() {
        let mut of = reputation(2.0, None);
        let mut sees = |served| of.note(&experience(1, 2, served, minute(1)));
        let forever = Some(SimTime::MAX);
        for _ in 0..5 {
            assert_eq!(sees(true), Opinion::default());
        }
        assert_eq!(sees(false).ill_until, None, "1 of 2");
        assert_eq!(sees(false).ill_until, forever, "2 of 2");
        assert_eq!(sees(true).ill_until, forever, "1 is not below half of 2");
        assert_eq!(sees(true).ill_until, None, "0 is");
        assert_eq!(sees(false).ill_until, None, "1 of 2 again");
        assert!(sees(false).is_verdict);
    }

    #[test]
    fn whoever_shuns_serves_nothing_but_the_upkeep() {
        let mut of = reputation(1.0, None);
        of.note(&experience(1, 2, false, minute(1)));
        let serves =
            |of: &Reputation, service| of.serves(PeerIdx(1), PeerIdx(2), service, minute(2));
        assert!(!serves(&of, Service::HandOut) && !serves(&of, Service::PassOn));
        assert!(serves(&of, Service::Maintain));
        assert!(of.serves(PeerIdx(2), PeerIdx(1), Service::HandOut, minute(2)));
        of.config.verdict = ReputationVerdict::Avoid;
        assert!(serves(&of, Service::HandOut));
    }

    #[test]
    fn who_is_forgotten_is_a_stranger() {
        let mut of = reputation(1.0, None);
        for (asker, server) in [(1, 2), (2, 1), (3, 2), (3, 1)] {
            of.note(&experience(asker, server, false, minute(1)));
        }
        assert!(of.is_ill_reputed(PeerIdx(2), minute(2)));
        assert_eq!(of.forget(PeerIdx(2)).len(), 3);
        assert!(!of.is_ill_reputed(PeerIdx(2), minute(2)));
        assert!(of.is_ill_reputed(PeerIdx(1), minute(2)), "3 knows 1 still");
        assert_eq!((of.scores.len(), of.judges.len()), (1, 1));
    }

    /// All that one peer has seen of another, gone through from the beginning: the weight is the sum of what is left of each
    /// step, which is what it is at any moment as long as none falls below 0.
    struct Remembered {
        steps: Vec<(SimTime, bool)>,
    }

    impl Remembered {
        fn is_ill(&self, now: SimTime, limit: f64, half_life: SimDuration) -> Option<bool> {
            let (mut weight, mut last, mut ill) = (0.0_f64, SimTime::ZERO, false);
            let mut to = |at: SimTime, step: f64| {
                let seconds = at.seconds_from(last);
                weight *= 0.5_f64.powf(seconds / half_life.as_secs_f64());
                last = at;
                ill &= weight >= limit / 2.0;
                weight = (weight + step).max(0.0);
                ill = weight >= limit || ill && weight >= limit / 2.0;
                // Too near a threshold to tell by another formula.
                (weight - limit).abs() > 1e-9 && (weight - limit / 2.0).abs() > 1e-9
            };
            let mut clear = true;
            for (at, served) in &self.steps {
                clear &= to(*at, if *served { -1.0 } else { 1.0 });
            }
            clear &= to(now, 0.0);
            clear.then_some(ill)
        }
    }

    #[test]
    fn scores_are_those_that_follow_from_all_that_was_seen() {
        let mut rng = stream(7, Stream::Selfish);
        let (mut ill, mut told) = (0, 0);
        for case in 0..200 {
            let limit = [0.7, 1.0, 1.5, 2.5, 4.0][case % 5];
            let half_life = SimDuration::from_secs(rng.random_range(20..2000));
            let mut of = reputation(limit, Some(half_life));
            let mut all: BTreeMap<(u32, u32), Remembered> = BTreeMap::new();
            let mut now = SimTime::ZERO;
            for _ in 0..100 {
                now += SimDuration(rng.random_range(1..60_000_000_000));
                let (asker, server) = (rng.random_range(0..3), rng.random_range(3..6));
                let served = rng.random_range(0..3) == 0;
                of.note(&experience(asker, server, served, now));
                let pair = all.entry((asker, server));
                let pair = pair.or_insert(Remembered { steps: Vec::new() });
                pair.steps.push((now, served));
                for (&(asker, server), seen) in &all {
                    let Some(expected) = seen.is_ill(now, limit, half_life) else {
                        continue;
                    };
                    let found = of.thinks_ill(PeerIdx(asker), PeerIdx(server), now);
                    assert_eq!(
                        found, expected,
                        "case {case}, {asker} of {server} at {now:?}"
                    );
                    (ill, told) = (ill + u32::from(found), told + 1);
                }
            }
        }
        assert!(
            told > 50_000 && ill > told / 5 && ill < told * 4 / 5,
            "{ill} of {told}"
        );
    }
}
