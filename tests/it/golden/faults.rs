//! What can be said on paper of the scenarios in which something breaks.

use chordsim::catalogue::{OperationOutcome, Outcome, TimelineRecord};

use super::{assert_same_lookups, assert_within, shipped};
use crate::common::Run;

fn last(run: &Run) -> &TimelineRecord {
    run.timeline.last().expect("a row")
}

/// A cut that is shorter than a period of stabilisation leaves places where the sides lead to each other; one of ten minutes
/// leaves none, and then only nodes that ask those who were silent find the other side. Each node asks nine contacts at most,
/// every 30 s: all are through five minutes after the cut, at 20 minutes, and have stabilised at 25.
#[test]
fn partition_as_on_paper() {
    let partition = shipped("partition");
    let run = |length: &str, probes: &str| partition.run(&[length, probes, "2"]);
    assert_same_lookups(run("10m", "off"), run("10m", "30s"));
    assert_eq!(last(run("15s", "off")).rings, Some(1));
    assert_eq!(last(run("10m", "off")).rings, Some(2));
    let healed = run("10m", "30s");
    assert_eq!(last(healed).rings, Some(1));
    let late = healed.lookups.iter().filter(|row| row.time_s > 1500.0);
    assert!(late.clone().count() > 1000);
    let mut wrong = late.filter(|row| row.outcome != Outcome::Ok);
    assert!(wrong.next().is_none());
    // Asker and owner are on the same side as often as not; half of 200 hosts give or take 7 are on one, and their arcs differ.
    let settled = run("10m", "off");
    let settled = settled.lookups.iter().filter(|row| row.time_s > 1000.0);
    let (ok, all) = settled.fold((0.0, 0.0), |(ok, all), row| {
        (
            ok + f64::from(u8::from(row.outcome == Outcome::Ok)),
            all + 1.0,
        )
    });
    assert_within(ok / all, 0.5, 0.05, "right without the remedy");
    // Nobody has died.
    assert_eq!(last(run("10m", "off")).values_lost, Some(0));
    // Whatever the quorum of three, the sides have three nodes each.
    for quorum in ["1", "2"] {
        let run = partition.run(&["10m", "off", quorum]);
        assert!(run.metric("stale_rate") > 0.2, "{quorum}");
        let late = run.operations.iter().filter(|row| row.time_s > 1500.0);
        assert!(
            late.clone()
                .all(|row| row.outcome != OperationOutcome::Lost)
        );
    }
    assert!(healed.metric("stale_rate") < 0.1);
}

/// Before the crash all is alike. After it nobody joins through the only well-known node; with ten of them everybody does.
#[test]
fn bootstrap_as_on_paper() {
    let bootstrap = shipped("bootstrap");
    let [one, ten, replaced] = ["1", "10", "replaced"].map(|count| bootstrap.run(&[count]));
    for run in [ten, replaced] {
        assert_same_lookups(one, run);
        assert!(last(run).joining <= 2, "{}", last(run).joining);
    }
    // Who waits goes as others do: of 120 who come in twenty minutes each is there for half of them in the mean, of 33 minutes.
    let waiting = last(one).joining as f64;
    assert_within(waiting, 120.0 * (1.0 - 10.0 / 33.3), 45.0, "waiting");
    let members: Vec<u64> = one.timeline.iter().map(|row| row.nodes).collect();
    let after = &members[members.len() * 2 / 5..];
    assert!(
        after.is_sorted_by(|before, after| before >= after),
        "{after:?}"
    );
}
