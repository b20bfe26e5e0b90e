//! Churn that ends: until then it is the churn that would go on for ever, after it nobody comes or goes.

use crate::common::books::assert_books_balance;
use crate::common::{Run, run_one};

fn with_churn(churn: &str, start: &str) -> Run {
    let run = run_one(&format!(
        r#"
warmup = "1m"
duration = "10m"
sample = "10s"
[overlay]
nodes = 60
start = "{start}"
join_window = "3m"
[churn]
graceful = 0.3
{churn}
[workload]
lookups_per_s = 1.0
"#
    ));
    assert_books_balance(&run);
    run
}

const POISSON: &str = "model = 'poisson'\npoisson = { joins_per_s = 0.3, leaves_per_s = 0.3 }";
const SESSIONS: &str = "model = 'sessions'\nsessions.up = { exponential = { mean = '3m' } }\n\
                        sessions.down = { exponential = { mean = '2m' } }";

/// What came and went in each row.
fn changes(run: &Run) -> Vec<(u64, u64, u64)> {
    let rows = run.timeline.iter();
    rows.map(|row| (row.joins, row.leaves, row.crashes))
        .collect()
}

#[test]
fn up_to_its_end_churn_is_as_without_one_and_then_nobody_comes_or_goes() {
    for model in [POISSON, SESSIONS] {
        let endless = changes(&with_churn(model, "converged"));
        let ending = with_churn(&format!("until = '4m'\n{model}"), "converged");
        let changes = changes(&ending);
        assert_eq!(changes[..24], endless[..24], "{model}");
        assert!(changes[..24].iter().any(|row| *row != (0, 0, 0)));
        assert!(changes[24..].iter().all(|row| *row == (0, 0, 0)));
        let late = ending.nodes.iter().filter_map(|node| node.left_s);
        assert!(late.max_by(f64::total_cmp).expect("some left") <= 240.0);
        let up = |row: usize| ending.timeline[row].nodes + ending.timeline[row].joining;
        assert!(up(23) > 0 && (24..60).all(|row| up(row) == up(23)));
    }
}

#[test]
fn who_is_there_from_the_start_joins_though_churn_is_over() {
    for model in [POISSON, SESSIONS] {
        let run = with_churn(&format!("until = '0s'\n{model}"), "join");
        let joins: u64 = run.timeline.iter().map(|row| row.joins).sum();
        // The window is 3 minutes, the first of which is the warm-up.
        assert!((20..=60).contains(&joins), "{joins} joined: {model}");
        assert!(run.timeline[12..].iter().all(|row| row.joins == 0));
        let crashes = run.metric("crashes") + run.metric("leaves");
        assert!(crashes <= 0.0, "{crashes} went: {model}");
    }
}

#[test]
fn churn_to_the_end_of_the_measurement_is_churn_for_ever() {
    let endless = with_churn(POISSON, "converged");
    let ending = with_churn(&format!("until = '10m'\n{POISSON}"), "converged");
    assert_eq!(endless.timeline, ending.timeline);
}
