//! When two runs parted: the last moment up to which their chains of fingerprints are the same, and
//! the first from which they are not.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io;
use std::path::Path;

use serde::Serialize;

use crate::inputs::rows::{self, BoundedRows};

/// A run whose history is another one.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Divergence {
    /// The run.
    pub run: u32,
    /// Where in its history.
    pub place: DivergencePoint,
}

/// Where two histories parted.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DivergencePoint {
    /// Between two links of the chain.
    Between(Between),
    /// The result has no chain.
    Unknown,
    /// The chains are the same: only the manifest has another fingerprint.
    Nowhere,
}

/// The links on both sides of the divergence.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Between {
    /// The last moment with the same events before it, in seconds since the measurement began;
    /// `None` if not even the first link is the same.
    pub after_s: Option<f64>,
    /// How many events there were up to then.
    pub equal_events: u64,
    /// The first moment with other events before it.
    pub before_s: f64,
}

/// When each of these runs parted, by the chains of two results (`None` for one that has none).
pub(super) fn find(
    runs: &BTreeSet<u32>,
    was: Option<&Path>,
    is: Option<&Path>,
) -> io::Result<Vec<Divergence>> {
    let chains = |path: Option<&Path>| -> io::Result<BTreeMap<u32, RunChain>> {
        let chains = path
            .map(ChainReader::open)
            .transpose()?
            .into_iter()
            .flatten();
        let wanted = chains.filter(|chain| runs.contains(&chain.run));
        Ok(wanted.map(|chain| (chain.run, chain)).collect())
    };
    let (was, is) = (chains(was)?, chains(is)?);
    let place = |run: &u32| match (was.get(run), is.get(run)) {
        (Some(was), Some(is)) => was
            .parts_from(is)
            .map_or(DivergencePoint::Nowhere, DivergencePoint::Between),
        _ => DivergencePoint::Unknown,
    };
    let divergence = |run| Divergence {
        run,
        place: place(&run),
    };
    Ok(runs.iter().copied().map(divergence).collect())
}

/// The links of one run, as they stand in `fingerprints.csv`.
#[derive(Clone, PartialEq, Debug)]
struct RunChain {
    run: u32,
    links: Vec<ReadLink>,
}

#[derive(Clone, PartialEq, Debug)]
struct ReadLink {
    time_s: f64,
    events: u64,
    fingerprint: String,
}

impl ReadLink {
    fn same(&self, other: &Self) -> bool {
        (self.events, &self.fingerprint) == (other.events, &other.fingerprint)
    }
}

impl RunChain {
    /// Where two histories parted; `None` if they are the same. Histories that have parted never
    /// have the same digest again: if the last links are the same then all were, and one that is
    /// not was changed in the file.
    fn parts_from(&self, other: &Self) -> Option<Between> {
        let (end, other_end) = (self.links.last()?, other.links.last()?);
        if end.same(other_end) {
            return None;
        }
        let common: Vec<(&ReadLink, &ReadLink)> = self.common(other).collect();
        let equal = common.iter().rposition(|(link, other)| link.same(other));
        let first_other = common.get(equal.map_or(0, |at| at + 1));
        Some(Between {
            after_s: equal.map(|at| common[at].0.time_s),
            equal_events: equal.map_or(0, |at| common[at].0.events),
            before_s: first_other.map_or(end.time_s.max(other_end.time_s), |(link, _)| link.time_s),
        })
    }

    /// Pairs of links that stand at the same moment.
    fn common<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = (&'a ReadLink, &'a ReadLink)> {
        let mut others = other.links.iter().peekable();
        self.links.iter().filter_map(move |link| {
            while others.next_if(|other| other.time_s < link.time_s).is_some() {}
            let found = others.next_if(|other| other.time_s <= link.time_s)?;
            Some((link, found))
        })
    }
}

/// The chains of a file, run by run. It ends before a row that cannot be understood.
struct ChainReader {
    records: ::csv::StringRecordsIntoIter<BoundedRows<File>>,
    columns: Option<[usize; 4]>,
    ahead: Option<(u32, ReadLink)>,
}

impl ChainReader {
    fn open(path: &Path) -> io::Result<Self> {
        let mut reader = ::csv::ReaderBuilder::new()
            .flexible(true)
            .from_reader(rows::open(path)?);
        let header = reader.headers()?.clone();
        let place = |name| header.iter().position(|column| column == name);
        let columns = ["run", "time_s", "events", "fingerprint"].map(place);
        let mut chains = Self {
            columns: columns
                .iter()
                .all(Option::is_some)
                .then(|| columns.map(Option::unwrap_or_default)),
            records: reader.into_records(),
            ahead: None,
        };
        chains.ahead = chains.read();
        Ok(chains)
    }

    fn read(&mut self) -> Option<(u32, ReadLink)> {
        let [run, time, events, fingerprint] = self.columns?;
        let record = self.records.next()?.ok()?;
        let link = ReadLink {
            time_s: record.get(time)?.parse().ok()?,
            events: record.get(events)?.parse().ok()?,
            fingerprint: record.get(fingerprint)?.to_owned(),
        };
        Some((record.get(run)?.parse().ok()?, link))
    }
}

impl Iterator for ChainReader {
    type Item = RunChain;

    fn next(&mut self) -> Option<RunChain> {
        let (run, first) = self.ahead.take()?;
        let mut links = vec![first];
        loop {
            match self.read() {
                Some((same, link)) if same == run => links.push(link),
                other => {
                    self.ahead = other;
                    return Some(RunChain { run, links });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{self, SimTime};

    /// The chain of a run with an event every 5 ms, of which one is another; it lasts 100 s and the
    /// measurement begins after 10.
    fn chain(odd: Option<u32>, events: u32) -> RunChain {
        let mut chain = engine::FingerprintChain::default();
        for number in 0..events {
            let peer = if odd == Some(number) {
                u32::MAX
            } else {
                number
            };
            let at = SimTime(u64::from(number) * 5_000_000);
            chain.record(at, [0, u64::from(peer), 0]);
        }
        let from = SimTime(10_000_000_000);
        let links = chain.links().map(|link| ReadLink {
            time_s: link.at.seconds_from(from),
            events: link.events,
            fingerprint: link.hex(),
        });
        RunChain {
            run: 0,
            links: links.collect(),
        }
    }

    #[test]
    fn the_link_at_which_two_streams_part_is_found() {
        let run = chain(None, 20_001);
        assert_eq!(run.parts_from(&chain(None, 20_001)), None);
        for (odd, after_s, before_s) in [
            (0, None, -9.5),
            // The event at 0.5 s after the beginning belongs to the link there; the next does not.
            (100, None, -9.5),
            (101, Some(-9.5), -9.0),
            (12_345, Some(51.5), 52.0),
            (20_000, Some(89.5), 90.0),
        ] {
            let found = run.parts_from(&chain(Some(odd), 20_001)).unwrap();
            assert_eq!(
                (found.after_s, found.before_s),
                (after_s, before_s),
                "{odd}"
            );
            let equal = after_s.map_or(0, |after| ((after + 10.0) * 200.0) as u64 + 1);
            assert_eq!(found.equal_events, equal, "{odd}");
        }
    }

    #[test]
    fn a_run_that_ends_early_parts_from_one_that_goes_on() {
        let (whole, short) = (chain(None, 20_001), chain(None, 15_030));
        for found in [whole.parts_from(&short), short.parts_from(&whole)] {
            let found = found.unwrap();
            assert_eq!(found.after_s, Some(65.0));
            assert!((65.145..=90.0).contains(&found.before_s), "{found:?}");
        }
    }

    #[test]
    fn a_changed_cell_is_no_parting() {
        let run = chain(None, 20_001);
        let mut edited = run.clone();
        edited.links[50].fingerprint = "0".repeat(16);
        assert_eq!(run.parts_from(&edited), None);
    }
}
