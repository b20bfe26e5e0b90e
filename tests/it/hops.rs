//! `hops.csv`: where on the way of lookups the time goes, on networks that are small enough for a pencil.

#![expect(
    clippy::float_cmp,
    reason = "sums and quotients of small whole numbers are exact"
)]

use std::fs;
use std::path::Path;

use chordsim::catalogue::{HopRecord, LookupRecord, Outcome};
use chordsim::engine::SimDuration;
use chordsim::network::{Latency, Network};
use chordsim::overlay::chord::Chord;
use chordsim::scenario::resolved::Output;
use chordsim::sim::{Setup, Watch};
use chordsim::world::HostIdx;
use tempfile::TempDir;

use crate::common::{Run, output, plan, run, run_with};

fn measuring_hops() -> Output {
    Output {
        hops: true,
        ..output(false)
    }
}

fn measured(toml: &str) -> Run {
    run_with(&plan(toml).runs[0], &measuring_hops())
}

/// A ring 10, 20, 30, 40 in which each node knows its successor only. Two lookups: from 10 to 40 over 20 and 30, and from 30 to 20
/// over 40 and 10.
fn two_lookups(network: &str, lookup: &str) -> String {
    format!(
        "seed = 34\nwarmup = \"0s\"\nduration = \"10s\"\n\
         overlay = {{ nodes = 4, id_bits = 6, ids = [10, 20, 30, 40] }}\nworkload.lookups_per_s = 0\n{network}\n\
         [chord]\nlookup = \"{lookup}\"\nrouting = \"successors\"\nsuccessors = 1\nstabilize_every = \"off\"\nfix_fingers_every = \"off\"\n\
         check_predecessor_every = \"off\"\n\
         [[event]]\nat = \"1s\"\nlookup = {{ key = 35, from = 10 }}\n\
         [[event]]\nat = \"2s\"\nlookup = {{ key = 15, from = 30 }}\n"
    )
}

/// The nodes sit on a, b, c and d of a chain a–b–c–d of 1, 2 and 4 ms, in this order: that is what the seed brings about.
fn on_a_chain(folder: &Path, lookup: &str) -> Run {
    let file = folder.join("chain.csv");
    fs::write(&file, "from,to,latency_ms\na,b,1\nb,c,2\nc,d,4\n").unwrap();
    let network = format!(
        "network = {{ model = \"graph\", graph.file = '{}' }}",
        file.display()
    );
    let run = measured(&two_lookups(&network, lookup));
    let hosts: Vec<u32> = run.nodes.iter().map(|node| node.host).collect();
    assert_eq!(hosts, [0, 1, 2, 3]);
    run
}

/// What is said of a position: step, hop, messages, mean, median and 95th percentile.
fn told(row: &HopRecord) -> (&str, Option<u32>, u64, [f64; 3]) {
    let latency = [row.latency_ms_mean, row.latency_ms_p50, row.latency_ms_p95];
    (row.step, row.hop, row.messages, latency.map(Option::unwrap))
}

/// The first: a→b 1 ms, b→c 2, c→d 4 and the answer d→a 7, 14 ms in all; straight and back it is 14. The second: c→d 4, d→a 7,
/// a→b 1, and b→c 2, 14 ms in all; straight and back it is 4.
#[test]
fn every_hop_of_two_lookups() {
    let folder = TempDir::new().unwrap();
    let run = on_a_chain(folder.path(), "recursive");
    let rows: Vec<_> = run.hop_rows.iter().map(told).collect();
    assert_eq!(
        rows,
        [
            ("hop", Some(1), 2, [2.5, 1.0, 4.0]),
            ("hop", Some(2), 2, [4.5, 2.0, 7.0]),
            ("hop", Some(3), 2, [2.5, 1.0, 4.0]),
            ("answer", None, 2, [4.5, 2.0, 7.0]),
        ]
    );
    // Both took three hops. Stretch 14 / 14 and 14 / 4.
    let lookups: Vec<_> = run.hop_rows.iter().map(|row| row.lookups).collect();
    assert_eq!(lookups, [Some(0), Some(0), Some(2), Some(2)]);
    for row in [&run.hop_rows[2], &run.hop_rows[3]] {
        let stretch = [row.stretch_mean, row.stretch_p50, row.stretch_p95];
        assert_eq!(stretch, [2.25, 1.0, 3.5].map(Some));
    }
    assert_eq!(run.hop_rows[0].stretch_mean, None);
    assert_eq!(run.metric("stretch_p99"), 3.5);
    assert_eq!(
        run.metric("last_hop_latency_share"),
        0.178_571_428_571_429,
        "5 of 28 ms"
    );
    assert_eq!(run.metric_if_any("region_crossing_share"), None);
    assert!(run.hop_rows.iter().all(|row| row.crossing_share.is_none()));
}

/// Iterative, the asking node goes to each itself. The first: b and back 1 + 1 ms, c 3 + 3, d 7 and the answer 7. The second: d
/// 4 + 4, a 3 + 3, b 2 and the answer 2.
#[test]
fn every_step_of_two_iterative_lookups() {
    let folder = TempDir::new().unwrap();
    let run = on_a_chain(folder.path(), "iterative");
    let rows: Vec<_> = run.hop_rows.iter().map(told).collect();
    assert_eq!(
        rows,
        [
            ("hop", Some(1), 2, [2.5, 1.0, 4.0]),
            ("hop", Some(2), 2, [3.0, 3.0, 3.0]),
            ("hop", Some(3), 2, [4.5, 2.0, 7.0]),
            ("referral", Some(1), 2, [2.5, 1.0, 4.0]),
            ("referral", Some(2), 2, [3.0, 3.0, 3.0]),
            ("answer", None, 2, [4.5, 2.0, 7.0]),
        ]
    );
}

/// A millisecond from each host to the next; two hosts make a region.
struct Line;

impl Latency for Line {
    fn hosts(&self) -> Option<u32> {
        None
    }

    fn one_way(&self, from: HostIdx, to: HostIdx) -> SimDuration {
        SimDuration::from_millis(from.0.abs_diff(to.0).into())
    }

    fn region(&self, host: HostIdx) -> Option<u32> {
        Some(host.0 / 2)
    }
}

/// Of a→b, b→c, c→d and of c→d, d→a, a→b the second one crosses; so do both answers, d→a and b→c.
#[test]
fn hops_that_leave_their_region() {
    let spec = plan(&two_lookups("", "recursive")).runs[0].clone();
    let chord = Chord::new(&spec.scenario.overlay, &spec.scenario.chord);
    let network = Network::new(Box::new(Line), 0.0, spec.seed);
    let mut run = Run::default();
    let setup = Setup::new(&spec, network, chord);
    let summary = setup.run(&measuring_hops(), &Watch::default(), &mut run);
    run.summary = summary.unwrap();
    let shares: Vec<_> = run.hop_rows.iter().map(|row| row.crossing_share).collect();
    assert_eq!(shares, [0.0, 1.0, 0.0, 1.0].map(Some));
    let share = run.metric("region_crossing_share");
    assert_eq!(share, 0.333_333_333_333_333);
}

/// Hops are those of `lookups.csv`, also where many messages are sent to the dead; and nothing changes by looking.
#[test]
fn the_hops_of_all_positions_are_those_of_the_lookups() {
    let toml = "seed = 5\nwarmup = \"0s\"\nduration = \"20s\"\n[overlay]\nnodes = 100\n[[fault]]\nat = \"5s\"\nkill = 0.3\n\
                [network]\nmodel = \"plane\"\n[workload]\nlookups_per_s = 50\n[chord]\nsuccessors = 4\n";
    let (with, without) = (measured(toml), run(&plan(toml).runs[0]));
    assert_eq!(with.fingerprints, without.fingerprints);
    assert_eq!(with.lookups, without.lookups);
    assert!(without.hop_rows.is_empty());
    assert!(without.metric("timeouts_mean") > 0.1);
    let is_right = |lookup: &&LookupRecord| lookup.outcome == Outcome::Ok;
    let lookups = || with.lookups.iter().filter(is_right);
    let hops: u64 = lookups()
        .filter_map(|lookup| lookup.hops)
        .map(u64::from)
        .sum();
    let of_step = |step| with.hop_rows.iter().filter(move |row| row.step == step);
    assert_eq!(of_step("hop").map(|row| row.messages).sum::<u64>(), hops);
    let stretched = lookups().filter(|lookup| lookup.stretch.is_some()).count() as u64;
    assert_eq!(
        of_step("hop").filter_map(|row| row.lookups).sum::<u64>(),
        stretched
    );
    let answer = of_step("answer").next().unwrap();
    assert_eq!(answer.lookups, Some(stretched));
    assert_eq!(answer.stretch_p50, with.metric_if_any("stretch_p50"));
}
