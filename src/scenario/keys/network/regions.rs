//! `[network.regions]`

use crate::scenario::keys::key::{SHARE, Section, ValueKind};

section! {
    /// Hosts in a few large regions, with a latency for each two of them.
    pub(crate) struct RegionsKeys, static REGIONS = Section::table("network.regions"), {
        /// A published table (`simblock-2019`), or a file: latencies between regions, and the share of the hosts in each.
        table: String = "simblock-2019", ValueKind::Text;
        /// Each pair of hosts has a latency of its own, drawn uniformly within this share of the table's.
        latency_jitter: f64 = 0, SHARE;
    }
}

words! {
    /// Tables of regions that come with the program.
    pub enum PublishedRegions {
        /// Six regions of the Bitcoin network in 2019, as the blockchain simulator of that name has them.
        Simblock2019 = "simblock-2019",
    }
}

impl PublishedRegions {
    /// The table of this name.
    pub(in crate::scenario) fn named(name: &str) -> Option<Self> {
        let all = Self::WORDS.iter().zip([Self::Simblock2019]);
        all.into_iter()
            .find(|(word, _)| word.name == name)
            .map(|(_, table)| table)
    }
}
