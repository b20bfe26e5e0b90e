//! A sink of one's own: takes the records of a run as they come and keeps what it wants, here how many lookups
//! took how many hops. Nothing is written to disk.
//!
//! `cargo run --release --example hops_sink`

use std::collections::BTreeMap;
use std::error::Error;
use std::io;
use std::path::Path;

use chordsim::catalogue::{AnyRecord, RecordSink};
use chordsim::network::Assets;
use chordsim::scenario::{Overrides, Plan};
use chordsim::sim::{Watch, simulate};

/// How many lookups were answered rightly after each number of hops.
#[derive(Default)]
pub(crate) struct Hops(pub(crate) BTreeMap<u32, u64>);

impl RecordSink for Hops {
    fn take(&mut self, record: AnyRecord<'_>) -> io::Result<()> {
        if let AnyRecord::Lookup(lookup) = record
            && let Some(hops) = lookup.hops
        {
            *self.0.entry(hops).or_default() += 1;
        }
        Ok(())
    }
}

/// A ring of 1024 evenly spaced nodes with fingers only: the hops to a key's predecessor are the 1 bits of its
/// distance, binomial(10, 1/2), and one more leads to the owner.
pub(crate) const SCENARIO: &str = r#"
warmup   = "0s"
duration = "1h"
overlay  = { nodes = 1024, ids = "even" }
chord    = { successors = 1, stabilize_every = "off", fix_fingers_every = "off", check_predecessor_every = "off" }
"#;

/// The hops of all lookups of the scenario.
pub(crate) fn hops() -> Result<Hops, Box<dyn Error>> {
    let plan = Plan::parse(SCENARIO, Path::new("hops.toml"), &Overrides::default())?;
    let mut hops = Hops::default();
    let (run, assets, watch) = (&plan.runs[0], Assets::default(), Watch::default());
    simulate(run, &assets, &plan.output, &watch, &mut hops)?;
    Ok(hops)
}

#[allow(dead_code, reason = "a test uses the rest of this file")]
fn main() -> Result<(), Box<dyn Error>> {
    let Hops(hops) = hops()?;
    let all: u64 = hops.values().sum();
    for (hops, lookups) in &hops {
        let share = *lookups as f64 / all as f64;
        println!(
            "{hops:>3} {share:.4} {}",
            "#".repeat((200.0 * share) as usize)
        );
    }
    Ok(())
}
