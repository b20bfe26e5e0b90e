//! What a network looks like from above: how far its hosts are apart, and what is odd about that.
//!
//! All hosts are looked at where they are a few hundred; of more, so many evenly spaced ones, always the same.

use super::Network;
use crate::engine::SimDuration;
use crate::world::HostIdx;

/// So many hosts are looked at.
const HOSTS: u32 = 512;
/// The same of more where there are links: of the largest networks the shortest paths from more hosts take seconds.
const HOSTS_ON_LINKS: u32 = 64;
/// Round trips are put together from latencies that are rounded to nanoseconds: a shorter way round is one by more
/// than this.
const ROUNDING_NS: u64 = 4;
/// A median below is odd, and so is one above.
const USUAL_MEDIAN: (SimDuration, SimDuration) =
    (SimDuration::from_millis(1), SimDuration::from_secs(5));

/// A round trip between two different hosts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RoundTrip {
    /// There and back.
    pub time: SimDuration,
    /// The two.
    pub hosts: [HostIdx; 2],
}

/// Round trips of a network, and what is odd about them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Survey {
    /// How many hosts there are.
    pub hosts: u32,
    /// How many of them were looked at.
    pub seen: u32,
    /// The pairs of different hosts that were looked at.
    pub pairs: u64,
    /// The median of the round trips; of two in the middle the longer.
    pub median: SimDuration,
    /// The shortest round trip, of several the first.
    pub smallest: RoundTrip,
    /// The longest round trip, of several the first.
    pub largest: RoundTrip,
    /// Pairs between which a message takes no time.
    pub zeros: u64,
    /// Pairs whose two directions differ.
    pub lopsided: u64,
    /// By how much they differ at most.
    pub difference: SimDuration,
    /// Three different hosts, so many times.
    pub triangles: u64,
    /// Those of them where the way round by the third host is shorter than the direct one.
    pub violated: u64,
}

/// Looks at a network of so many hosts, unless it says itself how many it has. `None` if there are no two.
#[must_use]
pub fn survey(network: &Network, hosts: u32) -> Option<Survey> {
    let hosts = network.hosts().unwrap_or(hosts);
    if hosts < 2 {
        return None;
    }
    let seen = match network.paths() {
        Some(_) if hosts > HOSTS => HOSTS_ON_LINKS,
        _ => HOSTS.min(hosts),
    };
    let place = |n: u32| HostIdx((u64::from(n) * u64::from(hosts) / u64::from(seen)) as u32);
    let all: Vec<HostIdx> = (0..seen).map(place).collect();
    let trips = Trips::between(network, &all);
    let mut times: Vec<u64> = trips.pairs().map(|(_, _, time)| time).collect();
    let middle = times.len() / 2;
    let median = *times.select_nth_unstable(middle).1;
    let trip = |(a, b, time): (usize, usize, u64)| RoundTrip {
        time: SimDuration(time),
        hosts: [all[a], all[b]],
    };
    let smallest = trips.pairs().min_by_key(|(_, _, time)| *time)?;
    let largest = trips.pairs().rev().max_by_key(|(_, _, time)| *time)?;
    let (triangles, violated) = trips.triangles();
    Some(Survey {
        hosts,
        seen,
        pairs: trips.pairs().count() as u64,
        median: SimDuration(median),
        smallest: trip(smallest),
        largest: trip(largest),
        zeros: trips.pairs().filter(|(_, _, time)| *time == 0).count() as u64,
        lopsided: trips.lopsided,
        difference: SimDuration(trips.difference),
        triangles,
        violated,
    })
}

/// Round trips between some hosts.
struct Trips {
    count: usize,
    /// Row by row, in nanoseconds.
    times: Vec<u64>,
    lopsided: u64,
    difference: u64,
}

impl Trips {
    fn between(network: &Network, hosts: &[HostIdx]) -> Self {
        let count = hosts.len();
        let mut trips = Self {
            count,
            times: vec![0; count * count],
            lopsided: 0,
            difference: 0,
        };
        for a in 0..count {
            for b in a + 1..count {
                let there = network.one_way(hosts[a], hosts[b]).0;
                let back = network.one_way(hosts[b], hosts[a]).0;
                trips.times[a * count + b] = there + back;
                trips.times[b * count + a] = there + back;
                let difference = there.abs_diff(back);
                trips.lopsided += u64::from(difference > 0);
                trips.difference = trips.difference.max(difference);
            }
        }
        trips
    }

    /// Each pair once, with its round trip.
    fn pairs(&self) -> impl DoubleEndedIterator<Item = (usize, usize, u64)> {
        let count = self.count;
        let of = move |a: usize| (a + 1..count).map(move |b| (a, b, self.times[a * count + b]));
        (0..count).flat_map(of)
    }

    /// How many times three hosts were looked at, and how many times the direct way between two of them is not the
    /// shortest.
    fn triangles(&self) -> (u64, u64) {
        let (mut all, mut violated) = (0, 0);
        let row = |host: usize| &self.times[host * self.count..][..self.count];
        for (a, b, direct) in self.pairs() {
            let others = row(a).iter().zip(row(b)).skip(b + 1);
            for (to_a, to_b) in others {
                let sides = [direct, *to_a, *to_b];
                let sum: u64 = sides.iter().sum();
                let longest = sides.into_iter().max().unwrap_or(0);
                all += 1;
                violated += u64::from(longest > sum - longest + ROUNDING_NS);
            }
        }
        (all, violated)
    }
}

impl Survey {
    /// What looks odd, a sentence each without a full stop.
    #[must_use]
    pub fn oddities(&self) -> Vec<String> {
        let mut odd = Vec::new();
        if self.median < USUAL_MEDIAN.0 {
            odd.push("the median is below 1 ms: are the numbers in another unit?".to_owned());
        }
        if self.median > USUAL_MEDIAN.1 {
            odd.push("the median is above 5 s: are the numbers in another unit?".to_owned());
        }
        if self.zeros > 0 {
            odd.push(format!(
                "between {} of different hosts a message takes no time: were they not measured?",
                counted(self.zeros, self.pairs)
            ));
        }
        if self.lopsided > 0 {
            odd.push(format!(
                "the two directions differ in {}, by {} at most",
                counted(self.lopsided, self.pairs),
                told(self.difference)
            ));
        }
        if self.violated > 0 {
            odd.push(format!(
                "in {} of all triangles the way round by the third host is shorter than the direct one",
                percent(self.violated, self.triangles)
            ));
        }
        odd
    }
}

/// A time as people read it: in milliseconds, with three digits.
#[must_use]
pub fn told(time: SimDuration) -> String {
    let ms = time.as_millis_f64();
    match ms {
        _ if time == SimDuration::ZERO => "0 ms".to_owned(),
        100.0.. => format!("{ms:.0} ms"),
        10.0.. => format!("{ms:.1} ms"),
        1.0.. => format!("{ms:.2} ms"),
        _ => format!("{ms:.3} ms"),
    }
}

/// Such as `3 of 120 pairs`.
fn counted(some: u64, all: u64) -> String {
    format!("{some} of {all} pairs")
}

/// Such as `29 %`; what is little is not rounded to nothing.
fn percent(some: u64, all: u64) -> String {
    let percent = 100.0 * some as f64 / all as f64;
    match percent {
        10.0.. => format!("{percent:.0} %"),
        0.1.. => format!("{percent:.1} %"),
        _ => "less than 0.1 %".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::Latency;

    /// One-way latencies in milliseconds.
    struct Table(Vec<Vec<u64>>);

    impl Latency for Table {
        fn hosts(&self) -> Option<u32> {
            Some(self.0.len() as u32)
        }

        fn one_way(&self, from: HostIdx, to: HostIdx) -> SimDuration {
            SimDuration::from_millis(self.0[from.at()][to.at()])
        }
    }

    fn network(latency: impl Latency + 'static) -> Network {
        Network::new(Box::new(latency), 0.0, 1)
    }

    /// Round trips by hand: 0-1 11, 0-2 40, 0-3 8, 1-2 20, 1-3 0, 2-3 20. From 0 to 2 it is 31 by way of 1, and 28 by way of 3;
    /// in 0, 1, 3 the longest is 11 against 8 + 0. That is three of four triangles, all but 1, 2, 3.
    #[test]
    fn a_small_network_is_as_a_person_sees_it() {
        let rows = vec![
            vec![0, 5, 20, 4],
            vec![6, 0, 10, 0],
            vec![20, 10, 0, 10],
            vec![4, 0, 10, 0],
        ];
        let it = survey(&network(Table(rows)), 99).unwrap();
        let trip = |ms, a, b| RoundTrip {
            time: SimDuration::from_millis(ms),
            hosts: [HostIdx(a), HostIdx(b)],
        };
        assert_eq!((it.hosts, it.seen, it.pairs), (4, 4, 6));
        assert_eq!(it.median, SimDuration::from_millis(20));
        assert_eq!((it.smallest, it.largest), (trip(0, 1, 3), trip(40, 0, 2)));
        assert_eq!((it.zeros, it.lopsided), (1, 1));
        assert_eq!(it.difference, SimDuration::from_millis(1));
        assert_eq!((it.triangles, it.violated), (4, 3));
        let odd = it.oddities().join("; ");
        assert!(
            odd.contains("between 1 of 6 pairs of different hosts a message takes no time"),
            "{odd}"
        );
        assert!(
            odd.contains("differ in 1 of 6 pairs, by 1.00 ms at most"),
            "{odd}"
        );
        assert!(odd.contains("in 75 % of all triangles"), "{odd}");
    }

    /// On a line the way by those between is as long as the direct one; the middle of 1 to 999 hosts apart is told.
    #[test]
    fn of_many_hosts_some_are_looked_at() {
        struct Line;
        impl Latency for Line {
            fn hosts(&self) -> Option<u32> {
                None
            }

            fn one_way(&self, from: HostIdx, to: HostIdx) -> SimDuration {
                SimDuration::from_millis(from.0.abs_diff(to.0).into())
            }
        }
        let it = survey(&network(Line), 1000).unwrap();
        assert_eq!((it.hosts, it.seen, it.pairs), (1000, HOSTS, 512 * 511 / 2));
        assert_eq!((it.violated, it.zeros, it.lopsided), (0, 0, 0));
        assert!(it.oddities().is_empty(), "{:?}", it.oddities());
        assert!(survey(&network(Line), 1).is_none());
        let slow = survey(&network(Table(vec![vec![0, 3000], vec![3000, 0]])), 2).unwrap();
        assert!(slow.oddities()[0].contains("above 5 s"));
        let fast = survey(&network(Table(vec![vec![0, 0], vec![0, 0]])), 2).unwrap();
        assert!(fast.oddities()[0].contains("below 1 ms"));
    }

    #[test]
    fn times_have_three_digits() {
        let times = [0, 1_234, 1_234_000, 12_340_000, 123_400_000, 4_000_000_000];
        assert_eq!(
            times.map(|ns| told(SimDuration(ns))),
            [
                "0 ms", "0.001 ms", "1.23 ms", "12.3 ms", "123 ms", "4000 ms"
            ]
        );
    }
}
