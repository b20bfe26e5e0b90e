//! Hosts in regions: how long a message takes, a table says for each two of them.
//!
//! A host's region is a hash of its number, drawn by the regions' shares; so is the latency of a pair of hosts where
//! it is drawn. Hosts take no memory.

use std::sync::Arc;

use super::model::Latency;
use super::uniform::of_pair;
use crate::engine::{SimDuration, Stream, unit_hash};
use crate::inputs::TextFile;
use crate::inputs::regions::{self, RegionTable};
use crate::network::jitter::jittered;
use crate::network::shares::Shares;
use crate::scenario::resolved::PublishedRegions;
use crate::world::HostIdx;

/// Regions as a table has them: the same for all seeds.
pub(super) struct Regions {
    names: Vec<String>,
    shares: Shares,
    /// Row by row: from one region to all.
    one_way: Box<[SimDuration]>,
}

impl Regions {
    pub(super) fn new(table: RegionTable) -> Self {
        let one_way = table.one_way_ms.into_iter();
        Self {
            names: table.names,
            shares: Shares::new(&table.shares).expect("the reader looks at the shares"),
            one_way: one_way.map(SimDuration::from_millis_f64).collect(),
        }
    }

    /// A table that comes with the program.
    pub(super) fn published(table: PublishedRegions) -> Self {
        let text = match table {
            PublishedRegions::Simblock2019 => include_str!("simblock-2019.csv"),
        };
        let read = regions::read(TextFile::new("a published table".as_ref(), text));
        Self::new(read.expect("a published table is as it must be"))
    }

    /// Bytes of a table.
    pub(super) fn bytes(&self) -> f64 {
        size_of_val(&*self.one_way) as f64
    }
}

/// Regions with hosts in them.
pub(super) struct Peopled {
    regions: Arc<Regions>,
    jitter: f64,
    seed: u64,
}

impl Peopled {
    pub(super) fn new(regions: Arc<Regions>, jitter: f64, seed: u64) -> Self {
        Self {
            regions,
            jitter,
            seed,
        }
    }

    fn region_of(&self, host: HostIdx) -> u32 {
        let uniform = unit_hash(self.seed, Stream::Hosts, u64::from(host.0), 0);
        self.regions.shares.at(uniform)
    }
}

impl Latency for Peopled {
    fn hosts(&self) -> Option<u32> {
        None
    }

    fn one_way(&self, from: HostIdx, to: HostIdx) -> SimDuration {
        if from == to {
            return SimDuration::ZERO;
        }
        let [row, column] = [from, to].map(|host| self.region_of(host) as usize);
        let regions = &self.regions;
        let latency = regions.one_way[row * regions.names.len() + column];
        if self.jitter <= 0.0 {
            return latency;
        }
        jittered(latency, self.jitter, of_pair(self.seed, from, to))
    }

    fn region(&self, host: HostIdx) -> Option<u32> {
        Some(self.region_of(host))
    }

    fn regions(&self) -> Option<u32> {
        Some(self.regions.names.len() as u32)
    }

    fn region_name(&self, region: u32) -> Option<&str> {
        let name = self.regions.names.get(region as usize);
        name.map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::testing::mean_and_deviation;

    fn simblock() -> Arc<Regions> {
        Arc::new(Regions::published(PublishedRegions::Simblock2019))
    }

    /// Hosts of each region, among the first so many.
    fn by_region(model: &Peopled, hosts: u32) -> Vec<Vec<HostIdx>> {
        let mut by_region = vec![Vec::new(); 6];
        for host in (0..hosts).map(HostIdx) {
            by_region[model.region(host).unwrap() as usize].push(host);
        }
        by_region
    }

    /// The table as its authors have it.
    #[test]
    fn the_published_table_is_that_of_its_source() {
        let rows = [
            [32, 124, 184, 198, 151, 189],
            [124, 11, 227, 237, 252, 294],
            [184, 227, 88, 325, 301, 322],
            [198, 237, 325, 85, 58, 198],
            [151, 252, 301, 58, 12, 126],
            [189, 294, 322, 198, 126, 16],
        ];
        let model = Peopled::new(simblock(), 0.0, 1);
        let of = by_region(&model, 2000);
        for (a, row) in rows.iter().enumerate() {
            for (b, ms) in row.iter().enumerate() {
                let (from, to) = (of[a][0], of[b][of[b].len() - 1]);
                assert_ne!(from, to, "the seed has two hosts in every region");
                assert_eq!(model.one_way(from, to), SimDuration::from_millis(*ms));
            }
        }
        let name = |region| model.region_name(region);
        assert_eq!(
            [name(0), name(5)],
            [Some("North America"), Some("Australia")]
        );
        assert_eq!(name(6), None);
    }

    #[test]
    fn hosts_are_in_regions_by_their_shares() {
        let of = by_region(&Peopled::new(simblock(), 0.0, 7), 60_000);
        let shares = [0.3316, 0.4998, 0.0090, 0.1177, 0.0224, 0.0195];
        let chi_square: f64 = of
            .iter()
            .zip(shares)
            .map(|(hosts, share)| (hosts.len() as f64 - 6e4 * share).powi(2) / (6e4 * share))
            .sum();
        // 5 degrees of freedom: 1 in 1000 is above 20.5.
        assert!(chi_square < 20.5, "{chi_square}");
    }

    #[test]
    fn pairs_keep_a_latency_of_their_own_within_the_share_of_the_table() {
        let model = Peopled::new(simblock(), 0.2, 3);
        let of = by_region(&model, 400);
        let mut drawn = Vec::new();
        for from in &of[0] {
            for to in &of[1] {
                assert_eq!(model.one_way(*from, *to), model.one_way(*to, *from));
                drawn.push(model.one_way(*from, *to).as_millis_f64());
            }
        }
        let within = 124.0 * 0.8..=124.0 * 1.2;
        assert!(drawn.iter().all(|ms| within.contains(ms)));
        let (mean, deviation) = mean_and_deviation(&drawn);
        let expected = 124.0 * 0.4 / 12_f64.sqrt();
        let error = expected / (drawn.len() as f64).sqrt();
        assert!((mean - 124.0).abs() < 4.0 * error, "{mean}");
        assert!((deviation / expected - 1.0).abs() < 0.05, "{deviation}");
    }

    #[test]
    fn the_two_directions_of_a_table_may_differ() {
        let table = RegionTable {
            names: vec!["A".to_owned(), "B".to_owned()],
            shares: vec![1.0, 1.0],
            one_way_ms: vec![1.0, 2.0, 3.0, 4.0],
        };
        let model = Peopled::new(Arc::new(Regions::new(table)), 0.0, 1);
        let of = by_region(&model, 50);
        let way = |from: HostIdx, to| model.one_way(from, to).as_millis_f64();
        assert!((way(of[0][0], of[1][0]) - 2.0).abs() < 1e-9);
        assert!((way(of[1][0], of[0][0]) - 3.0).abs() < 1e-9);
    }
}
