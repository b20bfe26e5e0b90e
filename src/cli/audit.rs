//! What an audit found, told at the end of a run: how much was broken, by whom, and one short story.

use std::collections::BTreeMap;

use super::Exit;
use crate::results::csv::Table;
use crate::scenario::resolved::Maintenance;
use crate::scenario::{Plan, RunSpec};

/// Violations of the runs of one protocol.
#[derive(Clone, Copy, Default)]
struct Tally {
    runs: u64,
    violations: u64,
    unexcused: u64,
    answers: u64,
    /// Runs in which the invariant never held, so that nothing was checked.
    unchecked: u64,
}

/// What the audits of a plan's runs found; nothing if none was audited.
pub(super) struct Report {
    tallies: BTreeMap<&'static str, Tally>,
    /// The first violation that nothing excuses.
    story: Option<String>,
    /// Whether the proved protocol broke what was proved of it.
    is_alarm: bool,
}

impl Report {
    /// Reads it off `audit.csv` and `summary.csv`.
    pub fn of(plan: &Plan, audit: &Table, summary: &Table) -> Self {
        let mut report = Self {
            tallies: BTreeMap::new(),
            story: None,
            is_alarm: false,
        };
        for spec in &plan.runs {
            report.tallies.entry(protocol(spec)).or_default().runs += 1;
        }
        report.count_unchecked(plan, summary);
        let cell = |row: &Vec<String>, column: &str| {
            audit
                .column(column)
                .map_or(String::new(), |at| row[at].clone())
        };
        for row in &audit.rows {
            let Some(spec) = run_of(plan, &cell(row, "run")) else {
                continue;
            };
            let unexcused = cell(row, "preconditions") == "true";
            let tally = report.tallies.entry(protocol(spec)).or_default();
            if cell(row, "invariant") == "key_owner" {
                tally.answers += 1;
                continue;
            }
            tally.violations += 1;
            tally.unexcused += u64::from(unexcused);
            let proved = spec.scenario.chord.maintenance == Maintenance::Zave2017;
            let alarm = unexcused && proved && !report.is_alarm;
            if alarm || unexcused && report.story.is_none() {
                let (when, what) = (cell(row, "time_s"), cell(row, "invariant"));
                let head = format!("run {} at {when} s: {what} is broken", spec.run);
                let story = cell(row, "story").replace("; ", "\n    ");
                report.story = Some(format!("  {head}\n    {story}"));
            }
            report.is_alarm |= alarm;
        }
        report
    }

    /// Only where the invariant has held is there a least number of principals.
    fn count_unchecked(&mut self, plan: &Plan, summary: &Table) {
        let (Some(run), Some(least)) = (summary.column("run"), summary.column("principals_min"))
        else {
            return;
        };
        for row in summary.rows.iter().filter(|row| row[least].is_empty()) {
            if let Some(spec) = run_of(plan, &row[run]) {
                self.tallies.entry(protocol(spec)).or_default().unchecked += 1;
            }
        }
    }

    /// For people, a line per protocol and one story.
    pub fn told(&self) -> String {
        let line = |(protocol, tally): (&&str, &Tally)| {
            let Tally {
                runs,
                violations,
                unexcused,
                answers,
                unchecked,
            } = tally;
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
        let lines: String = self.tallies.iter().map(line).collect();
        let story = self.story.iter().map(|story| format!("{story}\n"));
        lines + &story.collect::<String>()
    }

    /// The exit code: what was proved must not break.
    pub fn exit(&self) -> Exit {
        if self.is_alarm {
            Exit::Failed
        } else {
            Exit::Done
        }
    }
}

fn run_of<'a>(plan: &'a Plan, number: &str) -> Option<&'a RunSpec> {
    plan.runs.get(number.parse::<usize>().ok()?)
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
    use crate::scenario::Overrides;

    fn report(maintenance: &str, principals: &str, rows: &[&str]) -> Report {
        let text = format!("[chord]\nmaintenance = \"{maintenance}\"");
        let plan = Plan::parse(&text, Path::new("a.toml"), &Overrides::default()).unwrap();
        let cells = |row: &str| row.split(',').map(str::to_owned).collect();
        let table = Table {
            header: cells("run,time_s,invariant,preconditions,story"),
            rows: rows.iter().map(|row| cells(row)).collect(),
        };
        let summary = Table {
            header: cells("run,principals_min"),
            rows: vec![cells(&format!("0,{principals}"))],
        };
        Report::of(&plan, &table, &summary)
    }

    #[test]
    fn a_ring_that_is_too_small_is_said_not_to_have_been_checked() {
        let told = report("zave2017", "", &[]).told();
        assert!(told.contains("; in 1 nothing was checked, as"), "{told}");
    }

    #[test]
    fn only_the_proved_protocol_raises_an_alarm() {
        let excused = "0,3.5,live_successor,false,1 s: node 4 crashed";
        let broken = "0,4.5,principals,true,2 s: node 5 left; 3 s: node 6 joined";
        let answer = "0,5,key_owner,false,";
        assert_eq!(
            report("zave2017", "3", &[excused, answer]).exit(),
            Exit::Done
        );
        assert_eq!(report("chord2001", "3", &[broken]).exit(), Exit::Done);
        let alarm = report("zave2017", "3", &[excused, broken, answer]);
        assert_eq!(alarm.exit(), Exit::Failed);
        assert_eq!(
            alarm.told(),
            "audit: zave2017, 1 run: 2 violations, 1 of them with the preconditions of the proof \
             given; 1 answers by nodes that were not the owner\n  run 0 at 4.5 s: principals is \
             broken\n    2 s: node 5 left\n    3 s: node 6 joined\n"
        );
    }
}
