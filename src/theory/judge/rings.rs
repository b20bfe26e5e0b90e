//! Random rings, and lookups on them by the rules of a textbook or by rules that are wrong in a known way.
//!
//! Nothing of the simulator is in here. A ring is a sorted list of random identifiers, a lookup a walk over ranks. Rings and
//! lookups come from fixed seeds: the same question has the same answer on every machine.

/// How many rings are looked at; of large ones, which are the more alike the larger they are, fewer.
const RINGS: u64 = 8;
const LARGE_RINGS: u64 = 3;

/// So many nodes are a large ring.
const LARGE: usize = 65_536;

/// Walks on each of them, spread evenly over askers and keys.
const WALKS: u32 = 8192;

/// The most steps of all walks on a ring. Where walks are long there are fewer of them.
const STEPS: f64 = 2e5;

/// The golden ratio minus one: its multiples fill the unit interval evenly.
const GOLDEN: f64 = 0.618_033_988_749_894_9;

/// How a node chooses the next one.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Table {
    /// Fingers at distances of 2^lowest to 2^(bits - 1 - missing), beside the successor list.
    Fingers {
        /// The exponent of the shortest finger.
        lowest: u32,
        /// So many of the longest are missing.
        missing: u32,
    },
    /// No fingers: the list is all that there is.
    List,
    /// Fingers among the first nodes that were there, as many as this; who came later is known by its neighbours only.
    AsOf(usize),
    /// Each node has filled in its fingers when it joined, and never again.
    AtJoin,
}

/// What is asked.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Setup {
    pub nodes: usize,
    pub bits: u32,
    /// How many of the next nodes are known, at least 1.
    pub reach: usize,
    pub table: Table,
}

/// Hops of lookups to the owner, over all rings together.
#[derive(Clone, PartialEq, Debug)]
pub struct HopShares {
    /// The share of lookups of 0, 1, 2, … hops.
    pub shares: Vec<f64>,
    /// By how much the mean of one ring differs from that of another, as a standard deviation.
    pub between_rings: f64,
}

impl HopShares {
    /// Mean of a function of the hops.
    #[must_use]
    pub fn mean_of(&self, function: impl Fn(f64) -> f64) -> f64 {
        let terms = self.shares.iter().enumerate();
        terms
            .map(|(hops, share)| share * function(hops as f64))
            .sum()
    }

    /// Standard deviation of a function of the hops, from lookup to lookup.
    #[must_use]
    pub fn deviation_of(&self, function: impl Fn(f64) -> f64) -> f64 {
        let mean = self.mean_of(&function);
        let variance = self.mean_of(|hops| (function(hops) - mean) * (function(hops) - mean));
        variance.max(0.0).sqrt()
    }

    fn of(rings: &[Vec<f64>]) -> Self {
        let longest = rings.iter().map(Vec::len).max().unwrap_or(0);
        let count = rings.len() as f64;
        let share = |hops: usize| {
            let each = rings
                .iter()
                .map(|ring| ring.get(hops).copied().unwrap_or(0.0));
            each.sum::<f64>() / count
        };
        let mean = |ring: &Vec<f64>| -> f64 {
            let terms = ring.iter().enumerate();
            terms.map(|(hops, share)| share * hops as f64).sum()
        };
        let means: Vec<f64> = rings.iter().map(mean).collect();
        let middle = means.iter().sum::<f64>() / count;
        let squares = means.iter().map(|mean| (mean - middle) * (mean - middle));
        Self {
            shares: (0..longest).map(share).collect(),
            between_rings: (squares.sum::<f64>() / (count - 1.0).max(1.0)).sqrt(),
        }
    }
}

/// The hops of lookups of random keys by random nodes.
pub(super) fn hops(setup: &Setup) -> HopShares {
    if let Table::List = setup.table {
        return along_the_list(setup);
    }
    let rings = if setup.nodes < LARGE {
        RINGS
    } else {
        LARGE_RINGS
    };
    let rings: Vec<Vec<f64>> = (0..rings)
        .map(|seed| Ring::new(setup, seed).shares(setup))
        .collect();
    HopShares::of(&rings)
}

/// Along the list the hops follow from the number of nodes in between: each number is as likely as another.
fn along_the_list(setup: &Setup) -> HopShares {
    let longest = (setup.nodes - 1).div_ceil(setup.reach);
    let mut counts = vec![0.0; longest + 1];
    for before in 0..setup.nodes {
        counts[before.div_ceil(setup.reach)] += 1.0;
    }
    let nodes = setup.nodes as f64;
    HopShares {
        shares: counts.into_iter().map(|count: f64| count / nodes).collect(),
        between_rings: 0.0,
    }
}

/// Draws of a seed: `SplitMix64`, S. Vigna, public domain algorithm of Steele, Lea and Flood (OOPSLA 2014).
struct Draws(u64);

impl Draws {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below this.
    fn below(&mut self, limit: usize) -> usize {
        ((u128::from(self.next()) * limit as u128) >> 64) as usize
    }
}

struct Ring {
    bits: u32,
    ids: Vec<u64>,
    /// When each came, by rank, where that matters: 0 is the first.
    came: Vec<usize>,
    /// Of the first ones only, where fingers are among these: identifier and rank.
    first: Vec<(u64, usize)>,
    /// Where fingers are those of the time of joining: those of each node, how many nodes ahead, in order.
    at_join: Vec<Vec<usize>>,
}

impl Ring {
    fn new(setup: &Setup, seed: u64) -> Self {
        let mut draws = Draws(seed);
        let shift = 64 - setup.bits;
        let mut ids: Vec<u64> = Vec::with_capacity(setup.nodes);
        if u128::from(setup.nodes as u64) == 1_u128 << setup.bits {
            // To draw the last that is free would take long.
            ids.extend(0..setup.nodes as u64);
        }
        while ids.len() < setup.nodes {
            let lacking = setup.nodes - ids.len();
            ids.extend((0..lacking).map(|_| draws.next() >> shift));
            ids.sort_unstable();
            ids.dedup();
        }
        let in_order = matches!(setup.table, Table::AsOf(_) | Table::AtJoin);
        let mut came: Vec<usize> = (0..setup.nodes).filter(|_| in_order).collect();
        for at in (1..came.len()).rev() {
            came.swap(at, draws.below(at + 1));
        }
        let mut ring = Self {
            bits: setup.bits,
            ids,
            came,
            first: Vec::new(),
            at_join: Vec::new(),
        };
        match setup.table {
            Table::AsOf(nodes) => ring.first = ring.first_ones(nodes),
            Table::AtJoin => ring.at_join = ring.tables_at_join(),
            Table::Fingers { .. } | Table::List => {}
        }
        ring
    }

    /// Identifier and rank of those that came first.
    fn first_ones(&self, count: usize) -> Vec<(u64, usize)> {
        let ranks = (0..self.ids.len()).filter(|rank| self.came[*rank] < count);
        ranks.map(|rank| (self.ids[rank], rank)).collect()
    }

    fn tables_at_join(&self) -> Vec<Vec<usize>> {
        let nodes = self.ids.len();
        let mut by_time = vec![0; nodes];
        for (rank, time) in self.came.iter().enumerate() {
            by_time[*time] = rank;
        }
        let mut tables = vec![Vec::new(); nodes];
        let mut there: Vec<(u64, usize)> = Vec::with_capacity(nodes);
        for rank in by_time {
            if !there.is_empty() {
                let targets = (0..self.bits).map(|i| owner_of(&there, self.place(rank, i)));
                let mut table: Vec<usize> = targets.map(|of| self.ahead(rank, of)).collect();
                table.sort_unstable();
                table.dedup();
                tables[rank] = table;
            }
            let entry = (self.ids[rank], rank);
            let at = there.partition_point(|it| *it < entry);
            there.insert(at, entry);
        }
        tables
    }

    fn mask(&self) -> u64 {
        u64::MAX >> (64 - self.bits)
    }

    /// Where finger `i` of a node begins.
    fn place(&self, rank: usize, i: u32) -> u64 {
        self.ids[rank].wrapping_add(1 << i) & self.mask()
    }

    /// How many nodes one rank is before another.
    fn ahead(&self, from: usize, to: usize) -> usize {
        (to + self.ids.len() - from) % self.ids.len()
    }

    /// The rank of the first node at or after a place.
    fn owner(&self, place: u64) -> usize {
        self.ids.partition_point(|id| *id < place) % self.ids.len()
    }

    /// The shares of walks of 0, 1, 2, … hops.
    fn shares(&self, setup: &Setup) -> Vec<f64> {
        let some = self.walks(setup, 64);
        let terms = some.iter().enumerate();
        let long: f64 = terms.map(|(hops, share)| share * hops as f64).sum();
        let walks = (STEPS / long.max(1.0)).clamp(256.0, f64::from(WALKS));
        self.walks(setup, walks as u32)
    }

    /// The shares of 0, 1, 2, … hops among so many walks.
    fn walks(&self, setup: &Setup, walks: u32) -> Vec<f64> {
        let nodes = self.ids.len();
        let mut counts: Vec<f64> = Vec::new();
        for walk in 0..walks {
            let place = f64::from(walk) + 0.5;
            let asker = (place / f64::from(walks) * nodes as f64) as usize;
            let key = (place * GOLDEN).fract();
            // As a fraction of the ring, in whole steps of 2^-53.
            let key = ((key * (1_u64 << 53) as f64) as u64) << 11 >> (64 - self.bits);
            let hops = self.walk(setup, asker, self.owner(key)) as usize;
            if counts.len() <= hops {
                counts.resize(hops + 1, 0.0);
            }
            counts[hops] += 1.0;
        }
        counts
            .into_iter()
            .map(|count| count / f64::from(walks))
            .collect()
    }

    /// The hops of a lookup.
    fn walk(&self, setup: &Setup, asker: usize, owner: usize) -> u32 {
        let (mut node, mut hops) = (asker, 0);
        loop {
            let before = self.ahead(node, owner);
            if before <= setup.reach {
                return hops + u32::from(before > 0);
            }
            let step = self
                .finger_before(setup.table, node, before)
                .max(setup.reach);
            node = (node + step) % self.ids.len();
            hops += 1;
        }
    }

    /// How many nodes ahead the farthest finger lies that is before an owner; 0 if there is none. The owner is `before`
    /// nodes ahead, at least 2.
    fn finger_before(&self, table: Table, node: usize, before: usize) -> usize {
        let last = (node + before - 1) % self.ids.len();
        // A finger that begins at or before the last node before the owner is one of these.
        let distance = self.ids[last].wrapping_sub(self.ids[node]) & self.mask();
        let power = distance.ilog2();
        match table {
            Table::Fingers { lowest, missing } => {
                let longest = (self.bits - 1).saturating_sub(missing);
                let power = power.min(longest);
                if power < lowest {
                    return 0;
                }
                self.ahead(node, self.owner(self.place(node, power)))
            }
            Table::AsOf(_) => {
                let reach = |i| self.ahead(node, owner_of(&self.first, self.place(node, i)));
                // A longer finger leads no less far, until it leads past the owner. Most nodes have none before it.
                if reach(0) >= before {
                    return 0;
                }
                let mut steps = (0..=power).rev().map(reach);
                steps.find(|step| *step < before).unwrap_or(0)
            }
            Table::AtJoin => {
                let table = &self.at_join[node];
                let at = table.partition_point(|step| *step < before);
                at.checked_sub(1).map_or(0, |at| table[at])
            }
            Table::List => 0,
        }
    }
}

/// The rank of the first of these nodes at or after a place.
fn owner_of(nodes: &[(u64, usize)], place: u64) -> usize {
    let at = nodes.partition_point(|(id, _)| *id < place);
    nodes[at % nodes.len()].1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mean(nodes: usize, reach: usize, table: Table) -> f64 {
        let setup = Setup {
            nodes,
            bits: 64,
            reach,
            table,
        };
        hops(&setup).mean_of(|hops| hops)
    }

    const ALL: Table = Table::Fingers {
        lowest: 0,
        missing: 0,
    };

    /// Computed by other code (a page of Python, all pairs of an asker and 150 keys on 3 rings): 5.27 for 500 nodes, 5.46 for
    /// 640; with a list of 16 3.46 and 3.64. Rings differ by 0.05.
    #[test]
    fn right_fingers_give_what_other_code_gives() {
        for (nodes, reach, expected) in [
            (500, 1, 5.27),
            (640, 1, 5.46),
            (500, 16, 3.46),
            (640, 16, 3.64),
        ] {
            let is = mean(nodes, reach, ALL);
            assert!((is - expected).abs() < 0.08, "{nodes}, {reach}: {is}");
        }
    }

    /// By the same other code: 5.76, 7.23, 10.6, 17.4 and 30.5 without the longest 1 to 5 fingers, 6.66 with those of the time
    /// of joining. By hand: without the d longest the next one takes their place, which leads 2^-(d + 1) of the ring ahead and
    /// by a gap between nodes farther; so many of these steps fit into a random distance where one in two of d + 1 fingers was used.
    #[test]
    fn wrong_fingers_give_what_other_code_gives() {
        for (missing, expected) in [(1, 5.76), (2, 7.23), (3, 10.56), (4, 17.36), (5, 30.48)] {
            let is = mean(500, 1, Table::Fingers { lowest: 0, missing });
            assert!((is / expected - 1.0).abs() < 0.02, "{missing}: {is}");
            let step = libm::exp2(-f64::from(missing + 1)) + 1.0 / 500.0;
            let long_steps = 0.5 / step - 0.5;
            let by_hand = mean(500, 1, ALL) + long_steps - f64::from(missing + 1) / 2.0;
            assert!(
                (is / by_hand - 1.0).abs() < 0.02,
                "{missing}: {is}, {by_hand}"
            );
        }
        let is = mean(500, 1, Table::AtJoin);
        assert!((is - 6.66).abs() < 0.12, "{is}");
    }

    /// With all identifiers taken a lookup takes a hop for each bit that is set in the distance to the owner's
    /// predecessor, and one more: on 2^m places m/2 and, as a node's own key takes none, 1 - 2^-m more.
    #[test]
    fn a_full_ring_is_exact() {
        let setup = Setup {
            nodes: 256,
            bits: 8,
            reach: 1,
            table: ALL,
        };
        let all = hops(&setup);
        let mean = all.mean_of(|hops| hops);
        // Distances 0 to 254 to the predecessor: their bits are 8/2 in the mean of 256, less 8 for 255 itself.
        let exact = (256.0 * 4.0 - 8.0 + 255.0) / 256.0;
        assert!((mean - exact).abs() < 0.03, "{mean} for {exact}");
    }

    /// The mean number of nodes between two is (N - 1)/2.
    #[test]
    fn along_the_ring_is_half_of_it() {
        assert!((mean(500, 1, Table::List) - 249.5).abs() < 1e-9);
        assert!((mean(500, 10, Table::List) - 25.4).abs() < 1e-9);
        // Fingers that all point to the successor are none.
        let none = Table::Fingers {
            lowest: 63,
            missing: 63,
        };
        let is = mean(60, 1, none);
        assert!((is - 29.5).abs() < 1.0, "{is}");
    }

    /// Fingers of the time when all were there are right; of the time when there was one, there are none.
    #[test]
    fn old_fingers_lie_between_right_ones_and_none() {
        let (all, one) = (mean(200, 1, Table::AsOf(200)), mean(200, 1, Table::AsOf(1)));
        assert!((all - mean(200, 1, ALL)).abs() < 1e-9);
        assert!(one > 40.0, "{one}");
        let some = mean(200, 1, Table::AsOf(20));
        assert!(all < some && some < one, "{all}, {some}, {one}");
    }
}
