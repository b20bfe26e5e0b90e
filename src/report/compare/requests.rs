//! Request by request: where two runs have the same world, the same request was made in both.

use std::collections::{BTreeMap, BTreeSet};

use super::sides::{Matching, Side};
use super::statistics::Difference;
use crate::catalogue::RUN_COLUMNS;
use crate::report::folder::table::{ResultColumn, ResultRow, ResultTable};
use crate::report::folder::{FolderError, ResultFolder};

/// What is asked for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Kind {
    Lookups,
    Puts,
    Gets,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Lookups => "lookups",
            Self::Puts => "puts",
            Self::Gets => "gets",
        }
    }
}

/// What became of the requests of one kind, in a combination and its counterpart.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Outcomes {
    /// Answered rightly in both, in the first alone, in the second alone, in neither.
    pub both: u64,
    pub only_a: u64,
    pub only_b: u64,
    pub neither: u64,
    /// Of those answered in both: with fewer hops in the second, as many, more.
    pub hops: [u64; 3],
    /// Of each seed: how many more hops, and how much more latency, the second took in the mean over what was answered in both.
    more_hops: Vec<f64>,
    more_ms: Vec<f64>,
    /// Requests that only one of the two has.
    pub alone: u64,
    /// Requests of the same number that are not the same.
    pub others: u64,
}

impl Outcomes {
    pub(super) fn requests(&self) -> u64 {
        self.both + self.only_a + self.only_b + self.neither
    }

    /// How many more hops the second takes. Requests of one run share a ring, so what counts is the mean of each run.
    pub(super) fn more_hops(&self) -> Difference {
        of_means(&self.more_hops)
    }

    pub(super) fn more_ms(&self) -> Difference {
        of_means(&self.more_ms)
    }
}

fn of_means(means: &[f64]) -> Difference {
    let pairs: Vec<(f64, f64)> = means.iter().map(|mean| (0.0, *mean)).collect();
    Difference::of_pairs(&pairs)
}

/// One request.
#[derive(Clone, Debug)]
struct Request {
    number: u64,
    source: Option<u64>,
    key: Option<u64>,
    is_right: bool,
    hops: Option<f64>,
    latency_ms: Option<f64>,
}

/// By combination, seed and kind, each in the order of their numbers.
type Requests = BTreeMap<(usize, u64, Kind), Vec<Request>>;

/// Of each that is matched and each kind of requests that both have, what became of them.
pub(super) fn outcomes(
    matching: &Matching,
) -> Result<BTreeMap<(usize, Kind), Outcomes>, FolderError> {
    let wanted =
        |side: &Side<'_>, other: &Side<'_>, of: fn(&super::sides::Matched) -> [usize; 2]| {
            let mut wanted = BTreeSet::new();
            for matched in &matching.matched {
                let [own, its] = of(matched);
                let seeds: BTreeSet<u64> = seeds(other, its).collect();
                wanted.extend(
                    self::seeds(side, own)
                        .filter(|seed| seeds.contains(seed))
                        .map(|seed| (own, seed)),
                );
            }
            wanted
        };
    let of_a = wanted(&matching.a, &matching.b, |it| [it.a, it.b]);
    let of_b = wanted(&matching.b, &matching.a, |it| [it.b, it.a]);
    let a = read(matching.a.folder, &of_a)?;
    let b = read(matching.b.folder, &of_b)?;
    let mut all: BTreeMap<(usize, Kind), Outcomes> = BTreeMap::new();
    for (at, matched) in matching.matched.iter().enumerate() {
        let of_first = a.range((matched.a, 0, Kind::Lookups)..(matched.a + 1, 0, Kind::Lookups));
        for ((_, seed, kind), first) in of_first {
            if let Some(second) = b.get(&(matched.b, *seed, *kind)) {
                all.entry((at, *kind)).or_default().take(first, second);
            }
        }
    }
    Ok(all)
}

fn seeds<'a>(side: &'a Side<'_>, combination: usize) -> impl Iterator<Item = u64> + 'a {
    let runs = side.runs.iter();
    let of = runs.filter(move |run| run.combination == combination);
    of.map(|run| run.seed)
}

impl Outcomes {
    /// Takes in what two runs of a seed have of one kind.
    fn take(&mut self, first: &[Request], second: &[Request]) {
        let mut others = second.iter().peekable();
        let (mut hops, mut ms) = (Mean::default(), Mean::default());
        let mut found = 0;
        for a in first {
            while others.next_if(|b| b.number < a.number).is_some() {}
            let Some(b) = others.next_if(|b| b.number == a.number) else {
                continue;
            };
            found += 1;
            if (a.source, a.key) != (b.source, b.key) {
                self.others += 1;
                continue;
            }
            match (a.is_right, b.is_right) {
                (true, true) => self.both += 1,
                (true, false) => self.only_a += 1,
                (false, true) => self.only_b += 1,
                (false, false) => self.neither += 1,
            }
            if a.is_right && b.is_right {
                if let (Some(was), Some(is)) = (a.hops, b.hops) {
                    hops.add(is - was);
                    let place = match is.total_cmp(&was) {
                        std::cmp::Ordering::Less => 0,
                        std::cmp::Ordering::Equal => 1,
                        std::cmp::Ordering::Greater => 2,
                    };
                    self.hops[place] += 1;
                }
                if let (Some(was), Some(is)) = (a.latency_ms, b.latency_ms) {
                    ms.add(is - was);
                }
            }
        }
        self.alone += (first.len() + second.len() - 2 * found) as u64;
        self.more_hops.extend(hops.value());
        self.more_ms.extend(ms.value());
    }
}

#[derive(Default)]
struct Mean {
    sum: f64,
    count: u32,
}

impl Mean {
    fn add(&mut self, value: f64) {
        self.sum += value;
        self.count += 1;
    }

    fn value(&self) -> Option<f64> {
        (self.count > 0).then(|| self.sum / f64::from(self.count))
    }
}

/// The requests of these combinations and seeds.
fn read(folder: &ResultFolder, wanted: &BTreeSet<(usize, u64)>) -> Result<Requests, FolderError> {
    let mut requests = Requests::new();
    if wanted.is_empty() {
        return Ok(requests);
    }
    for (table, number) in [
        (folder.lookups()?, "lookup"),
        (folder.operations()?, "operation"),
    ] {
        let Some(table) = table else { continue };
        let columns = Columns::of(&table, number)?;
        let mut finder = folder.finder(&table)?;
        table.each(|row| {
            let combination = finder.find(row)?;
            let seed = row.count(&columns.seed)?.unwrap_or(0);
            if wanted.contains(&(combination, seed)) {
                let kind = columns.kind(row)?;
                let of_run = requests.entry((combination, seed, kind)).or_default();
                of_run.push(columns.read(row)?);
            }
            Ok(())
        })?;
    }
    Ok(requests)
}

/// The columns that are read of `lookups.csv` or `operations.csv`.
struct Columns {
    seed: ResultColumn,
    number: ResultColumn,
    /// Of operations only.
    kind: Option<ResultColumn>,
    source: ResultColumn,
    key: ResultColumn,
    outcome: ResultColumn,
    hops: ResultColumn,
    latency_ms: ResultColumn,
}

impl Columns {
    fn of(table: &ResultTable, number: &str) -> Result<Self, FolderError> {
        let [_, _, seed] = RUN_COLUMNS.map(|column| column.name);
        Ok(Self {
            seed: table.column(seed)?,
            number: table.column(number)?,
            kind: table.find("kind"),
            source: table.column("source_id")?,
            key: table.column("key")?,
            outcome: table.column("outcome")?,
            hops: table.column("hops")?,
            latency_ms: table.column("latency_ms")?,
        })
    }

    fn kind(&self, row: &ResultRow<'_>) -> Result<Kind, FolderError> {
        let Some(kind) = &self.kind else {
            return Ok(Kind::Lookups);
        };
        Ok(match row.text(kind)? {
            "put" => Kind::Puts,
            _ => Kind::Gets,
        })
    }

    fn read(&self, row: &ResultRow<'_>) -> Result<Request, FolderError> {
        Ok(Request {
            number: row.count(&self.number)?.unwrap_or(0),
            source: row.count(&self.source)?,
            key: row.count(&self.key)?,
            is_right: ["ok", "stored", "found"].contains(&row.text(&self.outcome)?),
            hops: row.number(&self.hops)?,
            latency_ms: row.number(&self.latency_ms)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(number: u64, key: u64, hops: Option<f64>) -> Request {
        Request {
            number,
            source: Some(7),
            key: Some(key),
            is_right: hops.is_some(),
            hops,
            latency_ms: hops.map(|hops| hops * 50.0),
        }
    }

    #[test]
    fn requests_stand_against_those_of_the_same_number() {
        let first = [
            request(0, 5, Some(3.0)),
            request(1, 6, Some(4.0)),
            request(2, 7, None),
            request(4, 8, None),
            request(5, 9, Some(1.0)),
        ];
        let second = [
            request(0, 5, Some(1.0)),
            request(1, 6, None),
            request(2, 7, Some(2.0)),
            request(3, 7, Some(2.0)),
            request(4, 8, None),
            request(5, 9, Some(1.0)),
        ];
        let mut outcomes = Outcomes::default();
        outcomes.take(&first, &second);
        let Outcomes {
            both,
            only_a,
            only_b,
            neither,
            ..
        } = outcomes;
        assert_eq!([both, only_a, only_b, neither], [2, 1, 1, 1]);
        assert_eq!((outcomes.alone, outcomes.others), (1, 0));
        assert_eq!(outcomes.hops, [1, 1, 0]);
        // Two hops fewer, and as many: one fewer in the mean.
        assert_eq!(outcomes.more_hops().estimate.mean, Some(-1.0));
        assert_eq!(outcomes.more_ms().estimate.mean, Some(-50.0));
    }

    #[test]
    fn another_key_is_another_request() {
        let mut outcomes = Outcomes::default();
        outcomes.take(&[request(0, 5, None)], &[request(0, 6, None)]);
        assert_eq!((outcomes.others, outcomes.requests()), (1, 0));
    }
}
