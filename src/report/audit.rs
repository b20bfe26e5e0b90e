//! What an audit found, told at the end of a run: how much was broken, by whom, and one short story.

use std::collections::BTreeMap;

use crate::catalogue::Metric;
use crate::results::csv::number;
use crate::results::{MeasuredRun, MeasuredRuns, Unexcused};
use crate::scenario::resolved::Maintenance;
use crate::scenario::{Plan, RunSpec};

/// Violations of the runs of one protocol.
#[derive(Clone, Copy, Default)]
struct ProtocolCount {
    runs: u64,
    violations: u64,
    unexcused: u64,
    answers: u64,
    /// Runs in which the invariant never held, so that nothing was checked.
    unchecked: u64,
}

/// What the audits of a plan's runs found.
pub(crate) struct AuditReport {
    counts: BTreeMap<&'static str, ProtocolCount>,
    /// The first violation that nothing excuses; of the proved protocol, if that broke what was proved.
    story: Option<String>,
    /// Whether the proved protocol broke what was proved of it.
    pub is_alarm: bool,
}

impl AuditReport {
    /// Of what the runs of a plan measured.
    pub(crate) fn of(plan: &Plan, measured: &MeasuredRuns) -> Self {
        let mut report = Self {
            counts: BTreeMap::new(),
            story: None,
            is_alarm: false,
        };
        let made: Vec<&RunSpec> = if plan.chooses_runs() {
            measured.runs.iter().map(|run| run.spec).collect()
        } else {
            plan.runs.iter().collect()
        };
        for spec in made {
            report.counts.entry(protocol(spec)).or_default().runs += 1;
        }
        for run in &measured.runs {
            report.count(run);
        }
        report
    }

    fn count(&mut self, run: &MeasuredRun) {
        let Some(audit) = &run.audit else { return };
        let count = self.counts.entry(protocol(run.spec)).or_default();
        count.violations += audit.violations;
        count.unexcused += audit.unexcused;
        count.answers += audit.answers;
        // Only where the invariant has held is there a least number of principals.
        count.unchecked += u64::from(run.get(Metric::PrincipalsMin).is_none());
        let Some(first) = &audit.first_unexcused else {
            return;
        };
        let proved = run.spec.scenario.chord.maintenance == Maintenance::Zave2017;
        if proved && !self.is_alarm || self.story.is_none() {
            self.story = Some(story(run.spec, first));
        }
        self.is_alarm |= proved;
    }

    /// For people, a line per protocol and one story.
    pub(crate) fn told(&self) -> String {
        let line = |(protocol, count): (&&str, &ProtocolCount)| {
            let ProtocolCount {
                runs,
                violations,
                unexcused,
                answers,
                unchecked,
            } = count;
            let plural = if *runs == 1 { "run" } else { "runs" };
            let unchecked = match unchecked {
                0 => String::new(),
                runs => format!(
                    "; in {runs} nothing was checked, as the ring never had more principals than a \
                     list has entries (lower `chord.successors`)"
                ),
            };
            format!(
                "audit: {protocol}, {runs} {plural}: {violations} violations, {unexcused} of them \
                 with the preconditions of the proof given; {answers} answers by nodes that were \
                 not the owner{unchecked}\n"
            )
        };
        let lines: String = self.counts.iter().map(line).collect();
        let story = self.story.iter().map(|story| format!("{story}\n"));
        lines + &story.collect::<String>()
    }
}

fn story(spec: &RunSpec, first: &Unexcused) -> String {
    let (when, what) = (number(Some(first.time_s)), &first.invariant);
    let head = format!("run {} at {when} s: {what} is broken", spec.run);
    format!("  {head}\n    {}", first.story.replace("; ", "\n    "))
}

fn protocol(spec: &RunSpec) -> &'static str {
    match spec.scenario.chord.maintenance {
        Maintenance::Zave2017 => "zave2017",
        Maintenance::Ton2003 => "ton2003",
        Maintenance::Chord2001 => "chord2001",
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::catalogue::RunSummary;
    use crate::results::AuditSummary;
    use crate::scenario::Overrides;

    fn report(maintenance: &str, principals: Option<f64>, audit: AuditSummary) -> AuditReport {
        let text = format!("[chord]\nmaintenance = \"{maintenance}\"");
        let plan = Plan::parse(&text, Path::new("a.toml"), &Overrides::default()).unwrap();
        let mut summary = RunSummary::default();
        summary.set(Metric::PrincipalsMin, principals);
        let run = MeasuredRun {
            spec: &plan.runs[0],
            summary,
            audit: Some(audit),
        };
        let measured = MeasuredRuns {
            swept: &plan.swept,
            runs: vec![run],
        };
        AuditReport::of(&plan, &measured)
    }

    #[test]
    fn a_ring_that_is_too_small_is_said_not_to_have_been_checked() {
        let told = report("zave2017", None, AuditSummary::default()).told();
        assert!(told.contains("; in 1 nothing was checked, as"), "{told}");
    }

    #[test]
    fn only_the_proved_protocol_raises_an_alarm() {
        let excused = AuditSummary {
            answers: 1,
            violations: 1,
            ..AuditSummary::default()
        };
        assert!(!report("zave2017", Some(3.0), excused).is_alarm);
        let broken = || AuditSummary {
            answers: 1,
            violations: 2,
            unexcused: 1,
            first_unexcused: Some(Unexcused {
                time_s: 4.5,
                invariant: "principals".to_owned(),
                story: "2 s: node 5 left; 3 s: node 6 joined".to_owned(),
            }),
        };
        assert!(!report("chord2001", Some(3.0), broken()).is_alarm);
        let alarm = report("zave2017", Some(3.0), broken());
        assert!(alarm.is_alarm);
        assert_eq!(
            alarm.told(),
            "audit: zave2017, 1 run: 2 violations, 1 of them with the preconditions of the proof \
             given; 1 answers by nodes that were not the owner\n  run 0 at 4.5 s: principals is \
             broken\n    2 s: node 5 left\n    3 s: node 6 joined\n"
        );
    }
}
