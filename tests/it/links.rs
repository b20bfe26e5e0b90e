//! `links.csv` and link stress: on networks that are small enough to count with a pencil.

#![expect(
    clippy::float_cmp,
    reason = "counts and quotients of small counts are exact"
)]

use std::fs;
use std::path::Path;

use chordsim::catalogue::LinkRecord;
use chordsim::scenario::resolved::Output;
use tempfile::TempDir;

use crate::common::program::chordsim;
use crate::common::{Run, output, plan, run, run_with};

/// A chain of four hosts and a detour that nobody takes: `a–b–c` is shorter than `a–c`.
const CHAIN: &str = "from,to,latency_ms\na,b,1\nb,c,2\nc,d,4\na,c,10\n";

/// On a ring 10, 20, 30, 40 whose nodes sit on a, b, c and d in this order (which the seed brings about), in which each node
/// knows its successor only, and nobody maintains anything.
fn by_hand(folder: &Path, more: &str) -> String {
    let file = folder.join("chain.csv");
    fs::write(&file, CHAIN).unwrap();
    format!(
        "seed = 34\nwarmup = \"0s\"\nduration = \"10s\"\n\
         overlay = {{ nodes = 4, id_bits = 6, ids = [10, 20, 30, 40] }}\n\
         chord = {{ routing = \"successors\", successors = 1, stabilize_every = \"off\", fix_fingers_every = \"off\", \
         check_predecessor_every = \"off\" }}\n\
         network = {{ model = \"graph\", graph.file = '{}' }}\nworkload.lookups_per_s = 0\n{more}",
        file.display()
    )
}

/// From a to d over b and c; and from c to b, over d and a.
const TWO_LOOKUPS: &str = "[[event]]\nat = \"1s\"\nlookup = { key = 35, from = 10 }\n\
                           [[event]]\nat = \"2s\"\nlookup = { key = 15, from = 30 }\n";

fn counting_links() -> Output {
    Output {
        links: true,
        ..output(false)
    }
}

fn counted(toml: &str) -> Run {
    run_with(&plan(toml).runs[0], &counting_links())
}

fn hosts(run: &Run) -> Vec<u32> {
    run.nodes.iter().map(|node| node.host).collect()
}

/// 10 asks for 35: a→b, b→c, c→d and three acknowledgements, d→a over c and b. That is 3 on each link of the chain.
/// 30 asks for 15: c→d, d→a (over all three links), a→b and three acknowledgements, b→c. That is 4 on a–b, 3 on b–c and 4 on
/// c–d. Straight and back it would be 2 on each, and 2 on b–c.
#[test]
fn every_crossing_of_two_lookups() {
    let folder = TempDir::new().unwrap();
    let run = counted(&by_hand(folder.path(), TWO_LOOKUPS));
    assert_eq!(hosts(&run), [0, 1, 2, 3]);
    assert_eq!(run.metric("hops_mean"), 3.0);
    let counts = |link: &LinkRecord| (link.messages, link.direct_messages);
    let links: Vec<_> = run.links.iter().map(counts).collect();
    assert_eq!(links, [(7, 2), (6, 4), (7, 2), (0, 0)]);
    let latencies: Vec<f64> = run.links.iter().map(|link| link.latency_ms).collect();
    assert_eq!(latencies, [1.0, 2.0, 4.0, 10.0]);
    for (name, value) in [
        ("link_stress_mean", 20.0 / 4.0),
        ("link_stress_p95", 7.0),
        ("link_stress_max", 7.0),
        ("direct_link_stress_mean", 8.0 / 4.0),
        ("direct_link_stress_max", 4.0),
        ("link_stress_ratio", 20.0 / 8.0),
    ] {
        assert_eq!(run.metric(name), value, "{name}");
    }
}

/// Whatever is sent crosses the two access links of its ends and no other ones; so these add up to twice the messages.
#[test]
fn access_links_add_up_to_the_messages() {
    let toml = "seed = 3\nwarmup = \"10s\"\nduration = \"60s\"\noverlay.nodes = 50\nnetwork.model = \"transit-stub\"\n\
                workload.lookups_per_s = 20\n";
    let run = counted(toml);
    let access = || run.links.iter().filter(|link| link.access);
    assert_eq!(access().count(), 50);
    let sum = |of: fn(&LinkRecord) -> u64| access().map(of).sum::<u64>() as f64;
    let (all, maintenance) = (run.metric("messages"), run.metric("maintenance_messages"));
    assert_eq!(sum(|link| link.maintenance_messages), 2.0 * maintenance);
    assert_eq!(sum(|link| link.messages), 2.0 * (all - maintenance));
    assert_eq!(
        sum(|link| link.bytes + link.maintenance_bytes),
        2.0 * run.metric("bytes")
    );
    // Straight to the owner and back, two access links each way, unless the asking node owns the key.
    let moving = run.lookups.iter().filter(|lookup| lookup.hops != Some(0));
    assert_eq!(
        sum(|link| link.direct_messages),
        4.0 * moving.count() as f64
    );
}

#[test]
fn counting_changes_nothing_else() {
    let toml = "seed = 3\nwarmup = \"10s\"\nduration = \"60s\"\noverlay.nodes = 50\nnetwork.model = \"transit-stub\"\n\
                workload.lookups_per_s = 20\n";
    let plan = plan(toml);
    let (with, without) = (
        run_with(&plan.runs[0], &counting_links()),
        run(&plan.runs[0]),
    );
    assert_eq!(with.fingerprints, without.fingerprints);
    assert_eq!(with.lookups, without.lookups);
    assert!(without.links.is_empty());
    let is_stress = |name: &str| name.contains("link_stress");
    let columns = |run: &Run| {
        run.summary
            .columns()
            .filter(|(name, _)| is_stress(name))
            .count()
    };
    assert_eq!((columns(&with), columns(&without)), (6, 0));
}

#[test]
fn the_program_writes_them_and_verifies_them() {
    let folder = TempDir::new().unwrap();
    let toml = by_hand(folder.path(), TWO_LOOKUPS);
    fs::write(folder.path().join("hand.toml"), toml).unwrap();
    chordsim(folder.path())
        .args([
            "run",
            "hand.toml",
            "--no-plots",
            "--set",
            "output.links=true",
        ])
        .assert()
        .success();
    let links = fs::read_to_string(folder.path().join("results/hand/links.csv")).unwrap();
    let lines: Vec<&str> = links.lines().collect();
    assert_eq!(lines.len(), 1 + 4, "{links}");
    assert!(lines[0].contains("from,to,latency_ms,messages,bytes,direct_messages"));
    chordsim(folder.path())
        .args(["verify", "results/hand"])
        .assert()
        .success();
}
