//! What chooses the runs of a plan that are made, round by round, from what those before came to.
//!
//! What it asks for next follows from the outcomes of the runs that it asked for, and from nothing else: so the same runs
//! are made in whatever order they end, however many go on at once, and whether any of them was there before.

use std::collections::BTreeSet;

use crate::catalogue::Metric;

/// What a run came to.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Outcome {
    /// It measured this.
    Measured(Option<f64>),
    /// It failed.
    Failed,
}

/// One that chooses.
pub(super) trait Chooser {
    /// What runs are asked for.
    fn metric(&self) -> Metric;

    /// The runs to be made next, by their places in the plan, ascending; none when it is over.
    fn next(&self) -> Vec<usize>;

    /// Takes in what a run came to.
    fn learn(&mut self, run: usize, outcome: Outcome);
}

/// All runs that are asked for where runs come to this, if that comes to an end.
pub(super) fn replay(
    chooser: &mut dyn Chooser,
    outcome: impl Fn(usize) -> Option<Outcome>,
) -> Option<BTreeSet<usize>> {
    let mut made = BTreeSet::new();
    loop {
        let next = chooser.next();
        if next.is_empty() {
            return Some(made);
        }
        for run in next {
            chooser.learn(run, outcome(run)?);
            made.insert(run);
        }
    }
}
