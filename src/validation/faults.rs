//! What is known to go wrong with faults before a run: a partition that outlasts the measurement.

use std::collections::BTreeSet;

use crate::scenario::Plan;
use crate::scenario::resolved::{Fault, FaultKind, Scenario};

/// What there is to warn of, a line each.
pub(super) fn foresee(plan: &Plan) -> BTreeSet<String> {
    let scenarios = plan.combinations().map(|run| &run.scenario);
    scenarios.flat_map(outlasting).collect()
}

/// The partitions of a scenario whose end nobody sees.
fn outlasting(scenario: &Scenario) -> impl Iterator<Item = String> + '_ {
    let end = scenario.duration;
    let told = move |fault: &Fault| {
        let FaultKind::Partition { length, .. } = fault.kind else {
            return None;
        };
        (fault.at + length >= end).then(|| {
            format!(
                "warning: the partition at {} lasts for {length}, and the measurement ends at {end}: nothing is seen of how \
                 the ring heals; raise `duration`, or shorten `fault.for`",
                fault.at
            )
        })
    };
    scenario.faults.iter().filter_map(told)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::scenario::Overrides;

    #[test]
    fn a_partition_whose_end_nobody_sees_is_told_once() {
        let told = |length: &str| {
            let text = format!(
                "duration = \"30m\"\nrepeat = 2\n[[fault]]\nat = \"20m\"\npartition = 0.5\nfor = \"{length}\"\n\
                 [sweep]\n\"chord.successors\" = [8, 16]\n"
            );
            let plan = Plan::parse(&text, Path::new("x.toml"), &Overrides::default()).unwrap();
            foresee(&plan)
        };
        assert!(told("9m").is_empty());
        let lines = told("10m");
        assert_eq!(lines.len(), 1, "{lines:?}");
        let line = lines.first().unwrap();
        assert!(
            line.contains("the partition at 20m lasts for 10m, and the measurement ends at 30m"),
            "{line}"
        );
    }
}
