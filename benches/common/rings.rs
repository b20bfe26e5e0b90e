//! Whole runs of small rings, and networks.

use std::io;
use std::path::Path;

use chordsim::catalogue::{AnyRecord, Metric, RecordSink, RunSummary};
use chordsim::engine::{SimDuration, SimTime};
use chordsim::network::{self, Assets, Fate, Network};
use chordsim::scenario::{Overrides, Plan};
use chordsim::sim::{Watch, simulate};
use chordsim::theory::{self, Seen};
use chordsim::world::{HostIdx, PeerIdx};

use super::random::Random;

/// A run that is ready to begin.
pub(crate) struct Ring {
    plan: Plan,
    assets: Assets,
}

impl Ring {
    /// The first run of a scenario given as text.
    ///
    /// # Panics
    /// If it is none.
    pub(crate) fn new(scenario: &str) -> Self {
        let plan = Plan::parse(scenario, Path::new("bench.toml"), &Overrides::default());
        Self {
            plan: plan.expect("the scenarios of the benches are sound"),
            assets: Assets::default(),
        }
    }

    /// Simulates it from beginning to end.
    ///
    /// # Panics
    /// If it fails.
    pub(crate) fn run(&self) -> RunSummary {
        let (spec, output) = (&self.plan.runs[0], &self.plan.output);
        let mut rows = Counted::default();
        let summary = simulate(spec, &self.assets, output, &Watch::default(), &mut rows);
        let mut summary = summary.expect("nothing of it can fail");
        // As the program does, so that the whole of a run is counted.
        summary.expected = theory::expectations(spec, &Seen::of(&summary));
        assert!(rows.0 > 0, "there are lookups in every ring of the benches");
        summary
    }

    /// How many events the run has.
    pub(crate) fn events(&self) -> u64 {
        let events = self.run().get(Metric::Events);
        events.expect("every run has events") as u64
    }
}

/// Takes rows and counts those of lookups.
#[derive(Default)]
struct Counted(u64);

impl RecordSink for Counted {
    fn take(&mut self, record: AnyRecord<'_>) -> io::Result<()> {
        self.0 += u64::from(matches!(record, AnyRecord::Lookup(_)));
        Ok(())
    }
}

/// Hosts of the networks whose hosts come from a file, and peers in all of them.
const PEERS: u32 = 512;

/// Pairs of hosts that send each other messages; as many as a power of two.
const PAIRS: usize = 1 << 12;

/// A network and messages to be sent on it.
pub(crate) struct Messages {
    network: Network,
    pairs: Vec<(HostIdx, HostIdx)>,
}

impl Messages {
    /// On the network that the body of a section `[network]` describes. A file named `matrix` is a
    /// matrix of latencies, a file named `graph` an edge list.
    ///
    /// # Panics
    /// If it describes none.
    pub(crate) fn new(section: &str) -> Self {
        let plan = Ring::new(&format!("[network]\n{section}")).plan;
        let (spec, mut assets) = (&plan.runs[0], Assets::default());
        let model = &spec.scenario.network.model;
        let loaded = assets.load(model, |path| Ok(file(path)));
        loaded.expect("the files are made for it");
        let network = network::build(&spec.scenario.network, spec.seed, &assets);
        let network = network.expect("all that it needs is there");
        let mut random = Random(1);
        let mut host = || network.host_of(PeerIdx(random.below(PEERS.into()) as u32));
        let pairs = (0..PAIRS).map(|_| (host(), host())).collect();
        Self { network, pairs }
    }

    /// How many messages [`Messages::send`] sends.
    pub(crate) fn count(&self) -> u64 {
        self.pairs.len() as u64
    }

    /// Has one message carried between each pair. Returns the sum of their latencies.
    pub(crate) fn send(&mut self) -> SimDuration {
        let mut sum = SimDuration::ZERO;
        for &(from, to) in &self.pairs {
            let Fate::Arrives(at) = self.network.carry(SimTime::ZERO, from, to) else {
                unreachable!("the networks of the benches lose nothing");
            };
            sum = sum + at.since(SimTime::ZERO);
        }
        sum
    }
}

/// The text of a data file.
fn file(path: &Path) -> String {
    let mut random = Random(2);
    let mut latency = || (1 + random.below(200)).to_string();
    if path.ends_with("matrix") {
        let row = |_| (0..PEERS).map(|_| latency()).collect::<Vec<_>>().join(" ");
        (0..PEERS).map(row).collect::<Vec<_>>().join("\n")
    } else {
        // A circle with a chord from every router to another one.
        let edges = (0..PEERS).flat_map(|router| {
            let next = (router + 1) % PEERS;
            let other = (router * 7 + 3) % PEERS;
            [next, other].map(|to| format!("{router},{to},{}\n", latency()))
        });
        format!("from,to,latency_ms\n{}", edges.collect::<String>())
    }
}
