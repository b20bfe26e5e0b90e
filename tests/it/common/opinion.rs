//! Holding a run on a ring at rest against the reference: every lookup's owner, hops and latency.

use std::collections::BTreeMap;

use chordsim::catalogue::LookupRecord;
use chordsim::scenario::{RunSpec, resolved};

use super::reference::{Ring, Way};
use super::{Run, asker, run};

/// One way of every message on the constant network, but for those of a host to itself.
pub(crate) const DELAY_MS: f64 = 37.0;

/// What the reference knows of a run: its ring, and on which host each node sits.
pub(crate) struct Opinion {
    ring: Ring,
    host: BTreeMap<u64, u32>,
    way: Way,
    list: usize,
    iterative: bool,
}

impl Opinion {
    pub(crate) fn of(spec: &RunSpec, run: &Run) -> Self {
        let chord = &spec.scenario.chord;
        Self {
            ring: Ring::new(
                spec.scenario.overlay.id_bits,
                run.nodes.iter().map(|node| node.id),
            ),
            host: run.nodes.iter().map(|node| (node.id, node.host)).collect(),
            way: match chord.routing {
                resolved::Routing::Fingers => Way::Fingers,
                resolved::Routing::Successors => Way::Successors,
            },
            list: chord.successors.into(),
            iterative: chord.lookup == resolved::LookupMode::Iterative,
        }
    }

    fn one_way_ms(&self, from: u64, to: u64) -> f64 {
        if self.host[&from] == self.host[&to] {
            0.0
        } else {
            DELAY_MS
        }
    }

    fn round_trip_ms(&self, a: u64, b: u64) -> f64 {
        self.one_way_ms(a, b) + self.one_way_ms(b, a)
    }

    /// Recursive: along the path, and from its end straight back. Iterative: to each node on the path and
    /// back.
    fn latency_ms(&self, source: u64, path: &[u64]) -> f64 {
        let Some(owner) = path.last() else { return 0.0 };
        if self.iterative {
            return path.iter().map(|id| self.round_trip_ms(source, *id)).sum();
        }
        let froms = [source].into_iter().chain(path.iter().copied());
        let there: f64 = froms
            .zip(path)
            .map(|(from, to)| self.one_way_ms(from, *to))
            .sum();
        there + self.one_way_ms(*owner, source)
    }

    /// Holds a lookup against the reference; `told` names the run.
    pub(crate) fn check(&self, lookup: &LookupRecord, told: &str) {
        let (source, key) = (asker(lookup), lookup.key);
        let what = format!("{told}: key {key} from {source}");
        let owner = self.ring.owner(key);
        assert_eq!(lookup.owner_id, Some(owner), "{what}: owner");
        assert_eq!(lookup.answer_id, Some(owner), "{what}: answer");
        assert_eq!(lookup.outcome.name(), "ok", "{what}");
        assert_eq!(lookup.timeouts, 0, "{what}: timeouts");
        let path = self.ring.path(source, key, self.way, self.list);
        let hops = path.len() as u32;
        assert_eq!(lookup.hops, Some(hops), "{what}: by way of {path:?}");
        let latency = self.latency_ms(source, &path);
        assert_near(lookup.latency_ms, latency, &format!("{what}: latency"));
        let direct = self.round_trip_ms(source, owner);
        assert_near(lookup.direct_ms, direct, &format!("{what}: direct"));
        if hops > 0 && direct > 0.0 {
            assert_near(lookup.stretch, latency / direct, &what);
        } else {
            assert_eq!(lookup.stretch, None, "{what}: stretch");
        }
    }
}

pub(crate) fn assert_near(measured: Option<f64>, expected: f64, what: &str) {
    let measured = measured.expect(what);
    assert!(
        (measured - expected).abs() < 1e-6,
        "{what}: {measured} instead of {expected}"
    );
}

/// Holds all of a run against the reference; how many lookups it were.
pub(crate) fn agree(spec: &RunSpec, told: &str) -> usize {
    let run = run(spec);
    let opinion = Opinion::of(spec, &run);
    let told = format!("{told}, {:?}", spec.swept);
    for lookup in &run.lookups {
        opinion.check(lookup, &told);
    }
    assert_summary(spec, &run, &opinion, &told);
    run.lookups.len()
}

/// The means of the summary, from the paths of the reference.
fn assert_summary(spec: &RunSpec, run: &Run, opinion: &Opinion, told: &str) {
    let lookups = run.lookups.len() as f64;
    let hops = run.lookups.iter().map(|lookup| {
        let (from, key) = (asker(lookup), lookup.key);
        opinion
            .ring
            .path(from, key, opinion.way, opinion.list)
            .len()
    });
    let hops: Vec<usize> = hops.collect();
    let mean = |values: &dyn Fn(usize) -> usize| {
        hops.iter().map(|hops| values(*hops)).sum::<usize>() as f64 / lookups
    };
    let metric = |name: &str| run.metric_if_any(name);
    assert_near(metric("hops_mean"), mean(&|hops| hops), told);
    assert_near(
        metric("path_length_mean"),
        mean(&|hops| hops.saturating_sub(1)),
        told,
    );
    let most = hops.iter().max().copied().unwrap_or(0) as f64;
    assert_near(metric("hops_max"), most, told);
    let nodes = spec.scenario.overlay.nodes * spec.scenario.overlay.virtual_nodes;
    assert_eq!(opinion.ring.ids().len(), nodes as usize, "{told}: nodes");
}
