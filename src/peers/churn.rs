//! Arrivals and departures.

use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;

use super::distribution::{exponential, residual, sample};
use super::population::Population;
use super::timetable::{Due, Timetable};
use crate::engine::{SimDuration, SimTime, Stream, stream};
use crate::inputs::churn_trace::Wish;
use crate::scenario::resolved::{self, ChurnModel};
use crate::world::Departure;
use crate::world::PeerIdx;

/// The process by which peers come and go. It draws from a stream of its own, and only when one of
/// its own events happens.
pub struct Churn {
    model: ChurnModel,
    graceful: f64,
    rng: ChaCha8Rng,
    /// What a trace says, if there is one.
    timetable: Option<Timetable>,
    /// For each of its peers, how many of its moments have passed.
    passed: Vec<u32>,
}

impl Churn {
    /// The process of the run with this seed; peers come and go by a trace if there is one.
    #[must_use]
    pub fn new(config: &resolved::Churn, timetable: Option<Timetable>, seed: u64) -> Self {
        let rng = stream(seed, Stream::Churn);
        Self {
            model: config.model.clone(),
            graceful: config.graceful,
            rng,
            passed: vec![0; timetable.as_ref().map_or(0, Timetable::peers) as usize],
            timetable,
        }
    }

    /// How long until the next new peer arrives.
    pub fn next_arrival(&mut self) -> Option<SimDuration> {
        let ChurnModel::Poisson { joins_per_s, .. } = self.model else {
            return None;
        };
        exponential(joins_per_s, &mut self.rng)
    }

    /// How long until the next random peer departs.
    pub fn next_departure(&mut self) -> Option<SimDuration> {
        let ChurnModel::Poisson { leaves_per_s, .. } = self.model else {
            return None;
        };
        exponential(leaves_per_s, &mut self.rng)
    }

    /// When an initial peer joins, as a share of the window in which all initial peers join.
    pub fn joining_share(&mut self) -> f64 {
        self.rng.random()
    }

    /// How long a peer that is up or down at time 0 stays so, if churn has sessions: the rest of a session or pause
    /// that began in the past.
    pub fn first_toggle(&mut self, is_up: bool) -> Option<SimDuration> {
        let ChurnModel::Sessions { up, down } = self.model else {
            return None;
        };
        residual(if is_up { up } else { down }, &mut self.rng)
    }

    /// How long a peer stays up that has just come up, or stays down that has just gone down.
    pub fn next_toggle(&mut self, is_up: bool) -> Option<SimDuration> {
        let ChurnModel::Sessions { up, down } = self.model else {
            return None;
        };
        Some(sample(if is_up { up } else { down }, &mut self.rng))
    }

    /// Whether a trace says who comes and goes.
    #[must_use]
    pub fn follows_trace(&self) -> bool {
        self.timetable.is_some()
    }

    /// When the trace next changes a peer between up and down.
    #[must_use]
    pub fn next_moment(&self, peer: PeerIdx) -> Option<SimTime> {
        let passed = *self.passed.get(peer.at())?;
        let table = self.timetable.as_ref()?;
        table.moments_of(peer).get(passed as usize).copied()
    }

    /// That moment is there: whether the peer is to be up from now on.
    pub fn pass(&mut self, peer: PeerIdx) -> bool {
        let initial = self.timetable.as_ref().map_or(0, Timetable::initial);
        let passed = &mut self.passed[peer.at()];
        *passed += 1;
        passed.is_multiple_of(2) == (peer.0 < initial)
    }

    /// A request of the trace, by its number in order of time, and what is asked for.
    #[must_use]
    pub fn due(&self, number: u32) -> Option<(Due, &Wish)> {
        let table = self.timetable.as_ref()?;
        let due = table.due(number as usize)?;
        Some((due, table.wish(due)))
    }

    /// The peer that departs next. The last peer stays, because without it no peer could ever join
    /// again.
    pub fn victim(&mut self, population: &Population) -> Option<PeerIdx> {
        let drawn = population.draw(&mut self.rng);
        drawn.filter(|_| population.up().len() > 1)
    }

    /// The peers struck by a fault that kills this share of the peers that are up.
    pub fn victims(&mut self, share: f64, population: &Population) -> Vec<PeerIdx> {
        let count = libm::round(share * population.up().len() as f64) as usize;
        population.draw_many(count, &mut self.rng)
    }

    /// Whether the next departure says goodbye.
    pub fn manner(&mut self) -> Departure {
        if self.rng.random::<f64>() < self.graceful {
            Departure::Leave
        } else {
            Departure::Crash
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::resolved::Distribution;

    fn sessions(up: Distribution) -> Churn {
        let down = Distribution::Fixed {
            value: SimDuration::from_secs(1),
        };
        let model = ChurnModel::Sessions { up, down };
        Churn::new(
            &resolved::Churn {
                model,
                graceful: 0.25,
                until: None,
            },
            None,
            9,
        )
    }

    #[test]
    fn the_last_peer_stays_and_a_share_says_goodbye() {
        let mut churn = sessions(Distribution::Fixed {
            value: SimDuration::from_secs(1),
        });
        let mut population = Population::default();
        let only = population.add();
        population.bring_up(only);
        assert_eq!(churn.victim(&population), None);
        let goodbyes = (0..10_000)
            .filter(|_| churn.manner() == Departure::Leave)
            .count();
        assert!(
            (2300..2700).contains(&goodbyes),
            "{goodbyes} of 10 000 at a share of 0.25"
        );
    }
}
