//! A latency model of one's own: hosts along a street, a millisecond from each to the next. Chord runs over it.
//!
//! `cargo run --release --example latency_model`

use std::error::Error;
use std::path::Path;

use chordsim::catalogue::{AnyRecord, Metric, RecordSink, RunSummary};
use chordsim::engine::SimDuration;
use chordsim::network::{Latency, Network};
use chordsim::overlay::chord::Chord;
use chordsim::scenario::{Overrides, Plan};
use chordsim::sim::{Setup, Watch};
use chordsim::world::HostIdx;

/// Hosts in a row. Host 0 stands at its beginning.
pub(crate) struct Street {
    /// How many there are.
    pub(crate) hosts: u32,
    /// From each to the next.
    pub(crate) step: SimDuration,
}

impl Latency for Street {
    fn hosts(&self) -> Option<u32> {
        Some(self.hosts)
    }

    fn one_way(&self, from: HostIdx, to: HostIdx) -> SimDuration {
        self.step * from.0.abs_diff(to.0).into()
    }
}

/// A hundred nodes, one on each host. A lookup of h hops is h + 1 messages, and the mean distance of two random
/// hosts is a third of the street.
pub(crate) const SCENARIO: &str = r#"
warmup   = "0s"
duration = "1h"
overlay  = { nodes = 100 }
"#;

/// Takes no record.
struct Nothing;

impl RecordSink for Nothing {
    fn take(&mut self, _: AnyRecord<'_>) -> std::io::Result<()> {
        Ok(())
    }
}

/// Runs Chord over the street.
pub(crate) fn run() -> Result<RunSummary, Box<dyn Error>> {
    let plan = Plan::parse(SCENARIO, Path::new("street.toml"), &Overrides::default())?;
    let run = &plan.runs[0];
    let street = Street {
        hosts: run.scenario.overlay.nodes,
        step: SimDuration::from_millis(1),
    };
    let network = Network::new(Box::new(street), 0.0, run.seed);
    let chord = Chord::new(&run.scenario.overlay, &run.scenario.chord);
    let setup = Setup::new(run, network, chord);
    Ok(setup.run(&plan.output, &Watch::default(), &mut Nothing)?)
}

#[allow(dead_code, reason = "a test uses the rest of this file")]
fn main() -> Result<(), Box<dyn Error>> {
    let summary = run()?;
    for metric in [Metric::HopsMean, Metric::LatencyMsMean, Metric::StretchP50] {
        println!("{metric}: {:.3}", summary.get(metric).unwrap_or(f64::NAN));
    }
    Ok(())
}
