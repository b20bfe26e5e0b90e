//! The history of a run in short: the number of events up to some moments, and their digest.
//!
//! Once two runs differ, their digests stay different. So the first link that differs between two chains
//! says when the runs parted. The last link is the fingerprint of the whole run.

use super::fingerprint::Fingerprint;
use super::time::{SimDuration, SimTime};

/// The most links of a chain, the last link included.
const LINKS: usize = 256;

/// The first interval between links: 1/512 s, which is a whole number of nanoseconds. Doubled often
/// enough it becomes 1 s, 2 s, 4 s, ...; a run of more than half a second has at least 128 links.
const FINEST: SimDuration = SimDuration(1_000_000_000 / 512);

/// All events up to some moment, that moment included.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ChainLink {
    /// The moment.
    pub at: SimTime,
    /// How many events there were.
    pub events: u64,
    /// Their digest.
    pub digest: u64,
}

impl ChainLink {
    /// The digest as 16 hexadecimal digits.
    #[must_use]
    pub fn hex(&self) -> String {
        super::fingerprint::hex(self.digest)
    }
}

/// The fingerprint of a run under way, and its value at the multiples of an interval. When there are too
/// many links, every second link is dropped and the interval is doubled. Which links are kept depends on
/// simulated time alone, so the chains of two runs have links at the same moments.
pub struct FingerprintChain {
    fingerprint: Fingerprint,
    events: u64,
    last: SimTime,
    interval: SimDuration,
    /// The moment of the next link.
    next: SimTime,
    links: Vec<ChainLink>,
}

impl Default for FingerprintChain {
    fn default() -> Self {
        Self {
            fingerprint: Fingerprint::default(),
            events: 0,
            last: SimTime::ZERO,
            interval: FINEST,
            next: SimTime::ZERO + FINEST,
            links: Vec::new(),
        }
    }
}

impl FingerprintChain {
    /// Takes in one event, in its canonical form, at the moment it is handled. No earlier event may lie
    /// after this moment.
    #[inline]
    pub fn record(&mut self, at: SimTime, event: [u64; 3]) {
        if at > self.next {
            self.add_links_before(at);
        }
        self.fingerprint.record(at, event);
        self.events += 1;
        self.last = at;
    }

    /// How many events there were so far.
    pub fn events(&self) -> u64 {
        self.events
    }

    /// The digest of all events so far, as 16 hexadecimal digits.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        self.fingerprint.hex()
    }

    /// The links in order of time, at most 256. The last link stands at the last event.
    pub fn links(&self) -> impl Iterator<Item = ChainLink> + '_ {
        self.links.iter().copied().chain([self.link(self.last)])
    }

    fn link(&self, at: SimTime) -> ChainLink {
        ChainLink {
            at,
            events: self.events,
            digest: self.fingerprint.digest(),
        }
    }

    #[cold]
    fn add_links_before(&mut self, at: SimTime) {
        while self.next < at {
            if self.links.len() == LINKS - 1 {
                self.thin();
            }
            let link = self.link(self.next);
            self.links.push(link);
            self.next += self.interval;
        }
    }

    /// Drops the first link, the third and so on. The links that stay are the multiples of twice the
    /// interval. The next link is such a multiple too, because its number is even.
    fn thin(&mut self) {
        let mut number = 0_u32;
        self.links.retain(|_| {
            number += 1;
            number.is_multiple_of(2)
        });
        self.interval = self.interval * 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(number: u32) -> [u64; 3] {
        [7 << 56, u64::from(number), 0]
    }

    /// The chain of these events: nanoseconds and number.
    fn chain(events: impl Iterator<Item = (u64, u32)>) -> Vec<ChainLink> {
        let mut chain = FingerprintChain::default();
        for (at, number) in events {
            chain.record(SimTime(at), event(number));
        }
        chain.links().collect()
    }

    /// The link that is expected at this moment.
    fn link_at(at: SimTime, events: impl Iterator<Item = (u64, u32)>) -> ChainLink {
        let mut fingerprint = Fingerprint::default();
        let mut count = 0;
        for (when, number) in events.take_while(|(when, _)| *when <= at.0) {
            fingerprint.record(SimTime(when), event(number));
            count += 1;
        }
        ChainLink {
            at,
            events: count,
            digest: fingerprint.digest(),
        }
    }

    #[test]
    fn every_link_digests_the_events_up_to_its_moment() {
        // An event at the very moment of a link belongs to it. Two gaps are many links long and hold no
        // event.
        let mut times: Vec<u64> = (0..4000).map(|n| n * FINEST.0 / 7).collect();
        times.extend((0..50).map(|n| 3_000_000_000 + n * FINEST.0));
        times.push(9_000_000_001);
        let events = || times.iter().copied().zip(0..);
        let links = chain(events());
        for link in &links {
            assert_eq!(*link, link_at(link.at, events()));
        }
        assert_eq!(links.last().unwrap().at, SimTime(9_000_000_001));
        assert_eq!(links.last().unwrap().events, 4051);
    }

    #[test]
    fn links_are_many_enough_and_never_too_many() {
        for end in [600_000_000, 1_000_000_000, 77_777_777_777, u64::MAX] {
            let links = chain([(0, 0), (end, 1)].into_iter());
            assert!((129..=LINKS).contains(&links.len()), "{}", links.len());
            assert_eq!(links.last().unwrap().at, SimTime(end));
            let interval = links[0].at.0;
            assert!((interval / FINEST.0).is_power_of_two());
            for (link, number) in links[..links.len() - 1].iter().zip(1..) {
                assert_eq!(link.at.0, interval * number);
            }
        }
        let twelve_minutes = chain([(0, 0), (720_000_000_000, 1)].into_iter());
        assert_eq!(twelve_minutes[0].at, SimTime(4_000_000_000));
        assert_eq!(twelve_minutes.len(), 180);
    }

    #[test]
    fn a_short_run_has_a_link_of_its_own() {
        assert_eq!(chain([(0, 0), (5, 1)].into_iter()).len(), 1);
        assert_eq!(chain(std::iter::empty())[0].events, 0);
    }

    #[test]
    fn chains_of_runs_that_part_are_equal_until_then_and_never_again() {
        let run = |odd: u64| {
            let number = move |n: u64| if n == odd { 1_000_000 } else { n as u32 };
            chain((0..20_000).map(move |n| (n * 5_000_000, number(n))))
        };
        let (a, b) = (run(u64::MAX), run(12_345));
        let parted = SimTime(12_345 * 5_000_000);
        for (a, b) in a.iter().zip(&b) {
            assert_eq!((a.at, a.events), (b.at, b.events));
            assert_eq!(a.digest == b.digest, a.at < parted, "at {:?}", a.at);
        }
    }
}
