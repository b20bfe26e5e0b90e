//! What can be said on paper of the scenario whose churn is a trace.

use super::{assert_within, shipped};

/// Counted from the file by other code, for the day from 15:20 on: 595 sessions begin, 605 end, and 46.9638 hosts are up
/// on average. Sessions of 6760 s and pauses of 16 250 s of 160 hosts come to 24 h / 23 010 s · 160 = 601 of each; their
/// number has at most the standard deviation of as many Poisson events, and 160 · 0.294 = 47 are up, √33 more or fewer.
#[test]
fn trace_churn_as_on_paper() {
    let shipped = shipped("trace-churn");
    let [trace, sessions, poisson] =
        ["trace", "sessions", "poisson"].map(|model| shipped.run(&[model]));
    let count = |name: &str| trace.metric(name).to_string();
    assert_eq!(
        ["joins", "leaves", "crashes"].map(count),
        ["595", "0", "605"]
    );
    assert_within(trace.metric("peers_up_mean"), 46.9638, 5e-5, "peers");
    for run in [sessions, poisson] {
        assert_within(run.metric("joins"), 600.0, 4.0 * 24.5, "joins");
    }
    let nodes = |row: usize| sessions.timeline[row].nodes as f64;
    for row in 0..sessions.timeline.len() {
        assert_within(nodes(row), 47.0, 4.0 * 5.8, "peers of the sessions");
    }
}
