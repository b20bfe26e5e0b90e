//! What the tests share: running a scenario given as text and keeping what it measured.

pub(crate) mod books;
pub(crate) mod browser;
pub(crate) mod cases;
pub(crate) mod opinion;
pub(crate) mod program;
pub(crate) mod reference;

use std::io;
use std::path::Path;

use chordsim::catalogue::{
    AnyRecord, AuditRecord, FingerprintRecord, HopRecord, LinkRecord, LookupRecord, Metric,
    NodeRecord, OperationRecord, RecordSink, ReplayRecord, RunSummary, TimelineRecord, TraceRecord,
};
use chordsim::network::Assets;
use chordsim::scenario::resolved::{FingersOf, Output};
use chordsim::scenario::{Overrides, Plan, RunSpec};
use chordsim::sim::{Watch, simulate};
use chordsim::theory::{self, Seen};

/// Everything one run measured.
#[derive(Default)]
pub(crate) struct Run {
    pub lookups: Vec<LookupRecord>,
    pub nodes: Vec<NodeRecord>,
    pub timeline: Vec<TimelineRecord>,
    pub fingerprints: Vec<FingerprintRecord>,
    pub violations: Vec<AuditRecord>,
    pub operations: Vec<OperationRecord>,
    pub trace: Vec<TraceRecord>,
    pub links: Vec<LinkRecord>,
    pub hop_rows: Vec<HopRecord>,
    pub replay: Vec<ReplayRecord>,
    pub summary: RunSummary,
}

impl RecordSink for Run {
    fn take(&mut self, record: AnyRecord<'_>) -> io::Result<()> {
        match record {
            AnyRecord::Lookup(lookup) => self.lookups.push(lookup.clone()),
            AnyRecord::Node(node) => self.nodes.push(node.clone()),
            AnyRecord::Timeline(interval) => self.timeline.push(interval.clone()),
            AnyRecord::Fingerprint(link) => self.fingerprints.push(link.clone()),
            AnyRecord::Audit(violation) => self.violations.push(violation.clone()),
            AnyRecord::Operation(operation) => self.operations.push(operation.clone()),
            AnyRecord::Trace(step) => self.trace.push(step.clone()),
            AnyRecord::Link(link) => self.links.push(link.clone()),
            AnyRecord::Hop(hop) => self.hop_rows.push(hop.clone()),
            AnyRecord::Replay(change) => self.replay.push(change.clone()),
        }
        Ok(())
    }
}

impl Run {
    /// A metric of the summary.
    pub(crate) fn metric(&self, name: &str) -> f64 {
        self.metric_if_any(name)
            .unwrap_or_else(|| panic!("{name} has no value"))
    }

    pub(crate) fn metric_if_any(&self, name: &str) -> Option<f64> {
        let metric = Metric::named(name).filter(|metric| {
            let mut measured = self.summary.metrics();
            measured.any(|(other, _)| other == *metric)
        });
        let metric = metric.unwrap_or_else(|| panic!("there is no metric {name}"));
        self.summary.get(metric)
    }

    /// The hops of all answered lookups.
    pub(crate) fn hops(&self) -> impl Iterator<Item = u32> + '_ {
        self.lookups.iter().filter_map(|lookup| lookup.hops)
    }
}

/// The runs that a scenario asks for.
pub(crate) fn plan(toml: &str) -> Plan {
    Plan::parse(toml, Path::new("test.toml"), &Overrides::default())
        .unwrap_or_else(|error| panic!("{:?}", miette::Report::new(*error)))
}

/// Everything is written, and the ring is audited if that is wanted.
pub(crate) fn output(audit: bool) -> Output {
    Output {
        lookups: 1.0,
        operations: 1.0,
        trace: 0.0,
        fingers_of: FingersOf::Asker,
        links: false,
        hops: false,
        replay: false,
        nodes: true,
        timeline: true,
        audit,
    }
}

/// Runs one of them.
pub(crate) fn run(spec: &RunSpec) -> Run {
    run_with(spec, &output(false))
}

/// Runs one of them, and audits the ring after every step.
pub(crate) fn audit(spec: &RunSpec) -> Run {
    run_with(spec, &output(true))
}

/// Runs one of them and keeps everything; audits the ring if `output` says so.
pub(crate) fn run_as(spec: &RunSpec, output: &Output) -> Run {
    run_with(spec, &self::output(output.audit))
}

/// Runs one of them and keeps what `output` says.
pub(crate) fn run_with(spec: &RunSpec, output: &Output) -> Run {
    let mut assets = Assets::default();
    assets
        .load(&spec.scenario.network.model, |path| {
            std::fs::read_to_string(path)
        })
        .unwrap();
    if let Some(file) = &spec.scenario.workload.keys_file {
        assets
            .load_keys(file, |path| std::fs::read_to_string(path))
            .unwrap();
    }
    assets
        .load_churn(&spec.scenario.churn.model, |path| {
            std::fs::read_to_string(path)
        })
        .unwrap();
    let mut run = Run::default();
    let summary = simulate(spec, &assets, output, &Watch::default(), &mut run);
    let mut summary = summary.expect("the run ends well");
    summary.expected = theory::expectations(spec, &Seen::of(&summary));
    run.summary = summary;
    run
}

/// Runs a whole scenario.
pub(crate) fn run_all(toml: &str) -> Vec<Run> {
    plan(toml).runs.iter().map(run).collect()
}

/// Runs a scenario that asks for a single run.
pub(crate) fn run_one(toml: &str) -> Run {
    let mut runs = run_all(toml);
    assert_eq!(runs.len(), 1, "one run is expected");
    runs.remove(0)
}

/// The identifier of the node that asked a lookup, where somebody is always there to ask.
pub(crate) fn asker(lookup: &LookupRecord) -> u64 {
    lookup.source_id.expect("somebody asked")
}

/// Mean and its standard error.
pub(crate) fn mean_and_error(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values
        .iter()
        .map(|value| (value - mean).powi(2))
        .sum::<f64>()
        / (n - 1.0);
    (mean, (variance / n).sqrt())
}

/// The χ² statistic of observed counts against expected ones, and its degrees of freedom. Cells in
/// which fewer than 5 are expected are put together.
pub(crate) fn chi_squared(observed: &[f64], expected: &[f64]) -> (f64, f64) {
    let (mut statistic, mut cells) = (0.0, 0.0);
    let (mut o, mut e) = (0.0, 0.0);
    for (observed, expected) in observed.iter().zip(expected) {
        o += observed;
        e += expected;
        if e >= 5.0 {
            statistic += (o - e) * (o - e) / e;
            cells += 1.0;
            (o, e) = (0.0, 0.0);
        }
    }
    if e > 0.0 {
        statistic += (o - e) * (o - e) / e;
        cells += 1.0;
    }
    (statistic, cells - 1.0)
}
