//! What holds of every run, and rings on which nothing moves.

use std::collections::BTreeSet;

use super::Run;

/// Parameters of a ring whose tables nobody touches.
pub(crate) const AT_REST: &str = r#"stabilize_every = "off"
fix_fingers_every = "off"
check_predecessor_every = "off"
lookup_timeout = "1m""#;

/// What holds of every run: each lookup and each message is counted once, everywhere.
#[expect(clippy::float_cmp, reason = "counts are whole numbers, and exact")]
pub(crate) fn assert_books_balance(run: &Run) {
    let [lookups, ok, wrong, failed] =
        ["lookups", "ok", "wrong", "failed"].map(|name| run.metric(name));
    assert_eq!(lookups, ok + wrong + failed);
    assert_eq!(lookups, run.lookups.len() as f64);
    for (number, lookup) in (0..).zip(&run.lookups) {
        assert_eq!(lookup.lookup, number, "rows are in order, without gaps");
        let answered = lookup.outcome.name() != "failed";
        assert_eq!(
            (lookup.hops.is_some(), lookup.latency_ms.is_some()),
            (answered, answered)
        );
        let right = lookup.answer_id.is_some() && lookup.answer_id == lookup.owner_id;
        assert_eq!(right, lookup.outcome.name() == "ok");
    }
    let rows = |count: fn(&chordsim::catalogue::TimelineRecord) -> u64| {
        run.timeline.iter().map(count).sum::<u64>() as f64
    };
    assert_eq!(rows(|row| row.lookups), lookups);
    assert_eq!(rows(|row| row.ok), ok);
    assert_eq!(rows(|row| row.wrong), wrong);
    assert_eq!(rows(|row| row.failed), failed);
    // Messages of lookups under way at the end belong to no row.
    assert!(rows(|row| row.messages) <= run.metric("messages"));
    assert_eq!(rows(|row| row.joins), run.metric("joins"));
    assert_eq!(rows(|row| row.leaves), run.metric("leaves"));
    assert_eq!(rows(|row| row.crashes), run.metric("crashes"));
    assert_nodes_are_consistent(run);
    assert_the_chain_ends_in_the_fingerprint(run);
}

fn assert_the_chain_ends_in_the_fingerprint(run: &Run) {
    let links = &run.fingerprints;
    assert!(links.len() <= 256, "{} links", links.len());
    assert!(links.is_sorted_by(|a, b| a.time_s < b.time_s && a.events <= b.events));
    let last = links.last().expect("a link");
    assert_eq!(last.fingerprint, run.summary.fingerprint);
    assert_eq!(last.events, run.metric("events") as u64);
}

fn assert_nodes_are_consistent(run: &Run) {
    let numbers: BTreeSet<_> = run.nodes.iter().map(|node| node.node).collect();
    assert_eq!(numbers.len(), run.nodes.len(), "a row for each node");
    let end = run.timeline.last().expect("a row").time_s;
    for node in &run.nodes {
        assert!(node.joined_s.is_none_or(|joined| joined <= end));
        // Negative if it asked while it joined again, and was a member in the warm-up only.
        assert!(node.left_s.is_none_or(|left| left <= end));
        assert_eq!(node.left_s.is_some(), node.departure.is_some());
        let is_there = node.joined_s.is_some() && node.left_s.is_none();
        // Whoever has lost the ring is there and no member.
        assert!(is_there || node.keys.is_none());
    }
    let asked: u64 = run.nodes.iter().map(|node| node.lookups_started).sum();
    let by_somebody = run.lookups.iter().filter_map(|lookup| lookup.source);
    let sources: Vec<_> = by_somebody.collect();
    assert!(sources.iter().all(|source| numbers.contains(source)));
    assert_eq!(asked, sources.len() as u64, "every lookup joins");
}

/// A scenario of 400 nodes whose tables nobody touches, and what else it says.
pub(crate) fn ring_at_rest(rest: &str) -> String {
    format!(
        r#"
warmup = "0s"
duration = "10m"
sample = "1m"
[overlay]
nodes = 400
[chord]
successors = 8
{AT_REST}
[workload]
lookups_per_s = 10.0
{rest}
"#
    )
}
